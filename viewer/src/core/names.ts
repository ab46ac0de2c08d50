// Names of faces: on the plane of the face along one of its edges, else upright beside it. See "Names" in docs/drawing.md.

import type { Eye } from "./camera";
import { type Lead, leadOf, type Rect, rectAt, type Spot, spotsBeside } from "./labels";
import { onPlane } from "./on_plane";
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
import { areaOf, emPx, type Name, PAD, quadOf, SPACE_EM, type Writing } from "./writing";

const STEPS = [1, 0.8, 0.64, 0.5];
const LEAST_FACE = 40;
const LINE = 1.5;
const MARGIN = 3;
const ROOM = 6;
const GAPS = [8, 36, 64, 100, 150, 220];
const FAR_SHARE = 0.25;
const GRID = [14, 9] as const;
const SMALL_PX = 10;

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
