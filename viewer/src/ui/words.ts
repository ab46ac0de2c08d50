// Names and labels as they are written in the picture.

import type { Face, Matrix } from "../core/types.gen";

const LONGEST = 32;

/** A name that fits: the start, and an ellipsis. */
export function shorten(name: string, most = LONGEST): string {
  const letters = Array.from(name);
  return letters.length <= most ? name : `${letters.slice(0, most - 1).join("")}…`;
}

/** A name that fits: a longer one loses its middle. */
export function cutMiddle(name: string, most = LONGEST): string {
  const letters = Array.from(name);
  if (letters.length <= most) return name;
  const end = Math.floor((most - 1) / 2);
  return `${letters.slice(0, most - 1 - end).join("")}…${letters.slice(letters.length - end).join("")}`;
}

/** A name of its own, perhaps of one head; not an expression. */
export const named = (name: string): boolean => /^[\p{L}_][\p{L}\p{N}_]*(\[[\d, ]+\])?$/u.test(name);

/** Whether a face has its name beside it: of many heads the first, the last, the selected, those pulled out. */
export const hasName = (
  { alias_of }: Face,
  { copy, node }: Matrix,
  selected: number | null,
  pulled: readonly number[],
): boolean =>
  copy === null ||
  node === selected ||
  pulled.includes(copy.index) ||
  (alias_of === null && (copy.index === 0 || copy.index === copy.count - 1));

/** Whether what holds for all heads is written at this one. */
export const isFirst = ({ copy }: Matrix): boolean => copy === null || copy.index === 0;

/** The name of all heads together. */
export const nameOfAll = ({ name, copy }: Matrix): string =>
  copy === null ? name : `${name.replace(/\[[\d, ]+\]$/, "")} (${copy.count} heads)`;

/** The name of a matrix that is shown transposed. */
export function transposedName(name: string): string {
  return named(name) ? `${name}ᵀ` : `(${name})ᵀ`;
}

/** A label with its spaces and line ends made visible. */
export function visible(label: string): string {
  const shown = label.replaceAll("\n", "⏎").replaceAll("\t", "⇥").trim();
  return shown === "" ? "␣" : shown;
}
