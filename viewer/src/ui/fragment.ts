// A view as the fragment of an address and back: JSON, deflated by the browser, within a bound.

import { LARGEST_VIEW, readFragment, spellFragment } from "../core/link";
import type { View } from "../core/types.gen";
import { readView } from "../core/view_state";

/** What an address says of the view. */
export type FragmentView =
  | { readonly kind: "none" }
  | { readonly kind: "view"; readonly view: View }
  | { readonly kind: "damaged"; readonly reason: string };

/** `#m1.…` for a view. */
export async function encodeView(view: View): Promise<string> {
  const text = new TextEncoder().encode(JSON.stringify(view));
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  return spellFragment(new Uint8Array(await new Response(stream).arrayBuffer()));
}

/** The view in a fragment; never throws. */
export async function decodeFragment(fragment: string): Promise<FragmentView> {
  const read = readFragment(fragment);
  if (read.kind !== "view") return read;
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(await inflate(read.bytes));
    return { kind: "view", view: readView(JSON.parse(text)) };
  } catch (error) {
    const reason =
      error instanceof Error && error.name === "ViewError" ? error.message : "its content is damaged";
    return { kind: "damaged", reason };
  }
}

async function inflate(bytes: Uint8Array): Promise<Uint8Array> {
  const source = new Blob([bytes.slice()]).stream();
  const reader = source.pipeThrough(new DecompressionStream("deflate-raw")).getReader();
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let total = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    total += value.length;
    if (total > LARGEST_VIEW) {
      await reader.cancel();
      throw new RangeError("the view is too large");
    }
    parts.push(value);
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}
