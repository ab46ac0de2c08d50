// The expression as a tree: the result at the top, what each value is made of below it.

import { formatNumber, formatShape } from "../core/format";
import type { Head, Term } from "../core/types.gen";
import { el, fill, focusedBy } from "../ui/dom";
import type { State } from "../ui/session";

/** A row of the tree; `again` stands for a value whose parts are shown further up. */
export interface TreeRow {
  readonly term: Term;
  readonly level: number;
  readonly again: boolean;
}

/** The rows of a program: its results, the last one first, each with what it is made of. */
export function treeRows(terms: readonly Term[]): TreeRow[] {
  const byNode = new Map(terms.map((term) => [term.node, term]));
  const used = new Set(terms.flatMap((term) => term.inputs));
  const roots = terms.filter((term) => !used.has(term.node)).reverse();
  const rows: TreeRow[] = [];
  const seen = new Set<number>();
  const waiting = roots.map((term) => ({ term, level: 1 })).reverse();
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { term, level } = next;
    const again = seen.has(term.node) && term.inputs.length > 0;
    rows.push({ term, level, again });
    seen.add(term.node);
    if (again) continue;
    for (const input of [...new Set(term.inputs)].reverse()) {
      const child = byNode.get(input);
      if (child !== undefined) waiting.push({ term: child, level: level + 1 });
    }
  }
  return rows;
}

/** What a value is called in the tree: its name, else what it does. */
export function termLabel(head: Head, term: Term): string {
  if (term.name !== "") return term.name;
  if (term.kind === "leaf" || term.kind === "array") return term.fill || term.text;
  const operation = head.matrices.find((matrix) => matrix.node === term.node)?.operation;
  if (operation) return operation.replace(/\d+\.\d{4,}/g, (digits) => formatNumber(Number(digits), 4));
  return term.op === "T" ? "·ᵀ" : term.op === "" ? "· @ ·" : `${term.op}(·)`;
}

const DEEPEST = 14;
const INDENT_PX = 10;

/** The tree in the panel. */
export class Tree {
  readonly root = el("div", { class: "mc-tree", label: "Expression", attrs: { role: "tree" } });
  readonly #select: (node: number) => void;
  #shown: readonly unknown[] = [];

  constructor(select: (node: number) => void) {
    this.#select = select;
    this.root.addEventListener("keydown", (event) => this.#key(event));
  }

  /** Follow the state; rebuilt only when something in it changed. */
  draw({ scene, view, layout }: State): void {
    const now = [scene.head, layout, view.hidden, view.isolated, view.selection.node];
    if (now.every((value, at) => value === this.#shown[at])) return;
    const moved = this.#shown[4] !== view.selection.node;
    this.#shown = now;
    const focused = this.root.contains(focusedBy(this.root));
    const drawn = new Set(layout.faces.filter(({ cover }) => cover === null).map((face) => face.node));
    const { node } = view.selection;
    const rows = treeRows(scene.head.terms);
    const chosen = rows.find((row) => row.term.node === node && !row.again) ?? rows[0];
    const items = rows.map((row) => {
      const hidden = view.hidden.includes(row.term.node) || !drawn.has(row.term.node);
      return this.#row(scene.head, row, row.term.node === node, hidden, row === chosen);
    });
    fill(this.root, ...items);
    const current = this.root.querySelector<HTMLElement>("[tabindex='0']");
    if (focused) current?.focus();
    if (moved && node !== null) current?.scrollIntoView({ block: "nearest" });
  }

  #row(head: Head, row: TreeRow, selected: boolean, hidden: boolean, current: boolean): HTMLElement {
    const { term, level, again } = row;
    const classes = ["mc-term"];
    if (selected) classes.push("is-selected");
    if (hidden) classes.push("is-hidden");
    const text = term.kind === "array" ? `${term.name}: an array` : term.text;
    const shape = term.shape.length === 2 ? formatShape(term.shape[0] ?? 0, term.shape[1] ?? 0) : null;
    const item = el(
      "div",
      {
        class: classes.join(" "),
        title: `${text}${hidden ? " (not in the picture)" : ""}`,
        attrs: {
          role: "treeitem",
          "aria-level": level,
          "aria-selected": String(selected),
          tabindex: current ? 0 : -1,
          "data-node": term.node,
        },
        on: { click: () => this.#select(term.node) },
      },
      el("span", {
        class: term.name === "" ? "mc-term-name is-bare" : "mc-term-name",
        text: termLabel(head, term),
      }),
      el("span", { class: "mc-term-op", text: again ? "see above" : term.name === "" ? "" : howMade(term) }),
      el("span", { class: "mc-term-shape", text: shape ?? term.shape.join(" × ") }),
    );
    item.style.paddingLeft = `${8 + INDENT_PX * (Math.min(level, DEEPEST) - 1)}px`;
    return item;
  }

  #key(event: KeyboardEvent): void {
    const rows = [...this.root.querySelectorAll<HTMLElement>(".mc-term")];
    const at = rows.indexOf(focusedBy(this.root) as HTMLElement);
    const level = (row: HTMLElement | undefined) => Number(row?.getAttribute("aria-level") ?? 0);
    const to: Readonly<Record<string, () => number>> = {
      ArrowDown: () => at + 1,
      ArrowUp: () => at - 1,
      ArrowRight: () => (level(rows[at + 1]) > level(rows[at]) ? at + 1 : at),
      ArrowLeft: () =>
        at -
        1 -
        rows
          .slice(0, at)
          .reverse()
          .findIndex((row) => level(row) < level(rows[at])),
      Home: () => 0,
      End: () => rows.length - 1,
    };
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Enter" || event.key === " ") {
      const node = rows[at]?.dataset.node;
      if (node !== undefined) this.#select(Number(node));
    } else if (Object.hasOwn(to, event.key)) {
      const next = rows[Math.min(to[event.key]?.() ?? at, rows.length - 1)];
      if (next !== undefined) {
        for (const row of rows) row.tabIndex = row === next ? 0 : -1;
        next.focus();
      }
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }
}

/** In a word, how a named value is made. */
function howMade(term: Term): string {
  if (term.kind === "product") return "@";
  if (term.kind === "array") return "array";
  return term.op === "T" ? "ᵀ" : term.op || "shape";
}
