// What legends say: shapes and edges, in blocks `tokens = 256 / 8`, and sheets of partial results.

import { formatCount } from "../core/format";
import { partOf } from "../core/parts";
import { sizeText } from "../core/places";
import type { Axis, Box, Face, Head, Layout, Matrix } from "../core/types.gen";

/** Some text; a size belongs to an axis, which a click splits. */
export interface Word {
  readonly text: string;
  readonly axis?: string | undefined;
}

export const textOf = (words: readonly Word[]): string => words.map(({ text }) => text).join("");

const axisOf = (head: Head, id: number): Axis | undefined => head.axes.find((axis) => axis.id === id);

/** `64 / 8 × 16`, and what a cell averages. */
export function shapeWords(head: Head, face: Face, matrix: Matrix): readonly Word[] {
  const [down, across] = face.transposed
    ? [matrix.col_axis, matrix.row_axis]
    : [matrix.row_axis, matrix.col_axis];
  const averages = matrix.pooled
    ? `  averages of ${matrix.pooled.block.map((n) => Number(n.toPrecision(3))).join(" × ")} cells`
    : "";
  return [
    { text: sizeText(face.rows, face.row_split), axis: axisOf(head, down)?.name },
    { text: " × " },
    { text: sizeText(face.cols, face.col_split), axis: axisOf(head, across)?.name },
    { text: averages },
  ];
}

/** The title of an edge's axis, else its letter, or in blocks its name; and its size. */
export function edgeWords(
  head: Head,
  layout: Layout,
  box: Box,
  at: 0 | 1 | 2,
): { readonly strong: string; readonly weak: readonly Word[] } {
  const face = layout.faces[at === 2 ? box.left : box.result];
  const matrix = head.matrices.find((matrix) => matrix.node === face?.node);
  const isRow = (at === 0) !== (face?.transposed ?? false);
  const axis = axisOf(head, (isRow ? matrix?.row_axis : matrix?.col_axis) ?? -1);
  const split = box.splits[at];
  const letter = "ijk"[at] ?? "";
  const strong = axis?.title ?? (split === null ? letter : (axis?.name ?? letter));
  return { strong, weak: [{ text: "= " }, { text: sizeText(box.sizes[at], split), axis: axis?.name }] };
}

/** What devices exchange of a face's matrix, or of the product behind its closed sheets; and what it `costs`. */
export function badgesOf(
  head: Head,
  layout: Layout,
  face: Face,
  costs: boolean,
): readonly { text: string; why: string }[] {
  if (face.alias_of !== null || face.part !== null) return [];
  const elsewhere = (node: number): boolean =>
    layout.faces.some((face) => face.node === node && face.part === null && face.alias_of === null);
  const covers = (node: number): boolean =>
    layout.faces.some((entry) => entry.cover === face.id && entry.node === node);
  const shown = (node: number): boolean =>
    node === face.node || covers(node) || (face.sheet === 0 && face.chain.includes(node) && !elsewhere(node));
  const rows = costs ? head.cost.filter(({ text }) => text !== "") : [];
  const counted = rows.map((row) => ({ ...row, why: `${formatCount(row.bytes)} bytes moved` }));
  return [...(head.partition?.collectives ?? []), ...counted].filter(({ node }) => shown(node));
}

/** `part 3 of 4`. */
export const partText = (layout: Layout, face: Face): string =>
  `part ${(face.part ?? 0) + 1} of ${partOf(layout, face)?.count ?? 1}`;
