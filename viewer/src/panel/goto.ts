// Find a cell by what a reader types, `attn[3, 7]` or `attn[the, cow]`, and walk through NaN and Inf.

import { cellsOf } from "../core/sums";
import type { Axis, Matrix, Pin, Selection } from "../core/types.gen";
import type { LoadedScene } from "../core/wire";

/** A cell, or why there is none. */
export type Found = { readonly pin: Pin } | { readonly reason: string };

/** Read `name[row, col]`, of a head `name[2][row, col]`; row and col are numbers (negative ones from the end) or labels. */
export function findCell(scene: LoadedScene, text: string): Found {
  const whole = text.trim();
  if (!/\[.*\]$/s.test(whole)) return { reason: "type a name and two indices, like attn[3, 7]" };
  const matrices = [...scene.head.matrices].reverse();
  // Names have brackets too, attn[2]: each bracket is tried as the one before the indices.
  for (let at = whole.indexOf("["); at !== -1; at = whole.indexOf("[", at + 1)) {
    const written = whole.slice(0, at).trim();
    const bare = written.replace(/^\((.*)\)$/s, "$1");
    const matrix = matrices.find(({ name }) => name === written || name === bare);
    if (matrix !== undefined) return cellIn(scene, matrix, whole.slice(at + 1, -1));
  }
  const name = whole.slice(0, whole.indexOf("[")).trim();
  const heads = scene.head.matrices.filter((matrix) => matrix.copy && matrix.name.startsWith(`${name}[`));
  if (heads.length > 0) return { reason: `${name} has ${heads.length} heads: type ${name}[0][3, 7]` };
  return { reason: `no matrix is called ${name.replace(/^\((.*)\)$/s, "$1") || "nothing"}` };
}

/** The cell of a matrix at two indices. */
function cellIn(scene: LoadedScene, matrix: Matrix, inside: string): Found {
  let reason = "type two indices, like [3, 7]";
  // A label may hold commas: try each comma as the one in the middle.
  for (let at = inside.indexOf(","); at !== -1; at = inside.indexOf(",", at + 1)) {
    const row = indexOf(scene, matrix.row_axis, matrix.rows, inside.slice(0, at), "row");
    const col = indexOf(scene, matrix.col_axis, matrix.cols, inside.slice(at + 1), "column");
    if (typeof row === "number" && typeof col === "number") return { pin: { node: matrix.node, row, col } };
    reason = typeof row === "string" ? row : String(col);
  }
  return { reason };
}

function indexOf(
  scene: LoadedScene,
  axisId: number,
  size: number,
  text: string,
  what: string,
): number | string {
  const wanted = text.trim();
  if (/^[-−]?\d{1,9}$/.test(wanted)) {
    const index = Number(wanted.replace("−", "-"));
    const own = index < 0 ? size + index : index;
    return own >= 0 && own < size ? own : `${what} ${wanted} is outside 0 … ${size - 1}`;
  }
  const place = labelled(
    scene.head.axes.find((axis) => axis.id === axisId),
    wanted,
  );
  return place === -1 ? `no ${what} is called ${wanted || "nothing"}` : place;
}

/** The first index with this label; spaces at the ends and quotes do not count, a case that fits goes first. */
function labelled(axis: Axis | undefined, wanted: string): number {
  const labels = (axis?.labels ?? []).map((entry) => entry.trim());
  const bare = wanted.replace(/^(["'])(.*)\1$/s, "$2").trim();
  const exact = labels.indexOf(bare);
  if (exact !== -1) return exact;
  const low = bare.toLowerCase();
  return labels.findIndex((label) => label.toLowerCase() === low);
}

/** The next (or, with `step` −1, previous) cell that is NaN or infinite, after `from`, around the end. */
export function nextOdd(
  scene: LoadedScene,
  nodes: readonly number[],
  from: Pin | null,
  step: 1 | -1,
): Pin | null {
  const held = nodes
    .map((node) => scene.head.matrices.find((matrix) => matrix.node === node))
    .filter((node) => node !== undefined);
  const places = held.flatMap((matrix) => oddCells(scene, matrix));
  if (places.length === 0) return null;
  const ordered = step === 1 ? places : places.reverse();
  const rank = (pin: Pin) => [nodes.indexOf(pin.node), pin.row, pin.col] as const;
  if (from === null || !nodes.includes(from.node)) return ordered[0] ?? null;
  return ordered.find((pin) => step * compare(rank(pin), rank(from)) > 0) ?? ordered[0] ?? null;
}

/** Where a walk goes on: from the last pinned cell; in another chosen matrix from its edge. */
export function oddFrom({ node, pins }: Selection, step: 1 | -1): Pin | null {
  const last = pins.at(-1) ?? null;
  if (node === null || last?.node === node) return last;
  const edge = step === 1 ? -1 : Number.POSITIVE_INFINITY;
  return { node, row: edge, col: edge };
}

function oddCells(scene: LoadedScene, matrix: Matrix): Pin[] {
  const stats = matrix.stats;
  if (stats === null || stats.nan + stats.pos_inf + stats.neg_inf === 0) return [];
  const cells = cellsOf(scene, matrix.node);
  const pins: Pin[] = [];
  cells?.values.forEach((value, at) => {
    if (Number.isFinite(value) || cells.mask?.[at] === 1) return;
    pins.push({ node: matrix.node, row: Math.floor(at / matrix.cols), col: at % matrix.cols });
  });
  return pins;
}

function compare(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((value, index) => value !== b[index]);
  return at === -1 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}
