// The list of matrices: select, hide, fade or isolate each; those inside closed sheets can only be selected.

import { formatShape } from "../core/format";
import type { View } from "../core/types.gen";
import { el, fill } from "../ui/dom";
import { type IconName, icon } from "../ui/icons";
import type { State } from "../ui/session";

/** What the list can do. */
export interface MatricesHost {
  select(node: number): void;
  update(fields: Partial<Pick<View, "hidden" | "faded" | "isolated">>): void;
}

/** The list. */
export class Matrices {
  readonly root = el("div", { class: "mc-matrices" });
  readonly #host: MatricesHost;
  #shown: readonly unknown[] = [];

  constructor(host: MatricesHost) {
    this.#host = host;
  }

  /** Follow the state; rebuilt only when something in it changed. */
  draw({ scene, view, layout }: State): void {
    const now = [scene.head, layout, view.hidden, view.faded, view.isolated, view.selection.node];
    if (now.every((value, at) => value === this.#shown[at])) return;
    this.#shown = now;
    const focus = document.activeElement?.getAttribute("data-key");
    const drawn = new Set(layout.faces.filter(({ cover }) => cover === null).map((face) => face.node));
    const list = scene.head.matrices.map(({ node, name, rows, cols }) =>
      drawn.has(node)
        ? this.#row(node, name, formatShape(rows, cols), view)
        : this.#unseen(node, name, formatShape(rows, cols), view),
    );
    const all = el("button", {
      class: "mc-text-button",
      text: "Show all",
      title: "Show every matrix again (A)",
      attrs: { type: "button", "data-control": "show-all" },
      on: { click: () => this.#host.update({ hidden: [], faded: [], isolated: null }) },
    });
    fill(this.root, el("ul", { class: "mc-matrix-list" }, ...list), all);
    if (focus) this.root.querySelector<HTMLElement>(`[data-key="${CSS.escape(focus)}"]`)?.focus();
  }

  /** A step that has no face of its own: it can be chosen and inspected. */
  #unseen(node: number, name: string, shape: string, view: View): HTMLElement {
    const selected = view.selection.node === node;
    const title = `Select ${name}; it is not in the picture${view.layout.sheets === "closed" ? ", S opens the sheets" : ""}`;
    return el(
      "li",
      { class: `mc-matrix is-hidden${selected ? " is-selected" : ""}` },
      this.#choose(node, name, shape, selected, title),
    );
  }

  #choose(node: number, name: string, shape: string, selected: boolean, title: string): HTMLElement {
    return el(
      "button",
      {
        class: "mc-matrix-name",
        title,
        attrs: { type: "button", "aria-pressed": String(selected), "data-key": `s${node}` },
        on: { click: () => this.#host.select(node) },
      },
      el("span", { class: "mc-matrix-label", text: name }),
      el("span", { class: "mc-matrix-shape", text: shape }),
    );
  }

  #row(node: number, name: string, shape: string, view: View): HTMLElement {
    const selected = view.selection.node === node;
    const choose = this.#choose(node, name, shape, selected, `Select and look at ${name}`);
    const hidden = view.hidden.includes(node);
    const faded = view.faded.includes(node);
    const alone = view.isolated === node;
    return el(
      "li",
      { class: `mc-matrix${selected ? " is-selected" : ""}${hidden ? " is-hidden" : ""}` },
      choose,
      this.#toggle("hide", hidden ? "shut" : "eye", `Hide ${name}`, node, hidden, () => ({
        hidden: flip(view.hidden, node),
      })),
      this.#toggle("fade", "fade", `Fade ${name}`, node, faded, () => ({ faded: flip(view.faded, node) })),
      this.#toggle("isolate", "alone", `Show only ${name}`, node, alone, () => ({
        isolated: alone ? null : node,
      })),
    );
  }

  #toggle(
    kind: string,
    image: IconName,
    label: string,
    node: number,
    on: boolean,
    fields: () => Partial<Pick<View, "hidden" | "faded" | "isolated">>,
  ): HTMLElement {
    return el(
      "button",
      {
        class: "mc-button mc-small",
        label,
        title: label,
        attrs: {
          type: "button",
          "aria-pressed": String(on),
          "data-key": `${kind}${node}`,
          "data-control": kind,
        },
        on: { click: () => this.#host.update(fields()) },
      },
      icon(image),
    );
  }
}

/** The list with a node taken out, or put in. */
export function flip(nodes: readonly number[], node: number): readonly number[] {
  return nodes.includes(node) ? nodes.filter((one) => one !== node) : [...nodes, node];
}
