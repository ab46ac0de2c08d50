// The global controls as one table, drawn in order. docs/controls.md tells the same.

import { type Head, type LayoutView, SCHEMA, type StyleView } from "../core/types.gen";
import { named, type Option, type Row, type Scale } from "../ui/fields";
import type { Session, State } from "../ui/session";

/** What a control needs: nothing beyond the page, Python, or a layout (Python's, or one that is stored in the scene). */
export type Needs = "page" | "python" | ((value: boolean | string | number) => Partial<LayoutView>);

interface Base extends Row {
  readonly needs: Needs;
}

export interface Switch extends Base {
  readonly kind: "switch";
  readonly get: (state: State) => boolean;
  readonly set: (session: Session, value: boolean) => void;
}

export interface Select extends Base {
  readonly kind: "select";
  readonly choices: (head: Head) => readonly Option[];
  readonly get: (state: State) => string;
  readonly set: (session: Session, value: string) => void;
}

export interface Range extends Base, Scale {
  readonly kind: "range";
  readonly get: (state: State) => number;
  readonly set: (session: Session, value: number, done: boolean) => Promise<unknown>;
}

/** A control of the table. */
export type Control = Switch | Select | Range;

const bounds = ({ min, max }: { readonly min: number; readonly max: number }) => ({ min, max });

type Flag = { [K in keyof StyleView]: StyleView[K] extends boolean ? K : never }[keyof StyleView];

const flag = (id: Flag, label: string, help: string): Switch => ({
  kind: "switch",
  needs: "page",
  id,
  label,
  help,
  get: ({ view }) => view.style[id],
  set: (session, value) => void session.style({ [id]: value }),
});

const NUMBERS = ["auto", "always", "never"] as const;

const styleRange = (id: "dot_scale" | "contrast" | "legend_size", label: string, help: string): Range => ({
  kind: "range",
  needs: "page",
  id,
  label,
  help,
  ...bounds(SCHEMA.StyleView[id].of),
  step: 0.05,
  octaves: true,
  get: ({ view }) => view.style[id],
  set: (session, value, done) => session.style({ [id]: value }, done ? "push" : "preview"),
});

const layoutRange = (
  id: Extract<keyof LayoutView, "gap" | "scatter" | "molecule" | "blast">,
  label: string,
  help: string,
  scale: Scale,
): Range => ({
  kind: "range",
  needs: "python",
  id,
  label,
  help,
  ...scale,
  get: ({ view, layout }) => view.layout[id] ?? layout.gap,
  set: (session, value, done) => session.layout({ [id]: value }, done ? "push" : "preview"),
});

/** Of products; more can be written into a link. */
const MOST_ON_SLIDER = 16;

/** All arrangements of a box, as the language writes them. */
export const ARRANGEMENTS: readonly Option[] = ["-", "+"].flatMap((polarity) =>
  ["L", "R"].flatMap((left) =>
    ["T", "B"].flatMap((top) =>
      ["F", "B"].map((front) => ({
        value: polarity + left + top + front,
        text: polarity + left + top + front,
        help: `${polarity === "-" ? "concave" : "convex"}, left face ${left === "L" ? "left" : "right"}, right face ${top === "T" ? "top" : "bottom"}, result ${front === "F" ? "front" : "back"}`,
      })),
    ),
  ),
);

const LOOKS: readonly Control[] = [
  {
    kind: "select",
    needs: "page",
    id: "theme",
    label: "Theme",
    help: "Dark, light, or as the system is set",
    choices: () => named(SCHEMA.StyleView.theme.of.choices.map((name) => ({ name, help: "" }))),
    get: ({ view }) => view.style.theme,
    set: (session, value) => {
      const theme = SCHEMA.StyleView.theme.of.choices.find((choice) => choice === value);
      if (theme !== undefined) void session.style({ theme });
    },
  },
  {
    kind: "select",
    needs: "page",
    id: "palette",
    label: "Palette",
    help: "Colours of negative and positive values; safe ones can be distinguished by colour-blind readers",
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
    needs: "page",
    id: "sensitivity",
    label: "Brightness",
    help: "Which magnitude is drawn at full brightness",
    choices: (head) => named(head.vocabulary.sensitivities),
    get: ({ view }) => view.style.sensitivity,
    set: (session, sensitivity) => void session.style({ sensitivity }),
  },
  styleRange("dot_scale", "Dot size", "Size of all dots"),
  styleRange("contrast", "Contrast", "Factor applied to every magnitude before it is drawn"),
  flag("peak", "Peaks", "Seen from afar, show the extremes of each region instead of its average"),
];

const LABELS: readonly Control[] = [
  flag("legends", "Names", "Names and shapes beside the matrices"),
  flag("letters", "Letters", "i, j and k with their sizes along the edges"),
  flag("guides", "Row guides", "Lines along rows, and a mark at cell (0, 0)"),
  flag("arrows", "Flow arrows", "From the arguments to the result: blue vane left, red vane right"),
  flag(
    "costs",
    "Costs",
    "Operations and operations per byte beside each product, number of parameters beside each weight",
  ),
  {
    kind: "select",
    needs: "page",
    id: "numbers",
    label: "Numbers",
    help: "Whether cells show their values: auto shows them where cells are large enough",
    choices: () => NUMBERS.map((value) => ({ value, text: value, help: "" })),
    get: ({ view }) => view.style.numbers,
    set: (session, value) =>
      void session.style({ numbers: NUMBERS.find((name) => name === value) ?? "auto" }),
  },
  styleRange("legend_size", "Text size", "Size of names and letters"),
];

const LAYOUT: readonly Control[] = [
  {
    kind: "select",
    needs: (scheme) => ({ scheme: String(scheme) }),
    id: "scheme",
    label: "Scheme",
    help: "Arrangement of the boxes of a compound product",
    choices: (head) => named(head.vocabulary.schemes),
    get: ({ view }) => view.layout.scheme,
    set: (session, scheme) => void session.layout({ scheme }),
  },
  {
    kind: "switch",
    needs: (open) => ({ sheets: open ? "open" : "closed" }),
    id: "sheets",
    label: "Sheets",
    help: "Show every step of a result (scaled, masked, softmaxed) as a sheet of its own",
    get: ({ view }) => view.layout.sheets === "open",
    set: (session, open) => void session.layout({ sheets: open ? "open" : "closed" }),
  },
  {
    kind: "select",
    needs: (root) => ({ root: String(root) }),
    id: "root",
    label: "Faces",
    help: "Sides of the last box that carry its faces: polarity, left or right, top or bottom, front or back",
    choices: () => ARRANGEMENTS,
    get: ({ view }) => view.layout.root,
    set: (session, root) => void session.layout({ root }),
  },
  layoutRange("gap", "Gap", "Cells between a face and its box", {
    ...bounds(SCHEMA.LayoutView.gap.of.of),
    step: 1,
  }),
  layoutRange("scatter", "Scatter", "Push the boxes of arguments away", {
    ...bounds(SCHEMA.LayoutView.scatter.of),
    step: 1,
  }),
  layoutRange("molecule", "Molecule", "Push only arguments of at least this many products", {
    ...bounds(SCHEMA.LayoutView.molecule.of),
    max: MOST_ON_SLIDER,
    step: 1,
  }),
  layoutRange("blast", "Blast", "How the push grows with the size of what is pushed", {
    ...bounds(SCHEMA.LayoutView.blast.of),
    step: 0.1,
  }),
];

const FUSIONS = named([
  { name: "none", help: "one after the other" },
  { name: "sync", help: "together, when all can start at once" },
  { name: "async", help: "together, always" },
  { name: "decode", help: "a token at a time; masked products are never computed" },
]);

const FILM: readonly Control[] = [
  {
    kind: "select",
    needs: "python",
    id: "algorithm",
    label: "Algorithm",
    help: "How every product is computed in the film; with none, only products with an algorithm of their own play",
    choices: (head) => named(head.vocabulary.algorithms),
    get: ({ view }) => view.film.algorithm,
    set: (session, algorithm) =>
      void session.update({ film: { ...session.state.view.film, algorithm, t: 0 } }),
  },
  {
    kind: "select",
    needs: "python",
    id: "fuse",
    label: "Fusion",
    help: "Whether neighbouring products with parallel planes sweep together",
    choices: () => FUSIONS,
    get: ({ view }) => view.film.fuse,
    set: (session, value) => {
      const fuse = SCHEMA.FilmView.fuse.of.choices.find((choice) => choice === value);
      if (fuse !== undefined) void session.update({ film: { ...session.state.view.film, fuse, t: 0 } });
    },
  },
  {
    kind: "switch",
    needs: "page",
    id: "hide_inputs",
    label: "Hide inputs",
    help: "Hide the input matrices while a film plays",
    get: ({ view }) => view.film.hide_inputs,
    set: (session, hide_inputs) => void session.update({ film: { ...session.state.view.film, hide_inputs } }),
  },
];

/** The groups of the panel in their order: title, what it is for, controls. */
export const GROUPS: readonly (readonly [string, string, readonly Control[]])[] = [
  ["Layout", "Positions of boxes and faces", LAYOUT],
  ["Colour", "Colours and the size of dots", LOOKS],
  ["Decoration", "Names, letters, guides and arrows", LABELS],
  ["Film", "How the numbers are computed", FILM],
];
