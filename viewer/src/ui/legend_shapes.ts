// Where texts beside faces and boxes may go: clear of outlines, beside edges.

import { type Eye, project } from "../core/camera";
import { rectAt, type Spot, spotsBeside } from "../core/labels";
import { apart, type Polygon, rectCorners } from "../core/outlines";
import { extentsOf } from "../core/places";
import type { Box, Vec3 } from "../core/types.gen";
import { along, clamp } from "../core/vec";

export interface Size {
  readonly w: number;
  readonly h: number;
}

/** Where no letter goes, and how far off it. */
export interface Blocked {
  readonly points: Polygon;
  readonly room: number;
}

const SMALLEST = 16;
const FULL = 56;

export function around(polygon: Polygon, centre: Spot, size: Size, gap: number): Spot[] {
  return polygon.flatMap((from, at) =>
    spotsBeside(from, polygon[(at + 1) % polygon.length] ?? from, centre, size, gap),
  );
}

/** A text there is clear of all that is blocked. */
export function free(spot: Spot, size: Size, blocked: readonly Blocked[]): boolean {
  const rect = rectCorners(rectAt(spot, size));
  return blocked.every(({ points, room }) => apart(rect, points, room / 2));
}

/** How many outlines a text there would touch. */
export function hits(spot: Spot, size: Size, outlines: readonly Polygon[]): number {
  const rect = rectCorners(rectAt(spot, size));
  return outlines.reduce((count, polygon) => count + (apart(rect, polygon) ? 0 : 1), 0);
}

export function edgesOf(eye: Eye, box: Box, axis: number): [Spot, Spot][] {
  const steps = [box.i_step, box.j_step, box.k_step] as const;
  const [one = 0, two = 0] = [0, 1, 2].filter((other) => other !== axis);
  const step = (index: number): Vec3 => steps[index as 0 | 1 | 2];
  const size = (index: number): number => extentsOf(box)[index as 0 | 1 | 2];
  return [0, 1].flatMap((p) =>
    [0, 1].flatMap((q): [Spot, Spot][] => {
      const from = along(box.corner, step(one), p * size(one), step(two), q * size(two));
      const a = project(eye, from);
      const b = project(eye, along(from, step(axis), size(axis)));
      return a && b ? [[a, b]] : [];
    }),
  );
}

/** 0 below `SMALLEST` pixels, 1 above `FULL`. */
export const fading = (pixels: number): number => clamp((pixels - SMALLEST) / (FULL - SMALLEST), 0, 1);
