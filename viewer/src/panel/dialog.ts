// Dialogs over the picture.

import { el } from "../ui/dom";
import { iconButton } from "../ui/icons";

/** A dialog with a heading: before the whole page if the figure is alone in it, else inside the figure. */
export class Dialog {
  readonly root: HTMLDialogElement;
  readonly #alone: boolean;

  constructor(name: string, heading: string, alone: boolean, ...parts: readonly HTMLElement[]) {
    this.#alone = alone;
    const close = iconButton("close", `Close ${name}`, `Close ${name} (Esc)`, () => this.close());
    const head = el("div", { class: "mc-dialog-head" }, el("h2", { text: heading }), close);
    const label = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
    this.root = el("dialog", { class: "mc-dialog", label }, head, ...parts);
    this.root.addEventListener("click", (event) => event.target === this.root && this.close());
  }

  get open(): boolean {
    return this.root.open;
  }

  toggle(): void {
    if (this.open) this.close();
    else if (this.#alone) this.root.showModal();
    else this.root.show();
  }

  close(): void {
    this.root.close();
  }
}
