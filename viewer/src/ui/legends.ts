// The layer of legends: upright text over the picture, placed by core/labels so that none lies on another.

import { place, type Rect, type Spot } from "../core/labels";
import { describe, el, fill, svg } from "./dom";
import { type Label, type LegendInput, labelsOf } from "./legend_wishes";
import { textOf, type Word } from "./legend_words";

/** A size can be clicked; its title says what that does. */
function wordOf({ text, axis }: Word): HTMLElement {
  const word = el("i", { text });
  if (axis !== undefined) {
    word.dataset.axis = axis;
    describe(
      word,
      "title",
      `Click to split ${axis} into twice as many blocks, Shift-click into half as many`,
    );
  }
  return word;
}

const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", Ubuntu, sans-serif';
const MOST_WIDTHS = 4000;

/** Elements of the labels that are on show, used again from frame to frame. */
export class Legends {
  readonly #lines = svg("path");
  readonly #dots = svg("path", { class: "mc-lead-dots" });
  readonly #leads = svg("svg", { class: "mc-leads" }, this.#lines, this.#dots);
  readonly root = el("div", { class: "mc-legends", attrs: { "aria-hidden": "true" } }, this.#leads);
  readonly #shown = new Map<string, HTMLElement>();
  readonly #ruler = document.createElement("canvas").getContext("2d");
  readonly #widths = new Map<string, number>();
  readonly #split: (axis: string, back: boolean) => void;

  /** @param split is called when the size of an axis is clicked: into more blocks, or (with Shift) back. */
  constructor(split: (axis: string, back: boolean) => void) {
    this.#split = split;
    this.root.addEventListener("click", (event) => {
      const axis = event.target instanceof HTMLElement ? event.target.dataset.axis : undefined;
      if (axis !== undefined) this.#split(axis, event.shiftKey);
    });
  }

  /**
   * Place the legends for one frame.
   *
   * @param taken parts of the picture that lie under other things.
   */
  draw(input: LegendInput, taken: readonly Rect[]): void {
    const labels = labelsOf(input, (text, px, bold) => this.#measure(text, px, bold));
    const byId = new Map(labels.map((label) => [label.id, label]));
    const { width, height } = input.eye.viewport;
    const seen = new Set<string>();
    const placed = place(labels, { x: 4, y: 4, w: width - 8, h: height - 8 }, taken);
    const leads = placed.flatMap(({ lead }) => (lead === null ? [] : [lead]));
    const at = ({ x, y }: Spot): string => `${x.toFixed(1)} ${y.toFixed(1)}`;
    this.#lines.setAttribute("d", leads.map(([from, to]) => `M${at(from)}L${at(to)}`).join(""));
    this.#dots.setAttribute("d", leads.map(([, to]) => `M${at(to)}h0`).join(""));
    for (const { id, rect } of placed) {
      const label = byId.get(id);
      if (label === undefined) continue;
      seen.add(id);
      this.#show(label, rect);
    }
    for (const [id, element] of this.#shown) {
      if (seen.has(id)) continue;
      element.remove();
      this.#shown.delete(id);
    }
  }

  #show(label: Label, rect: Rect): void {
    let element = this.#shown.get(label.id);
    if (element === undefined) {
      element = el("div");
      this.#shown.set(label.id, element);
      this.root.append(element);
    }
    const text = label.strong + textOf(label.weak);
    if (element.dataset.text !== text) {
      element.dataset.text = text;
      fill(element, el("b", { text: label.strong }), el("span", {}, ...label.weak.map(wordOf)));
    }
    const name = `mc-legend mc-legend-${label.kind}${label.selected ? " is-selected" : ""}`;
    if (element.className !== name) element.className = name;
    if (label.title !== undefined) describe(element, "title", label.title);
    const { style } = element;
    style.transform = `translate(${Math.round(rect.x)}px, ${Math.round(rect.y)}px)`;
    style.width = `${Math.ceil(rect.w)}px`;
    style.height = `${rect.h}px`;
    style.lineHeight = style.height;
    style.fontSize = `${label.px}px`;
    style.opacity = label.opacity.toFixed(2);
  }

  /** Width of a text, measured once. */
  #measure(text: string, px: number, bold: boolean): number {
    const key = `${bold ? "b" : ""}${px} ${text}`;
    let width = this.#widths.get(key);
    if (width === undefined) {
      if (this.#widths.size > MOST_WIDTHS) this.#widths.clear();
      if (this.#ruler === null) width = text.length * px * 0.6;
      else {
        this.#ruler.font = `${bold ? 600 : 400} ${px}px ${FONT}`;
        width = this.#ruler.measureText(text).width;
      }
      this.#widths.set(key, width);
    }
    return width;
  }
}
