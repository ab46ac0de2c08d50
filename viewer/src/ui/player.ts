// The player under the picture, as under a video: buttons, the bar, the position, and the film's options.

import { activeStep, done, happeningAt, type Names } from "../core/film";
import { loadsText } from "../core/loads";
import { sentOf } from "../core/packets";
import { matrixOf } from "../core/sums";
import type { Choice, Film, FilmView, Sweep, Vec3 } from "../core/types.gen";
import { describe, el, fill, say, show } from "./dom";
import { input, named, type Option, type Row, select, setOptions, setValue } from "./fields";
import { type IconName, icon, iconButton } from "./icons";
import { PlayerBar } from "./player_bar";
import type { Playing } from "./playing";
import type { Session } from "./session";
import { nameOfAll, shorten, visible } from "./words";

const SPEEDS = [0.1, 0.25, 0.5, 1, 2, 4, 10];
const FUSES = ["none", "sync", "async", "decode"] as const;
const ALGORITHM: Row = { id: "film-algorithm", label: "Algorithm", help: "How each product is computed" };
const FUSION: Row = {
  id: "film-fuse",
  label: "Fusion",
  help:
    "Neighbouring products with parallel planes sweep together: never, when all can start at once, or always; " +
    "decode: a token at a time, masked products are never computed",
};
const SPEED: Row = { id: "film-speed", label: "Speed", help: "Speed: at 1× a film takes 20 seconds" };
const TILES: Row = {
  id: "film-tiles",
  label: "Tiles",
  help: "Sizes of the tiles along i, j, k; up to three levels, the largest first: 16,16,16/4,4,4. Empty: a quarter of each",
};
const ORDER: Row = {
  id: "film-order",
  label: "Order of the loops",
  help: "Order of the loops over tiles, outermost first: ikj; or one for each level: ikj/kij",
};
const NEEDS_PYTHON = "Another film needs Python: the command beside the program opens this page live";
const LONGEST_NAME = 28;

/** The player of one page. */
export class Player {
  readonly root: HTMLElement;
  readonly #session: Session;
  readonly #playing: Playing;
  readonly #bar: PlayerBar;
  readonly #names: Names = {
    nameOf: (sweep) => this.#nameOf(sweep),
    saysOf: (exchange) => sentOf(this.#session.state.scene.head, exchange)?.says ?? "",
  };
  readonly #playButton: HTMLButtonElement;
  readonly #where = el("output", { class: "mc-film-where" });
  readonly #what = el("span", { class: "mc-film-what" });
  readonly #algorithm: HTMLSelectElement;
  readonly #fuse: HTMLSelectElement;
  readonly #speed: HTMLSelectElement;
  readonly #tiles: HTMLInputElement;
  readonly #order: HTMLInputElement;
  readonly #loads = el("output", { class: "mc-film-loads" });
  readonly #memory: HTMLElement;
  readonly #flags = new Map<string, HTMLButtonElement>();
  #algorithms: readonly Choice[] = [];

  constructor(session: Session, playing: Playing) {
    this.#session = session;
    this.#playing = playing;
    this.#bar = new PlayerBar({
      seek: (t, held) => playing.seek(t, held),
      step: (way) => playing.step(way),
      names: this.#names,
      textOf: (exchange) => sentOf(this.#session.state.scene.head, exchange)?.text ?? "",
    });
    this.#playButton = iconButton(
      "play",
      "Play",
      "Play or pause (Space)",
      () => playing.toggle(),
      "film-play",
    );
    this.#algorithm = choice(ALGORITHM, [], (algorithm) => this.#update({ algorithm, t: 0 }, "push"));
    this.#fuse = choice(FUSION, FUSES.map(fusionOption), (value) => {
      const fuse = FUSES.find((fusion) => fusion === value);
      if (fuse !== undefined) this.#update({ fuse, t: 0 }, "push");
    });
    this.#speed = choice(SPEED, SPEEDS.map(speedOption), (value) =>
      this.#update({ speed: Number(value) }, "replace"),
    );
    this.#tiles = field(TILES, (value) => {
      const tiles = readTiles(value);
      if (tiles !== null) this.#update({ tiles, t: 0 }, "push");
      this.follow();
    });
    this.#order = field(ORDER, (order) => {
      if (/^[ijk]{3}(\/[ijk]{3}){0,2}$/.test(order)) this.#update({ order, t: 0 }, "push");
      this.follow();
    });
    this.#memory = el("div", { class: "mc-film-memory" }, this.#loads, this.#tiles, this.#order);
    this.root = el(
      "section",
      { class: "mc-player", label: "Film" },
      this.#bar.root,
      this.#memory,
      el("div", { class: "mc-film-row" }, this.#buttons(), this.#readout(), this.#options()),
    );
    show(this.root, false);
  }

  /** Follow the state: whether there is a film, and its options. */
  follow(): void {
    const { film, view, scene } = this.#session.state;
    show(this.root, film !== null);
    if (film === null) return;
    const { algorithms } = scene.head.vocabulary;
    if (algorithms !== this.#algorithms) {
      this.#algorithms = algorithms;
      setOptions(this.#algorithm, named(algorithms));
    }
    this.#algorithm.value = view.film.algorithm;
    const [none] = [...this.#algorithm.options].filter(({ value }) => value === "none");
    if (none) none.text = view.film.algorithm === "none" ? "by product" : "none";
    this.#fuse.value = view.film.fuse;
    this.#setSpeed(view.film.speed);
    const tiled = film.sweeps.some(({ levels }) => levels > 0);
    show(this.#memory, tiled);
    setValue(this.#tiles, view.film.tiles.map((tile) => tile.join(",")).join("/"));
    setValue(this.#order, view.film.order);
    for (const input of [this.#algorithm, this.#fuse, this.#tiles, this.#order]) {
      input.disabled = !this.#session.backend.live;
      if (input.disabled) input.title = NEEDS_PYTHON;
    }
    this.#press("film-loop", view.film.loop);
    this.#press("film-hide-inputs", view.film.hide_inputs);
    this.#press("film-spin", view.film.spin !== 0);
    this.draw();
  }

  /** Follow the clock. */
  draw(): void {
    const { film, t, running } = this.#playing;
    if (film === null) return;
    const text = happeningAt(film, t, this.#names);
    this.#bar.draw(film, t, text);
    say(this.#where, `${readable(t, film)} / ${Math.round(film.duration)}`);
    say(this.#what, text);
    describe(this.#what, "title", text);
    say(this.#loads, this.#loadsAt(film, t));
    const [image, label]: [IconName, string] = running ? ["pause", "Pause"] : ["play", "Play"];
    if (this.#playButton.getAttribute("aria-label") === label) return;
    this.#playButton.setAttribute("aria-label", label);
    fill(this.#playButton, icon(image));
  }

  /** What a reader calls the result of a sweep: the matrix that its face shows. */
  #nameOf(sweep: Sweep): string {
    const { layout, scene } = this.#session.state;
    const box = layout.boxes.find((box) => box.node === sweep.node);
    const face = box && layout.faces[box.result];
    const matrix = matrixOf(scene, face?.node ?? sweep.node);
    return matrix === undefined ? "" : visible(shorten(nameOfAll(matrix), LONGEST_NAME));
  }

  /** What the memories of the tiled product have read and written by time t, a line for each level. */
  #loadsAt(film: Film, t: number): string {
    const sweep = film.sweeps.filter(({ levels, start }) => levels > 0 && start <= t).at(-1);
    if (sweep === undefined) return "";
    const begun = Math.max(activeStep(sweep, t) ?? -1, done(sweep, t) - 1) + 1;
    return Array.from({ length: sweep.levels }, (_, level) => loadsText(sweep, level, begun)).join("\n");
  }

  #update(fields: Partial<FilmView>, entry: "push" | "replace"): void {
    const { view } = this.#session.state;
    const t = fields.t ?? this.#playing.t;
    void this.#session.update({ film: { ...view.film, ...fields, t } }, entry);
  }

  #buttons(): HTMLElement {
    const playing = this.#playing;
    return el(
      "div",
      { class: "mc-film-buttons" },
      iconButton("back", "Step back", "One step back ([)", () => playing.step(-1), "film-back"),
      this.#playButton,
      iconButton("forth", "Step forward", "One step forward (])", () => playing.step(1), "film-forth"),
    );
  }

  #readout(): HTMLElement {
    return el("div", { class: "mc-film-readout" }, this.#where, this.#what);
  }

  #options(): HTMLElement {
    const film = () => this.#session.state.view.film;
    const loop = () => this.#update({ loop: !film().loop }, "replace");
    const hide = () => this.#update({ hide_inputs: !film().hide_inputs }, "replace");
    const spin = () => this.#update({ spin: film().spin === 0 ? 1 : 0 }, "replace");
    const close = () => this.#update({ algorithm: "none", each: {} }, "push");
    const flags = [
      iconButton("loop", "Loop", "Repeat from the start", loop, "film-loop"),
      iconButton("shut", "Hide inputs", "Hide the input matrices", hide, "film-hide-inputs"),
      iconButton("spin", "Spin", "Turn the camera once around during the film", spin, "film-spin"),
    ];
    for (const flag of flags) this.#flags.set(flag.dataset.control ?? "", flag);
    const end = iconButton("close", "Close film", "Close the film and show everything", close, "film-close");
    return el("div", { class: "mc-film-options" }, this.#algorithm, this.#fuse, this.#speed, ...flags, end);
  }

  #press(id: string, on: boolean): void {
    this.#flags.get(id)?.setAttribute("aria-pressed", String(on));
  }

  /** A speed that came from elsewhere is a choice, too. */
  #setSpeed(speed: number): void {
    const value = String(speed);
    if (![...this.#speed.options].some((option) => option.value === value)) {
      setOptions(this.#speed, [...SPEEDS, speed].map(speedOption));
    }
    this.#speed.value = value;
  }
}

/** Tiles as they are written; null where they do not read. Python says what is wrong with their sizes. */
function readTiles(text: string): FilmView["tiles"] | null {
  if (text === "") return [];
  if (!/^\d{1,7}(,\d{1,7}){2}(\/\d{1,7}(,\d{1,7}){2}){0,2}$/.test(text)) return null;
  return text.split("/").map((level) => level.split(",").map(Number) as unknown as Vec3);
}

/** Steps that are over: whole numbers, so that the text does not flicker. */
const readable = (t: number, film: Film): string => String(Math.floor(Math.min(t, film.duration) + 1e-9));

const speedOption = (speed: number): Option => ({
  value: String(speed),
  text: `${Number(speed.toPrecision(3))}×`,
  help: "",
});

const fusionOption = (fusion: string): Option => ({
  value: fusion,
  text: fusion === "none" ? "not fused" : `fused ${fusion}`,
  help: "",
});

function choice(of: Row, options: readonly Option[], set: (value: string) => void): HTMLSelectElement {
  const list = select(of, options, "", set);
  list.className = "mc-film-select";
  list.setAttribute("aria-label", of.label); // no row names it
  return list;
}

function field(of: Row, set: (value: string) => void): HTMLInputElement {
  const text = input(of, "", (value) => set(value.replace(/\s/g, "")));
  text.className = "mc-film-field";
  text.placeholder = of.label.toLowerCase();
  return text;
}
