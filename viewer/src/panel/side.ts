// A panel at one side of the picture (on a phone: a sheet at the bottom), open or shut.

import { el, show } from "../ui/dom";
import { iconButton } from "../ui/icons";

/** What a side is called, and what opens it. */
export interface SideNames {
  readonly id: "left" | "right";
  readonly title: string;
  readonly key: string;
}

/** One side. */
export class Side {
  readonly root: HTMLElement;
  readonly #changed: () => void;

  /** @param changed is called when it opens or closes: the picture has another size then. */
  constructor({ id, title, key }: SideNames, parts: readonly HTMLElement[], changed: () => void) {
    this.#changed = changed;
    const close = iconButton("close", `Close ${title}`, `Close this panel (${key})`, () => this.close());
    this.root = el(
      "section",
      { class: `mc-panel mc-panel-${id}`, label: title },
      el("div", { class: "mc-panel-head" }, el("h2", { text: title }), close),
      el("div", { class: "mc-panel-body" }, ...parts),
    );
    show(this.root, false);
  }

  get open(): boolean {
    return !this.root.hidden;
  }

  toggle(): void {
    this.#set(!this.open);
  }

  show(): void {
    this.#set(true);
  }

  close(): void {
    this.#set(false);
  }

  #set(open: boolean): void {
    if (open === this.open) return;
    show(this.root, open);
    this.#changed();
  }
}

/** A part of a panel under a heading that folds it away. */
export function section(title: string, help: string, open: boolean, ...parts: HTMLElement[]): HTMLElement {
  return el(
    "details",
    { class: "mc-section", attrs: { open } },
    el("summary", { text: title, title: help }),
    el("div", { class: "mc-section-body" }, ...parts),
  );
}
