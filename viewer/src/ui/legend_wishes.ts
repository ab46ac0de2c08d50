// Texts to place in the picture, and their candidate places: names, edge letters and the names along rows and columns.
// The still (matcube.outputs.still.legend) has the same texts at the same places.

import { type Eye, type Projected, project } from "../core/camera";
import { NUMBER_HIGH, NUMBER_PX, NUMBER_SIDES, numbersOn } from "../core/devices";
import { boxCentre } from "../core/faces";
import { protagonistOf } from "../core/home";
import type { Rect, Spot, Wish } from "../core/labels";
import { spotsBeside } from "../core/labels";
import { placeNames } from "../core/names";
import {
  extentOf as extentPx,
  length,
  middle,
  type Outline,
  outlinesOf,
  type Polygon,
} from "../core/outlines";
import { extentOf, placeOf } from "../core/places";
import type { Box, Face, Layout, Split, Theme, View } from "../core/types.gen";
import type { LoadedScene } from "../core/wire";
import { emPx, type Name, PAD, quadOf, type Writing } from "../core/writing";
import { around, type Blocked, edgesOf, fading, free, hits, type Size } from "./legend_shapes";
import { badgesOf, edgeWords, partText, shapeWords, textOf, type Word } from "./legend_words";
import { cutMiddle, hasName, isFirst, named, transposedName, visible } from "./words";

/** What legends are made from. */
export interface LegendInput {
  readonly scene: LoadedScene;
  readonly layout: Layout;
  readonly faces: readonly Face[];
  readonly boxes: readonly Box[];
  /** The face of the result of the whole. */
  readonly root: number;
  readonly eye: Eye;
  readonly view: View;
  readonly theme: Theme;
}

/** What is written. */
export interface Text {
  readonly strong: string;
  readonly weak: readonly Word[];
  readonly opacity: number;
  readonly kind: "name" | "letter" | "token" | "badge" | "number";
  /** Of a number on a block: the colours of its badge. */
  readonly colours?: { readonly ground: number; readonly ink: number };
  readonly title?: string;
  readonly selected: boolean;
}

/** A wish and what is written where it is granted. */
export interface Label extends Wish, Text {
  readonly px: number;
}

/** Names at their places, and the other texts, which are placed after them. */
export interface Wanted {
  readonly names: readonly (readonly [Writing, Text])[];
  readonly labels: readonly Label[];
}

/** Width of a text in pixels. */
export type Measure = (text: string, px: number, bold: boolean) => number;

/** Of the em of an upright name, and at least. */
const [LETTER, LETTER_PX] = [0.86, 10.2];
const TOKEN_PX = 10.5;
const GAPS = [10, 36, 64];
const LETTER_GAPS = [8, 24, 48, 80];
const TOKEN_GAP = 4;
const TOKEN_APART = 11;
const TOKEN_MOST = 90;
const MOST_TOKENS = 300;
/** Clearance of a text from an outline, beyond the balls that project from it. */
const ROOM = 6;
/** A text that would be fainter than this share of full is left out; it is never drawn fainter than the other. */
const LEAST_FADE = 0.2;
const LEAST_OPACITY = 0.6;
/** Pixels of the longer side from which what has a name of its own is named. */
const LEAST_NAMED = 3;
const EM = 100;

/** Everything that is written if there is room: names at their places, and wishes of the rest. */
export function labelsOf(input: LegendInput, measure: Measure, taken: readonly Rect[]): Wanted {
  const outlines = outlinesOf(input.eye, input.faces).filter(({ seen }) => seen.length >= 3);
  const { legends, letters, legend_size } = input.view.style;
  const whole = outlines.filter(({ depths }) => depths !== null);
  const tokens = legends ? whole.flatMap((entry) => tokensOf(input, entry, whole, measure)) : [];
  const wanted = legends ? outlines.flatMap((entry) => nameOf(input, entry, measure)) : [];
  const texts = new Map(wanted.map(([name, text]) => [name.id, text]));
  const written = placeNames(
    wanted.map(([name]) => name),
    outlines,
    input.eye,
    { size: legend_size, taken, soft: tokens.map(({ strip }) => strip) },
  );
  const named = written.flatMap((writing) =>
    [quadOf(writing), ...lineOf(writing)].map((points) => ({ points, room: 4 })),
  );
  const blocked: Blocked[] = [
    ...outlines.map(({ seen, room }) => ({ points: seen, room: ROOM + room })),
    ...tokens.map((side) => ({ points: side.strip, room: ROOM })),
    ...named,
  ];
  const parts = new Set(outlines.filter(({ face }) => face.part !== null).map(({ seen }) => seen));
  const others = blocked.filter(({ points }) => !parts.has(points));
  const labels = [
    ...(legends ? outlines : []).flatMap((entry) =>
      entry.face.part === null
        ? badgeLabels(input, entry, blocked, measure)
        : partLabel(input, entry, blocked, others, measure),
    ),
    ...(legends ? outlines : []).flatMap((entry) => numberLabels(input, entry, blocked, measure)),
    ...(letters ? input.boxes : []).flatMap((box) => lettersOf(input, box, blocked, measure)),
    ...tokens.flatMap((side) => side.labels),
  ];
  return {
    names: written.flatMap((writing) => {
      const text = texts.get(writing.id);
      return text === undefined ? [] : [[writing, text] as const];
    }),
    labels: labels.map((label) => ({ ...label, spots: clear(label, named) })),
  };
}

/** The line of a name, as an outline. */
const lineOf = ({ lead }: Writing): Polygon[] =>
  lead === null ? [] : [[...lead, { x: (lead[0].x + lead[1].x) / 2, y: (lead[0].y + lead[1].y) / 2 }]];

/** Spots of a text off all names. */
const clear = ({ spots, w, h }: Label, quads: readonly Blocked[]): Spot[] =>
  [...spots].filter((spot) => free(spot, { w, h }, quads));

/** The name of a face, and its size; the matrix that the figure is about comes first, then the result. */
function nameOf(input: LegendInput, outline: Outline, measure: Measure): [Name, Text][] {
  const { face, seen } = outline;
  const { head } = input.scene;
  const matrix = head.matrices.find((matrix) => matrix.node === face.node);
  if (face.part !== null || matrix === undefined) return [];
  const selected = input.view.selection.node;
  if (!hasName(face, matrix, selected, head.view.layout.pull)) return [];
  const own = face.id === input.root || named(matrix.name);
  const sides = seen.slice(1).map((corner, at) => length(corner, seen[at] ?? corner));
  const extent = extentPx(outline);
  const enough = own ? Math.max(...sides) >= LEAST_NAMED : fading(extent) >= LEAST_FADE;
  if (!enough && face.rows * face.cols > 0) return [];
  const about = protagonistOf(head.matrices, input.layout, input.faces);
  const rank = face.node === about ? 3 : face.id === input.root ? 2 : own ? 1 : 0;
  const first = face.alias_of === null;
  const strong = shownName(face.transposed, matrix.name);
  const weak = shapeWords(head, face, matrix);
  const name = {
    id: `n${face.id}`,
    outline,
    strong: measure(strong, EM, true) / EM,
    weak: measure(textOf(weak), EM, false) / EM,
    priority: rank * 1e6 + (first ? 1e5 : 0) + (face.sheet === 0 ? 5e4 : 0) + Math.min(extent, 4e4),
    always: own || face.sheet > 0,
    beside: !first,
  };
  const opacity = input.view.faded.includes(face.node) ? LEAST_OPACITY : 1;
  return [[name, { strong, weak, opacity, kind: "name", selected: selected === face.node }]];
}

function shownName(transposed: boolean, name: string): string {
  const cut = cutMiddle(name);
  return transposed ? transposedName(cut) : cut;
}

/** `all-reduce 64 kB` beside the face of what devices exchange. */
function badgeLabels(
  input: LegendInput,
  outline: Outline,
  blocked: readonly Blocked[],
  measure: Measure,
): Label[] {
  const px = letterPx(input);
  if (fading(extentPx(outline)) < LEAST_FADE) return [];
  return badgesOf(input.scene.head, input.layout, outline.face, input.view.style.costs).map(
    ({ text, why }, at) => {
      const size = { w: Math.ceil(measure(text, px, true)) + 2 * PAD, h: Math.round(px * 1.5) };
      const spots = badgeSpots(outline, size, blocked);
      const rest = { px, opacity: 1, kind: "badge", selected: false, weak: [] } as const;
      const id = `c${outline.face.id} ${at}`;
      return {
        id,
        priority: 9e5 - at,
        ...size,
        spots,
        home: outline.home,
        strong: text,
        title: why,
        ...rest,
      };
    },
  );
}

/** `part 3 of 4` beside a sheet of partial results; best on no sheet, else on no face of the `others`. */
function partLabel(
  input: LegendInput,
  outline: Outline,
  blocked: readonly Blocked[],
  others: readonly Blocked[],
  measure: Measure,
): Label[] {
  const { face, polygon } = outline;
  if (fading(extentPx(outline)) < LEAST_FADE) return [];
  const px = letterPx(input);
  const text = partText(input.layout, face);
  const size = { w: Math.ceil(measure(text, px, false)) + 2 * PAD, h: Math.round(px * 1.5) };
  const beside = around(polygon, middle(polygon), size, GAPS[0] ?? 0);
  const spots = [blocked, others].flatMap((other) => beside.filter((spot) => free(spot, size, other)));
  const rest = { px, opacity: LEAST_OPACITY, kind: "name", selected: false } as const;
  const priority = 10 - (face.part ?? 0) / 64;
  return [{ id: `p${face.id}`, priority, ...size, spots, strong: "", weak: [{ text }], ...rest }];
}

/** `2` on the block of the second device, `all` on a matrix that all devices hold. */
function numberLabels(
  { scene, eye, theme, view: { device, style } }: LegendInput,
  { face, seen }: Outline,
  blocked: readonly Blocked[],
  measure: Measure,
): Label[] {
  const size = style.legend_size;
  const others = blocked.filter(({ points }) => points !== seen).map(({ points }) => ({ points, room: 0 }));
  return numbersOn(scene.head, face, eye, theme, device).map((number) => {
    const { text, ground, ink, extent } = number;
    const [px, h] = [NUMBER_PX * size, NUMBER_HIGH * size];
    const w = Math.max(h, measure(text, px, false) + 2 * NUMBER_SIDES * size);
    const clear = number.spots.filter((spot) => free(spot, { w, h }, others));
    const spots = [...clear, ...number.spots.filter((spot) => !clear.includes(spot))];
    const id = `d${face.id} ${number.row} ${number.col}`;
    const rest = { px, opacity: 1, kind: "number", selected: false, weak: [] } as const;
    const colours = { ground, ink };
    return { id, priority: 8e5 + extent / 1e3, w, h, spots, strong: text, colours, ...rest };
  });
}

/** Free places beside a face, then farther off, then on it. */
function badgeSpots({ seen, room }: Outline, size: Size, blocked: readonly Blocked[]): Spot[] {
  const centre = middle(seen);
  const beside = GAPS.flatMap((gap) => around(seen, centre, size, gap + room));
  return [...beside.filter((spot) => free(spot, size, blocked)), centre];
}

const letterPx = ({ eye, view: { style } }: LegendInput): number =>
  Math.max(LETTER * emPx(eye, false, style.legend_size), LETTER_PX * style.legend_size);

function lettersOf(input: LegendInput, box: Box, blocked: readonly Blocked[], measure: Measure): Label[] {
  const centre = project(input.eye, boxCentre(box));
  const made = input.scene.head.matrices.find((matrix) => matrix.node === box.node);
  if (centre === null || (made !== undefined && !isFirst(made))) return [];
  const px = letterPx(input);
  return (["i", "j", "k"] as const).flatMap((letter, axis) => {
    const edges = edgesOf(input.eye, box, axis).sort(
      (a, b) => length(middle(b), centre) - length(middle(a), centre),
    );
    const longest = Math.max(0, ...edges.map(([a, b]) => length(a, b)));
    const fade = fading(longest * 0.8);
    if (fade < LEAST_FADE) return [];
    const opacity = Math.max(fade, LEAST_OPACITY);
    const { strong, weak } = edgeWords(input.scene.head, input.layout, box, axis as 0 | 1 | 2);
    const w = Math.ceil(measure(strong, px, true) + measure(textOf(weak), px, false) + px * 0.3 + 2 * PAD);
    const size = { w, h: Math.round(px * 1.5) };
    const spots = LETTER_GAPS.flatMap((gap) =>
      edges.flatMap(([a, b]) => spotsBeside(a, b, centre, size, gap)),
    ).filter((spot) => free(spot, size, blocked));
    const priority = Math.min(longest, 4e4) + (box.parent === null ? 1e5 : 0);
    const text = { strong, weak, px, opacity, kind: "letter", selected: false } as const;
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
  const { face, polygon } = outline;
  const c = cornersOf(outline);
  if (c === null) return [];
  const matrix = input.scene.head.matrices.find((matrix) => matrix.node === face.node);
  if (matrix === undefined || face.sheet > 0 || face.part !== null || !isFirst(matrix)) return [];
  if (input.view.faded.includes(face.node)) return [];
  const axes = face.transposed ? [matrix.col_axis, matrix.row_axis] : [matrix.row_axis, matrix.col_axis];
  const centre = middle(polygon);
  const others = outlines.filter((entry) => entry !== outline).map((entry) => entry.polygon);
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
    const split = which === 0 ? face.row_split : face.col_split;
    if (!texts || texts.length !== count || count === 0 || pair === undefined) return [];
    const size = { w: 40, h: 12 };
    const cost = ([a, b]: readonly [Spot, Spot]) =>
      spotsBeside(a, b, centre, size, 2).reduce((total, spot) => total + hits(spot, size, others), 0);
    const side = cost(pair[0]) <= cost(pair[1]) ? pair[0] : pair[1];
    if (length(side[0], side[1]) < TOKEN_APART * count * 0.5) return [];
    return rowOfTokens(
      `t${face.id}${"rc"[which]}`,
      texts,
      split,
      side,
      centre,
      outline.room,
      input.eye,
      measure,
    );
  });
}

/** The four corners of a whole outline. */
function cornersOf({
  polygon,
  depths,
}: Outline): readonly [Projected, Projected, Projected, Projected] | null {
  const [a, b, c, d] = polygon.map((spot, at) => ({ ...spot, depth: depths?.[at] ?? 0 }));
  return a && b && c && d && depths !== null ? [a, b, c, d] : null;
}

/** One label for each row or column beside one side of a face; the sides are straight, so places are a share of it. */
function rowOfTokens(
  prefix: string,
  texts: readonly string[],
  split: Split | null,
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
    const at = near((placeOf(split, n) + 0.5) / extentOf(split, texts.length));
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
      weak: [{ text }],
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
