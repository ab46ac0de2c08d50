// The page: its parts, put together around one session.

import { captionsOf } from "../core/devices";
import { sentencesOf } from "../core/packets";
import { cssColour, inkOf, themeOf } from "../core/palette";
import { matrixOf } from "../core/sums";
import type { Pin, Problem, View } from "../core/types.gen";
import type { LoadedScene } from "../core/wire";
import type { Activity, Pending } from "./activity";
import { Address } from "./address";
import { type Backend, problem } from "./backend";
import { ColourBar } from "./colourbar";
import type { Controls } from "./controls";
import { el, fill, show } from "./dom";
import type { FragmentView } from "./fragment";
import type { Page } from "./page";
import { Picture } from "./picture";
import { Player } from "./player";
import { Playing } from "./playing";
import { asPython, type Reading } from "./reading";
import { plainText, Readout } from "./readout";
import { Ribbon } from "./ribbon";
import { type Entry, Session, type State, sameButMoved } from "./session";
import { splitFurther } from "./splitting";
import { spoken, Telling } from "./telling";
import { visible } from "./words";
import { Working } from "./working";

/** How a page begins. */
export interface Opening {
  readonly scene: LoadedScene;
  readonly view: View;
  readonly bytes: number;
  /** What to say at once: a link that could not be used. */
  readonly problem: Problem | null;
  /** A program to put into the editor that is not what is drawn. */
  readonly proposed: string | null;
}

const CLICK_MS = 350;

/** What a figure is built into, and with. */
export interface Setting {
  readonly root: HTMLElement;
  readonly activity: Activity;
  readonly page: Page;
  readonly backend: Backend;
}

/** One open page. */
export class App {
  readonly activity: Activity;
  readonly page: Page;
  readonly session: Session;
  readonly picture: Picture;
  readonly readout: Readout;
  readonly address: Address;
  readonly playing: Playing;
  readonly player: Player;
  readonly ribbon: Ribbon;
  /** Where the controls put themselves: the line over the picture, and the row of picture and panels. */
  readonly header = el("header", { class: "mc-header" });
  readonly main: HTMLElement;
  /** What lies on the picture, at its lower left corner. */
  readonly dock = el("div", { class: "mc-dock" });
  readonly root: HTMLElement;
  readonly opening: Opening;
  readonly #colourBar = new ColourBar();
  readonly #caption = el("div", { class: "mc-caption" });
  readonly #working: Working;
  readonly #telling: Telling;
  readonly #early: KeyboardEvent[] = [];
  readonly #hear = (event: Event) => {
    if (event instanceof KeyboardEvent) this.#early.push(event);
  };
  #captions = "";
  #controls: Controls | null = null;
  readonly #first: View;
  #problem: Problem | null = null;
  #selectedBefore: View["selection"] = { node: null, pins: [] };
  #click: Pending | null = null;
  #cameraBefore: View["camera"] = null;

  constructor({ root, activity, page, backend }: Setting, opening: Opening) {
    this.root = root;
    // A document has one main part, and only a document of its own is all of it.
    this.main = el(page.alone ? "main" : "div", { class: "mc-main" });
    this.activity = activity;
    this.page = page;
    this.opening = opening;
    this.#working = new Working(activity, backend, () => this.session.stop());
    this.session = new Session(backend, activity, opening.scene, opening.view, {
      changed: (now, before) => this.#changed(now, before),
      record: (view, entry) => this.address.record(view, this.#tookClick() ? "push" : entry),
      problem: (problem) => this.problem(problem),
      busy: (busy) => this.#working.follow(busy),
    });
    this.#first = this.session.state.view;
    this.address = new Address(page.address, activity, this.#first, (entry) => void this.#recall(entry));
    this.readout = new Readout(activity, {
      copy: (reading) => this.#controls?.copy(asPython(reading)),
      unpin: (pin) => this.#unpin(pin, "push"),
      go: (pin) => this.picture.goTo(pin),
      words: (reading) => this.#words(reading),
    });
    this.playing = new Playing(this.session, { moved: (seen) => this.#filmMoved(seen) });
    this.player = new Player(this.session, this.playing);
    this.picture = new Picture(this.session, this.playing, this.readout, {
      hovered: (reading) => this.#hovered(reading),
      clicked: (reading, more) => this.#clicked(reading, more),
      unclicked: () => {
        this.#tookClick();
        void this.session.update({ selection: this.#selectedBefore }, "preview");
      },
      split: (axis, back) => {
        const { scene, view } = this.session.state;
        void this.session.update({ partition: splitFurther(scene.head, view, axis, back) });
      },
      taken: () => this.#taken(),
      drawn: () => {
        this.#controls?.drawn?.();
        if (this.playing.film !== null) this.#drawBar(this.picture.hovered);
      },
    });
    this.ribbon = new Ribbon({
      copy: (text) => this.#controls?.copy(text),
      unpin: () => {
        const pin = this.session.state.view.selection.pins.at(-1);
        if (pin) this.#unpin(pin, "push");
      },
      light: (line, place) => this.picture.light(line, place),
    });
    this.#telling = new Telling(this, this.ribbon, (words) => this.readout.speak(spoken(words, [])));
    this.picture.legends.root.classList.toggle("is-live", backend.live);
    this.#assemble();
    this.#start(opening);
  }

  /** Select a matrix; `look` also brings it into the picture. */
  select(node: number | null, look = false): void {
    const { selection } = this.session.state.view;
    void this.session.update({ selection: { ...selection, node } });
    const face = this.picture.faces.find((face) => face.node === node && face.part === null);
    if (look && face) this.picture.focus(face);
  }

  /** Pin a cell and bring it into the picture. */
  goTo(pin: Pin): void {
    this.#pin(pin, false, "push");
    this.picture.goTo(pin);
    const reading = this.picture.pinned.at(-1);
    if (reading) this.readout.speak(this.#words(reading));
  }

  /** Report a problem; until the controls are built it waits for them. */
  problem(problem: Problem | null): void {
    this.#problem = problem;
    this.#controls?.problem(problem);
  }

  /** One finished edit back, or forward. */
  undo(way: "undo" | "redo"): void {
    if (this.#tookClick()) this.address.record(this.session.state.view, "push");
    this.address[way]();
  }

  /** Where keys are heard. */
  get keys(): Document | HTMLElement {
    return this.page.keys ?? this.root;
  }

  /** The controls are built. */
  add(controls: Controls): void {
    this.#controls = controls;
    this.keys.removeEventListener("keydown", this.#hear);
    controls.problem(this.#problem);
    for (const event of this.#early.splice(0)) controls.press(event);
  }

  #assemble(): void {
    show(this.#caption, false);
    fill(this.dock, this.readout.cards, this.#caption, this.#colourBar.root);
    const { stage } = this.picture;
    stage.root.append(this.readout.tip, this.dock);
    this.main.append(el("div", { class: "mc-view" }, stage.root, this.ribbon.root, this.player.root));
    fill(this.root, this.header, this.main, this.#working.line, this.#working.root, this.readout.spoken);
    const { signal } = this.activity;
    this.keys.addEventListener("keydown", this.#hear, { signal });
    matchMedia("(prefers-color-scheme: light)").addEventListener("change", () => this.follow(), { signal });
  }

  #start({ bytes, problem }: Opening): void {
    const { scene, layout, view } = this.session.state;
    this.page.title(scene.head.title);
    this.follow();
    this.picture.stage.stats.bytes = bytes;
    this.picture.stage.start(scene, layout.key, this.session.backend.still, this.page.surface);
    this.#problem = problem;
    if (problem === null) this.address.record(view, "replace");
    this.#cameraBefore = this.picture.camera;
  }

  // --- what happens ---------------------------------------------------------------------------

  #changed(now: State, before: State): void {
    const from = this.#cameraBefore ?? this.picture.camera;
    this.playing.follow();
    if (now.film !== null) this.player.draw();
    this.#drawCaption();
    if (now.scene !== before.scene || !sameButMoved(now.view, before.view)) this.follow();
    this.picture.changed(now, before, from);
    this.#cameraBefore = this.picture.camera;
    if (now.scene.head !== before.scene.head) this.page.title(now.scene.head.title);
    this.#controls?.changed?.(now, before, this.picture.byHand);
  }

  /** Let every part show the present state. */
  follow(): void {
    this.#paint();
    this.player.follow();
    this.readout.pins(this.picture.pinned);
    this.#drawBar(null);
    this.#telling.draw();
    this.#drawCaption();
    this.#controls?.follow();
    this.picture.stage.invalidate();
  }

  #filmMoved(seen: boolean): void {
    this.player.draw();
    this.#drawCaption();
    if (!seen) return;
    this.picture.refresh();
    this.readout.pins(this.picture.pinned);
    this.#telling.draw();
    this.picture.stage.invalidate();
  }

  #words(reading: Reading): string {
    if (!reading.whole) return plainText(reading);
    const labels = [reading.rowLabel, reading.colLabel].filter((text) => text !== null).map(visible);
    return spoken(this.#telling.of(reading.pin), labels);
  }

  #hovered(reading: Reading | null): void {
    this.#drawBar(reading);
    this.#telling.draw();
    this.#controls?.hovered(reading);
  }

  #clicked(reading: Reading, more: boolean): void {
    if (this.#tookClick()) this.address.record(this.session.state.view, "push");
    this.#selectedBefore = this.session.state.view.selection;
    const { pins } = this.#selectedBefore;
    if (pins.some((pin) => samePin(pin, reading.pin))) this.#unpin(reading.pin, "preview");
    else this.#pin(reading.pin, more, "preview");
    // A moment later it is an entry of undo: it may be the first of two clicks, which pin nothing.
    this.#click = this.activity.after(CLICK_MS, () => {
      if (this.#tookClick()) this.address.record(this.session.state.view, "push");
    });
  }

  /** Whether a click waits to be remembered; it waits no longer. */
  #tookClick(): boolean {
    const waiting = this.#click !== null;
    this.#click?.cancel();
    this.#click = null;
    return waiting;
  }

  #pin(pin: Pin, more: boolean, entry: Entry): void {
    const { pins } = this.session.state.view.selection;
    const others = more ? pins.filter((other) => !samePin(other, pin)).slice(-63) : [];
    void this.session.update({ selection: { node: pin.node, pins: [...others, pin] } }, entry);
  }

  #unpin(pin: Pin, entry: Entry): void {
    const { selection } = this.session.state.view;
    const pins = selection.pins.filter((other) => !samePin(other, pin));
    void this.session.update({ selection: { ...selection, pins } }, entry);
  }

  /** The reader went back or forward, or changed the address. */
  async #recall(entry: FragmentView): Promise<void> {
    if (entry.kind === "damaged") {
      this.problem(damaged(entry.reason));
      return;
    }
    await this.session.change(entry.kind === "view" ? entry.view : this.#first, "replace", true);
  }

  // --- looks ----------------------------------------------------------------------------------

  #drawBar(reading: Reading | null): void {
    const { scene, view, layout } = this.session.state;
    const root = layout.faces[layout.root_face]?.node;
    const node = reading?.matrix.node ?? view.selection.node ?? root;
    const drawn = layout.faces.map((face) => face.node);
    // During a film a face may show raw sums, on the scale of their own node.
    const parts = this.playing.moment?.parts;
    const own = layout.faces.flatMap(({ id, node: of }) => (of === node ? (parts?.get(id) ?? []) : []));
    const raw = own.find((part) => part.node !== node)?.node;
    const mixed = raw !== undefined && own.some((part) => part.node === node);
    const matrixAt = (at: number | undefined) => (at === undefined ? undefined : matrixOf(scene, at));
    this.#colourBar.draw(
      scene.head,
      matrixAt(mixed ? node : (raw ?? node)),
      drawn,
      view,
      this.picture.theme,
      parts?.size ? (matrixAt(mixed ? raw : undefined) ?? null) : undefined,
    );
  }

  /** What devices send each other now, and what the lit one holds and sends. */
  #drawCaption(): void {
    const { scene, view } = this.session.state;
    const sent = sentencesOf(scene.head, this.playing.exchanges);
    const texts = [...sent, ...captionsOf(scene.head, view.device)];
    if (texts.join("\n") === this.#captions) return;
    this.#captions = texts.join("\n");
    show(this.#caption, texts.length > 0);
    fill(this.#caption, ...texts.map((text) => el("p", { text })));
  }

  /** The theme's colours as custom properties: style sheets may not be written into the page. */
  #paint(): void {
    const name = this.picture.theme;
    const theme = themeOf(this.session.state.scene.head, name);
    this.root.dataset.theme = name;
    const { style } = this.session.state.view;
    const ink = inkOf(this.session.state.scene.head, style.palette, name);
    for (const key of ["positive", "negative"] as const)
      this.root.style.setProperty(`--mc-${key}`, cssColour(ink[key].at(-1) ?? 0));
    for (const key of ["ground", "text", "muted", "accent", "left", "right"] as const) {
      this.root.style.setProperty(`--mc-${key}`, cssColour(theme[key]));
    }
    this.root.style.colorScheme = name;
    this.page.themed(name, cssColour(theme.ground));
  }

  #taken() {
    const stage = this.picture.stage.root.getBoundingClientRect();
    const strip = this.ribbon.root.classList.contains("is-passing") ? [] : [this.ribbon.root];
    const own = [this.readout.cards, this.#caption, this.#colourBar.root];
    return [...own, ...strip, ...(this.#controls?.over ?? [])]
      .filter((element) => !element.hidden)
      .map((element) => element.getBoundingClientRect())
      .map(({ left, top, width, height }) => ({
        x: left - stage.left,
        y: top - stage.top,
        w: width,
        h: height,
      }));
  }
}

/** What is said of a link that cannot be read. */
export function damaged(reason: string): Problem {
  return problem(
    "Link",
    `the link cannot be used: ${reason}`,
    "the figure is shown as it was without the link",
  );
}

function samePin(a: Pin, b: Pin): boolean {
  return a.node === b.node && a.row === b.row && a.col === b.col;
}
