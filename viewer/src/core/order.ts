// The order in which faces are painted, from back to front. See "Order" in docs/drawing.md.

import { boundsOf, faceCentre, normalOf } from "./faces";
import type { Face, Vec3 } from "./types.gen";
import { length, sub } from "./vec";

const FLAT = 1e-6;

/** A face as an axis-aligned rectangle: its bounds, and the axis and place of its plane. */
interface Item {
  readonly face: Face;
  readonly min: Vec3;
  readonly max: Vec3;
  readonly axis: 0 | 1 | 2;
  readonly place: number;
  readonly distance: number;
  /** +1 or -1: the side of its plane, along the axis, on which the eye lies; 0 when the eye is in the plane. */
  readonly eyeSide: number;
}

/** Faces in painting order for an eye at `eye`. */
export function paintOrder(faces: readonly Face[], eye: Vec3): readonly Face[] {
  const items = faces.map((face) => itemOf(face, eye));
  items.sort((a, b) => b.distance - a.distance || a.face.id - b.face.id);
  const after: number[][] = items.map(() => []);
  const waiting = items.map(() => 0);
  const follow = (first: number, second: number): void => {
    after[first]?.push(second);
    waiting[second] = (waiting[second] ?? 0) + 1;
  };
  items.forEach((x, at) => {
    for (let other = at + 1; other < items.length; other++) {
      const y = items[other];
      if (y === undefined) continue;
      const [xFirst, yFirst] = [isBefore(x, y), isBefore(y, x)];
      // When each may go first the two cannot cover one another, and either order is right.
      if (xFirst && !yFirst) follow(at, other);
      else if (yFirst && !xFirst) follow(other, at);
    }
  });
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
  const axis = Math.abs(normal[0]) > 0.5 ? 0 : Math.abs(normal[1]) > 0.5 ? 1 : 2;
  const { min, max } = boundsOf([face]) ?? { min: face.origin, max: face.origin };
  const place = face.origin[axis];
  const height = eye[axis] - place;
  const eyeSide = Math.abs(height) <= FLAT ? 0 : Math.sign(height);
  return { face, min, max, axis, place, distance: length(sub(faceCentre(face), eye)), eyeSide };
}

/** Whether X may be drawn before Y: Y lies on the eye's side of X, or X behind Y. */
const isBefore = (x: Item, y: Item): boolean => sideOf(y, x) === 1 || sideOf(x, y) === -1;

/** +1: `item` lies wholly on the eye's side of the plane of `plane`; -1: wholly behind it; 0: neither. */
function sideOf(item: Item, plane: Item): number {
  const { axis, place, eyeSide } = plane;
  const low = item.min[axis] - place;
  const high = item.max[axis] - place;
  if (eyeSide === 0 || (high <= FLAT && low >= -FLAT)) return 0;
  return low >= -FLAT ? eyeSide : high <= FLAT ? -eyeSide : 0;
}
