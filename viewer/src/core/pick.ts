// What lies under the pointer: arithmetic of rays and planes, no picture is read back.

import type { Ray } from "./camera";
import { normalOf, toFace } from "./faces";
import { cellAtPlace } from "./places";
import type { Face } from "./types.gen";
import { dot } from "./vec";

export interface Pick {
  readonly face: Face;
  /** Displayed indices. */
  readonly row: number;
  readonly col: number;
  /** The node's own indices: swapped when the face shows it transposed. */
  readonly nodeRow: number;
  readonly nodeCol: number;
  /** Distance along the ray, in cells. */
  readonly t: number;
}

/** All faces that the ray meets, nearest first. */
export function pickAll(ray: Ray, faces: readonly Face[]): readonly Pick[] {
  return faces
    .map((face) => pickOne(ray, face))
    .filter((hit) => hit !== null)
    .sort((a, b) => a.t - b.t);
}

function pickOne(ray: Ray, face: Face): Pick | null {
  const speed = dot(ray.direction, normalOf(face));
  if (Math.abs(speed) < 1e-9) return null;
  const start = toFace(face, ray.origin);
  const t = -start[2] / speed;
  if (!(t > 0)) return null;
  const x = Math.floor(start[0] + t * dot(ray.direction, face.across));
  const y = Math.floor(start[1] + t * dot(ray.direction, face.down));
  const col = cellAtPlace(face.col_split, face.cols, x);
  const row = cellAtPlace(face.row_split, face.rows, y);
  if (col === null || row === null) return null;
  const [nodeRow, nodeCol] = face.transposed ? [col, row] : [row, col];
  return { face, row, col, nodeRow, nodeCol, t };
}
