// What a tiled sweep reads into and writes out of the memory of each level. See docs/motion.md, "Tiles".

import { type By, type Letter, reached, regions, type Span, stepsOf } from "./film";
import type { Loop, Sweep } from "./types.gen";

/** Elements that have passed into and out of one level's memory, and the products formed; of one whole block. */
export interface Loads {
  readonly left: number;
  readonly right: number;
  readonly read: number;
  readonly written: number;
  readonly products: number;
}

/** Products for each element that was read. */
const reuseOf = ({ left, right, read, products }: Loads): number =>
  products / Math.max(left + right + read, 1);

/** The loads of a level, 0 being the outermost, when `begun` steps have begun. */
export function loadsAt(sweep: Sweep, level: number, begun: number): Loads {
  const depth = 3 * level + 3;
  const [i, j, k] = sweep.blocks;
  const at: By<Span> = { i: [0, i], j: [0, j], k: [0, k] };
  const read = (letters: readonly Letter[]) => elementsRead(sweep.loops, depth, at, letters, begun);
  const result = read(["i", "j"]);
  let [held, seen] = [0, 0];
  if (begun > 0) {
    const here = reached(sweep, begun - 1, depth);
    held = length(here.i) * length(here.j);
    seen = held;
    for (const region of regions(sweep, begun - 1, depth).slice(0, -1)) {
      if (region.made > 0) seen += length(region.i) * length(region.j);
    }
  }
  return {
    left: read(["i", "k"]),
    right: read(["k", "j"]),
    read: result - seen,
    written: result - (begun < sweep.steps ? held : 0),
    products: regions(sweep, begun).reduce(
      (sum, region) => sum + length(region.i) * length(region.j) * region.made,
      0,
    ),
  };
}

const length = ([first, end]: Span): number => end - first;

/** Elements of the tiles with some letters that are read by the time so many steps have begun. */
function elementsRead(
  loops: readonly Loop[],
  depth: number,
  at: By<Span>,
  letters: readonly Letter[],
  begun: number,
): number {
  const [loop, ...inner] = loops;
  if (begun <= 0) return 0;
  if (depth === 0 || loop === undefined) {
    return letters.reduce((area, letter) => area * length(at[letter]), 1);
  }
  const { letter, size } = loop;
  const reach = length(at[letter]);
  const full: By<Span> = { ...at, [letter]: [0, Math.min(size, reach)] };
  const below = stepsOf(inner, full);
  const onward = (range: By<Span>, steps: number) => elementsRead(inner, depth - 1, range, letters, steps);
  const isOne = !letters.includes(letter) && stepsOf(inner.slice(0, depth - 1), at, letters) === 1;
  if (isOne) return onward(full, below);
  const rounds = Math.floor((begun - 1) / below);
  const rest: By<Span> = { ...at, [letter]: [0, Math.min(size, reach - rounds * size)] };
  return (rounds > 0 ? rounds * onward(full, below) : 0) + onward(rest, begun - rounds * below);
}

/** One line on a level's memory: "4×4×2: read L 96, R 96, result 16; written 32; reuse 2.5". */
export function loadsText(sweep: Sweep, level: number, begun: number): string {
  const loads = loadsAt(sweep, level, begun);
  const { left, right, read, written } = loads;
  const size = (letter: Letter): number => {
    const loop = sweep.loops.slice(3 * level, 3 * level + 3).find((loop) => loop.letter === letter);
    return loop?.size ?? 1;
  };
  const tile = `${size("i")}×${size("j")}×${size("k")}`;
  const [l, r, again, out] = [left, right, read, written].map((count) => count.toLocaleString("en"));
  return `${tile}: read L ${l}, R ${r}, result ${again}; written ${out}; reuse ${reuseOf(loads).toFixed(1)}`;
}
