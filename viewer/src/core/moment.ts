// What is there at time t: of each face which cells, of each sweep the products it forms.
// One `Moments` serves one film in one layout; `at` is quick when t moves on a little, and exact at any t.

import { activeStep, done, formedAt, isOver, never } from "./film";
import type { FilmFrame, Lit, Part, Rod, Sums } from "./frame";
import { type Inside, insideOf } from "./interior";
import { type Block, blocksOf, movedParts } from "./joined";
import { heldUntil } from "./packets";
import { countsIn, cut, partAt, turnedPart } from "./part_film";
import { partOf, sumsByLetters, toOwn } from "./parts";
import { completeIn, holds, presentIn, type Rect, turned, underWayIn, without } from "./reveal";
import { BUDGET_BYTES, type Operands, operandsOf, partialSum, Running } from "./running";
import { Streams } from "./streams";
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
    }
  | { readonly kind: "stream"; readonly value: number; readonly seen: number; readonly of: number };

const FINISHED: Shown = { kind: "finished" };
const ABSENT: Shown = { kind: "absent" };

/** The picture of one moment. */
export interface Moment extends Omit<FilmFrame, "without" | "exchanges"> {
  readonly t: number;
  readonly insides: readonly Inside[];
  readonly lines: readonly Rod[];
  readonly lit: readonly Lit[];
}

/** A film over the values of a scene, in one layout. */
export class Moments {
  readonly film: Film;
  readonly #scene: LoadedScene;
  readonly #layout: Layout;
  readonly #sweeps: ReadonlyMap<number, Sweep>;
  readonly #streams: Streams;
  readonly #held: ReadonlyMap<number, number>;
  readonly #needs = new Map<number, Need[]>();
  /** Of matrices of joined heads, their heads. */
  readonly #blocks = new Map<number, readonly Block[]>();
  readonly #operands = new Map<number, Operands | null>();
  readonly #runnings = new Map<number, Running>();
  readonly #insides = new Map<number, { readonly step: number; readonly inside: Inside }>();
  readonly #sums = new Map<number, { readonly steps: number; readonly parts: readonly Part[] }>();
  /** Finished partial results, by face. */
  readonly #sheets = new Map<number, Float64Array>();
  #last: Moment | null = null;

  constructor(scene: LoadedScene, layout: Layout, film: Film) {
    this.#scene = scene;
    this.#layout = layout;
    this.film = film;
    this.#streams = new Streams(scene, film);
    this.#held = heldUntil(film);
    this.#sweeps = new Map(film.sweeps.map((sweep) => [sweep.node, sweep]));
    for (const need of film.needs) {
      const limits = this.#needs.get(need.node);
      if (limits === undefined) this.#needs.set(need.node, [need]);
      else limits.push(need);
      const blocks = limits === undefined ? blocksOf(scene, layout, need.node) : null;
      if (blocks !== null) this.#blocks.set(need.node, blocks);
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
    const insides = this.#insidesAt(t);
    const interiors = insides.flatMap((inside) => inside.parts);
    this.#last = {
      t,
      parts,
      insides,
      planes: interiors.map(({ plane }) => plane).filter((plane) => plane !== null),
      lines: interiors.map(({ line }) => line).filter((line) => line !== null),
      lit: insides.flatMap(({ lit }) => lit),
      tiles: insides.flatMap(({ tiles }) => tiles),
    };
    return this.#last;
  }

  /** What cell (row, col) of a node shows at time t; a face with closed sheets shows raw sums before its own. */
  shown(chain: readonly number[], row: number, col: number, t: number): Shown {
    const [node] = chain;
    if (node === undefined) return FINISHED;
    const block = this.#blocks.get(node)?.find((entry) => holds(entry, row, col));
    if (block !== undefined) return this.shown(block.face.chain, row - block.row, col - block.col, t);
    const own = this.#ownShown(node, row, col, t);
    const raw = this.#standIn(chain);
    if (own.kind !== "absent" || raw === null || raw.node === node) return own;
    const [r, c] = this.#flips(node, raw) === raw.turned ? [row, col] : [col, row];
    const before = this.#ownShown(raw.node, r, c, t);
    return before.kind === "finished" ? this.#whole(raw.node, r, c) : before;
  }

  /** The products of a node's cell that are summed at time t, and null when all are or it plays no part. */
  countOf(node: number, row: number, col: number, t: number): number | null {
    const sweep = this.#sweeps.get(node);
    if (sweep === undefined) return null;
    if (this.#isHeld(node, t)) return 0;
    if (this.#streams.has(node)) return this.#streams.at(node, row, col, t) === null ? null : 0;
    return formedAt(sweep, t, ...lettersOf(sweep, row, col));
  }

  /** The operands of a sweep in its own letters. */
  operandsOf(node: number): Operands | null {
    const cached = this.#operands.get(node);
    if (cached !== undefined && cached !== null) return cached;
    const box = this.#layout.boxes.find((box) => box.node === node);
    const own = box === undefined ? null : operandsOf(this.#scene, this.#layout, box);
    const weights = this.#streams.weightsOf(node);
    const depth = this.#sweeps.get(node)?.sizes[2] ?? 0;
    const made = own && weights ? { ...own, left: { values: weights, keep: depth, inner: 1 } } : own;
    this.#operands.set(node, made);
    return made;
  }

  // --- values -----------------------------------------------------------------------------------

  #ownShown(node: number, row: number, col: number, t: number): Shown {
    if (this.#isHeld(node, t)) return ABSENT;
    if (this.#streams.has(node)) {
      const streamed = this.#streams.at(node, row, col, t);
      return streamed === null ? FINISHED : streamed.kind === "raw" ? ABSENT : streamed;
    }
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
    const operands = this.operandsOf(node);
    if (operands === null) return ABSENT;
    const value = partialSum(operands, ...lettersOf(sweep, row, col), count);
    return { kind: "sum", node, value, count, of: sweep.sizes[2] };
  }

  #running(sweep: Sweep, operands: Operands): Running {
    let sums = this.#runnings.get(sweep.node);
    if (sums === undefined) {
      sums = new Running(operands, sweep, BUDGET_BYTES / this.film.sweeps.length);
      this.#runnings.set(sweep.node, sums);
    }
    return sums;
  }

  /** An exchange among devices, without which a node has no cells, is not over. */
  #isHeld(node: number, t: number): boolean {
    return t < (this.#held.get(node) ?? 0);
  }

  #isLeaf(node: number): boolean {
    return matrixOf(this.#scene, node)?.operation === "";
  }

  // --- parts ------------------------------------------------------------------------------------

  /** What is drawn of a face; null when it is as in the still. */
  #partsOf(face: Face, t: number): readonly Part[] | null {
    const { node } = face;
    const matrix = matrixOf(this.#scene, node);
    if (matrix === undefined) return null;
    if (face.part !== null) return this.#sheetParts(face, t);
    const blocks = this.#blocks.get(node);
    if (blocks !== undefined) return this.#joinedParts(blocks, node, t);
    if (this.#streams.has(node)) return this.#streamedParts(face, t);
    const own = this.#sweeps.get(node);
    if (own !== undefined)
      return this.#over(node, t) && !hasGaps(own) ? null : this.#sweptParts(own, t, [], own.turned);
    const needs = this.#needs.get(node);
    const held = this.#isHeld(node, t);
    if (needs === undefined || (!held && needs.every((need) => this.#over(need.sweep, t)))) return null;
    const present = held ? [] : presentIn(needs, this.#sweeps, t, matrix.rows, matrix.cols);
    const parts = present.map((rect): Part => ({ rect, node, sums: null }));
    const before = this.#standIn(face.chain);
    if (before === null) return parts;
    return [...parts, ...this.#sweptParts(before, t, present, this.#flips(node, before))];
  }

  /** What is drawn of joined heads: of each what its own face would show. */
  #joinedParts(blocks: readonly Block[], node: number, t: number): readonly Part[] | null {
    const partsOfBlocks = blocks.map(({ face }) => this.#partsOf(face, t));
    if (partsOfBlocks.every((parts) => parts === null)) return null;
    return blocks.flatMap((block, at) => movedParts(this.#scene, block, node, partsOfBlocks[at] ?? null));
  }

  /** Rows of a node that waits for a sweep run along its j. */
  #flips(node: number, sweep: Sweep): boolean {
    const needs = this.#needs.get(node) ?? [];
    return needs.some((need) => need.sweep === sweep.node && (need.row === "j" || need.col === "i"));
  }

  /** Partial results under way; null when they are finished. */
  #sheetParts(face: Face, t: number): readonly Part[] | null {
    const { node, id } = face;
    const sweep = this.#sweeps.get(node);
    const part = partOf(this.#layout, face);
    if (sweep === undefined || part === null || this.#streams.has(node) || isOver(sweep, t)) return null;
    const operands = this.operandsOf(node);
    const full = this.#sheets.get(id) ?? sumsByLetters(this.#scene, this.#layout, face);
    const matrix = matrixOf(this.#scene, node);
    if (operands === null || full === null || matrix === undefined) return [];
    this.#sheets.set(id, full);
    const { rows, cols } = matrix;
    const values = toOwn(part, face, partAt(sweep, part, operands, full, t));
    return [{ rect: { row: 0, col: 0, rows, cols }, node, sums: { key: `${done(sweep, t)}`, values } }];
  }

  /** The products of its block that a cell of a sheet of partial results has; null when it has them all. */
  formedOn(face: Face, row: number, col: number, t: number): number | null {
    const sweep = this.#sweeps.get(face.node);
    const part = partOf(this.#layout, face);
    const matrix = matrixOf(this.#scene, face.node);
    if (!sweep || !part || !matrix || this.#streams.has(face.node) || isOver(sweep, t)) return null;
    const [wide, at] =
      part.box.transposed === face.transposed
        ? [sweep.sizes[1], row * matrix.cols + col]
        : [sweep.sizes[1], col * matrix.rows + row];
    return countsIn(sweep, part, t)(Math.floor(at / wide), at % wide);
  }

  /** Running states; shares whose keys have not passed show their raw scores. */
  #streamedParts({ node, chain }: Face, t: number): readonly Part[] | null {
    const parts = this.#streams.parts(node, t);
    const before = this.#standIn(chain);
    if (parts === null || before === null || before.node === node) return parts;
    const taken = parts.map(({ rect }) => rect);
    return [...parts, ...this.#sweptParts(before, t, taken, before.turned)];
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
    return sweep === undefined || (isOver(sweep, t) && !this.#isHeld(node, t));
  }

  /** The complete cells of a sweep that are not `taken`, and those whose sums are under way; `flip`: j runs down. */
  #sweptParts(sweep: Sweep, t: number, taken: readonly Rect[], flip: boolean): readonly Part[] {
    const { node } = sweep;
    if (this.#isHeld(node, t)) return [];
    if (this.#streams.has(node)) return this.#streamsBut(sweep, t, taken, flip);
    const all = completeIn(sweep, t);
    const plain = !hasGaps(sweep) && flip === sweep.turned;
    const complete = without(flip ? all.map(turned) : all, taken).map(
      (rect): Part => ({ rect, node, sums: plain ? null : this.#finished(sweep, rect, flip) }),
    );
    const begun = this.#underWay(sweep, t);
    return [...complete, ...(flip ? begun.map(turnedPart) : begun)];
  }

  /** The running states of a product, but for rows that are `taken`: these are finished. */
  #streamsBut(sweep: Sweep, t: number, taken: readonly Rect[], flip: boolean): readonly Part[] {
    const { node } = sweep;
    const parts = this.#streams.parts(node, t) ?? [];
    const over = parts.filter(({ sums }) => sums === null).map(({ rect }) => (flip ? turned(rect) : rect));
    const begun = parts.filter(({ sums }) => sums !== null);
    const complete = without(over, taken).map(
      (rect): Part => ({ rect, node, sums: flip ? this.#finished(sweep, rect, true) : null }),
    );
    return [...complete, ...(flip ? begun.map(turnedPart) : begun)];
  }

  /** Finished cells as a face has them; 0, which draws nothing, where a limit leaves a cell without products. */
  #finished(sweep: Sweep, { row, col, rows, cols }: Rect, flip: boolean): Sums {
    const { node } = sweep;
    const cells = cellsOf(this.#scene, node);
    const values = new Float64Array(rows * cols);
    for (let p = 0; p < values.length; p++) {
      const [r, c] = [row + Math.floor(p / cols), col + (p % cols)];
      const [i, j] = flip ? [c, r] : [r, c];
      const [down, across] = lettersOf(sweep, i, j);
      if (!never(sweep, i, j)) values[p] = cells?.values[down * cells.matrix.cols + across] ?? 0;
    }
    return { key: `${node} ${row} ${col} ${rows} ${cols} ${flip}`, values };
  }

  #underWay(sweep: Sweep, t: number): readonly Part[] {
    const { node } = sweep;
    const steps = done(sweep, t);
    const held = this.#sums.get(node);
    if (held?.steps === steps) return held.parts;
    const operands = this.operandsOf(node);
    if (operands === null) return [];
    const parts = this.#summed(sweep, operands, t, steps);
    this.#sums.set(node, { steps, parts });
    return parts;
  }

  #summed(sweep: Sweep, operands: Operands, t: number, steps: number): readonly Part[] {
    const { node, sizes } = sweep;
    const begun = underWayIn(sweep, t);
    if (begun.length === 0) return [];
    const all = this.#running(sweep, operands).at(begun);
    return begun.map(({ rect }): Part => {
      const values = cut(all, sizes[1], rect);
      return { rect, node, sums: { key: `${node} ${steps} ${rect.row} ${rect.col}`, values } };
    });
  }

  // --- insides ----------------------------------------------------------------------------------

  #insidesAt(t: number): readonly Inside[] {
    return this.#layout.boxes.flatMap((box) => {
      const sweep = this.#sweeps.get(box.node);
      const step = sweep && activeStep(sweep, t);
      if (sweep === undefined || step === undefined || step === null) return [];
      const held = this.#insides.get(box.id);
      if (held?.step === step) return [held.inside];
      const inside = insideOf(
        sweep,
        box,
        this.#layout.faces,
        this.operandsOf(box.node),
        step,
        held?.inside.parts,
      );
      this.#insides.set(box.id, { step, inside });
      return [inside];
    });
  }
}

/** i and j of a node's own cell, and the other way round. */
const lettersOf = ({ turned: flip }: Sweep, row: number, col: number): [number, number] =>
  flip ? [col, row] : [row, col];

/** A limit leaves cells of the result without any product. */
const hasGaps = ({ limit }: Sweep): boolean => limit !== null && limit.b !== "k";
