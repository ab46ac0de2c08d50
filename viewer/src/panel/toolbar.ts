// The row of buttons, and the small line in which a cell is named to go to.

import { el, say, show } from "../ui/dom";
import { type IconName, iconButton } from "../ui/icons";
import type { Command } from "./keys";

/** What the buttons do. */
export interface ToolbarHost {
  run(command: Command): void;
  share(): void;
  /** Go to the cell; returns why not, or null. */
  goto(text: string): string | null;
}

/** Buttons at the top (on a phone: at the bottom). */
export class Toolbar {
  readonly root: HTMLElement;
  readonly gotoBox: HTMLElement;
  readonly #input: HTMLInputElement;
  readonly #reason = el("div", { class: "mc-goto-reason", attrs: { role: "alert" } });
  readonly #host: ToolbarHost;
  readonly #buttons = new Map<string, HTMLButtonElement>();

  constructor(host: ToolbarHost) {
    this.#host = host;
    this.root = el(
      "div",
      { class: "mc-toolbar", label: "Tools", attrs: { role: "toolbar" } },
      this.#button("undo", "undo", "Undo", "Undo (Ctrl+Z)", () => host.run("undo")),
      this.#button("redo", "redo", "Redo", "Redo (Ctrl+Shift+Z)", () => host.run("redo")),
      this.#button("fit", "fit", "Fit", "Show everything (F)", () => host.run("fit")),
      this.#button("flat", "flat", "Flat", "One matrix alone, face on (V)", () => host.run("flat")),
      this.#button("goto", "goto", "Go to cell", "Go to a cell by name (G)", () => this.openGoto()),
      this.#button("open-sheets", "sheets", "Sheets", "Open or close the sheets (S)", () =>
        host.run("sheets"),
      ),
      this.#button("film", "film", "Film", "Play how each number is computed (M)", () => host.run("film")),
      this.#button("toggle-theme", "theme", "Theme", "Dark or light (T)", () => host.run("theme")),
      this.#button("link", "link", "Copy link", "Copy a link to this view", () => host.share()),
      this.#button("presets", "presets", "Presets", "Ready-made figures (R)", () => host.run("presets")),
      this.#button("inspect", "list", "Expression", "Expression and selected value (P)", () =>
        host.run("inspect"),
      ),
      this.#button("looks", "looks", "Looks", "Layout, colour, film, partition (O)", () => host.run("looks")),
      this.#button("help", "help", "Help", "Help (?)", () => host.run("help")),
      this.#button("more", "more", "More", "More tools", () => this.#more()),
    );
    this.#input = el("input", {
      class: "mc-goto-text",
      label: "Cell to go to",
      title: "A name and two indices or labels: Enter goes there",
      attrs: { type: "text", placeholder: "attn[3, 7]", spellcheck: "false", autocomplete: "off" },
      on: { keydown: (event) => this.#key(event as KeyboardEvent) },
    });
    this.gotoBox = el("div", { class: "mc-goto" }, this.#input, this.#reason);
    show(this.gotoBox, false);
    show(this.#reason, false);
  }

  /** On a phone: the tools that do not fit into one row. */
  #more(): void {
    const open = this.root.classList.toggle("is-more");
    this.#buttons.get("more")?.setAttribute("aria-expanded", String(open));
  }

  openGoto(): void {
    show(this.gotoBox, true);
    show(this.#reason, false);
    this.#input.focus();
    this.#input.select();
  }

  closeGoto(): boolean {
    const open = !this.gotoBox.hidden;
    show(this.gotoBox, false);
    return open;
  }

  /** Show whether one matrix is seen flat. */
  drawFlat(on: boolean): void {
    this.#buttons.get("flat")?.setAttribute("aria-pressed", String(on));
  }

  /** Show which buttons are on, and which cannot be used. */
  draw(state: {
    readonly flat: boolean;
    readonly sheets: boolean;
    readonly sheetsWork: boolean;
    readonly left: boolean;
    readonly right: boolean;
    readonly live: boolean;
    readonly film: boolean;
    readonly filmWorks: boolean;
  }): void {
    const press = (id: string, on: boolean) =>
      this.#buttons.get(id)?.setAttribute("aria-pressed", String(on));
    this.drawFlat(state.flat);
    press("open-sheets", state.sheets);
    press("film", state.film);
    press("inspect", state.left);
    press("looks", state.right);
    const sheets = this.#buttons.get("open-sheets");
    if (sheets) sheets.disabled = !state.sheetsWork;
    const film = this.#buttons.get("film");
    if (film) film.disabled = !state.filmWorks;
    const presets = this.#buttons.get("presets");
    if (presets) presets.disabled = !state.live;
  }

  #key(event: KeyboardEvent): void {
    if (event.key === "Escape") {
      this.closeGoto();
      event.stopPropagation();
    } else if (event.key === "Enter") {
      const reason = this.#host.goto(this.#input.value);
      show(this.#reason, reason !== null);
      say(this.#reason, reason ?? "");
      if (reason === null) this.closeGoto();
    }
  }

  #button(id: string, image: IconName, label: string, title: string, run: () => void): HTMLButtonElement {
    const button = iconButton(image, label, title, run, id);
    this.#buttons.set(id, button);
    return button;
  }
}
