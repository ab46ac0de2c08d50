// The products behind one cell of a result, and their sum, in float64.

import type { Face, Head, Layout, Matrix } from "./types.gen";
import type { BufferData, LoadedScene } from "./wire";

/** Exact values of a matrix with its mask; null where they are not here (hollow, pooled, not yet sent). */
export interface Cells {
  readonly matrix: Matrix;
  readonly values: Float32Array | Float64Array;
  readonly mask: Uint8Array | null;
}

const byNode = new WeakMap<Head, ReadonlyMap<number, Matrix>>();

/** The matrix of a node. */
export function matrixOf(scene: LoadedScene, node: number): Matrix | undefined {
  let table = byNode.get(scene.head);
  if (table === undefined) {
    table = new Map(scene.head.matrices.map((matrix) => [matrix.node, matrix]));
    byNode.set(scene.head, table);
  }
  return table.get(node);
}

/** The exact cells of a node. */
export function cellsOf(scene: LoadedScene, node: number): Cells | null {
  const matrix = matrixOf(scene, node);
  if (matrix === undefined || matrix.values === null) return null;
  const values = scene.buffers.get(matrix.values);
  if (!isFloat(values)) return null;
  const mask = matrix.mask === null ? null : scene.buffers.get(matrix.mask);
  return { matrix, values, mask: mask instanceof Uint8Array ? mask : null };
}

const isFloat = (data: BufferData | undefined): data is Float32Array | Float64Array =>
  data instanceof Float32Array || data instanceof Float64Array;

/** The value at the node's own (row, col); undefined outside. */
export function valueAt(cells: Cells, row: number, col: number): number | undefined {
  const { rows, cols } = cells.matrix;
  if (row < 0 || col < 0 || row >= rows || col >= cols) return undefined;
  return cells.values[row * cols + col];
}

/**
 * The products L[i, k] · R[k, j] of one result cell of a box, indices as displayed.
 *
 * @returns k products; null when the box has no exact operands, or (i, j) lies outside.
 */
export function products(
  scene: LoadedScene,
  layout: Layout,
  boxId: number,
  i: number,
  j: number,
): Float64Array | null {
  const box = layout.boxes.find((b) => b.id === boxId);
  if (box === undefined) return null;
  const left = displayed(scene, layout.faces[box.left]);
  const right = displayed(scene, layout.faces[box.right]);
  const [rows, cols, inner] = box.sizes;
  if (left === null || right === null || !(i >= 0 && i < rows && j >= 0 && j < cols)) return null;
  const out = new Float64Array(inner);
  for (let k = 0; k < inner; k++) out[k] = left(i, k) * right(k, j);
  return out;
}

/** A face's cells by displayed indices; masked cells count as they are stored. */
function displayed(
  scene: LoadedScene,
  face: Face | undefined,
): ((row: number, col: number) => number) | null {
  const cells = face === undefined ? null : cellsOf(scene, face.node);
  if (face === undefined || cells === null) return null;
  const { values, matrix } = cells;
  const stride = matrix.cols;
  return face.transposed
    ? (row, col) => values[col * stride + row] ?? Number.NaN
    : (row, col) => values[row * stride + col] ?? Number.NaN;
}

export function sum(terms: Float64Array): number {
  let total = 0;
  for (const term of terms) total += term;
  return total;
}
