// Tables of figures that Python sends along where it can: costs of each node, what each device holds and sends.

import { formatNumber } from "../core/format";
import { matrixOf } from "../core/sums";
import type { LoadedScene } from "../core/wire";
import { el, fill } from "../ui/dom";
import type { State } from "../ui/session";

type Line = Readonly<Record<string, unknown>>;

const SUMMED = new Set(["flops", "bytes", "parameters"]);
const STEPS = ["", " k", " M", " G", " T", " P"];

/** A large number in few digits: `1.23 M`. */
export function short(value: number): string {
  const step = Math.min(STEPS.length - 1, Math.max(0, Math.floor(Math.log10(Math.abs(value) || 1) / 3)));
  return step === 0 ? formatNumber(value, 4) : `${(value / 1000 ** step).toPrecision(3)}${STEPS[step]}`;
}

/** One table of the head under its name, as long as the head has it. */
export class FiguresTable {
  readonly root = el("div", { class: "mc-numbers" });
  readonly #field: string;
  #shown: unknown;

  constructor(field: "cost" | "partition") {
    this.#field = field;
  }

  /** Draw it; whether there is anything to draw. */
  draw({ scene }: State): boolean {
    const found: unknown = Object.entries(scene.head).find(([name]) => name === this.#field)?.[1];
    const lines = linesOf(found);
    if (found !== this.#shown) {
      this.#shown = found;
      fill(this.root, lines.length > 0 && table(scene, lines));
    }
    return lines.length > 0;
  }
}

/** The rows of a list, or of the first list of rows in a struct. */
export function linesOf(input: unknown): readonly Line[] {
  const isLine = (one: unknown): one is Line =>
    typeof one === "object" && one !== null && !Array.isArray(one);
  if (Array.isArray(input)) return input.filter(isLine);
  if (!isLine(input)) return [];
  const inner = Object.values(input).find((one) => Array.isArray(one) && one.some(isLine));
  return inner === undefined ? [] : linesOf(inner);
}

function table(scene: LoadedScene, lines: readonly Line[]): HTMLElement {
  const keys = Object.keys(lines[0] ?? {});
  const name = (key: string) => (key === "node" ? "matrix" : key.replaceAll("_", " "));
  const cell = (key: string, value: unknown): string => {
    if (key === "node" && typeof value === "number") {
      const term = scene.head.terms.find((one) => one.node === value);
      return matrixOf(scene, value)?.name ?? (term?.name || term?.text) ?? String(value);
    }
    if (value === null || value === undefined) return "–";
    return typeof value === "number" ? short(value) : String(value);
  };
  const rows = lines.map((line) => el("tr", {}, ...keys.map((key, at) => entry(at, cell(key, line[key])))));
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
    sums.some((sum) => sum !== null) && el("tfoot", {}, el("tr", {}, ...total)),
  );
}

function entry(at: number, text: string): HTMLElement {
  return at === 0 ? el("th", { text, title: text, attrs: { scope: "row" } }) : el("td", { text });
}
