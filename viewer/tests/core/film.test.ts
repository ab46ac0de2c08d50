import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import {
  activeStep,
  countAt,
  done,
  happeningAt,
  laneCount,
  stepAt,
  stepped,
  whatAt,
} from "../../src/core/film";
import { type Operands, partialSum, Running } from "../../src/core/running";
import type { Film, Sweep } from "../../src/core/types.gen";
import { sweepOf } from "./sweeps";

interface Vectors {
  readonly cases: readonly {
    readonly sweep: Sweep;
    readonly at: readonly {
      readonly t: number;
      readonly done: number;
      readonly active: number | null;
      readonly where: Readonly<Record<string, number>> | null;
      readonly counts: readonly (readonly number[])[];
    }[];
  }[];
  readonly sums: readonly {
    readonly left: readonly (readonly number[])[];
    readonly right: readonly (readonly number[])[];
    readonly counts: readonly (readonly number[])[];
    readonly sums: readonly (readonly number[])[];
  }[];
}

const vectors = JSON.parse(readFileSync("../tests/vectors/film.json", "utf8")) as Vectors;

test("sweeps stand where Python says", () => {
  assert.ok(vectors.cases.length > 5);
  for (const { sweep, at } of vectors.cases) {
    for (const one of at) {
      const what = `${sweep.algorithm} at ${one.t}`;
      assert.equal(done(sweep, one.t), one.done, what);
      assert.equal(activeStep(sweep, one.t), one.active, what);
      one.counts.forEach((row, i) => {
        assert.deepEqual(
          row.map((_, j) => countAt(sweep, one.done, i, j)),
          row,
          what,
        );
      });
      const where = one.active === null ? null : stepAt(sweep, one.active);
      for (const letter of ["i", "j", "k"] as const) {
        assert.equal(where?.[letter] ?? null, one.where?.[letter] ?? null, what);
      }
    }
  }
});

test("running sums are those of Python", () => {
  assert.ok(vectors.sums.length > 1);
  for (const { left, right, counts, sums } of vectors.sums) {
    const [depth, cols] = [right.length, right[0]!.length];
    const operands: Operands = {
      left: { values: Float64Array.from(left.flat()), keep: depth, inner: 1 },
      right: { values: Float64Array.from(right.flat()), keep: 1, inner: cols },
    };
    sums.forEach((row, i) => {
      row.forEach((sum, j) => {
        const got = partialSum(operands, i, j, counts[i]![j]!);
        assert.ok(Math.abs(got - sum) < 1e-7 * (1 + Math.abs(sum)), `${i} ${j}`);
      });
    });
  }
});

test("sums of outer products are the same from either side, however few are kept", () => {
  const [rows, cols, depth] = [3, 4, 50];
  const values = Float64Array.from({ length: rows * depth }, (_, n) => Math.sin(n) * 1e3);
  const other = Float64Array.from({ length: cols * depth }, (_, n) => Math.cos(3 * n));
  const operands: Operands = {
    left: { values, keep: depth, inner: 1 },
    right: { values: other, keep: 1, inner: cols },
  };
  for (const budget of [0, rows * cols * 8, 7 * rows * cols * 8, 1e6]) {
    const running = new Running(operands, sweepOf("k", [rows, cols, depth]), budget);
    for (const count of [3, 50, 49, 7, 8, 30, 0, 31, 12, 50]) {
      const want = Float64Array.from({ length: rows * cols }, (_, p) =>
        partialSum(operands, Math.floor(p / cols), p % cols, count),
      );
      assert.deepEqual(running.at(count), want, `${count} with ${budget} bytes`);
    }
  }
});

const FILM: Film = {
  duration: 7,
  sweeps: [
    sweepOf("i", [3, 2, 2], { node: 2 }),
    sweepOf("jk", [3, 2, 2], { node: 5, lane: 1 }),
    sweepOf("k", [3, 4, 3], { node: 9, start: 4 }),
  ],
  needs: [],
};
const name = (sweep: Sweep) => `m${sweep.node}`;

test("what happens is said lane by lane", () => {
  assert.equal(laneCount(FILM), 2);
  assert.equal(happeningAt(FILM, 1.5, name), "row 1 of m2, product 1 of column 0 of m5");
  assert.equal(happeningAt(FILM, 3.2, name), "product 1 of column 1 of m5");
  assert.equal(happeningAt(FILM, 5, name), "summand 1 of m9");
  assert.equal(happeningAt(FILM, 7, name), "finished");
  assert.equal(whatAt(sweepOf("ji", [3, 2, 2]), 4, "C"), "cell [1, 1] of C");
  assert.equal(whatAt(sweepOf("j", [3, 2, 2]), 99, "C"), "column 1 of C");
});

test("a step goes to the next whole number, and not beyond the ends", () => {
  assert.deepEqual(
    [0, 0.5, 1, 6.5, 7].map((t) => stepped(FILM, t, 1)),
    [1, 1, 2, 7, 7],
  );
  assert.deepEqual(
    [0, 0.5, 1, 6.5, 7].map((t) => stepped(FILM, t, -1)),
    [0, 0, 0, 6, 6],
  );
});
