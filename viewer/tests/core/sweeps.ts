// Sweeps made by hand, for the tests of films.

import type { Sweep, Vec3 } from "../../src/core/types.gen";

/** A sweep of a table row: letters that move over sizes. */
export function sweepOf(moving: string, sizes: Vec3, more: Partial<Sweep> = {}): Sweep {
  const letters = [...moving] as Sweep["moving"];
  const steps = letters.reduce((product, letter) => product * sizes["ijk".indexOf(letter)]!, 1);
  const own = { node: 2, algorithm: moving, moving: letters, sizes, steps };
  return { ...own, start: 0, begin: 0, phase: 1, lane: 0, group: 0, ...more };
}

export const MOVING = ["ij", "ji", "i", "j", "k", "jk"];
