// The fragment of a link, `#m1.<base64url of the deflated view>`: its spelling alone, no DOM and no inflating.

/** Prefix of the view in a fragment; it gets a new number when the view's form changes. */
const PREFIX = "#m1.";
/** A fragment longer than this is refused unread. */
const LONGEST = 2_000_000;

/** How many bytes a view may have once inflated. */
export const LARGEST_VIEW = 1_000_000;

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** A fragment read: nothing there, the deflated bytes of a view, or why it cannot be read. */
export type Fragment =
  | { readonly kind: "none" }
  | { readonly kind: "view"; readonly bytes: Uint8Array }
  | { readonly kind: "damaged"; readonly reason: string };

/** Spell deflated bytes as a fragment, `#` included. */
export function spellFragment(deflated: Uint8Array): string {
  let out = PREFIX;
  for (let at = 0; at < deflated.length; at += 3) {
    const [a = 0, b, c] = deflated.subarray(at, at + 3);
    const bits = (a << 16) | ((b ?? 0) << 8) | (c ?? 0);
    out += ALPHABET.charAt(bits >> 18) + ALPHABET.charAt((bits >> 12) & 63);
    if (b !== undefined) out += ALPHABET.charAt((bits >> 6) & 63);
    if (c !== undefined) out += ALPHABET.charAt(bits & 63);
  }
  return out;
}

/** Read a fragment as the browser gives it (`""`, `"#"` or `"#m1.…"`). */
export function readFragment(fragment: string): Fragment {
  if (fragment === "" || fragment === "#") return { kind: "none" };
  if (fragment.length > LONGEST) return { kind: "damaged", reason: "it is too long" };
  const version = /^#m(\d{1,6})\./.exec(fragment);
  if (version === null) return { kind: "damaged", reason: "it is not a matcube link" };
  if (version[0] !== PREFIX) {
    return { kind: "damaged", reason: `it is of version ${version[1]}, and this page reads version 1` };
  }
  const bytes = fromBase64(fragment.slice(PREFIX.length));
  return bytes === null
    ? { kind: "damaged", reason: "some of its characters are missing or changed" }
    : { kind: "view", bytes };
}

const DIGITS = new Map(Array.from(ALPHABET, (letter, digit) => [letter, digit]));

function fromBase64(text: string): Uint8Array | null {
  if (text.length === 0 || text.length % 4 === 1) return null;
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
  let bits = 0;
  let held = 0;
  let at = 0;
  for (const letter of text) {
    const digit = DIGITS.get(letter);
    if (digit === undefined) return null;
    bits = ((bits << 6) | digit) & 0xffff;
    held += 6;
    if (held >= 8) {
      held -= 8;
      bytes[at++] = (bits >> held) & 255;
    }
  }
  return bytes;
}
