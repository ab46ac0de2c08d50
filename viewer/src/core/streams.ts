// Attention while keys stream past queries: the running states, which Python made, looked up for a moment.

import { countAt, done } from "./film";
import type { Part } from "./frame";
import type { Rect } from "./reveal";
import type { Film, States, Sweep } from "./types.gen";
import type { LoadedScene } from "./wire";

/** What a cell shows before its row has seen all keys; a share that has not streamed shows its raw score. */
export type Streamed =
  | { readonly kind: "absent" }
  | { readonly kind: "raw" }
  | { readonly kind: "stream"; readonly value: number; readonly seen: number; readonly of: number };

type Kind = "product" | "shares" | "highest" | "total";

interface Stream {
  readonly sweep: Sweep;
  readonly states: States;
  readonly kind: Kind;
}

/** Rows that have seen equally many keys. */
interface Run {
  readonly row: number;
  readonly rows: number;
  readonly keys: number;
}

/** The streams of a film, by all nodes that show their states. */
export class Streams {
  readonly #scene: LoadedScene;
  readonly #of = new Map<number, Stream>();
  readonly #held = new Map<number, { readonly steps: number; readonly parts: readonly Part[] | null }>();

  constructor(scene: LoadedScene, film: Film) {
    this.#scene = scene;
    for (const sweep of film.sweeps) {
      const { states } = sweep;
      if (states === null) continue;
      const [highest, total] = states.columns;
      const own = [sweep.node, states.shares, highest, total];
      const kinds = ["product", "shares", "highest", "total"] as const;
      for (const [at, kind] of kinds.entries()) this.#of.set(own[at] ?? -1, { sweep, states, kind });
    }
  }

  has(node: number): boolean {
    return this.#of.has(node);
  }

  /** What a cell of such a node shows; null when its row is finished. */
  at(node: number, row: number, col: number, t: number): Streamed | null {
    const stream = this.#of.get(node);
    if (stream === undefined) return null;
    const seen = keysOf(stream, row, t);
    const of = stream.sweep.sizes[2];
    if (seen >= of) return null;
    const { kind, states } = stream;
    if (kind === "shares" && col >= streamedCols(stream, seen)) return { kind: "raw" };
    if (seen === 0) return { kind: "absent" };
    const value = this.#read(stream, Math.ceil(seen / states.block), row, col);
    return { kind: "stream", value, seen, of };
  }

  /** What is drawn of such a node, in whole rows; null when all is finished. */
  parts(node: number, t: number): readonly Part[] | null {
    const stream = this.#of.get(node);
    if (stream === undefined) return null;
    const steps = done(stream.sweep, t);
    const held = this.#held.get(node);
    if (held?.steps === steps) return held.parts;
    const runs = runsOf(stream, steps);
    const over = runs.every(({ keys }) => keys >= stream.sweep.sizes[2]);
    const parts = over ? null : runs.flatMap((run) => this.#partOf(node, stream, run));
    this.#held.set(node, { steps, parts });
    return parts;
  }

  /** The shares as they stream, in rows: what the products of a step are made with. */
  weightsOf(product: number): Float64Array | null {
    const stream = this.#of.get(product);
    return stream?.kind === "product" ? this.#buffer(stream.states.passed) : null;
  }

  #partOf(node: number, stream: Stream, { row, rows, keys }: Run): readonly Part[] {
    const { sizes } = stream.sweep;
    const all = { product: sizes[1], shares: sizes[2], highest: 1, total: 1 }[stream.kind];
    const cols = stream.kind === "shares" ? streamedCols(stream, keys) : all;
    const rect: Rect = { row, col: 0, rows, cols };
    if (keys === 0) return [];
    if (keys >= sizes[2]) return [{ rect, node, sums: null }];
    const block = Math.ceil(keys / stream.states.block);
    const values = new Float64Array(rows * cols);
    for (let p = 0; p < values.length; p++)
      values[p] = this.#read(stream, block, row + Math.floor(p / cols), p % cols);
    return [{ rect, node, sums: { key: `${node} ${row} ${rows} ${keys}`, values } }];
  }

  /** The state of a cell after so many blocks. */
  #read({ sweep, states, kind }: Stream, blocks: number, row: number, col: number): number {
    const [, cols, depth] = sweep.sizes;
    const at = row * Math.ceil(depth / states.block) + blocks - 1;
    if (kind === "product") return this.#buffer(states.outputs)?.[at * cols + col] ?? Number.NaN;
    if (kind === "shares") return this.#buffer(states.passed)?.[row * depth + col] ?? Number.NaN;
    return this.#buffer(kind === "highest" ? states.highest : states.total)?.[at] ?? Number.NaN;
  }

  #buffer(name: string): Float64Array | null {
    const data = this.#scene.buffers.get(name);
    return data instanceof Float64Array ? data : null;
  }
}

/** The buffers of a film's streams, and the nodes that they stand for. */
export function streamed(film: Film | null): {
  readonly buffers: readonly string[];
  readonly nodes: readonly number[];
  /** The matrices of running maxima and sums. */
  readonly columns: readonly number[];
} {
  const all = film?.sweeps.flatMap(({ states }) => (states === null ? [] : [states])) ?? [];
  return {
    buffers: all.flatMap(({ highest, total, outputs, passed }) => [highest, total, outputs, passed]),
    nodes: all.flatMap(({ shares, scores }) => [shares, scores]),
    columns: all.flatMap(({ columns }) => columns),
  };
}

const streamedCols = ({ states, sweep }: Stream, keys: number): number =>
  Math.min(Math.ceil(keys / states.block) * states.block, sweep.sizes[2]);

const keysOf = ({ sweep }: Stream, row: number, t: number): number => countAt(sweep, done(sweep, t), row, 0);

function runsOf(stream: Stream, steps: number): readonly Run[] {
  const runs: { row: number; rows: number; keys: number }[] = [];
  for (let row = 0; row < stream.sweep.sizes[0]; row++) {
    const keys = countAt(stream.sweep, steps, row, 0);
    const last = runs.at(-1);
    if (last?.keys === keys) last.rows += 1;
    else runs.push({ row, rows: 1, keys });
  }
  return runs;
}
