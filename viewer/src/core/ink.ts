// The ink of a matrix, and its pyramid: what the picture samples. See "A cell's ink" in docs/drawing.md.
//
//   values, mask ──classify──▶ index of each cell in a small table ──▶ level 0 (RGBA f16) ──halve──▶ level 1 …
//
// A cell's ink depends only on its sign and magnitude, so it is one of a few thousand entries. Averages are
// taken of the entries in float32 and rounded to f16 once, so that errors do not add up over the levels. Ink has
// no colour: palettes and themes change nothing here.

import { halfTable, toHalves } from "./half";
import { linear, tableColour, tableValue } from "./palette";
import { type FlagLevel, flagPyramid, halvedByArea, halvedByPeak, held, meanOf, type Rows } from "./pyramid";
import type { Ink, Scale, Vec3 } from "./types.gen";

/** Everything besides the values that ink depends on. */
export interface InkLook {
  readonly ink: Ink;
  /** Areas of dots over a. */
  readonly sizes: readonly number[];
  /** The plate from the front, into which dots are mixed: 0xRRGGBB. */
  readonly plate: number;
  /** The colour of text, for the dots of a softmax; null for other matrices. */
  readonly bright: number | null;
  readonly scale: Scale;
  readonly contrast: number;
  readonly dotScale: number;
  /** Pool by the largest dot instead of the average. */
  readonly peak: boolean;
}

export interface ExactSource {
  readonly kind: "exact";
  readonly rows: number;
  readonly cols: number;
  readonly values: Float32Array | Float64Array;
  readonly mask: Uint8Array | null;
}

/** Averages of blocks, f16 pairs of mean strengths, positive and negative; or their extremes, of which one of each pair is 0. */
export interface PooledSource {
  readonly kind: "pooled";
  readonly rows: number;
  readonly cols: number;
  readonly pairs: Uint16Array;
  /** 0 none, 1 NaN, 2 an infinity. */
  readonly flags: Uint8Array;
  readonly peak: boolean;
}

export type InkSource = ExactSource | PooledSource;

/** One level: rows × cols texels of four halves: positive strength, magnitude, masked share, strength. */
export interface InkLevel {
  readonly rows: number;
  readonly cols: number;
  readonly halves: Uint16Array;
}

export interface InkPyramid {
  /** Largest first; the first has no side above `maxSide`. */
  readonly levels: readonly InkLevel[];
  /** How many levels were left out at the top: then the first is no longer one texel a cell. */
  readonly dropped: number;
  /** 0 none, 1 NaN, 2 +Inf, 3 -Inf; null when there are none. */
  readonly flags: readonly FlagLevel[] | null;
}

/** Constants of `curve`: of the strength of ink, of a dot's colour in the plate, and of a tile's. */
export const STRENGTH = [0.07, 0.93, 0.6] as const;
export const DOT_MIX = [0.42, 0.58, 0.7] as const;
export const TILE_MIX = [0.2, 0.8, 0.8] as const;
export const SHARES_MIX = [0.62, 0.38, 0.7] as const;
/** Of the dots of a softmax: their least radius, and from which magnitude on they go toward `bright`, at last by which share. */
const SHARES_RADIUS = 0.235;
const [BRIGHT_FROM, BRIGHT] = [0.75, 0.5];
const LARGEST_DOT = 0.5;

/** first + second · a^power. */
export const curve = (a: number, [first, second, power]: readonly [number, number, number]): number =>
  first + second * a ** power;

const STEPS = 4096; // entries for each sign; finer than f16 can tell apart at full brightness
const POSITIVE = 1;
const NEGATIVE = POSITIVE + STEPS;
const NAN = NEGATIVE + STEPS; // and, after it, +Inf and -Inf
const MASKED = NAN + 3;
const ENTRIES = MASKED + 1;

/** Radius of the dot of magnitude a, cells. */
export function dotRadius(look: Pick<InkLook, "sizes" | "dotScale" | "bright">, a: number): number {
  const least = look.bright === null ? 0 : SHARES_RADIUS;
  return Math.min(
    Math.max(Math.sqrt(tableValue(look.sizes, a) / Math.PI), least) * look.dotScale,
    LARGEST_DOT,
  );
}

/** Two colours of linear light mixed evenly to the eye: by their square roots. */
export function mixed(plate: Vec3, colour: Vec3, share: number): Vec3 {
  const of = (p: number, c: number): number => (Math.sqrt(p) + (Math.sqrt(c) - Math.sqrt(p)) * share) ** 2;
  return [of(plate[0], colour[0]), of(plate[1], colour[1]), of(plate[2], colour[2])];
}

/** The linear colour of the dot of magnitude a: the palette's, mixed into the plate. */
export function dotColour(
  { ink, plate, bright }: Pick<InkLook, "ink" | "plate" | "bright">,
  a: number,
  isPositive: boolean,
): Vec3 {
  const colour = tableColour(isPositive ? ink.positive : ink.negative, a);
  if (bright === null) return mixed(linear(plate), colour, curve(a, DOT_MIX));
  const share = BRIGHT * Math.min(Math.max((a - BRIGHT_FROM) / (1 - BRIGHT_FROM), 0), 1);
  return mixed(mixed(linear(plate), colour, curve(a, SHARES_MIX)), linear(bright), share);
}

/** `a` in [0, 1] of |v|. */
export function magnitude(look: InkLook, size: number): number {
  return Math.min(Math.max((size * look.contrast - look.scale.lo) / span(look.scale), 0), 1);
}

/** Never zero: a scale without extent becomes a step. */
const span = ({ lo, hi }: Scale): number => (hi > lo ? hi - lo : Math.max(Math.abs(hi), 1) * 1e-9);

/** Memory that is used over and over for what passes: fresh memory costs as much as the work. */
export class InkRoom {
  readonly #held = new Map<string, ArrayBuffer>();

  /** At least so many bytes, with what was there before; only one use of a `name` at a time. */
  bytes(name: string, count: number): ArrayBuffer {
    let room = this.#held.get(name);
    if (room === undefined || room.byteLength < count) {
      room = new ArrayBuffer(count);
      this.#held.set(name, room);
    }
    return room;
  }
}

/**
 * @param maxSide is the longest side that a level may have.
 * @param unseen is how many levels at the top are never sampled; the smallest level is always there.
 * @param room is what the levels are made in; they hold until it is used again.
 */
export function buildInk(
  source: InkSource,
  look: InkLook,
  maxSide = Infinity,
  unseen = 0,
  room = new InkRoom(),
): InkPyramid {
  if (source.rows === 0 || source.cols === 0) return { levels: [], dropped: 0, flags: null };
  if (source.kind === "pooled") {
    const built = pyramid(pooledRows(source, look), null, look.peak, maxSide, unseen);
    return { ...built, flags: flagsOf(source, source.flags, built.dropped) };
  }
  const { index, isSpecial } = classify(source.values, look, room);
  if (source.mask !== null) hide(index, source.mask);
  const table = inkTable(look);
  const first = unseen === 0 && fits(source, maxSide) ? firstLevel(source, index, table, room) : null;
  const built = pyramid(indexedRows(source, index, table, room), first, look.peak, maxSide, unseen);
  return { ...built, flags: isSpecial ? flagsOf(source, flagsIn(index), built.dropped) : null };
}

const fits = (size: { rows: number; cols: number }, maxSide: number): boolean =>
  size.rows <= maxSide && size.cols <= maxSide;

/** The table entry of every cell, and whether any is NaN or infinite. */
function classify(
  values: Float32Array | Float64Array,
  look: InkLook,
  room: InkRoom,
): { readonly index: Uint16Array; readonly isSpecial: boolean } {
  const { contrast } = look;
  const lo = look.scale.lo;
  const extent = span(look.scale);
  const index = new Uint16Array(room.bytes("index", 2 * values.length), 0, values.length);
  // The sign as a number: of random signs a branch guesses every second one wrong.
  const words = values.BYTES_PER_ELEMENT / 4;
  const bits = new Uint32Array(values.buffer, values.byteOffset, words * values.length);
  let isSpecial = false;
  for (let p = 0, high = words - 1; p < index.length; p++, high += words) {
    const v = values[p] as number;
    const size = Math.abs(v);
    const a = (size * contrast - lo) / extent;
    const step = a >= 1 ? STEPS - 1 : a > 0 ? (a * (STEPS - 1) + 0.5) | 0 : 0;
    // False for an infinity and for NaN alike.
    if (v === 0) index[p] = 0;
    else if (size < Infinity) index[p] = POSITIVE + STEPS * ((bits[high] as number) >>> 31) + step;
    else {
      index[p] = specialEntry(v);
      isSpecial = true;
    }
  }
  return { index, isSpecial };
}

const specialEntry = (v: number): number => (v > 0 ? NAN + 1 : v < 0 ? NAN + 2 : NAN);

function hide(index: Uint16Array, mask: Uint8Array): void {
  for (let p = 0; p < index.length; p++) if (mask[p] !== 0) index[p] = MASKED;
}

/** The last tables made: a film inks a few matrices anew in each step, by the same look. */
const tables: { readonly dotScale: number; readonly table: Float32Array }[] = [];
const MOST_TABLES = 4;

function inkTable({ dotScale }: InkLook): Float32Array {
  const cached = tables.find((table) => table.dotScale === dotScale);
  if (cached !== undefined) return cached.table;
  const table = newTable(dotScale);
  tables.unshift({ dotScale, table });
  tables.length = Math.min(tables.length, MOST_TABLES);
  return table;
}

/** Four floats per entry: positive strength, magnitude, masked, strength. NaN and infinities have flags alone. */
function newTable(dotScale: number): Float32Array {
  const table = new Float32Array(4 * ENTRIES);
  for (let step = 0; step < STEPS; step++) {
    const a = step / (STEPS - 1);
    const u = Math.min(curve(a, STRENGTH) * dotScale ** 2, 1);
    table.set([u, a, 0, u], 4 * (POSITIVE + step));
    table.set([0, a, 0, u], 4 * (NEGATIVE + step));
  }
  table.set([0, 0, 1, 0], 4 * MASKED);
  return table;
}

function firstLevel(
  { rows, cols }: ExactSource,
  index: Uint16Array,
  table: Float32Array,
  room: InkRoom,
): InkLevel {
  // Two halves at a time: little-endian, as every machine with a browser is.
  const entries = new Uint32Array(toHalves(table).buffer);
  const pairs = new Uint32Array(room.bytes("first", 8 * index.length), 0, 2 * index.length);
  for (let p = 0; p < index.length; p++) {
    const entry = index[p] as number;
    pairs[2 * p] = entries[2 * entry] as number;
    pairs[2 * p + 1] = entries[2 * entry + 1] as number;
  }
  return { rows, cols, halves: new Uint16Array(pairs.buffer, 0, 4 * index.length) };
}

function indexedRows(
  { rows, cols }: ExactSource,
  index: Uint16Array,
  table: Float32Array,
  room: InkRoom,
): Rows {
  const isEven = rows % 2 === 0 && cols % 2 === 0;
  return {
    rows,
    cols,
    ...(isEven && { halved: () => halvedByTable(rows, cols, index, table, room) }),
    read(row, out) {
      const start = row * cols;
      for (let c = 0; c < cols; c++) {
        const from = 4 * (index[start + c] ?? 0);
        out[4 * c] = table[from] ?? 0;
        out[4 * c + 1] = table[from + 1] ?? 0;
        out[4 * c + 2] = table[from + 2] ?? 0;
        out[4 * c + 3] = table[from + 3] ?? 0;
      }
    },
  };
}

/** What `halvedByArea` makes of even sides, bit by bit, without writing the fine level down. */
function halvedByTable(
  rows: number,
  cols: number,
  index: Uint16Array,
  table: Float32Array,
  room: InkRoom,
): Rows {
  const [high, wide] = [rows / 2, cols / 2];
  const data = new Float32Array(room.bytes("halved", 16 * high * wide), 0, 4 * high * wide);
  for (let r = 0, q = 0; r < high; r++) {
    for (let c = 0, p = 2 * r * cols; c < wide; c++, p += 2, q += 4) {
      const a = 4 * (index[p] as number);
      const b = 4 * (index[p + 1] as number);
      const d = 4 * (index[p + cols] as number);
      const e = 4 * (index[p + cols + 1] as number);
      data[q] = meanOf(table, a, b, d, e);
      data[q + 1] = meanOf(table, a + 1, b + 1, d + 1, e + 1);
      data[q + 2] = meanOf(table, a + 2, b + 2, d + 2, e + 2);
      data[q + 3] = meanOf(table, a + 3, b + 3, d + 3, e + 3);
    }
  }
  return held(high, wide, data);
}

function pooledRows({ rows, cols, pairs }: PooledSource, look: InkLook): Rows {
  const grow = look.dotScale ** 2;
  const numbers = halfTable();
  const data = new Float32Array(4 * rows * cols);
  for (let at = 0, q = 0; q < data.length; at += 2, q += 4) {
    const p = (numbers[pairs[at] as number] as number) * grow;
    const n = (numbers[pairs[at + 1] as number] as number) * grow;
    const fit = Math.min(1, 1 / Math.max(p + n, 1e-9));
    data[q] = p * fit;
    data[q + 1] = data[q + 3] = (p + n) * fit;
  }
  return held(rows, cols, data);
}

/** All levels from the finest that fits down to 1 × 1. `first` is the finest one if already made. */
function pyramid(
  base: Rows,
  first: InkLevel | null,
  peak: boolean,
  maxSide: number,
  unseen: number,
): InkPyramid {
  const levels: InkLevel[] = [];
  let dropped = 0;
  let rows = base;
  let level = first;
  for (;;) {
    const isLast = rows.rows === 1 && rows.cols === 1;
    if (!fits(rows, maxSide) || (dropped < unseen && !isLast)) dropped++;
    else levels.push(level ?? { rows: rows.rows, cols: rows.cols, halves: toHalves(allOf(rows)) });
    if (isLast) return { levels, dropped, flags: null };
    rows = peak ? halvedByPeak(rows) : (rows.halved?.() ?? halvedByArea(rows));
    level = null;
  }
}

function allOf(rows: Rows): Float32Array {
  if (rows.data !== undefined) return rows.data;
  const stride = 4 * rows.cols;
  const all = new Float32Array(rows.rows * stride);
  for (let r = 0; r < rows.rows; r++) rows.read(r, all.subarray(r * stride, (r + 1) * stride));
  return all;
}

function flagsIn(index: Uint16Array): Uint8Array {
  const flags = new Uint8Array(index.length);
  for (let p = 0; p < index.length; p++) {
    const entry = index[p] ?? 0;
    if (entry >= NAN && entry !== MASKED) flags[p] = entry - NAN + 1;
  }
  return flags;
}

function flagsOf({ rows, cols }: InkSource, flags: Uint8Array, dropped: number): readonly FlagLevel[] | null {
  return flags.some((flag) => flag !== 0) ? flagPyramid({ rows, cols, flags }).slice(dropped) : null;
}
