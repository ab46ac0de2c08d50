// The rows of the global controls, made of the table: each follows the state, and can be used where its needs are met.

import { row, select, setOptions, slider, toggle } from "../ui/fields";
import { storedLayout } from "../ui/restore";
import type { Session, State } from "../ui/session";
import { Coalesced } from "./coalesce";
import { section } from "./side";
import { type Control, GROUPS, type Range, type Select, type Switch } from "./table_of_controls";

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
    for (const follow of this.#rows) follow(state);
  }

  #row(control: Control): HTMLElement {
    if (control.kind === "switch") return this.#switchRow(control);
    return control.kind === "select" ? this.#selectRow(control) : this.#rangeRow(control);
  }

  #switchRow(control: Switch): HTMLElement {
    const field = toggle(control, (on) => control.set(this.#session, on));
    this.#rows.push((state) => {
      field.checked = control.get(state);
      field.disabled = !this.#works(control, !field.checked);
    });
    return row(control, field);
  }

  #selectRow(control: Select): HTMLElement {
    const field = select(control, [], "", (value) => control.set(this.#session, value));
    let shown = "";
    this.#rows.push((state) => {
      const all = control.choices(state.scene.head).map((choice) => ({
        ...choice,
        disabled: !this.#works(control, choice.value),
      }));
      const usable = all.filter(({ disabled }) => !disabled).length >= 2;
      const why = (text: string, disabled: boolean) => (usable && disabled ? `${text} (needs Python)` : text);
      const choices = all.map((choice) => ({ ...choice, text: why(choice.text, choice.disabled) }));
      const now = JSON.stringify(choices);
      if (now !== shown) setOptions(field, choices); // not under a list that is open
      shown = now;
      field.value = control.get(state);
      field.disabled = !usable;
    });
    return row(control, field);
  }

  #rangeRow(control: Range): HTMLElement {
    // It acts while it is dragged, as fast as it is answered.
    const asked = new Coalesced<number>((value, done) => control.set(this.#session, value, done));
    const { field, output, show } = slider(control, control, (value, done) => asked.push(value, done));
    this.#rows.push((state) => {
      show(control.get(state));
      field.disabled = !this.#works(control, control.get(state));
    });
    return row(control, field, output);
  }

  /** Whether what a control needs for a value is here. */
  #works({ needs }: Control, value: boolean | string | number): boolean {
    if (needs === "page" || this.#session.backend.live) return true;
    if (needs === "python") return false;
    const { scene, view } = this.#session.state;
    return storedLayout(scene.head, { ...view.layout, ...needs(value) }) !== null;
  }
}
