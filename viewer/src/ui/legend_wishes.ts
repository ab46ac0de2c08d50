// Texts to place in the picture, and their candidate places: names, edge letters and the names along rows and columns.
// The still (matcube.outputs.still.legend) has the same texts at the same places.

import { type Eye, type Projected, project } from "../core/camera";
import { boxCentre } from "../core/faces";
import { type Spot, spotsBeside, type Wish } from "../core/labels";
import { extentOf, placeOf } from "../core/places";
import type { Box, Face, Layout, Split, StyleView } from "../core/types.gen";
import type { LoadedScene } from "../core/wire";
import {
  area,
  around,
  type Blocked,
  clipped,
  edgesOf,
  fading,
  free,
  hits,
  length,
  middle,
  type Outline,
  outlinesOf,
  type Polygon,
  type Size,
} from "./legend_shapes";
import { badgesOf, edgeWords, partText, shapeWords, textOf, type Word } from "./legend_words";
import { hasName, isFirst, named, shorten, transposedName, visible } from "./words";

/** What legends are made from. */
export interface LegendInput {
  readonly scene: LoadedScene;
  readonly layout: Layout;
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
  readonly weak: readonly Word[];
  readonly px: number;
  readonly opacity: number;
  readonly kind: "name" | "letter" | "token" | "badge";
  readonly title?: string;
  readonly selected: boolean;
}

/** Width of a text in pixels. */
export type Measure = (text: string, px: number, bold: boolean) => number;

const NAME_PX = 14;
const LETTER_PX = 12;
const TOKEN_PX = 10.5;
const PAD = 5;
const NAME_GAPS = [10, 36, 64, 100, 150, 220];
/** Of the picture's shorter side: the largest distance of a name from its face, and at least this many pixels. */
const FAR_SHARE = 0.25;
const FAR_PX = 64;
const LETTER_GAPS = [8, 24, 48];
const TOKEN_GAP = 4;
const TOKEN_APART = 11;
const TOKEN_MOST = 90;
const MOST_TOKENS = 300;
/** Clearance of a text from an outline, beyond the balls that project from it. */
const ROOM = 6;
/** A text that would be fainter than this share of full is left out; it is never drawn fainter than the other. */
const LEAST_FADE = 0.2;
const LEAST_OPACITY = 0.6;
/** Pixels from which what has a name of its own is named. */
const LEAST_NAMED = 8;

/** Everything that would be written if there were room. */
export function labelsOf(input: LegendInput, measure: Measure): Label[] {
  const outlines = outlinesOf(input.eye, input.faces);
  const tokens = input.style.legends
    ? outlines.flatMap((entry) => tokensOf(input, entry, outlines, measure))
    : [];
  const blocked: Blocked[] = [
    ...outlines.map((entry) => ({ points: entry.polygon, room: ROOM + entry.room })),
    ...tokens.map((side) => ({ points: side.strip, room: ROOM })),
  ];
  const parts = new Set(
    outlines.filter(({ face }) => face.part !== null).map(({ polygon }) => polygon as Polygon),
  );
  const others = blocked.filter(({ points }) => !parts.has(points));
  const names = input.style.legends
    ? outlines.flatMap((entry) =>
        entry.face.part === null
          ? [...nameOf(input, entry, blocked, measure), ...badgeLabels(input, entry, blocked, measure)]
          : partLabel(input, entry, blocked, others, measure),
      )
    : [];
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
  const matrix = input.scene.head.matrices.find((matrix) => matrix.node === face.node);
  const { pull } = input.scene.head.view.layout;
  if (matrix === undefined || !hasName(face, matrix, input.selected, pull)) return [];
  const extent = Math.sqrt(area(polygon));
  const own = face.id === input.root ? 2 : named(matrix.name) ? 1 : 0;
  const enough = own > 0 ? extent >= LEAST_NAMED : fading(extent) >= LEAST_FADE;
  if (!enough && face.rows * face.cols > 0) return [];
  const fade = fading(extent) * (input.faded.includes(face.node) ? 0.5 : 1);
  const px = NAME_PX * input.style.legend_size;
  const strong = face.transposed ? transposedName(shorten(matrix.name)) : shorten(matrix.name);
  const weak = shapeWords(input.scene.head, face, matrix);
  const size = {
    w: Math.ceil(measure(strong, px, true) + measure(textOf(weak), px, false) + px * 0.5 + 2 * PAD),
    h: Math.round(px * 1.5),
  };
  const spots = { [Symbol.iterator]: () => nameSpots(outline, size, blocked, input.eye, own > 0) };
  const first = (1 + own) * 1e6 + (face.alias_of === null ? 1e5 : 0) + (face.sheet === 0 ? 5e4 : 0);
  const priority = first + Math.min(extent, 4e4);
  const text = { strong, weak, px, opacity: Math.max(fade, LEAST_OPACITY), kind: "name" } as const;
  const selected = input.selected === face.node;
  return [{ id: `n${face.id}`, priority, ...size, spots, home, ...text, selected }];
}

/** `all-reduce 64 kB` beside the face of what devices exchange. */
function badgeLabels(
  input: LegendInput,
  outline: Outline,
  blocked: readonly Blocked[],
  measure: Measure,
): Label[] {
  const px = LETTER_PX * input.style.legend_size;
  if (fading(Math.sqrt(area(outline.polygon))) < LEAST_FADE) return [];
  return badgesOf(input.scene.head, input.layout, outline.face, input.style.costs).map(
    ({ text, why }, at) => {
      const size = { w: Math.ceil(measure(text, px, true)) + 2 * PAD, h: Math.round(px * 1.5) };
      const spots = { [Symbol.iterator]: () => nameSpots(outline, size, blocked, input.eye, true) };
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
  if (fading(Math.sqrt(area(polygon))) < LEAST_FADE) return [];
  const px = LETTER_PX * input.style.legend_size;
  const text = partText(input.layout, face);
  const size = { w: Math.ceil(measure(text, px, false)) + 2 * PAD, h: Math.round(px * 1.5) };
  const beside = around(polygon, middle(polygon), size, NAME_GAPS[0] ?? 0);
  const spots = [blocked, others].flatMap((other) => beside.filter((spot) => free(spot, size, other)));
  const rest = { px, opacity: LEAST_OPACITY, kind: "name", selected: false } as const;
  const priority = 10 - (face.part ?? 0) / 64;
  return [{ id: `p${face.id}`, priority, ...size, spots, strong: "", weak: [{ text }], ...rest }];
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
  for (const [at, gap] of NAME_GAPS.filter((entry) => entry <= most).entries()) {
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
  const made = input.scene.head.matrices.find((matrix) => matrix.node === box.node);
  if (centre === null || (made !== undefined && !isFirst(made))) return [];
  const px = LETTER_PX * input.style.legend_size;
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
      edges.flatMap(([a, b]) => spotsBeside(a, b, centre, size, gap).slice(0, 3)),
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
  const { face, polygon: c } = outline;
  const matrix = input.scene.head.matrices.find((matrix) => matrix.node === face.node);
  if (matrix === undefined || face.sheet > 0 || face.part !== null || !isFirst(matrix)) return [];
  if (input.faded.includes(face.node)) return [];
  const axes = face.transposed ? [matrix.col_axis, matrix.row_axis] : [matrix.row_axis, matrix.col_axis];
  const centre = middle(c);
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
