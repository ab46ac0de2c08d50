// Lines and filled triangles, in the world.

import type { Vec3 } from "./types.gen";

/** A segment of `width` pixels; `colour` is 0xRRGGBB. */
export interface Line {
  readonly kind: "line";
  readonly points: readonly [Vec3, Vec3];
  readonly width: number;
  readonly colour: number;
  readonly opacity: number;
}

export interface Triangle {
  readonly kind: "triangle";
  readonly points: readonly [Vec3, Vec3, Vec3];
  readonly colour: number;
  readonly opacity: number;
}

export type Mark = Line | Triangle;

export function line(points: readonly [Vec3, Vec3], width: number, colour: number, opacity = 1): Line {
  return { kind: "line", points, width, colour, opacity };
}
