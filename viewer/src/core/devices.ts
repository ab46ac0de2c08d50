// What a device of a partition holds of a matrix: one block along each dimension that is shared among devices.

import { type Eye, project } from "./camera";
import { onFace } from "./faces";
import type { Spot } from "./labels";
import { blocksIn, stretchesIn } from "./marks";
import { area, middle } from "./outlines";
import { linear } from "./palette";
import type { Rect } from "./reveal";
import { REST } from "./shading";
import type { Face, Head, Theme } from "./types.gen";

const PARTIAL = -2;

/** The cells of a face's node that a device holds; null when it holds all of them, or nothing is known. */
export function heldBy(head: Head, id: number, face: Face): Rect | null {
  const table = head.partition;
  const device = table?.devices.find((device) => device.id === id);
  const row = table?.matrices.find((matrix) => matrix.node === face.node);
  if (!table || device === undefined || row === undefined) return null;
  const rank = row.shape.length;
  const sizes = face.transposed ? [face.cols, face.rows] : [face.rows, face.cols];
  const [from, to] = [[0, 0], [...sizes]];
  row.dims.forEach((dim, group) => {
    const at = device.at[group] ?? 0;
    if (dim === PARTIAL && face.part !== null && face.part !== at) to[0] = 0;
    if (dim < 0) return;
    const axis = dim + 2 - rank;
    const size = sizes[axis] ?? 0;
    const length = Math.max(1, Math.ceil(size / (table.groups[group]?.blocks ?? 1)));
    from[axis] = Math.min(size, at * length);
    to[axis] = Math.min(to[axis] ?? 0, size, (at + 1) * length);
  });
  const [row0 = 0, col0 = 0] = from;
  const [rows, cols] = [Math.max(0, (to[0] ?? 0) - row0), Math.max(0, (to[1] ?? 0) - col0)];
  return rows === sizes[0] && cols === sizes[1] ? null : { row: row0, col: col0, rows, cols };
}

// --- the devices of a block: the tint of its plate and its number; matcube.playback.devices has the same ---------

/** Devices of one block that are counted out, and runs of them in its number. */
const [MOST, MOST_RUNS] = [64, 2];
/** Pixels: the font of a number, the height of its badge, the room beside it. */
export const NUMBER_PX = 12;
export const NUMBER_HIGH = 18;
export const NUMBER_SIDES = 5;
const LEAST_EXTENT = 26;
const FAINT = 0.6;
const INKS = [0, 0xffffff] as const;
const LUMINANCE = [0.2126, 0.7152, 0.0722] as const;

/** The first 64 of the `total` devices that hold a block; `everyone` holds it, if so. */
export interface Held {
  readonly ids: readonly number[];
  readonly total: number;
  readonly everyone: boolean;
}

/** The colour of a plate's edges, and its opacity. */
export interface Tint {
  readonly colour: number;
  readonly opacity: number;
}

type Span = readonly [number, number];

/** The devices that hold something of displayed rows and columns. */
export function heldIn(head: Head, face: Face, rows: Span, cols: Span): Held {
  const table = head.partition;
  const stored = table?.matrices.find(({ node }) => node === face.node);
  if (!table || stored === undefined) return { ids: [], total: 0, everyone: false };
  const own = face.transposed ? [cols, rows] : [rows, cols];
  const sizes = face.transposed ? [face.cols, face.rows] : [face.rows, face.cols];
  let ids: readonly number[] = [0];
  let count = 1;
  table.groups.forEach(({ blocks }, group) => {
    const dim = stored.dims[group] ?? -1;
    let [from, to] = [0, blocks];
    if (dim === PARTIAL && face.part !== null) [from, to] = [face.part, face.part + 1];
    if (dim >= 0) {
      const axis = dim + 2 - stored.shape.length;
      const length = Math.max(1, Math.ceil((sizes[axis] ?? 0) / blocks));
      const [first, end] = own[axis] ?? [0, 0];
      [from, to] = [Math.floor(first / length), Math.min(blocks, Math.ceil(end / length))];
    }
    count *= Math.max(0, to - from);
    const numbers = Array.from({ length: Math.max(0, to - from) }, (_, n) => from + n);
    ids = ids.flatMap((id) => numbers.map((number) => id * blocks + number)).slice(0, MOST);
  });
  return { ids, total: count, everyone: count === table.count };
}

/** The devices of every plate of a face, by rows and columns of blocks. */
export function heldBlocks(head: Head, face: Face): readonly (readonly Held[])[] {
  const [tall, long] = blocksIn(face);
  return tall.map((rows) => long.map((cols) => heldIn(head, face, rows, cols)));
}

/** That of the block's device, of several the first; null for all devices, or none. */
export function tintOf({ ids, everyone }: Held, theme: Theme, device: number | null): Tint | null {
  const [first] = ids;
  const colour = first === undefined ? undefined : theme.devices[first % theme.devices.length];
  if (everyone || colour === undefined) return null;
  return { colour, opacity: device !== null && !ids.includes(device) ? REST : 1 };
}

/** The tints of all plates of a face; null where nothing is split among devices. */
export function tintsOf(
  head: Head,
  face: Face,
  theme: Theme,
  device: number | null,
): readonly (readonly (Tint | null)[])[] | null {
  if (!head.partition) return null;
  return heldBlocks(head, face).map((row) => row.map((held) => tintOf(held, theme, device)));
}

function runsOf(ids: readonly number[]): string[] {
  const runs: [number, number][] = [];
  for (const id of ids) {
    const last = runs.at(-1);
    if (last?.[1] === id - 1) last[1] = id;
    else runs.push([id, id]);
  }
  return runs.map(([from, to]) => (from === to ? `${from + 1}` : `${from + 1}–${to + 1}`));
}

/** The number on a block, counted from 1. */
export function numberText({ ids, total, everyone }: Held): string {
  if (everyone) return "all";
  const texts = runsOf(ids);
  const more = texts.length > MOST_RUNS || total > ids.length ? ["…"] : [];
  return [...texts.slice(0, MOST_RUNS), ...more].join(", ");
}

/** What is said of a cell: who holds it; null where nothing is split, or no device does. */
export function heldText(head: Head, face: Face, row: number, col: number): string | null {
  const all = head.partition?.count ?? 0;
  const held = heldIn(head, face, [row, row + 1], [col, col + 1]);
  if (held.total === 0) return null;
  if (held.everyone) return `on all ${all} devices`;
  const more = held.total > held.ids.length ? ", …" : "";
  return `on device${held.total > 1 ? "s" : ""} ${runsOf(held.ids).join(", ")}${more} of ${all}`;
}

/** The number on a block, its badge, and where it may lie: corners, the nearest first, and the middle. */
export interface BlockNumber {
  readonly row: number;
  readonly col: number;
  readonly text: string;
  readonly ground: number;
  readonly ink: number;
  /** Square root of the area of the block, pixels. */
  readonly extent: number;
  readonly spots: readonly Spot[];
}

/** The numbers on the blocks of a face that are large enough. */
export function numbersOn(
  head: Head,
  face: Face,
  eye: Eye,
  theme: Theme,
  device: number | null,
): readonly BlockNumber[] {
  if (!head.partition) return [];
  const [tall, long] = stretchesIn(face);
  return heldBlocks(head, face).flatMap((of, row) =>
    of.flatMap((held, col): BlockNumber[] => {
      const [[top, bottom], [left, right]] = [tall[row] ?? [0, 0], long[col] ?? [0, 0]];
      const places = [
        [top, left],
        [top, right],
        [bottom, right],
        [bottom, left],
      ] as const;
      const spots = places
        .map(([down, across]) => project(eye, onFace(face, down, across)))
        .filter((spot) => spot !== null);
      const extent = Math.sqrt(area(spots));
      if (held.ids.length === 0 || spots.length < 4 || extent < LEAST_EXTENT) return [];
      const full = tintOf(held, theme, null)?.colour ?? theme.frame;
      const isLit = device === null || held.ids.includes(device);
      const ground = isLit ? full : mixed(theme.ground, full, FAINT);
      const nearest = [...spots].sort((a, b) => a.depth - b.depth).map(({ x, y }) => ({ x, y }));
      const text = numberText(held);
      const all = [...nearest, middle(spots)];
      return [{ row, col, text, ground, ink: inkOn(ground), extent, spots: all }];
    }),
  );
}

/** A share of the second colour over the first, in sRGB. */
function mixed(under: number, over: number, share: number): number {
  const part = (shift: number): number => {
    const [a, b] = [(under >> shift) & 255, (over >> shift) & 255];
    return Math.round(a + (b - a) * share) << shift;
  };
  return part(16) | part(8) | part(0);
}

/** The ink that is easier to read on a ground: dark or white. */
export function inkOn(ground: number): number {
  const light = (colour: number): number =>
    linear(colour).reduce((sum, part, at) => sum + part * (LUMINANCE[at] ?? 0), 0.05);
  return light(ground) / light(INKS[0]) >= light(INKS[1]) / light(ground) ? INKS[0] : INKS[1];
}

/** What a picture says of devices: of the lit one what it holds and sends. */
export const captionsOf = (head: Head, device: number | null): readonly string[] =>
  (head.partition?.devices ?? []).flatMap(({ id, says }) => (id === device && says !== "" ? [says] : []));
