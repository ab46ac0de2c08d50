// Outlines of faces in the picture, and the geometry of convex polygons that places texts beside them.

import { type Eye, NEAR } from "./camera";
import { faceCorners } from "./faces";
import type { Rect, Spot } from "./labels";
import { paintOrder } from "./order";
import { highOf, wideOf } from "./places";
import type { Face, Vec3 } from "./types.gen";
import { clamp, dot, sub } from "./vec";

export type Polygon = readonly Spot[];

/** A face in the picture. */
export interface Outline {
  readonly face: Face;
  /** Its corners from displayed cell (0, 0) on; more or fewer where the eye's plane cuts it. */
  readonly polygon: Polygon;
  /** The part of the polygon inside the picture; empty if there is none. */
  readonly seen: Polygon;
  /** Depths of the four corners; null where one of them is not in front of the eye. */
  readonly depths: readonly number[] | null;
  /** How far its balls extend beyond it, pixels. */
  readonly room: number;
  /** The outline with the balls. */
  readonly home: Polygon;
  /** Its place in painting order; a greater one is painted later. */
  readonly rank: number;
}

const MOST_ROOM = 60;
/** Of the depth of the farthest corner: what is nearer is cut off. */
const CLIP = 0.02;

/** The outlines of faces that lie in front of the eye, at least in part. */
export function outlinesOf(eye: Eye, faces: readonly Face[]): Outline[] {
  const rank = new Map(paintOrder(faces, eye.position).map((face, place) => [face, place]));
  return faces.flatMap((face) => outlineOf(eye, face, rank.get(face) ?? 0));
}

function outlineOf(eye: Eye, face: Face, rank: number): Outline[] {
  const local = faceCorners(face).map((corner) => viewAxes(eye, corner));
  const depths = local.map(([, , depth]) => depth);
  const far = Math.max(...depths);
  if (far <= NEAR) return [];
  const near = Math.max(NEAR, CLIP * far);
  const whole = Math.min(...depths) > near;
  const points = whole ? local : inFront(local, near);
  if (points.length < 3) return [];
  const polygon = points.map((point) => toPicture(eye, point));
  const { width, height } = eye.viewport;
  const seen = clipped(polygon, { x: 0, y: 0, w: width, h: height });
  let [room, more] = [0, 1];
  if (whole) {
    const mean = depths.reduce((sum, depth) => sum + depth, 0) / 4;
    const half = 1 / (2 * eye.pixelAngle * mean);
    const [down, across] = [acrossOf(polygon, 0), acrossOf(polygon, 1)];
    const low = Math.min(down / Math.max(highOf(face), 1), across / Math.max(wideOf(face), 1));
    room = clamp(half - low, 0, MOST_ROOM);
    more = 1 + Math.min(room / Math.max(down, across, 1e-9), 2);
  }
  const { x, y } = middle(polygon);
  const home = polygon.map((p) => ({ x: x + (p.x - x) * more, y: y + (p.y - y) * more }));
  return [{ face, polygon, seen, depths: whole ? depths : null, room, home, rank }];
}

/** Square root of the area of an outline, pixels. */
export const extentOf = ({ polygon }: Outline): number => Math.sqrt(area(polygon));

/** Whether the picture does not show all of it. */
export const isCut = ({ polygon, seen, depths }: Outline): boolean =>
  depths === null || area(seen) < 0.999 * area(polygon);

/** A point in (right, up, forward) from the eye. */
function viewAxes(eye: Eye, point: Vec3): Vec3 {
  const offset = sub(point, eye.position);
  return [dot(offset, eye.right), dot(offset, eye.up), dot(offset, eye.forward)];
}

function toPicture(eye: Eye, [right, up, depth]: Vec3): Spot {
  const { width, height } = eye.viewport;
  const unit = height / (2 * eye.tanHalf * depth);
  return { x: width / 2 + right * unit, y: height / 2 - up * unit };
}

/** The part of a polygon in view axes that is deeper than `near`. */
function inFront(points: readonly Vec3[], near: number): Vec3[] {
  return points.flatMap((a, at) => {
    const b = points[(at + 1) % points.length] ?? a;
    const [p, q] = [a[2] - near, b[2] - near];
    const t = p / (p - q);
    const cut: Vec3 = [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, a[2] + (b[2] - a[2]) * t];
    return [...(p >= 0 ? [a] : []), ...(p < 0 !== q < 0 ? [cut] : [])];
  });
}

/** Distance from the middle of a polygon to the line of one of its sides. */
function acrossOf(polygon: Polygon, side: number): number {
  const [a, b] = [polygon[side], polygon[side + 1]];
  if (a === undefined || b === undefined) return 0;
  const { x, y } = middle(polygon);
  return Math.abs((b.x - a.x) * (y - a.y) - (b.y - a.y) * (x - a.x)) / Math.max(length(a, b), 1e-9);
}

/** The part of a convex polygon that lies in a rectangle. */
export function clipped(polygon: Polygon, { x, y, w, h }: Rect): Polygon {
  const inward: ((spot: Spot) => number)[] = [
    (spot) => spot.x - x,
    (spot) => x + w - spot.x,
    (spot) => spot.y - y,
    (spot) => y + h - spot.y,
  ];
  return inward.reduce<Polygon>((kept, depth) => {
    return kept.flatMap((from, at) => {
      const to = kept[(at + 1) % kept.length] ?? from;
      const [a, b] = [depth(from), depth(to)];
      const cut = {
        x: from.x + ((to.x - from.x) * a) / (a - b),
        y: from.y + ((to.y - from.y) * a) / (a - b),
      };
      return [...(a >= 0 ? [from] : []), ...(a < 0 !== b < 0 ? [cut] : [])];
    });
  }, polygon);
}

/**
 * Whether a line along a side of either of two convex polygons separates them, with `margin` pixels between.
 *
 * A negative margin lets them overlap a little.
 */
export function apart(a: Polygon, b: Polygon, margin = 0): boolean {
  if (a.length < 3 || b.length < 3) return true;
  return separates(a, a, b, margin) || separates(b, a, b, margin);
}

function separates(sides: Polygon, a: Polygon, b: Polygon, margin: number): boolean {
  return sides.some((start, at) => {
    const end = sides[(at + 1) % sides.length] ?? start;
    const [dx, dy] = [start.y - end.y, end.x - start.x];
    const size = Math.hypot(dx, dy);
    if (size < 1e-9) return false;
    const [low, high] = span(a, dx, dy);
    const [least, most] = span(b, dx, dy);
    return Math.max(least - high, low - most) >= margin * size;
  });
}

function span(points: Polygon, dx: number, dy: number): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const { x, y } of points) {
    const at = x * dx + y * dy;
    if (at < low) low = at;
    if (at > high) high = at;
  }
  return [low, high];
}

/** Whether all corners of a polygon lie in another, which is convex. */
export function within(inner: Polygon, outer: Polygon): boolean {
  if (outer.length === 0) return false;
  return inner.every(({ x, y }) => {
    const turns = outer.map((a, at) => {
      const b = outer[(at + 1) % outer.length] ?? a;
      return (b.x - a.x) * (y - a.y) - (b.y - a.y) * (x - a.x);
    });
    return turns.every((turn) => turn >= 0) || turns.every((turn) => turn <= 0);
  });
}

/** The upright rectangle around a polygon. */
export function boxAround(polygon: Polygon): Rect {
  const [left, right] = span(polygon, 1, 0);
  const [top, bottom] = span(polygon, 0, 1);
  return { x: left, y: top, w: right - left, h: bottom - top };
}

export const rectCorners = ({ x, y, w, h }: Rect): Polygon => [
  { x, y },
  { x: x + w, y },
  { x: x + w, y: y + h },
  { x, y: y + h },
];

export const length = (a: Spot, b: Spot): number => Math.hypot(b.x - a.x, b.y - a.y);

export function area(points: Polygon): number {
  const twice = points.map((p, at) => {
    const q = points[(at + 1) % points.length] ?? p;
    return p.x * q.y - q.x * p.y;
  });
  return Math.abs(twice.reduce((a, b) => a + b, 0)) / 2;
}

export function middle(points: Polygon): Spot {
  const total = points.reduce((a, b) => ({ x: a.x + b.x, y: a.y + b.y }), { x: 0, y: 0 });
  return { x: total.x / points.length, y: total.y / points.length };
}
