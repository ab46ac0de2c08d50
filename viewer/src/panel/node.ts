// What can be done with the selected value: its name, what fills it, its sizes, its operation, film, place, showing.

import type { Head, Operation, Parameter, Term, View } from "../core/types.gen";
import { el, fill, focusedBy } from "../ui/dom";
import { input, named, type Option, row, select } from "../ui/fields";
import { type IconName, icon } from "../ui/icons";
import type { Session, State } from "../ui/session";
import { flip } from "./flip";
import { ARRANGEMENTS } from "./table_of_controls";
import { termLabel } from "./tree";

const PYTHON =
  "Names, sizes and operations need Python: the command beside the program opens this page live.";
/** For a parameter that must be written. */
const FIRST_VALUE = 2;

/** The editor of one value. */
export class NodeEditor {
  readonly root = el("div", { class: "mc-node" });
  readonly #session: Session;
  #shown: readonly unknown[] = [];

  constructor(session: Session) {
    this.#session = session;
  }

  /** Follow the state; rebuilt only when something in it changed. */
  draw({ scene, view }: State): void {
    const { hidden, faded, isolated, film, layout, selection } = view;
    const now = [
      scene.head,
      hidden,
      faded,
      isolated,
      film.each,
      layout.custom,
      layout.scheme,
      selection.node,
    ];
    if (now.every((value, at) => value === this.#shown[at])) return;
    this.#shown = now;
    const focus = this.root.contains(focusedBy(this.root))
      ? focusedBy(this.root)?.getAttribute("data-control")
      : null;
    const term = scene.head.terms.find((term) => term.node === selection.node);
    if (term === undefined) {
      fill(
        this.root,
        el("p", { class: "mc-note", text: "Select a value in the tree or in the picture." }),
        this.#showAll(),
      );
      return;
    }
    fill(
      this.root,
      term.name === "" && el("h3", { text: termLabel(scene.head, term), title: term.text }),
      ...this.#program(scene.head, term),
      ...this.#playing(scene.head, term, view),
      this.#showing(term, view),
      !this.#session.backend.live && el("p", { class: "mc-note", text: PYTHON }),
    );
    if (focus) this.root.querySelector<HTMLElement>(`[data-control="${CSS.escape(focus)}"]`)?.focus();
  }

  /** What is written in the program: it is changed by Python, which writes the program anew. */
  #program(head: Head, term: Term): HTMLElement[] {
    const name = { id: "node-name", label: "Name", help: "Its name in the program; empty for none" };
    const rename = this.#can((text) => ({ change: "rename", text }));
    const rows = [row(name, input(name, term.name, rename))];
    if (term.kind === "leaf" || term.kind === "array") rows.push(...this.#filled(head, term));
    rows.push(this.#sizes(head, term));
    if (term.kind === "map") rows.push(...this.#operation(head, term));
    rows.push(this.#wrap(head));
    return rows;
  }

  #filled(head: Head, term: Term): HTMLElement[] {
    const filled = { id: "leaf-fill", label: "Filled by", help: "The initialiser of this leaf" };
    const none: Option = { value: "shape", text: "shape only", help: "sizes without values" };
    const own =
      term.kind === "array" ? [{ value: "array", text: "an array", help: "passed in as data" }] : [];
    const fills = head.vocabulary.operations.filter((operation) => operation.kind === "initialiser");
    const options = [...own, ...named(fills), none];
    const value = term.kind === "array" ? "array" : term.op || "shape";
    const set = this.#can((op) =>
      op === "array" ? null : { change: "leaf", text: written(head, term, op, {}) },
    );
    const rows = [row(filled, select(filled, options, value, set))];
    if (term.kind === "array") return rows;
    const own_numbers = parametersOf(fills, term.op).map((parameter) =>
      this.#number("leaf", parameter, term, (name, number) => ({
        change: "leaf",
        text: written(head, term, term.op, { [name]: number }),
      })),
    );
    const text = {
      id: "leaf-text",
      label: "Written",
      help: "The text of this leaf: sizes, then parameters",
    };
    const apply = this.#can((value) => ({ change: "leaf", text: value }));
    return [...rows, ...own_numbers, row(text, input(text, term.fill, apply))];
  }

  #sizes(head: Head, term: Term): HTMLElement {
    const names = term.shape.length === 2 ? ["Rows", "Columns"] : term.shape.map((_, at) => `Size ${at + 1}`);
    const fields = term.shape.map((size, dim) => {
      const axis = head.axes.find((axis) => axis.id === term.axes[dim]);
      const along = axis === undefined ? "" : ` of the axis ${axis.title ?? axis.name}`;
      const help = `${names[dim]}${along}; everything that shares the axis follows`;
      const of = { id: `node-size-${dim}`, label: names[dim] ?? "", help };
      const set = this.#can((text) => ({ change: "size", dim, size: Number(text) }));
      return input(of, String(size), set, { min: 0, max: null, whole: true });
    });
    const all = {
      id: "node-size",
      label: "Size",
      help: "Number of rows and columns; matrices that share an axis change too",
    };
    const parts = fields.flatMap((field, at) => (at === 0 ? [field] : [el("span", { text: "×" }), field]));
    return row(all, el("span", { class: "mc-sizes" }, ...parts));
  }

  #operation(head: Head, term: Term): HTMLElement[] {
    const maps = head.vocabulary.operations.filter(
      (operation) => operation.kind === "map" && operation.operands === 1,
    );
    if (!maps.some((operation) => operation.name === term.op)) return [];
    const of = {
      id: "node-op",
      label: "Operation",
      help: "The operation on each value or row; choose another to replace it",
    };
    const set = this.#can((text) => ({ change: "replace", text, parameters: firstValues(maps, text) }));
    const remove = this.#can(() => ({ change: "remove" }));
    const button = el("button", {
      class: "mc-text-button",
      text: "Remove",
      title: "Remove this operation; its operand takes its place",
      attrs: { type: "button", "data-control": "node-op-remove", disabled: remove === null },
      on: { click: () => remove?.("") },
    });
    const numbers = parametersOf(maps, term.op).map((parameter) =>
      this.#number("op", parameter, term, (name, number) => ({
        change: "replace",
        text: term.op,
        parameters: { ...term.parameters, [name]: number },
      })),
    );
    return [row(of, select(of, named(maps), term.op, set), button), ...numbers];
  }

  #wrap(head: Head): HTMLElement {
    const maps = head.vocabulary.operations.filter(
      (operation) => operation.kind === "map" && operation.operands === 1,
    );
    const of = {
      id: "node-wrap",
      label: "Then",
      help: "Apply another operation to this value; the result takes over the name",
    };
    const options = [{ value: "", text: "apply …", help: of.help }, ...named(maps)];
    const set = this.#can((text) =>
      text === "" ? null : { change: "wrap", text, parameters: firstValues(maps, text) },
    );
    return row(of, select(of, options, "", set));
  }

  /** Film and placement of the product under the value. */
  #playing(head: Head, term: Term, view: View): HTMLElement[] {
    if (productUnder(head.terms, term) === null) return [];
    const { live } = this.#session.backend;
    const key = term.name || term.text;
    const inherit = { value: "", text: "inherit", help: "as the product that uses it" };
    const film = { id: "node-film", label: "Film", help: "How this product is computed in the film" };
    const play = (algorithm: string) =>
      void this.#session.update({
        film: { ...view.film, each: entered(view.film.each, key, algorithm), t: 0 },
      });
    const place = {
      id: "node-placement",
      label: "Placement",
      help: "Sides of its box that carry its faces; a choice sets the scheme to custom",
    };
    const put = (arrangement: string) => {
      const custom = entered(view.layout.custom, key, arrangement);
      const scheme = arrangement === "" ? view.layout.scheme : "custom";
      void this.#session.layout({ custom, scheme });
    };
    const algorithms = named(head.vocabulary.algorithms);
    return [
      row(film, select(film, [inherit, ...algorithms], view.film.each[key] ?? "", live ? play : null)),
      row(place, select(place, [inherit, ...ARRANGEMENTS], view.layout.custom[key] ?? "", live ? put : null)),
    ];
  }

  #showing({ node }: Term, { hidden, faded, isolated }: View): HTMLElement {
    const update = (fields: Partial<View>) => void this.#session.update(fields);
    const toggle = (id: string, image: IconName, text: string, on: boolean, fields: Partial<View>) =>
      el(
        "button",
        {
          class: "mc-button mc-small",
          label: text,
          title: text,
          attrs: { type: "button", "aria-pressed": String(on), "data-control": id },
          on: { click: () => update(fields) },
        },
        icon(image),
      );
    const isHidden = hidden.includes(node);
    return el(
      "div",
      { class: "mc-row mc-showing" },
      el("span", { text: "Show" }),
      toggle("hide", isHidden ? "shut" : "eye", "Hide it (H)", isHidden, { hidden: flip(hidden, node) }),
      toggle("fade", "fade", "Fade it", faded.includes(node), { faded: flip(faded, node) }),
      toggle("isolate", "alone", "Show it alone (I)", isolated === node, {
        isolated: isolated === node ? null : node,
      }),
      this.#showAll(),
    );
  }

  #showAll(): HTMLElement {
    return el("button", {
      class: "mc-text-button",
      text: "Show all",
      title: "Show every matrix again (A)",
      attrs: { type: "button", "data-control": "show-all" },
      on: { click: () => void this.#session.update({ hidden: [], faded: [], isolated: null, device: null }) },
    });
  }

  #number(
    id: string,
    { name, help, min, max, type }: Parameter,
    term: Term,
    change: (name: string, number: number) => Asked,
  ): HTMLElement {
    const of = { id: `${id}-${name}`, label: name, help: help || name };
    const value = term.parameters[name];
    const set = this.#can((text) => change(name, Number(text)));
    const field = input(of, value === undefined ? "" : String(value), set, {
      min,
      max,
      whole: type === "int",
    });
    if (value === undefined) field.placeholder = "by its name";
    return row(of, field);
  }

  /** What a field does: null where there is no Python to do it. */
  #can(change: (text: string) => Asked | null): ((text: string) => void) | null {
    if (!this.#session.backend.live) return null;
    return (text) => {
      const { node } = this.#session.state.view.selection;
      const asked = change(text);
      if (node === null || asked === null) return;
      void this.#session.rewrite({ node, ...asked }).then((done) => {
        if (!done) this.#again();
      });
    };
  }

  /** Refused: the fields show again what is drawn. */
  #again(): void {
    this.#shown = [];
    this.draw(this.#session.state);
  }
}

type Asked = Omit<Parameters<Session["rewrite"]>[0], "node">;

function parametersOf(operations: readonly Operation[], name: string): readonly Parameter[] {
  const parameters = operations.find((operation) => operation.name === name)?.parameters ?? [];
  return parameters.filter((entry) => entry.type === "int" || entry.type === "float");
}

function firstValues(operations: readonly Operation[], name: string): Record<string, number> {
  const needed = parametersOf(operations, name).filter((entry) => entry.default === null);
  return Object.fromEntries(
    needed.map((entry) => [entry.name, Math.max(FIRST_VALUE, entry.min ?? FIRST_VALUE)]),
  );
}

/** A leaf as the program writes it: its sizes, and the numbers that differ from what they are without being written. */
export function written(
  head: Head,
  term: Term,
  op: string,
  changed: Readonly<Record<string, number>>,
): string {
  const sizes = term.shape.join(", ");
  if (op === "formula") return `formula(${sizes}, i + j)`;
  const fills = head.vocabulary.operations.filter((operation) => operation.kind === "initialiser");
  const values = { ...term.parameters, ...changed };
  const parts = parametersOf(fills, op).flatMap((entry) => {
    const value =
      values[entry.name] ?? (entry.default === null && entry.name !== "seed" ? FIRST_VALUE : undefined);
    return value === undefined || value === entry.default ? [] : [`${entry.name}=${value}`];
  });
  return `${op}(${[sizes, ...parts].join(", ")})`;
}

/** The product that a value shows, under the operations on it. */
export function productUnder(terms: readonly Term[], term: Term): Term | null {
  let at: Term | undefined = term;
  while (at !== undefined && at.kind !== "product") {
    const only: number | undefined = at.inputs.length === 1 ? at.inputs[0] : undefined;
    at = terms.find((term) => term.node === only);
  }
  return at ?? null;
}

/** A table with one entry changed, or without it. */
function entered(
  table: Readonly<Record<string, string>>,
  key: string,
  value: string,
): Record<string, string> {
  const { [key]: _, ...others } = table;
  return value === "" ? others : { ...others, [key]: value };
}
