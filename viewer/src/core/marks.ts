// Lines and filled triangles of a figure, in the world. See "Lines and marks" in docs/drawing.md.

import type { Eye } from "./camera";
import { chevrons } from "./chevrons";
import { isComplete, ownBodies, shownBy } from "./cover";
import { faceCentre, faceCorners } from "./faces";
import type { TileBox } from "./frame";
import { type Line, line, type Mark } from "./mark";
import { extentOf, highOf, runsOf, stretchesOf, wideOf } from "./places";
import type { Box, Face, Layout, Theme, Vec3 } from "./types.gen";
import { add, along, scale } from "./vec";

type Stretches = readonly (readonly [number, number])[];

export interface MarkState {
  readonly layout: Layout;
  readonly faces: readonly Face[];
  readonly theme: Theme;
  readonly guides: boolean;
  readonly arrows: boolean;
  /** Faces that hold up boxes and links; those that are drawn when not given. */
  readonly standing?: readonly Face[];
  /** Whether a face has values to draw; others are outlines. */
  readonly hasValues: (face: Face) => boolean;
  /** What the memories of a film's tiled sweeps hold. */
  readonly tiles?: readonly TileBox[];
  readonly eye: Eye;
  /** The angle of a CSS pixel. */
  readonly pixel: number;
}

/** Edges of a box are drawn block by block up to so many. */
const MOST_BOX_BLOCKS = 16;
/** A face has a plate for each block up to so many; else one for all. */
export const MOST_BLOCKS = 64;
const EDGE_OPACITY = 0.6;
const TILE_OPACITY = 0.8;

/** All marks in the order in which they are drawn. */
export function marksOf(state: MarkState): readonly Mark[] {
  const { layout, faces, theme, guides, arrows } = state;
  const seen = new Set((state.standing ?? faces).map((face) => face.id));
  const boxes = ownBodies(layout.boxes.filter((box) => isComplete(layout, box, seen)));
  const hollow = faces.filter((face) => !state.hasValues(face));
  return [
    ...(guides ? boxes.flatMap((box) => boxEdges(box, theme.guide)) : []),
    ...links(layout, seen, theme.muted),
    ...hollow.flatMap((face) => outline(face, theme.muted)),
    ...(arrows ? chevrons(layout, faces, boxes, state.eye, state.pixel, theme.muted) : []),
    ...(state.tiles ?? []).flatMap((tile) =>
      edgesOf(tile).map((points) => line(points, 1.5, theme.accent, TILE_OPACITY)),
    ),
  ];
}

function boxEdges(box: Box, colour: number): readonly Line[] {
  const [i, j, k] = box.sizes.map((size, at) => {
    const split = box.splits[at as 0 | 1 | 2];
    return blocksOf(box) <= MOST_BOX_BLOCKS
      ? stretchesOf(split, size)
      : [[0, extentOf(split, size)] as const];
  });
  const whole = [[0, 0]] as const;
  const of = (spans: readonly (readonly [number, number])[] = whole) => (spans.length > 0 ? spans : whole);
  const blocks = of(i).flatMap((ofI) => of(j).flatMap((ofJ) => of(k).map((ofK) => [ofI, ofJ, ofK] as const)));
  return blocks.flatMap((block) =>
    edgesOf(blockOf(box, block)).map((points) => line(points, 1, colour, EDGE_OPACITY)),
  );
}

const blocksOf = (box: Box): number =>
  box.sizes.reduce((all, size, at) => all * runsOf(box.splits[at as 0 | 1 | 2], size).length, 1);

/** A block: places from and to along i, j and k. */
function blockOf(box: Box, block: readonly (readonly [number, number])[]): TileBox {
  const ways = [box.i_step, box.j_step, box.k_step] as const;
  const corner = ways.reduce((at, way, n) => along(at, way, block[n]?.[0] ?? 0), box.corner);
  const long = (n: 0 | 1 | 2): Vec3 => scale(ways[n], (block[n]?.[1] ?? 0) - (block[n]?.[0] ?? 0));
  return { corner, edges: [long(0), long(1), long(2)] };
}

/** The twelve edges of a box, the four of a flat one. */
function edgesOf({ corner: from, edges: steps }: TileBox): readonly (readonly [Vec3, Vec3])[] {
  const segments: [Vec3, Vec3][] = [];
  const [one, two, three] = steps;
  if (three === undefined) {
    return [
      [from, add(from, one)],
      [from, add(from, two)],
      [add(from, one), add(add(from, one), two)],
      [add(from, two), add(add(from, one), two)],
    ];
  }
  const all = [one, two, three] as const;
  for (const [a, b, c] of [
    [0, 1, 2],
    [1, 2, 0],
    [2, 0, 1],
  ] as const) {
    for (const corner of [0, 1, 2, 3]) {
      const start = along(from, all[b], corner & 1, all[c], corner >> 1);
      segments.push([start, add(start, all[a])]);
    }
  }
  return segments;
}

function links(layout: Layout, seen: ReadonlySet<number>, colour: number): readonly Line[] {
  return layout.links.flatMap((link) => {
    const from = layout.faces[link.from_face];
    const to = layout.faces[link.to_face];
    if (from === undefined || to === undefined) return [];
    if (![from, to].every(({ id }) => seen.has(shownBy(layout, id)))) return [];
    return [line([faceCentre(from), faceCentre(to)], 1, colour)];
  });
}

function outline(face: Face, colour: number): readonly Line[] {
  const [a, b, c, d] = faceCorners(face);
  return (
    [
      [a, b],
      [b, c],
      [c, d],
      [d, a],
    ] as const
  ).map((points) => line(points, 1.5, colour));
}

/** Cells from and to, down and across, of the blocks of a face; of all together where they are many. */
export function blocksIn({ row_split, col_split, rows, cols }: Face): readonly [Stretches, Stretches] {
  const [tall, long] = [runsOf(row_split, rows), runsOf(col_split, cols)];
  return tall.length * long.length > MOST_BLOCKS ? [[[0, rows]], [[0, cols]]] : [tall, long];
}

/** Places from and to, down and across, of the blocks of a face; of all together where they are many. */
export function stretchesIn(face: Face): readonly [Stretches, Stretches] {
  const { row_split, col_split, rows, cols } = face;
  if (runsOf(row_split, rows).length * runsOf(col_split, cols).length > MOST_BLOCKS)
    return [[[0, highOf(face)]], [[0, wideOf(face)]]];
  return [stretchesOf(row_split, rows), stretchesOf(col_split, cols)];
}
