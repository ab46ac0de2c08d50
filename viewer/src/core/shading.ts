// How a ball is lit, and what its light amounts to when it is too small to be seen as one.
// The numbers of matcube.playback.shading; vectors written by Python hold both to the same.

import type { Vec3 } from "./types.gen";
import { normalize } from "./vec";

export const AMBIENT = 0.42;
export const DIFFUSE = 0.58;
export const GLOSS = 0.22;
export const SHININESS = 24;

/** Means of shade and gloss over the disc that a ball covers. */
export const SHADE_MEAN = 0.727387;
export const GLOSS_MEAN = 0.0158709;

/** In view axes: right, up, toward the eye. */
export const LIGHT: Vec3 = normalize([-0.35, 0.55, 0.76]);
export const HALFWAY: Vec3 = normalize([LIGHT[0], LIGHT[1], LIGHT[2] + 1]);

/** From this many pixels in radii a ball begins to take the means. */
export const MEAN_FROM = 0.75;

/** w/γ^¼, cells a pixel: up to the first dots are drawn, from the second on ink, between them both. */
export const FADE: readonly [number, number] = [0.3, 0.62];
export const LEAST_COSINE = 0.06;
/** Cosines between which a plane seen edge-on fades into the plane itself. */
export const EDGE_ON: readonly [number, number] = [0.06, 0.2];
/** Cells along a pixel's ray, at most. */
export const MOST_STEPS = 32;

/** Levels of light: what is looked at has 1, what it is made of, and all the rest. */
export const OPERANDS = 0.7;
export const REST = 0.35;
/** Pixels that a lit line is wide at least. */
export const LIT_PX = 3;

/** How much of a face is drawn as ink where a pixel is `w` cells and is met at `cosine`: 0 dots, 1 ink alone. */
export function inkShare(w: number, cosine: number): number {
  const measure = w / Math.max(cosine, LEAST_COSINE) ** 0.25;
  const x = Math.min(Math.max((measure - FADE[0]) / (FADE[1] - FADE[0]), 0), 1);
  return x * x * (3 - 2 * x);
}
