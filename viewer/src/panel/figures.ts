// Tables of figures that Python sends along where it can: costs of each node, what each device holds and sends.

import { formatNumber } from "../core/format";
import { matrixOf } from "../core/sums";
import type { LoadedScene } from "../core/wire";
import { el, fill } from "../ui/dom";
import type { Session, State } from "../ui/session";

type Line = Readonly<Record<string, unknown>>;

/** Lists that are shown as sliders. */
const SLIDERS = new Set(["groups", "splits"]);
const PLUMBING = new Set(["dims", "at", "group", "says"]);
const MOST_ROWS = 64;
/** Short words for a narrow table. */
const HEADINGS = new Map([
  ["node", "matrix"],
  ["name", "matrix"],
  ["id", "device"],
  ["flops", "FLOP"],
  ["intensity", "FLOP/B"],
  ["parameters", "params"],
  ["leaf_bytes", "leaves B"],
  ["value_bytes", "values B"],
  ["sent_bytes", "sent B"],
]);
const SUMMED = new Set(["flops", "bytes", "parameters"]);
const STEPS = ["", " k", " M", " G", " T", " P"];

/** A large number in few digits: `1.23 M`. */
export function short(value: number): string {
  const step = Math.min(STEPS.length - 1, Math.max(0, Math.floor(Math.log10(Math.abs(value) || 1) / 3)));
  return step === 0 ? formatNumber(value, 4) : `${(value / 1000 ** step).toPrecision(3)}${STEPS[step]}`;
}

/** The tables of one field of the head, as long as the head has it. */
export class FiguresTable {
  readonly root = el("div", { class: "mc-numbers" });
  readonly #field: string;
  readonly #session: Session;
  #shown: readonly unknown[] = [];

  constructor(field: "cost" | "partition", session: Session) {
    this.#field = field;
    this.#session = session;
  }

  /** Draw them; whether there is anything to draw. */
  draw({ scene, view }: State): boolean {
    const figures: unknown = Object.entries(scene.head).find(([name]) => name === this.#field)?.[1];
    const tables = tablesOf(figures);
    const now = [figures, view.device];
    if (now.some((value, at) => value !== this.#shown[at])) {
      this.#shown = now;
      const parts = tables.flatMap(([title, lines]) => [
        title !== "" && el("h3", { text: title }),
        table(scene, lines, title === "devices" ? (id) => this.#light(id, view.device) : null),
      ]);
      fill(this.root, ...parts);
    }
    return tables.length > 0;
  }

  /** The number of a device: a button that lights what it holds. */
  #light(id: number, lit: number | null): HTMLElement {
    const on = id === lit;
    return el("button", {
      class: "mc-text-button",
      text: String(id + 1),
      title: on ? "Light all devices again" : `Light what device ${id + 1} holds (D)`,
      attrs: { type: "button", "data-control": "device", "aria-pressed": String(on) },
      on: { click: () => void this.#session.update({ device: on ? null : id }) },
    });
  }
}

const isLine = (input: unknown): input is Line =>
  typeof input === "object" && input !== null && !Array.isArray(input);

/** A list of rows as one table; of a struct each list of rows under its name. */
export function tablesOf(input: unknown): readonly (readonly [string, readonly Line[]])[] {
  const lines = (rows: unknown) => (Array.isArray(rows) ? rows.filter(isLine) : []);
  const tables: [string, unknown][] = Array.isArray(input)
    ? [["", input]]
    : isLine(input)
      ? Object.entries(input)
      : [];
  return tables
    .filter(([name]) => !SLIDERS.has(name))
    .map(([name, rows]) => [name, lines(rows)] as const)
    .filter(([, rows]) => rows.length > 0)
    .reverse();
}

function table(
  scene: LoadedScene,
  lines: readonly Line[],
  first: ((id: number) => HTMLElement) | null,
): HTMLElement {
  const named = "name" in (lines[0] ?? {}); // then the number of its node says nothing more
  const keys = Object.keys(lines[0] ?? {}).filter((key) => !PLUMBING.has(key) && !(named && key === "node"));
  const name = (key: string) => HEADINGS.get(key) ?? key.replaceAll("_", " ");
  const counts = ([key, value]: [string, unknown]) => SUMMED.has(key) && value !== 0;
  const worth = named ? lines.filter((line) => Object.entries(line).some(counts)) : lines;
  const rows = worth.slice(0, MOST_ROWS).map((line) =>
    el(
      "tr",
      {},
      ...keys.map((key, at) => {
        const value = line[key];
        return at === 0 && first !== null && typeof value === "number"
          ? el("th", { attrs: { scope: "row" } }, first(value))
          : entry(at, cellText(scene, key, value));
      }),
    ),
  );
  const sums = keys.map((key) =>
    SUMMED.has(key) ? lines.reduce((sum, line) => sum + (Number(line[key]) || 0), 0) : null,
  );
  const total = sums.map((sum, at) => entry(at, at === 0 ? "in all" : sum === null ? "" : short(sum)));
  return el(
    "table",
    { class: "mc-number-table" },
    el(
      "thead",
      {},
      el("tr", {}, ...keys.map((key) => el("th", { text: name(key), attrs: { scope: "col" } }))),
    ),
    el("tbody", {}, ...rows),
    first === null && sums.some((sum) => sum !== null) && el("tfoot", {}, el("tr", {}, ...total)),
  );
}

/** A cell of a table as text. */
function cellText(scene: LoadedScene, key: string, value: unknown): string {
  if (key === "node" && typeof value === "number") {
    const term = scene.head.terms.find((term) => term.node === value);
    return matrixOf(scene, value)?.name ?? (term?.name || term?.text) ?? String(value);
  }
  if (value === null || value === undefined) return "–";
  if (Array.isArray(value)) return value.join(key === "shape" ? " × " : ", ");
  return typeof value === "number" ? short(value) : String(value);
}

function entry(at: number, text: string): HTMLElement {
  return at === 0 ? el("th", { text, title: text, attrs: { scope: "row" } }) : el("td", { text });
}
