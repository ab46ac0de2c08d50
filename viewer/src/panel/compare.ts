// Several figures side by side, under one camera, one selection and one pointer; and the cells that differ most.

import { formatNumber } from "../core/format";
import { cssColour, inkOf } from "../core/palette";
import type { Comparison, Panel } from "../core/types.gen";
import type { App } from "../ui/app";
import type { Backend } from "../ui/backend";
import type { Controls } from "../ui/controls";
import { el, fill, say, show } from "../ui/dom";
import { select } from "../ui/fields";
import type { mountFigure } from "../ui/mount";
import type { Page } from "../ui/page";
import { visible } from "../ui/words";
import { ChangeList, type Place } from "./changes";
import { Choice } from "./choice";
import { arrowOf, commandOf } from "./keys";
import { Linked, type Side } from "./linked";
import { Scales } from "./scales";

/** What a page holds of a comparison, and where its panels live. */
export interface Compared {
  readonly comparison: Comparison;
  readonly backends: readonly Backend[];
  /** The page of one panel. */
  page(at: number): Page;
  /** All panels are linked. */
  opened(): void;
}

/** Show a comparison inside an element. */
export function mountComparison(root: HTMLElement, compared: Compared, mount: typeof mountFigure): void {
  new ComparePage(root, compared, mount);
}

/** A value as a panel says it: a difference with its sign, plus too. */
function valueIn({ letter }: Panel, value: number | undefined, text: string): string {
  if (value === undefined) return text;
  return `${letter.includes("−") && value > 0 ? "+" : ""}${formatNumber(value, 3)}`;
}

class ComparePage {
  readonly #root: HTMLElement;
  readonly #compared: Compared;
  readonly #linked: Linked;
  readonly #list: ChangeList;
  readonly #grid = el("div", { class: "mcc-panels" });
  readonly #switch = el("div", { class: "mcc-switch", label: "Panel", attrs: { role: "group" } });
  /** The figure that is set against the first. */
  #other = 1;
  readonly #choices: Readonly<Record<"scale" | "seen", Choice>>;
  readonly #scales: Scales;

  constructor(root: HTMLElement, compared: Compared, mount: typeof mountFigure) {
    this.#root = root;
    this.#compared = compared;
    const { comparison } = compared;
    this.#list = new ChangeList(comparison, {
      pin: (place) => this.#linked.pin(place),
      read: (place) => this.#read(place),
    });
    const sides = comparison.panels.map((panel, at) => this.#side(panel, at));
    this.#linked = new Linked(sides, comparison.subject, {
      pinned: (place) => this.#list.pinned(place),
      turned: (flat) => this.#choices.seen.set(flat ? 1 : 0),
    });
    this.#scales = new Scales(comparison, this.#linked.sides);
    this.#choices = {
      scale: new Choice("Scale", this.#scales.options, comparison.scale === "one" ? 0 : 1),
      seen: new Choice("View", [
        ["Turned", "The figures, seen from anywhere (V)", () => this.#linked.turn()],
        ["Flat", "What is compared, alone and face on (V)", () => this.#linked.lie(false)],
      ]),
    };
    if (this.#scales.fixed) this.#choices.scale.disable("The panels have no other scales");
    this.#grid.dataset.count = String(comparison.panels.length);
    this.#grid.append(...sides.map((side) => side.root));
    root.classList.add("mc", "mcc");
    fill(root, this.#header(), this.#switch, this.#grid, this.#list.root);
    this.#turnTo(0);
    sides.forEach(({ root: parent }, at) => {
      const backend = compared.backends[at];
      const place = parent.querySelector<HTMLElement>(".mcc-figure");
      if (backend === undefined || place === null) return;
      mount(place, { backend, page: this.#pageOf(at) }, (app) => this.#controls(at, app));
    });
    document.addEventListener("keydown", (event) => this.#press(event));
    new ResizeObserver(() => this.#linked.resized()).observe(this.#grid);
  }

  #side(panel: Panel, at: number): Side {
    const chips = el("div", { class: "mcc-chips", attrs: { "aria-hidden": "true" } });
    const note = el("span", { class: "mcc-note", text: panel.note });
    const root = el(
      "section",
      {
        class: "mcc-panel",
        label: `${panel.letter} ${panel.title}`,
        attrs: { "data-letter": panel.letter },
      },
      el("h2", { title: panel.title }, el("b", { text: panel.letter }), el("span", { text: panel.title })),
      el(
        "p",
        {},
        ...panel.signs.flatMap((text, sign) => [
          el("i", { class: sign === 1 ? "is-less" : "" }),
          el("span", { text }),
        ]),
        note,
      ),
      el("div", { class: "mcc-figure" }),
    );
    this.#switch.append(
      el("button", {
        text: panel.letter,
        title: panel.title || panel.letter,
        attrs: { "data-letter": panel.letter },
        on: { click: () => this.#turnTo(at) },
      }),
    );
    return { panel, root, note, chips, app: null, marked: null };
  }

  #header(): HTMLElement {
    const { comparison } = this.#compared;
    const names = comparison.matrices.map(({ name }, at) => ({ value: String(at), text: name, help: name }));
    const row = { id: "matrix", label: "Matrix", help: "The matrix whose cells are listed" };
    const matrix = select(row, names, String(comparison.subject), (value) => {
      this.#list.choose({ matrix: Number(value) });
      this.#linked.choose(Number(value));
    });
    const pairs = comparison.matrices[0]?.pairs ?? [];
    const written = pairs.map(({ a, b }, at) => ({ value: String(at), text: `${b} − ${a}`, help: "" }));
    const other = { id: "pair", label: "Difference", help: "Which figure is set against the first" };
    const pair = select(other, written, "0", (value) => {
      this.#other = Number(value) + 1;
      this.#list.choose({ pair: Number(value) });
    });
    show(pair, pairs.length > 1);
    const button = (text: string, title: string, click: () => void) =>
      el("button", { class: "mc-text-button", text, title, on: { click } });
    return el(
      "header",
      { class: "mcc-header" },
      el("b", { text: "Compare" }),
      el("span", { class: "mcc-title", text: comparison.title }),
      matrix,
      pair,
      this.#choices.scale.root,
      this.#choices.seen.root,
      button("Swap", "A and the figure it is set against exchange places", () => this.#swap()),
      button("Fit", "Show everything (F)", () => this.#linked.fit(false)),
      button("Theme", "Dark or light (T)", () => this.#theme()),
    );
  }

  #pageOf(at: number): Page {
    const page = this.#compared.page(at);
    return {
      ...page,
      themed: (theme, ground) => {
        if (at > 0) return;
        page.themed(theme, ground);
        const figure = this.#linked.sides[0]?.root.querySelector<HTMLElement>(".mc");
        if (figure) this.#root.style.cssText = figure.style.cssText;
        this.#root.dataset.theme = theme;
      },
    };
  }

  #controls(at: number, app: App): Controls {
    const side = this.#linked.sides[at];
    if (side === undefined) throw new RangeError("there is no such panel");
    side.app = app;
    app.picture.stage.root.append(side.chips);
    queueMicrotask(() => this.#joined());
    this.#colour(app);
    return {
      over: [],
      follow: () => this.#colour(app),
      hovered: (reading) => this.#linked.hovered(at, reading),
      problem: () => undefined,
      copy: () => undefined,
      changed: (now, before, byHand) => this.#linked.changed(at, now, before, byHand),
      drawn: () => this.#drawn(side),
      press: (event) => this.#press(event),
    };
  }

  #joined(): void {
    const { apps, sides } = this.#linked;
    if (apps.length < sides.length) return;
    this.#linked.joined();
    const pin = apps[0]?.session.state.view.selection.pins.at(-1) ?? null;
    this.#list.pinned(this.#linked.placeOf(0, pin));
    this.#compared.opened();
  }

  /** The colours of the signs, as the picture has them. */
  #colour({ session, picture }: App): void {
    const { scene, view } = session.state;
    const { positive, negative } = inkOf(scene.head, view.style.palette, picture.theme);
    this.#root.style.setProperty("--mcc-more", cssColour(positive.at(-1) ?? 0));
    this.#root.style.setProperty("--mcc-less", cssColour(negative.at(-1) ?? 0));
  }

  // --- what the reader does ----------------------------------------------------------------------

  /** The first figure and the one that is set against it exchange places. */
  #swap(): void {
    for (const parent of [this.#grid, this.#switch]) {
      const at = (letter: string) =>
        [...parent.children].find((child) => child.getAttribute("data-letter") === letter);
      const [first, other] = [at("A"), at(this.#linked.sides[this.#other]?.panel.letter ?? "B")];
      if (first === undefined || other === undefined) return;
      const mark = el("i");
      first.replaceWith(mark);
      other.replaceWith(first);
      mark.replaceWith(other);
    }
  }

  #theme(): void {
    const theme = this.#root.dataset.theme === "light" ? "dark" : "light";
    for (const app of this.#linked.apps) void app.session.style({ theme }, "replace");
  }

  /** On a narrow page one panel is seen. */
  #turnTo(at: number): void {
    for (const [other, { root }] of this.#linked.sides.entries())
      root.classList.toggle("is-shown", other === at);
    const letter = this.#linked.sides[at]?.panel.letter;
    for (const button of this.#switch.children)
      button.setAttribute("aria-pressed", String(button.getAttribute("data-letter") === letter));
  }

  #press(event: KeyboardEvent): void {
    const { target } = event;
    if (event.defaultPrevented || target instanceof HTMLSelectElement || this.#linked.apps.length === 0)
      return;
    const arrow = arrowOf(event);
    const command = event.key.toLowerCase() === "p" ? "previous" : commandOf(event);
    const [first] = this.#linked.apps;
    if (arrow !== null && !(target instanceof Element && target.closest(".mcc-list")))
      first?.picture.step(arrow[0], arrow[1], event.shiftKey);
    else if (command === "next" || command === "previous") this.#list.walk(command === "next" ? 1 : -1);
    else if (command === "fit") this.#linked.fit(false);
    else if (command === "flat") this.#choices.seen.next();
    else if (command === "theme") this.#theme();
    else if (command === "escape") this.#linked.pin(null);
    else if (command === "zoomIn" || command === "zoomOut")
      first?.picture.zoom(command === "zoomIn" ? 1.25 : 0.8);
    else return;
    event.preventDefault();
  }

  #read(place: Place): string {
    const values = this.#linked.sides.flatMap((side, at) => {
      const pin = this.#linked.pinIn(at, place);
      const reading = pin && side.app?.picture.read(pin);
      return reading
        ? [{ reading, text: `${side.panel.letter} ${valueIn(side.panel, reading.value, reading.valueText)}` }]
        : [];
    });
    const labelled = values.find(({ reading }) => reading.rowLabel !== null) ?? values[0];
    if (labelled === undefined) return "";
    const { matrix, pin, rowLabel, colLabel } = labelled.reading;
    const [row, col] = [
      [pin.row, rowLabel],
      [pin.col, colLabel],
    ].map(([index, label]) => (label === null ? `${index}` : `${index} ${visible(String(label))}`));
    return `${matrix.name}[${row}, ${col}]: ${values.map(({ text }) => text).join(", ")}`;
  }

  // --- values beside marked cells ----------------------------------------------------------------

  #drawn({ app, chips, marked, panel }: Side): void {
    if (app === null) return;
    const { pins } = app.session.state.view.selection;
    const cells = marked === null ? pins : [...pins, marked];
    while (chips.children.length > cells.length) chips.lastElementChild?.remove();
    while (chips.children.length < cells.length) chips.append(el("span"));
    const corner = app.picture.stage.root.getBoundingClientRect();
    cells.forEach((pin, at) => {
      const [chip, spot, value] = [
        chips.children[at] as HTMLElement,
        app.picture.placeOf(pin),
        app.picture.read(pin),
      ];
      show(chip, spot !== null && value !== null);
      if (spot === null || value === null) return;
      say(chip, valueIn(panel, value.value, value.valueText));
      const left = spot.x - corner.left + 14;
      const x = left + chip.offsetWidth + 4 > corner.width ? left - 28 - chip.offsetWidth : left;
      chip.style.transform = `translate(${Math.round(x)}px, ${Math.round(spot.y - corner.top - 11)}px)`;
    });
  }
}
