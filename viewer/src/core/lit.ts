// Lit cells of faces: how many of them count.

import type { Lit } from "./frame";

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
