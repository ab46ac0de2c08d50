import assert from "node:assert/strict";
import { test } from "node:test";
import { formatCount, formatNumber, formatShape } from "../../src/core/format";
import { cellsOf, products, sum, valueAt } from "../../src/core/sums";
import { decodeScene } from "../../src/core/wire";
import { PRODUCT_BUFFERS, productBytes } from "./sample";

const SCENE = decodeScene(productBytes());
const LAYOUT = SCENE.head.layouts[0]!;

test("products are those of plain loops, through a transposed operand", () => {
  const a = PRODUCT_BUFFERS.v0!;
  const b = PRODUCT_BUFFERS.v1!; // stored 4 × 3, displayed 3 × 4
  for (let i = 0; i < 2; i++) {
    for (let j = 0; j < 4; j++) {
      const want = [0, 1, 2].map((k) => a[i * 3 + k]! * b[j * 3 + k]!);
      const terms = products(SCENE, LAYOUT, 0, i, j)!;
      assert.deepEqual([...terms], want);
      assert.equal(sum(terms), want[0]! + want[1]! + want[2]!);
    }
  }
});

test("no products outside of the box, of no box, or without operands", () => {
  assert.equal(products(SCENE, LAYOUT, 0, 2, 0), null);
  assert.equal(products(SCENE, LAYOUT, 0, 0, -1), null);
  assert.equal(products(SCENE, LAYOUT, 5, 0, 0), null);
  assert.equal(products(decodeScene(productBytes(["v1"])), LAYOUT, 0, 0, 0), null);
});

test("sums are in float64", () => {
  assert.equal(sum(Float64Array.from([1, 1e-12, -1])), 1 + 1e-12 - 1);
  assert.equal(sum(new Float64Array(0)), 0);
});

test("cells: values, mask, and nothing outside", () => {
  const cells = cellsOf(SCENE, 2)!;
  assert.equal(cells.mask?.[1], 1);
  assert.equal(valueAt(cellsOf(SCENE, 0)!, 1, 0), -4);
  assert.equal(valueAt(cellsOf(SCENE, 0)!, 2, 0), undefined);
  assert.equal(cellsOf(SCENE, 99), null);
});

test("numbers as they are shown", () => {
  const shown: Readonly<Record<string, number>> = {
    "0": -0,
    "0.25": 0.25,
    "−1.5": -1.5,
    "3.14159": Math.PI,
    "123457": 123456.789,
    "1.23457e6": 1234567.89,
    "1048576": 1048576,
    "−1.5e−7": -1.5e-7,
    "0.00012": 0.00012,
    "1e21": 1e21,
    NaN: Number.NaN,
    "∞": Infinity,
    "−∞": -Infinity,
  };
  for (const [text, value] of Object.entries(shown)) assert.equal(formatNumber(value), text);
  assert.equal(formatNumber(Math.PI, 3), "3.14");
  assert.equal(formatShape(64, 16), "64 × 16");
  assert.equal(formatCount(483000), "483\u2009000");
});
