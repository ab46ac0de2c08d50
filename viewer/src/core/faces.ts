// Faces as rectangles in the world: their frames, corners, bounds, and which of them are seen.

import type { Bounds } from "./camera";
import { extentsOf, highOf, placeOf, wideOf } from "./places";
import type { Box, Face, Layout, Vec3 } from "./types.gen";
import { along, cross, dot, sub } from "./vec";

/** A point in a face's own frame: x in columns, y in rows, z in cells off the plane (across × down). */
export function toFace(face: Face, point: Vec3): Vec3 {
  const offset = sub(point, face.origin);
  return [dot(offset, face.across), dot(offset, face.down), dot(offset, normalOf(face))];
}

export const normalOf = (face: Face): Vec3 => cross(face.across, face.down);

/** The world position of a place (row, col), which may be fractional; without blocks it is a displayed cell. */
export const onFace = (face: Face, row: number, col: number): Vec3 =>
  along(face.origin, face.across, col, face.down, row);

/** Corners in order around the rectangle, starting at displayed cell (0, 0). */
export function faceCorners(face: Face): readonly [Vec3, Vec3, Vec3, Vec3] {
  return [
    face.origin,
    onFace(face, 0, wideOf(face)),
    onFace(face, highOf(face), wideOf(face)),
    onFace(face, highOf(face), 0),
  ];
}

export const faceCentre = (face: Face): Vec3 => onFace(face, highOf(face) / 2, wideOf(face) / 2);

/** The middle of displayed cell (row, col). */
export const cellCentre = (face: Face, row: number, col: number): Vec3 =>
  onFace(face, placeOf(face.row_split, row) + 0.5, placeOf(face.col_split, col) + 0.5);

/** The middle of product (i, j, k) of a box. */
export function productPoint(box: Box, i: number, j: number, k: number): Vec3 {
  const [p, q, r] = [placeOf(box.splits[0], i), placeOf(box.splits[1], j), placeOf(box.splits[2], k)];
  return inBox(box, p + 0.5, q + 0.5, r + 0.5);
}

/** The world position of places in a box. */
const inBox = (box: Box, i: number, j: number, k: number): Vec3 =>
  along(along(box.corner, box.i_step, i, box.j_step, j), box.k_step, k);

export function boxCentre(box: Box): Vec3 {
  const [i, j, k] = extentsOf(box);
  return inBox(box, i / 2, j / 2, k / 2);
}

/** What has to be seen of faces: their corners half a cell off the plane on either side. */
export function slabCorners(faces: readonly Face[]): readonly Vec3[] {
  return faces.flatMap((face) =>
    [0, 1, 2, 3, 4, 5, 6, 7].map((n) => {
      const col = n & 1 ? wideOf(face) : 0;
      const row = n & 2 ? highOf(face) : 0;
      return along(onFace(face, row, col), normalOf(face), n & 4 ? 0.5 : -0.5);
    }),
  );
}

/** Bounds of some faces; null when there are none. */
export function boundsOf(faces: readonly Face[]): Bounds | null {
  const points = faces.flatMap((face) => faceCorners(face));
  const first = points[0];
  if (first === undefined) return null;
  let [min, max] = [first, first];
  for (const p of points) {
    min = [Math.min(min[0], p[0]), Math.min(min[1], p[1]), Math.min(min[2], p[2])];
    max = [Math.max(max[0], p[0]), Math.max(max[1], p[1]), Math.max(max[2], p[2])];
  }
  return { min, max };
}

/**
 * The faces that are drawn: not covered, not hidden, and when a node is isolated only that node's.
 *
 * A node whose values lie only in the chain of a face (its sheets are closed), or under a cover, is shown by that face.
 */
export function visibleFaces(
  layout: Layout,
  state: { readonly hidden: ReadonlySet<number>; readonly isolated: number | null },
): readonly Face[] {
  const { hidden, isolated } = state;
  const drawn = layout.faces.filter((face) => face.cover === null);
  if (isolated === null) return drawn.filter((face) => !hidden.has(face.node));
  const own = drawn.filter((face) => face.node === isolated && face.part === null);
  if (own.length > 0) return own;
  const covers = new Set(layout.faces.filter((face) => face.node === isolated).map((face) => face.cover));
  return drawn.filter((face) => face.chain.includes(isolated) || covers.has(face.id));
}
