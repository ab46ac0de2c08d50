// Numbers on cells: how the values of a matrix are written, how large, and from which distance, as in
// playback/digits.py.

import { ADVANCES, GLYPHS } from "./glyphs";
import type { StyleView, Vec3 } from "./types.gen";

export const LONGEST = 8;
export const LARGEST = 0.46;
export const ROOM = 0.76;
const LEAST_CELL = 24;
const LEAST_EM = 10;
const LEAST_ALWAYS = 4;
/** Below so many pixels a cell no matrix shows its numbers, whatever its format. */
export const LEAST_OF_ALL = LEAST_ALWAYS / LARGEST;
export const FADE = 1 / 24;
export const OBLIQUE = [0.1, 0.13] as const;
export const ALIKE = 32;
const FIXED = 1e5;

// Tiles, as in playback/tiles.py.
export const HALF = 0.44;
export const ROUND = 0.09;
export const RING = 0.035;
export const DARK = 0.179;
export const CONTRAST = 4.6;

const SIGNS = GLYPHS.map(([sign]) => sign).join("");

/** How the numbers of a matrix are written. */
export interface NumberFormat {
  readonly decimals: number;
  readonly exponent: boolean;
  /** The size of the digits, cells. */
  readonly em: number;
  /** The size of a cell from which numbers appear, pixels. */
  readonly least: number;
}

type Values = Float32Array | Float64Array;
const held = new WeakMap<Values, Map<string, NumberFormat>>();

/** The format of a matrix; null where the style shows no numbers. */
export function numberFormat(
  values: Values | null,
  hi: number,
  { digits, numbers }: Pick<StyleView, "digits" | "numbers">,
): NumberFormat | null {
  if (numbers === "never") return null;
  const table = (values && held.get(values)) ?? new Map<string, NumberFormat>();
  if (values !== null) held.set(values, table);
  const key = `${hi} ${digits} ${numbers}`;
  let format = table.get(key);
  if (format === undefined) {
    format = formatOf(values, hi, digits, numbers === "always");
    table.set(key, format);
  }
  return format;
}

function formatOf(values: Values | null, hi: number, digits: number | null, always: boolean): NumberFormat {
  const { low, high, whole } = rangeOf(values);
  const size = Number.isFinite(hi) && hi > 0 ? hi : 1;
  const isWhole = whole && Math.max(-low, high) < FIXED;
  const exponent = digits === null && !isWhole && !(size >= 0.01 && size < FIXED);
  const chosen = size < 0.1 ? 3 : size < 10 ? 2 : size < 100 ? 1 : 0;
  const decimals = digits ?? (isWhole ? 0 : exponent ? 1 : chosen);
  const widest = Math.max(...[low, high].map((value) => widthOf(numberText(value, { decimals, exponent }))));
  const em = Math.min(LARGEST, ROOM / widest);
  return { decimals, exponent, em, least: always ? LEAST_ALWAYS / em : Math.max(LEAST_CELL, LEAST_EM / em) };
}

/** The least and greatest finite value, and whether all are whole. */
function rangeOf(values: Values | null): { low: number; high: number; whole: boolean } {
  let [low, high, whole] = [Infinity, -Infinity, true];
  for (const value of values ?? []) {
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
    whole &&= Number.isInteger(value);
  }
  return low > high ? { low: 0, high: 0, whole } : { low, high, whole };
}

/** A number as its cell shows it; only zero is "0". */
export function numberText(
  value: number,
  { decimals, exponent }: Pick<NumberFormat, "decimals" | "exponent">,
): string {
  if (Number.isNaN(value)) return "NaN";
  const sign = value < 0 ? "−" : "";
  const size = Math.abs(value);
  if (size === Infinity) return `${sign}∞`;
  if (size === 0) return "0";
  if (!exponent && size < FIXED) {
    const fixed = size.toFixed(decimals);
    if (Number(fixed) > 0 && sign.length + fixed.length <= LONGEST) return sign + fixed;
  }
  let text = "";
  for (let places = exponent ? decimals : 1; places >= 0; places--) {
    text = sign + size.toExponential(places).replace("+", "").replace("-", "−");
    if (text.length <= LONGEST) break;
  }
  return text;
}

const widthOf = (text: string): number =>
  [...text].reduce((sum, sign) => sum + (ADVANCES[SIGNS.indexOf(sign) + 1] ?? 0), 0);

/** The signs of numbers, LONGEST bytes a cell, 0 after the last; none where `present` is 0. */
export function codesOf(values: Values, present: Uint8Array | null, format: NumberFormat): Uint8Array {
  const out = new Uint8Array(LONGEST * values.length);
  values.forEach((value, at) => {
    if (present?.[at] === 0) return;
    [...numberText(value, format)].forEach((sign, n) => {
      out[LONGEST * at + n] = SIGNS.indexOf(sign) + 1;
    });
  });
  return out;
}

/** What a cell's codes say. */
export const textOf = (codes: Uint8Array, at: number): string =>
  [...codes.subarray(LONGEST * at, LONGEST * (at + 1))].map((code) => SIGNS[code - 1] ?? "").join("");

/** How far cells of a face of so many columns and rows appear together. */
export const pullOf = (cols: number, rows: number): number =>
  Math.min(Math.max(2 - (2 * Math.max(cols, rows)) / ALIKE, 0), 1);

/** The directions of text along columns and rows: to the right in the picture, never mirrored. */
export function readingWay(eyeZ: number, rightX: number): readonly [number, number] {
  const along = rightX >= 0 ? 1 : -1;
  return [along, eyeZ < 0 ? along : -along];
}

/** How far the number of a cell has appeared, 0 to 1; the eye and the middle are in the frame of the cell's face. */
export function clarity(
  eye: Vec3,
  cell: readonly [number, number],
  middle: readonly [number, number],
  { pull, pixel, least }: { readonly pull: number; readonly pixel: number; readonly least: number },
): number {
  const [x, y] = [cell[0] + (middle[0] - cell[0]) * pull, cell[1] + (middle[1] - cell[1]) * pull];
  const away = Math.hypot(x - eye[0], y - eye[1], eye[2]);
  const cosine = Math.abs(eye[2]) / Math.max(away, 1e-9);
  const size = Math.sqrt(cosine) / Math.max(away * pixel, 1e-12);
  const s = Math.min(Math.max((cosine - OBLIQUE[0]) / (OBLIQUE[1] - OBLIQUE[0]), 0), 1);
  return Math.min(Math.max((size / least - 1) / FADE, 0), 1) * s * s * (3 - 2 * s);
}
