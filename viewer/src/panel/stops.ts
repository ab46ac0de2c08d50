// Stops of a story: keep what is shown with a name and a sentence, and tell them one after the other.

import { cameraFor, stopOf, viewAt, withoutStop, withStop } from "../core/stops";
import { type Camera, MAX_STOPS, type Stop, type View } from "../core/types.gen";
import type { App } from "../ui/app";
import { el, fill, show } from "../ui/dom";
import { input } from "../ui/fields";
import { iconButton } from "../ui/icons";
import type { State } from "../ui/session";

const NONE_YET = "None yet. They travel in links and in saved pages.";
const NEEDS_PYTHON =
  "The layout, the film or the blocks of this stop need Python; camera and looks are its own.";

/** A part of the picture that is smaller shows nothing well. */
const LEAST_ROOM_PX = 120;

/** The list of stops, and the card that tells one of them. */
export class Stops {
  readonly root = el("div", { class: "mc-stops" });
  readonly card = el("section", { class: "mc-story", attrs: { "aria-label": "Story" } });
  readonly #app: App;
  readonly #bar: HTMLElement;
  readonly #say: (text: string) => void;
  readonly #list = el("ol", { class: "mc-stop-list" });
  readonly #name: HTMLInputElement;
  readonly #sentence: HTMLInputElement;
  readonly #count = el("span", { class: "mc-story-count" });
  readonly #title = el("b", { attrs: { dir: "auto" } });
  readonly #text = el("p", { attrs: { dir: "auto" } });
  readonly #next: HTMLButtonElement;
  readonly #previous: HTMLButtonElement;
  #shown: readonly Stop[] | null = null;

  /**
   * @param bar lies over the upper rim of the picture.
   * @param say tells the reader what a stop could not do.
   */
  constructor(app: App, bar: HTMLElement, say: (text: string) => void) {
    this.#app = app;
    this.#bar = bar;
    this.#say = say;
    this.#name = this.#field("stop-name", "name of this stop", "Name for what is shown now");
    this.#sentence = this.#field(
      "stop-say",
      "one sentence about it",
      "Sentence that the page shows at this stop",
    );
    const save = button(
      "Save",
      "Keep camera, selection, layout, blocks, looks and film under this name",
      "stop-save",
    );
    save.addEventListener("click", () => this.save());
    const steps = [
      iconButton("back", "Previous stop", "Previous stop (,)", () => this.step(-1), "stop-previous"),
      iconButton("forth", "Next stop", "Next stop (.)", () => this.step(1), "stop-next"),
    ];
    fill(
      this.root,
      el("div", { class: "mc-stop-head" }, this.#name, save, ...steps),
      el("div", { class: "mc-stop-head" }, this.#sentence),
      this.#list,
    );
    this.#previous = button("Previous", "Previous stop (,)", "story-previous");
    this.#previous.addEventListener("click", () => this.step(-1));
    this.#next = button("Next", "Next stop (.)", "story-next");
    this.#next.addEventListener("click", () => this.step(1));
    const close = iconButton(
      "close",
      "Close the story",
      "Close the story; , and . bring it back",
      () => void app.session.update({ stop: null }),
      "story-close",
    );
    fill(
      this.card,
      el("header", { class: "mc-story-head" }, this.#title, this.#count, close),
      el("div", { attrs: { role: "status" } }, this.#text),
      el("div", { class: "mc-story-steps" }, this.#previous, this.#next),
    );
    show(this.card, false);
    const { stop, stops, camera } = app.session.state.view;
    // The view of a link or of a page is at its stop already, but not as it suits this picture.
    if (stop !== null && stops[stop]?.camera.distance === camera?.distance)
      queueMicrotask(() => void this.#go(stop, "replace"));
  }

  #field(id: string, placeholder: string, help: string): HTMLInputElement {
    const field = input({ id, label: "", help }, "", () => undefined);
    field.placeholder = placeholder;
    field.addEventListener("keydown", (event) => event.key === "Enter" && this.save());
    return field;
  }

  draw({ view }: State): void {
    this.#tell(view);
    if (view.stops === this.#shown) return;
    this.#shown = view.stops;
    if (view.stops.length === 0) fill(this.#list, el("li", { class: "mc-note", text: NONE_YET }));
    else fill(this.#list, ...view.stops.map((stop, at) => this.#row(stop, at)));
  }

  #tell({ stop, stops }: View): void {
    const present = stop === null ? undefined : stops[stop];
    show(this.card, present !== undefined);
    if (present === undefined || stop === null) return;
    this.#title.textContent = present.name;
    this.#count.textContent = `${stop + 1} of ${stops.length}`;
    this.#text.textContent = present.say;
    show(this.#text, present.say !== "");
    this.#previous.disabled = stop === 0;
    this.#next.disabled = stop === stops.length - 1;
  }

  /** Keep what is shown. */
  save(): void {
    const { playing, session, picture } = this.#app;
    playing.pause();
    const { view } = session.state;
    const name = this.#name.value.trim() || `Stop ${view.stops.length + 1}`;
    const next = withStop(view, stopOf(view, name, this.#sentence.value.trim(), picture.camera));
    if (next.stops.length > MAX_STOPS) {
      this.#say(`There are ${MAX_STOPS} stops, the most that fit into a link.`);
      return;
    }
    this.#name.value = "";
    this.#sentence.value = "";
    void session.change(next, "push");
  }

  /** The next stop of the story, or the one before; from its end it begins anew. */
  step(way: 1 | -1): void {
    const { stops, stop } = this.#app.session.state.view;
    const count = stops.length;
    if (count === 0) this.#say("No stops yet: save one in the panel Looks.");
    else void this.#go(stop === null ? (way < 0 ? count - 1 : 0) : (stop + way + count) % count);
  }

  async #go(at: number, entry: "push" | "replace" = "push"): Promise<void> {
    const { session, picture, playing } = this.#app;
    playing.pause();
    const { view } = session.state;
    const wanted = viewAt(view, at);
    if (wanted?.camera == null) return;
    const possible = session.backend.live || session.canAlone(wanted);
    if (!possible) this.#say(NEEDS_PYTHON);
    const { layout, film, partition } = view;
    const there = possible ? wanted : { ...wanted, layout, film, partition };
    // First all but the camera: where it goes depends on what is there, and on the texts over the picture.
    const shown = session.change({ ...there, camera: { ...picture.camera } }, "preview");
    if (!session.canAlone(there) && !(await shown)) return;
    await session.update({ camera: this.#cameraFor(wanted.camera), stop: at }, entry);
  }

  /** The camera of a stop, such that the cards at the foot cover nothing of what it shows. */
  #cameraFor(camera: Camera): Camera {
    const { picture, dock } = this.#app;
    const { stage, faces } = picture;
    const { left, top } = stage.root.getBoundingClientRect();
    const [bar, cards] = [this.#bar.getBoundingClientRect(), dock.getBoundingClientRect()];
    const { width, height } = stage.size;
    const under = { x: 0, y: cards.top - top, w: cards.right - left, h: height };
    const begin = Math.max(0, bar.bottom - top);
    const above = { x: 0, y: begin, w: width, h: under.y - begin };
    const beside = { x: under.w, y: begin, w: width - under.w, h: height - begin };
    const rooms = [above, beside].filter(({ w, h }) => Math.min(w, h) > LEAST_ROOM_PX);
    return cameraFor(camera, faces, stage.size, under, rooms);
  }

  #row({ name, say }: Stop, at: number): HTMLElement {
    const go = el("button", {
      class: "mc-stop-go",
      text: name,
      title: say.replace(/\s+/g, " ") || `Go to ${name}`,
      attrs: { type: "button", "data-control": "stop-go", dir: "auto" },
      on: { click: () => void this.#go(at) },
    });
    const remove = iconButton(
      "close",
      `Remove ${name}`,
      `Remove ${name}`,
      () => void this.#app.session.change(withoutStop(this.#app.session.state.view, at), "push"),
    );
    remove.dataset.control = "stop-remove";
    return el("li", { class: "mc-stop-row" }, go, remove);
  }
}

function button(text: string, title: string, control: string): HTMLButtonElement {
  const attrs = { type: "button", "data-control": control };
  return el("button", { class: "mc-text-button", text, title, attrs });
}
