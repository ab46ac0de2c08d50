// World marks to picture marks: clipped at the near plane, and lines also to the picture itself, in float64,
// so that what reaches the graphics unit are moderate pixel positions.

import type { Eye } from "./camera";
import type { Line, Mark, Triangle } from "./mark";
import { linear } from "./palette";
import type { Vec3 } from "./types.gen";
import { dot, lerp, sub } from "./vec";

/** Floats per mark: a, b, c (x, y each), half width (negative: a triangle), linear RGB, opacity. */
export const MARK_FLOATS = 11;
const MARGIN = 8;

type Point = readonly [number, number];
/** A line has two corners the same. */
type Shape = readonly [Point, Point, Point];

/** The marks in pixels of `eye.viewport`; widths are multiplied by `pixelRatio`. */
export function packMarks(marks: readonly Mark[], eye: Eye, pixelRatio: number): Float32Array {
  const out: number[] = [];
  for (const mark of marks) {
    const [r, g, b] = linear(mark.colour);
    for (const shape of mark.kind === "line" ? clippedLine(mark, eye) : clippedTriangle(mark, eye)) {
      const half = mark.kind === "line" ? (mark.width * pixelRatio) / 2 : -1;
      out.push(...shape[0], ...shape[1], ...shape[2], half, r, g, b, mark.opacity);
    }
  }
  return new Float32Array(out);
}

/** A point as the eye sees it: right, up, forward. */
function seen(eye: Eye, point: Vec3): Vec3 {
  const offset = sub(point, eye.position);
  return [dot(offset, eye.right), dot(offset, eye.up), dot(offset, eye.forward)];
}

function toPicture(eye: Eye, [x, y, z]: Vec3): Point {
  const { width, height } = eye.viewport;
  const unit = height / (2 * eye.tanHalf * z);
  return [width / 2 + x * unit, height / 2 - y * unit];
}

/** Where a → b crosses the near plane. */
function atNear(a: Vec3, b: Vec3, near: number): Vec3 {
  const t = (near - a[2]) / (b[2] - a[2]);
  return [lerp(a[0], b[0], t), lerp(a[1], b[1], t), near];
}

function clippedLine(mark: Line, eye: Eye): readonly Shape[] {
  let [a, b] = [seen(eye, mark.points[0]), seen(eye, mark.points[1])];
  const near = nearOf([a, b]);
  if (a[2] < near && b[2] < near) return [];
  if (a[2] < near) a = atNear(a, b, near);
  else if (b[2] < near) b = atNear(b, a, near);
  const inside = insidePicture(toPicture(eye, a), toPicture(eye, b), eye);
  return inside === null ? [] : [[inside[0], inside[1], inside[1]]];
}

/** Not so near that positions in the picture lose their meaning. */
const nearOf = (points: readonly Vec3[]): number =>
  Math.max(1e-6, 1e-6 * Math.max(...points.map((p) => Math.max(Math.abs(p[0]), Math.abs(p[1])))));

/** The part of a → b inside the picture and a small margin about it (Liang and Barsky). */
function insidePicture(a: Point, b: Point, eye: Eye): readonly [Point, Point] | null {
  const size = [eye.viewport.width, eye.viewport.height] as const;
  let [from, to] = [0, 1];
  for (const axis of [0, 1] as const) {
    const start = a[axis];
    const way = b[axis] - start;
    const [low, high] = [-MARGIN - start, size[axis] + MARGIN - start];
    if (way === 0) {
      if (low > 0 || high < 0) return null;
      continue;
    }
    from = Math.max(from, Math.min(low / way, high / way));
    to = Math.min(to, Math.max(low / way, high / way));
  }
  if (!(from <= to)) return null;
  const at = (t: number): Point => [lerp(a[0], b[0], t), lerp(a[1], b[1], t)];
  return [at(from), at(to)];
}

function clippedTriangle(mark: Triangle, eye: Eye): readonly Shape[] {
  const corners = mark.points.map((point) => seen(eye, point));
  const near = Math.max(nearOf(corners), 1e-3);
  const clipped = corners.flatMap((a, at) => {
    const b = corners[(at + 1) % corners.length] ?? a;
    const crossing = a[2] < near !== b[2] < near ? [atNear(a, b, near)] : [];
    return a[2] < near ? crossing : [a, ...crossing];
  });
  const [first, ...rest] = clipped.map((point) => toPicture(eye, point));
  if (first === undefined) return [];
  return rest.slice(1).map((point, at): Shape => [first, rest[at] ?? first, point]);
}
