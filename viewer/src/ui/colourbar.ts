// The colour bar: which colour is which value, and what full brightness means.

import type { ThemeName } from "../core/frame";
import { formatNumber } from "../core/format";
import { cssColour, inkOf } from "../core/palette";
import type { Head, Matrix, StyleView } from "../core/types.gen";
import { el, say } from "./dom";
import { shorten } from "./legends";

const STEPS = 96;

/** A bar from the most negative to the most positive value that is told apart. */
export class ColourBar {
  readonly root: HTMLElement;
  private readonly canvas = el("canvas", { class: "mc-bar-canvas", attrs: { width: STEPS * 2, height: 1, "aria-hidden": "true" } });
  private readonly low = el("span");
  private readonly high = el("span");
  private readonly text = el("div", { class: "mc-bar-text" });
  private painted = "";

  constructor() {
    const ends = el("div", { class: "mc-bar-ends" }, this.low, el("span", { text: "0" }), this.high);
    this.root = el("aside", { class: "mc-colourbar", label: "Colour bar" }, this.canvas, ends, this.text);
  }

  /** Show the scale of one matrix. */
  draw(head: Head, matrix: Matrix | undefined, style: StyleView, theme: ThemeName): void {
    this.paint(head, style.palette, theme);
    const sensitivity = matrix?.pooled ? matrix.pooled.sensitivity : style.sensitivity;
    const scale = matrix && Object.hasOwn(matrix.scales, sensitivity) ? matrix.scales[sensitivity] : undefined;
    this.root.hidden = scale === undefined || matrix === undefined;
    if (scale === undefined || matrix === undefined) return;
    const full = formatNumber(scale.hi / style.contrast, 4);
    const help = head.vocabulary.sensitivities.find((one) => one.name === sensitivity)?.help ?? sensitivity;
    say(this.low, formatNumber(-scale.hi / style.contrast, 4));
    say(this.high, full);
    const from = scale.lo > 0 ? `; nothing below ${formatNumber(scale.lo / style.contrast, 4)}` : "";
    say(this.text, `${shorten(matrix.name, 24)}: full brightness = ${full} (${help})${from}`);
  }

  private paint(head: Head, palette: string, theme: ThemeName): void {
    const key = `${palette} ${theme} ${head.palettes.length}`;
    const context = this.canvas.getContext("2d");
    if (key === this.painted || context === null) return;
    this.painted = key;
    const ink = inkOf(head, palette, theme);
    const at = (table: readonly number[], share: number) => table[Math.round(share * (table.length - 1))] ?? 0;
    for (let step = 0; step < STEPS; step++) {
      const share = (step + 0.5) / STEPS;
      context.fillStyle = cssColour(at(ink.negative, share));
      context.fillRect(STEPS - 1 - step, 0, 1, 1);
      context.fillStyle = cssColour(at(ink.positive, share));
      context.fillRect(STEPS + step, 0, 1, 1);
    }
  }
}
