// The plain table of a matrix, a window at a time: for screen readers, and for exact digits.

import type { Matrix } from "../core/types.gen";
import { el, fill, say } from "../ui/dom";
import { cellValue, label, type Source } from "../ui/reading";
import { visible } from "../ui/words";

const WINDOW = 50;

/** A window of at most 50 × 50 cells with buttons to move it. */
export class ValueTable {
  readonly root: HTMLDetailsElement;
  readonly #where = el("span", { class: "mc-table-where", attrs: { role: "status" } });
  readonly #body = el("div", { class: "mc-table-scroll", attrs: { tabindex: "0" }, label: "Values" });
  #source: Source | null = null;
  #matrix: Matrix | null = null;
  #row = 0;
  #col = 0;

  constructor() {
    const move = (text: string, name: string, rows: number, cols: number) =>
      el("button", {
        class: "mc-text-button",
        text,
        label: name,
        title: name,
        attrs: { type: "button" },
        on: { click: () => this.#move(rows, cols) },
      });
    const buttons = [
      move("↑", "Earlier rows", -1, 0),
      move("↓", "Later rows", 1, 0),
      move("←", "Earlier columns", 0, -1),
      move("→", "Later columns", 0, 1),
    ];
    const head = el("div", { class: "mc-table-head" }, ...buttons, this.#where);
    this.root = el(
      "details",
      { class: "mc-details", attrs: { "data-control": "table" } },
      el("summary", { text: "Table of values", title: "The values as a plain table" }),
      head,
      this.#body,
    );
    this.root.addEventListener("toggle", () => this.#build());
  }

  /** Show a matrix; a new one starts at its first cell. */
  set(source: Source, matrix: Matrix): void {
    const other = this.#matrix?.node !== matrix.node || this.#source?.scene.head !== source.scene.head;
    const same = this.#source?.scene === source.scene && !other;
    this.#source = source;
    this.#matrix = matrix;
    if (other) {
      this.#row = 0;
      this.#col = 0;
    }
    if (!same) this.#build();
  }

  #move(rows: number, cols: number): void {
    if (this.#matrix === null) return;
    const step = (at: number, by: number, size: number) => {
      const last = Math.floor(Math.max(0, size - 1) / WINDOW) * WINDOW;
      return Math.min(Math.max(at + by * WINDOW, 0), last);
    };
    this.#row = step(this.#row, rows, this.#matrix.rows);
    this.#col = step(this.#col, cols, this.#matrix.cols);
    this.#build();
  }

  #build(): void {
    const source = this.#source;
    const matrix = this.#matrix;
    if (!this.root.open || source === null || matrix === null) return;
    const lastRow = Math.min(this.#row + WINDOW, matrix.rows);
    const lastCol = Math.min(this.#col + WINDOW, matrix.cols);
    const range = (from: number, to: number) => (to > from ? `${from}–${to - 1}` : "none");
    say(
      this.#where,
      `rows ${range(this.#row, lastRow)} of ${matrix.rows}, columns ${range(this.#col, lastCol)} of ${matrix.cols}`,
    );
    const heads = [el("td")];
    for (let col = this.#col; col < lastCol; col++) heads.push(header(source, matrix.col_axis, col, "col"));
    const rows: HTMLElement[] = [];
    for (let row = this.#row; row < lastRow; row++) {
      const cells: HTMLElement[] = [header(source, matrix.row_axis, row, "row")];
      for (let col = this.#col; col < lastCol; col++) {
        cells.push(el("td", { text: cellValue(source, matrix, row, col).text }));
      }
      rows.push(el("tr", {}, ...cells));
    }
    const caption = el("caption", { text: `${matrix.name}, ${this.#where.textContent ?? ""}` });
    const thead = el("thead", {}, el("tr", {}, ...heads));
    fill(this.#body, el("table", { class: "mc-table" }, caption, thead, el("tbody", {}, ...rows)));
  }
}

function header(source: Source, axis: number, index: number, scope: "row" | "col"): HTMLTableCellElement {
  const name = label(source.scene, axis, index);
  return el("th", { text: name === null ? String(index) : `${index} ${visible(name)}`, attrs: { scope } });
}
