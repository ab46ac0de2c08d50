// A matrix of joined heads in a film: each block of it shows what the covered face of its head would.

import type { Part } from "./frame";
import type { Rect } from "./reveal";
import { cellsOf, matrixOf } from "./sums";
import type { Face, Layout } from "./types.gen";
import type { LoadedScene } from "./wire";

/** A covered face, and the cells of its cover that are its own. */
export interface Block extends Rect {
  readonly face: Face;
}

/** The covered faces whose cells, side by side, are those of a matrix; null when it is not made of such. */
export function blocksOf(scene: LoadedScene, { faces }: Layout, node: number): readonly Block[] | null {
  const whole = matrixOf(scene, node);
  if (whole === undefined || whole.inputs.length < 2) return null;
  const covered = faces.filter(({ cover }) => cover !== null && faces[cover]?.node === node);
  const beside = matrixOf(scene, whole.inputs[0] ?? -1)?.rows === whole.rows;
  const blocks: Block[] = [];
  let at = 0;
  for (const input of whole.inputs) {
    const face = covered.find((entry) => entry.node === input);
    const own = matrixOf(scene, input);
    if (!face || !own || (beside ? own.rows !== whole.rows : own.cols !== whole.cols)) return null;
    const { rows, cols } = own;
    blocks.push({ face, row: beside ? 0 : at, col: beside ? at : 0, rows, cols });
    at += beside ? cols : rows;
  }
  return at === (beside ? whole.cols : whole.rows) ? blocks : null;
}

/** Parts of a block as parts of its cover, `node`; null: all of it is finished. */
export function movedParts(scene: LoadedScene, block: Block, node: number, parts: readonly Part[] | null) {
  const { face, row, col, rows, cols } = block;
  if (parts === null) return [{ rect: { row, col, rows, cols }, node, sums: null }];
  return parts.map((part): Part => {
    const rect = { ...part.rect, row: row + part.rect.row, col: col + part.rect.col };
    if (part.sums !== null) return { ...part, rect };
    return part.node === face.node
      ? { rect, node, sums: null }
      : { ...part, rect, sums: sumsOf(scene, part) };
  });
}

/** The values of some cells of a node by themselves. */
function sumsOf(scene: LoadedScene, { node, rect }: Part) {
  const cells = cellsOf(scene, node);
  const { row, col, rows, cols } = rect;
  const wide = cells?.matrix.cols ?? 0;
  const values = Float64Array.from(
    { length: rows * cols },
    (_, p) => cells?.values[(row + Math.floor(p / cols)) * wide + col + (p % cols)] ?? 0,
  );
  return { key: `${node} ${row} ${col} ${rows} ${cols}`, values };
}
