// What keys and buttons do.

import { captionsOf } from "../core/devices";
import type { FilmView, Pin } from "../core/types.gen";
import type { App } from "../ui/app";
import { oddCounts } from "../ui/colourbar";
import { asPython } from "../ui/reading";
import { plays } from "../ui/restore";
import type { Dialog } from "./dialog";
import type { Flat } from "./flat";
import { flip } from "./flip";
import { findCell, nextOdd, oddFrom } from "./goto";
import { helpDialog } from "./help";
import { arrowOf, type Command, commandOf } from "./keys";
import type { PresetsMenu } from "./presets";
import type { ProgramBar } from "./program";
import type { Share } from "./share";
import type { Stops } from "./stops";
import type { Toolbar } from "./toolbar";

/** What commands act on, beside the picture. */
export interface CommandTargets {
  readonly bar: ProgramBar;
  readonly flat: Flat;
  readonly presets: PresetsMenu;
  readonly share: Share;
  readonly toolbar: Toolbar;
  readonly stops: Stops;
  /** Say that something needs Python, which is not here. */
  needsPython(what: string): void;
  /** Open or close a panel. */
  toggle(side: "left" | "right"): void;
  /** Close both panels. */
  close(): void;
}

/** The commands of a page, its toolbar and its help. */
export class Commands {
  readonly help: Dialog;
  readonly #app: App;
  readonly #targets: CommandTargets;
  readonly #table: Readonly<Record<Command, () => void>>;

  constructor(app: App, targets: CommandTargets) {
    this.#app = app;
    this.#targets = targets;
    this.help = helpDialog(app.page.alone);
    this.#table = {
      fit: () => targets.flat.fit() || app.picture.fit(),
      flat: () => {
        const reason = targets.flat.toggle();
        if (reason !== null) targets.share.toast(reason);
      },
      zoomIn: () => app.picture.zoom(1.25),
      zoomOut: () => app.picture.zoom(0.8),
      theme: () => void app.session.style({ theme: app.picture.theme === "dark" ? "light" : "dark" }),
      legends: () => void app.session.style({ legends: !app.session.state.view.style.legends }),
      sheets: () => this.#sheets(),
      hide: () => this.#hide(),
      isolate: () => this.#isolate(),
      pull: () => this.#pull(),
      device: () => this.#device(),
      showAll: () => void app.session.update({ hidden: [], faded: [], isolated: null, device: null }),
      goto: () => this.#targets.toolbar.openGoto(),
      next: () => void this.#odd(1),
      previous: () => void this.#odd(-1),
      help: () => {
        targets.presets.dialog.close();
        this.help.toggle();
      },
      escape: () => this.#escape(),
      undo: () => app.undo("undo"),
      redo: () => app.undo("redo"),
      edit: () => targets.bar.focus(),
      inspect: () => targets.toggle("left"),
      looks: () => targets.toggle("right"),
      presets: () => {
        this.help.close();
        if (app.session.backend.live) targets.presets.toggle();
        else targets.needsPython("Another figure");
      },
      stopForth: () => targets.stops.step(1),
      stopBack: () => targets.stops.step(-1),
      copy: () => this.#copy(),
      film: () => this.#film(),
      play: () => app.playing.toggle(),
      stepBack: () => app.playing.step(-1),
      stepForth: () => app.playing.step(1),
      filmStart: () => app.playing.seek(0),
      filmEnd: () => app.playing.seek(Number.POSITIVE_INFINITY),
    };
  }

  run(command: Command): void {
    this.#table[command]();
  }

  /** Hear the keys of the page, or of the figure alone. */
  listen(): void {
    const { keys, root, activity } = this.#app;
    // The picture is ringed only for those who came to it by keys: it is focused by every press, too.
    const pressed = () => root.removeAttribute("data-keys");
    const hear = (event: Event) => {
      if (!(event instanceof KeyboardEvent)) return;
      if (event.key === "Tab") root.dataset.keys = "";
      this.hear(event);
    };
    keys.addEventListener("pointerdown", pressed, { signal: activity.signal });
    keys.addEventListener("keydown", hear, { signal: activity.signal });
  }

  /** Do what a key means, but not those that are typed into a field. */
  hear(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.isComposing || isTyping(event.target)) return;
    if (this.#press(event)) event.preventDefault();
  }

  /** Do what a key means, and say whether it means anything. */
  #press(event: KeyboardEvent): boolean {
    const command = this.#meant(event);
    const dialog = [this.help, this.#targets.presets.dialog].find(({ open }) => open);
    if (dialog !== undefined) {
      const closes = command === "escape" || (command === "help" && dialog === this.help);
      if (closes) dialog.close();
      return closes;
    }
    if (command !== null) {
      this.#table[command]();
      return true;
    }
    const arrow = isChoosing(event.target) ? null : arrowOf(event);
    if (arrow === null) return false;
    const [right, up] = arrow;
    if (inPlayer(event.target)) this.#app.playing.step(right + up > 0 ? 1 : -1);
    else this.#app.picture.step(right, up, event.shiftKey);
    return true;
  }

  /** The command of a key here: keys of the film only with a film, and never those a control has its own use for. */
  #meant(event: KeyboardEvent): Command | null {
    const command = commandOf(event);
    if (command === null || !FILM_KEYS.has(command)) return command;
    if (this.#app.session.state.film === null || isChoosing(event.target)) return null;
    const pressing = event.target instanceof Element && event.target.closest("button, summary") !== null;
    return command === "play" && pressing ? null : command;
  }

  #film(): void {
    const { state, backend } = this.#app.session;
    const { view, scene } = state;
    if (state.film !== null) {
      void this.#app.session.update({ film: { ...view.film, algorithm: "none", each: {} } });
      return;
    }
    const made = scene.head.view.film;
    const algorithms = scene.head.vocabulary.algorithms
      .map(({ name }) => name)
      .filter((name) => name !== "none");
    const first = algorithms.find((name) => name === FIRST_ALGORITHM) ?? algorithms[0] ?? "none";
    const wanted =
      scene.head.film === null ? { ...view.film, algorithm: first } : { ...view.film, ...chosen(made) };
    if (scene.head.film === null && !backend.live) {
      this.#targets.needsPython("A film");
      return;
    }
    if (!plays(wanted)) return;
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    void this.#app.session.update({ film: { ...wanted, t: 0 } }).then((shown) => {
      if (shown && !still) this.#app.playing.play();
    });
  }

  /** Go to a cell by what was typed; why not, or null. */
  goTo(text: string): string | null {
    const target = findCell(this.#app.session.state.scene, text);
    if ("reason" in target) return target.reason;
    if (!this.#drawn(target.pin) && this.#app.session.state.view.layout.sheets === "open")
      return "this matrix is not in the picture";
    void this.#reach(target.pin);
    return null;
  }

  #drawn(pin: Pin): boolean {
    return this.#app.session.state.layout.faces.some((face) => face.node === pin.node && face.part === null);
  }

  /** Go to a cell; a matrix that lies inside closed sheets is opened first. */
  async #reach(pin: Pin): Promise<void> {
    if (!this.#drawn(pin) && this.#app.session.state.view.layout.sheets === "closed")
      await this.#app.session.layout({ sheets: "open" });
    this.#app.goTo(pin);
  }

  #sheets(): void {
    const open = this.#app.session.state.view.layout.sheets === "open";
    void this.#app.session.layout({ sheets: open ? "closed" : "open" });
  }

  /** The matrix that a key means: the selected one, else the one under the pointer. */
  get #subject(): number | null {
    return this.#app.session.state.view.selection.node ?? this.#app.picture.hovered?.matrix.node ?? null;
  }

  #hide(): void {
    const subject = this.#subject;
    if (subject === null) this.#targets.share.toast("Select a matrix first.");
    else void this.#app.session.update({ hidden: flip(this.#app.session.state.view.hidden, subject) });
  }

  #isolate(): void {
    const { isolated } = this.#app.session.state.view;
    if (isolated !== null) void this.#app.session.update({ isolated: null });
    else if (this.#subject !== null) void this.#app.session.update({ isolated: this.#subject });
    else this.#targets.share.toast("Select a matrix first.");
  }

  /** Take the chosen head out of its deck, or put it back. */
  #pull(): void {
    const { scene, view } = this.#app.session.state;
    const copy = scene.head.matrices.find(({ node }) => node === this.#subject)?.copy ?? null;
    if (copy === null) this.#targets.share.toast("Select one head of a deck first.");
    else void this.#app.session.layout({ pull: flip(view.layout.pull, copy.index) });
  }

  /** Light the first device of a partition, the next one, and after the last all of them. */
  #device(): void {
    const { session, readout } = this.#app;
    const { partition } = session.state.scene.head;
    if (!partition) {
      this.#targets.share.toast("No axis is split among devices.");
      return;
    }
    const next = (session.state.view.device ?? -1) + 1;
    const device = next < partition.devices.length ? next : null;
    void session.update({ device });
    readout.speak(captionsOf(session.state.scene.head, device)[0] ?? "all devices");
  }

  /** Go to the next NaN or Inf, through all matrices in their order, beginning at the chosen one. */
  async #odd(step: 1 | -1): Promise<void> {
    const { session } = this.#app;
    const { share } = this.#targets;
    const { matrices } = session.state.scene.head;
    const odd = matrices.filter(
      ({ stats }) => stats !== null && stats.nan + stats.pos_inf + stats.neg_inf > 0,
    );
    await session.bring(odd.map((matrix) => matrix.node));
    const { scene, view } = session.state;
    const nodes = scene.head.matrices.map((matrix) => matrix.node).sort((a, b) => a - b);
    const pin = nextOdd(scene, nodes, oddFrom(view.selection, step), step);
    const [first] = odd;
    if (pin !== null) await this.#reach(pin);
    else if (first === undefined) share.toast("There is no NaN or Inf in this figure.");
    else share.toast(`${first.name} has ${oddCounts(first)}, but its cells are not in this page.`);
  }

  #copy(): void {
    const reading = this.#app.picture.hovered ?? this.#app.picture.pinned.at(-1);
    if (reading) void this.#targets.share.copy(asPython(reading));
    else this.#targets.share.toast("Point at a cell first.");
  }

  #escape(): void {
    const app = this.#app;
    if (this.#targets.toolbar.closeGoto()) return;
    const { selection, isolated, device } = app.session.state.view;
    if (selection.pins.length > 0) void app.session.update({ selection: { ...selection, pins: [] } });
    else if (selection.node !== null) app.select(null);
    else if (isolated !== null) void app.session.update({ isolated: null });
    else if (device !== null) void app.session.update({ device: null });
    else this.#targets.close();
    app.picture.point(null);
  }
}

const FILM_KEYS: ReadonlySet<Command> = new Set(["play", "stepBack", "stepForth", "filmStart", "filmEnd"]);
/** What the button starts with: a few steps that fill whole rows. */
const FIRST_ALGORITHM = "vmprod";

const chosen = ({ algorithm, each, fuse }: FilmView) => ({ algorithm, each, fuse });

const inPlayer = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest(".mc-player") !== null;

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLTextAreaElement || target.isContentEditable) return true;
  return target instanceof HTMLInputElement && (target.type === "text" || target.type === "number");
}

/** A control that has its own use for the arrow keys. */
function isChoosing(target: EventTarget | null): boolean {
  const own = target instanceof HTMLInputElement || target instanceof HTMLSelectElement;
  return own || (target instanceof Element && target.closest(".mc-table-scroll, [role=tree]") !== null);
}
