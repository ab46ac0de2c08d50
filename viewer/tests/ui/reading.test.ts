import assert from "node:assert/strict";
import { test } from "node:test";
import type { Backend } from "../../src/ui/backend";
import { findCell, nextOdd } from "../../src/ui/goto";
import {
  asPython,
  cellAt,
  cellOfPin,
  operationName,
  readCell,
  type Source,
  topOfRow,
} from "../../src/ui/reading";
import { Tiles } from "../../src/ui/tiles";
import { K, Q, scene } from "./fixture";

const nobody: Backend = {
  live: false,
  still: null,
  first: () => Promise.reject(new Error("unused")),
  ask: () => Promise.reject(new Error("unused")),
};

function source(): Source {
  const loaded = scene();
  return { scene: loaded, layout: loaded.head.layouts[0]!, tiles: new Tiles(nobody) };
}

test("a result cell has its value, labels, sum and steps", () => {
  const from = source();
  const reading = readCell(from, cellAt(from.layout.faces[2]!, 1, 2))!;
  const total = Q[2]! * K[4]! + Q[3]! * K[5]!;
  assert.equal(reading.place, "attn[1, 2]");
  assert.deepEqual([reading.rowLabel, reading.colLabel], ["cow", ","]);
  assert.equal(reading.value, new Float32Array([0.2])[0]);
  assert.equal(reading.sum, `Σₖ Q[1,k]·K[2,k] = ${total} → softmax 0.2`);
  assert.deepEqual(reading.lit, [
    { face: 0, row: 1, col: null },
    { face: 1, row: null, col: 2 },
  ]);
  assert.deepEqual([...reading.rod!.values], [Q[2]! * K[4]!, Q[3]! * K[5]!]);
});

test("an argument's cell has its own indices and no sum", () => {
  const from = source();
  const reading = readCell(from, cellAt(from.layout.faces[1]!, 1, 3))!;
  assert.equal(reading.place, "K[3, 1]");
  assert.equal(reading.value, K[7]);
  assert.equal(reading.sum, null);
});

test("NaN is said, a masked cell is not a number", () => {
  const from = source();
  assert.equal(readCell(from, cellAt(from.layout.faces[2]!, 1, 0))!.valueText, "NaN");
  const masked = readCell(from, cellAt(from.layout.faces[2]!, 0, 3))!;
  assert.equal(masked.valueText, "masked");
  assert.equal(masked.value, undefined);
});

test("a pin finds its cell on a transposed face", () => {
  const cell = cellOfPin(source().layout, { node: 1, row: 3, col: 0 })!;
  assert.deepEqual([cell.row, cell.col], [0, 3]);
  assert.equal(cellOfPin(source().layout, { node: 1, row: 9, col: 0 }), null);
});

test("Python of a cell: a name as it is, an expression in brackets", () => {
  const from = source();
  const reading = readCell(from, cellAt(from.layout.faces[2]!, 0, 1))!;
  assert.equal(asPython(reading), "attn[0, 1]");
  assert.equal(asPython({ ...reading, matrix: { ...reading.matrix, name: "Q @ K.T" } }), "(Q @ K.T)[0, 1]");
});

test("operations are named shortly", () => {
  assert.equal(operationName("softmax(·)"), "softmax");
  assert.equal(operationName("· / 8"), "/ 8");
  assert.equal(operationName("· + ·"), "· + ·");
});

test("the largest of a row: NaN first, masked cells left out, with labels", () => {
  const from = source();
  const attn = from.scene.head.matrices[3]!;
  assert.deepEqual(
    topOfRow(from, attn, 1, 2).map((one) => [one.label, one.text]),
    [
      [" the", "NaN"],
      ["\n", "0.7"],
    ],
  );
  assert.deepEqual(
    topOfRow(from, attn, 0).map((one) => one.pin.col),
    [0, 1, 2],
  );
});

test("a cell is found by indices and by labels", () => {
  const { scene: loaded } = source();
  const at = (text: string) => findCell(loaded, text);
  assert.deepEqual(at("attn[2, -1]"), { pin: { node: 3, row: 2, col: 3 } });
  assert.deepEqual(at(" attn [ the , cow ] "), { pin: { node: 3, row: 0, col: 1 } });
  assert.deepEqual(at('attn["The", cow]'), { pin: { node: 3, row: 0, col: 1 } });
  assert.deepEqual(at("attn[,,cow]"), { pin: { node: 3, row: 2, col: 1 } });
  assert.deepEqual(at("(Q @ K.T)[0, 0]"), { pin: { node: 2, row: 0, col: 0 } });
});

test("a cell that is not there is refused with the reason", () => {
  const { scene: loaded } = source();
  const why = (text: string) => {
    const found = findCell(loaded, text);
    return "reason" in found ? found.reason : "";
  };
  assert.match(why("attn"), /two indices/);
  assert.match(why("nope[0, 0]"), /no matrix is called nope/);
  assert.match(why("attn[3, 0]"), /row 3 is outside 0 … 2/);
  assert.match(why("attn[0, dog]"), /no column is called dog/);
});

test("next and previous go around", () => {
  const { scene: loaded } = source();
  const nan = { node: 3, row: 1, col: 0 };
  assert.deepEqual(nextOdd(loaded, [0, 1, 3], null, 1), nan);
  assert.deepEqual(nextOdd(loaded, [3], nan, -1), nan);
  assert.equal(nextOdd(loaded, [0, 1], null, 1), null);
});
