// Three-vectors as readonly triples: plain arithmetic in float64, no classes.

import type { Vec3 } from "./types.gen";

export const add = (a: Vec3, b: Vec3): Vec3 => [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
export const sub = (a: Vec3, b: Vec3): Vec3 => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
export const scale = (a: Vec3, s: number): Vec3 => [a[0] * s, a[1] * s, a[2] * s];
export const dot = (a: Vec3, b: Vec3): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
export const length = (a: Vec3): number => Math.hypot(a[0], a[1], a[2]);

/** `p + s·a + t·b`. */
export const along = (p: Vec3, a: Vec3, s: number, b: Vec3 = [0, 0, 0], t = 0): Vec3 => [
  p[0] + a[0] * s + b[0] * t,
  p[1] + a[1] * s + b[1] * t,
  p[2] + a[2] * s + b[2] * t,
];

export const cross = (a: Vec3, b: Vec3): Vec3 => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];

/** The unit vector along `a`; a zero vector stays zero. */
export function normalize(a: Vec3): Vec3 {
  const norm = length(a);
  return norm > 0 ? scale(a, 1 / norm) : a;
}

export const lerp = (a: number, b: number, t: number): number => a + (b - a) * t;

export const clamp = (x: number, low: number, high: number): number => Math.min(Math.max(x, low), high);
