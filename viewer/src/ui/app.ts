// The page: its parts, put together around one session.

import { cssColour, themeOf } from "../core/palette";
import { matrixOf } from "../core/sums";
import type { Pin, Problem, View } from "../core/types.gen";
import type { LoadedScene } from "../core/wire";
import { Address } from "./address";
import { type Backend, problem } from "./backend";
import { ColourBar } from "./colourbar";
import { Commands } from "./commands";
import { Controls } from "./controls";
import { el, fill } from "./dom";
import type { FragmentView } from "./fragment";
import { Inspect } from "./inspect";
import { Matrices } from "./matrices";
import { Panel } from "./panel";
import { Picture } from "./picture";
import { Player } from "./player";
import { Playing } from "./playing";
import { ProgramBar } from "./program";
import { asPython, type Reading } from "./reading";
import { plainText, Readout } from "./readout";
import { Session, type State, sameButMoved } from "./session";
import { Share } from "./share";
import { splitFurther } from "./splitting";
import type { Toolbar } from "./toolbar";

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

const BUSY_AFTER_MS = 300;

/** One open page. */
export class App {
  readonly session: Session;
  readonly picture: Picture;
  readonly readout: Readout;
  readonly panel: Panel;
  readonly toolbar: Toolbar;
  readonly bar: ProgramBar;
  readonly address: Address;
  readonly playing: Playing;
  readonly player: Player;
  readonly share: Share;
  readonly #controls: Controls;
  readonly #inspect: Inspect;
  readonly #matrices: Matrices;
  readonly #colourBar = new ColourBar();
  readonly #busy = el("div", { class: "mc-busy", label: "Working", attrs: { role: "progressbar" } });
  readonly #root: HTMLElement;
  readonly #first: View;
  #pinsBefore: readonly Pin[] = [];
  #cameraBefore: View["camera"] = null;
  #busyTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(root: HTMLElement, backend: Backend, opening: Opening) {
    this.#root = root;
    this.session = new Session(backend, opening.scene, opening.view, {
      changed: (now, before) => this.#changed(now, before),
      record: (view, entry) => this.address.record(view, entry),
      problem: (found) => this.bar.problem(found),
      busy: (busy) => this.#showBusy(busy),
    });
    this.#first = this.session.state.view;
    this.address = new Address(this.#first, (found) => void this.#recall(found));
    this.share = new Share(this.address);
    this.readout = new Readout({
      copy: (reading) => this.share.copy(asPython(reading)),
      unpin: (pin) => this.#unpin(pin),
      go: (pin) => this.picture.goTo(pin),
    });
    this.playing = new Playing(this.session, { moved: (seen) => this.#filmMoved(seen) });
    this.player = new Player(this.session, this.playing);
    this.picture = new Picture(this.session, this.playing, this.readout, {
      hovered: (reading) => this.#hovered(reading),
      clicked: (reading, more) => this.#clicked(reading, more),
      unclicked: () => {
        const pins = this.#pinsBefore;
        void this.session.update({ selection: { ...this.session.state.view.selection, pins } }, "replace");
      },
      split: (axis, back) => {
        const { scene, view } = this.session.state;
        void this.session.update({ partition: splitFurther(scene.head, view, axis, back) });
      },
      taken: () => this.#taken(),
    });
    this.picture.legends.root.classList.toggle("is-live", backend.live);
    this.bar = new ProgramBar({
      live: backend.live,
      apply: (program, leaves) => void this.session.update({ program, leaves }),
      command: () => this.share.command(this.session.state.view),
      copy: (text) => void this.share.copy(text),
    });
    this.#controls = new Controls(this.session);
    this.#inspect = new Inspect({
      go: (pin) => this.goTo(pin),
      picture: () => this.picture.stage.snapshot(),
    });
    this.#matrices = new Matrices({
      select: (node) => this.select(node, true),
      update: (fields) => void this.session.update(fields),
    });
    const pages = { inspect: this.#inspect.root, looks: this.#controls.root, matrices: this.#matrices.root };
    this.panel = new Panel(pages, () => this.#follow());
    const commands = new Commands(this);
    this.toolbar = commands.toolbar;
    this.#assemble(commands);
    this.#start(opening);
  }

  /** Select a matrix; `look` also brings it into the picture. */
  select(node: number | null, look = false): void {
    const { selection } = this.session.state.view;
    void this.session.update({ selection: { ...selection, node } }, "replace");
    const face = this.picture.faces.find((one) => one.node === node && one.part === null);
    if (look && face) this.picture.focus(face);
  }

  /** Pin a cell and bring it into the picture. */
  goTo(pin: Pin): void {
    this.#pin(pin, false);
    this.picture.goTo(pin);
    const reading = this.picture.pinned.at(-1);
    if (reading) this.readout.speak(plainText(reading));
  }

  #assemble(commands: Commands): void {
    const header = el(
      "header",
      { class: "mc-header" },
      this.bar.root,
      this.toolbar.root,
      this.toolbar.gotoBox,
    );
    const dock = el("div", { class: "mc-dock" }, this.readout.cards, this.#colourBar.root);
    const { stage } = this.picture;
    stage.root.append(this.readout.tip, dock);
    const view = el("div", { class: "mc-view" }, stage.root, this.player.root);
    const main = el("main", { class: "mc-main" }, view, this.panel.root);
    fill(this.#root, header, main, this.#busy, this.readout.spoken, this.share.root, commands.help.root);
    this.#root.classList.add("mc");
    this.#busy.hidden = true;
    commands.listen(this.#root);
    matchMedia("(prefers-color-scheme: light)").addEventListener("change", () => this.#follow());
  }

  #start(opening: Opening): void {
    const { scene, layout, view } = this.session.state;
    document.title = scene.head.title === "" ? "matcube" : `${scene.head.title} · matcube`;
    this.#follow();
    this.picture.stage.stats.bytes = opening.bytes;
    this.picture.stage.start(scene, layout.key, this.session.backend.still);
    if (opening.proposed !== null) this.bar.propose(opening.proposed);
    this.bar.problem(opening.problem);
    if (opening.problem === null) this.address.record(view, "replace");
    if (this.picture.stage.failure !== null) {
      this.panel.show("inspect");
      const root = layout.faces[layout.root_face];
      if (view.selection.node === null && root) this.select(root.node);
    }
    this.#cameraBefore = this.picture.camera;
  }

  // --- what happens ---------------------------------------------------------------------------

  #changed(now: State, before: State): void {
    const from = this.#cameraBefore ?? this.picture.camera;
    this.playing.follow();
    if (now.film !== null) this.player.draw();
    if (now.scene !== before.scene || !sameButMoved(now.view, before.view)) this.#follow();
    this.picture.changed(now, before, from);
    this.#cameraBefore = this.picture.camera;
    if (now.scene.head !== before.scene.head)
      document.title = `${now.scene.head.title || "matcube"} · matcube`;
  }

  /** Let every part show the present state. */
  #follow(): void {
    const { state } = this.session;
    const { scene, view } = state;
    this.#paint();
    this.bar.set(scene.head.view.program, scene.head.view.leaves);
    const page = this.panel.current;
    if (page === "looks") this.#controls.draw(state);
    if (page === "matrices") this.#matrices.draw(state);
    if (page === "inspect") this.#showSelected(state);
    const next = view.layout.sheets === "open" ? "closed" : "open";
    const sheetsWork =
      this.session.backend.live ||
      this.session.canAlone({ ...view, layout: { ...view.layout, sheets: next } });
    const film = this.session.state.film !== null;
    const filmWorks = film || this.session.backend.live || scene.head.film !== null;
    this.toolbar.draw({ sheets: view.layout.sheets === "open", sheetsWork, page, film, filmWorks });
    this.player.follow();
    this.readout.pins(this.picture.pinned);
    this.#drawBar(null);
    this.#root.classList.toggle("has-panel", page !== null);
    this.picture.stage.invalidate();
  }

  #filmMoved(seen: boolean): void {
    this.player.draw();
    if (!seen) return;
    this.picture.refresh();
    this.readout.pins(this.picture.pinned);
    this.picture.stage.invalidate();
  }

  #showSelected({ scene, view }: State): void {
    const matrix = view.selection.node === null ? undefined : matrixOf(scene, view.selection.node);
    this.#inspect.draw(this.picture.source, matrix);
    this.#inspect.drawRow(this.picture.source, view.selection.pins.at(-1) ?? null);
  }

  #hovered(reading: Reading | null): void {
    this.#drawBar(reading);
    if (reading && this.panel.current === "inspect") this.#inspect.drawRow(this.picture.source, reading.pin);
  }

  #clicked(reading: Reading, more: boolean): void {
    const { pins } = this.session.state.view.selection;
    this.#pinsBefore = pins;
    if (pins.some((pin) => samePin(pin, reading.pin))) this.#unpin(reading.pin);
    else this.#pin(reading.pin, more);
  }

  #pin(pin: Pin, more: boolean): void {
    const { pins } = this.session.state.view.selection;
    const kept = more ? pins.filter((one) => !samePin(one, pin)).slice(-63) : [];
    void this.session.update({ selection: { node: pin.node, pins: [...kept, pin] } }, "replace");
  }

  #unpin(pin: Pin): void {
    const { selection } = this.session.state.view;
    const pins = selection.pins.filter((one) => !samePin(one, pin));
    void this.session.update({ selection: { ...selection, pins } }, "replace");
  }

  /** The reader went back or forward, or changed the address. */
  async #recall(found: FragmentView): Promise<void> {
    if (found.kind === "damaged") {
      this.bar.problem(damaged(found.reason));
      return;
    }
    await this.session.change(found.kind === "view" ? found.view : this.#first, "replace", true);
  }

  // --- looks ----------------------------------------------------------------------------------

  #drawBar(reading: Reading | null): void {
    const { scene, view, layout } = this.session.state;
    const root = layout.faces[layout.root_face]?.node;
    const node = reading?.matrix.node ?? view.selection.node ?? root;
    const matrix = node === undefined ? undefined : matrixOf(scene, node);
    const drawn = layout.faces.map((face) => face.node);
    this.#colourBar.draw(scene.head, matrix, drawn, view, this.picture.theme);
  }

  /** The theme's colours as custom properties: style sheets may not be written into the page. */
  #paint(): void {
    const name = this.picture.theme;
    const theme = themeOf(this.session.state.scene.head, name);
    this.#root.dataset.theme = name;
    for (const key of ["ground", "text", "muted", "accent", "left", "right"] as const) {
      document.documentElement.style.setProperty(`--mc-${key}`, cssColour(theme[key]));
    }
    document.documentElement.style.colorScheme = name;
  }

  #taken() {
    const stage = this.picture.stage.root.getBoundingClientRect();
    return [this.readout.cards, this.#colourBar.root, this.bar.root]
      .filter((element) => !element.hidden)
      .map((element) => element.getBoundingClientRect())
      .map(({ left, top, width, height }) => ({
        x: left - stage.left,
        y: top - stage.top,
        w: width,
        h: height,
      }));
  }

  #showBusy(busy: boolean): void {
    clearTimeout(this.#busyTimer);
    if (busy) {
      this.#busyTimer = setTimeout(() => {
        this.#busy.hidden = false;
      }, BUSY_AFTER_MS);
    } else this.#busy.hidden = true;
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
