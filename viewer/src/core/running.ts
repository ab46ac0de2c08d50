// Running sums of a contraction, in float64 and in the order of k, for any number of products.

import type { By, Span } from "./film";
import { cellsIn, common, type Rect, without } from "./reveal";
import { cellsOf } from "./sums";
import type { Box, Layout, Limit, Sweep } from "./types.gen";
import type { LoadedScene } from "./wire";

/** One operand: `values[outer · a + k · b]` is its entry at the letter that the result keeps, and k. */
interface Operand {
  readonly values: Float32Array | Float64Array;
  readonly keep: number;
  readonly inner: number;
}

/** The operands of a contraction in its own letters: left (i, k), right (k, j). */
export interface Operands {
  readonly left: Operand;
  readonly right: Operand;
}

/** Operands as a box shows them; null where their exact values are not here. */
export function operandsOf(scene: LoadedScene, layout: Layout, box: Box): Operands | null {
  const first = operand(scene, layout, box.left, true);
  const second = operand(scene, layout, box.right, false);
  if (first === null || second === null) return null;
  // A box that shows (A @ B).T has the node's right operand at its left.
  return box.transposed ? { left: second, right: first } : { left: first, right: second };
}

function operand(scene: LoadedScene, layout: Layout, faceId: number, isLeft: boolean): Operand | null {
  const face = layout.faces[faceId];
  const cells = face === undefined ? null : cellsOf(scene, face.node);
  if (face === undefined || cells === null) return null;
  const stride = cells.matrix.cols;
  // The letter that the result keeps runs along the displayed rows of the left face, the columns of the right one.
  const keepsRows = isLeft !== face.transposed;
  return { values: cells.values, keep: keepsRows ? stride : 1, inner: keepsRows ? 1 : stride };
}

/** One product. */
export function productOf({ left, right }: Operands, i: number, j: number, k: number): number {
  const a = left.values[i * left.keep + k * left.inner] ?? Number.NaN;
  return a * (right.values[j * right.keep + k * right.inner] ?? Number.NaN);
}

/** The sum of `count` products of cell (i, j), from k = `start` on: the first ones, or those of a block of k. */
export function partialSum(operands: Operands, i: number, j: number, count: number, start = 0): number {
  let total = 0;
  for (let k = start; k < start + count; k++) total += productOf(operands, i, j, k);
  return total;
}

/** Memory for the cached sums of one film. */
export const BUDGET_BYTES = 160 << 20;

/** A rectangle of cells, each with its first `made` products. */
export interface Summed {
  readonly rect: Rect;
  readonly made: number;
}

/** Columns and products that are worked on together: what they read and write stays near the processor. */
const WIDE = 256;
const DEEP = 64;

/** Add the products first … end of a rectangle's cells to sums; what the limit leaves out is not formed. */
function addProducts(
  sums: Float64Array,
  wide: number,
  operands: Operands,
  limit: Limit | null,
  { row, col, rows, cols }: Rect,
  [first, end]: Span,
): void {
  if (limit !== null) {
    addLimited(sums, wide, operands, limit, { row, col, rows, cols }, [first, end]);
    return;
  }
  const { left, right } = operands;
  const lines = new Float64Array(Math.min(cols, WIDE) * Math.min(end - first, DEEP));
  for (let j = col; j < col + cols; j += WIDE) {
    const many = Math.min(WIDE, col + cols - j);
    for (let k = first; k < end; k += DEEP) {
      const deep = Math.min(DEEP, end - k);
      for (let p = 0, d = 0; d < deep; d++)
        for (let n = j; n < j + many; n++, p++)
          lines[p] = right.values[n * right.keep + (k + d) * right.inner] as number;
      for (let i = row; i < row + rows; i++)
        addLines(sums, i * wide + j, left, i * left.keep + k * left.inner, lines, many, deep);
    }
  }
}

/** Under a limit, product by product. */
function addLimited(
  sums: Float64Array,
  wide: number,
  operands: Operands,
  limit: Limit,
  { row, col, rows, cols }: Rect,
  [first, end]: Span,
): void {
  for (let i = row; i < row + rows; i++)
    for (let j = col; j < col + cols; j++)
      for (let k = first; k < end; k++)
        if (isFormed(limit, { i, j, k })) (sums[i * wide + j] as number) += productOf(operands, i, j, k);
}

/** Add `deep` multiples of lines, four in one pass and in their order. */
function addLines(
  sums: Float64Array,
  at: number,
  { values, inner }: Operand,
  from: number,
  lines: Float64Array,
  many: number,
  deep: number,
): void {
  let d = 0;
  for (; d + 4 <= deep; d += 4) {
    const start = from + d * inner;
    const [p, q] = [values[start] as number, values[start + inner] as number];
    const [r, s] = [values[start + 2 * inner] as number, values[start + 3 * inner] as number];
    for (let n = 0, a = d * many; n < many; n++, a++) {
      let sum = (sums[at + n] as number) + p * (lines[a] as number);
      sum += q * (lines[a + many] as number);
      sum += r * (lines[a + 2 * many] as number);
      sums[at + n] = sum + s * (lines[a + 3 * many] as number);
    }
  }
  for (; d < deep; d++) {
    const factor = values[from + d * inner] as number;
    for (let n = 0, a = d * many; n < many; n++, a++)
      sums[at + n] = (sums[at + n] as number) + factor * (lines[a] as number);
  }
}

const isFormed = ({ a, b, offset }: Limit, at: By<number>): boolean => at[b] <= at[a] + offset;

/** Sums that are there: of the cells of `have` alone. */
interface Held {
  readonly have: readonly Summed[];
  readonly sums: Float64Array;
}

/** Sums under way of one sweep. Some are cached, so that a second seek to any time is fast. */
export class Running {
  /** Products formed so far. */
  formed = 0;
  readonly #operands: Operands;
  readonly #sweep: Sweep;
  readonly #kept = new Map<number, Held>();
  readonly #every: number;
  #now: Held;

  /** @param budget bytes for the cached sums. */
  constructor(operands: Operands, sweep: Sweep, budget = BUDGET_BYTES) {
    this.#operands = operands;
    this.#sweep = sweep;
    this.#now = { have: [], sums: new Float64Array(sweep.sizes[0] * sweep.sizes[1]) };
    const room = Math.floor(budget / Math.max(this.#now.sums.byteLength, 1));
    this.#every = room < 1 ? Infinity : Math.ceil(sweep.sizes[2] / room);
  }

  /** Sums in the cells of `wanted`, from the nearest that are known; the array is written over by the next call. */
  at(wanted: readonly Summed[]): Float64Array {
    const { sums } = this.#now;
    let best = this.#now;
    for (const saved of this.#kept.values())
      if (missing(saved.have, wanted) < missing(best.have, wanted)) best = saved;
    if (best !== this.#now) sums.set(best.sums);
    this.#now = { have: best.have, sums };
    if (2 * cellsIn(wanted.map(({ rect }) => rect)) >= sums.length) this.#keepOnTheWay(wanted);
    this.#go(wanted);
    return sums;
  }

  /** Stop at every so many products on the way and keep what is there. */
  #keepOnTheWay(wanted: readonly Summed[]): void {
    const most = (some: readonly Summed[]) => some.reduce((so, { made }) => Math.max(so, made), 0);
    const every = this.#every;
    for (
      let made = every * (Math.floor(most(this.#now.have) / every) + 1);
      made <= most(wanted);
      made += every
    ) {
      this.#go(wanted.map((entry) => ({ rect: entry.rect, made: Math.min(entry.made, made) })));
      if (!this.#kept.has(made)) this.#kept.set(made, { have: this.#now.have, sums: this.#now.sums.slice() });
    }
  }

  #go(wanted: readonly Summed[]): void {
    const { have, sums } = this.#now;
    const wide = this.#sweep.sizes[1];
    for (const { rect, made } of wanted) {
      const reusable = have.filter((entry) => entry.made <= made);
      for (const bare of without(
        [rect],
        reusable.map((entry) => entry.rect),
      )) {
        for (let r = bare.row; r < bare.row + bare.rows; r++)
          sums.fill(0, r * wide + bare.col, r * wide + bare.col + bare.cols);
        this.#add(bare, [0, made]);
      }
      for (const region of reusable)
        for (const both of common([rect], [region.rect])) this.#add(both, [region.made, made]);
    }
    this.#now = { have: wanted, sums };
  }

  #add(rect: Rect, span: Span): void {
    this.formed += cellsIn([rect]) * (span[1] - span[0]);
    addProducts(this.#now.sums, this.#sweep.sizes[1], this.#operands, this.#sweep.limit, rect, span);
  }
}

/** Products that are still to be formed to get from one to the other. */
function missing(have: readonly Summed[], wanted: readonly Summed[]): number {
  return wanted.reduce((all, { rect, made }) => {
    const reusable = have.filter((entry) => entry.made <= made);
    const formed = reusable.reduce(
      (sum, region) => sum + region.made * cellsIn(common([rect], [region.rect])),
      0,
    );
    return all + made * cellsIn([rect]) - formed;
  }, 0);
}
