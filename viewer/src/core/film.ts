// State of a film's sweeps at time t. See docs/motion.md; tests/vectors/film.json holds Python to the same.

import type { Film, FilmExchange, Loop, Sweep } from "./types.gen";

/** Times so little before a step count as the step: thirds are no whole numbers, and times travel rounded. */
const NEAR = 1e-6;

export type Letter = "i" | "j" | "k";

export const LETTERS: readonly Letter[] = ["i", "j", "k"];

/** Indices first … end, the end left out. */
export type Span = readonly [number, number];

export type By<T> = Readonly<Record<Letter, T>>;

/** Three of something as a table by letter. */
export const byLetter = <T>([i, j, k]: readonly [T, T, T]): By<T> => ({ i, j, k });

/** Cells of a block that have `made` products each. */
export interface Region {
  readonly i: Span;
  readonly j: Span;
  readonly made: number;
}

/** How many steps have laid down what they form. */
export function done(sweep: Sweep, t: number): number {
  const s = Math.floor(t - sweep.start);
  const laid = t - sweep.start - s >= sweep.phase - NEAR ? 1 : 0;
  return Math.min(Math.max(s + laid, 0), sweep.steps);
}

/** The step whose products are formed at time t, or null. */
export function activeStep(sweep: Sweep, t: number): number | null {
  const s = Math.floor(t - sweep.start);
  const there = s >= 0 && s < sweep.steps && t - sweep.start - s >= sweep.begin - NEAR;
  return there ? s : null;
}

/** What a step covers of each letter, as indices in a block; of the outer `depth` loops. */
export function reached(sweep: Sweep, step: number, depth = sweep.loops.length): By<Span> {
  const at = wholeOf(sweep);
  walk(sweep.loops, at, step, depth, () => undefined);
  return at;
}

/**
 * The cells of a block by how many of its products they have after so many steps, limits left aside.
 *
 * Cells that a round has passed have everything of the present range of k, those it has not reached its start.
 */
export function regions(sweep: Sweep, steps: number, depth = sweep.loops.length): readonly Region[] {
  const at = wholeOf(sweep);
  const result: Region[] = [];
  walk(sweep.loops, at, steps, depth, (letter, [low, end], [first, last]) => {
    if (letter === "k") return;
    const [start, past] = at.k;
    result.push({ ...at, [letter]: [low, first], made: past }, { ...at, [letter]: [last, end], made: start });
  });
  result.push({ ...at, made: at.k[0] });
  return result.filter(({ i, j }) => i[1] > i[0] && j[1] > j[0]);
}

/** A range of a block in all blocks of a letter of this size; one range where it is the whole block. */
export function inBlocks([first, end]: Span, size: number, block: number): readonly Span[] {
  if (end - first >= block) return size > 0 ? [[0, size]] : [];
  const spans: Span[] = [];
  for (let start = 0; start + first < size && end > first; start += block)
    spans.push([start + first, Math.min(start + end, size)]);
  return spans;
}

/** What a step covers of each letter in the whole matrix: a range in every block that it is not past. */
export function covered(sweep: Sweep, step: number, depth = sweep.loops.length): By<readonly Span[]> {
  const at = reached(sweep, step, depth);
  const [sizes, blocks] = [byLetter(sweep.sizes), byLetter(sweep.blocks)];
  const spans = (letter: Letter) => inBlocks(at[letter], sizes[letter], blocks[letter]);
  return { i: spans("i"), j: spans("j"), k: spans("k") };
}

/** The number of blocks along k. */
export const partCount = ({ sizes, blocks }: Sweep): number =>
  Math.max(1, Math.ceil(sizes[2] / Math.max(blocks[2], 1)));

/** Whether cell (i, j) is left without any product. */
export function never({ limit }: Sweep, i: number, j: number): boolean {
  if (limit === null || limit.b === "k") return false;
  const at = { i, j, k: 0 };
  return at[limit.b] > at[limit.a] + limit.offset;
}

/** How many of `made` products of cell (i, j) in block `part` of k are formed: the block's own, under the limit. */
export function formedIn(sweep: Sweep, made: number, i: number, j: number, part: number): number {
  const { limit, sizes, blocks } = sweep;
  const start = part * blocks[2];
  const count = Math.min(made, Math.max(sizes[2] - start, 0));
  if (limit === null) return count;
  if (limit.b !== "k") return never(sweep, i, j) ? 0 : count;
  const last = { i, j, k: 0 }[limit.a] + limit.offset;
  return Math.min(Math.max(last + 1 - start, 0), count);
}

/** The products of cell (i, j) after `steps` steps, limits left aside, in a block of k. */
export function madeAt(sweep: Sweep, steps: number, i: number, j: number): number {
  const [row, col] = [i % sweep.blocks[0], j % sweep.blocks[1]];
  return regions(sweep, steps).find((entry) => within(entry.i, row) && within(entry.j, col))?.made ?? 0;
}

/** The number of products that cell (i, j) of the sweep has after `steps` steps, over all blocks of k. */
export function countAt(sweep: Sweep, steps: number, i: number, j: number): number {
  const made = madeAt(sweep, steps, i, j);
  let count = 0;
  for (let part = 0; part < partCount(sweep); part++) count += formedIn(sweep, made, i, j, part);
  return count;
}

/** Cell (i, j) has all the products that it ever gets. */
export const isComplete = (sweep: Sweep, steps: number, i: number, j: number): boolean =>
  madeAt(sweep, steps, i, j) >= sweep.blocks[2];

/**
 * The number of products in the shown sum of cell (i, j) at time t, the first ones; null for all of them.
 *
 * Of a cell that is split along k nothing is shown before it is complete.
 */
export function formedAt(sweep: Sweep, t: number, i: number, j: number): number | null {
  const steps = done(sweep, t);
  if (isComplete(sweep, steps, i, j)) return never(sweep, i, j) ? 0 : null;
  return partCount(sweep) > 1 ? 0 : countAt(sweep, steps, i, j);
}

const within = ([first, end]: Span, index: number): boolean => index >= first && index < end;

type Spans = Record<Letter, Span>;

function wholeOf({ blocks: [i, j, k] }: Sweep): Spans {
  return { i: [0, i], j: [0, j], k: [0, k] };
}

/** Narrow `at` loop by loop to the position of a step; a step after the last gives the first loop an empty range. */
function walk(
  loops: readonly Loop[],
  at: Spans,
  step: number,
  depth: number,
  round: (letter: Letter, before: Span, now: Span) => void,
): void {
  let rest = step;
  for (const [n, { letter, size }] of loops.slice(0, depth).entries()) {
    const before = at[letter];
    const [low, end] = before;
    const below = stepsOf(loops.slice(n + 1), { ...at, [letter]: [low, Math.min(low + size, end)] });
    if (below === 0) return;
    const first = Math.min(low + Math.floor(rest / below) * size, end);
    rest %= below;
    at[letter] = [first, Math.min(first + size, end)];
    round(letter, before, at[letter]);
    if (first === end) return;
  }
}

/** The number of steps of some loops over ranges. */
export function stepsOf(loops: readonly Loop[], at: By<Span>, letters: readonly Letter[] = LETTERS): number {
  return letters.reduce((total, letter) => {
    const sizes = loops.filter((loop) => loop.letter === letter).map(({ size }) => size);
    return total * leaves(sizes, at[letter][1] - at[letter][0]);
  }, 1);
}

/** The number of innermost ranges that nested tiles make of a length; the last is ragged. */
function leaves([size, ...inner]: readonly number[], length: number): number {
  if (size === undefined) return 1;
  const rest = length % size;
  return Math.floor(length / size) * leaves(inner, size) + (rest > 0 ? leaves(inner, rest) : 0);
}

/** Everything of the sweep is there. */
export const isOver = (sweep: Sweep, t: number): boolean => done(sweep, t) === sweep.steps;

/** How many lanes the bar of a film has. */
export const laneCount = (film: Film): number =>
  [...film.sweeps, ...film.exchanges].reduce((most, { lane }) => Math.max(most, lane + 1), 0);

/** What is called what in a film. */
export interface Names {
  readonly nameOf: (sweep: Sweep) => string;
  readonly saysOf: (exchange: FilmExchange) => string;
}

/** What runs in a lane at time t, in words. */
function inLane(film: Film, lane: number, t: number, { nameOf, saysOf }: Names): readonly string[] {
  const there = (run: Sweep | FilmExchange) =>
    run.lane === lane && t >= run.start && t < run.start + run.steps;
  const [sweep, exchange] = [film.sweeps.find(there), film.exchanges.find(there)];
  if (sweep !== undefined) return [whatAt(sweep, t, nameOf(sweep))];
  return exchange === undefined ? [] : [saysOf(exchange)];
}

/** What a sweep does at time t: "row 17 of attn", "row 1 of every block of attn". */
export function whatAt(sweep: Sweep, t: number, name: string): string {
  const step = Math.min(Math.max(Math.floor(t - sweep.start), 0), sweep.steps - 1);
  const at = reached(sweep, step);
  const split = sweep.blocks.some((length, n) => length < (sweep.sizes[n] ?? 0));
  return `${placeOf(sweep, at)} of ${split ? "every block of " : ""}${name}`;
}

function placeOf(sweep: Sweep, at: By<Span>): string {
  const moving = new Set(sweep.loops.map(({ letter }) => letter));
  const [i, j, k] = [at.i[0], at.j[0], at.k[0]];
  if (sweep.loops.some(({ size }) => size > 1))
    return `tile ${LETTERS.map((letter) => `${letter} ${range(at[letter])}`).join(", ")}`;
  if (moving.has("k")) return moving.has("j") ? `product ${k} of column ${j}` : `summand ${k}`;
  if (moving.has("i")) return moving.has("j") ? `cell [${i}, ${j}]` : `row ${i}`;
  return `column ${j}`;
}

const range = ([first, end]: Span): string => (end - first > 1 ? `${first}–${end - 1}` : `${first}`);

/** All that happens at time t, in order of lanes; "finished" at the end. */
export function happeningAt(film: Film, t: number, names: Names): string {
  const lanes = Array.from({ length: laneCount(film) }, (_, lane) => lane);
  const texts = lanes.flatMap((lane) => inLane(film, lane, t, names));
  return texts.length > 0 ? texts.join(", ") : "finished";
}

/** The next whole step after t, or the one before it; both inside the film. */
export function stepped(film: Film, t: number, way: 1 | -1): number {
  const next = way === 1 ? Math.floor(t + NEAR) + 1 : Math.ceil(t - NEAR) - 1;
  return Math.min(Math.max(next, 0), film.duration);
}
