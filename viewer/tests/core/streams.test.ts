import assert from "node:assert/strict";
import { test } from "node:test";
import { Streams, streamed } from "../../src/core/streams";
import type { Film, States } from "../../src/core/types.gen";
import { productHead } from "./sample";
import { sweepOf } from "./sweeps";

// 4 queries in blocks of 2, 5 keys in blocks of 2, outputs of 3 columns: 2 × 3 steps
const [ROWS, COLS, KEYS, BLOCKS] = [4, 3, 5, 3];
const table = (count: number, from: number) => Float64Array.from({ length: count }, (_, n) => from + n);
const BUFFERS = {
  highest: table(ROWS * BLOCKS, 100),
  total: table(ROWS * BLOCKS, 200),
  outputs: table(ROWS * BLOCKS * COLS, 300),
  passed: table(ROWS * KEYS, 400),
};
const states: States = {
  block: 2,
  shares: 7,
  scores: 6,
  columns: [20, 21],
  highest: "highest",
  total: "total",
  outputs: "outputs",
  passed: "passed",
};
const sweep = sweepOf("i2 k2", [ROWS, COLS, KEYS], { node: 9, states, begin: 0.5 });
const film: Film = { duration: 6, sweeps: [sweep], needs: [], exchanges: [] };
const streams = new Streams({ head: productHead(), buffers: new Map(Object.entries(BUFFERS)) }, film);

/** Blocks that a row has seen after whole steps. */
const seenBy = (row: number, t: number) =>
  Math.min(Math.max(Math.floor(t) - Math.floor(row / 2) * BLOCKS, 0), BLOCKS);

test("every cell shows the state after the blocks that its row has seen", () => {
  for (const t of [0, 0.5, 1, 1.9, 2, 2.5, 3, 3.5, 4, 5.99, 6]) {
    for (let row = 0; row < ROWS; row++) {
      const blocks = seenBy(row, t);
      const seen = Math.min(2 * blocks, KEYS);
      const at = row * BLOCKS + blocks - 1;
      const expected = (value: number) =>
        seen === KEYS ? null : seen === 0 ? { kind: "absent" } : { kind: "stream", value, seen, of: KEYS };
      assert.deepEqual(streams.at(20, row, 0, t), expected(100 + at));
      assert.deepEqual(streams.at(21, row, 0, t), expected(200 + at));
      assert.deepEqual(streams.at(9, row, 1, t), expected(300 + at * COLS + 1));
      for (let key = 0; key < KEYS; key++) {
        const raw = seen < KEYS && key >= seen ? { kind: "raw" } : null;
        const share = expected(400 + row * KEYS + key);
        assert.deepEqual(streams.at(7, row, key, t), raw ?? share);
      }
    }
  }
});

/** What is drawn of each cell: null where it is finished; no cell may be drawn twice. */
function drawnOf(node: number, t: number): ReadonlyMap<string, number | null> {
  const shown = new Map<string, number | null>();
  for (const { rect, sums } of streams.parts(node, t) ?? []) {
    for (let p = 0; p < rect.rows * rect.cols; p++) {
      const cell = `${rect.row + Math.floor(p / rect.cols)} ${rect.col + (p % rect.cols)}`;
      assert.ok(!shown.has(cell));
      shown.set(cell, sums && (sums.values[p] ?? Number.NaN));
    }
  }
  return shown;
}

/** The same cell as it is read. */
function readOf(node: number, row: number, col: number, t: number): number | null | undefined {
  const read = streams.at(node, row, col, t);
  return read?.kind === "stream" ? read.value : read && undefined;
}

test("what is drawn is what is read, cell by cell, and nothing lies twice", () => {
  for (const [node, wide] of [
    [9, COLS],
    [7, KEYS],
    [20, 1],
    [21, 1],
  ] as const) {
    for (const t of [0, 1, 2.2, 3, 4.7, 5]) {
      const drawn = drawnOf(node, t);
      for (let n = 0; n < ROWS * wide; n++) {
        const [row, col] = [Math.floor(n / wide), n % wide];
        assert.equal(drawn.get(`${row} ${col}`), readOf(node, row, col, t));
      }
    }
    assert.equal(streams.parts(node, 6), null);
  }
});

test("which nodes and buffers a film needs", () => {
  assert.deepEqual(streamed(film), {
    buffers: ["highest", "total", "outputs", "passed"],
    nodes: [7, 6],
    columns: [20, 21],
  });
  assert.deepEqual(streamed(null), { buffers: [], nodes: [], columns: [] });
  assert.equal(streams.weightsOf(9), BUFFERS.passed);
  assert.equal(streams.weightsOf(7), null);
  assert.ok(!streams.has(6) && streams.at(6, 0, 0, 1) === null);
});
