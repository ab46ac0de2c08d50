// How fine a texture has to be, for what is drawn once and from one place.

import type { Eye } from "./camera";
import { faceCorners } from "./faces";
import type { Face } from "./types.gen";
import { dot, sub } from "./vec";

/**
 * How many of a texture's finest levels no pixel of a face can sample, for a texture with a texel a cell.
 *
 * A pixel covers at least `depth · pixelAngle · cos` cells across its footprint's short side: depth of the nearest
 * corner, and cos that of the widest angle to the middle of the picture. Level n has texels of 2^n cells.
 *
 * @param slack is how many times as many cells a pixel may be taken to cover: √2 gives the nearest level.
 */
export function unseenLevels(face: Face, eye: Eye, slack = 1): number {
  const depth = Math.min(...faceCorners(face).map((corner) => dot(sub(corner, eye.position), eye.forward)));
  const { width, height } = eye.viewport;
  const widest = Math.hypot(1, eye.tanHalf, (eye.tanHalf * width) / height);
  const cells = (slack * depth * eye.pixelAngle) / widest;
  return cells > 1 ? Math.floor(Math.log2(cells)) : 0;
}
