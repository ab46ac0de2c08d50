// The ink source of a split matrix: its cells at their places, and nothing in the gaps.

import { fromHalf, toHalf } from "./half";
import type { ExactSource, InkSource, PooledSource } from "./ink";
import { extentOf, placeOf, runsOf } from "./places";
import type { Split } from "./types.gen";

/** Some rows or columns of a matrix: from which cell on, and in which blocks all of them lie. */
export interface Along {
  readonly split: Split | null;
  readonly start: number;
  /** Of the whole matrix; of averages this is not the number of averages. */
  readonly size: number;
}

/** The source on the grid of places; exact cells are those from `start` on. */
export function spread(source: InkSource, rows: Along, cols: Along): InkSource {
  if (rows.split === null && cols.split === null) return source;
  return source.kind === "exact" ? spreadCells(source, rows, cols) : spreadAverages(source, rows, cols);
}

/** Places of cells start .. start + count - 1, counted from that of the first. */
function placesFrom({ split, start }: Along, count: number): Int32Array {
  const first = placeOf(split, start);
  return Int32Array.from({ length: count }, (_, n) => placeOf(split, start + n) - first);
}

function spreadCells(source: ExactSource, rows: Along, cols: Along): ExactSource {
  const down = placesFrom(rows, source.rows);
  const across = placesFrom(cols, source.cols);
  const [high, wide] = [(down.at(-1) ?? -1) + 1, (across.at(-1) ?? -1) + 1];
  const values =
    source.values instanceof Float32Array ? new Float32Array(high * wide) : new Float64Array(high * wide);
  const mask = source.mask === null ? null : new Uint8Array(high * wide);
  for (let r = 0, p = 0; r < source.rows; r++) {
    const start = (down[r] ?? 0) * wide;
    for (let c = 0; c < source.cols; c++, p++) {
      const at = start + (across[c] ?? 0);
      values[at] = source.values[p] ?? 0;
      if (mask !== null) mask[at] = source.mask?.[p] ?? 0;
    }
  }
  return { kind: "exact", rows: high, cols: wide, values, mask };
}

/** Which averages a texel covers, and by what share; gaps make shares add up to less than 1. */
interface Share {
  readonly from: number;
  readonly weights: readonly number[];
}

/** Averages laid over the places in texels of about the same size. */
export function sharesOf(averages: number, { split, size }: Along): readonly Share[] {
  if (split === null || averages === 0)
    return Array.from({ length: averages }, (_, from) => ({ from, weights: [1] }));
  const block = size / averages;
  const whole = extentOf(split, size);
  const texels = Math.ceil(whole / block);
  const length = whole / texels;
  // Averages come in order, and those of a texel follow each other: no more weights than pairs that touch.
  const shares = Array.from({ length: texels }, () => ({ from: 0, weights: [] as number[] }));
  for (const [start, stop] of runsOf(split, size)) {
    const shift = placeOf(split, start) - start;
    for (let a = Math.floor(start / block); a < Math.min(averages, Math.ceil(stop / block)); a++) {
      const low = Math.max(a * block, start) + shift;
      const high = Math.min((a + 1) * block, stop) + shift;
      for (let t = Math.floor(low / length); t < Math.min(texels, Math.ceil(high / length)); t++) {
        const share = (Math.min(high, (t + 1) * length) - Math.max(low, t * length)) / length;
        const texel = shares[t];
        if (share <= 0 || texel === undefined) continue;
        if (texel.weights.length === 0) texel.from = a;
        texel.weights[a - texel.from] = (texel.weights[a - texel.from] ?? 0) + share;
      }
    }
  }
  return shares;
}

const add = (sum: number, weight: number, value: number) => sum + weight * value;
const larger = (most: number, weight: number, value: number) => (weight > 0 ? Math.max(most, value) : most);

function spreadAverages(source: PooledSource, rows: Along, cols: Along): PooledSource {
  const [down, across] = [sharesOf(source.rows, rows), sharesOf(source.cols, cols)];
  const pairs = new Uint16Array(2 * down.length * across.length);
  const flags = new Uint8Array(down.length * across.length);
  const floats = Float32Array.from(source.pairs, fromHalf);
  const line = new Float64Array(2 * source.cols);
  const join = source.peak ? larger : add;
  const marks = new Uint8Array(source.cols);
  down.forEach((texel, r) => {
    line.fill(0);
    marks.fill(0);
    texel.weights.forEach((weight, d) => {
      const start = (texel.from + d) * source.cols;
      for (let c = 0; weight > 0 && c < source.cols; c++) {
        line[2 * c] = join(line[2 * c] ?? 0, weight, floats[2 * (start + c)] ?? 0);
        line[2 * c + 1] = join(line[2 * c + 1] ?? 0, weight, floats[2 * (start + c) + 1] ?? 0);
        marks[c] = Math.max(marks[c] ?? 0, source.flags[start + c] ?? 0);
      }
    });
    across.forEach(({ from, weights }, q) => {
      let [up, under, mark] = [0, 0, 0];
      weights.forEach((weight, d) => {
        up = join(up, weight, line[2 * (from + d)] ?? 0);
        under = join(under, weight, line[2 * (from + d) + 1] ?? 0);
        if (weight > 0) mark = Math.max(mark, marks[from + d] ?? 0);
      });
      const at = r * across.length + q;
      const [plus, minus] = source.peak ? [up >= under, under > up] : [true, true];
      pairs[2 * at] = plus ? toHalf(up) : 0;
      pairs[2 * at + 1] = minus ? toHalf(under) : 0;
      flags[at] = mark;
    });
  });
  return { ...source, rows: down.length, cols: across.length, pairs, flags };
}
