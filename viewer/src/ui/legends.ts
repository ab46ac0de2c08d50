// The layer of legends: names by core/names, other texts by core/labels, none on another.

import { place, type Rect, type Spot } from "../core/labels";
import { cssColour } from "../core/palette";
import { ASCENT, sizePx, type Writing } from "../core/writing";
import { describe, el, fill, svg } from "./dom";
import { type LegendInput, labelsOf, type Text } from "./legend_wishes";
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
  #metrics: { readonly up: number; readonly down: number } | null = null;
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
    const measure = (text: string, px: number, bold: boolean): number => this.#measure(text, px, bold);
    const { names, labels } = labelsOf(input, measure, taken);
    const byId = new Map(labels.map((label) => [label.id, label]));
    const { width, height } = input.eye.viewport;
    const seen = new Set<string>();
    const placed = place(labels, { x: 4, y: 4, w: width - 8, h: height - 8 }, taken);
    const all = [...names.map(([{ lead }]) => lead), ...placed.map(({ lead }) => lead)];
    const leads = all.filter((lead) => lead !== null);
    const at = ({ x, y }: Spot): string => `${x.toFixed(1)} ${y.toFixed(1)}`;
    this.#lines.setAttribute("d", leads.map(([from, to]) => `M${at(from)}L${at(to)}`).join(""));
    this.#dots.setAttribute("d", leads.map(([, to]) => `M${at(to)}h0`).join(""));
    for (const [writing, text] of names) {
      seen.add(writing.id);
      this.#write(writing, text);
    }
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

  #show(label: Text & { readonly id: string; readonly px: number }, rect: Rect): void {
    const { style } = this.#element(label.id, label);
    style.transform = `translate(${Math.round(rect.x)}px, ${Math.round(rect.y)}px)`;
    style.width = `${Math.ceil(rect.w)}px`;
    style.height = `${rect.h}px`;
    style.lineHeight = style.height;
    style.fontSize = `${label.px}px`;
  }

  /** A name: upright at whole pixels, or on the plane of its face. */
  #write(writing: Writing, text: Text): void {
    const { id, at, right, down, px, w, h, flat, sized } = writing;
    const element = this.#element(id, sized ? text : { ...text, weak: [] });
    element.classList.toggle("is-flat", flat);
    if (!flat) {
      this.#show({ ...text, id, px, weak: sized ? text.weak : [] }, { ...at, w, h });
      element.classList.toggle("is-flat", false);
      element.style.removeProperty("--mc-size");
      return;
    }
    const { style } = element;
    style.setProperty("--mc-size", `${sizePx(px, true)}px`);
    const shift = ASCENT * px - this.#baseline(px, h);
    const [x, y] = [at.x + down.x * shift, at.y + down.y * shift];
    const numbers = [right.x, right.y, down.x, down.y].map((n) => n.toFixed(5));
    style.transform = `matrix(${[...numbers, x.toFixed(2), y.toFixed(2)].join(",")})`;
    style.width = `${Math.ceil(w)}px`;
    style.height = `${h}px`;
    style.lineHeight = style.height;
    style.fontSize = `${px}px`;
  }

  /** The element of a text, with its words. */
  #element(id: string, label: Text): HTMLElement {
    let element = this.#shown.get(id);
    if (element === undefined) {
      element = el("div");
      this.#shown.set(id, element);
      this.root.append(element);
    }
    const text = `${label.strong}\u0000${textOf(label.weak)}`;
    if (element.dataset.text !== text) {
      element.dataset.text = text;
      fill(element, el("b", { text: label.strong }), el("span", {}, ...label.weak.map(wordOf)));
    }
    const name = `mc-legend mc-legend-${label.kind}${label.selected ? " is-selected" : ""}`;
    if (element.className.replace(" is-flat", "") !== name) element.className = name;
    if (label.colours !== undefined) {
      element.style.background = cssColour(label.colours.ground);
      element.style.color = cssColour(label.colours.ink);
    }
    if (label.title !== undefined) describe(element, "title", label.title);
    element.style.opacity = label.opacity.toFixed(2);
    return element;
  }

  /** Where the browser puts the baseline of a line of this height, pixels from its top. */
  #baseline(px: number, high: number): number {
    if (this.#metrics === null && this.#ruler !== null) {
      this.#ruler.font = `600 100px ${FONT}`;
      const { fontBoundingBoxAscent: up, fontBoundingBoxDescent: down } = this.#ruler.measureText("x");
      this.#metrics = { up: up / 100, down: down / 100 };
    }
    const { up, down } = this.#metrics ?? { up: 0.93, down: 0.24 };
    return (high - (up + down) * px) / 2 + up * px;
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
