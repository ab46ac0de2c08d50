// How much of a figure a camera sees.

import { type Eye, project } from "./camera";
import { onFace } from "./faces";
import { highOf, wideOf } from "./places";
import type { Face } from "./types.gen";

const STEPS = [0, 0.25, 0.5, 0.75, 1] as const;

/** The share, 0 to 1, of the faces that lies in the picture: of 25 points on each. */
export function shareInView(eye: Eye, faces: readonly Face[]): number {
  const { width, height } = eye.viewport;
  const points = faces.flatMap((face) =>
    STEPS.flatMap((down) => STEPS.map((across) => onFace(face, down * highOf(face), across * wideOf(face)))),
  );
  const seen = points.filter((point) => {
    const spot = project(eye, point);
    return spot !== null && spot.x >= 0 && spot.x <= width && spot.y >= 0 && spot.y <= height;
  });
  return points.length === 0 ? 1 : seen.length / points.length;
}
