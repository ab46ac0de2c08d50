// Lit cells of faces: how many of them count, and those of one product.

import type { Line } from "./explain";
import type { Lit, Rod } from "./frame";

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

/** A line of products with one of them alone. */
export function alone(rod: Rod, { box, i, j, place }: LitTerm): Rod {
  if (rod.boxId !== box.id || rod.i !== i || rod.j !== j) return rod;
  return { ...rod, values: rod.values.map((value, k) => (k === place ? value : 0)) };
}
