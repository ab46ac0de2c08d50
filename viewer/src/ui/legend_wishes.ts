// Which texts want to stand in the picture, and where: names, edge letters and the names along rows and columns.
// The still (matcube.outputs.still.legend) has the same texts at the same places.

import { type Eye, type Projected, project } from "../core/camera";
import { boxCentre, faceCorners } from "../core/faces";
import { formatShape } from "../core/format";
import { covers, rectAt, type Spot, spotsBeside, type Wish } from "../core/labels";
import type { Box, Face, StyleView, Vec3 } from "../core/types.gen";
import { along } from "../core/vec";
import type { LoadedScene } from "../core/wire";
import { shorten, transposedName, visible } from "./words";

/** What legends are made from. */
export interface LegendInput {
  readonly scene: LoadedScene;
  readonly faces: readonly Face[];
  readonly boxes: readonly Box[];
  readonly eye: Eye;
  readonly style: StyleView;
  readonly faded: readonly number[];
  readonly selected: number | null;
}

/** A wish and what is written where it is granted. */
export interface Label extends Wish {
  readonly strong: string;
  readonly weak: string;
  readonly px: number;
  readonly opacity: number;
  readonly kind: "name" | "letter" | "token";
  readonly selected: boolean;
}

/** Width of a text in pixels. */
export type Measure = (text: string, px: number, bold: boolean) => number;

interface Size {
  readonly w: number;
  readonly h: number;
}

interface Outline {
  readonly face: Face;
  readonly polygon: readonly [Projected, Projected, Projected, Projected];
}

type Polygon = readonly Spot[];

const NAME_PX = 14;
const LETTER_PX = 12;
const TOKEN_PX = 10.5;
const SMALLEST = 16;
const FULL = 56;
const PAD = 5;
const NAME_GAP = 10;
const LETTER_GAPS = [8, 24, 48];
const TOKEN_GAP = 4;
const TOKEN_APART = 11;
const TOKEN_MOST = 90;
const MOST_TOKENS = 300;
/** Balls stand out from a face: a text keeps this far from its outline. */
const ROOM = 6;

/** Everything that would be written if there were room. */
export function labelsOf(input: LegendInput, measure: Measure): Label[] {
  const outlines = outlinesOf(input);
  const tokens = input.style.legends
    ? outlines.flatMap((one) => tokensOf(input, one, outlines, measure))
    : [];
  const blocked: Polygon[] = [...outlines.map((one) => one.polygon), ...tokens.map((side) => side.strip)];
  const names = input.style.legends ? outlines.flatMap((one) => nameOf(input, one, blocked, measure)) : [];
  const letters = input.style.letters
    ? input.boxes.flatMap((box) => lettersOf(input, box, blocked, measure))
    : [];
  return [...names, ...letters, ...tokens.flatMap((side) => side.labels)];
}

function nameOf(
  input: LegendInput,
  outline: Outline,
  blocked: readonly Polygon[],
  measure: Measure,
): Label[] {
  const { face, polygon } = outline;
  const matrix = input.scene.head.matrices.find((one) => one.node === face.node);
  if (matrix === undefined) return [];
  const extent = Math.sqrt(area(polygon));
  const seen = fading(extent) * (input.faded.includes(face.node) ? 0.5 : 1);
  const empty = face.rows * face.cols === 0;
  if (seen === 0 && !empty) return [];
  const px = NAME_PX * input.style.legend_size;
  const strong = face.transposed ? transposedName(shorten(matrix.name)) : shorten(matrix.name);
  const averages = matrix.pooled
    ? `  averages of ${matrix.pooled.block.map((n) => Number(n.toPrecision(3))).join(" × ")} cells`
    : "";
  const weak = formatShape(face.rows, face.cols) + averages;
  const size = {
    w: Math.ceil(measure(strong, px, true) + measure(weak, px, false) + px * 0.5 + 2 * PAD),
    h: Math.round(px * 1.5),
  };
  const centre = middle(polygon);
  const seenPart = clipped(polygon, input.eye.viewport);
  const beside = ranked(around(polygon, centre, size, NAME_GAP), roomy(size), blocked);
  const free = beside.filter(({ count }) => count === 0);
  const rest = face.sheet > 0 ? beside.slice(free.length) : []; // sheets lie close: on another is better than nowhere
  const inside = area(seenPart) > size.w * size.h * 0.6 ? [middle(seenPart)] : [];
  const spots = [...free.map(({ spot }) => spot), ...inside, ...rest.map(({ spot }) => spot)];
  const priority =
    1e6 + (face.alias_of === null ? 1e5 : 0) + (face.sheet === 0 ? 5e4 : 0) + Math.min(extent, 4e4);
  const selected = input.selected === face.node;
  const opacity = seen === 0 ? 1 : seen;
  return [{ id: `n${face.id}`, priority, ...size, spots, strong, weak, px, opacity, kind: "name", selected }];
}

function lettersOf(input: LegendInput, box: Box, blocked: readonly Polygon[], measure: Measure): Label[] {
  const centre = project(input.eye, boxCentre(box));
  if (centre === null) return [];
  const px = LETTER_PX * input.style.legend_size;
  return (["i", "j", "k"] as const).flatMap((letter, axis) => {
    const edges = edgesOf(input.eye, box, axis).sort(
      (a, b) => length(middle(b), centre) - length(middle(a), centre),
    );
    const longest = Math.max(0, ...edges.map(([a, b]) => length(a, b)));
    const opacity = fading(longest * 0.8);
    if (opacity === 0) return [];
    const weak = `= ${box.sizes[axis]}`;
    const w = Math.ceil(measure(letter, px, true) + measure(weak, px, false) + px * 0.3 + 2 * PAD);
    const size = { w, h: Math.round(px * 1.5) };
    const spots = LETTER_GAPS.flatMap((gap) =>
      edges.flatMap(([a, b]) => spotsBeside(a, b, centre, size, gap).slice(0, 3)),
    ).filter((spot) => hits(spot, roomy(size), blocked) === 0);
    const priority = Math.min(longest, 4e4) + (box.parent === null ? 1e5 : 0);
    const text = { strong: letter, weak, px, opacity, kind: "letter", selected: false } as const;
    return [{ id: `l${box.id}${letter}`, priority, ...size, spots, ...text }];
  });
}

// --- names along rows and columns ---------------------------------------------------------------

interface Side {
  readonly labels: readonly Label[];
  /** The part of the picture that they take. */
  readonly strip: Polygon;
}

function tokensOf(
  input: LegendInput,
  outline: Outline,
  outlines: readonly Outline[],
  measure: Measure,
): Side[] {
  const { face, polygon: c } = outline;
  const matrix = input.scene.head.matrices.find((one) => one.node === face.node);
  if (matrix === undefined || face.sheet > 0 || input.faded.includes(face.node)) return [];
  const axes = face.transposed ? [matrix.col_axis, matrix.row_axis] : [matrix.row_axis, matrix.col_axis];
  const centre = middle(c);
  const others = outlines.filter((one) => one !== outline).map((one) => one.polygon);
  const sides = [
    [
      [c[0], c[3]],
      [c[1], c[2]],
    ],
    [
      [c[0], c[1]],
      [c[3], c[2]],
    ],
  ] as const;
  return [face.rows, face.cols].flatMap((count, which) => {
    const texts = input.scene.head.axes.find((axis) => axis.id === axes[which])?.labels;
    const pair = sides[which];
    if (!texts || texts.length !== count || count === 0 || pair === undefined) return [];
    const size = { w: 40, h: 12 };
    const cost = ([a, b]: readonly [Spot, Spot]) =>
      spotsBeside(a, b, centre, size, 2).reduce((total, spot) => total + hits(spot, size, others), 0);
    const side = cost(pair[0]) <= cost(pair[1]) ? pair[0] : pair[1];
    if (length(side[0], side[1]) < TOKEN_APART * count * 0.5) return [];
    return rowOfTokens(`t${face.id}${"rc"[which]}`, texts, side, centre, input.eye, measure);
  });
}

/** One label for each row or column beside one side of a face; the sides are straight, so places are a share of it. */
function rowOfTokens(
  prefix: string,
  texts: readonly string[],
  [a, b]: readonly [Projected, Projected],
  centre: Spot,
  eye: Eye,
  measure: Measure,
): Side[] {
  const { width, height } = eye.viewport;
  const near = perspective(a, b);
  const labels: Label[] = [];
  let widest = 0;
  for (let n = 0; n < texts.length && labels.length < MOST_TOKENS; n++) {
    const at = near((n + 0.5) / texts.length);
    if (at.x < -20 || at.y < -20 || at.x > width + 20 || at.y > height + 20) continue;
    const text = shortenTo(visible(texts[n] ?? ""), TOKEN_MOST, measure);
    const size = { w: Math.ceil(measure(text, TOKEN_PX, false)) + 2 * PAD, h: TOKEN_PX };
    const [beside] = spotsBeside(a, b, centre, size, TOKEN_GAP);
    if (beside === undefined) continue;
    const spots = [{ x: at.x + beside.x - (a.x + b.x) / 2, y: at.y + beside.y - (a.y + b.y) / 2 }];
    widest = Math.max(widest, size.w);
    const id = `${prefix}${String(n).padStart(6, "0")}`;
    const line = {
      strong: "",
      weak: text,
      px: TOKEN_PX,
      opacity: 1,
      kind: "token",
      selected: false,
    } as const;
    labels.push({ id, priority: 1, ...size, spots, ...line });
  }
  const [far] = spotsBeside(a, b, centre, { w: 2 * widest, h: 28 }, 0);
  if (labels.length === 0 || far === undefined) return [];
  const [dx, dy] = [far.x - (a.x + b.x) / 2, far.y - (a.y + b.y) / 2];
  return [{ labels, strip: [a, b, { x: b.x + dx, y: b.y + dy }, { x: a.x + dx, y: a.y + dy }] }];
}

/** Where a share of a side in the world lies in the picture: nearer halves look longer. */
function perspective(a: Projected, b: Projected): (share: number) => Spot {
  return (share) => {
    const t = (share * b.depth) / (share * b.depth + (1 - share) * a.depth);
    return { x: a.x + (b.x - a.x) * t, y: a.y + (b.y - a.y) * t };
  };
}

function shortenTo(text: string, most: number, measure: Measure): string {
  let letters = Array.from(text);
  if (measure(text, TOKEN_PX, false) <= most) return text;
  letters = letters.slice(0, 40);
  while (letters.length > 1 && measure(`${letters.join("")}…`, TOKEN_PX, false) > most) letters.pop();
  return `${letters.join("")}…`;
}

// --- geometry -----------------------------------------------------------------------------------

function outlinesOf(input: LegendInput): Outline[] {
  return input.faces.flatMap((face) => {
    const [a, b, c, d] = faceCorners(face).map((corner) => project(input.eye, corner));
    return a && b && c && d ? [{ face, polygon: [a, b, c, d] }] : [];
  });
}

function around(polygon: Polygon, centre: Spot, size: Size, gap: number): Spot[] {
  return polygon.flatMap((from, at) =>
    spotsBeside(from, polygon[(at + 1) % polygon.length] ?? from, centre, size, gap),
  );
}

/** Spots that lie on the fewest outlines first; the order they came in decides the rest. */
function ranked(
  spots: readonly Spot[],
  size: Size,
  outlines: readonly Polygon[],
): { spot: Spot; count: number }[] {
  return spots.map((spot) => ({ spot, count: hits(spot, size, outlines) })).sort((a, b) => a.count - b.count);
}

function hits(spot: Spot, size: Size, outlines: readonly Polygon[]): number {
  const rect = rectAt(spot, size);
  return outlines.reduce((count, polygon) => count + (covers(polygon, rect) ? 1 : 0), 0);
}

function edgesOf(eye: Eye, box: Box, axis: number): [Spot, Spot][] {
  const steps = [box.i_step, box.j_step, box.k_step] as const;
  const [one = 0, two = 0] = [0, 1, 2].filter((other) => other !== axis);
  const step = (index: number): Vec3 => steps[index as 0 | 1 | 2];
  const size = (index: number): number => box.sizes[index as 0 | 1 | 2];
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
function clipped(polygon: Polygon, viewport: { readonly width: number; readonly height: number }): Polygon {
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
const fading = (pixels: number): number => clamp((pixels - SMALLEST) / (FULL - SMALLEST), 0, 1);

const roomy = (size: Size): Size => ({ w: size.w + ROOM, h: size.h + ROOM });

const clamp = (x: number, low: number, high: number): number => Math.min(Math.max(x, low), high);

const length = (a: Spot, b: Spot): number => Math.hypot(b.x - a.x, b.y - a.y);

function area(points: Polygon): number {
  const twice = points.map((p, at) => {
    const q = points[(at + 1) % points.length] ?? p;
    return p.x * q.y - q.x * p.y;
  });
  return Math.abs(twice.reduce((a, b) => a + b, 0)) / 2;
}

function middle(points: Polygon): Spot {
  const total = points.reduce((a, b) => ({ x: a.x + b.x, y: a.y + b.y }), { x: 0, y: 0 });
  return { x: total.x / points.length, y: total.y / points.length };
}
