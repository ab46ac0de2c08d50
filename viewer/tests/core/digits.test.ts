// Numbers on cells, as Python writes them (tests/vectors/digits.json).

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import {
  clarity,
  codesOf,
  numberFormat,
  numberText,
  pullOf,
  readingWay,
  textOf,
} from "../../src/core/digits";
import { fieldOf, GLYPHS, WIDE } from "../../src/core/glyphs";
import type { Vec3 } from "../../src/core/types.gen";

type Pair = readonly [number, number];
interface Vectors {
  readonly cases: readonly {
    readonly values: readonly string[];
    readonly hi: number;
    readonly digits: number | null;
    readonly numbers: "auto" | "always";
    readonly decimals: number;
    readonly exponent: boolean;
    readonly em: number;
    readonly least: number;
    readonly texts: readonly string[];
    readonly codes: readonly (readonly number[])[];
  }[];
  readonly glyphs: readonly {
    readonly sign: string;
    readonly advance: number;
    readonly strokes: string;
    readonly field: readonly number[];
  }[];
  readonly clear: readonly {
    readonly eye: Vec3;
    readonly cells: readonly Pair[];
    readonly middle: Pair;
    readonly sizes: Pair;
    readonly pull: number;
    readonly pixel: number;
    readonly least: number;
    readonly clarity: readonly number[];
    readonly way: Pair;
  }[];
}
const vectors = JSON.parse(readFileSync("../tests/vectors/digits.json", "utf8")) as Vectors;
const read = (text: string): number => Number(text.replace("inf", "Infinity").replace("nan", "NaN"));

test("digits: formats, texts and codes", () => {
  for (const { values, hi, digits, numbers, texts, codes, em, least, ...rest } of vectors.cases) {
    const cells = Float64Array.from(values, read);
    const format = numberFormat(cells, hi, { digits, numbers });
    assert.ok(format !== null);
    assert.deepEqual({ decimals: format.decimals, exponent: format.exponent }, rest);
    assert.ok(Math.abs(format.em - em) < 1e-9 && Math.abs(format.least - least) < 1e-6);
    assert.deepEqual(
      [...cells].map((value) => numberText(value, format)),
      texts,
    );
    const made = codesOf(cells, null, format);
    assert.deepEqual([...made], codes.flat());
    assert.deepEqual(
      texts.map((_, at) => textOf(made, at)),
      texts,
    );
  }
  const hidden = codesOf(Float64Array.of(1, 2), Uint8Array.of(0, 1), vectors.cases[0]!);
  assert.deepEqual([textOf(hidden, 0), textOf(hidden, 1)], ["", "2"]);
  assert.equal(numberFormat(null, 1, { digits: null, numbers: "never" }), null);
});

test("digits: signs and their fields", () => {
  assert.deepEqual(
    GLYPHS,
    vectors.glyphs.map(({ sign, advance, strokes }) => [sign, advance, strokes]),
  );
  for (const { strokes, field } of vectors.glyphs) {
    const own = [...fieldOf(strokes)].filter(
      (_, at) => (at % WIDE) % 5 === 0 && Math.floor(at / WIDE) % 5 === 0,
    );
    assert.ok(own.every((level, at) => Math.abs(level - field[at]!) <= 1));
  }
});

test("digits: when and which way", () => {
  for (const { eye, cells, middle, sizes, pull, pixel, least, clarity: wanted, way } of vectors.clear) {
    assert.equal(pullOf(...sizes), pull);
    assert.deepEqual(readingWay(eye[2], -0.5), way);
    cells.forEach((cell, at) => {
      const made = clarity(eye, cell, middle, { pull, pixel, least });
      assert.ok(Math.abs(made - wanted[at]!) < 1e-6);
    });
  }
});
