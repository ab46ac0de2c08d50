// Joined heads: their blocks as Python finds them, and parts of a head as parts of the whole.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { blocksOf, movedParts } from "../../src/core/joined";
import type { Face, Layout } from "../../src/core/types.gen";
import type { LoadedScene } from "../../src/core/wire";
import { matrix, productHead } from "./sample";

interface Case {
  readonly faces: readonly { readonly node: number; readonly cover: number | null }[];
  readonly matrices: readonly {
    readonly node: number;
    readonly rows: number;
    readonly cols: number;
    readonly inputs: readonly number[];
  }[];
  readonly blocks: readonly (readonly [number, readonly (readonly number[])[]])[];
}
const { joined } = JSON.parse(readFileSync("../tests/vectors/places.json", "utf8")) as {
  readonly joined: readonly Case[];
};

test("the blocks of joined heads as in Python", () => {
  assert.deepEqual(
    joined.map(({ blocks }) => blocks.length),
    [1, 1, 0, 0, 0, 0],
  );
  for (const { faces, matrices, blocks } of joined) {
    const head = {
      ...productHead(),
      matrices: matrices.map(({ node, rows, cols, inputs }) => matrix(node, rows, cols, { inputs })),
    };
    const scene: LoadedScene = { head, buffers: new Map() };
    const layout = {
      ...head.layouts[0],
      faces: faces.map((side, id) => ({ ...side, id })),
    } as unknown as Layout;
    const actual = matrices.flatMap(({ node }) => {
      const joined = blocksOf(scene, layout, node);
      return joined === null
        ? []
        : [[node, joined.map((block) => [block.face.id, block.row, block.col, block.rows, block.cols])]];
    });
    assert.deepEqual(actual, blocks);
  }
});

test("parts of a head are moved to its block; what another node shows brings its values", () => {
  const own = { ...productHead().layouts[0]!.faces[0]!, node: 5 } as Face;
  const block = { face: own, row: 0, col: 4, rows: 2, cols: 2 };
  const raw = matrix(7, 2, 2);
  const scene: LoadedScene = {
    head: { ...productHead(), matrices: [raw] },
    buffers: new Map([["v7", new Float32Array([1, 2, 3, 4])]]),
  };
  assert.deepEqual(movedParts(scene, block, 9, null), [
    { rect: { row: 0, col: 4, rows: 2, cols: 2 }, node: 9, sums: null },
  ]);
  const rect = { row: 1, col: 0, rows: 1, cols: 2 };
  const moved = { row: 1, col: 4, rows: 1, cols: 2 };
  const sums = { key: "s", values: new Float64Array(2) };
  assert.deepEqual(
    movedParts(scene, block, 9, [
      { rect, node: 5, sums: null },
      { rect, node: 5, sums },
    ]),
    [
      { rect: moved, node: 9, sums: null },
      { rect: moved, node: 5, sums },
    ],
  );
  const [part] = movedParts(scene, block, 9, [{ rect, node: 7, sums: null }]);
  assert.deepEqual(part?.node, 7);
  assert.deepEqual([...(part?.sums?.values ?? [])], [3, 4]);
});
