// What is there at time t: of each face which cells, of each sweep the products it forms.
// One `Moments` serves one film in one layout; `at` is quick when t moves on a little, and exact at any t.

import { activeStep, countAt, done, isOver } from "./film";
import type { FilmFrame, Lit, Part, Rod } from "./frame";
import { type Interior, interiorOf } from "./interior";
import { completeIn, holds, presentIn, type Rect, without } from "./reveal";
import { BUDGET_BYTES, type Operands, operandsOf, partialSum, Running } from "./running";
import { cellsOf, matrixOf } from "./sums";
import type { Face, Film, Layout, Need, Sweep } from "./types.gen";
import type { LoadedScene } from "./wire";

/** What a cell shows: its finished value, nothing yet, or `count` of `of` products summed. */
export type Shown =
  | { readonly kind: "finished" }
  | { readonly kind: "absent" }
  | {
      readonly kind: "sum";
      readonly node: number;
      readonly value: number;
      readonly count: number;
      readonly of: number;
    };

const FINISHED: Shown = { kind: "finished" };
const ABSENT: Shown = { kind: "absent" };

/** The picture of one moment. */
export interface Moment extends Omit<FilmFrame, "without"> {
  readonly t: number;
  readonly interiors: readonly Interior[];
  readonly lines: readonly Rod[];
  readonly lit: readonly Lit[];
}

/** A film over the values of a scene, in one layout. */
export class Moments {
  readonly film: Film;
  readonly #scene: LoadedScene;
  readonly #layout: Layout;
  readonly #sweeps: ReadonlyMap<number, Sweep>;
  readonly #needs = new Map<number, Need[]>();
  readonly #operands = new Map<number, Operands | null>();
  readonly #runnings = new Map<number, Running>();
  readonly #interiors = new Map<number, { readonly step: number; readonly interior: Interior | null }>();
  #last: Moment | null = null;

  constructor(scene: LoadedScene, layout: Layout, film: Film) {
    this.#scene = scene;
    this.#layout = layout;
    this.film = film;
    this.#sweeps = new Map(film.sweeps.map((sweep) => [sweep.node, sweep]));
    for (const need of film.needs) {
      const known = this.#needs.get(need.node);
      if (known === undefined) this.#needs.set(need.node, [need]);
      else known.push(need);
    }
  }

  /** Leaves that are operands of a sweep: what "hide inputs" hides. */
  get inputs(): ReadonlySet<number> {
    const { boxes, faces } = this.#layout;
    const operands = boxes
      .filter((box) => this.#sweeps.has(box.node))
      .flatMap((box) => [faces[box.left]?.node, faces[box.right]?.node]);
    return new Set(operands.filter((node) => node !== undefined && this.#isLeaf(node)) as number[]);
  }

  /** What is seen at time t. */
  at(t: number): Moment {
    if (this.#last?.t === t) return this.#last;
    const parts = new Map<number, readonly Part[]>();
    for (const face of this.#layout.faces) {
      const own = this.#partsOf(face, t);
      if (own !== null) parts.set(face.id, own);
    }
    const interiors = this.#interiorsAt(t);
    this.#last = {
      t,
      parts,
      interiors,
      planes: interiors.map(({ plane }) => plane).filter((plane) => plane !== null),
      lines: interiors.map(({ line }) => line).filter((line) => line !== null),
      lit: interiors.flatMap(({ lit }) => lit),
    };
    return this.#last;
  }

  /** What cell (row, col) of a node shows at time t; a face with closed sheets shows raw sums before its own. */
  shown(chain: readonly number[], row: number, col: number, t: number): Shown {
    const [node] = chain;
    if (node === undefined) return FINISHED;
    const own = this.#ownShown(node, row, col, t);
    const raw = this.#standIn(chain);
    if (own.kind !== "absent" || raw === null || raw.node === node) return own;
    const before = this.#ownShown(raw.node, row, col, t);
    return before.kind === "finished" ? this.#whole(raw.node, row, col) : before;
  }

  /** The products of a node's cell that are summed at time t, and null when all are or it plays no part. */
  countOf(node: number, row: number, col: number, t: number): number | null {
    const sweep = this.#sweeps.get(node);
    if (sweep === undefined) return null;
    const count = countAt(sweep, done(sweep, t), row, col);
    return count === sweep.sizes[2] ? null : count;
  }

  /** The operands of a sweep in its own letters. */
  operandsOf(node: number): Operands | null {
    const known = this.#operands.get(node);
    if (known !== undefined && known !== null) return known;
    const box = this.#layout.boxes.find((one) => one.node === node);
    const found = box === undefined ? null : operandsOf(this.#scene, this.#layout, box);
    this.#operands.set(node, found);
    return found;
  }

  // --- values -----------------------------------------------------------------------------------

  #ownShown(node: number, row: number, col: number, t: number): Shown {
    const sweep = this.#sweeps.get(node);
    if (sweep === undefined) {
      const needs = this.#needs.get(node);
      const matrix = matrixOf(this.#scene, node);
      if (needs === undefined || matrix === undefined) return FINISHED;
      const present = presentIn(needs, this.#sweeps, t, matrix.rows, matrix.cols);
      return present.some((rect) => holds(rect, row, col)) ? FINISHED : ABSENT;
    }
    const count = this.countOf(node, row, col, t);
    if (count === null) return FINISHED;
    return count === 0 ? ABSENT : this.#sumOf(sweep, row, col, count);
  }

  #whole(node: number, row: number, col: number): Shown {
    const sweep = this.#sweeps.get(node);
    const cells = cellsOf(this.#scene, node);
    const value = cells?.values[row * cells.matrix.cols + col];
    if (sweep === undefined) return ABSENT;
    const of = sweep.sizes[2];
    return value === undefined
      ? this.#sumOf(sweep, row, col, of)
      : { kind: "sum", node, value, count: of, of };
  }

  #sumOf(sweep: Sweep, row: number, col: number, count: number): Shown {
    const { node } = sweep;
    const of = sweep.sizes[2];
    const operands = this.operandsOf(node);
    if (operands === null) return ABSENT;
    const value = isOuter(sweep)
      ? this.#running(sweep, operands).at(count)[row * sweep.sizes[1] + col]
      : partialSum(operands, row, col, count);
    return { kind: "sum", node, value: value ?? Number.NaN, count, of };
  }

  #running(sweep: Sweep, operands: Operands): Running {
    let found = this.#runnings.get(sweep.node);
    if (found === undefined) {
      const sharing = this.film.sweeps.filter(isOuter).length;
      found = new Running(operands, sweep, BUDGET_BYTES / sharing);
      this.#runnings.set(sweep.node, found);
    }
    return found;
  }

  #isLeaf(node: number): boolean {
    return matrixOf(this.#scene, node)?.operation === "";
  }

  // --- parts ------------------------------------------------------------------------------------

  /** What is drawn of a face; null when it is as in the still. */
  #partsOf(face: Face, t: number): readonly Part[] | null {
    const { node } = face;
    const matrix = matrixOf(this.#scene, node);
    if (matrix === undefined || face.part !== null) return null;
    const own = this.#sweeps.get(node);
    if (own !== undefined) return isOver(own, t) ? null : this.#sweptParts(own, t, []);
    const needs = this.#needs.get(node);
    if (needs === undefined || needs.every((need) => this.#over(need.sweep, t))) return null;
    const present = presentIn(needs, this.#sweeps, t, matrix.rows, matrix.cols);
    const parts = present.map((rect): Part => ({ rect, node, sums: null }));
    const before = this.#standIn(face.chain);
    return before === null ? parts : [...parts, ...this.#sweptParts(before, t, present)];
  }

  /** The sweep whose sums a face shows until its own values are there: that of a node without a sheet of its own. */
  #standIn(chain: readonly number[]): Sweep | null {
    const raw = chain.at(-1);
    if (raw === undefined || this.#layout.faces.some(({ node, part }) => node === raw && part === null))
      return null;
    return this.#sweeps.get(raw) ?? null;
  }

  #over(node: number, t: number): boolean {
    const sweep = this.#sweeps.get(node);
    return sweep === undefined || isOver(sweep, t);
  }

  /** The complete cells of a sweep that are not `taken`, and the one line or plane whose sums are under way. */
  #sweptParts(sweep: Sweep, t: number, taken: readonly Rect[]): readonly Part[] {
    const { node } = sweep;
    const complete = without(completeIn(sweep, t), taken);
    const parts = complete.map((rect): Part => ({ rect, node, sums: null }));
    const under = this.#underWay(sweep, t);
    return under === null ? parts : [...parts, under];
  }

  #underWay(sweep: Sweep, t: number): Part | null {
    const { node, sizes } = sweep;
    const [rows, cols, depth] = sizes;
    const steps = done(sweep, t);
    const count = steps % depth;
    if (!sweep.moving.includes("k") || count === 0 || steps === 0) return null;
    const operands = this.operandsOf(node);
    if (operands === null) return null;
    if (isOuter(sweep)) {
      const values = this.#running(sweep, operands).at(count);
      return { rect: { row: 0, col: 0, rows, cols }, node, sums: { key: `${node} ${count}`, values } };
    }
    const col = Math.floor(steps / depth);
    const values = Float64Array.from({ length: rows }, (_, i) => partialSum(operands, i, col, count));
    return { rect: { row: 0, col, rows, cols: 1 }, node, sums: { key: `${node} ${steps}`, values } };
  }

  // --- interiors --------------------------------------------------------------------------------

  #interiorsAt(t: number): readonly Interior[] {
    return this.#layout.boxes.flatMap((box) => {
      const sweep = this.#sweeps.get(box.node);
      const step = sweep && activeStep(sweep, t);
      if (sweep === undefined || step === undefined || step === null) return [];
      const held = this.#interiors.get(box.id);
      const interior =
        held?.step === step ? held.interior : interiorOf(sweep, box, this.operandsOf(box.node), t);
      this.#interiors.set(box.id, { step, interior });
      return interior === null ? [] : [interior];
    });
  }
}

const isOuter = (sweep: Sweep): boolean => sweep.moving[0] === "k";
