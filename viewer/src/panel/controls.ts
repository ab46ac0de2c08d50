// The looks and the layout as rows of controls: one table, drawn in order. docs/controls.md tells the same.

import type { Head, LayoutView, StyleView } from "../core/types.gen";
import { LIMITS } from "../core/types.gen";
import { el, show } from "../ui/dom";
import { storedLayout } from "../ui/restore";
import type { Session, State } from "../ui/session";

interface Choice {
  readonly value: string;
  readonly text: string;
  readonly help: string;
}

interface Base {
  readonly id: string;
  readonly label: string;
  readonly help: string;
}

interface Switch extends Base {
  readonly kind: "switch";
  readonly get: (state: State) => boolean;
  readonly set: (session: Session, value: boolean) => void;
}

interface Select extends Base {
  readonly kind: "select";
  readonly choices: (head: Head) => readonly Choice[];
  readonly get: (state: State) => string;
  readonly set: (session: Session, value: string) => void;
}

interface Range extends Base {
  readonly kind: "range";
  readonly min: number;
  readonly max: number;
  readonly step: number;
  /** The slider moves in powers of two. */
  readonly octaves: boolean;
  readonly get: (state: State) => number;
  readonly set: (session: Session, value: number, done: boolean) => void;
}

type Control = Switch | Select | Range;

type Flag = { [K in keyof StyleView]: StyleView[K] extends boolean ? K : never }[keyof StyleView];

const flag = (id: Flag, label: string, help: string): Switch => ({
  kind: "switch",
  id,
  label,
  help,
  get: ({ view }) => view.style[id],
  set: (session, value) => void session.style({ [id]: value }),
});

const styleRange = (id: "dot_scale" | "contrast" | "legend_size", label: string, help: string): Range => ({
  kind: "range",
  id,
  label,
  help,
  ...LIMITS[`StyleView.${id}`],
  step: 0.05,
  octaves: true,
  get: ({ view }) => view.style[id],
  set: (session, value, done) => void session.style({ [id]: value }, done ? "push" : "preview"),
});

const layoutRange = (
  id: "gap" | "scatter" | "molecule" | "blast",
  label: string,
  help: string,
  bounds: { readonly min: number; readonly max: number; readonly step: number },
): Range => ({
  kind: "range",
  id,
  label,
  help,
  ...bounds,
  octaves: false,
  get: ({ view, layout }) => view.layout[id] ?? layout.gap,
  set: (session, value, done) => {
    if (done) void session.layout({ [id]: value });
  },
});

const plain = (list: readonly { readonly name: string; readonly help: string }[]): Choice[] =>
  list.map(({ name, help }) => ({ value: name, text: name, help }));

const ROOTS: readonly Choice[] = ["-", "+"].flatMap((polarity) =>
  ["L", "R"].flatMap((left) =>
    ["T", "B"].flatMap((top) =>
      ["F", "B"].map((front) => ({
        value: polarity + left + top + front,
        text: polarity + left + top + front,
        help: "",
      })),
    ),
  ),
);

const LOOKS: readonly Control[] = [
  {
    kind: "select",
    id: "theme",
    label: "Theme",
    help: "Dark, light, or as the system has it",
    choices: () => ["dark", "light", "auto"].map((value) => ({ value, text: value, help: "" })),
    get: ({ view }) => view.style.theme,
    set: (session, value) => {
      if (value === "dark" || value === "light" || value === "auto") void session.style({ theme: value });
    },
  },
  {
    kind: "select",
    id: "palette",
    label: "Palette",
    help: "Colours of negative and positive values; safe ones are told apart by colour-blind readers",
    choices: (head) =>
      head.palettes.map(({ name, help, safe }) => ({
        value: name,
        text: safe ? `${name} · safe` : name,
        help,
      })),
    get: ({ view }) => view.style.palette,
    set: (session, palette) => void session.style({ palette }),
  },
  {
    kind: "select",
    id: "sensitivity",
    label: "Full brightness",
    help: "Which magnitude is drawn at full brightness",
    choices: (head) => plain(head.vocabulary.sensitivities),
    get: ({ view }) => view.style.sensitivity,
    set: (session, sensitivity) => void session.style({ sensitivity }),
  },
  styleRange("dot_scale", "Dot size", "Size of all dots"),
  styleRange("contrast", "Contrast", "Multiplies every magnitude before it is drawn"),
  flag("peak", "Peaks", "Seen from afar, show the extremes of each region instead of its average"),
];

const LABELS: readonly Control[] = [
  flag("legends", "Names", "Names and shapes beside the matrices"),
  flag("letters", "Letters", "i, j and k with their sizes along the edges"),
  flag("guides", "Row guides", "Lines along rows, and a mark at cell (0, 0)"),
  flag("arrows", "Flow arrows", "From the arguments to the result: blue vane left, red vane right"),
  styleRange("legend_size", "Text size", "Size of names and letters"),
];

const LAYOUT: readonly Control[] = [
  {
    kind: "select",
    id: "scheme",
    label: "Scheme",
    help: "How the boxes of a compound product are put together",
    choices: (head) => plain(head.vocabulary.schemes),
    get: ({ view }) => view.layout.scheme,
    set: (session, scheme) => void session.layout({ scheme }),
  },
  {
    kind: "switch",
    id: "sheets",
    label: "Sheets",
    help: "Show every step of a result (scaled, masked, softmaxed) as a sheet of its own",
    get: ({ view }) => view.layout.sheets === "open",
    set: (session, open) => void session.layout({ sheets: open ? "open" : "closed" }),
  },
  {
    kind: "select",
    id: "root",
    label: "Faces",
    help: "Where the last box has its faces: polarity, left or right, top or bottom, front or back",
    choices: () => ROOTS,
    get: ({ view }) => view.layout.root,
    set: (session, root) => void session.layout({ root }),
  },
  layoutRange("gap", "Gap", "Cells between a face and its box", { min: 0, max: 64, step: 1 }),
  layoutRange("scatter", "Scatter", "Push the boxes of arguments away", { min: 0, max: 128, step: 1 }),
  layoutRange("molecule", "Molecule", "Push only arguments of at least this many products", {
    min: 1,
    max: 16,
    step: 1,
  }),
  layoutRange("blast", "Blast", "How the push grows with the size of what is pushed", {
    min: -2,
    max: 2,
    step: 0.1,
  }),
];

const GROUPS: readonly (readonly [string, readonly Control[]])[] = [
  ["Colour and size", LOOKS],
  ["Marks", LABELS],
  ["Layout", LAYOUT],
];

/** The rows of the panel's Looks page. */
export class Controls {
  readonly root = el("div", { class: "mc-controls" });
  readonly #session: Session;
  readonly #note = el("p", {
    class: "mc-note",
    text: "This is a saved page: layouts that were not stored in it need Python.",
  });
  readonly #rows: ((state: State) => void)[] = [];

  constructor(session: Session) {
    this.#session = session;
    for (const [title, controls] of GROUPS) {
      this.root.append(el("h3", { text: title }), ...controls.map((control) => this.#row(control)));
    }
    this.root.append(this.#note);
    show(this.#note, !session.backend.live);
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
      if (control.id === "scheme" || control.id === "root") this.#limit(input, control.id);
    });
    return framed(control, input);
  }

  #rangeRow(control: Range): HTMLElement {
    const { octaves } = control;
    const input = el("input", {
      class: "mc-range",
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
    input.addEventListener("input", () => {
      tell();
      control.set(this.#session, value(), false);
    });
    input.addEventListener("change", () => control.set(this.#session, value(), true));
    this.#rows.push((state) => {
      const now = control.get(state);
      input.valueAsNumber = octaves ? Math.log2(now) : now;
      output.textContent = String(Math.round(now * 100) / 100);
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
