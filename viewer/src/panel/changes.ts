// The list of the cells that differ most, what is said of all cells, and the walk from one to the next.

import type { Changed, Comparison, Pair } from "../core/types.gen";
import { el, fill, say, show } from "../ui/dom";
import { visible } from "../ui/words";

/** A cell of one of the compared matrices. */
export interface Place {
  readonly matrix: number;
  readonly row: number;
  readonly col: number;
}

/** What the list asks of the page. */
export interface ChangeHost {
  /** Pin a cell everywhere, or none. */
  pin(place: Place | null): void;
  /** A cell in words: its place, and its value in every panel. */
  read(place: Place): string;
}

/** The foot of the page. */
export class ChangeList {
  readonly #halves = el("div", { class: "mcc-halves" });
  readonly #facts = el("dl");
  readonly #said = el("p", { attrs: { role: "status" } });
  readonly #unpin: HTMLElement;
  readonly root: HTMLElement;
  readonly #comparison: Comparison;
  readonly #host: ChangeHost;
  readonly #rows = new Map<Changed, HTMLElement>();
  #matrix: number;
  #pair = 0;
  #place: Place | null = null;

  constructor(comparison: Comparison, host: ChangeHost) {
    this.#comparison = comparison;
    this.#matrix = comparison.subject;
    this.#host = host;
    const button = (text: string, title: string, click: () => void) =>
      el("button", { class: "mc-text-button", text, title, on: { click } });
    this.#unpin = button("Unpin", "Unpin the cell (Esc)", () => this.#host.pin(null));
    this.root = el(
      "div",
      { class: "mcc-foot" },
      el("section", { class: "mcc-list" }, el("h2", { text: "Cells that differ most" }), this.#halves),
      el(
        "section",
        { class: "mcc-numbers" },
        el("h2", { text: "In numbers" }),
        this.#facts,
        this.#said,
        el(
          "div",
          { class: "mcc-walk" },
          button("Previous", "The next larger difference (P)", () => this.walk(-1)),
          button("Next change", "The next smaller difference (N)", () => this.walk(1)),
          this.#unpin,
        ),
      ),
    );
    this.#draw();
  }

  get #chosen(): Pair | undefined {
    return this.#comparison.matrices[this.#matrix]?.pairs[this.#pair];
  }

  /** Another matrix, or another figure beside the first. */
  choose({ matrix, pair }: { readonly matrix?: number; readonly pair?: number }): void {
    if (matrix !== undefined && matrix !== this.#matrix) this.#place = null;
    this.#matrix = matrix ?? this.#matrix;
    this.#pair = pair ?? this.#pair;
    this.#draw();
  }

  /** A cell was pinned somewhere, or none is. */
  pinned(place: Place | null): void {
    this.#place = place;
    if (place !== null && place.matrix !== this.#matrix) this.choose({ matrix: place.matrix });
    this.#follow();
  }

  /** Pin the next cell of the list, or (-1) the one before. */
  walk(step: 1 | -1): void {
    const cells = this.#chosen?.cells ?? [];
    const at = cells.findIndex((cell) => this.#is(cell));
    const next = at < 0 && step < 0 ? cells.length - 1 : (at + step + cells.length) % cells.length;
    const cell = cells[next];
    if (cell === undefined) return;
    this.#host.pin({ matrix: this.#matrix, row: cell.row, col: cell.col });
    this.#reveal(this.#rows.get(cell));
  }

  /** Scroll the list, and nothing around it. */
  #reveal(row: HTMLElement | undefined): void {
    if (row === undefined) return;
    const [box, own] = [this.#halves.getBoundingClientRect(), row.getBoundingClientRect()];
    if (own.top < box.top) this.#halves.scrollTop += own.top - box.top;
    else if (own.bottom > box.bottom) this.#halves.scrollTop += own.bottom - box.bottom;
  }

  #is({ row, col }: Changed): boolean {
    return this.#place !== null && this.#place.row === row && this.#place.col === col;
  }

  #draw(): void {
    const pair = this.#chosen;
    this.#rows.clear();
    if (pair === undefined) return;
    const less = pair.cells.filter(({ difference }) => difference.startsWith("−"));
    const more = pair.cells.filter((cell) => !less.includes(cell));
    const odd = more.some(({ difference }) => difference === "NaN") ? "NaN, or " : "";
    fill(
      this.#halves,
      this.#half(`${odd}${pair.b} larger`, pair, more),
      this.#half(`${pair.a} larger`, pair, less),
    );
    fill(
      this.#facts,
      ...pair.facts.map(([what, value]) =>
        el("div", {}, el("dt", { text: what }), el("dd", { text: value })),
      ),
    );
    this.#follow();
  }

  #half(title: string, { a, b }: Pair, cells: readonly Changed[]): HTMLElement {
    const longest = (texts: readonly string[]) => `${Math.max(4, ...texts.map((text) => text.length))}ch`;
    const heads = ["row", "column", a, b, `${b} − ${a}`].map((text) => el("span", { text }));
    const half = el(
      "div",
      { class: "mcc-half" },
      el("h3", { text: title }),
      el("div", { class: "mcc-row mcc-heads", attrs: { "aria-hidden": "true" } }, ...heads),
      ...cells.map((cell) => this.#row(cell)),
      cells.length === 0 && el("p", { text: "no cell" }),
    );
    half.style.setProperty("--mcc-value", longest(cells.flatMap((cell) => [cell.a, cell.b])));
    half.style.setProperty("--mcc-change", longest(cells.map(({ difference }) => difference)));
    return half;
  }

  #row(cell: Changed): HTMLElement {
    const bar = el("i");
    bar.style.setProperty("--mcc-share", Math.abs(cell.share).toFixed(3));
    const row = el(
      "button",
      {
        class: `mcc-row ${cell.share < 0 ? "is-less" : ""}`,
        attrs: { "data-cell": `${cell.row},${cell.col}` },
        on: { click: () => this.#host.pin({ matrix: this.#matrix, row: cell.row, col: cell.col }) },
      },
      place(cell.row, cell.row_label),
      place(cell.col, cell.col_label),
      el("span", { text: cell.a }),
      el("span", { text: cell.b }),
      el("span", {}, bar, cell.difference),
    );
    this.#rows.set(cell, row);
    return row;
  }

  #follow(): void {
    for (const [cell, row] of this.#rows) row.setAttribute("aria-pressed", String(this.#is(cell)));
    show(this.#unpin, this.#place !== null);
    say(this.#said, this.#place === null ? "" : `Pinned: ${this.#host.read(this.#place)}`);
  }
}

function place(index: number, label: string): HTMLElement {
  return el(
    "span",
    {},
    el("small", { text: String(index) }),
    label !== "" && el("b", { text: visible(label) }),
  );
}
