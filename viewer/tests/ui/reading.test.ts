import assert from "node:assert/strict";
import { test } from "node:test";
import { findCell, nextOdd, oddFrom } from "../../src/panel/goto";
import { noSpectrum, takenOver } from "../../src/panel/inspect";
import type { Backend } from "../../src/ui/backend";
import { oddCounts, unseenOdd } from "../../src/ui/colourbar";
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
  doing: () => Promise.resolve(""),
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
    { face: 2, row: 1, col: 2, level: 1 },
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
    topOfRow(from, attn, 1, 2).map((cell) => [cell.label, cell.text]),
    [
      [" the", "NaN"],
      ["\n", "0.7"],
    ],
  );
  assert.deepEqual(
    topOfRow(from, attn, 0).map((cell) => cell.pin.col),
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

test("a cell of a head is found, and a name without its head is refused", () => {
  const { scene: loaded } = source();
  const heads = [0, 1, 2].map((index) => ({
    ...loaded.head.matrices.find(({ node }) => node === 3)!,
    node: 10 + index,
    name: `deck[${index}]`,
    copy: { of: 9, index, count: 3 },
  }));
  const many = { ...loaded, head: { ...loaded.head, matrices: [...loaded.head.matrices, ...heads] } };
  assert.deepEqual(findCell(many, "deck[2][1, 3]"), { pin: { node: 12, row: 1, col: 3 } });
  assert.deepEqual(findCell(many, " deck[1] [the, -1] "), { pin: { node: 11, row: 0, col: 3 } });
  assert.deepEqual(findCell(many, "deck[1, 3]"), { reason: "deck has 3 heads: type deck[0][3, 7]" });
  assert.deepEqual(findCell(many, "deck[5][1, 3]"), { reason: "deck has 3 heads: type deck[0][3, 7]" });
});

test("a cell that is not there is refused with the reason", () => {
  const { scene: loaded } = source();
  const why = (text: string) => {
    const result = findCell(loaded, text);
    return "reason" in result ? result.reason : "";
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

/** The fixture with a second matrix that holds a NaN: Q, which has one at (2, 1). */
function twoOdd() {
  const { scene: loaded } = source();
  const [q, ...others] = loaded.head.matrices;
  const attn = others.at(-1)!;
  const head = { ...loaded.head, matrices: [{ ...q!, stats: { ...attn.stats!, masked: 0 } }, ...others] };
  const buffers = new Map(loaded.buffers).set("v0", new Float32Array([1, 2, 3, 4, 5, Number.NaN]));
  return { head, buffers };
}

test("a walk through NaN leaves the matrix that it selects, and comes around, both ways", () => {
  const loaded = twoOdd();
  for (const step of [1, -1] as const) {
    let selection = { node: null as number | null, pins: [] as { node: number; row: number; col: number }[] };
    const seen: number[] = [];
    for (let press = 0; press < 4; press++) {
      const pin = nextOdd(loaded, [0, 1, 2, 3], oddFrom(selection, step), step)!;
      seen.push(pin.node);
      selection = { node: pin.node, pins: [pin] };
    }
    assert.deepEqual(seen, step === 1 ? [0, 3, 0, 3] : [3, 0, 3, 0]);
  }
});

test("a walk begins in the matrix that is chosen, also when a cell elsewhere is pinned", () => {
  const loaded = twoOdd();
  const pins = [{ node: 0, row: 2, col: 1 }];
  assert.equal(nextOdd(loaded, [0, 1, 2, 3], oddFrom({ node: 0, pins: [] }, 1), 1)!.node, 0);
  assert.equal(nextOdd(loaded, [0, 1, 2, 3], oddFrom({ node: 3, pins }, 1), 1)!.node, 3);
  assert.equal(nextOdd(loaded, [0, 1, 2, 3], oddFrom({ node: 3, pins }, -1), -1)!.node, 3);
});

test("NaN inside closed sheets is told with its matrix", () => {
  const { head } = twoOdd();
  assert.equal(oddCounts(head.matrices[0]!), "1 NaN");
  assert.equal(unseenOdd(head, [0, 1, 3], "closed"), "");
  assert.equal(unseenOdd(head, [1, 3], "closed"), "1 NaN in Q; S opens the sheets");
  assert.equal(unseenOdd(head, [1], "open"), "1 NaN in Q and more in 1 after it");
});

test("a step with two operands names the other one", () => {
  const from = source();
  const steps = (operation: string, inputs: number[]) => {
    const matrices = from.scene.head.matrices.map((matrix) =>
      matrix.node === 3 ? { ...matrix, operation, inputs } : matrix,
    );
    const read = { ...from, scene: { ...from.scene, head: { ...from.scene.head, matrices } } };
    return readCell(read, cellAt(from.layout.faces[2]!, 1, 2))!.sum!.split(" → ")[1];
  };
  assert.equal(steps("· + ·", [2, 0]), "+ Q 0.2");
  assert.equal(steps("· * ·", [1, 2]), "* K 0.2");
  assert.equal(steps("· - ·", [1, 2]), "K - · 0.2");
  assert.equal(steps("· + ·", [2, 9]), "· + · 0.2");
});

test("the block of an average has three digits", () => {
  const from = source();
  const pooled = {
    rows: 1,
    cols: 1,
    block: [4.8828125, 4.8828125] as const,
    mean: "v0",
    ink: "",
    flags: "",
    peaks: "peaks",
    sensitivity: "robust",
  };
  const matrices = from.scene.head.matrices.map((matrix) =>
    matrix.node === 0 ? { ...matrix, values: null, pooled } : matrix,
  );
  const read = { ...from, scene: { ...from.scene, head: { ...from.scene.head, matrices } } };
  assert.equal(
    readCell(read, cellAt(from.layout.faces[0]!, 0, 0))!.valueText,
    "1 (average of 4.88 × 4.88 cells)",
  );
});

test("statistics say over which cells they are, and why there are no singular values", () => {
  const attn = source().scene.head.matrices[3]!;
  const clean = { ...attn.stats!, nan: 0, masked: 0 };
  assert.equal(takenOver(attn, attn.stats!), "min, max, mean and std of the 10 finite, unmasked cells");
  assert.equal(takenOver(attn, clean), "min, max, mean and std of all 12 cells");
  assert.match(noSpectrum(attn, attn.stats!), /NaN or Inf/);
  assert.match(noSpectrum({ ...attn, rows: 300, cols: 257 }, clean), /too large/);
  assert.match(noSpectrum(attn, clean), /masked cell is not finite/);
});
