// How much of a figure a camera sees.

import { type Eye, project } from "./camera";
import { onFace, slabCorners } from "./faces";
import { highOf, wideOf } from "./places";
import type { Face, Vec3 } from "./types.gen";

const STEPS = [0, 0.25, 0.5, 0.75, 1] as const;

/** 25 points of a face, its corners among them. */
export const samples = (face: Face): readonly Vec3[] =>
  STEPS.flatMap((down) => STEPS.map((across) => onFace(face, down * highOf(face), across * wideOf(face))));

/** Whether a face lies wholly in the picture. */
export const isWhole = (eye: Eye, face: Face): boolean =>
  slabCorners([face]).every((corner) => isInPicture(eye, corner));

/** The share, 0 to 1, of the faces that lies in the picture: of 25 points on each. */
export function shareInView(eye: Eye, faces: readonly Face[]): number {
  const points = faces.flatMap(samples);
  return points.length === 0 ? 1 : points.filter((point) => isInPicture(eye, point)).length / points.length;
}

/** The figure was wholly in the picture and is not any more, or it has less than half of it left there. */
export function isLost(eye: Eye, before: readonly Face[], now: readonly Face[]): boolean {
  const areWhole = (faces: readonly Face[]): boolean => faces.every((face) => isWhole(eye, face));
  if (areWhole(before) && !areWhole(now)) return true;
  const share = shareInView(eye, now);
  return share < 0.5 && share < shareInView(eye, before);
}

/** Whether a point lies in the picture. */
export function isInPicture(eye: Eye, point: Vec3): boolean {
  const { width, height } = eye.viewport;
  const spot = project(eye, point);
  return spot !== null && spot.x >= 0 && spot.x <= width && spot.y >= 0 && spot.y <= height;
}
