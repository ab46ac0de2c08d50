// What a cell says: its place, labels and value, the sum behind it and the operations after it.

import { heldText } from "../core/devices";
import { formatNumber } from "../core/format";
import type { Lit, Rod } from "../core/frame";
import { type Interior, productAt, productIn } from "../core/interior";
import { boxShownBy, chainOf } from "../core/lit";
import type { Moments, Shown } from "../core/moment";
import { partOf } from "../core/parts";
import { rodOf } from "../core/rods";
import { cellsOf, matrixOf, products, sum, valueAt } from "../core/sums";
import type { Box, Face, Layout, Matrix, Pin } from "../core/types.gen";
import type { LoadedScene } from "../core/wire";
import type { Tiles } from "./tiles";
import { shorten } from "./words";

/** A cell of a face by displayed indices, and its node's own ones. */
export interface Cell {
  readonly face: Face;
  readonly row: number;
  readonly col: number;
  readonly nodeRow: number;
  readonly nodeCol: number;
  /** The cell is a product inside a box. */
  readonly interior?: Interior;
}

/** Everything the page says of one cell. */
export interface Reading {
  readonly pin: Pin;
  readonly matrix: Matrix;
  /** `attn[3, 7]`. */
  readonly place: string;
  readonly rowLabel: string | null;
  readonly colLabel: string | null;
  /** Undefined when no value is here (hollow). */
  readonly value: number | undefined;
  readonly valueText: string;
  /** `Σₖ L[3,k]·R[k,7] = 1.234 → softmax 0.061`, for a cell of a product. */
  readonly sum: string | null;
  readonly lit: readonly Lit[];
  readonly rod: Rod | null;
  /** It is of a cell of a matrix, not of a product or a part of a sum. */
  readonly whole: boolean;
  /** `on device 2 of 4`. */
  readonly held: string | null;
}

/** Where readings come from. */
export interface Source {
  readonly scene: LoadedScene;
  readonly layout: Layout;
  readonly tiles: Tiles;
  /** The moment of a film, while one plays. */
  readonly film?: { readonly moments: Moments; readonly t: number } | null;
}

/** The cell of a face at displayed indices. */
export function cellAt(face: Face, row: number, col: number): Cell {
  const [nodeRow, nodeCol] = face.transposed ? [col, row] : [row, col];
  return { face, row, col, nodeRow, nodeCol };
}

/** The cell that shows a node's own (row, col): on the owner's face before an alias, a face before a sheet. */
export function cellOfPin(layout: Layout, pin: Pin): Cell | null {
  const drawn = layout.faces.filter((face) => face.cover === null && face.part === null);
  const own = drawn.filter((face) => face.node === pin.node);
  const face = own.find((face) => face.alias_of === null) ?? own[0];
  if (face === undefined) return null;
  const [row, col] = face.transposed ? [pin.col, pin.row] : [pin.row, pin.col];
  return row < face.rows && col < face.cols ? cellAt(face, row, col) : null;
}

/** Read one cell. */
export function readCell(source: Source, cell: Cell): Reading | null {
  const matrix = matrixOf(source.scene, cell.face.node);
  if (matrix === undefined) return null;
  if (cell.interior !== undefined) return readProduct(source, cell, cell.interior, matrix);
  if (cell.face.part !== null) return readPart(source, cell, matrix);
  const { nodeRow, nodeCol } = cell;
  const value = cellValue(source, matrix, nodeRow, nodeCol, cell.face.chain);
  const product = productOf(source, cell);
  return {
    pin: { node: matrix.node, row: nodeRow, col: nodeCol },
    matrix,
    place: `${matrix.name}[${nodeRow}, ${nodeCol}]`,
    rowLabel: label(source.scene, matrix.row_axis, nodeRow),
    colLabel: label(source.scene, matrix.col_axis, nodeCol),
    value: value.number,
    valueText: value.text,
    sum: product && sumText(source, product),
    lit: product
      ? [
          { face: cell.face.id, row: cell.row, col: cell.col, level: 1 },
          { face: product.box.left, row: product.i, col: null },
          { face: product.box.right, row: null, col: product.j },
        ]
      : [],
    rod: product?.terms ? rodOf(product.box, product.i, product.j, product.terms) : null,
    whole: true,
    held: heldText(source.scene.head, cell.face, cell.row, cell.col),
  };
}

/** The Python expression of a cell: a name as it is, an expression in brackets. */
export function asPython(reading: Reading): string {
  const { name } = reading.matrix;
  const plain = /^[\p{L}_][\p{L}\p{N}_.]*$/u.test(name);
  return `${plain ? name : `(${name})`}[${reading.pin.row}, ${reading.pin.col}]`;
}

/** The label along an axis, if it has any. */
export function label(scene: LoadedScene, axis: number, index: number): string | null {
  return scene.head.axes.find((entry) => entry.id === axis)?.labels?.[index] ?? null;
}

/** One product of the step that a film is at. */
function readProduct(source: Source, cell: Cell, interior: Interior, matrix: Matrix): Reading | null {
  const { box } = interior;
  const at = productAt(interior, cell.row, cell.col);
  const operands = source.film?.moments.operandsOf(box.node) ?? null;
  const result = source.layout.faces[box.result];
  if (operands === null || result === undefined) return null;
  const value = productIn(operands, box, at);
  const left = factor(source, box.left, () => [at.i, at.k], "L");
  const right = factor(source, box.right, () => [at.k, at.j], "R");
  const [row, col] = result.transposed ? [at.j, at.i] : [at.i, at.j];
  const name = matrixOf(source.scene, result.node)?.name ?? matrix.name;
  return {
    pin: { node: result.node, row, col },
    matrix,
    place: (box.transposed ? [right, left] : [left, right]).join("·"),
    rowLabel: null,
    colLabel: null,
    value,
    valueText: formatNumber(value),
    sum: `product ${at.k + 1} of ${box.sizes[2]} in ${name}[${row}, ${col}]`,
    lit: [
      { face: box.left, row: at.i, col: at.k },
      { face: box.right, row: at.k, col: at.j },
    ],
    rod: null,
    whole: false,
    held: null,
  };
}

/** A cell of a sheet of partial results: the products of one block, summed. */
function readPart(source: Source, cell: Cell, matrix: Matrix): Reading | null {
  const { scene, layout } = source;
  const part = partOf(layout, cell.face);
  const result = part && layout.faces[part.box.result];
  if (part === null || !result) return null;
  const { box, start } = part;
  const count = source.film?.moments.formedOn(cell.face, cell.nodeRow, cell.nodeCol, source.film.t) ?? null;
  const stop = count === null ? part.stop : start + count;
  const terms = products(scene, layout, box.id, cell.row, cell.col);
  const value = terms ? sum(terms.subarray(start, stop)) : undefined;
  const own = terms?.map((term, k) => (k < start || k >= stop ? 0 : term));
  const [row, col] = result.transposed ? [cell.col, cell.row] : [cell.row, cell.col];
  const [left, right] = [box.left, box.right].map((id, at) =>
    factor(source, id, (k) => (at === 0 ? [cell.row, k] : [k, cell.col]), "LR"[at] ?? ""),
  );
  const factors = (box.transposed ? [right, left] : [left, right]).join("·");
  return {
    pin: { node: result.node, row, col },
    matrix,
    place: `${matrix.name}[${cell.nodeRow}, ${cell.nodeCol}], part ${(cell.face.part ?? 0) + 1} of ${part.count}`,
    rowLabel: label(scene, matrix.row_axis, cell.nodeRow),
    colLabel: label(scene, matrix.col_axis, cell.nodeCol),
    value,
    valueText: value === undefined ? "not loaded" : count === 0 ? NOT_YET : formatNumber(value),
    sum: count === 0 ? null : `${factors} summed over k = ${start}${stop - start > 1 ? `…${stop - 1}` : ""}`,
    lit: [
      { face: box.left, row: cell.row, col: null },
      { face: box.right, row: null, col: cell.col },
    ],
    rod: own ? rodOf(box, cell.row, cell.col, own) : null,
    whole: false,
    held: heldText(scene.head, cell.face, cell.row, cell.col),
  };
}

/**
 * A value with what it is: exact, masked, an average, or not here; in a film what is there by now.
 *
 * @param chain what the cell's face shows, from the node down to a product whose sums are shown until it is complete.
 */
export function cellValue(
  source: Source,
  matrix: Matrix,
  row: number,
  col: number,
  chain: readonly number[] = [matrix.node],
): { readonly number: number | undefined; readonly text: string } {
  const shown = source.film?.moments.shown(chain, row, col, source.film.t);
  if (shown !== undefined && shown.kind !== "finished") return unfinished(shown);
  const cells = cellsOf(source.scene, matrix.node);
  if (cells !== null) {
    const number = valueAt(cells, row, col);
    if (cells.mask?.[row * matrix.cols + col] === 1) return { number: undefined, text: "masked" };
    return { number, text: number === undefined ? "outside" : formatNumber(number) };
  }
  const exact = source.tiles.value(matrix.node, row, col);
  if (exact !== undefined) return { number: exact, text: formatNumber(exact) };
  return pooledValue(source.scene, matrix, row, col);
}

function unfinished(shown: Exclude<Shown, { kind: "finished" }>) {
  if (shown.kind === "absent") return { number: undefined, text: NOT_YET };
  if (shown.kind === "stream")
    return { number: shown.value, text: `${formatNumber(shown.value)} (${shown.seen} of ${shown.of} keys)` };
  const { value, count, of } = shown;
  return { number: value, text: `${formatNumber(value)} (${count < of ? `${count} of ${of}` : "raw sum"})` };
}

const NOT_YET = "not there yet";

function pooledValue(scene: LoadedScene, matrix: Matrix, row: number, col: number) {
  const { pooled } = matrix;
  if (pooled === null) {
    return { number: undefined, text: matrix.hollow ? "no values, only a shape" : "not loaded" };
  }
  const [high, wide] = pooled.block;
  const at = Math.min(Math.floor(row / high), pooled.rows - 1) * pooled.cols;
  const mean = scene.buffers.get(pooled.mean)?.[at + Math.min(Math.floor(col / wide), pooled.cols - 1)];
  if (mean === undefined) return { number: undefined, text: "not loaded" };
  return {
    number: mean,
    text: `${formatNumber(mean)} (average of ${formatNumber(high, 3)} × ${formatNumber(wide, 3)} cells)`,
  };
}

// --- the sum behind a cell ----------------------------------------------------------------------

interface Product {
  readonly box: Box;
  readonly i: number;
  readonly j: number;
  readonly terms: Float64Array | null;
  /** Nodes from the cell's own down to the contraction. */
  readonly chain: readonly number[];
  readonly cell: Cell;
}

/** The product a cell comes from, if its face (or the face before its sheet) is the result of a box. */
function productOf(source: Source, cell: Cell): Product | null {
  const box = boxShownBy(source.layout, cell.face);
  const result = box && source.layout.faces[box.result];
  if (!box || !result) return null;
  const chain = chainOf(result, cell.face);
  const [i, j] = result.transposed ? [cell.nodeCol, cell.nodeRow] : [cell.nodeRow, cell.nodeCol];
  const all = products(source.scene, source.layout, box.id, i, j);
  const count = source.film?.moments.countOf(box.node, cell.nodeRow, cell.nodeCol, source.film.t) ?? null;
  const terms = count === null ? all : (all?.subarray(0, count) ?? null);
  return { box, i, j, terms, chain, cell };
}

function sumText(source: Source, product: Product): string {
  const { box, i, j, terms, chain, cell } = product;
  const left = factor(source, box.left, (k) => [i, k], "L");
  const right = factor(source, box.right, (k) => [k, j], "R");
  const [first, second] = box.transposed ? [right, left] : [left, right];
  const base = matrixOf(source.scene, box.node);
  const value = base && cellValue(source, base, cell.nodeRow, cell.nodeCol).number;
  const total = value ?? (terms && sum(terms));
  const steps = chain
    .slice(0, -1)
    .reverse()
    .map((node, at, nodes) => stepText(source, node, nodes[at - 1] ?? box.node, cell));
  return `Σₖ ${first}·${second} = ${total === null ? "?" : formatNumber(total)}${steps.join("")}`;
}

/** `Q[3,k]`: one factor of the products, in its node's own indices. */
function factor(
  source: Source,
  faceId: number,
  indices: (k: string) => [number | string, number | string],
  fallback: string,
): string {
  const face = source.layout.faces[faceId];
  const name = face && matrixOf(source.scene, face.node)?.name;
  const [row, col] = indices("k");
  const [first, second] = face?.transposed ? [col, row] : [row, col];
  const short = name !== undefined && /^[\p{L}_][\p{L}\p{N}_.]{0,11}$/u.test(name);
  if (short || face?.transposed !== true) return `${short ? name : fallback}[${first},${second}]`;
  return `${fallback}[${row},${col}]`; // L and R are the faces as they are seen
}

function stepText(source: Source, node: number, before: number, cell: Cell): string {
  const matrix = matrixOf(source.scene, node);
  if (matrix === undefined) return "";
  const value = cellValue(source, matrix, cell.nodeRow, cell.nodeCol);
  const shown = value.text === "not loaded" || value.text === NOT_YET ? "" : ` ${value.text}`;
  return ` → ${operationName(withOperands(source, matrix, before))}${shown}`;
}

/** `· + ·` → `· + x`: the dots that are not the step before are named; a sum or product begins with that step. */
function withOperands(source: Source, matrix: Matrix, before: number): string {
  const parts = matrix.operation.split("·");
  const { inputs } = matrix;
  if (parts.length < 3 || parts.length !== inputs.length + 1) return matrix.operation;
  const own = inputs.indexOf(before);
  const named = inputs.map((node, at) =>
    at === own ? "·" : shorten(matrixOf(source.scene, node)?.name ?? "·", 20),
  );
  const text = parts.map((part, at) => part + (named[at] ?? "")).join("");
  return text.replace(/^([^·]+) ([+*]) ·$/, "· $2 $1");
}

/** `softmax(·)` → `softmax`, `· / 8` → `/ 8`; anything else as it is. */
export function operationName(operation: string): string {
  const call = /^([\w.]+)\(·\)$/.exec(operation);
  if (call) return call[1] ?? operation;
  const after = /^· ([^·]+)$/.exec(operation);
  return after?.[1] ?? operation;
}

// --- the hovered row ----------------------------------------------------------------------------

/** One of the largest cells of a row. */
export interface Top {
  readonly pin: Pin;
  readonly label: string;
  readonly text: string;
}

/** The cells of a row that are largest in magnitude, at most `most`; NaN and Inf first, masked ones left out. */
export function topOfRow(source: Source, matrix: Matrix, row: number, most = 10): readonly Top[] {
  const cells = cellsOf(source.scene, matrix.node);
  if (cells === null) return [];
  const size = (value: number) => (Number.isNaN(value) ? Number.POSITIVE_INFINITY : Math.abs(value));
  const start = row * matrix.cols;
  const entries: { col: number; value: number }[] = [];
  for (let col = 0; col < matrix.cols; col++) {
    const value = cells.values[start + col] ?? 0;
    if (cells.mask?.[start + col] !== 1) entries.push({ col, value });
  }
  entries.sort((a, b) => size(b.value) - size(a.value) || a.col - b.col);
  return entries.slice(0, most).map(({ col, value }) => ({
    pin: { node: matrix.node, row, col },
    label: label(source.scene, matrix.col_axis, col) ?? String(col),
    text: formatNumber(value),
  }));
}
