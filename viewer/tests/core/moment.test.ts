// Films over a small product, at every half step, against plain loops.

import assert from "node:assert/strict";
import { test } from "node:test";
import { activeStep, countAt, covered, done, isComplete, never } from "../../src/core/film";
import type { Part } from "../../src/core/frame";
import { type Interior, productAt } from "../../src/core/interior";
import { Moments } from "../../src/core/moment";
import { completeIn, holds, presentIn, without } from "../../src/core/reveal";
import type { Box, Face, Film, Layout, Need, Sweep } from "../../src/core/types.gen";
import { decodeScene } from "../../src/core/wire";
import { PRODUCT_BUFFERS, productBytes } from "./sample";
import { MOVING, sweepOf, TILED } from "./sweeps";

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
  exchanges: [],
});

/** What parts draw, cell by cell; undefined where they draw nothing, "own" for values of a buffer. */
function drawnBy(parts: readonly Part[], row: number, col: number): number | "own" | undefined {
  const owners = parts.filter(({ rect }) => holds(rect, row, col));
  assert.ok(owners.length < 2, "cells are drawn once");
  const [part] = owners;
  if (part === undefined) return undefined;
  const { rect, sums } = part;
  return sums === null ? "own" : sums.values[(row - rect.row) * rect.cols + col - rect.col]!;
}

/** A moment in an order that goes back and forth. */
const times = (sweep: Sweep): readonly number[] =>
  Array.from({ length: 2 * sweep.steps + 3 }, (_, n) => ((n * 7) % (2 * sweep.steps + 3)) / 2);

/** Sweeps of every kind over the product. */
const SWEEPS: readonly Sweep[] = [
  ...[...MOVING, ...TILED].map((loops) => sweepOf(loops, [I, J, K], { begin: 0, phase: 0.5 })),
  ...MOVING.map((loops) => sweepOf(loops, [I, J, K], { blocks: [1, 3, K], phase: 0.5 })),
  ...MOVING.map((loops) => sweepOf(loops, [I, J, K], { blocks: [2, 2, 2], phase: 0.5 })),
  ...TILED.map((loops) => sweepOf(loops, [I, J, K], { blocks: [2, 3, K], phase: 0.5 })),
  ...["i", "ij", "k", "k2 j1 i2"].flatMap((loops) =>
    (["j", "k"] as const).map((b) =>
      sweepOf(loops, [I, J, K], { limit: { a: "i", b, offset: 1 }, phase: 0.5 }),
    ),
  ),
];

type At = Readonly<Record<"i" | "j" | "k", number>>;

const isFormed = ({ limit }: Sweep, at: At): boolean =>
  limit === null || at[limit.b] <= at[limit.a] + limit.offset;

const isActive = (sweep: Sweep, step: number, at: At): boolean => {
  const where = covered(sweep, step);
  return (["i", "j", "k"] as const).every((letter) =>
    where[letter].some(([first, end]) => at[letter] >= first && at[letter] < end),
  );
};

const C = SCENE.buffers.get("v2")!;
for (let p = 0; p < C.length; p++) C[p] = 10 + p; // all different

/** A product's indices as the node has them. */
function ownAt(interior: Interior, row: number, col: number): At {
  const { i, j, k } = productAt(interior, row, col);
  return interior.box.transposed ? { i: j, j: i, k } : { i, j, k };
}

function checkCell(moments: Moments, sweep: Sweep, t: number, i: number, j: number): void {
  const parts = moments.at(t).parts.get(2);
  const whole = isComplete(sweep, done(sweep, t), i, j) && !never(sweep, i, j);
  const count = sweep.blocks[2] < K && !whole ? 0 : countAt(sweep, done(sweep, t), i, j);
  const shown = moments.shown([2], i, j, t);
  const drawn = parts === undefined ? "own" : drawnBy(parts, i, j);
  if (whole) {
    assert.equal(shown.kind, "finished");
    assert.ok(drawn === "own" || drawn === C[i * J + j], `${i} ${j} at ${t}`);
  } else if (count === 0) {
    assert.deepEqual([shown.kind, drawn || undefined], ["absent", undefined]);
  } else {
    assert.ok(shown.kind === "sum");
    assert.deepEqual([shown.value, shown.count, drawn], [sumOf(i, j, count), count, shown.value]);
  }
}

for (const layout of [PLAIN, turned(PLAIN)]) {
  for (const sweep of SWEEPS) {
    const side = layout === PLAIN ? "" : ", turned";
    const what = `${sweep.algorithm} in ${sweep.blocks} under ${sweep.limit?.b}${side}`;

    test(`the picture and the readings are the sums of plain loops: ${what}`, () => {
      const moments = new Moments(SCENE, layout, filmOf(sweep));
      for (const t of times(sweep)) {
        for (let p = 0; p < I * J; p++) checkCell(moments, sweep, t, Math.floor(p / J), p % J);
      }
    });

    test(`a step's products are in their places: ${what}`, () => {
      const moments = new Moments(SCENE, layout, filmOf(sweep));
      const seen: string[] = [];
      for (let step = 0; step < sweep.steps; step++) {
        for (const interior of moments.at(step + 0.25).insides.flatMap(({ parts }) => parts)) {
          const values = (interior.plane ?? interior.line)!.values;
          const { rows, cols } = interior.face;
          assert.equal(values.length, rows * cols);
          values.forEach((value, p) => {
            const { i, j, k } = ownAt(interior, Math.floor(p / cols), p % cols);
            const there = isActive(sweep, step, { i, j, k }) && isFormed(sweep, { i, j, k });
            assert.equal(value, there ? product(i, j, k) : 0);
            if (there) seen.push(`${i} ${j} ${k}`);
          });
        }
      }
      let all = 0;
      for (let p = 0; p < I * J * K; p++) {
        const at = { i: Math.floor(p / (J * K)), j: Math.floor(p / K) % J, k: p % K };
        if (isFormed(sweep, at)) all += 1;
      }
      assert.deepEqual([seen.length, new Set(seen).size], [all, all]);
    });
  }
}

test("before and after a sweep nothing lies in the box", () => {
  const sweep = sweepOf("i", [I, J, K], { start: 2, begin: 0.5 });
  const moments = new Moments(SCENE, PLAIN, filmOf(sweep));
  for (const t of [1.9, 2.4, 4, 9]) assert.deepEqual(moments.at(t).insides, [], String(t));
  assert.equal(activeStep(sweep, 2.5), 0);
  assert.equal(moments.at(2.5).insides.length, 1);
});

test("complete cells are those with all products", () => {
  for (const sweep of [...MOVING, ...TILED].flatMap((moving) => [
    sweepOf(moving, [3, 4, 2]),
    sweepOf(moving, [3, 4, 2], { blocks: [2, 2, 2] }),
  ])) {
    const moving = sweep.algorithm;
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
  for (const sweep of [...MOVING, ...TILED].flatMap((moving) => [
    sweepOf(moving, [3, 3, 2]),
    sweepOf(moving, [3, 3, 2], { blocks: [2, 3, 1] }),
  ])) {
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

test("a result that lies the other way round shows its own cells", () => {
  const box = { ...PLAIN.boxes[0]!, transposed: true };
  const layout = { ...PLAIN, boxes: [box] };
  for (const loops of [...MOVING, ...TILED]) {
    const sweep = sweepOf(loops, [J, I, K], { turned: true });
    const moments = new Moments(SCENE, layout, filmOf(sweep));
    for (let t = 0; t <= sweep.steps; t++) {
      for (let p = 0; p < I * J; p++) checkTurned(moments, sweep, 2, t, [Math.floor(p / J), p % J], [2]);
    }
  }
});

test("a map of a transposed product shows the product's sums at its own cells", () => {
  const scores = SCENE.head.matrices.find(({ node }) => node === 2)!;
  const attn = { ...scores, node: 7, rows: J, cols: I };
  const scene = { ...SCENE, head: { ...SCENE.head, matrices: [...SCENE.head.matrices, attn] } };
  const faces = PLAIN.faces.map((face) =>
    face.id === 2 ? { ...face, node: 7, chain: [7, 2], rows: J, cols: I } : face,
  );
  for (const loops of [...MOVING, ...TILED]) {
    const sweep = sweepOf(loops, [I, J, K]);
    const moments = new Moments(
      scene,
      { ...PLAIN, faces },
      {
        ...filmOf(sweep, [
          { node: 7, sweep: 2, row: null, col: null },
          { node: 7, sweep: 2, row: "j", col: "i" },
        ]),
      },
    );
    for (let t = 0; t < sweep.steps; t++) {
      for (let p = 0; p < I * J; p++) checkTurned(moments, sweep, 7, t, [Math.floor(p / I), p % I], [7, 2]);
    }
  }
});

/** Cell (row, col) of a face whose rows run along j shows the sum of cell (col, row) of the product. */
function checkTurned(
  moments: Moments,
  sweep: Sweep,
  node: number,
  t: number,
  [row, col]: readonly [number, number],
  chain: readonly number[],
): void {
  const count = countAt(sweep, t, col, row);
  const [a, b] = node === 2 ? [row, col] : [col, row];
  const shown = moments.shown(chain, row, col, t);
  const parts = moments.at(t).parts.get(2);
  const drawn = parts === undefined ? "own" : drawnBy(parts, row, col);
  if (count === 0) assert.deepEqual([shown.kind, drawn], ["absent", undefined]);
  else if (count === K && node === 2) assert.deepEqual([shown.kind, drawn], ["finished", "own"]);
  else if (count === K) assert.deepEqual([shown.kind, drawn], ["sum", C[a * J + b]]);
  else {
    assert.ok(shown.kind === "sum");
    assert.deepEqual([shown.value, drawn], [sumOf(a, b, count), sumOf(a, b, count)]);
  }
}

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
