// Sweeps made by hand, for the tests of films.

import type { Loop, Sweep, Vec3 } from "../../src/core/types.gen";

/** The number of innermost ranges, counted one by one. */
function leaves(sizes: readonly number[], length: number): number {
  const [size, ...inner] = sizes;
  if (size === undefined) return 1;
  let count = 0;
  for (let at = 0; at < length; at += size) count += leaves(inner, Math.min(size, length - at));
  return count;
}

/** A sweep by its loops over sizes: "ij" moves by ones, "i4 j4 i2" by tiles. */
export function sweepOf(loops: string, sizes: Vec3, more: Partial<Sweep> = {}): Sweep {
  const text = loops.includes(" ") || /\d/.test(loops) ? loops.split(" ") : [...loops];
  const all = text.map((loop): Loop => ({ letter: loop[0] as "i", size: Number(loop.slice(1) || 1) }));
  const blocks = more.blocks ?? sizes;
  const steps = [..."ijk"].reduce((total, letter, n) => {
    const own = all.filter((loop) => loop.letter === letter).map(({ size }) => size);
    return total * leaves(own, blocks[n]!);
  }, 1);
  const own = {
    node: 2,
    algorithm: loops,
    loops: all,
    sizes,
    blocks,
    steps,
    limit: null,
    levels: 0,
    states: null,
    turned: false,
  };
  return { ...own, start: 0, begin: 0, phase: 1, lane: 0, group: 0, ...more };
}

export const MOVING = ["ij", "ji", "i", "j", "k", "jk"];

/** Loops of tiles, with sizes that do not divide. */
export const TILED = [
  "i2 j3 k2",
  "k2 j1 i2",
  "k3 i2 j4 i1 k2 j2",
  "j4 k3 i2 j2 k1 i1 i1 j1 k1",
  "k1 i2",
  "j3",
];
