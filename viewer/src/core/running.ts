// Running sums of a contraction, in float64 and in the order of k, for any number of products.

import { cellsOf } from "./sums";
import type { Box, Layout, Sweep } from "./types.gen";
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

/** The sum of the first `count` products of cell (i, j). */
export function partialSum(operands: Operands, i: number, j: number, count: number): number {
  let total = 0;
  for (let k = 0; k < count; k++) total += productOf(operands, i, j, k);
  return total;
}

/** Memory that the kept sums of one film may take. */
export const BUDGET_BYTES = 160 << 20;

/** The sums of all cells at once, as outer products make them; sums at some k are kept, so that going back is quick. */
export class Running {
  readonly rows: number;
  readonly cols: number;
  readonly #operands: Operands;
  readonly #kept = new Map<number, Float64Array>();
  readonly #every: number;
  readonly #sums: Float64Array;
  #count = 0;

  /** @param budget is how many bytes the kept sums may take. */
  constructor(operands: Operands, { sizes: [rows, cols, depth] }: Sweep, budget = BUDGET_BYTES) {
    this.#operands = operands;
    this.rows = rows;
    this.cols = cols;
    this.#sums = new Float64Array(rows * cols);
    const room = Math.floor(budget / Math.max(this.#sums.byteLength, 1));
    this.#every = room < 1 ? depth + 1 : Math.max(1, Math.ceil(depth / room));
  }

  /** The sums of the first `count` products; the array is written over by the next call. */
  at(count: number): Float64Array {
    if (count < this.#count || count - this.#count > this.#every) this.#jump(count);
    while (this.#count < count) this.#add();
    return this.#sums;
  }

  /** Go to the nearest kept sums at or before `count`, unless what is here is nearer. */
  #jump(count: number): void {
    let best = 0;
    for (const at of this.#kept.keys()) if (at <= count && at > best) best = at;
    if (this.#count <= count && this.#count >= best) return;
    const found = this.#kept.get(best);
    if (found === undefined) this.#sums.fill(0);
    else this.#sums.set(found);
    this.#count = best;
  }

  #add(): void {
    const { rows, cols } = this;
    const sums = this.#sums;
    const k = this.#count;
    const { left, right } = this.#operands;
    const line = new Float64Array(cols);
    for (let j = 0; j < cols; j++) line[j] = right.values[j * right.keep + k * right.inner] ?? Number.NaN;
    for (let i = 0; i < rows; i++) {
      const a = left.values[i * left.keep + k * left.inner] ?? Number.NaN;
      const start = i * cols;
      for (let j = 0; j < cols; j++) sums[start + j] = (sums[start + j] ?? 0) + a * (line[j] ?? 0);
    }
    this.#count += 1;
    if (this.#count % this.#every === 0 && !this.#kept.has(this.#count))
      this.#kept.set(this.#count, sums.slice());
  }
}
