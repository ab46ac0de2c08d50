// The colour bar: which dot is which value, what full brightness means, and how odd cells look.

import { formatCount, formatNumber } from "../core/format";
import type { ThemeName } from "../core/frame";
import { isSoftmax } from "../core/home";
import { dotColour, dotRadius } from "../core/ink";
import { cssColour, inkOf, srgb, themeOf } from "../core/palette";
import type { Head, Ink, Matrix, Stats, StyleView, View } from "../core/types.gen";
import { el, fill, say, show } from "./dom";
import { shorten } from "./words";

const DOTS = 13;
const CELL = 20;

/** Dots from the most negative to the most positive distinguishable value. */
export class ColourBar {
  readonly root: HTMLElement;
  readonly #canvas = el("canvas", { class: "mc-bar-canvas", attrs: { "aria-hidden": "true" } });
  readonly #low = el("span");
  readonly #high = el("span");
  /** At 1.0 of a softmax whose brightest is more. */
  readonly #unity = el("span", { class: "mc-bar-one", text: "1.0" });
  readonly #full = el("div", { class: "mc-bar-full" });
  readonly #raw = el("div", { class: "mc-bar-full" });
  readonly #odd = el("div", { class: "mc-bar-odd" });
  readonly #whole = el("div", { class: "mc-bar-odd" });
  readonly #unseen = el("div", { class: "mc-bar-text" });
  #painted = "";

  constructor() {
    const ends = el(
      "div",
      { class: "mc-bar-ends" },
      this.#low,
      el("span", { text: "0" }),
      this.#unity,
      this.#high,
    );
    const parts = [this.#canvas, ends, this.#full, this.#raw, this.#odd, this.#whole, this.#unseen];
    this.root = el("aside", { class: "mc-colourbar", label: "Colour bar" }, ...parts);
  }

  /**
   * Show the scale and the odd cells of one matrix, and of the whole figure; `drawn` are the nodes of its faces.
   *
   * `film` is the matrix whose raw sums are drawn beside its finished cells, null where none are; undefined at rest.
   */
  draw(
    head: Head,
    matrix: Matrix | undefined,
    drawn: readonly number[],
    { style, layout }: Pick<View, "style" | "layout">,
    theme: ThemeName,
    film?: Matrix | null,
  ): void {
    const sensitivity = matrix?.pooled ? matrix.pooled.sensitivity : style.sensitivity;
    const scaleIn = (of: Matrix | null | undefined) =>
      of && Object.hasOwn(of.scales, sensitivity) ? of.scales[sensitivity] : undefined;
    const scale = scaleIn(matrix);
    this.root.hidden = scale === undefined || matrix === undefined;
    if (scale === undefined || matrix === undefined) return;
    const ink = inkOf(head, style.palette, theme);
    const shares = isSoftmax(matrix);
    this.#paint(head, ink, style, theme, shares);
    const full = formatNumber(scale.hi / style.contrast, 4);
    const help =
      head.vocabulary.sensitivities.find((entry) => entry.name === sensitivity)?.help ?? sensitivity;
    this.root.title = `Full brightness: ${help}`;
    const unity = (style.contrast - scale.lo) / (scale.hi - scale.lo);
    show(this.#unity, shares && unity < 1);
    this.#unity.style.left = `${(50 + 50 * ((DOTS - 1) / DOTS) * unity).toFixed(2)}%`;
    say(this.#low, formatNumber(-scale.hi / style.contrast, 4));
    say(this.#high, shares && unity > 1 ? `${full} … 1.0` : full);
    const from = scale.lo > 0 ? `; nothing below ${formatNumber(scale.lo / style.contrast, 4)}` : "";
    say(this.#full, `${shorten(matrix.name, 24)}, brightest: ${full}${from}`);
    const raw = scaleIn(film);
    say(
      this.#raw,
      film && raw
        ? `raw sums, ${shorten(film.name, 24)}, brightest: ${formatNumber(raw.hi / style.contrast, 4)}`
        : "",
    );
    const own = countsOf([matrix], drawn);
    const all = countsOf(head.matrices, drawn);
    const when = film === undefined ? "" : "at the end: ";
    tell(this.#odd, ink, own, when);
    tell(
      this.#whole,
      ink,
      KINDS.every(([, key]) => own[key] === all[key]) ? null : all,
      `${when}in the whole figure: `,
    );
    say(this.#unseen, unseenOdd(head, drawn, layout.sheets));
  }

  #paint(head: Head, ink: Ink, style: StyleView, theme: ThemeName, shares: boolean): void {
    const ratio = Math.min(devicePixelRatio, 3);
    const key = `${style.palette} ${theme} ${style.dot_scale} ${ratio} ${shares}`;
    const context = this.#canvas.getContext("2d");
    if (key === this.#painted || context === null) return;
    this.#painted = key;
    this.#canvas.width = DOTS * CELL * ratio;
    this.#canvas.height = CELL * ratio;
    context.scale(ratio, ratio);
    for (let n = 0; n < DOTS; n++) {
      const value = (2 * n) / (DOTS - 1) - 1;
      const share = Math.abs(value);
      if (share < 1e-9) continue;
      const { sizes, plate_front: plate, text } = themeOf(head, theme);
      const bright = shares ? text : null;
      const radius = dotRadius({ sizes, dotScale: style.dot_scale, bright }, share) * CELL;
      context.beginPath();
      context.arc((n + 0.5) * CELL, CELL / 2, radius, 0, 2 * Math.PI);
      context.fillStyle = cssColour(srgb(dotColour({ ink, plate, bright }, share, value > 0)));
      context.fill();
    }
  }
}

type Counts = Pick<Stats, "nan" | "pos_inf" | "neg_inf" | "masked">;

const KINDS = [
  ["NaN", "nan"],
  ["+Inf", "pos_inf"],
  ["−Inf", "neg_inf"],
  ["masked", "masked"],
] as const;

/** Odd cells of some matrices; masked ones only of those that are drawn: the steps behind them mask the same. */
function countsOf(matrices: readonly Matrix[], drawn: readonly number[]): Counts {
  const total = (key: keyof Counts) =>
    matrices.reduce(
      (sum, { node, stats }) => sum + (key !== "masked" || drawn.includes(node) ? (stats?.[key] ?? 0) : 0),
      0,
    );
  const [nan, pos_inf, neg_inf, masked] = [total("nan"), total("pos_inf"), total("neg_inf"), total("masked")];
  return { nan, pos_inf, neg_inf, masked };
}

/** "2 NaN, 1 −Inf" of a matrix. */
export function oddCounts({ stats }: Matrix): string {
  const counts = KINDS.map(([name, key]) => [name, key === "masked" ? 0 : (stats?.[key] ?? 0)] as const);
  return counts.flatMap(([name, count]) => (count > 0 ? [`${formatCount(count)} ${name}`] : [])).join(", ");
}

/** Where NaN and Inf are that the picture does not show: the first matrix, as it is made. */
export function unseenOdd(head: Head, drawn: readonly number[], sheets: "open" | "closed"): string {
  const unseen = head.matrices.filter((matrix) => !drawn.includes(matrix.node) && oddCounts(matrix) !== "");
  const [first, ...others] = unseen.sort((a, b) => a.node - b.node);
  if (first === undefined) return "";
  const more = others.length > 0 ? ` and more in ${others.length} after it` : "";
  return `${oddCounts(first)} in ${shorten(first.name, 24)}${more}${sheets === "closed" ? "; S opens the sheets" : ""}`;
}

function tell(line: HTMLElement, ink: Ink, counts: Counts | null, before: string): void {
  const signs = { nan: "✕", pos_inf: "▲", neg_inf: "▼", masked: "·" };
  const parts = KINDS.flatMap(([name, key]) => {
    const count = counts?.[key] ?? 0;
    if (count === 0) return [];
    const sign = el("span", {
      class: "mc-bar-sign",
      attrs: { "aria-hidden": "true", "data-sign": signs[key] },
    });
    if (key !== "masked") sign.style.color = cssColour(ink[key]);
    return [el("span", {}, sign, `${formatCount(count)} ${name}`)];
  });
  const text = before + parts.map((part) => part.textContent).join() + ink.nan;
  if (line.dataset.shown === text) return;
  line.dataset.shown = text;
  fill(line, parts.length > 0 && before, ...parts);
}
