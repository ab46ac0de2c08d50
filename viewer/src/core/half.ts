// IEEE 754 half precision: what the textures are made of. Round to nearest, ties to even.

const f32 = new Float32Array(1);
const u32 = new Uint32Array(f32.buffer);

/** The 16-bit pattern of a number; too large becomes infinite, NaN stays NaN. */
export function toHalf(value: number): number {
  f32[0] = value;
  const bits = u32[0] ?? 0;
  const sign = (bits >>> 16) & 0x8000;
  const size = bits & 0x7fffffff;
  if (size >= 0x7f800000) return sign | (size > 0x7f800000 ? 0x7e00 : 0x7c00);
  if (size >= 0x477ff000) return sign | 0x7c00;
  if (size >= 0x38800000) return sign | ((size - 0x38000000 + 0xfff + ((size >>> 13) & 1)) >>> 13);
  return sign | roundEven(Math.abs(value) * 16777216); // a subnormal: steps of 2^-24
}

function roundEven(x: number): number {
  const low = Math.floor(x);
  const rest = x - low;
  return rest > 0.5 || (rest === 0.5 && low % 2 === 1) ? low + 1 : low;
}

/** The numbers of all 16-bit patterns: made when first asked for, and quicker than reckoning each. */
export function halfTable(): Float32Array {
  table ??= Float32Array.from({ length: 1 << 16 }, (_, half) => fromHalf(half));
  return table;
}
let table: Float32Array | null = null;

/** The number of a 16-bit pattern. */
export function fromHalf(half: number): number {
  const exponent = (half >>> 10) & 31;
  const fraction = half & 1023;
  const sign = half & 0x8000 ? -1 : 1;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** An array of halves, where the engine has one. */
interface HalfArray {
  readonly buffer: ArrayBuffer;
}
type HalfArrayOf = new (from: Float32Array) => HalfArray;
const Halves = (globalThis as { Float16Array?: HalfArrayOf }).Float16Array;

/** A whole array of numbers from 0 to 65504, such as ink; faster than one by one. */
export const toHalves = (values: Float32Array): Uint16Array =>
  Halves === undefined ? halvesOf(values) : new Uint16Array(new Halves(values).buffer);

/** The same by the bits of floats. */
export function halvesOf(values: Float32Array): Uint16Array {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const out = new Uint16Array(values.length);
  for (let p = 0; p < out.length; p++) {
    const x = bits[p] as number;
    if (x >= 0x38800000) out[p] = (x - 0x38000000 + 0xfff + ((x >>> 13) & 1)) >>> 13;
    else {
      // Beside one half a float has steps of 2^-24, as subnormal halves have: the sum is rounded as they are.
      f32[0] = (values[p] as number) + 0.5;
      out[p] = u32[0] as number;
    }
  }
  return out;
}
