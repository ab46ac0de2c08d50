// Names from data in the text of the page: nothing in them is obeyed, and none turns the text around it.

const RIGHT_TO_LEFT = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;
/** Words with letters of such a script, and what is between them. */
const RIGHT_TO_LEFT_WORDS = new RegExp(
  `(?:[\\p{L}\\p{M}\\p{N}_]*${RIGHT_TO_LEFT.source}[\\p{L}\\p{M}\\p{N}_]*)(?:[ '’-]+[\\p{L}\\p{M}\\p{N}_]*${RIGHT_TO_LEFT.source}[\\p{L}\\p{M}\\p{N}_]*)*`,
  "gu",
);
/** Control characters but tabs and line ends, and marks, embeddings, overrides and isolates of direction. */
const OBEYED = /[\p{Cc}\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069]/gu;

/** The text with characters that would be obeyed written as escapes, as in the terminal. */
export const harmless = (text: string): string =>
  text.replace(OBEYED, (c) => (c === "\n" || c === "\t" ? c : escaped(c)));

const escaped = (c: string): string => {
  const code = c.codePointAt(0) ?? 0;
  return code < 256 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u${code.toString(16).padStart(4, "0")}`;
};

/** For an attribute: FIRST STRONG ISOLATE and POP DIRECTIONAL ISOLATE around names that run from right to left. */
export const isolated = (text: string): string =>
  harmless(text).replace(RIGHT_TO_LEFT_WORDS, "\u2068$&\u2069");

/** What an attribute says, without its isolates. */
export const unisolated = (text: string): string => text.replace(/[\u2068\u2069]/g, "");

/** For an element: such names in elements of their own, `א 3 × 5` stays so. */
export function parted(text: string): (string | Node)[] {
  const clean = harmless(text);
  if (!RIGHT_TO_LEFT.test(clean)) return [clean];
  const parts: (string | Node)[] = [];
  let end = 0;
  for (const { 0: name, index } of clean.matchAll(RIGHT_TO_LEFT_WORDS)) {
    const bdi = document.createElement("bdi");
    bdi.textContent = name;
    parts.push(clean.slice(end, index), bdi);
    end = index + name.length;
  }
  return [...parts, clean.slice(end)];
}
