// The order in which faces are painted, from back to front. See "Order" in docs/drawing.md.

import { faceCentre, faceCorners, normalOf } from "./faces";
import type { Face, Vec3 } from "./types.gen";
import { dot, length, sub } from "./vec";

const FLAT = 1e-6;

interface Item {
  readonly face: Face;
  readonly normal: Vec3;
  readonly corners: readonly Vec3[];
  readonly distance: number;
  /** +1 or -1: the side of its plane on which the eye lies; 0 when the eye is in the plane. */
  readonly eyeSide: number;
}

/** Faces in painting order for an eye at `eye`. */
export function paintOrder(faces: readonly Face[], eye: Vec3): readonly Face[] {
  const items = faces.map((face) => itemOf(face, eye));
  items.sort((a, b) => b.distance - a.distance || a.face.id - b.face.id);
  const after: number[][] = items.map(() => []);
  const waiting = items.map(() => 0);
  for (const [x, first] of items.entries()) {
    for (const [y, second] of items.entries()) {
      // When each would go first the two cannot cover one another, and either order is right.
      if (x === y || !isBefore(first, second) || isBefore(second, first)) continue;
      after[x]?.push(y);
      waiting[y] = (waiting[y] ?? 0) + 1;
    }
  }
  return release(items, after, waiting);
}

/** Repeatedly the farthest face that waits for none; in a ring, the farthest. */
function release(items: readonly Item[], after: readonly number[][], waiting: number[]): readonly Face[] {
  const left = items.map((_, at) => at);
  const out: Face[] = [];
  while (left.length > 0) {
    const free = left.findIndex((at) => waiting[at] === 0);
    const [taken = 0] = left.splice(Math.max(free, 0), 1);
    const item = items[taken];
    if (item !== undefined) out.push(item.face);
    for (const next of after[taken] ?? []) waiting[next] = (waiting[next] ?? 0) - 1;
  }
  return out;
}

function itemOf(face: Face, eye: Vec3): Item {
  const normal = normalOf(face);
  const height = dot(sub(eye, face.origin), normal);
  return {
    face,
    normal,
    corners: faceCorners(face),
    distance: length(sub(faceCentre(face), eye)),
    eyeSide: Math.abs(height) <= FLAT ? 0 : Math.sign(height),
  };
}

/** Whether X must be drawn before Y. */
const isBefore = (x: Item, y: Item): boolean => sideOf(y, x) === 1 || sideOf(x, y) === -1;

/** +1: `item` lies wholly on the eye's side of the plane of `plane`; -1: wholly behind it; 0: neither. */
function sideOf(item: Item, plane: Item): number {
  if (plane.eyeSide === 0) return 0;
  let low = Infinity;
  let high = -Infinity;
  for (const corner of item.corners) {
    const height = dot(sub(corner, plane.face.origin), plane.normal) * plane.eyeSide;
    low = Math.min(low, height);
    high = Math.max(high, height);
  }
  if (high <= FLAT && low >= -FLAT) return 0;
  return low >= -FLAT ? 1 : high <= FLAT ? -1 : 0;
}
