// Several figures side by side, under one camera, one selection and one pointer; and the cells that differ most.

import { fit } from "../core/camera";
import { slabCorners } from "../core/faces";
import { formatNumber } from "../core/format";
import { cssColour, inkOf } from "../core/palette";
import type { Camera, Comparison, Panel, Pin, View } from "../core/types.gen";
import type { App } from "../ui/app";
import type { Backend } from "../ui/backend";
import type { Controls } from "../ui/controls";
import { el, fill, say, show } from "../ui/dom";
import { select } from "../ui/fields";
import type { mountFigure } from "../ui/mount";
import type { Page } from "../ui/page";
import { cellOfPin, type Reading } from "../ui/reading";
import type { State } from "../ui/session";
import { visible } from "../ui/words";
import { ChangeList, type Place } from "./changes";
import { arrowOf, commandOf } from "./keys";

/** What a page holds of a comparison, and where its panels live. */
export interface Compared {
  readonly comparison: Comparison;
  readonly backends: readonly Backend[];
  /** The page of one panel. */
  page(at: number): Page;
  /** All panels are linked. */
  opened(): void;
}

/** One panel, and its figure once that is built. */
interface Side {
  readonly panel: Panel;
  readonly root: HTMLElement;
  readonly chips: HTMLElement;
  app: App | null;
  /** A cell that is marked because the pointer is on it in another panel. */
  marked: Pin | null;
}

/** Show a comparison inside an element. */
export function mountComparison(root: HTMLElement, compared: Compared, mount: typeof mountFigure): void {
  new ComparePage(root, compared, mount);
}

function look(app: App, camera: Camera, byHand: boolean): void {
  if (byHand) app.picture.move(camera);
  else void app.session.update({ camera }, "replace");
}

/** Room for the colour bar under the figures. */
const ROOM = 1.08;

/** A value as a panel says it: a difference with its sign, plus too. */
function valueIn({ letter }: Panel, value: number | undefined, text: string): string {
  if (value === undefined) return text;
  return `${letter.includes("−") && value > 0 ? "+" : ""}${formatNumber(value, 3)}`;
}

class ComparePage {
  readonly #root: HTMLElement;
  readonly #compared: Compared;
  readonly #sides: readonly Side[];
  readonly #list: ChangeList;
  readonly #grid = el("div", { class: "mcc-panels" });
  readonly #switch = el("div", { class: "mcc-switch", label: "Panel", attrs: { role: "group" } });
  #linking = false;
  /** The camera is where everything is seen; a resize sees everything again. */
  #fitted = true;

  constructor(root: HTMLElement, compared: Compared, mount: typeof mountFigure) {
    this.#root = root;
    this.#compared = compared;
    const { comparison } = compared;
    this.#list = new ChangeList(comparison, {
      pin: (place) => this.pin(place),
      read: (place) => this.#read(place),
    });
    this.#sides = comparison.panels.map((panel, at) => this.#side(panel, at));
    this.#grid.dataset.count = String(comparison.panels.length);
    this.#grid.append(...this.#sides.map((side) => side.root));
    root.classList.add("mc", "mcc");
    fill(root, this.#header(), this.#switch, this.#grid, this.#list.root);
    this.#turnTo(0);
    this.#sides.forEach(({ root: parent }, at) => {
      const backend = compared.backends[at];
      const place = parent.querySelector<HTMLElement>(".mcc-figure");
      if (backend === undefined || place === null) return;
      mount(place, { backend, page: this.#pageOf(at) }, (app) => this.#controls(at, app));
    });
    document.addEventListener("keydown", (event) => this.#press(event));
    new ResizeObserver(() => this.#fitted && this.fit(true)).observe(this.#grid);
  }

  #side(panel: Panel, at: number): Side {
    const chips = el("div", { class: "mcc-chips", attrs: { "aria-hidden": "true" } });
    const root = el(
      "section",
      { class: "mcc-panel", label: `${panel.letter} ${panel.title}` },
      el("h2", { title: panel.title }, el("b", { text: panel.letter }), el("span", { text: panel.title })),
      el(
        "p",
        { title: panel.note },
        ...panel.signs.flatMap((text, sign) => [
          el("i", { class: sign === 1 ? "is-less" : "" }),
          el("span", { text }),
        ]),
        panel.note,
      ),
      el("div", { class: "mcc-figure" }),
    );
    this.#switch.append(
      el("button", { text: panel.letter, title: panel.title, on: { click: () => this.#turnTo(at) } }),
    );
    return { panel, root, chips, app: null, marked: null };
  }

  #header(): HTMLElement {
    const { comparison } = this.#compared;
    const names = comparison.matrices.map(({ name }, at) => ({ value: String(at), text: name, help: name }));
    const row = { id: "matrix", label: "Matrix", help: "The matrix whose cells are listed" };
    const matrix = select(row, names, String(comparison.subject), (value) => this.#choose(Number(value)));
    const pairs = comparison.matrices[0]?.pairs ?? [];
    const written = pairs.map(({ a, b }, at) => ({ value: String(at), text: `${b} − ${a}`, help: "" }));
    const other = { id: "pair", label: "Difference", help: "Which figure is set against the first" };
    const pair = select(other, written, "0", (value) => this.#list.choose({ pair: Number(value) }));
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
      button("Fit", "Show everything (F)", () => this.fit(false)),
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
        const figure = this.#sides[0]?.root.querySelector<HTMLElement>(".mc");
        if (figure) this.#root.style.cssText = figure.style.cssText;
        this.#root.dataset.theme = theme;
      },
    };
  }

  #controls(at: number, app: App): Controls {
    const side = this.#sides[at];
    if (side === undefined) throw new RangeError("there is no such panel");
    side.app = app;
    app.picture.stage.root.append(side.chips);
    queueMicrotask(() => this.#joined());
    this.#colour(app);
    return {
      over: [],
      follow: () => this.#colour(app),
      hovered: (reading) => this.#hovered(at, reading),
      problem: () => undefined,
      copy: () => undefined,
      changed: (now, before, byHand) => this.#changed(at, now, before, byHand),
      drawn: () => this.#drawn(side),
      press: (event) => this.#press(event),
    };
  }

  #joined(): void {
    const apps = this.#apps;
    if (apps.length < this.#sides.length) return;
    const own = apps[0]?.session.state.view.camera;
    this.#fitted = own === null || own === undefined;
    if (own) this.#follow(0, own, true);
    else this.fit(true);
    this.#list.pinned(this.#placeOf(0, apps[0]?.session.state.view.selection.pins.at(-1) ?? null));
    this.#compared.opened();
  }

  /** The colours of the signs, as the picture has them. */
  #colour({ session, picture }: App): void {
    const { scene, view } = session.state;
    const { positive, negative } = inkOf(scene.head, view.style.palette, picture.theme);
    this.#root.style.setProperty("--mcc-more", cssColour(positive.at(-1) ?? 0));
    this.#root.style.setProperty("--mcc-less", cssColour(negative.at(-1) ?? 0));
  }

  get #apps(): readonly App[] {
    return this.#sides.flatMap(({ app }) => (app === null ? [] : [app]));
  }

  // --- one camera, one selection, one pointer ---------------------------------------------------

  #changed(at: number, now: State, before: State, byHand: boolean): void {
    if (this.#linking) return;
    const { camera, selection } = now.view;
    if (camera !== null && camera !== before.view.camera) {
      this.#fitted = false;
      this.#follow(at, camera, byHand);
    }
    if (selection !== before.view.selection) {
      this.#linked(() => {
        for (const [to, { app }] of this.#sides.entries())
          if (to !== at)
            void app?.session.update({ selection: this.#selectionIn(at, to, selection) }, "replace");
      });
      this.#list.pinned(this.#placeOf(at, selection.pins.at(-1) ?? null));
    }
  }

  /** Every other panel looks from where one does, about the middle of what is compared. */
  #follow(at: number, camera: Camera, byHand: boolean): void {
    this.#linked(() => {
      for (const [to, { app }] of this.#sides.entries())
        if (to !== at && app !== null) look(app, this.#shifted(camera, at, to), byHand);
    });
  }

  #shifted(camera: Camera, from: number, to: number): Camera {
    const [a, b] = [this.#sides[from]?.panel.anchor, this.#sides[to]?.panel.anchor];
    if (a === undefined || b === undefined) return camera;
    const [x, y, z] = camera.target;
    return { ...camera, target: [x + b[0] - a[0], y + b[1] - a[1], z + b[2] - a[2]] };
  }

  #selectionIn(from: number, to: number, { node, pins }: View["selection"]): View["selection"] {
    const moved = (pin: Pin) => this.#pinIn(to, this.#placeOf(from, pin));
    return {
      node: node === null ? null : (moved({ node, row: 0, col: 0 })?.node ?? null),
      pins: pins.flatMap((pin) => moved(pin) ?? []),
    };
  }

  #placeOf(at: number, pin: Pin | null): Place | null {
    const matrix = pin ? (this.#sides[at]?.panel.nodes.indexOf(pin.node) ?? -1) : -1;
    return pin === null || matrix < 0 ? null : { matrix, row: pin.row, col: pin.col };
  }

  #pinIn(at: number, place: Place | null): Pin | null {
    const node = place ? (this.#sides[at]?.panel.nodes[place.matrix] ?? -1) : -1;
    return place === null || node < 0 ? null : { node, row: place.row, col: place.col };
  }

  #hovered(at: number, reading: Reading | null): void {
    if (this.#linking) return;
    const place = reading && this.#placeOf(at, reading.pin);
    this.#linked(() => {
      for (const [to, side] of this.#sides.entries()) {
        side.marked = to === at ? null : this.#pinIn(to, place);
        const layout = side.app?.session.state.layout;
        if (to !== at && layout) side.app?.picture.point(side.marked && cellOfPin(layout, side.marked));
      }
    });
  }

  #linked(act: () => void): void {
    this.#linking = true;
    try {
      act();
    } finally {
      this.#linking = false;
    }
  }

  // --- what the reader does ----------------------------------------------------------------------

  /** Pin a cell in all panels; null pins none. */
  pin(place: Place | null): void {
    this.#linked(() => {
      for (const [at, { app }] of this.#sides.entries()) {
        const pin = this.#pinIn(at, place);
        const node = pin?.node ?? app?.session.state.view.selection.node ?? null;
        void app?.session.update({ selection: { node, pins: pin ? [pin] : [] } }, "replace");
      }
    });
    this.#list.pinned(place);
  }

  /** One camera that sees all of every figure. */
  fit(byHand: boolean): void {
    const [first] = this.#apps;
    if (first === undefined) return;
    const angles = byHand ? first.picture.home : first.picture.camera;
    const size = this.#apps.map(({ picture }) => picture.stage.size).find(({ width }) => width > 1);
    if (size === undefined) return;
    const homes = this.#apps.map(({ picture }) => fit(slabCorners(picture.faces), angles, size));
    const [home] = homes;
    if (home === undefined) return;
    const camera = { ...home, distance: ROOM * Math.max(...homes.map(({ distance }) => distance)) };
    this.#linked(() => {
      for (const [to, { app }] of this.#sides.entries())
        if (app !== null) look(app, this.#shifted(camera, 0, to), byHand);
    });
    this.#fitted = true;
  }

  #choose(matrix: number): void {
    this.#list.choose({ matrix });
    this.#linked(() => {
      for (const [at, { app }] of this.#sides.entries()) {
        const node = this.#pinIn(at, { matrix, row: 0, col: 0 })?.node ?? null;
        void app?.session.update({ selection: { node, pins: [] } }, "replace");
      }
    });
  }

  #theme(): void {
    const theme = this.#root.dataset.theme === "light" ? "dark" : "light";
    for (const app of this.#apps) void app.session.style({ theme }, "replace");
  }

  /** On a narrow page one panel is seen. */
  #turnTo(at: number): void {
    for (const [other, { root }] of this.#sides.entries()) root.classList.toggle("is-shown", other === at);
    for (const [other, button] of [...this.#switch.children].entries())
      button.setAttribute("aria-pressed", String(other === at));
  }

  #press(event: KeyboardEvent): void {
    const { target } = event;
    if (event.defaultPrevented || target instanceof HTMLSelectElement || this.#apps.length === 0) return;
    const arrow = arrowOf(event);
    const command = event.key.toLowerCase() === "p" ? "previous" : commandOf(event);
    const [first] = this.#apps;
    if (arrow !== null && !(target instanceof Element && target.closest(".mcc-list")))
      first?.picture.step(arrow[0], arrow[1], event.shiftKey);
    else if (command === "next" || command === "previous") this.#list.walk(command === "next" ? 1 : -1);
    else if (command === "fit") this.fit(false);
    else if (command === "theme") this.#theme();
    else if (command === "escape") this.pin(null);
    else if (command === "zoomIn" || command === "zoomOut")
      first?.picture.zoom(command === "zoomIn" ? 1.25 : 0.8);
    else return;
    event.preventDefault();
  }

  #read(place: Place): string {
    const values = this.#sides.flatMap((side, at) => {
      const pin = this.#pinIn(at, place);
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
