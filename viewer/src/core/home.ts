// The opening camera: the side from which the matrix that a figure is about is seen large and free. And the one
// that sees a matrix face on.

import { DEFAULT_PITCH, DEFAULT_YAW, type Eye, eyeOf, fit, project, type Viewport } from "./camera";
import { faceCorners, onFace, slabCorners, toFace } from "./faces";
import type { Rect } from "./labels";
import { area } from "./outlines";
import { highOf, wideOf } from "./places";
import type { Camera, Face, Layout, Matrix, Vec3 } from "./types.gen";
import { along, cross, sub } from "./vec";

const SIDES = [
  [DEFAULT_YAW, DEFAULT_PITCH],
  [-0.6, 0.3],
  [-0.75, 0.42],
  [-0.75, 0.3],
  [-0.9, 0.42],
  [-0.9, 0.3],
  [-0.45, 0.42],
  [-0.45, 0.3],
] as const;
/** The share by which another side must be better than the usual one. */
const BETTER = 1.15;
/** Room for the name beside a matrix that is seen face on. */
const FLAT_ROOM = 1.2;
const SAMPLES = 5;

/** Whether the cells of a matrix are the shares of a softmax. */
export const isSoftmax = ({ operation }: Matrix): boolean => operation.startsWith("softmax(");

/** The matrix that a figure is about: its last softmax, else its result; null if neither is visible. */
export function protagonistOf(
  matrices: readonly Matrix[],
  layout: Layout,
  faces: readonly Face[],
): number | null {
  const seen = new Set(
    faces.filter((face) => face.alias_of === null && face.part === null).map((face) => face.node),
  );
  const shares = matrices.filter((matrix) => seen.has(matrix.node) && isSoftmax(matrix) && matrix.rows > 1);
  const root = layout.faces.find((face) => face.id === layout.root_face)?.node;
  return shares.at(-1)?.node ?? (root !== undefined && seen.has(root) ? root : null);
}

/** The camera that sees all faces from the usual side, or from one that shows the subject larger. */
export function home(
  faces: readonly Face[],
  subject: number | null,
  root: number,
  viewport: Viewport,
): Camera {
  const points = faces.length > 0 ? slabCorners(faces) : ([[0, 0, 0]] as const);
  const from = ([yaw, pitch]: readonly [number, number]): Camera => fit(points, { yaw, pitch }, viewport);
  const own = faces.filter(
    ({ node, alias_of, part }) => node === subject && alias_of === null && part === null,
  );
  const face = own.at(-1);
  let best = from(SIDES[0]);
  if (face === undefined || face.id === root) return best;
  let most = BETTER * shownArea(faces, face, eyeOf(best, viewport));
  for (const side of SIDES.slice(1)) {
    const camera = from(side);
    const shown = shownArea(faces, face, eyeOf(camera, viewport));
    if (shown > most * (1 + 1e-6)) [best, most] = [camera, shown];
  }
  return best;
}

/**
 * The camera that sees a face from its front, its columns running to the right and its rows down.
 *
 * @param part of the picture to fit it into, the whole by default.
 */
export function faceOn(face: Face, viewport: Viewport, part?: Rect): Camera {
  const { across, down } = face;
  const back = cross(down, across);
  const above = Math.abs(back[1]) > Math.abs(back[0]) + Math.abs(back[2]);
  const angles = above
    ? { yaw: Math.atan2(-across[2], across[0]), pitch: (Math.sign(back[1]) * Math.PI) / 2 }
    : { yaw: Math.atan2(back[0], back[2]), pitch: 0 };
  const camera = fit(slabCorners([face]), angles, viewport, part);
  return { ...camera, distance: FLAT_ROOM * camera.distance };
}

/** The area of the part of a face with no other before it, square pixels; by samples. */
export function shownArea(faces: readonly Face[], face: Face, eye: Eye): number {
  const corners = faceCorners(face).flatMap((corner) => project(eye, corner) ?? []);
  let free = 0;
  for (let n = 0; n < SAMPLES; n++)
    for (let m = 0; m < SAMPLES; m++) {
      const [x, y] = [(n + 0.5) / SAMPLES, (m + 0.5) / SAMPLES];
      const point = onFace(face, y * highOf(face), x * wideOf(face));
      if (!faces.some((other) => other.id !== face.id && isBefore(other, point, eye.position))) free++;
    }
  return (area(corners) * free) / SAMPLES ** 2;
}

/** Whether a face hides a point from the eye. */
function isBefore(face: Face, point: Vec3, eye: Vec3): boolean {
  const [a, b] = [toFace(face, eye), toFace(face, point)];
  const share = a[2] / (a[2] - b[2]); // of the way to the point
  if (!(share > 0 && share < 0.999)) return false;
  const [x, y] = toFace(face, along(eye, sub(point, eye), share));
  return x > 0 && x < wideOf(face) && y > 0 && y < highOf(face);
}
