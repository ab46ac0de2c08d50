// A cell in words of numbers, as Python says it (tests/vectors/explain.json).

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { applied, factor, INNER, number, shortName, sumStep } from "../../src/core/number_words";

interface Vectors {
  readonly numbers: readonly { readonly value: string; readonly text: string; readonly factor: string }[];
  readonly sums: readonly {
    readonly left: readonly string[];
    readonly right: readonly string[];
    readonly places: readonly number[];
    readonly values: readonly string[];
    readonly more: number;
    readonly text: string;
  }[];
  readonly applied: readonly {
    readonly operation: string;
    readonly op: string;
    readonly values: readonly string[];
    readonly text: string;
    readonly name: string;
  }[];
  readonly inner: readonly {
    readonly op: string;
    readonly parameters: Readonly<Record<string, number>>;
    readonly values: readonly string[];
    readonly hidden: readonly boolean[];
    readonly row: number;
    readonly col: number;
    readonly numbers: readonly (readonly [string, string])[];
  }[];
}
const vectors = JSON.parse(readFileSync("../tests/vectors/explain.json", "utf8")) as Vectors;
const read = (text: string): number => Number(text.replace("inf", "Infinity").replace("nan", "NaN"));

test("explain: numbers", () => {
  for (const { value, text, factor: said } of vectors.numbers) {
    assert.equal(number(read(value)), text);
    assert.equal(factor(read(value)), said);
  }
});

test("explain: sums, of a long one the largest terms", () => {
  for (const { left, right, places, values, more, text } of vectors.sums) {
    const at = (side: readonly string[]) => (k: number) => read(side[k] ?? "");
    const step = sumStep("C[0, 0]", { count: left.length, left: at(left), right: at(right) });
    assert.deepEqual(
      step.terms.map(({ place }) => place),
      places,
    );
    assert.deepEqual(
      step.terms.map(({ value }) => value),
      values,
    );
    assert.equal(step.more, more);
    assert.equal(step.text, text);
  }
});

test("explain: operations", () => {
  for (const { operation, op, values, text, name } of vectors.applied) {
    assert.equal(applied(op, operation, values.map(read)), text);
    assert.equal(shortName(op, operation, values.map(read)), name);
  }
});

test("explain: the numbers inside of operations", () => {
  assert.deepEqual([...new Set(vectors.inner.map(({ op }) => op))].sort(), [...INNER.keys()].sort());
  for (const { op, parameters, values, hidden, row, col, numbers } of vectors.inner) {
    const made = INNER.get(op)?.({ values: values.map(read), hidden, row, col }, parameters);
    assert.ok(made);
    for (const [at, [name, value]] of numbers.entries()) {
      const [own, mine]: readonly [string, number] = made.numbers[at] ?? ["", 0];
      assert.equal(own, name);
      const wanted = read(value);
      const same = Object.is(mine, wanted) || Math.abs(mine - wanted) <= 1e-12 * Math.abs(wanted) + 1e-300;
      assert.ok(same, `${op} ${name}: ${mine}, not ${wanted}`);
    }
  }
});
