// Which cells of a matrix are there: a sweep completes rows or columns from the first on, so that what is
// complete is a few rectangles, and nothing is ever asked of single cells.

import { done, sizesOf } from "./film";
import type { Need, Sweep } from "./types.gen";

/** Cells of a node by its own indices. */
export interface Rect {
  readonly row: number;
  readonly col: number;
  readonly rows: number;
  readonly cols: number;
}

export const cellsIn = (rects: readonly Rect[]): number =>
  rects.reduce((sum, { rows, cols }) => sum + rows * cols, 0);

export const holds = ({ row, col, rows, cols }: Rect, r: number, c: number): boolean =>
  r >= row && r < row + rows && c >= col && c < col + cols;

const turned = ({ row, col, rows, cols }: Rect): Rect => ({ row: col, col: row, rows: cols, cols: rows });

const rectOf = (row: number, col: number, rows: number, cols: number): readonly Rect[] =>
  rows > 0 && cols > 0 ? [{ row, col, rows, cols }] : [];

/** Whole rows that are complete, and how far the next one is; or the same of columns. */
interface Stair {
  readonly by: "i" | "j";
  readonly full: number;
  readonly extra: number;
}

function stairOf(sweep: Sweep, t: number): Stair {
  const { i, j, k } = sizesOf(sweep);
  const [first, second] = sweep.moving;
  const steps = done(sweep, t);
  if (first === "k") return { by: "i", full: steps === k ? i : 0, extra: 0 };
  const by = first === "j" ? "j" : "i";
  const length = by === "i" ? j : i;
  if (second === undefined) return { by, full: steps, extra: 0 };
  if (second === "k") return { by, full: Math.floor(steps / k), extra: 0 };
  return { by, full: Math.floor(steps / length), extra: steps % length };
}

/** The complete cells of a sweep's own node. */
export function completeIn(sweep: Sweep, t: number): readonly Rect[] {
  const { i, j } = sizesOf(sweep);
  const { by, full, extra } = stairOf(sweep, t);
  const rects = [...rectOf(0, 0, full, by === "i" ? j : i), ...rectOf(full, 0, 1, extra)];
  return by === "i" ? rects : rects.map(turned);
}

/** How many rows (i) or columns (j) of a sweep are whole, from the first on. */
function wholeAlong(sweep: Sweep, t: number, letter: "i" | "j"): number {
  const { i, j } = sizesOf(sweep);
  const { by, full, extra } = stairOf(sweep, t);
  if (by === letter) return full;
  const [lines, length] = by === "i" ? [i, j] : [j, i];
  if (full >= lines) return length;
  return full === lines - 1 ? extra : 0;
}

/** The cells of a node of `rows` × `cols` for which one of its needs is met. */
function metBy(need: Need, sweep: Sweep, t: number, rows: number, cols: number): readonly Rect[] {
  const { row, col } = need;
  if (row === null && col === null) return done(sweep, t) === sweep.steps ? rectOf(0, 0, rows, cols) : [];
  if (row === "i" && col === "j") return completeIn(sweep, t);
  if (row === "j" && col === "i") return completeIn(sweep, t).map(turned);
  const high = row === null ? rows : wholeAlong(sweep, t, row);
  const wide = col === null ? cols : wholeAlong(sweep, t, col);
  return rectOf(0, 0, high, wide);
}

/** The cells of a node that are there: every need met. */
export function presentIn(
  needs: readonly Need[],
  sweeps: ReadonlyMap<number, Sweep>,
  t: number,
  rows: number,
  cols: number,
): readonly Rect[] {
  let present = rectOf(0, 0, rows, cols);
  for (const need of needs) {
    const sweep = sweeps.get(need.sweep);
    if (sweep !== undefined) present = common(present, metBy(need, sweep, t, rows, cols));
  }
  return present;
}

/** What lies in both. */
function common(some: readonly Rect[], others: readonly Rect[]): readonly Rect[] {
  return some.flatMap((a) =>
    others.flatMap((b) => {
      const [row, col] = [Math.max(a.row, b.row), Math.max(a.col, b.col)];
      const bottom = Math.min(a.row + a.rows, b.row + b.rows);
      const right = Math.min(a.col + a.cols, b.col + b.cols);
      return rectOf(row, col, bottom - row, right - col);
    }),
  );
}

/** What of `some` lies in none of `taken`. */
export function without(some: readonly Rect[], taken: readonly Rect[]): readonly Rect[] {
  return taken.reduce<readonly Rect[]>((left, one) => left.flatMap((rect) => cut(rect, one)), some);
}

function cut(rect: Rect, hole: Rect): readonly Rect[] {
  const [inner] = common([rect], [hole]);
  if (inner === undefined) return [rect];
  const bottom = inner.row + inner.rows;
  const right = inner.col + inner.cols;
  return [
    ...rectOf(rect.row, rect.col, inner.row - rect.row, rect.cols),
    ...rectOf(bottom, rect.col, rect.row + rect.rows - bottom, rect.cols),
    ...rectOf(inner.row, rect.col, inner.rows, inner.col - rect.col),
    ...rectOf(inner.row, right, inner.rows, rect.col + rect.cols - right),
  ];
}
