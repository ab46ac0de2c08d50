// Where the sweeps of a film stand at time t. See docs/motion.md; tests/vectors/film.json holds Python to the same.

import type { Film, Sweep } from "./types.gen";

/** Times a hair before a step count as the step: thirds are no whole numbers, and times travel rounded. */
const NEAR = 1e-6;

export type Letter = "i" | "j" | "k";

/** Indices of a step; null for a letter that the step covers whole. */
export type Step = Readonly<Record<Letter, number | null>>;

/** The sizes of a sweep's letters. */
export function sizesOf({ sizes }: Sweep): Readonly<Record<Letter, number>> {
  const [i, j, k] = sizes;
  return { i, j, k };
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

/** Where a step stands: its digits in the mixed radix of the moving sizes. */
export function stepAt(sweep: Sweep, step: number): Step {
  const sizes = sizesOf(sweep);
  const found: Record<Letter, number | null> = { i: null, j: null, k: null };
  let rest = step;
  for (const letter of [...sweep.moving].reverse()) {
    found[letter] = rest % sizes[letter];
    rest = Math.floor(rest / sizes[letter]);
  }
  return found;
}

/** The number of products that cell (i, j) of the sweep has after `steps` steps. */
export function countAt(sweep: Sweep, steps: number, i: number, j: number): number {
  const sizes = sizesOf(sweep);
  const at = { i, j };
  let place = 0;
  for (const letter of sweep.moving) if (letter !== "k") place = place * sizes[letter] + at[letter];
  if (!sweep.moving.includes("k")) return place < steps ? sizes.k : 0;
  return Math.min(Math.max(steps - place * sizes.k, 0), sizes.k);
}

/** Everything of the sweep is there. */
export const isOver = (sweep: Sweep, t: number): boolean => done(sweep, t) === sweep.steps;

/** How many lanes the bar of a film has. */
export const laneCount = (film: Film): number =>
  film.sweeps.reduce((most, { lane }) => Math.max(most, lane + 1), 0);

/** The sweep of a lane at time t, if one runs there. */
export function sweepAt(film: Film, lane: number, t: number): Sweep | null {
  const there = (sweep: Sweep) => sweep.lane === lane && t >= sweep.start && t < sweep.start + sweep.steps;
  return film.sweeps.find(there) ?? null;
}

/** What a sweep does at time t: "row 17 of attn". */
export function whatAt(sweep: Sweep, t: number, name: string): string {
  const last = sweep.steps - 1;
  const { i, j, k } = stepAt(sweep, Math.min(Math.max(Math.floor(t - sweep.start), 0), last));
  if (i !== null && j !== null) return `cell [${i}, ${j}] of ${name}`;
  if (j !== null && k !== null) return `product ${k} of column ${j} of ${name}`;
  if (i !== null) return `row ${i} of ${name}`;
  return j !== null ? `column ${j} of ${name}` : `summand ${k ?? 0} of ${name}`;
}

/** All that happens at time t, in order of lanes; "finished" at the end. */
export function happeningAt(film: Film, t: number, nameOf: (sweep: Sweep) => string): string {
  const running = Array.from({ length: laneCount(film) }, (_, lane) => sweepAt(film, lane, t));
  const texts = running.filter((sweep) => sweep !== null).map((sweep) => whatAt(sweep, t, nameOf(sweep)));
  return texts.length > 0 ? texts.join(", ") : "finished";
}

/** The next whole step after t, or the one before it; both inside the film. */
export function stepped(film: Film, t: number, way: 1 | -1): number {
  const next = way === 1 ? Math.floor(t + NEAR) + 1 : Math.ceil(t - NEAR) - 1;
  return Math.min(Math.max(next, 0), film.duration);
}
