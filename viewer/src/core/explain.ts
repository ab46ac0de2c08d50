// One cell in words of numbers, from the values that a page carries: the sentence of `Figure.explain`.

import { INNER, mapStep, number, plainStep, sumStep } from "./number_words";
import { type Cells, cellsOf, matrixOf } from "./sums";
import type { Box, Explained, ExplainedStep, Face, Layout, Matrix, Term } from "./types.gen";
import type { LoadedScene } from "./wire";

/** The products of a cell: its box, and the displayed place of the cell in it. */
export interface Line {
  readonly box: Box;
  readonly i: number;
  readonly j: number;
}

/** A cell in words, and what it lacks of Python's sentence. */
export interface Told extends Explained {
  readonly line: Line | null;
  /** Everything is here; else Python has more to say. */
  readonly whole: boolean;
  /** Nodes whose values are not here yet. */
  readonly missing: readonly number[];
  /** Names of operands of which the page has averages alone. */
  readonly averages: readonly string[];
}

/** The products that a film has summed: a number of them, or all with what follows the sum. */
export type Formed = (node: number, row: number, col: number) => number | null;

type Place = readonly [number, number];

const MOST_STEPS = 64;
/** Said of a cell that a film has not begun. */
export const NOT_YET = "not there yet";

/** Cell (row, col) of a node in words; its own indices. */
export function explain(
  scene: LoadedScene,
  layout: Layout,
  node: number,
  [row, col]: Place,
  formed: Formed = () => null,
): Told {
  const walk = new Walk(scene, layout, formed);
  walk.to(node, [row, col]);
  const last = walk.steps.at(-1);
  return {
    address: walk.address(node, [row, col]),
    value: last?.value ?? "",
    steps: walk.steps,
    line: walk.line,
    whole: walk.whole && walk.missing.size === 0 && walk.averages.size === 0,
    missing: [...walk.missing],
    averages: [...walk.averages],
  };
}

/** The sentence of a cell: a line for each step, as `str(fig.explain(...))`. */
export const sentence = ({ steps }: Explained): string =>
  steps.map(({ address, text }) => `${address}: ${text}`).join("\n");

/** The facts of a node, drawn or not. */
interface Known {
  readonly term: Term | undefined;
  readonly matrix: Matrix | undefined;
  readonly inputs: readonly number[];
}

class Walk {
  readonly steps: ExplainedStep[] = [];
  readonly missing = new Set<number>();
  readonly averages = new Set<string>();
  line: Line | null = null;
  whole = true;
  readonly #scene: LoadedScene;
  readonly #layout: Layout;
  readonly #formed: Formed;
  #depth = 0;

  constructor(scene: LoadedScene, layout: Layout, formed: Formed) {
    this.#scene = scene;
    this.#layout = layout;
    this.#formed = formed;
  }

  /** The steps to a cell; whether it is finished. */
  to(node: number, at: Place): boolean {
    const facts = this.#facts(node);
    this.#depth += 1;
    if (this.#depth > MOST_STEPS) return this.#say(node, at, false);
    const kind = facts.term?.kind;
    if (kind === "product") return this.#sum(node, at);
    if (kind === "map") return this.#map(node, at, facts);
    const below = kind === "move" ? this.#origin(facts, at) : null;
    if (below === null) return this.#say(node, at, kind === "leaf" || kind === "array");
    if (!this.#isLeaf(below.node) && !this.to(below.node, below.at)) return false;
    const value = this.#value(below.node, below.at);
    const text = value === undefined ? "…" : number(value);
    this.steps.push(
      plainStep(this.address(node, at), `${this.address(below.node, below.at)} = ${text}`, text),
    );
    return true;
  }

  /** `C[1, 0]`, `attn[2][5, 3]`; an expression in brackets. */
  address(node: number, [row, col]: Place): string {
    const { matrix, term } = this.#facts(node);
    const label = matrix?.name ?? (term?.name || term?.text || "·");
    const plain = (term?.name ?? "") !== "" || /^[\p{L}_]\w*$/u.test(label) || matrix?.copy != null;
    const index = term?.shape.length === 1 ? `[${col}]` : `[${row}, ${col}]`;
    return `${plain ? label : `(${label})`}${index}`;
  }

  /** The value alone. */
  #say(node: number, at: Place, whole: boolean): boolean {
    this.whole &&= whole;
    const value = this.#value(node, at);
    const text = value === undefined ? "…" : number(value);
    this.steps.push(plainStep(this.address(node, at), text, text));
    return true;
  }

  #sum(node: number, at: Place): boolean {
    const box = this.#layout.boxes.find((entry) => entry.node === node);
    const faces = this.#layout.faces;
    const [left, right, result] = box ? [faces[box.left], faces[box.right], faces[box.result]] : [];
    if (box === undefined || !left || !right || !result) return this.#say(node, at, false);
    const [i, j] = result.transposed !== this.#isFlipped(result.node, node) ? [at[1], at[0]] : at;
    this.line = { box, i, j };
    const first = this.#along(left, (k) => [i, k]);
    const second = this.#along(right, (k) => [k, j]);
    if (first === null || second === null || i >= box.sizes[0] || j >= box.sizes[1])
      return this.#say(node, at, false);
    const count = this.#formed(node, at[0], at[1]);
    if (count === 0) {
      this.steps.push(plainStep(this.address(node, at), NOT_YET, ""));
      return false;
    }
    const [former, latter] = box.transposed ? [second, first] : [first, second];
    const factors = { count: count ?? box.sizes[2], left: former, right: latter };
    const value = count === null ? this.#value(node, at) : undefined;
    const step = sumStep(this.address(node, at), factors, value);
    const part = count !== null && count < box.sizes[2];
    this.steps.push(part ? { ...step, text: `${step.text} (${count} of ${box.sizes[2]})` } : step);
    return count === null;
  }

  /** The cells of a face along k. */
  #along(face: Face, place: (k: number) => Place): ((k: number) => number) | null {
    const cells = this.#cells(face.node);
    if (cells === null) return null;
    const { values, matrix } = cells;
    return (k) => {
      const [row, col] = place(k);
      return values[face.transposed ? col * matrix.cols + row : row * matrix.cols + col] ?? Number.NaN;
    };
  }

  #map(node: number, at: Place, { inputs, matrix, term }: Known): boolean {
    const [first] = inputs;
    if (first === undefined || matrix === undefined || term === undefined) return this.#say(node, at, false);
    if (!this.#isLeaf(first) && !this.to(first, this.#under(first, at))) return false;
    if (this.#formed(node, at[0], at[1]) !== null) return false;
    const address = this.address(node, at);
    if (this.#isHidden(node, at)) {
      this.steps.push({ ...plainStep(address, "masked", "masked"), name: "mask" });
      return true;
    }
    const operands = inputs.map((input) => this.#value(input, this.#under(input, at)));
    const result = this.#value(node, at);
    const values = operands.filter((value) => value !== undefined);
    if (result === undefined || values.length < operands.length) {
      this.whole = false;
      this.steps.push({ ...plainStep(address, "…", "…"), name: term.op });
      return true;
    }
    const inner = this.#inner(term, first, this.#under(first, at), result);
    this.steps.push(mapStep(address, { op: term.op, operation: matrix.operation }, values, result, inner));
    return true;
  }

  /** The numbers between; none where they do not come to the cell: it is drawn otherwise than it was computed. */
  #inner(term: Term, first: number, at: Place, result: number): readonly (readonly [string, number])[] {
    const make = INNER.get(term.op);
    const seen = this.#seen(first);
    if (make === undefined || seen === null) return [];
    const { matrix, mask, values: all } = seen.cells;
    const wide = seen.flipped ? matrix.rows : matrix.cols;
    const places = Array.from({ length: wide }, (_, n) =>
      seen.flipped ? n * matrix.cols + at[0] : at[0] * matrix.cols + n,
    );
    const values = places.map((place) => all[place] ?? Number.NaN);
    const hidden = places.map((place) => mask?.[place] === 1);
    const made = make({ values, hidden, row: at[0], col: at[1] }, term.parameters);
    const near = Math.abs(made.result - result) <= 1e-3 * (Math.abs(result) + 1e-3);
    if (near || !Number.isFinite(result)) return made.numbers;
    this.whole = false;
    return [];
  }

  /** The cell of an operand under a cell of a map; a size of 1 stretches. */
  #under(node: number, [row, col]: Place): Place {
    const { matrix, term } = this.#facts(node);
    const [rows, cols] = matrix
      ? [matrix.rows, matrix.cols]
      : [term?.shape.at(-2) ?? 1, term?.shape.at(-1) ?? 1];
    return [rows > 1 ? row : 0, cols > 1 ? col : 0];
  }

  /** The operand's cell that a cell of a transposed matrix is; null of any other move. */
  #origin({ term, inputs }: Known, [row, col]: Place): { node: number; at: Place } | null {
    const [node] = inputs;
    const flips = term?.op === "T" && term.shape.length === 2 && /\.m?T$/.test(term.text);
    return flips && node !== undefined ? { node, at: [col, row] } : null;
  }

  #value(node: number, at: Place): number | undefined {
    const seen = this.#seen(node);
    if (seen === null) return undefined;
    const [row, col] = seen.flipped ? [at[1], at[0]] : at;
    return seen.cells.values[row * seen.cells.matrix.cols + col];
  }

  #isHidden(node: number, [row, col]: Place): boolean {
    const cells = this.#cells(node);
    return cells?.mask?.[row * cells.matrix.cols + col] === 1;
  }

  /** The values of a node; a transposed one that is not drawn has those of its operand. */
  #seen(node: number): { readonly cells: Cells; readonly flipped: boolean } | null {
    const facts = this.#facts(node);
    const below = facts.matrix === undefined ? this.#origin(facts, [0, 0]) : null;
    if (below === null) {
      const cells = this.#cells(node);
      return cells && { cells, flipped: false };
    }
    const seen = this.#seen(below.node);
    return seen && { cells: seen.cells, flipped: !seen.flipped };
  }

  #cells(node: number): Cells | null {
    const cells = cellsOf(this.#scene, node);
    const matrix = matrixOf(this.#scene, node);
    if (cells === null && matrix?.pooled) this.averages.add(matrix.name);
    else if (cells === null && matrix?.values) this.missing.add(node);
    else if (cells === null) this.whole = false;
    return cells;
  }

  #isLeaf(node: number): boolean {
    const kind = this.#facts(node).term?.kind;
    return kind === "leaf" || kind === "array";
  }

  /** An odd number of transposes lies between a node and one below it. */
  #isFlipped(node: number, below: number): boolean {
    let flipped = false;
    for (let at: number | undefined = node, n = 0; at !== undefined && at !== below && n < MOST_STEPS; n++) {
      const facts = this.#facts(at);
      if (this.#origin(facts, [0, 0]) !== null) flipped = !flipped;
      [at] = facts.inputs;
    }
    return flipped;
  }

  /** A node; one head of several has the row of the first one. */
  #facts(node: number): Known {
    const { head } = this.#scene;
    const matrix = matrixOf(this.#scene, node);
    const copy = matrix?.copy;
    const first = copy
      ? head.matrices.find((entry) => entry.copy?.of === copy.of && entry.copy.index === 0)
      : undefined;
    const term = head.terms.find((entry) => entry.node === (first?.node ?? node));
    return { term, matrix, inputs: matrix?.inputs ?? term?.inputs ?? [] };
  }
}

/** `row 1 of A · column 0 of B`: what the factors of a sum are. */
export function factorsOf(scene: LoadedScene, layout: Layout, { box, i, j }: Line): string {
  const name = (id: number): { name: string; flipped: boolean } => {
    const face = layout.faces[id];
    const label = face && matrixOf(scene, face.node)?.name;
    return { name: label ?? "", flipped: face?.transposed === true };
  };
  const [left, right] = [name(box.left), name(box.right)];
  const first = `${left.flipped ? "column" : "row"} ${i} of ${left.name}`;
  const second = `${right.flipped ? "row" : "column"} ${j} of ${right.name}`;
  return (box.transposed ? [second, first] : [first, second]).join(" · ");
}
