// Which texts want to stand in the picture, and where: names, edge letters and the names along rows and columns.
// The still (matcube.outputs.still.legend) has the same texts at the same places.

import { type Eye, type Projected, project } from "../core/camera";
import { boxCentre, faceCorners } from "../core/faces";
import { formatShape } from "../core/format";
import { covers, rectAt, type Spot, spotsBeside, type Wish } from "../core/labels";
import type { Box, Face, StyleView, Vec3 } from "../core/types.gen";
import { along } from "../core/vec";
import type { LoadedScene } from "../core/wire";
import { named, shorten, transposedName, visible } from "./words";

/** What legends are made from. */
export interface LegendInput {
  readonly scene: LoadedScene;
  readonly faces: readonly Face[];
  readonly boxes: readonly Box[];
  /** The face of the result of the whole. */
  readonly root: number;
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
  /** So far do its balls stand out of it, pixels. */
  readonly room: number;
  /** About the outline of all that. */
  readonly home: Polygon;
}

/** Where no name or letter goes, and how far off it. */
interface Blocked {
  readonly points: Polygon;
  readonly room: number;
}

type Polygon = readonly Spot[];

const NAME_PX = 14;
const LETTER_PX = 12;
const TOKEN_PX = 10.5;
const SMALLEST = 16;
const FULL = 56;
const PAD = 5;
const NAME_GAPS = [10, 36, 64, 100, 150, 220];
/** Of the picture's shorter side: so far off its face a name may stand, and this many pixels anyhow. */
const FAR_SHARE = 0.25;
const FAR_PX = 64;
const LETTER_GAPS = [8, 24, 48];
const TOKEN_GAP = 4;
const TOKEN_APART = 11;
const TOKEN_MOST = 90;
const MOST_TOKENS = 300;
/** A text keeps this far from an outline, and as far as balls stand out of it. */
const ROOM = 6;
const MOST_ROOM = 60;
/** A text that would be fainter than this share of full is left out; it is never drawn fainter than the other. */
const LEAST_FADE = 0.2;
const LEAST_OPACITY = 0.6;
/** Pixels from which what has a name of its own is named. */
const LEAST_NAMED = 8;

/** Everything that would be written if there were room. */
export function labelsOf(input: LegendInput, measure: Measure): Label[] {
  const outlines = outlinesOf(input);
  const tokens = input.style.legends
    ? outlines.flatMap((one) => tokensOf(input, one, outlines, measure))
    : [];
  const blocked: Blocked[] = [
    ...outlines.map((one) => ({ points: one.polygon, room: ROOM + one.room })),
    ...tokens.map((side) => ({ points: side.strip, room: ROOM })),
  ];
  const names = input.style.legends ? outlines.flatMap((one) => nameOf(input, one, blocked, measure)) : [];
  const letters = input.style.letters
    ? input.boxes.flatMap((box) => lettersOf(input, box, blocked, measure))
    : [];
  return [...names, ...letters, ...tokens.flatMap((side) => side.labels)];
}

function nameOf(
  input: LegendInput,
  outline: Outline,
  blocked: readonly Blocked[],
  measure: Measure,
): Label[] {
  const { face, polygon, home } = outline;
  const matrix = input.scene.head.matrices.find((one) => one.node === face.node);
  if (matrix === undefined) return [];
  const extent = Math.sqrt(area(polygon));
  const own = face.id === input.root ? 2 : named(matrix.name) ? 1 : 0;
  const enough = own > 0 ? extent >= LEAST_NAMED : fading(extent) >= LEAST_FADE;
  if (!enough && face.rows * face.cols > 0) return [];
  const fade = fading(extent) * (input.faded.includes(face.node) ? 0.5 : 1);
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
  const spots = { [Symbol.iterator]: () => nameSpots(outline, size, blocked, input.eye, own > 0) };
  const first = (1 + own) * 1e6 + (face.alias_of === null ? 1e5 : 0) + (face.sheet === 0 ? 5e4 : 0);
  const priority = first + Math.min(extent, 4e4);
  const text = { strong, weak, px, opacity: Math.max(fade, LEAST_OPACITY), kind: "name" } as const;
  const selected = input.selected === face.node;
  return [{ id: `n${face.id}`, priority, ...size, spots, home, ...text, selected }];
}

/**
 * Beside the face, where nothing lies; farther off; on the face; and `own` names and sheets anywhere beside it.
 *
 * A face that is not wholly in the picture is named on itself before a place far off is tried, and never on
 * another face: its name would be read as that one's.
 */
function* nameSpots(
  { face, polygon, room }: Outline,
  size: Size,
  blocked: readonly Blocked[],
  { viewport }: Eye,
  own: boolean,
): Generator<Spot> {
  const centre = middle(polygon);
  const seen = clipped(polygon, viewport);
  const inside = area(seen) > size.w * size.h * 0.6 ? [middle(seen)] : [];
  const { width, height } = viewport;
  const cut = polygon.some(({ x, y }) => !(x >= 0 && x <= width && y >= 0 && y <= height));
  const reach = Math.max(...polygon.map((corner) => length(corner, centre)));
  const most = Math.max(FAR_PX, FAR_SHARE * Math.min(width, height));
  for (const [at, gap] of NAME_GAPS.filter((one) => one <= most).entries()) {
    if (at === 1 && cut) yield* inside;
    const far = at > 0 ? ring(centre, reach + gap + room, size) : [];
    for (const spot of [...around(polygon, centre, size, gap + room), ...far]) {
      if (free(spot, size, blocked)) yield spot;
    }
  }
  yield* inside;
  if ((own || face.sheet > 0) && !cut) yield* around(polygon, centre, size, (NAME_GAPS[0] ?? 0) + room);
}

/** Twelve centres for a text about a circle, clear of it. */
function ring(centre: Spot, radius: number, size: Size): Spot[] {
  return Array.from({ length: 12 }, (_, n) => ({
    x: centre.x + Math.cos((n * Math.PI) / 6) * (radius + size.w / 2),
    y: centre.y + Math.sin((n * Math.PI) / 6) * (radius + size.h / 2),
  }));
}

function lettersOf(input: LegendInput, box: Box, blocked: readonly Blocked[], measure: Measure): Label[] {
  const centre = project(input.eye, boxCentre(box));
  if (centre === null) return [];
  const px = LETTER_PX * input.style.legend_size;
  return (["i", "j", "k"] as const).flatMap((letter, axis) => {
    const edges = edgesOf(input.eye, box, axis).sort(
      (a, b) => length(middle(b), centre) - length(middle(a), centre),
    );
    const longest = Math.max(0, ...edges.map(([a, b]) => length(a, b)));
    const fade = fading(longest * 0.8);
    if (fade < LEAST_FADE) return [];
    const opacity = Math.max(fade, LEAST_OPACITY);
    const weak = `= ${box.sizes[axis]}`;
    const w = Math.ceil(measure(letter, px, true) + measure(weak, px, false) + px * 0.3 + 2 * PAD);
    const size = { w, h: Math.round(px * 1.5) };
    const spots = LETTER_GAPS.flatMap((gap) =>
      edges.flatMap(([a, b]) => spotsBeside(a, b, centre, size, gap).slice(0, 3)),
    ).filter((spot) => free(spot, size, blocked));
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
    return rowOfTokens(`t${face.id}${"rc"[which]}`, texts, side, centre, outline.room, input.eye, measure);
  });
}

/** One label for each row or column beside one side of a face; the sides are straight, so places are a share of it. */
function rowOfTokens(
  prefix: string,
  texts: readonly string[],
  [a, b]: readonly [Projected, Projected],
  centre: Spot,
  room: number,
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
    const [beside] = spotsBeside(a, b, centre, size, TOKEN_GAP + room);
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
  const [far] = spotsBeside(a, b, centre, { w: 2 * widest, h: 28 }, room);
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
    if (!(a && b && c && d)) return [];
    const polygon = [a, b, c, d] as const;
    const depth = (a.depth + b.depth + c.depth + d.depth) / 4;
    const half = 1 / (2 * input.eye.pixelAngle * depth);
    const low = Math.min(
      across(polygon, a, b) / Math.max(face.rows, 1),
      across(polygon, b, c) / Math.max(face.cols, 1),
    );
    const room = clamp(half - low, 0, MOST_ROOM);
    const more = 1 + Math.min(room / Math.max(across(polygon, a, b), across(polygon, b, c), 1e-9), 2);
    const { x, y } = middle(polygon);
    const home = polygon.map((p) => ({ x: x + (p.x - x) * more, y: y + (p.y - y) * more }));
    return [{ face, polygon, room, home }];
  });
}

/** Distance from the middle of a polygon to the line of one of its sides. */
function across(polygon: Polygon, a: Spot, b: Spot): number {
  const { x, y } = middle(polygon);
  return Math.abs((b.x - a.x) * (y - a.y) - (b.y - a.y) * (x - a.x)) / Math.max(length(a, b), 1e-9);
}

function around(polygon: Polygon, centre: Spot, size: Size, gap: number): Spot[] {
  return polygon.flatMap((from, at) =>
    spotsBeside(from, polygon[(at + 1) % polygon.length] ?? from, centre, size, gap),
  );
}

/** A text there lies on no face, and on no balls that stand out of one. */
function free(spot: Spot, size: Size, blocked: readonly Blocked[]): boolean {
  return !blocked.some(({ points, room }) =>
    covers(points, rectAt(spot, { w: size.w + room, h: size.h + room })),
  );
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
