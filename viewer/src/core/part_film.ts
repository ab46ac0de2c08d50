// Sheets of partial results in a film: how many products of its block each cell has, and their sum;
// and parts of faces, cut out of sums and turned.

import { done, formedIn, regions } from "./film";
import type { Part } from "./frame";
import type { PartOf } from "./parts";
import { type Rect, turned } from "./reveal";
import { type Operands, productOf } from "./running";
import type { Sweep } from "./types.gen";

/** The number of products of a part that cell (i, j) of the sweep has at time t. */
export function countsIn(sweep: Sweep, part: PartOf, t: number): (i: number, j: number) => number {
  const [high, wide, deep] = sweep.blocks;
  const made = new Int32Array(high * wide);
  for (const region of regions(sweep, done(sweep, t)))
    for (let i = region.i[0]; i < region.i[1]; i++)
      made.fill(region.made, i * wide + region.j[0], i * wide + region.j[1]);
  const { start, stop } = part;
  const isOwn = deep < sweep.sizes[2] && start % deep === 0;
  return (i, j) => {
    const products = made[(i % high) * wide + (j % wide)] ?? 0;
    const formed = isOwn
      ? formedIn(sweep, products, i, j, start / deep)
      : formedIn(sweep, products, i, j, 0) - start;
    return Math.min(Math.max(formed, 0), stop - start);
  };
}

/** The sums of a part at time t; cells that have all of its products are taken from `full`. */
export function partAt(
  sweep: Sweep,
  part: PartOf,
  operands: Operands,
  full: Float64Array,
  t: number,
): Float64Array {
  const [rows, cols] = sweep.sizes;
  const count = countsIn(sweep, part, t);
  const values = new Float64Array(rows * cols);
  for (let i = 0, p = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++, p++) {
      const formed = count(i, j);
      if (formed === part.stop - part.start) values[p] = full[p] ?? 0;
      else
        for (let k = 0; k < formed; k++)
          values[p] = (values[p] ?? 0) + productOf(operands, i, j, part.start + k);
    }
  }
  return values;
}

/** Sums with rows and columns exchanged. */
export function turnedPart({ rect, node, sums }: Part): Part {
  if (sums === null) return { rect: turned(rect), node, sums };
  const values = new Float64Array(sums.values.length);
  for (let p = 0; p < values.length; p++) {
    values[p] = sums.values[(p % rect.rows) * rect.cols + Math.floor(p / rect.rows)] ?? 0;
  }
  return { rect: turned(rect), node, sums: { key: `${sums.key} turned`, values } };
}

/** A rectangle out of the sums of all cells. */
export function cut(all: Float64Array, wide: number, { row, col, rows, cols }: Rect): Float64Array {
  if (cols === wide && row === 0 && rows * cols === all.length) return all;
  const out = new Float64Array(rows * cols);
  for (let r = 0; r < rows; r++) {
    const from = (row + r) * wide + col;
    out.set(all.subarray(from, from + cols), r * cols);
  }
  return out;
}
