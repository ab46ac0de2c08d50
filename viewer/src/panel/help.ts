// The help overlay: keys, gestures and how to read the picture.

import { el } from "../ui/dom";
import { iconButton } from "../ui/icons";
import { KEY_ROWS } from "./keys";

const READING = [
  "Each dot is one number. Its area grows with its magnitude, its hue is its sign; an exact zero is not drawn.",
  "A box is one product: the left argument and the result share the edge i, the right one and the result the edge j, and k runs inward.",
  "Point at a cell of a result: its row, its column and the products between them light up, with the sum written out.",
  "A film (M) shows how each number is computed: the inputs of a step light up, its products lie in the box, and the result fills in.",
];

/** A dialog that opens and closes. */
export class Help {
  readonly root: HTMLDialogElement;

  constructor() {
    const close = iconButton("close", "Close help", "Close help (Esc)", () => this.root.close());
    const rows = KEY_ROWS.map((row) =>
      el(
        "tr",
        {},
        el("th", { attrs: { scope: "row" } }, el("kbd", { text: row.keys })),
        el("td", { text: row.help }),
      ),
    );
    const head = el("div", { class: "mc-dialog-head" }, el("h2", { text: "Reading and moving" }), close);
    const notes = READING.map((text) => el("p", { text }));
    const keys = el("table", { class: "mc-keys" }, el("tbody", {}, ...rows));
    this.root = el("dialog", { class: "mc-dialog mc-help", label: "Help" }, head, ...notes, keys);
    this.root.addEventListener("click", (event) => event.target === this.root && this.root.close());
  }

  get open(): boolean {
    return this.root.open;
  }

  toggle(): void {
    if (this.root.open) this.root.close();
    else this.root.showModal();
  }
}
