// Named viewpoints: keep a camera with what is selected, go back to it, step through all of them as a tour.

import { MAX_VIEWPOINTS, type Viewpoint } from "../core/types.gen";
import type { App } from "../ui/app";
import { el, fill } from "../ui/dom";
import { input } from "../ui/fields";
import { iconButton } from "../ui/icons";
import type { State } from "../ui/session";

/** The list of viewpoints. */
export class Viewpoints {
  readonly root = el("div", { class: "mc-viewpoints" });
  readonly #app: App;
  readonly #say: (text: string) => void;
  readonly #list = el("ol", { class: "mc-viewpoint-list" });
  readonly #name: HTMLInputElement;
  #at = -1;
  #shown: readonly Viewpoint[] | null = null;

  /** @param say tells the reader where the tour is. */
  constructor(app: App, say: (text: string) => void) {
    this.#app = app;
    this.#say = say;
    const help = "Name for the present view: camera and selection";
    this.#name = input({ id: "viewpoint-name", label: "", help }, "", () => undefined);
    this.#name.placeholder = "name of this view";
    this.#name.addEventListener("keydown", (event) => event.key === "Enter" && this.save());
    const save = el("button", {
      class: "mc-text-button",
      text: "Save",
      title: "Save camera and selection under this name; an existing viewpoint of this name is replaced",
      attrs: { type: "button", "data-control": "viewpoint-save" },
      on: { click: () => this.save() },
    });
    const back = iconButton(
      "back",
      "Previous viewpoint",
      "Previous viewpoint (,)",
      () => this.step(-1),
      "viewpoint-previous",
    );
    const forth = iconButton(
      "forth",
      "Next viewpoint",
      "Next viewpoint (.)",
      () => this.step(1),
      "viewpoint-next",
    );
    fill(this.root, el("div", { class: "mc-viewpoint-head" }, this.#name, save, back, forth), this.#list);
  }

  draw({ view }: State): void {
    if (view.viewpoints === this.#shown) return;
    this.#shown = view.viewpoints;
    if (view.viewpoints.length === 0) {
      const text = "None yet. They travel in links and in saved pages.";
      fill(this.#list, el("li", { class: "mc-note", text }));
    } else fill(this.#list, ...view.viewpoints.map((viewpoint, at) => this.#row(viewpoint, at)));
  }

  /** Keep the present view. */
  save(): void {
    const { view } = this.#app.session.state;
    const name = this.#name.value.trim() || `View ${view.viewpoints.length + 1}`;
    const present: Viewpoint = { name, camera: this.#app.picture.camera, selection: view.selection };
    const at = view.viewpoints.findIndex((viewpoint) => viewpoint.name === name);
    if (at === -1 && view.viewpoints.length >= MAX_VIEWPOINTS) {
      this.#say(`There are ${MAX_VIEWPOINTS} viewpoints, the most that fit into a link.`);
      return;
    }
    const viewpoints =
      at === -1
        ? [...view.viewpoints, present]
        : view.viewpoints.map((viewpoint, n) => (n === at ? present : viewpoint));
    this.#at = at === -1 ? viewpoints.length - 1 : at;
    this.#name.value = "";
    void this.#app.session.update({ viewpoints });
  }

  /** The next viewpoint of the tour, or the one before, around the end. */
  step(way: 1 | -1): void {
    const count = this.#app.session.state.view.viewpoints.length;
    if (count === 0) this.#say("No viewpoints yet: save one in the panel Looks.");
    else this.#go(this.#at < 0 && way < 0 ? count - 1 : (this.#at + way + count) % count);
  }

  #go(at: number): void {
    const { viewpoints } = this.#app.session.state.view;
    const viewpoint = viewpoints[at];
    if (viewpoint === undefined) return;
    this.#at = at;
    this.#say(`${at + 1} of ${viewpoints.length}: ${viewpoint.name}`);
    void this.#app.session.update({ camera: viewpoint.camera, selection: viewpoint.selection });
  }

  #row({ name }: Viewpoint, at: number): HTMLElement {
    const go = el("button", {
      class: "mc-viewpoint",
      text: name,
      title: `Go to ${name}`,
      attrs: { type: "button", "data-control": "viewpoint-go" },
      on: { click: () => this.#go(at) },
    });
    const remove = iconButton("close", `Remove ${name}`, `Remove ${name}`, () => {
      const { viewpoints } = this.#app.session.state.view;
      this.#at = Math.min(this.#at, viewpoints.length - 2);
      void this.#app.session.update({ viewpoints: viewpoints.filter((_, n) => n !== at) });
    });
    remove.dataset.control = "viewpoint-remove";
    return el("li", { class: "mc-viewpoint-row" }, go, remove);
  }
}
