// The bar of a film: a coloured segment for each product, in lanes where several run together, and a slider over it.

import { happeningAt, laneCount, type Names } from "../core/film";
import type { Film, FilmExchange, Sweep } from "../core/types.gen";
import { clamp } from "../core/vec";
import { describe, el, fill, say, show } from "./dom";

/** What the bar does. */
export interface BarHost {
  /** `held` while the slider is dragged. */
  seek(t: number, held: boolean): void;
  step(way: 1 | -1): void;
  readonly names: Names;
  /** What a segment of an exchange is called: "all-reduce 768 B". */
  textOf(exchange: FilmExchange): string;
}

const COLOURS = 6;
const HIGHEST_LANE_PX = 20;
const MOST_PX = 66;

/** Segments, slider and the text at the pointer. */
export class PlayerBar {
  readonly root: HTMLElement;
  readonly slider: HTMLInputElement;
  readonly #lanes = el("div", { class: "mc-film-lanes", attrs: { "aria-hidden": "true" } });
  readonly #ahead = el("div", { class: "mc-film-ahead" });
  readonly #head = el("div", { class: "mc-film-head" });
  readonly #tip = el("div", { class: "mc-film-tip", attrs: { "aria-hidden": "true" } });
  readonly #host: BarHost;
  #film: Film | null = null;

  constructor(host: BarHost) {
    this.#host = host;
    this.slider = el("input", {
      class: "mc-film-slider",
      label: "Position in the film",
      title: "Go to any time of the film",
      attrs: { type: "range", min: 0, max: 1, step: "any", "data-control": "film-position" },
    });
    this.slider.addEventListener("input", () => host.seek(this.slider.valueAsNumber, true));
    this.slider.addEventListener("change", () => host.seek(this.slider.valueAsNumber, false));
    this.slider.addEventListener("keydown", (event) => this.#key(event));
    this.slider.addEventListener("pointermove", (event) => this.#point(event));
    this.slider.addEventListener("pointerleave", () => show(this.#tip, false));
    show(this.#tip, false);
    const parts = [this.#lanes, this.#ahead, this.#head, this.slider, this.#tip];
    this.root = el("div", { class: "mc-film-bar" }, ...parts);
  }

  /** Show a film with its playhead at t; `text` says what happens there. */
  draw(film: Film, t: number, text: string): void {
    if (film !== this.#film) this.#build(film);
    const share = `${(100 * clamp(t / Math.max(film.duration, 1), 0, 1)).toFixed(3)}%`;
    this.#ahead.style.left = share;
    this.#head.style.left = share;
    this.slider.valueAsNumber = t;
    describe(this.slider, "aria-valuetext", text);
  }

  #build(film: Film): void {
    this.#film = film;
    this.slider.max = String(film.duration);
    const high = Math.min(HIGHEST_LANE_PX, MOST_PX / laneCount(film));
    this.root.style.height = `${high * laneCount(film)}px`;
    this.#lanes.classList.toggle("is-thin", high < 14);
    const share = (t: number) => `${(100 * t) / Math.max(film.duration, 1)}%`;
    const segment = (kind: string | number, text: string, item: Sweep | FilmExchange) => {
      const result = el("div", { class: `mc-film-segment mc-film-${kind}`, text });
      result.style.left = share(item.start);
      result.style.width = share(item.steps);
      result.style.top = `${high * item.lane}px`;
      result.style.height = `${high}px`;
      result.style.lineHeight = `${high - 2}px`;
      return result;
    };
    const { names } = this.#host;
    const sweeps = segmentsOf(film).map((item, at) => segment(at % COLOURS, names.nameOf(item), item));
    const exchanges = film.exchanges.map((item) => segment("exchange", this.#host.textOf(item), item));
    fill(this.#lanes, ...sweeps, ...exchanges);
  }

  #point(event: PointerEvent): void {
    const film = this.#film;
    if (film === null || event.pointerType === "touch") return;
    const { left, width } = this.root.getBoundingClientRect();
    const share = clamp((event.clientX - left) / Math.max(width, 1), 0, 1);
    const t = Math.min(share * film.duration, film.duration - 1e-6);
    say(this.#tip, happeningAt(film, t, this.#host.names));
    show(this.#tip, true);
    const half = this.#tip.offsetWidth / 2;
    this.#tip.style.left = `${clamp(share * width, half, Math.max(width - half, half))}px`;
  }

  #key(event: KeyboardEvent): void {
    const film = this.#film;
    if (film === null || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "ArrowRight" || event.key === "ArrowUp") this.#host.step(1);
    else if (event.key === "ArrowLeft" || event.key === "ArrowDown") this.#host.step(-1);
    else return;
    event.preventDefault();
  }
}

/** Sweeps with a place of their own on the bar: heads that run together have one. */
function segmentsOf(film: Film): readonly Sweep[] {
  const places = new Map(
    film.sweeps.map((sweep) => [`${sweep.lane} ${sweep.start}`, sweep] as const).reverse(),
  );
  return film.sweeps.filter((sweep) => places.get(`${sweep.lane} ${sweep.start}`) === sweep);
}
