// Faces and boxes as polygons of the picture, and where beside them a text is free.

import { type Eye, type Projected, project } from "../core/camera";
import { faceCorners } from "../core/faces";
import { covers, rectAt, type Spot, spotsBeside } from "../core/labels";
import { extentsOf, highOf, wideOf } from "../core/places";
import type { Box, Face, Vec3 } from "../core/types.gen";
import { along, clamp } from "../core/vec";

export interface Size {
  readonly w: number;
  readonly h: number;
}

export interface Outline {
  readonly face: Face;
  readonly polygon: readonly [Projected, Projected, Projected, Projected];
  /** How far its balls project from it, pixels. */
  readonly room: number;
  /** About the outline of all that. */
  readonly home: Polygon;
}

/** Where no name or letter goes, and how far off it. */
export interface Blocked {
  readonly points: Polygon;
  readonly room: number;
}

export type Polygon = readonly Spot[];
const SMALLEST = 16;
const FULL = 56;
const MOST_ROOM = 60;

export function outlinesOf(eye: Eye, faces: readonly Face[]): Outline[] {
  return faces.flatMap((face) => {
    const [a, b, c, d] = faceCorners(face).map((corner) => project(eye, corner));
    if (!(a && b && c && d)) return [];
    const polygon = [a, b, c, d] as const;
    const depth = (a.depth + b.depth + c.depth + d.depth) / 4;
    const half = 1 / (2 * eye.pixelAngle * depth);
    const low = Math.min(
      across(polygon, a, b) / Math.max(highOf(face), 1),
      across(polygon, b, c) / Math.max(wideOf(face), 1),
    );
    const room = clamp(half - low, 0, MOST_ROOM);
    const more = 1 + Math.min(room / Math.max(across(polygon, a, b), across(polygon, b, c), 1e-9), 2);
    const { x, y } = middle(polygon);
    const home = polygon.map((p) => ({ x: x + (p.x - x) * more, y: y + (p.y - y) * more }));
    return [{ face, polygon, room, home }];
  });
}

/** Distance from the middle of a polygon to the line of one of its sides. */
export function across(polygon: Polygon, a: Spot, b: Spot): number {
  const { x, y } = middle(polygon);
  return Math.abs((b.x - a.x) * (y - a.y) - (b.y - a.y) * (x - a.x)) / Math.max(length(a, b), 1e-9);
}

export function around(polygon: Polygon, centre: Spot, size: Size, gap: number): Spot[] {
  return polygon.flatMap((from, at) =>
    spotsBeside(from, polygon[(at + 1) % polygon.length] ?? from, centre, size, gap),
  );
}

/** A text there lies on no face, and on no balls that project from a face. */
export function free(spot: Spot, size: Size, blocked: readonly Blocked[]): boolean {
  return !blocked.some(({ points, room }) =>
    covers(points, rectAt(spot, { w: size.w + room, h: size.h + room })),
  );
}

export function hits(spot: Spot, size: Size, outlines: readonly Polygon[]): number {
  const rect = rectAt(spot, size);
  return outlines.reduce((count, polygon) => count + (covers(polygon, rect) ? 1 : 0), 0);
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

/** The part of a convex polygon that lies in the picture. */
export function clipped(
  polygon: Polygon,
  viewport: { readonly width: number; readonly height: number },
): Polygon {
  const inward: ((spot: Spot) => number)[] = [
    (spot) => spot.x,
    (spot) => viewport.width - spot.x,
    (spot) => spot.y,
    (spot) => viewport.height - spot.y,
  ];
  return inward.reduce<Polygon>((kept, depth) => {
    return kept.flatMap((from, at) => {
      const to = kept[(at + 1) % kept.length] ?? from;
      const [a, b] = [depth(from), depth(to)];
      const cut = {
        x: from.x + ((to.x - from.x) * a) / (a - b),
        y: from.y + ((to.y - from.y) * a) / (a - b),
      };
      return [...(a >= 0 ? [from] : []), ...(a < 0 !== b < 0 ? [cut] : [])];
    });
  }, polygon);
}

/** 0 below `SMALLEST` pixels, 1 above `FULL`. */
export const fading = (pixels: number): number => clamp((pixels - SMALLEST) / (FULL - SMALLEST), 0, 1);

export const length = (a: Spot, b: Spot): number => Math.hypot(b.x - a.x, b.y - a.y);

export function area(points: Polygon): number {
  const twice = points.map((p, at) => {
    const q = points[(at + 1) % points.length] ?? p;
    return p.x * q.y - q.x * p.y;
  });
  return Math.abs(twice.reduce((a, b) => a + b, 0)) / 2;
}

export function middle(points: Polygon): Spot {
  const total = points.reduce((a, b) => ({ x: a.x + b.x, y: a.y + b.y }), { x: 0, y: 0 });
  return { x: total.x / points.length, y: total.y / points.length };
}
