// How much of a figure a camera sees.

import { type Eye, project } from "./camera";
import { onFace, slabCorners } from "./faces";
import { highOf, wideOf } from "./places";
import type { Face, Vec3 } from "./types.gen";

const STEPS = [0, 0.25, 0.5, 0.75, 1] as const;

/** The share, 0 to 1, of the faces that lies in the picture: of 25 points on each. */
export function shareInView(eye: Eye, faces: readonly Face[]): number {
  const points = faces.flatMap((face) =>
    STEPS.flatMap((down) => STEPS.map((across) => onFace(face, down * highOf(face), across * wideOf(face)))),
  );
  return points.length === 0 ? 1 : points.filter((point) => isInPicture(eye, point)).length / points.length;
}

/** The figure was wholly in the picture and is not any more, or it has less than half of it left there. */
export function isLost(eye: Eye, before: readonly Face[], now: readonly Face[]): boolean {
  const isWhole = (faces: readonly Face[]): boolean =>
    slabCorners(faces).every((corner) => isInPicture(eye, corner));
  if (isWhole(before) && !isWhole(now)) return true;
  const share = shareInView(eye, now);
  return share < 0.5 && share < shareInView(eye, before);
}

function isInPicture(eye: Eye, point: Vec3): boolean {
  const { width, height } = eye.viewport;
  const spot = project(eye, point);
  return spot !== null && spot.x >= 0 && spot.x <= width && spot.y >= 0 && spot.y <= height;
}
