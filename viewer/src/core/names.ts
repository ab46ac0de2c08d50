// Names of faces: on the plane of the face along one of its edges, else upright beside it. See "Names" in docs/drawing.md.

import { type Eye, project } from "./camera";
import { onFace } from "./faces";
import { type Lead, leadOf, type Rect, rectAt, type Spot, spotsBeside } from "./labels";
import {
  apart,
  area,
  boxAround,
  clipped,
  isCut,
  length,
  middle,
  type Outline,
  type Polygon,
  rectCorners,
  within,
} from "./outlines";
import { highOf, wideOf } from "./places";
import type { Vec3 } from "./types.gen";
import { along, clamp, dot, scale, sub } from "./vec";

const [LARGE, LARGE_PX] = [0.04, [14, 44]] as const;
const [UPRIGHT, UPRIGHT_PX] = [0.0145, [11, 14]] as const;
const STEPS = [1, 0.8, 0.64, 0.5];
/** Em of the size after a name: of that of the name, and at least. */
const [SIZE_EM, SIZE_PX] = [0.62, 10.5];
/** Before the size, ems of the name. */
export const SPACE_EM = 0.45;
export const ASCENT = 0.8;
export const DESCENT = 0.24;
const CAP = 0.72;
const [EDGE_EM, EDGE_CELLS] = [0.06, 0.5];
const LEAST_CAP = 9;
const LEAST_EM = 8;
const LEAST_SINE = 0.6;
/** Of an em along the line to one across it. */
const LEAST_WIDE = 0.45;
const STEEPEST = 0.8;
const LEAST_FACE = 40;
const OVERHANG = 2;
export const PAD = 5;
const LINE = 1.5;
const MARGIN = 3;
const ROOM = 6;
const GAPS = [8, 36, 64, 100, 150, 220];
const FAR_SHARE = 0.25;
const GRID = [14, 9] as const;
const SMALL_PX = 10;
const RIM = 4;

/** A name to write. */
export interface Name {
  readonly id: string;
  readonly outline: Outline;
  /** Width of the name, ems. */
  readonly strong: number;
  /** Width of the size after it, ems of its own; 0 for none. */
  readonly weak: number;
  /** The greater is placed first. */
  readonly priority: number;
  /** It is written wherever there is room at all. */
  readonly always: boolean;
  /** It is written only beside its face. */
  readonly beside: boolean;
}

/** A name in the picture: pixel (s, t) of its text lies at `at + s·right + t·down`. */
export interface Writing {
  readonly id: string;
  readonly at: Spot;
  readonly right: Spot;
  readonly down: Spot;
  /** Em, pixels of text. */
  readonly px: number;
  readonly w: number;
  readonly h: number;
  /** With the size of the matrix. */
  readonly sized: boolean;
  /** On the plane of its face. */
  readonly flat: boolean;
  /** On the cells of its face. */
  readonly own: boolean;
  readonly lead: Lead | null;
}

/** The corners of a writing's box in the picture. */
export function quadOf({ at, right, down, w, h }: Writing): Polygon {
  const [ax, ay, bx, by] = [right.x * w, right.y * w, down.x * h, down.y * h];
  return [
    at,
    { x: at.x + ax, y: at.y + ay },
    { x: at.x + ax + bx, y: at.y + ay + by },
    { x: at.x + bx, y: at.y + by },
  ];
}

/** The em of names in a picture, pixels: on a plane before perspective, or upright. */
export function emPx(eye: Eye, flat: boolean, size = 1): number {
  const [share, [least, most]] = flat ? [LARGE, LARGE_PX] : [UPRIGHT, UPRIGHT_PX];
  return size * clamp(share * Math.sqrt(eye.viewport.width * eye.viewport.height), least, most);
}

/** The em of the size after a name of em `px`, pixels; upright it is as large as the name. */
export const sizePx = (px: number, flat: boolean): number =>
  flat ? Math.max(SIZE_EM * px, Math.min(px, SIZE_PX)) : px;

/**
 * Names at their first free places; in order of priority, then of id.
 *
 * A name covers no other name, nothing `taken` and no face but its own, and that only where nothing is painted over it.
 *
 * @param soft outlines that are avoided where a place beside the face allows it.
 */
export function placeNames(
  names: readonly Name[],
  outlines: readonly Outline[],
  eye: Eye,
  { size = 1, taken = [], soft = [] }: { size?: number; taken?: readonly Rect[]; soft?: readonly Polygon[] },
): Writing[] {
  const page = new Page(outlines, eye, taken.map(rectCorners));
  const order = [...names].sort(
    (a, b) => b.priority - a.priority || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0),
  );
  const done: Writing[] = [];
  for (const name of order) {
    if (name.outline.seen.length < 3) continue;
    for (const [writing, isNear] of candidates(name, eye, size)) {
      if (!page.takes(writing, name.outline)) continue;
      if (isNear && soft.some((strip) => !apart(quadOf(writing), strip))) continue;
      page.add(writing);
      done.push(writing);
      break;
    }
  }
  return done;
}

type Boxed = readonly [Polygon, Rect];

/** What names may not cover. */
class Page {
  readonly #outlines: readonly (readonly [Outline, Rect])[];
  readonly #area: Rect;
  readonly #texts: Boxed[];
  readonly #leads: Polygon[] = [];

  constructor(outlines: readonly Outline[], eye: Eye, taken: readonly Polygon[]) {
    this.#outlines = outlines
      .filter(({ seen }) => seen.length >= 3)
      .map((outline) => [outline, boxAround(outline.seen)]);
    this.#area = areaOf(eye);
    this.#texts = taken.map((polygon) => [polygon, boxAround(polygon)]);
  }

  /** Whether the place is free. */
  takes(writing: Writing, own: Outline): boolean {
    const quad = quadOf(writing);
    const box = boxAround(quad);
    const { x, y, w, h } = this.#area;
    if (!(box.x >= x && box.y >= y && box.x + box.w <= x + w && box.y + box.h <= y + h)) return false;
    if (this.#texts.some(([text, other]) => near(box, other, MARGIN) && !apart(quad, text, MARGIN)))
      return false;
    if (this.#leads.some((lead) => !apart(quad, lead, 1))) return false;
    if (this.#outlines.some(([outline, other]) => covered(writing, quad, box, own, outline, other)))
      return false;
    const { lead } = writing;
    return lead === null || !this.#texts.some(([text]) => !apart(asPolygon(lead), text, 1));
  }

  add(writing: Writing): void {
    const quad = quadOf(writing);
    this.#texts.push([quad, boxAround(quad)]);
    if (writing.lead !== null) this.#leads.push(asPolygon(writing.lead));
  }
}

/** Whether a writing lies on an outline where it may not. */
function covered(
  { own, flat }: Writing,
  quad: Polygon,
  box: Rect,
  home: Outline,
  outline: Outline,
  around: Rect,
): boolean {
  if (outline === home) {
    if (flat) return false;
    if (own) return !within(quad, home.seen);
  } else if (own && outline.rank < home.rank) return false;
  const room = own ? 1 : Math.min(outline.room, ROOM) + MARGIN;
  return near(box, around, room) && !apart(quad, outline.seen, room);
}

const areaOf = ({ viewport }: Eye): Rect => ({
  x: RIM,
  y: RIM,
  w: viewport.width - 2 * RIM,
  h: viewport.height - 2 * RIM,
});

const near = (a: Rect, b: Rect, margin: number): boolean =>
  a.x < b.x + b.w + margin &&
  b.x < a.x + a.w + margin &&
  a.y < b.y + b.h + margin &&
  b.y < a.y + a.h + margin;

const asPolygon = ([a, b]: Lead): Polygon => [a, b, { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 }];

/** Writings of a name, the best first, and whether each is beside its face. */
function* candidates(name: Name, eye: Eye, size: number): Generator<readonly [Writing, boolean]> {
  const small = emPx(eye, false, size);
  const sizes = name.weak > 0 ? [true, false] : [false];
  const cut = isCut(name.outline);
  for (const near of besideFace(name, eye, size, sizes)) yield [near, true];
  if (cut) for (const inner of onCells(name, eye, small, sizes)) yield [inner, false];
  if (!name.beside) for (const far of farther(name, eye, small, sizes)) yield [far, false];
  if (!cut) for (const inner of onCells(name, eye, small, sizes)) yield [inner, false];
  if (!name.always || name.beside) return;
  for (const px of [small, Math.min(small, SMALL_PX * Math.max(size, 0.7))])
    for (const far of anywhere(name, eye, px)) yield [far, false];
}

/** On the plane, then upright. */
function* besideFace(name: Name, eye: Eye, size: number, sizes: readonly boolean[]): Generator<Writing> {
  const [large, small] = [emPx(eye, true, size), emPx(eye, false, size)];
  const flat = Math.sqrt(area(name.outline.seen)) >= LEAST_FACE;
  for (const sized of flat ? sizes : [])
    for (const step of STEPS) yield* onPlane(name, eye, large * step, sized);
  for (const sized of sizes) yield* beside(name, small, sized);
}

/** Along the upper, lower, left and right edge, outside it; at its start, its end and its middle. */
function* onPlane(name: Name, eye: Eye, px: number, sized: boolean): Generator<Writing> {
  const { face } = name.outline;
  const [wide, high] = [wideOf(face), highOf(face)];
  const [up, left] = [scale(face.down, -1), scale(face.across, -1)];
  const edges = [
    [face.origin, face.across, wide, up],
    [onFace(face, high, 0), face.across, wide, face.down],
    [face.origin, face.down, high, left],
    [onFace(face, 0, wide), face.down, high, face.across],
  ] as const;
  const ems = name.strong + (sized ? SPACE_EM + (sizePx(px, true) / px) * name.weak : 0);
  for (const [origin, edge, size, outward] of edges) {
    let [start, way]: [Vec3, Vec3] = [origin, edge];
    let [low, high] = visiblePart(start, way, size, eye);
    if (high <= low) continue;
    const [first, last] = [project(eye, along(start, way, low)), project(eye, along(start, way, high))];
    if (first === null || last === null) continue;
    if (last.x < first.x) {
      [start, way] = [along(start, way, size), scale(way, -1)];
      [low, high] = [size - high, size - low];
    }
    const centre = along(start, way, (low + high) / 2);
    const em = px * dot(sub(centre, eye.position), eye.forward) * eye.pixelAngle; // cells
    const long = ems * em;
    if (long > OVERHANG * (high - low)) continue;
    for (const at of new Set([low, high - long, (low + high - long) / 2])) {
      const writing = flatAt(name, along(start, way, at), way, outward, em, ems, px, eye, sized);
      if (writing !== null) yield writing;
    }
  }
}

/** The stretch of an edge inside the picture, in cells from its start. */
function visiblePart(start: Vec3, way: Vec3, size: number, eye: Eye): readonly [number, number] {
  const { width, height } = eye.viewport;
  let [low, high] = [Infinity, -Infinity];
  for (let n = 0; n <= 32; n++) {
    const share = (size * n) / 32;
    const spot = project(eye, along(start, way, share));
    if (spot === null) continue;
    const { x, y } = spot;
    if (x < RIM || x > width - RIM || y < RIM || y > height - RIM) continue;
    [low, high] = [Math.min(low, share), Math.max(high, share)];
  }
  return high < low ? [0, 0] : [low, high];
}

/** A text on a plane from a point of an edge on; null where it would be hard to read. */
function flatAt(
  name: Name,
  foot: Vec3,
  way: Vec3,
  outward: Vec3,
  em: number,
  ems: number,
  px: number,
  eye: Eye,
  sized: boolean,
): Writing | null {
  const gap = EDGE_EM * em + EDGE_CELLS;
  for (const [up, baseline] of [
    [outward, gap + DESCENT * em],
    [scale(outward, -1), gap + ASCENT * em],
  ] as const) {
    const base = along(foot, outward, baseline);
    const centre = along(base, way, (ems * em) / 2);
    const spots = [base, along(base, way, ems * em), centre, along(centre, up, em)];
    const [a, b, c, d] = spots.map((spot) => project(eye, spot));
    if (!(a && b && c && d)) continue;
    const right = { x: (b.x - a.x) / ems, y: (b.y - a.y) / ems };
    const below = { x: c.x - d.x, y: c.y - d.y };
    const turn = right.x * below.y - right.y * below.x;
    const [long, tall] = [Math.hypot(right.x, right.y), Math.hypot(below.x, below.y)];
    const hard =
      turn <= LEAST_SINE * long * tall ||
      CAP * turn < LEAST_CAP * long ||
      long < Math.max(LEAST_EM, LEAST_WIDE * tall) ||
      Math.abs(right.y) > STEEPEST * right.x ||
      below.y < 0.3 * tall;
    if (hard) continue;
    return {
      id: name.id,
      at: { x: a.x - below.x * ASCENT, y: a.y - below.y * ASCENT },
      right: { x: right.x / px, y: right.y / px },
      down: { x: below.x / px, y: below.y / px },
      px,
      w: ems * px,
      h: (ASCENT + DESCENT) * px,
      sized,
      flat: true,
      own: false,
      lead: null,
    };
  }
  return null;
}

interface Size {
  readonly w: number;
  readonly h: number;
}

/** The box of an upright name; its size is written at the same em. */
const sizeOf = (name: Name, px: number, sized: boolean): Size => ({
  w: (name.strong + (sized ? SPACE_EM + name.weak : 0)) * px + 2 * PAD,
  h: Math.floor(px * LINE + 0.5),
});

function upright(name: Name, spot: Spot, size: Size, px: number, sized: boolean): Writing {
  const { x, y, w, h } = rectAt(spot, size);
  const axes = { right: { x: 1, y: 0 }, down: { x: 0, y: 1 } };
  return { id: name.id, at: { x, y }, ...axes, px, w, h, sized, flat: false, own: false, lead: null };
}

function* beside(name: Name, px: number, sized: boolean): Generator<Writing> {
  const { seen, polygon, room } = name.outline;
  const size = sizeOf(name, px, sized);
  for (const spot of around(seen, middle(polygon), size, (GAPS[0] ?? 0) + room))
    yield upright(name, spot, size, px, sized);
}

/** Around the face farther off, with a line to it. */
function* farther(name: Name, eye: Eye, px: number, sizes: readonly boolean[]): Generator<Writing> {
  const { seen, room } = name.outline;
  const centre = middle(seen);
  const reach = Math.max(...seen.map((corner) => length(corner, centre)));
  const most = Math.max(GAPS[2] ?? 0, FAR_SHARE * Math.min(eye.viewport.width, eye.viewport.height));
  const gaps = GAPS.slice(1).filter((gap) => gap <= most);
  for (const sized of sizes) {
    const size = sizeOf(name, px, sized);
    for (const gap of gaps) {
      const spots = [...around(seen, centre, size, gap + room), ...ring(centre, reach + gap + room, size)];
      for (const spot of spots) yield led(upright(name, spot, size, px, sized), seen);
    }
  }
}

/** On the face itself, near the upper rim of what is seen of it. */
function* onCells(name: Name, eye: Eye, px: number, sizes: readonly boolean[]): Generator<Writing> {
  const room = clipped(name.outline.seen, areaOf(eye));
  if (room.length < 3) return;
  const box = boxAround(room);
  for (const sized of sizes) {
    const size = sizeOf(name, px, sized);
    for (const down of [0.06, 0.16, 0.3, 0.5, 0.7, 0.84, 0.94])
      for (const right of [0.5, 0.2, 0.8, 0.35, 0.65, 0.08, 0.92]) {
        const spot = { x: box.x + box.w * right, y: box.y + box.h * down };
        yield { ...upright(name, spot, size, px, sized), own: true };
      }
  }
}

/** Over the whole picture, nearest first, with a line to the face. */
function* anywhere(name: Name, eye: Eye, px: number): Generator<Writing> {
  const { seen } = name.outline;
  const [size, { x, y }] = [sizeOf(name, px, false), middle(seen)];
  const whole = areaOf(eye);
  const spots: Spot[] = [];
  for (let m = 0; m < Math.floor(whole.h / GRID[1]); m++)
    for (let n = 0; n < Math.floor(whole.w / GRID[0]); n++)
      spots.push({ x: whole.x + size.w / 2 + GRID[0] * n, y: whole.y + size.h / 2 + GRID[1] * m });
  const away = (spot: Spot): number => (spot.x - x) ** 2 + (spot.y - y) ** 2;
  spots.sort((a, b) => away(a) - away(b));
  for (const spot of spots) yield led(upright(name, spot, size, px, false), seen);
}

const led = (writing: Writing, seen: Polygon): Writing => ({
  ...writing,
  lead: leadOf(seen, { ...writing.at, w: writing.w, h: writing.h }),
});

/** Centres for a text around an outline, side by side. */
const around = (polygon: Polygon, centre: Spot, size: Size, gap: number): Spot[] =>
  polygon.flatMap((from, at) =>
    spotsBeside(from, polygon[(at + 1) % polygon.length] ?? from, centre, size, gap),
  );

/** Twelve centres for a text around a circle, outside it. */
function ring(centre: Spot, radius: number, size: Size): Spot[] {
  return Array.from({ length: 12 }, (_, n) => ({
    x: centre.x + Math.cos((n * Math.PI) / 6) * (radius + size.w / 2),
    y: centre.y + Math.sin((n * Math.PI) / 6) * (radius + size.h / 2),
  }));
}
