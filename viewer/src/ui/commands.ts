// What keys and buttons do.

import type { Pin } from "../core/types.gen";
import type { App } from "./app";
import { toldOdd } from "./colourbar";
import { findCell, nextOdd, oddFrom } from "./goto";
import { Help } from "./help";
import { arrowOf, type Command, commandOf } from "./keys";
import { flip } from "./matrices";
import { asPython } from "./reading";
import { Toolbar } from "./toolbar";

/** The commands of a page, its toolbar and its help. */
export class Commands {
  readonly help = new Help();
  readonly toolbar: Toolbar;
  private readonly app: App;
  private readonly table: Readonly<Record<Command, () => void>>;

  constructor(app: App) {
    this.app = app;
    this.toolbar = new Toolbar({
      run: (command) => this.table[command](),
      page: (name) => app.panel.toggle(name),
      share: () => void app.share.link(app.session.state.view),
      goto: (text) => this.goTo(text),
    });
    this.table = {
      fit: () => app.picture.fit(),
      zoomIn: () => app.picture.zoom(1.25),
      zoomOut: () => app.picture.zoom(0.8),
      theme: () => void app.session.style({ theme: app.picture.theme === "dark" ? "light" : "dark" }),
      legends: () => void app.session.style({ legends: !app.session.state.view.style.legends }),
      sheets: () => this.sheets(),
      hide: () => this.hide(),
      isolate: () => this.isolate(),
      showAll: () => void app.session.update({ hidden: [], faded: [], isolated: null }),
      goto: () => this.toolbar.openGoto(),
      next: () => void this.odd(1),
      previous: () => void this.odd(-1),
      help: () => this.help.toggle(),
      escape: () => this.escape(),
      undo: () => app.address.undo(),
      redo: () => app.address.redo(),
      edit: () => app.bar.focus(),
      inspect: () => app.panel.toggle(app.panel.current ?? "inspect"),
      copy: () => this.copy(),
    };
  }

  /** Hear the keys of the whole page, but not those that are typed into a field. */
  listen(root: HTMLElement): void {
    // The picture is ringed only for those who came to it by keys: it is focused by every press, too.
    document.addEventListener("pointerdown", () => root.removeAttribute("data-keys"));
    document.addEventListener("keydown", (event) => {
      if (event.key === "Tab") root.dataset.keys = "";
      if (event.defaultPrevented || event.isComposing || isTyping(event.target)) return;
      const command = commandOf(event);
      if (this.help.open && command !== "help") return;
      const arrow = command === null && !isChoosing(event.target) ? arrowOf(event) : null;
      if (arrow !== null) this.app.picture.step(arrow[0], arrow[1], event.shiftKey);
      else if (command !== null) this.table[command]();
      else return;
      event.preventDefault();
    });
  }

  private goTo(text: string): string | null {
    const found = findCell(this.app.session.state.scene, text);
    if ("reason" in found) return found.reason;
    if (!this.drawn(found.pin) && this.app.session.state.view.layout.sheets === "open")
      return "this matrix is not in the picture";
    void this.reach(found.pin);
    return null;
  }

  private drawn(pin: Pin): boolean {
    return this.app.session.state.layout.faces.some((face) => face.node === pin.node);
  }

  /** Go to a cell; a matrix that lies inside closed sheets is opened first. */
  private async reach(pin: Pin): Promise<void> {
    if (!this.drawn(pin) && this.app.session.state.view.layout.sheets === "closed")
      await this.app.session.layout({ sheets: "open" });
    this.app.goTo(pin);
  }

  private sheets(): void {
    const open = this.app.session.state.view.layout.sheets === "open";
    void this.app.session.layout({ sheets: open ? "closed" : "open" });
  }

  /** The matrix that a key means: the selected one, else the one under the pointer. */
  private get subject(): number | null {
    return this.app.session.state.view.selection.node ?? this.app.picture.hovered?.matrix.node ?? null;
  }

  private hide(): void {
    const { subject } = this;
    if (subject === null) this.app.readout.speak("Select a matrix first");
    else void this.app.session.update({ hidden: flip(this.app.session.state.view.hidden, subject) });
  }

  private isolate(): void {
    const { isolated } = this.app.session.state.view;
    if (isolated !== null) void this.app.session.update({ isolated: null });
    else if (this.subject !== null) void this.app.session.update({ isolated: this.subject });
  }

  /** Go to the next NaN or Inf, through all matrices in their order, beginning at the chosen one. */
  private async odd(step: 1 | -1): Promise<void> {
    const { session, share } = this.app;
    const { matrices } = session.state.scene.head;
    const odd = matrices.filter(
      ({ stats }) => stats !== null && stats.nan + stats.pos_inf + stats.neg_inf > 0,
    );
    await session.bring(odd.map((matrix) => matrix.node));
    const { scene, view } = session.state;
    const nodes = scene.head.matrices.map((matrix) => matrix.node).sort((a, b) => a - b);
    const pin = nextOdd(scene, nodes, oddFrom(view.selection, step), step);
    const [first] = odd;
    if (pin !== null) await this.reach(pin);
    else if (first === undefined) share.toast("There is no NaN and no Inf in this figure.");
    else share.toast(`${first.name} has ${toldOdd(first)}, but its cells are not in this page.`);
  }

  private copy(): void {
    const reading = this.app.picture.hovered ?? this.app.picture.pinned.at(-1);
    if (reading) void this.app.share.copy(asPython(reading));
    else this.app.share.toast("Point at a cell first.");
  }

  private escape(): void {
    const { app } = this;
    if (this.toolbar.closeGoto()) return;
    const { selection, isolated } = app.session.state.view;
    if (selection.pins.length > 0)
      void app.session.update({ selection: { ...selection, pins: [] } }, "replace");
    else if (selection.node !== null) app.select(null);
    else if (isolated !== null) void app.session.update({ isolated: null });
    else app.panel.close();
    app.picture.leave();
  }
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLTextAreaElement || target.isContentEditable) return true;
  return target instanceof HTMLInputElement && target.type === "text";
}

/** A control that has its own use for the arrow keys. */
function isChoosing(target: EventTarget | null): boolean {
  const own = target instanceof HTMLInputElement || target instanceof HTMLSelectElement;
  return own || (target instanceof Element && target.closest(".mc-table-scroll, [role=tablist]") !== null);
}
