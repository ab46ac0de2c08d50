// Packets of an exchange among devices: marks that move along links between their blocks.
// matcube.playback.packets has the same; tests/vectors/packets.json holds both.

import { onFace } from "./faces";
import { line, type Mark } from "./mark";
import { placeOf } from "./places";
import type {
  Collective,
  Face,
  Film,
  FilmExchange,
  Head,
  Layout,
  OnDevices,
  Partition,
  Split,
  Theme,
  Vec3,
} from "./types.gen";
import { along, dot, sub } from "./vec";

/** An exchange under way: `share` of its time is over. */
export interface Exchanging {
  readonly exchange: FilmExchange;
  readonly share: number;
}

const PARTIAL = -2;
/** Pixels: of a packet, and with its edge. */
const [WIDTH, EDGE] = [6, 10];
const LINK_OPACITY = 0.7;
/** Of a packet: shares of the shortest link, and of its own. */
const [LONGEST, LEAST] = [0.6, 0.15];
const MOST_ROUNDS = 8;
/** Packets of an exchange. */
const MOST = 64;
const MOST_SENTENCES = 2;

/** The exchanges at time t, in order of lanes. */
export const exchangesAt = (film: Film, t: number): readonly Exchanging[] =>
  film.exchanges
    .filter(({ start, steps }) => start <= t && t < start + steps)
    .sort((a, b) => a.lane - b.lane)
    .map((exchange) => ({ exchange, share: (t - exchange.start) / exchange.steps }));

/** By node that an exchange holds back, the time from which it may have cells. */
export function heldUntil(film: Film): ReadonlyMap<number, number> {
  const out = new Map<number, number>();
  for (const { start, steps, holds } of film.exchanges)
    for (const node of holds) out.set(node, Math.max(out.get(node) ?? 0, start + steps));
  return out;
}

/** What is said of the exchanges under way, the first two by their sentences. */
export function sentencesOf(head: Head, playing: readonly Exchanging[]): readonly string[] {
  const says = playing.flatMap(({ exchange }) => sentOf(head, exchange)?.says ?? []);
  const more = says.length - MOST_SENTENCES;
  const rest = more > 0 ? [`and ${more} more exchange${more > 1 ? "s" : ""}`] : [];
  return [...says.slice(0, MOST_SENTENCES), ...rest];
}

/** What an exchange sends. */
export const sentOf = (head: Head, { collective }: FilmExchange): Collective | undefined =>
  head.partition?.collectives[collective];

/** The exchange when its first packets are half-way: how it stands for readers who asked for less motion. */
export function halfWay(head: Head, { exchange }: Exchanging): Exchanging {
  const sent = sentOf(head, exchange);
  const count = head.partition?.groups[sent?.group ?? 0]?.blocks ?? 1;
  return { exchange, share: sent ? 0.5 / roundsOf(sent, count) : 0 };
}

/** The links and packets of the exchanges under way. */
export const packetsOf = (
  head: Head,
  layout: Layout,
  faces: readonly Face[],
  theme: Theme,
  playing: readonly Exchanging[],
): readonly Mark[] => playing.flatMap((item) => packets(head, layout, faces, theme, item));

function packets(
  head: Head,
  layout: Layout,
  faces: readonly Face[],
  theme: Theme,
  { exchange, share }: Exchanging,
): readonly Mark[] {
  const [table, sent] = [head.partition, sentOf(head, exchange)];
  if (!table || sent === undefined || theme.devices.length === 0) return [];
  const count = table.groups[sent.group]?.blocks ?? 1;
  const rounds = roundsOf(sent, count);
  const passed = Math.min(Math.floor(share * rounds), rounds - 1);
  const links = linksOf(head, layout, faces, table, sent, ahead(sent, count, passed, rounds)).slice(0, MOST);
  const shortest = Math.min(...links.map(({ long }) => long));
  if (links.length === 0 || shortest === 0) return [];
  const most = Math.max(1, ...table.collectives.map(({ bytes }) => bytes));
  return [
    ...links.map(({ start, way }) => line([start, along(start, way, 1)], 1, theme.muted, LINK_OPACITY)),
    ...links.flatMap(({ device, start, way, long }) => {
      const length = Math.max((LONGEST * (sent.bytes / most) * shortest) / long, LEAST);
      const at = (share * rounds - passed) * (1 - length);
      const ends = [along(start, way, at), along(start, way, at + length)] as const;
      const colour = theme.devices[device % theme.devices.length] ?? theme.text;
      return [line(ends, EDGE, theme.ground), line(ends, WIDTH, colour)];
    }),
  ];
}

/** The rounds of an exchange, of many the first eight. */
const roundsOf = ({ kind }: Collective, count: number): number =>
  Math.max(1, Math.min((count - 1) * (kind === "all-reduce" ? 2 : 1), MOST_ROUNDS));

/** How many places farther a device sends: to the next in the ring; of pairs to each in turn. */
const ahead = ({ kind }: Collective, count: number, passed: number, rounds: number): number =>
  kind === "all-to-all" ? 1 + Math.floor((passed * (count - 1)) / rounds) : 1;

interface Link {
  readonly device: number;
  readonly start: Vec3;
  readonly way: Vec3;
  readonly long: number;
}

/** Each device that sends, with the way from the middle of its block to that of the receiver's. */
function linksOf(
  head: Head,
  layout: Layout,
  faces: readonly Face[],
  table: Partition,
  sent: Collective,
  step: number,
): readonly Link[] {
  const stored = storedOf(head, layout, table, sent);
  if (stored === undefined) return [];
  let all: readonly (readonly number[])[] = [[]];
  for (const [n, { blocks }] of table.groups.entries()) {
    const numbers = stored.dims[n] === -1 ? [0] : Array.from({ length: blocks }, (_, b) => b);
    all = all.flatMap((at) => numbers.map((b) => [...at, b]));
  }
  return all.flatMap((at): Link[] => {
    const blocks = table.groups.map((group) => group.blocks);
    const to = at.map((b, n) => (n === sent.group ? (b + step) % (blocks[n] ?? 1) : b));
    const [start, end] = [middle(faces, table, stored, at), middle(faces, table, stored, to)];
    if (start === null || end === null) return [];
    const way = sub(end, start);
    const device = at.reduce((id, b, n) => id * (blocks[n] ?? 1) + b, 0);
    return [{ device, start, way, long: Math.sqrt(dot(way, way)) }];
  });
}

/** What has a block for each device of the group: the matrix, or an operand of sums without sheets. */
function storedOf(head: Head, layout: Layout, table: Partition, sent: Collective): OnDevices | undefined {
  const rowOf = (node: number) => table.matrices.find((row) => row.node === node);
  const own = rowOf(sent.node);
  const dim = own?.dims[sent.group] ?? -1;
  if (dim !== PARTIAL) return dim === -1 ? undefined : own;
  const chain = layout.faces.find((face) => face.chain.includes(sent.node))?.chain ?? [];
  const sheets = layout.faces.filter(({ part, node }) => part !== null && chain.includes(node));
  const inputs = head.matrices.find(({ node }) => node === sent.node)?.inputs ?? [];
  const places = [...sheets.map(({ node }) => node), ...inputs].map(rowOf);
  return places.find((row) => (row?.dims[sent.group] ?? -1) !== -1);
}

/** The middle of a device's block, or of its sheet; null where that is not seen, or empty. */
function middle(
  faces: readonly Face[],
  table: Partition,
  stored: OnDevices,
  at: readonly number[],
): Vec3 | null {
  const part = at.find((_, n) => stored.dims[n] === PARTIAL) ?? null;
  const face = faces.find((face) => face.part === part && face.chain.includes(stored.node));
  if (face === undefined) return null;
  const sizes = face.transposed ? [face.cols, face.rows] : [face.rows, face.cols];
  const spans = sizes.map((size): [number, number] => [0, size]);
  for (const [n, dim] of stored.dims.entries()) {
    if (dim < 0) continue;
    const axis = dim + 2 - stored.shape.length;
    const length = Math.max(1, Math.ceil((sizes[axis] ?? 0) / (table.groups[n]?.blocks ?? 1)));
    const [first, end] = spans[axis] ?? [0, 0];
    const b = at[n] ?? 0;
    spans[axis] = [Math.max(first, b * length), Math.min(end, (b + 1) * length)];
  }
  const [rows = [0, 0], cols = [0, 0]] = face.transposed ? [...spans].reverse() : spans;
  if (rows[0] >= rows[1] || cols[0] >= cols[1]) return null;
  return onFace(face, centre(rows, face.row_split), centre(cols, face.col_split));
}

const centre = ([first, end]: readonly [number, number], split: Split | null): number =>
  (placeOf(split, first) + placeOf(split, end - 1) + 1) / 2;
