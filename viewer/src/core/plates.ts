// Plates: what the cells of a face lie on, with frame, sides and edge of light. matcube.playback.plates has the same.

import type { Eye } from "./camera";
import type { Tint } from "./devices";
import { faceCentre, normalOf, onFace, toFace } from "./faces";
import { type Line, line } from "./mark";
import { MOST_BLOCKS, stretchesIn } from "./marks";
import { linear } from "./palette";
import { highOf, runsOf, wideOf } from "./places";
import type { Face, Split, Theme, Vec3 } from "./types.gen";
import { add, clamp, dot, length, lerp, scale, sub } from "./vec";

export const OPACITY = 0.95;
const PAD = [0.18, 2.2] as const;
const PAD_SHARE = 0.01;
const GAP_SHARE = 0.3;
const THICK_PX = 3.2;
const EDGE_PX = 1.6;
const FRAME_PX = 1;
const TINTED = 1.5;

/** How far a plate reaches beyond its cells, cells. */
export function padOf(face: Face): number {
  const pad = clamp(PAD_SHARE * Math.min(highOf(face), wideOf(face)), ...PAD);
  const gaps = [face.row_split, face.col_split].flatMap((split) =>
    split === null ? [] : [GAP_SHARE * split.gap],
  );
  return Math.min(pad, ...gaps);
}

/** Period and length, places, of the blocks of a plate; many are one, but where a gap is as wide as they are. */
export function gridOf(face: Face): readonly [number, number, number, number] {
  const many =
    runsOf(face.row_split, face.rows).length * runsOf(face.col_split, face.cols).length > MOST_BLOCKS;
  const of = (split: Split | null, size: number): readonly [number, number] =>
    split === null || (many && split.gap < split.length)
      ? [size, size]
      : [split.length + split.gap, split.length];
  return [...of(face.col_split, wideOf(face)), ...of(face.row_split, highOf(face))];
}

/** The colour of a plate in linear light, between edge-on and frontal. */
export function plateColour(theme: Theme, face: Face, eye: Vec3): Vec3 {
  const way = sub(faceCentre(face), eye);
  const cosine = Math.abs(dot(normalOf(face), way)) / Math.max(length(way), 1e-9);
  const [edge, front] = [linear(theme.plate), linear(theme.plate_front)];
  const at = (n: 0 | 1 | 2): number => lerp(edge[n], front[n], Math.min(1, cosine));
  return [at(0), at(1), at(2)];
}

type Edge = readonly [Vec3, Vec3];

/** What the edges of a plate look like; in the tint of a device they are wider. */
interface Edges {
  readonly side: number;
  readonly frame: number;
  readonly edge: number;
  readonly opacity: number;
  readonly wider: number;
}

/**
 * Sides, frame and edge of light of the plates of a face; `pixel` is the angle of a CSS pixel.
 *
 * @param tints of the devices that hold the blocks, by rows and columns of blocks.
 */
export function plateMarks(
  face: Face,
  theme: Theme,
  eye: Eye,
  pixel: number,
  tints: readonly (readonly (Tint | null)[])[] | null = null,
): readonly Line[] {
  const [tall, long] = stretchesIn(face);
  const pad = padOf(face);
  const plain = { ...theme, opacity: 1, wider: 1 };
  return tall.flatMap(([top, bottom], row) =>
    long.flatMap(([left, right], col) => {
      const tint = tints?.[row]?.[col] ?? null;
      const edges = tint === null ? plain : tinted(tint);
      return slab(face, edges, eye, pixel, [left - pad, top - pad, right + pad, bottom + pad]);
    }),
  );
}

const tinted = ({ colour, opacity }: Tint): Edges => ({
  side: colour,
  frame: colour,
  edge: colour,
  opacity,
  wider: TINTED,
});

function slab(
  face: Face,
  { side, frame, edge: light, opacity, wider }: Edges,
  eye: Eye,
  pixel: number,
  [left, top, right, bottom]: readonly [number, number, number, number],
): readonly Line[] {
  const [x, y, z] = toFace(face, eye.position);
  const at = (u: number, v: number): Vec3 => onFace(face, v, u);
  const [a, b, c, d] = [at(left, top), at(right, top), at(right, bottom), at(left, bottom)];
  const edges: readonly Edge[] = [
    [a, b],
    [b, c],
    [c, d],
    [d, a],
  ];
  const seen = [y < top, x > right, y > bottom, x < left];
  const back = scale(normalOf(face), -Math.sign(z));
  const away = edges.map(([from, to]) => length(sub(scale(add(from, to), 0.5), eye.position)));
  const sides = edges.flatMap(([from, to], n): readonly Line[] => {
    if (seen[n] !== true) return [];
    const thick = scale(back, THICK_PX * (away[n] ?? 0) * pixel);
    const width = Math.min(breadth([from, to], thick, eye) * (eye.pixelAngle / pixel), THICK_PX);
    const half = scale(thick, 0.5);
    return width > 0 ? [line([add(from, half), add(to, half)], width, side, opacity)] : [];
  });
  const nearest = edges[away.indexOf(Math.min(...away))];
  return [
    ...sides,
    ...edges.map((edge) => line(edge, FRAME_PX * wider, frame, opacity)),
    ...(nearest === undefined ? [] : [line(nearest, EDGE_PX * wider, light, opacity)]),
  ];
}

/** How wide the side at an edge is in the picture, pixels of the eye. */
function breadth([from, to]: Edge, thick: Vec3, eye: Eye): number {
  const way = sub(scale(add(from, to), 0.5), eye.position);
  const depth = dot(way, eye.forward);
  if (depth <= 1e-6) return 0;
  const moved = (step: Vec3): readonly [number, number] => {
    const deep = dot(step, eye.forward) / depth;
    const unit = 1 / (depth * eye.pixelAngle);
    return [
      (dot(step, eye.right) - dot(way, eye.right) * deep) * unit,
      (dot(step, eye.up) - dot(way, eye.up) * deep) * unit,
    ];
  };
  const [along, side] = [moved(sub(to, from)), moved(thick)];
  const long = Math.max(Math.hypot(...along), 1e-9);
  return Math.abs(along[0] * side[1] - along[1] * side[0]) / long;
}
