// What is said of cells: the tip at the pointer, the cards of pinned cells, rings around them in the picture.

import { type Eye, project } from "../core/camera";
import { cellCentre } from "../core/faces";
import type { Rect } from "../core/labels";
import type { Pin } from "../core/types.gen";
import type { Activity, Pending } from "./activity";
import { el, fill, say, show } from "./dom";
import { iconButton } from "./icons";
import type { Cell, Reading } from "./reading";
import { visible } from "./words";

/** What the cards can do. */
export interface ReadoutHost {
  copy(reading: Reading): void;
  unpin(pin: Pin): void;
  go(pin: Pin): void;
  /** What a screen reader says of a cell. */
  words(reading: Reading): string;
}

/** A cell in the picture with what it says. */
export interface Marked {
  readonly cell: Cell;
  readonly reading: Reading;
}

const SPOKEN_AFTER_MS = 400;
const TIP_OFFSET = 16;

/** Tip, cards, rings and the text for screen readers. */
export class Readout {
  readonly tip = el("div", { class: "mc-tip", attrs: { "aria-hidden": "true" } });
  readonly cards = el("section", { class: "mc-cards", label: "Pinned cells" });
  readonly rings = el("div", { class: "mc-rings", attrs: { "aria-hidden": "true" } });
  readonly spoken = el("div", {
    class: "mc-visually-hidden",
    attrs: { "aria-live": "polite", role: "status" },
  });
  readonly #host: ReadoutHost;
  readonly #activity: Activity;
  #speaking: Pending | null = null;

  constructor(activity: Activity, host: ReadoutHost) {
    this.#activity = activity;
    this.#host = host;
    show(this.tip, false);
    show(this.cards, false);
  }

  /** Show the tip beside a place of the stage, or hide it. */
  hover(reading: Reading | null, at: { readonly x: number; readonly y: number } | null, area: Rect): void {
    this.#speaking?.cancel();
    show(this.tip, reading !== null && at !== null);
    if (reading === null) return;
    this.#speaking = this.#activity.after(SPOKEN_AFTER_MS, () => say(this.spoken, this.#host.words(reading)));
    if (at === null) return;
    fill(this.tip, ...readingParts(reading));
    const { offsetWidth: w, offsetHeight: h } = this.tip;
    const right = at.x + TIP_OFFSET + w <= area.x + area.w;
    const below = at.y + TIP_OFFSET + h <= area.y + area.h;
    const x = right ? at.x + TIP_OFFSET : at.x - TIP_OFFSET - w;
    const y = below ? at.y + TIP_OFFSET : at.y - TIP_OFFSET - h;
    this.tip.style.transform = `translate(${Math.round(Math.max(area.x + 4, x))}px, ${Math.round(Math.max(area.y + 4, y))}px)`;
  }

  /** Say something once to a screen reader. */
  speak(text: string): void {
    this.#speaking?.cancel();
    say(this.spoken, text);
  }

  /** The cards of the pinned cells. */
  pins(readings: readonly Reading[]): void {
    show(this.cards, readings.length > 0);
    fill(this.cards, ...readings.map((reading, at) => this.#card(reading, at + 1)));
  }

  /** Rings around the hovered cell and the pinned ones, where they are in the picture now. */
  place(eye: Eye, hovered: Marked | null, pinned: readonly (Cell | null)[]): void {
    const wanted = [
      ...pinned.map((cell, at) => ({ cell, text: pinned.length > 1 ? String(at + 1) : "", kind: "pin" })),
      { cell: hovered?.cell ?? null, text: "", kind: "hover" },
    ];
    const rings = wanted.flatMap(({ cell, text, kind }) => {
      const spot = cell && project(eye, cellCentre(cell.face, cell.row, cell.col));
      if (!cell || !spot) return [];
      const px = 1 / (eye.pixelAngle * spot.depth);
      return [{ spot, text, kind, size: Math.min(Math.max(px, 10), 200) }];
    });
    while (this.rings.children.length > rings.length) this.rings.lastElementChild?.remove();
    while (this.rings.children.length < rings.length) this.rings.append(el("div", {}, el("span")));
    rings.forEach(({ spot, text, kind, size }, at) => {
      const ring = this.rings.children[at] as HTMLElement;
      ring.className = `mc-ring mc-ring-${kind}`;
      ring.style.width = `${size.toFixed(1)}px`;
      ring.style.height = ring.style.width;
      ring.style.transform = `translate(${(spot.x - size / 2).toFixed(1)}px, ${(spot.y - size / 2).toFixed(1)}px)`;
      if (ring.firstElementChild) say(ring.firstElementChild, text);
    });
  }

  #card(reading: Reading, number: number): HTMLElement {
    const { place } = reading;
    const actions = el(
      "div",
      { class: "mc-card-actions" },
      iconButton("copy", `Copy ${place} as Python`, "Copy as Python", () => this.#host.copy(reading)),
      iconButton("goto", `Show ${place}`, "Bring this cell into the picture", () =>
        this.#host.go(reading.pin),
      ),
      iconButton("close", `Unpin ${place}`, "Unpin this cell", () => this.#host.unpin(reading.pin)),
    );
    const mark = el("span", { class: "mc-card-number", text: String(number) });
    const body = el("div", { class: "mc-card-body" }, ...readingParts(reading, false));
    return el("article", { class: "mc-card" }, mark, body, actions);
  }
}

/** The lines of a reading, for tip and card; the sum of a pinned cell is in the strip below. */
function readingParts(reading: Reading, withSum = true): HTMLElement[] {
  const { rowLabel, colLabel } = reading;
  const labels = [rowLabel, colLabel].filter((text) => text !== null).map(visible);
  return [
    el(
      "div",
      { class: "mc-reading-head" },
      el("b", { class: "mc-reading-place", text: reading.place }),
      el("span", { class: "mc-reading-value", text: reading.valueText }),
    ),
    ...(labels.length > 0 ? [el("div", { class: "mc-reading-labels", text: labels.join(" · ") })] : []),
    ...(withSum && reading.sum !== null ? [el("div", { class: "mc-reading-sum", text: reading.sum })] : []),
    ...(reading.held !== null ? [el("div", { class: "mc-reading-held", text: reading.held })] : []),
  ];
}

/** The reading as one sentence. */
export function plainText(reading: Reading): string {
  const labels = [reading.rowLabel, reading.colLabel].filter((text) => text !== null).map(visible);
  const named = labels.length > 0 ? ` (${labels.join(", ")})` : "";
  const more = [reading.sum, reading.held].filter((text) => text !== null).map((text) => `; ${text}`);
  return `${reading.place}${named} = ${reading.valueText}${more.join("")}`;
}
