// Which way a product flows: chevrons in the gaps between the faces of a box, where there is room.
// matcube.playback.chevrons has the same. Lengths are CSS pixels.

import { type Eye, project } from "./camera";
import { faceCorners } from "./faces";
import { type Line, line } from "./mark";
import type { Box, Face, Layout, Vec3 } from "./types.gen";
import { add, along, dot, length, lerp, scale, sub } from "./vec";

const ARM = [7.2, 4.5] as const;
const APART = 8.5;
const OPACITIES = [0.4, 0.9] as const;
const WIDTH = 1.6;
const CLEAR = 20;
const BETWEEN = 24;
const BEYOND = 34;
const MOST_BOXES = 24;

type Spot = readonly [number, number];
type Edge = readonly [Vec3, Vec3];

/** Two for each box: from either argument to the result. `pixel` is the angle of a CSS pixel. */
export function chevrons(
  layout: Layout,
  faces: readonly Face[],
  boxes: readonly Box[],
  eye: Eye,
  pixel: number,
  colour: number,
): readonly Line[] {
  const size = pixel / eye.pixelAngle;
  const seen = (point: Vec3): Spot | null => {
    const spot = project(eye, point);
    return spot && [spot.x / size, spot.y / size];
  };
  if (boxes.length > MOST_BOXES) return [];
  const polygons = faces.map((face) => faceCorners(face).map(seen));
  if (polygons.some((polygon) => polygon.includes(null))) return [];
  const solid = polygons as readonly (readonly Spot[])[];
  const placed: Spot[] = [];
  const room: Spot = [eye.viewport.width / size, eye.viewport.height / size];
  const isFree = (spot: Spot): boolean =>
    spot.every((at, n) => at > CLEAR && at < (room[n] ?? 0) - CLEAR) &&
    !placed.some((other) => Math.hypot(spot[0] - other[0], spot[1] - other[1]) < BETWEEN) &&
    solid.every((polygon) => away(spot, polygon) >= CLEAR);
  return boxes.flatMap((box) =>
    [box.left, box.right].flatMap((id): readonly Line[] => {
      const [face, result] = [layout.faces[id], layout.faces[box.result]];
      if (face === undefined || result === undefined) return [];
      for (const [start, end] of candidates(face, result, seen)) {
        const middle = scale(add(start, end), 0.5);
        const [a, b, spot] = [seen(start), seen(end), seen(middle)];
        if (a === null || b === null || spot === null || !isFree(spot)) continue;
        const way: Spot = [b[0] - a[0], b[1] - a[1]];
        const long = Math.hypot(...way);
        if (long < 1) continue;
        placed.push(spot);
        return strokes(middle, [way[0] / long, way[1] / long], eye, pixel, colour);
      }
      return [];
    }),
  );
}

/** Points of the edge of an argument that is nearest to the result, and beside them those of the result. */
function candidates(face: Face, result: Face, seen: (point: Vec3) => Spot | null): readonly Edge[] {
  const middle = ([from, to]: Edge): Vec3 => scale(add(from, to), 0.5);
  let best: readonly [Edge, Edge] | null = null;
  let least = Infinity;
  for (const own of edgesOf(face)) {
    for (const other of edgesOf(result)) {
      const distance = Math.round(length(sub(middle(own), middle(other))) * 1e6);
      if (distance < least) [best, least] = [[own, other], distance];
    }
  }
  if (best === null) return [];
  let [a, b] = best;
  const apart = (c: Edge): number => Math.hypot(length(sub(a[0], c[0])), length(sub(a[1], c[1])));
  if (apart(b) > apart([b[1], b[0]])) b = [b[1], b[0]];
  const [first, second] = [seen(a[0]), seen(a[1])];
  if (first === null || second === null) return [];
  if (first[1] > second[1])
    [a, b] = [
      [a[1], a[0]],
      [b[1], b[0]],
    ]; // the lower end is the second
  const beyond = BEYOND / Math.max(Math.hypot(second[0] - first[0], second[1] - first[1]), 1);
  const on = ([from, to]: Edge, t: number): Vec3 => [
    lerp(from[0], to[0], t),
    lerp(from[1], to[1], t),
    lerp(from[2], to[2], t),
  ];
  return [1, 0.5, 0, 1 + beyond, -beyond].map((t) => [on(a, t), on(b, t)] as const);
}

function edgesOf(face: Face): readonly Edge[] {
  const [a, b, c, d] = faceCorners(face);
  return [
    [a, b],
    [b, c],
    [c, d],
    [d, a],
  ];
}

/** The distance of a point to a convex polygon; 0 inside. */
function away([x, y]: Spot, polygon: readonly Spot[]): number {
  let least = Infinity;
  const turns: number[] = [];
  polygon.forEach(([px, py], n) => {
    const [qx, qy] = polygon[(n + 1) % polygon.length] ?? [px, py];
    const [sx, sy, ox, oy] = [qx - px, qy - py, x - px, y - py];
    const t = Math.min(Math.max((sx * ox + sy * oy) / Math.max(sx * sx + sy * sy, 1e-9), 0), 1);
    least = Math.min(least, Math.hypot(ox - sx * t, oy - sy * t));
    turns.push(sx * oy - sy * ox);
  });
  return turns.every((turn) => turn >= 0) || turns.every((turn) => turn <= 0) ? 0 : least;
}

function strokes(point: Vec3, [x, y]: Spot, eye: Eye, pixel: number, colour: number): readonly Line[] {
  const unit = dot(sub(point, eye.position), eye.forward) * pixel;
  const way = along(scale(eye.right, x * unit), eye.up, -y * unit);
  const across = along(scale(eye.right, y * unit), eye.up, x * unit);
  return OPACITIES.flatMap((opacity, n) => {
    const tip = along(point, way, APART * (n - 0.5) + ARM[0] / 2);
    const back = along(tip, way, -ARM[0]);
    return [-ARM[1], ARM[1]].map((off) => line([tip, along(back, across, off)], WIDTH, colour, opacity));
  });
}
