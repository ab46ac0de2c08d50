import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { productPoint } from "../../src/core/faces";
import { formedAt } from "../../src/core/film";
import { rodOf } from "../../src/core/rods";
import type { Box, Sweep, Vec3 } from "../../src/core/types.gen";

interface Vectors {
  readonly formed: readonly {
    readonly sweep: Sweep;
    readonly at: readonly { readonly t: number; readonly formed: readonly string[] }[];
  }[];
  readonly lines: readonly {
    readonly box: Box;
    readonly row: readonly number[];
    readonly col: readonly number[];
    readonly i: number;
    readonly j: number;
    readonly formed: number | null;
    readonly values: readonly number[];
    readonly highest: number;
    readonly points: readonly Vec3[];
  }[];
}

const vectors = JSON.parse(readFileSync("../tests/vectors/rods.json", "utf8")) as Vectors;

test("a cell has so many products in its sum as Python says", () => {
  let some = 0;
  for (const { sweep, at } of vectors.formed)
    for (const { t, formed } of at)
      formed.forEach((row, i) => {
        const counts = row.split(" ").map((_, j) => formedAt(sweep, t, i, j) ?? "all");
        some += counts.filter((count) => count !== "all" && count > 0).length;
        assert.equal(counts.join(" "), row, `${sweep.algorithm} at ${t}, row ${i}`);
      });
  assert.ok(some > 100);
});

test("a rod holds them, on their own scale, where Python has them", () => {
  for (const { box, row, col, i, j, formed, values, highest, points } of vectors.lines) {
    const all = Float64Array.from(row, (value, k) => value * col[k]!);
    const rod = rodOf(box, i, j, all.subarray(0, formed ?? all.length));
    assert.equal(rod.scale!.hi, highest);
    values.forEach((value, k) => {
      assert.ok(Math.abs((rod.values[k] ?? 0) - value) < 1e-9);
      productPoint(box, i, j, k).forEach((x, n) => {
        assert.ok(Math.abs(x - points[k]![n]!) < 1e-6);
      });
    });
  }
});
