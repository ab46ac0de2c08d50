// The rows of the global controls, made of the table.

import type { Head, LayoutView } from "../core/types.gen";
import { el } from "../ui/dom";
import { storedLayout } from "../ui/restore";
import type { Session, State } from "../ui/session";
import { Coalesced } from "./coalesce";
import { section } from "./side";
import {
  type Base,
  type Choice,
  type Control,
  GROUPS,
  type Range,
  type Select,
  type Switch,
} from "./table_of_controls";

/** The groups of controls at the right. */
export class ControlRows {
  readonly groups: readonly HTMLElement[];
  readonly #session: Session;
  readonly #rows: ((state: State) => void)[] = [];

  constructor(session: Session) {
    this.#session = session;
    this.groups = GROUPS.map(([title, help, controls]) =>
      section(title, help, title !== "Film", ...controls.map((control) => this.#row(control))),
    );
  }

  /** Follow the state. */
  draw(state: State): void {
    for (const update of this.#rows) update(state);
  }

  #row(control: Control): HTMLElement {
    if (control.kind === "switch") return this.#switchRow(control);
    return control.kind === "select" ? this.#selectRow(control) : this.#rangeRow(control);
  }

  #switchRow(control: Switch): HTMLElement {
    const input = el("input", {
      class: "mc-switch",
      title: control.help,
      attrs: { type: "checkbox", role: "switch", "data-control": control.id },
      on: { change: () => control.set(this.#session, input.checked) },
    });
    this.#rows.push((state) => {
      input.checked = control.get(state);
      if (control.id === "sheets")
        input.disabled = !this.#reachable({ sheets: input.checked ? "closed" : "open" });
    });
    return framed(control, input);
  }

  #selectRow(control: Select): HTMLElement {
    const input = el("select", {
      class: "mc-select",
      title: control.help,
      attrs: { "data-control": control.id },
      on: { change: () => control.set(this.#session, input.value) },
    });
    let head: Head | null = null;
    this.#rows.push((state) => {
      if (head !== state.scene.head) {
        head = state.scene.head;
        input.replaceChildren(...control.choices(head).map(option));
      }
      input.value = control.get(state);
      if (control.id === "algorithm" || control.id === "fuse") input.disabled = !this.#session.backend.live;
      if (control.id === "scheme" || control.id === "root") this.#limit(input, control.id);
    });
    return framed(control, input);
  }

  #rangeRow(control: Range): HTMLElement {
    const { octaves } = control;
    const input = el("input", {
      class: "mc-range",
      title: control.help,
      attrs: {
        type: "range",
        min: octaves ? Math.log2(control.min) : control.min,
        max: octaves ? Math.log2(control.max) : control.max,
        step: control.step,
        "data-control": control.id,
      },
    });
    const output = el("output", { class: "mc-range-value" });
    const value = () => (octaves ? clean(2 ** input.valueAsNumber, control) : input.valueAsNumber);
    const tell = () => {
      output.textContent = String(value());
    };
    // It acts while it is dragged, as fast as it is answered.
    const latest = new Coalesced<number>((wanted, done) => control.set(this.#session, wanted, done));
    input.addEventListener("input", () => {
      tell();
      latest.push(value(), false);
    });
    input.addEventListener("change", () => latest.push(value(), true));
    this.#rows.push((state) => {
      const now = control.get(state);
      if (!input.matches(":active")) {
        input.valueAsNumber = octaves ? Math.log2(now) : now;
        output.textContent = String(Math.round(now * 100) / 100);
      }
      if (!octaves) input.disabled = !this.#session.backend.live;
    });
    return framed(control, input, output);
  }

  /** Choices that no stored layout shows cannot be taken without Python. */
  #limit(input: HTMLSelectElement, id: "scheme" | "root"): void {
    const options = [...input.options];
    for (const one of options) one.disabled = !this.#reachable({ [id]: one.value });
    input.disabled = options.filter((one) => !one.disabled).length < 2;
  }

  #reachable(fields: Partial<LayoutView>): boolean {
    const { scene, view } = this.#session.state;
    return this.#session.backend.live || storedLayout(scene.head, { ...view.layout, ...fields }) !== null;
  }
}

/** A number a reader would write, near a power of two. */
function clean(value: number, bounds: { readonly min: number; readonly max: number }): number {
  return Math.min(Math.max(Number(value.toPrecision(2)), bounds.min), bounds.max);
}

function option(choice: Choice): HTMLOptionElement {
  return el("option", { text: choice.text, attrs: { value: choice.value, title: choice.help } });
}

function framed(control: Base, ...inputs: HTMLElement[]): HTMLElement {
  return el(
    "label",
    { class: "mc-row", title: control.help },
    el("span", { text: control.label }),
    ...inputs,
  );
}
