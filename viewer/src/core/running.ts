// Running sums of a contraction, in float64 and in the order of k, for any number of products.

import { type By, covered, type Span } from "./film";
import type { Rect } from "./reveal";
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

/** Memory that the kept sums of one film may take. */
export const BUDGET_BYTES = 160 << 20;

/** Add the products of some rows, columns and k to sums; what the limit leaves out is not formed. */
function addProducts(
  sums: Float64Array,
  wide: number,
  { left, right }: Operands,
  limit: Limit | null,
  { i: rows, j: cols, k: inner }: By<readonly Span[]>,
  [top, start]: readonly [number, number] = [0, 0],
): void {
  const down = indices(rows);
  for (const k of indices(inner)) {
    for (const [j0, j1] of cols) {
      const line = new Float64Array(j1 - j0);
      for (let j = j0; j < j1; j++)
        line[j - j0] = right.values[j * right.keep + k * right.inner] ?? Number.NaN;
      for (const i of down) {
        const factor = left.values[i * left.keep + k * left.inner] ?? Number.NaN;
        const at = (i - top) * wide + j0 - start;
        const formed = limit === null ? null : (n: number) => isFormed(limit, { i, j: j0 + n, k });
        addLine(sums, at, factor, line, formed);
      }
    }
  }
}

function addLine(
  sums: Float64Array,
  at: number,
  factor: number,
  line: Float64Array,
  formed: ((n: number) => boolean) | null,
): void {
  for (let n = 0; n < line.length; n++) {
    if (formed === null || formed(n)) sums[at + n] = (sums[at + n] ?? 0) + factor * (line[n] ?? 0);
  }
}

const indices = (spans: readonly Span[]): readonly number[] =>
  spans.flatMap(([first, end]) => Array.from({ length: end - first }, (_, n) => first + n));

const isFormed = ({ a, b, offset }: Limit, at: By<number>): boolean => at[b] <= at[a] + offset;

/** The sums of the first `made` products of a rectangle's cells, in rows. */
export function sumsIn(operands: Operands, { limit }: Sweep, rect: Rect, made: number): Float64Array {
  const sums = new Float64Array(rect.rows * rect.cols);
  const spans: By<readonly Span[]> = {
    i: [[rect.row, rect.row + rect.rows]],
    j: [[rect.col, rect.col + rect.cols]],
    k: [[0, made]],
  };
  addProducts(sums, rect.cols, operands, limit, spans, [rect.row, rect.col]);
  return sums;
}

/** The sums of all cells at once; those after some steps are kept, so that going back is quick. */
export class Running {
  readonly #operands: Operands;
  readonly #sweep: Sweep;
  readonly #kept = new Map<number, Float64Array>();
  readonly #every: number;
  readonly #sums: Float64Array;
  #steps = 0;

  /** @param budget is how many bytes the kept sums may take. */
  constructor(operands: Operands, sweep: Sweep, budget = BUDGET_BYTES) {
    this.#operands = operands;
    this.#sweep = sweep;
    this.#sums = new Float64Array(sweep.sizes[0] * sweep.sizes[1]);
    const room = Math.floor(budget / Math.max(this.#sums.byteLength, 1));
    this.#every = room < 1 ? sweep.steps + 1 : Math.max(1, Math.ceil(sweep.steps / room));
  }

  /** How many steps it takes to get to `steps` from what is known. */
  away(steps: number): number {
    return Math.min(steps - this.#nearest(steps), steps >= this.#steps ? steps - this.#steps : steps);
  }

  /** The sums after `steps` steps; the array is written over by the next call. */
  at(steps: number): Float64Array {
    if (steps < this.#steps || steps - this.#steps > this.#every) this.#jump(steps);
    while (this.#steps < steps) this.#add();
    return this.#sums;
  }

  #nearest(steps: number): number {
    let best = 0;
    for (const at of this.#kept.keys()) if (at <= steps && at > best) best = at;
    return best;
  }

  /** Go to the nearest kept sums at or before `steps`, unless what is here is nearer. */
  #jump(steps: number): void {
    const best = this.#nearest(steps);
    if (this.#steps <= steps && this.#steps >= best) return;
    const found = this.#kept.get(best);
    if (found === undefined) this.#sums.fill(0);
    else this.#sums.set(found);
    this.#steps = best;
  }

  #add(): void {
    const { limit, sizes } = this.#sweep;
    addProducts(this.#sums, sizes[1], this.#operands, limit, covered(this.#sweep, this.#steps));
    this.#steps += 1;
    if (this.#steps % this.#every === 0 && !this.#kept.has(this.#steps))
      this.#kept.set(this.#steps, this.#sums.slice());
  }
}
