// A place in a foreign document: a notebook's output, an element of a site, a shadow root.

import type { Page } from "../ui/page";

/** A page that keeps to its own element; give what the host wants to have otherwise. */
export const embedded = (own: Partial<Page> = {}): Page => ({
  address: null,
  fragment: "",
  file: "",
  keys: null,
  alone: false,
  surface: "shared",
  title: () => undefined,
  themed: () => undefined,
  opened: () => undefined,
  ...own,
});
