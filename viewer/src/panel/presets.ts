// The menu of ready-made figures: asked of the server when it is first opened.

import type { Preset } from "../core/types.gen";
import { readView } from "../core/view_state";
import type { App } from "../ui/app";
import { el, fill } from "../ui/dom";
import { Dialog } from "./dialog";

/** A dialog that lists the figures under their headings. */
export class PresetsMenu {
  readonly dialog: Dialog;
  readonly #app: App;
  readonly #list = el("div", { class: "mc-presets", text: "…" });
  #asked = false;

  constructor(app: App) {
    this.#app = app;
    const note = el("p", { text: "A preset replaces the figure; undo restores it." });
    this.dialog = new Dialog("presets", "Presets", app.page.alone, note, this.#list);
  }

  toggle(): void {
    this.dialog.toggle();
    if (!this.#asked) void this.#ask();
  }

  async #ask(): Promise<void> {
    try {
      const bytes = await this.#app.session.backend.ask({ kind: "presets" });
      const presets = readPresets(JSON.parse(new TextDecoder().decode(bytes)));
      this.#asked = true;
      this.#fill(presets);
    } catch (error) {
      fill(this.#list, el("p", { text: error instanceof Error ? error.message : "They cannot be listed." }));
    }
  }

  #fill(presets: readonly Preset[]): void {
    const groups = [...new Set(presets.map((preset) => preset.group))];
    const parts = groups.flatMap((group) => [
      el("h3", { text: group }),
      ...presets.filter((preset) => preset.group === group).map((preset) => this.#row(preset)),
    ]);
    fill(this.#list, ...(parts.length > 0 ? parts : [el("p", { text: "This server offers none." })]));
  }

  #row(preset: Preset): HTMLElement {
    return el(
      "button",
      {
        class: "mc-preset",
        title: preset.view.program.replaceAll("\n", "; "),
        attrs: { type: "button", "data-control": "preset" },
        on: { click: () => void this.#take(preset) },
      },
      el("b", { text: preset.name }),
      el("span", { text: preset.help }),
    );
  }

  /** Show a preset: what makes its numbers readable is its own; theme and decoration stay the reader's. */
  async #take({ view }: Preset): Promise<void> {
    this.dialog.close();
    const { session, picture } = this.#app;
    const { sensitivity, contrast, peak, palette } = view.style;
    const style = { ...session.state.view.style, sensitivity, contrast, peak, palette };
    if (await session.change({ ...view, style }, "push", true)) picture.stage.invalidate();
  }
}

/** The presets in an answer; views that do not read are left out. */
export function readPresets(input: unknown): Preset[] {
  const rows = typeof input === "object" && input !== null && "presets" in input ? input.presets : [];
  return (Array.isArray(rows) ? rows : []).flatMap((row: Partial<Record<keyof Preset, unknown>>) => {
    try {
      return [
        {
          name: String(row.name),
          help: String(row.help),
          group: String(row.group),
          view: readView(row.view),
        },
      ];
    } catch {
      return [];
    }
  });
}
