// A rod: products in a line as balls in the box, packed for the graphics unit.

import type { Eye } from "./camera";
import { productPoint } from "./faces";
import type { Rod } from "./frame";
import { dotColour, dotRadius, type InkLook, magnitude } from "./ink";
import { linear } from "./palette";
import { extentOf, placeOf } from "./places";
import type { Box, Split, Vec3 } from "./types.gen";
import { dot, sub } from "./vec";

/** Floats per ball: centre from the eye (right, up, forward), radius, linear RGB, coverage. */
export const BALL_FLOATS = 8;

/** The rod of a cell: its products, those that are summed so far, on a scale of their own. */
export function rodOf(box: Box, i: number, j: number, values: Float64Array): Rod {
  let hi = 0;
  for (const value of values) if (Number.isFinite(value)) hi = Math.max(hi, Math.abs(value));
  return { boxId: box.id, i, j, values, scale: { lo: 0, hi: hi || 1 } };
}

/** The balls of a rod from back to front; exact zeros have none. A scale of the rod's own replaces `look.scale`. */
export function packRod(rod: Rod, box: Box, look: InkLook, eye: Eye): Float32Array {
  const own = { ...look, scale: rod.scale ?? look.scale };
  const { along = "k" } = rod;
  const count = Math.min(rod.values.length, box.sizes["ijk".indexOf(along)] ?? 0);
  const point = (n: number): Vec3 => {
    const at = { i: rod.i, j: rod.j, k: rod.k ?? 0, [along]: n };
    return productPoint(box, at.i, at.j, at.k);
  };
  const [first, last] = [point(0), point(count - 1)];
  const farFirst = dot(sub(first, eye.position), box[`${along}_step`]) < 0;
  const balls: number[] = [];
  const put = (n: number): void => {
    const offset = sub(point(n), eye.position);
    const [radius, [r, g, b]] = ballOf(rod.values[n] ?? 0, own);
    if (radius <= 0) return;
    balls.push(dot(offset, eye.right), dot(offset, eye.up), dot(offset, eye.forward));
    balls.push(radius, r, g, b, 1);
  };
  // Distance from the eye falls and then grows along the rod: from both ends toward the nearest ball.
  const split = box.splits["ijk".indexOf(along) as 0 | 1 | 2];
  const nearest = nearestAlong(first, last, count, split, eye.position);
  const [lowEnd, highEnd] = [range(0, nearest), range(count - 1, nearest)];
  for (const n of farFirst ? [...lowEnd, ...highEnd] : [...highEnd, ...lowEnd]) put(n);
  if (count > 0) put(nearest);
  return new Float32Array(balls);
}

/** Whole numbers from `from` up or down to just before `to`. */
function range(from: number, to: number): readonly number[] {
  const step = Math.sign(to - from);
  return Array.from({ length: Math.abs(to - from) }, (_, n) => from + n * step);
}

function nearestAlong(first: Vec3, last: Vec3, count: number, split: Split | null, eye: Vec3): number {
  const way = sub(last, first);
  const square = dot(way, way);
  const t = square > 0 ? dot(sub(eye, first), way) / square : 0;
  const place = Math.round(Math.min(Math.max(t, 0), 1) * Math.max(extentOf(split, count) - 1, 0));
  let [low, high] = [0, Math.max(count - 1, 0)];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (placeOf(split, middle) < place) low = middle + 1;
    else high = middle;
  }
  return low;
}

function ballOf(value: number, look: InkLook): readonly [number, Vec3] {
  if (value === 0) return [0, [0, 0, 0]];
  if (Number.isNaN(value)) return [0.5, linear(look.ink.nan)];
  if (!Number.isFinite(value)) return [0.5, linear(value > 0 ? look.ink.pos_inf : look.ink.neg_inf)];
  const a = magnitude(look, Math.abs(value));
  return [dotRadius(look, a), dotColour(look, a, value > 0)];
}
