// The rows of a panel: a label, and one or two fields beside it. Every field says in one line what it does.

import { el } from "../ui/dom";

/** What every row has. */
export interface Row {
  readonly id: string;
  readonly label: string;
  readonly help: string;
}

/** A row: the label, and what stands beside it. */
export function row(of: Row, ...fields: HTMLElement[]): HTMLElement {
  return el("label", { class: "mc-row", title: of.help }, el("span", { text: of.label }), ...fields);
}

/** A choice of a list. */
export interface Option {
  readonly value: string;
  readonly text: string;
  readonly help: string;
}

/** A list to choose from. */
export function select(
  of: Row,
  options: readonly Option[],
  value: string,
  set: ((value: string) => void) | null,
): HTMLSelectElement {
  const field = el(
    "select",
    {
      class: "mc-select",
      title: of.help,
      attrs: { "data-control": of.id, disabled: set === null },
    },
    ...options.map((one) => el("option", { text: one.text, title: one.help, attrs: { value: one.value } })),
  );
  field.value = value;
  field.addEventListener("change", () => set?.(field.value));
  return field;
}

/** A field for a text or a number: Enter or leaving it applies, Esc reverts. */
export function input(
  of: Row,
  value: string,
  set: ((value: string) => void) | null,
  numbers: {
    readonly min: number | null;
    readonly max: number | null;
    readonly whole: boolean;
  } | null = null,
): HTMLInputElement {
  const limits = { min: numbers?.min ?? undefined, max: numbers?.max ?? undefined };
  const step = numbers === null ? undefined : numbers.whole ? 1 : "any";
  const field = el("input", {
    class: "mc-input",
    title: of.help,
    label: of.label || of.help,
    attrs: {
      ...(numbers === null ? {} : { ...limits, step, inputmode: numbers.whole ? "numeric" : "decimal" }),
      type: numbers === null ? "text" : "number",
      "data-control": of.id,
      readonly: set === null,
      spellcheck: "false",
      autocomplete: "off",
      autocapitalize: "off",
    },
  });
  field.value = value;
  const apply = () => {
    if (set === null || field.value === value) return;
    if (numbers !== null && !Number.isFinite(field.valueAsNumber)) field.value = value;
    else set(field.value);
  };
  field.addEventListener("change", apply);
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    field.value = value;
    field.blur();
    event.stopPropagation();
  });
  return field;
}
