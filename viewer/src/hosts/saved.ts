// A saved page: the file holds the scene, and requests are refused.

import { type Backend, ProblemError, problem } from "../ui/backend";

/** The backend of a saved page, or null when the scene is not in this document. */
export function saved(page: Document): Backend | null {
  const holder = page.getElementById("matcube-scene");
  if (holder === null) return null;
  return {
    ...held(holder),
    get still() {
      return stillIn(page);
    },
  };
}

/** The picture for browsers without scripts: where there are scripts it is text, which costs nothing. */
function stillIn(page: Document): string | null {
  const text = page.querySelector("noscript")?.textContent ?? "";
  const picture = new DOMParser().parseFromString(text, "text/html").querySelector("img");
  return picture?.getAttribute("src") ?? null;
}

/** The backend of a scene that an element holds. */
export function held(holder: Element): Backend {
  return {
    live: false,
    still: null,
    first: () => Promise.resolve(fromBase64(holder.textContent ?? "")),
    doing: () => Promise.resolve(""),
    ask: () => Promise.reject(new ProblemError(problem("Read-only", "a saved page has no Python"))),
  };
}

/** Newer browsers read it themselves, and faster. */
const Bytes = Uint8Array as { fromBase64?: (text: string) => Uint8Array };

function fromBase64(text: string): Uint8Array {
  if (Bytes.fromBase64 !== undefined) return Bytes.fromBase64(text);
  const letters = atob(text.trim());
  const bytes = new Uint8Array(letters.length);
  for (let at = 0; at < letters.length; at++) bytes[at] = letters.charCodeAt(at);
  return bytes;
}
