// Films over a small product, at every half step, against plain loops.

import assert from "node:assert/strict";
import { test } from "node:test";
import { activeStep, countAt, done, stepAt } from "../../src/core/film";
import type { Part } from "../../src/core/frame";
import { productAt } from "../../src/core/interior";
import { Moments } from "../../src/core/moment";
import { completeIn, holds, presentIn, without } from "../../src/core/reveal";
import type { Box, Face, Film, Layout, Need, Sweep } from "../../src/core/types.gen";
import { decodeScene } from "../../src/core/wire";
import { PRODUCT_BUFFERS, productBytes } from "./sample";
import { MOVING, sweepOf } from "./sweeps";

const [I, J, K] = [2, 4, 3];
const A = PRODUCT_BUFFERS.v0!;
const B = PRODUCT_BUFFERS.v1!; // stored 4 × 3, displayed 3 × 4
const product = (i: number, j: number, k: number): number => A[i * K + k]! * B[j * K + k]!;
const sumOf = (i: number, j: number, count: number): number => {
  let total = 0;
  for (let k = 0; k < count; k++) total += product(i, j, k);
  return total;
};

const SCENE = decodeScene(productBytes());
const PLAIN = SCENE.head.layouts[0]!;

/** The same product shown as (A @ B).T: what was right is left, and the result is turned. */
function turned(layout: Layout): Layout {
  const [a, b, c] = layout.faces as [Face, Face, Face];
  const swap = (face: Face): Face => ({
    ...face,
    transposed: !face.transposed,
    rows: face.cols,
    cols: face.rows,
  });
  const box = layout.boxes[0]!;
  const own: Box = { ...box, transposed: true, left: 1, right: 0, sizes: [J, I, K] };
  return { ...layout, faces: [swap(a), swap(b), swap(c)], boxes: [own] };
}

const filmOf = (sweep: Sweep, needs: readonly Need[] = []): Film => ({
  duration: sweep.steps,
  sweeps: [sweep],
  needs,
});

/** What parts draw, cell by cell; undefined where they draw nothing, "own" for values of a buffer. */
function drawnBy(parts: readonly Part[], row: number, col: number): number | "own" | undefined {
  const found = parts.filter(({ rect }) => holds(rect, row, col));
  assert.ok(found.length < 2, "cells are drawn once");
  const [part] = found;
  if (part === undefined) return undefined;
  const { rect, sums } = part;
  return sums === null ? "own" : sums.values[(row - rect.row) * rect.cols + col - rect.col]!;
}

/** A moment in an order that goes back and forth. */
const times = (sweep: Sweep): readonly number[] =>
  Array.from({ length: 2 * sweep.steps + 3 }, (_, n) => ((n * 7) % (2 * sweep.steps + 3)) / 2);

for (const layout of [PLAIN, turned(PLAIN)]) {
  for (const moving of MOVING) {
    const sweep = sweepOf(moving, [I, J, K], { begin: 0, phase: 0.5 });
    const what = `${moving}${layout === PLAIN ? "" : ", turned"}`;

    test(`the picture and the readings are the sums of plain loops: ${what}`, () => {
      const moments = new Moments(SCENE, layout, filmOf(sweep));
      for (const t of times(sweep)) {
        const parts = moments.at(t).parts.get(2);
        for (let i = 0; i < I; i++) {
          for (let j = 0; j < J; j++) {
            const count = countAt(sweep, done(sweep, t), i, j);
            const shown = moments.shown([2], i, j, t);
            const drawn = parts === undefined ? "own" : drawnBy(parts, i, j);
            if (count === K) assert.deepEqual([shown.kind, drawn], ["finished", "own"]);
            else if (count === 0) assert.deepEqual([shown.kind, drawn], ["absent", undefined]);
            else {
              assert.ok(shown.kind === "sum");
              assert.deepEqual([shown.value, shown.count, drawn], [sumOf(i, j, count), count, shown.value]);
            }
          }
        }
      }
    });

    test(`a step's products are in their places: ${what}`, () => {
      const moments = new Moments(SCENE, layout, filmOf(sweep));
      const seen = new Set<string>();
      for (let step = 0; step < sweep.steps; step++) {
        const [interior] = moments.at(step + 0.25).interiors;
        assert.ok(interior !== undefined);
        const values = (interior.plane ?? interior.line)!.values;
        const { rows, cols } = interior.face;
        assert.equal(values.length, rows * cols);
        for (let p = 0; p < values.length; p++) {
          const at = productAt(interior, Math.floor(p / cols), p % cols);
          const [i, j] = layout.boxes[0]!.transposed ? [at.j, at.i] : [at.i, at.j];
          assert.equal(values[p], product(i, j, at.k));
          const where = stepAt(sweep, step);
          assert.ok([i, j, at.k].every((index, n) => (where["ijk"[n] as "i"] ?? index) === index));
          seen.add(`${i} ${j} ${at.k}`);
        }
      }
      assert.equal(seen.size, I * J * K);
    });
  }
}

test("before and after a sweep nothing lies in the box", () => {
  const sweep = sweepOf("i", [I, J, K], { start: 2, begin: 0.5 });
  const moments = new Moments(SCENE, PLAIN, filmOf(sweep));
  for (const t of [1.9, 2.4, 4, 9]) assert.deepEqual(moments.at(t).interiors, [], String(t));
  assert.equal(activeStep(sweep, 2.5), 0);
  assert.equal(moments.at(2.5).interiors.length, 1);
});

test("complete cells are those with all products", () => {
  for (const moving of MOVING) {
    const sweep = sweepOf(moving, [3, 4, 2]);
    for (let t = 0; t <= sweep.steps; t++) {
      const rects = completeIn(sweep, t);
      for (let i = 0; i < 3; i++) {
        for (let j = 0; j < 4; j++) {
          const there = rects.some((rect) => holds(rect, i, j));
          assert.equal(there, countAt(sweep, t, i, j) === 2, `${moving} ${t} ${i} ${j}`);
        }
      }
    }
  }
});

test("a matrix waits for all that it needs", () => {
  const letters = ["i", "j", null] as const;
  for (const moving of MOVING) {
    const sweep = sweepOf(moving, [3, 3, 2]);
    for (const row of letters) {
      for (const col of letters) {
        if (row === null || row !== col) followNeed(sweep, { node: 7, sweep: 2, row, col });
      }
    }
  }
});

function followNeed(sweep: Sweep, need: Need): void {
  const cells = Array.from({ length: 9 }, (_, p) => [Math.floor(p / 3), p % 3] as const);
  for (let t = 0; t <= sweep.steps; t++) {
    const rects = presentIn([need], new Map([[2, sweep]]), t, 3, 3);
    for (const [r, c] of cells) {
      const needed = cells.filter(([i, j]) => {
        const at = { i, j };
        return (need.row === null || at[need.row] === r) && (need.col === null || at[need.col] === c);
      });
      const want = needed.every(([i, j]) => countAt(sweep, t, i, j) === 2);
      const what = `${sweep.algorithm} ${need.row} ${need.col} at ${t}: ${r} ${c}`;
      assert.equal(
        rects.some((rect) => holds(rect, r, c)),
        want,
        what,
      );
    }
  }
}

test("a row-mixing map shows raw sums until its row is whole", () => {
  const sweep = sweepOf("ij", [I, J, K]);
  const film = filmOf(sweep, [{ node: 7, sweep: 2, row: "i", col: null }]);
  const attn = { ...SCENE.head.matrices.find(({ node }) => node === 2)!, node: 7 };
  const scene = { ...SCENE, head: { ...SCENE.head, matrices: [...SCENE.head.matrices, attn] } };
  const faces = PLAIN.faces.map((face) => (face.id === 2 ? { ...face, node: 7, chain: [7, 2] } : face));
  const moments = new Moments(scene, { ...PLAIN, faces }, film);
  const parts = moments.at(6).parts.get(2)!;
  assert.deepEqual(
    parts.map(({ node, rect }) => [node, rect.row, rect.col, rect.rows, rect.cols]),
    [
      [7, 0, 0, 1, 4],
      [2, 1, 0, 1, 2],
    ],
  );
  assert.equal(moments.shown([7, 2], 0, 1, 6).kind, "finished");
  const raw = moments.shown([7, 2], 1, 0, 6);
  assert.ok(raw.kind === "sum" && raw.count === K && raw.node === 2);
  assert.equal(moments.shown([7, 2], 1, 2, 6).kind, "absent");
  assert.equal(moments.shown([7], 1, 0, 6).kind, "absent");
  assert.equal(moments.at(8).parts.get(2), undefined);
});

test("what is cut out is drawn by nobody", () => {
  const whole = { row: 0, col: 0, rows: 5, cols: 5 };
  const hole = { row: 1, col: 2, rows: 2, cols: 9 };
  const left = without([whole], [hole]);
  for (let r = 0; r < 5; r++) {
    for (let c = 0; c < 5; c++) {
      const count = left.filter((rect) => holds(rect, r, c)).length;
      assert.equal(count, holds(hole, r, c) ? 0 : 1, `${r} ${c}`);
    }
  }
});
