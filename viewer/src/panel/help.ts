// The help overlay: keys, gestures and how to read the picture.

import { el } from "../ui/dom";
import { Dialog } from "./dialog";
import { KEY_ROWS } from "./keys";

const READING = [
  "Each dot is one number. Its area grows with its magnitude, its hue is its sign; an exact zero is not drawn.",
  "A box is one product: the left argument and the result share the edge i, the right one and the result the edge j, and k runs inward.",
  "Point at a cell of a result: its row, its column and the products between them light up, with the sum written out.",
  "A film (M) shows how each number is computed: the inputs of a step light up, its products lie in the box, and the result fills in.",
];

/** The dialog of the help. */
export function helpDialog(alone: boolean): Dialog {
  const rows = KEY_ROWS.map((row) =>
    el(
      "tr",
      {},
      el("th", { attrs: { scope: "row" } }, el("kbd", { text: row.keys })),
      el("td", { text: row.help }),
    ),
  );
  const notes = READING.map((text) => el("p", { text }));
  const keys = el("table", { class: "mc-keys" }, el("tbody", {}, ...rows));
  return new Dialog("help", "Reading and moving", alone, ...notes, keys);
}
