// The fields of the panels and of the player, and the rows they are in. Every field says in one line what it does.

import { el, fill } from "./dom";

/** What a field is called in docs/controls.md and on the page, and what it does. */
export interface Row {
  readonly id: string;
  readonly label: string;
  readonly help: string;
}

/** A row: the label, and the fields beside it. */
export function row(of: Row, ...fields: HTMLElement[]): HTMLElement {
  return el("label", { class: "mc-row", title: of.help }, el("span", { text: of.label }), ...fields);
}

/** A choice of a list. */
export interface Option {
  readonly value: string;
  readonly text: string;
  readonly help: string;
  readonly disabled?: boolean;
}

/** Choices that are called what they are, each with its help. */
export const named = (list: readonly { readonly name: string; readonly help: string }[]): Option[] =>
  list.map(({ name, help }) => ({ value: name, text: name, help }));

/** A list to choose from; without `set` it cannot be used. */
export function select(
  of: Row,
  options: readonly Option[],
  value: string,
  set: ((value: string) => void) | null,
): HTMLSelectElement {
  const field = el("select", {
    class: "mc-select",
    title: of.help,
    attrs: { "data-control": of.id, disabled: set === null },
    on: { change: () => set?.(field.value) },
  });
  setOptions(field, options);
  field.value = value;
  return field;
}

/** Other choices for a list. */
export function setOptions(field: HTMLSelectElement, options: readonly Option[]): void {
  fill(
    field,
    ...options.map(({ value, text, help, disabled }) =>
      el("option", { text, title: help, attrs: { value, disabled } }),
    ),
  );
}

/** A switch. */
export function toggle(of: Row, set: (on: boolean) => void): HTMLInputElement {
  const field = el("input", {
    class: "mc-switch",
    title: of.help,
    attrs: { type: "checkbox", role: "switch", "data-control": of.id },
    on: { change: () => set(field.checked) },
  });
  return field;
}

/** How a slider moves, and the text beside it. */
export interface Scale {
  readonly min: number;
  readonly max: number;
  readonly step: number;
  /** It moves in powers of two, to numbers of two digits. */
  readonly octaves?: boolean;
  /** A value as text. */
  readonly spell?: (value: number) => string;
}

/** A slider with its value beside it. */
export interface Slider {
  readonly field: HTMLInputElement;
  readonly output: HTMLElement;
  /** Show a value, unless the reader holds the slider. */
  show(value: number): void;
}

/** A slider; `set` is called while it moves and, with `done`, when it is released. */
export function slider(of: Row, scale: Scale, set: (value: number, done: boolean) => void): Slider {
  const { octaves = false, spell = (value) => String(Math.round(value * 100) / 100) } = scale;
  const position = (value: number) => (octaves ? Math.log2(value) : value);
  const output = el("output", { class: "mc-range-value" });
  const field = el("input", {
    class: "mc-range",
    title: of.help,
    attrs: {
      type: "range",
      min: position(scale.min),
      max: position(scale.max),
      step: scale.step,
      "data-control": of.id,
    },
    on: { input: () => act(false), change: () => act(true) },
  });
  const value = () => {
    if (!octaves) return field.valueAsNumber;
    return Math.min(Math.max(Number((2 ** field.valueAsNumber).toPrecision(2)), scale.min), scale.max);
  };
  const act = (done: boolean) => {
    output.textContent = spell(value());
    set(value(), done);
  };
  const show = (now: number) => {
    if (field.matches(":active")) return;
    field.valueAsNumber = position(now);
    output.textContent = spell(now);
  };
  return { field, output, show };
}

/** What a field of numbers takes. */
export interface Numbers {
  readonly min: number | null;
  readonly max: number | null;
  readonly whole: boolean;
}

/** A field for a text or a number: Enter or leaving it applies, Esc reverts; without `set` it is read-only. */
export function input(
  of: Row,
  value: string,
  set: ((value: string) => void) | null,
  numbers: Numbers | null = null,
): HTMLInputElement {
  const apply = () => {
    if (set === null || field.value === field.defaultValue) return;
    if (numbers !== null && !Number.isFinite(field.valueAsNumber)) field.value = field.defaultValue;
    else set(field.value);
  };
  const revert = (event: Event) => {
    if (!(event instanceof KeyboardEvent) || event.key !== "Escape") return;
    field.value = field.defaultValue;
    field.blur();
    event.stopPropagation();
  };
  const field = el("input", {
    class: "mc-input",
    title: of.help,
    label: of.label || of.help,
    attrs: {
      ...(numbers === null ? { type: "text" } : numberAttributes(numbers)),
      "data-control": of.id,
      readonly: set === null,
      spellcheck: "false",
      autocomplete: "off",
      autocapitalize: "off",
    },
    on: { change: apply, keydown: revert },
  });
  setValue(field, value);
  return field;
}

/** The value that a field shows and that Esc restores. */
export function setValue(field: HTMLInputElement, value: string): void {
  field.defaultValue = value;
  field.value = value;
}

const numberAttributes = ({ min, max, whole }: Numbers) => ({
  type: "number",
  min: min ?? undefined,
  max: max ?? undefined,
  step: whole ? 1 : "any",
  inputmode: whole ? "numeric" : "decimal",
});
