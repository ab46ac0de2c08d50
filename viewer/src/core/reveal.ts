// Which cells of a matrix are there: a sweep leaves few regions of equally many products, so that what is
// complete is a few rectangles, and nothing is ever asked of single cells.

import { byLetter, done, inBlocks, partCount, type Region, regions, type Span } from "./film";
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

export const turned = ({ row, col, rows, cols }: Rect): Rect => ({
  row: col,
  col: row,
  rows: cols,
  cols: rows,
});

const rectOf = (row: number, col: number, rows: number, cols: number): readonly Rect[] =>
  rows > 0 && cols > 0 ? [{ row, col, rows, cols }] : [];

/** Every pair of a range of rows and one of columns. */
const rectsOf = (rows: readonly Span[], cols: readonly Span[]): readonly Rect[] =>
  rows.flatMap(([top, bottom]) =>
    cols.flatMap(([left, right]) => rectOf(top, left, bottom - top, right - left)),
  );

/** A region of a block in all blocks. */
function spread({ sizes, blocks }: Sweep, { i, j }: Region): readonly Rect[] {
  return rectsOf(inBlocks(i, sizes[0], blocks[0]), inBlocks(j, sizes[1], blocks[1]));
}

/** The complete cells of a sweep's own node. */
export function completeIn(sweep: Sweep, t: number): readonly Rect[] {
  return completeRegions(sweep, t).flatMap((entry) => spread(sweep, entry));
}

function completeRegions(sweep: Sweep, t: number): readonly Region[] {
  return regions(sweep, done(sweep, t)).filter(({ made }) => made >= sweep.blocks[2]);
}

/** Cells with sums under way, and of how many products; none where k is split, for then they lie elsewhere. */
export function underWayIn(
  sweep: Sweep,
  t: number,
): readonly { readonly rect: Rect; readonly made: number }[] {
  if (partCount(sweep) > 1) return [];
  const begun = regions(sweep, done(sweep, t)).filter(({ made }) => made > 0 && made < sweep.blocks[2]);
  return begun.flatMap((entry) => spread(sweep, entry).map((rect) => ({ rect, made: entry.made })));
}

/** Which rows (i) or columns (j) of a sweep are whole. */
function wholeAlong(sweep: Sweep, t: number, letter: "i" | "j"): readonly Span[] {
  const [size, block] = [byLetter(sweep.sizes)[letter], byLetter(sweep.blocks)[letter]];
  const other = letter === "i" ? "j" : "i";
  const needed = byLetter(sweep.blocks)[other];
  if (needed === 0) return [[0, size]];
  const complete = completeRegions(sweep, t);
  const ends = [...new Set(complete.flatMap((entry) => entry[letter]))].sort((a, b) => a - b);
  return ends.flatMap((first, at) => {
    const end = ends[at + 1] ?? first;
    const across = complete.filter((entry) => entry[letter][0] <= first && entry[letter][1] >= end);
    const wide = across.reduce((sum, region) => sum + region[other][1] - region[other][0], 0);
    return end > first && wide === needed ? inBlocks([first, end], size, block) : [];
  });
}

/** The cells of a node of `rows` × `cols` for which one of its needs is met. */
function metBy(need: Need, sweep: Sweep, t: number, rows: number, cols: number): readonly Rect[] {
  const { row, col } = need;
  if (row === null && col === null) return done(sweep, t) === sweep.steps ? rectOf(0, 0, rows, cols) : [];
  if (row === "i" && col === "j") return completeIn(sweep, t);
  if (row === "j" && col === "i") return completeIn(sweep, t).map(turned);
  const high: readonly Span[] = row === null ? [[0, rows]] : wholeAlong(sweep, t, row);
  const wide: readonly Span[] = col === null ? [[0, cols]] : wholeAlong(sweep, t, col);
  return rectsOf(high, wide);
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
export function common(some: readonly Rect[], others: readonly Rect[]): readonly Rect[] {
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
  return taken.reduce<readonly Rect[]>((left, gap) => left.flatMap((rect) => cut(rect, gap)), some);
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
