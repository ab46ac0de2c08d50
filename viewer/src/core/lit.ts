// Lit cells of faces: how many of them count, and those of one product.

import type { Line } from "./explain";
import type { Lit, Rod } from "./frame";
import { OPERANDS } from "./shading";
import type { Box, Face, Layout, View } from "./types.gen";

/** So many lit parts of one face are drawn. */
export const MOST_LIT = 64;

/** The latest entries of each face, as many as are drawn. */
export function latest(lit: readonly Lit[]): readonly Lit[] {
  const count = new Map<number, number>();
  const lines = [...lit].reverse().filter(({ face }) => {
    const before = count.get(face) ?? 0;
    count.set(face, before + 1);
    return before < MOST_LIT;
  });
  return lines.reverse();
}

/** One product of a line. */
export interface LitTerm extends Line {
  readonly place: number;
}

/** The factors and the result of one product. */
export const litBy = ({ box, i, j, place }: LitTerm): readonly Lit[] => [
  { face: box.left, row: i, col: place, level: 1 },
  { face: box.right, row: place, col: j, level: 1 },
  { face: box.result, row: i, col: j, level: 1 },
];

/** The box whose result a face shows, itself or after the maps of its chain; a sheet has that of its face. */
export function boxShownBy({ faces, boxes }: Layout, face: Face): Box | null {
  const owner = face.alias_of === null ? face : (faces[face.alias_of] ?? face);
  const behind = owner.role === "sheet" && owner.box !== null;
  const box = boxes.find((box) => (behind ? box.id === owner.box : box.result === owner.id));
  const result = box && faces[box.result];
  if (box === undefined || result === undefined) return null;
  return chainOf(result, face).at(-1) === box.node ? box : null;
}

/** Nodes from that of a face down to the product of the box whose result is shown. */
export function chainOf(result: Face, face: Face): readonly number[] {
  const at = result.chain.indexOf(face.node);
  return at === -1 ? face.chain : result.chain.slice(at);
}

/** A selected matrix and what it is made of; nothing for the result, which is no choice. */
function litByNode(layout: Layout, faces: readonly Face[], node: number | null): readonly Lit[] {
  const own = faces.filter((face) => face.node === node && face.part === null);
  if (own.some(({ id }) => id === layout.root_face)) return [];
  const ids = new Set(own.map(({ id }) => id));
  const operands = own.flatMap((face) => {
    const box = boxShownBy(layout, face);
    const linked = layout.links.filter((link) => link.to_face === face.id).map((link) => link.from_face);
    return [...(box === null ? [] : [box.left, box.right]), ...linked];
  });
  const whole = (face: number, level: number): Lit => ({ face, row: null, col: null, level });
  return [
    ...own.map(({ id }) => whole(id, 1)),
    ...[...new Set(operands)].filter((id) => !ids.has(id)).map((id) => whole(id, OPERANDS)),
  ];
}

/** What is lit: what is looked at, else the selected matrix; a device has light of its own. */
export const focusIn = (
  layout: Layout,
  faces: readonly Face[],
  { device, selection }: View,
  looked: readonly Lit[],
): readonly Lit[] =>
  looked.length > 0 || device !== null ? looked : litByNode(layout, faces, selection.node);

/** A line of products with one of them alone. */
export function alone(rod: Rod, { box, i, j, place }: LitTerm): Rod {
  if (rod.boxId !== box.id || rod.i !== i || rod.j !== j) return rod;
  return { ...rod, values: rod.values.map((value, k) => (k === place ? value : 0)) };
}
