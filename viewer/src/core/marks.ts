// Lines and filled triangles of a figure, in the world. See "Lines and marks" in docs/drawing.md.

import { isComplete, ownBodies, shownBy } from "./cover";
import { boxCentre, faceCentre, faceCorners, onFace } from "./faces";
import type { TileBox } from "./frame";
import { extentOf, extentsOf, highOf, ownSplits, placeOf, runsOf, stretchesOf, wideOf } from "./places";
import type { Box, Face, Layout, Theme, Vec3 } from "./types.gen";
import { add, along, clamp, dot, normalize, scale, sub } from "./vec";

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
  readonly faded: ReadonlySet<number>;
  /** What the memories of a film's tiled sweeps hold. */
  readonly tiles?: readonly TileBox[];
  /** CSS pixels that a cell at this point spans. */
  readonly pixelsPerCell: (point: Vec3) => number;
}

const MOST_GUIDES = 16;
/** Where there is not a line to every row. */
const SPARSE_OPACITY = 0.3;
/** Guides fade as they crowd: from full at 16 pixels apart to this share at 3. */
const CROWDED_SHARE = 0.12;
const CROWDED: readonly [number, number] = [3, 16];
/** Legs of the mark at cell (0, 0): a share of the shorter side, in cells between these, in pixels at most this. */
const CORNER_SHARE = 0.08;
const CORNER_CELLS: readonly [number, number] = [0.5, 8];
const CORNER_PX = 12;
/** Edges of a box are drawn block by block up to so many. */
const MOST_BOX_BLOCKS = 16;
/** Rows and corners of a face are marked block by block up to so many; else all blocks together. */
const MOST_BLOCKS = 64;
const EDGE_OPACITY = 0.35;
const VANE_OPACITY = 0.4;
const TILE_OPACITY = 0.8;

/** All marks in the order in which they are drawn. */
export function marksOf(state: MarkState): readonly Mark[] {
  const { layout, faces, theme, guides, arrows } = state;
  const seen = new Set((state.standing ?? faces).map((face) => face.id));
  const boxes = ownBodies(layout.boxes.filter((box) => isComplete(layout, box, seen)));
  const hollow = faces.filter((face) => !state.hasValues(face));
  const guided = faces.filter((face) => state.hasValues(face) && !state.faded.has(face.node));
  return [
    ...(guides ? boxes.flatMap((box) => boxEdges(box, theme.guide)) : []),
    ...links(layout, seen, theme.muted),
    ...hollow.flatMap((face) => outline(face, theme.muted)),
    ...(guides
      ? guided.flatMap((face) => {
          const pixels = state.pixelsPerCell(faceCentre(face));
          const rows = face.part === null ? rowGuides(face, theme.guide, pixels) : [];
          return [...rows, ...cornerMarks(face, theme.muted, pixels)];
        })
      : []),
    ...(arrows ? boxes.flatMap((box) => flowArrow(box, layout, theme)) : []),
    ...(state.tiles ?? []).flatMap((tile) =>
      edgesOf(tile).map((points) => line(points, 1.5, theme.accent, TILE_OPACITY)),
    ),
  ];
}

function line(points: readonly [Vec3, Vec3], width: number, colour: number, opacity = 1): Line {
  return { kind: "line", points, width, colour, opacity };
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

function rowGuides(face: Face, colour: number, pixelsPerCell: number): readonly Line[] {
  const rows = face.transposed ? face.cols : face.rows;
  const count = Math.min(MOST_GUIDES, rows);
  const apart = (pixelsPerCell * rows) / count;
  const share = clamp((apart - CROWDED[0]) / (CROWDED[1] - CROWDED[0]), CROWDED_SHARE, 1);
  const opacity = share * (count < rows ? SPARSE_OPACITY : 1);
  const own = (row: number, col: number): Vec3 =>
    face.transposed ? onFace(face, col, row) : onFace(face, row, col);
  const [down] = ownSplits(face);
  const stretches = stretchesIn(face)[face.transposed ? 0 : 1];
  return Array.from({ length: count }, (_, q) => {
    const at = ((q + 0.5) * rows) / count;
    const row = placeOf(down, Math.floor(at)) + (at % 1);
    return stretches.map(([low, high]) =>
      line([own(row, low - 0.5), own(row, high + 0.5)], 1, colour, opacity),
    );
  }).flat();
}

/** Places from and to, down and across, of the blocks of a face; of all together where they are many. */
function stretchesIn(face: Face): readonly [Stretches, Stretches] {
  const { row_split, col_split, rows, cols } = face;
  if (runsOf(row_split, rows).length * runsOf(col_split, cols).length > MOST_BLOCKS)
    return [[[0, highOf(face)]], [[0, wideOf(face)]]];
  return [stretchesOf(row_split, rows), stretchesOf(col_split, cols)];
}

/** Outside each block: the longest side touches the outer corner of its first cell. */
function cornerMarks(face: Face, colour: number, pixelsPerCell: number): readonly Triangle[] {
  const [tall, long] = stretchesIn(face);
  const side = Math.min(face.row_split?.length ?? face.rows, face.col_split?.length ?? face.cols);
  const share = clamp(side * CORNER_SHARE, ...CORNER_CELLS);
  const half = Math.min(share, CORNER_PX / pixelsPerCell) / 2;
  const at = (row: number, col: number): Triangle => {
    const corner = (down: number, across: number): Vec3 => onFace(face, row + down, col + across);
    const points = [corner(-half, -half), corner(-half, half), corner(half, -half)] as const;
    return { kind: "triangle", points, colour, opacity: 1 };
  };
  return tall.flatMap(([row]) => long.map(([col]) => at(row, col)));
}

function flowArrow(box: Box, layout: Layout, theme: Theme): readonly Mark[] {
  const [i, j, k] = extentsOf(box);
  if (Math.min(...box.sizes) < 2) return [];
  const toward = (face: number, step: Vec3): Vec3 => towardFace(box, layout.faces[face], step);
  const size = Math.max(1, Math.min(0.22 * k, 0.44 * Math.min(i, j)));
  const tail = boxCentre(box);
  const tip = along(tail, toward(box.result, box.k_step), size);
  const vane = (face: number, step: Vec3, colour: number): Triangle => ({
    kind: "triangle",
    points: [tail, tip, along(tail, toward(face, step), size / 2)],
    colour,
    opacity: VANE_OPACITY,
  });
  return [
    vane(box.left, box.j_step, theme.left),
    vane(box.right, box.i_step, theme.right),
    line([tail, tip], 1.5, theme.muted),
  ];
}

/** The unit vector along `step` or against it, from the middle of the box to the plane of the face. */
function towardFace(box: Box, face: Face | undefined, step: Vec3): Vec3 {
  const unit = normalize(step);
  if (face === undefined) return unit;
  return dot(sub(face.origin, boxCentre(box)), unit) < 0 ? scale(unit, -1) : unit;
}
