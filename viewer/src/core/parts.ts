// Partial results: what one block of a summed letter adds to each cell of a product, summed in float64.

import { runsOf } from "./places";
import { type Operands, operandsOf } from "./running";
import { cellsOf } from "./sums";
import type { Box, Face, Layout } from "./types.gen";
import type { LoadedScene } from "./wire";

/** A sheet of partial results: products k = start .. stop - 1 of a box. */
export interface PartOf {
  readonly box: Box;
  readonly start: number;
  readonly stop: number;
  readonly count: number;
}

/** What a face sums, when it is a sheet of partial results. */
export function partOf(layout: Layout, face: Face): PartOf | null {
  const box = face.part === null ? undefined : layout.boxes.find((box) => box.id === face.box);
  if (box === undefined || face.part === null) return null;
  const runs = runsOf(box.splits[2], box.sizes[2]);
  const [start, stop] = runs[face.part] ?? [0, 0];
  return { box, start, stop, count: runs.length };
}

/** The name of what a part's sums are made of; equal names mean equal sums. Null without exact operands. */
export function partKey(scene: LoadedScene, layout: Layout, face: Face): string | null {
  const part = partOf(layout, face);
  if (part === null) return null;
  const sides = [part.box.left, part.box.right].map((id) => {
    const side = layout.faces[id];
    const cells = side === undefined ? null : cellsOf(scene, side.node);
    return cells === null || side === undefined ? null : `${cells.matrix.values} ${side.transposed}`;
  });
  if (sides.includes(null)) return null;
  return `part ${sides.join(" ")} ${part.start} ${part.stop} ${part.box.transposed}`;
}

/** The partial results of a face, in the order of its node's cells. */
export function partSums(scene: LoadedScene, layout: Layout, face: Face): Float64Array | null {
  const part = partOf(layout, face);
  const sums = sumsByLetters(scene, layout, face);
  return part === null || sums === null ? null : toOwn(part, face, sums);
}

/** Sums of all (i, j) in the order of the node's cells, whose rows may run along j. */
export function toOwn({ box }: PartOf, face: Face, sums: Float64Array): Float64Array {
  if (box.transposed === face.transposed) return sums;
  const [i, j] = box.sizes;
  const [rows, cols] = box.transposed ? [j, i] : [i, j];
  return sums.map((_, at) => sums[(at % rows) * cols + Math.floor(at / rows)] ?? 0);
}

/** The partial results of a face by the letters i and j of its node. */
export function sumsByLetters(scene: LoadedScene, layout: Layout, face: Face): Float64Array | null {
  const part = partOf(layout, face);
  const operands = part && operandsOf(scene, layout, part.box);
  if (part === null || operands === null) return null;
  const [i, j] = part.box.sizes;
  const [rows, cols] = part.box.transposed ? [j, i] : [i, j];
  return blockSums(operands, rows, cols, part.start, part.stop);
}

/** Sums of products k = start .. stop - 1 of all cells, in the node's own letters. */
export function blockSums(
  { left, right }: Operands,
  rows: number,
  cols: number,
  start: number,
  stop: number,
): Float64Array {
  const sums = new Float64Array(rows * cols);
  const line = new Float64Array(cols);
  for (let k = start; k < stop; k++) {
    for (let j = 0; j < cols; j++) line[j] = right.values[j * right.keep + k * right.inner] ?? Number.NaN;
    for (let i = 0, p = 0; i < rows; i++) {
      const a = left.values[i * left.keep + k * left.inner] ?? Number.NaN;
      for (let j = 0; j < cols; j++, p++) sums[p] = (sums[p] ?? 0) + a * (line[j] ?? 0);
    }
  }
  return sums;
}
