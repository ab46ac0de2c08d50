// Names and labels as they are written in the picture.

const LONGEST = 32;

/** A name that fits: the start, and an ellipsis. */
export function shorten(name: string, most = LONGEST): string {
  const letters = Array.from(name);
  return letters.length <= most ? name : `${letters.slice(0, most - 1).join("")}…`;
}

/** A name of its own, not an expression. */
export const named = (name: string): boolean => /^[\p{L}_][\p{L}\p{N}_]*$/u.test(name);

/** The name of a matrix that is shown transposed. */
export function transposedName(name: string): string {
  return named(name) ? `${name}ᵀ` : `(${name})ᵀ`;
}

/** A label with its spaces and line ends made visible. */
export function visible(label: string): string {
  const shown = label.replaceAll("\n", "⏎").replaceAll("\t", "⇥").trim();
  return shown === "" ? "␣" : shown;
}
