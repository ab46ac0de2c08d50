// The panels of a comparison under one camera, one selection and one pointer.

import { fit } from "../core/camera";
import { slabCorners, visibleFaces } from "../core/faces";
import { faceOn } from "../core/home";
import type { Rect } from "../core/labels";
import type { Camera, Panel, Pin, View } from "../core/types.gen";
import type { App } from "../ui/app";
import { cellOfPin, type Reading } from "../ui/reading";
import type { State } from "../ui/session";
import type { Place } from "./changes";
import { isFaceOn } from "./flat";

/** One panel, and its figure once that is built. */
export interface Side {
  readonly panel: Panel;
  readonly root: HTMLElement;
  readonly note: HTMLElement;
  readonly chips: HTMLElement;
  app: App | null;
  /** A cell that is marked because the pointer is on it in another panel. */
  marked: Pin | null;
}

/** What the page hears of its panels. */
export interface LinkedHost {
  /** Another cell is pinned, or none. */
  pinned(place: Place | null): void;
  /** The figures are seen flat, or turned. */
  turned(flat: boolean): void;
}

/** Room for the colour bar under the figures, in pixels. */
const BAR_PX = 34;

/** All panels, as one. */
export class Linked {
  readonly sides: readonly Side[];
  readonly #host: LinkedHost;
  #linking = false;
  /** The camera is where everything is seen; a resize sees everything again. */
  #fitted = true;
  /** What was alone in each panel, and the camera, before they were seen flat. */
  #before: { readonly camera: Camera | null; readonly alone: readonly (number | null)[] } | null = null;
  #matrix: number;

  /** @param matrix what is compared. */
  constructor(sides: readonly Side[], matrix: number, host: LinkedHost) {
    this.sides = sides;
    this.#matrix = matrix;
    this.#host = host;
  }

  get apps(): readonly App[] {
    return this.sides.flatMap(({ app }) => (app === null ? [] : [app]));
  }

  /** All panels are built: they look from where the first does. */
  joined(): void {
    const own = this.apps[0]?.session.state.view.camera;
    this.#fitted = own === null || own === undefined;
    if (own) this.#follow(0, own, true);
    else this.fit(true);
  }

  /** There is more room, or less. */
  resized(): void {
    if (this.#fitted) this.fit(true);
  }

  changed(at: number, now: State, before: State, byHand: boolean): void {
    if (this.#linking) return;
    const { camera, selection } = now.view;
    if (camera !== null && camera !== before.view.camera) {
      this.#fitted = false;
      this.#follow(at, camera, byHand);
      this.#host.turned(this.flat);
    }
    if (selection !== before.view.selection) {
      this.#linked(() => {
        for (const [to, { app }] of this.sides.entries())
          if (to !== at)
            void app?.session.update({ selection: this.#selectionIn(at, to, selection) }, "replace");
      });
      this.#host.pinned(this.placeOf(at, selection.pins.at(-1) ?? null));
    }
  }

  hovered(at: number, reading: Reading | null): void {
    if (this.#linking) return;
    const place = reading && this.placeOf(at, reading.pin);
    this.#linked(() => {
      for (const [to, side] of this.sides.entries()) {
        side.marked = to === at ? null : this.pinIn(to, place);
        const layout = side.app?.session.state.layout;
        if (to !== at && layout) side.app?.picture.point(side.marked && cellOfPin(layout, side.marked));
      }
    });
  }

  /** Pin a cell in all panels; null pins none. */
  pin(place: Place | null): void {
    this.#linked(() => {
      for (const [at, { app }] of this.sides.entries()) {
        const pin = this.pinIn(at, place);
        const node = pin?.node ?? app?.session.state.view.selection.node ?? null;
        void app?.session.update({ selection: { node, pins: pin ? [pin] : [] } }, "replace");
      }
    });
    this.#host.pinned(place);
  }

  /** Select a matrix in all panels; where they are flat it is what they show. */
  choose(matrix: number): void {
    this.#matrix = matrix;
    this.#linked(() => {
      for (const at of this.sides.keys())
        void this.sides[at]?.app?.session.update(
          { selection: { node: this.#nodeIn(at), pins: [] } },
          "replace",
        );
    });
    if (this.#before !== null) this.lie(false);
  }

  /** One camera that sees all of every figure. */
  fit(byHand: boolean): void {
    if (this.flat) {
      this.lie(byHand);
      return;
    }
    const [first] = this.apps;
    if (first === undefined) return;
    const angles = byHand ? first.picture.home : first.picture.camera;
    const homes = this.apps.map(({ picture }) =>
      fit(slabCorners(picture.faces), angles, this.#size, this.#room),
    );
    this.#lookAll(homes, byHand);
  }

  // --- flat ---------------------------------------------------------------------------------------

  /** Whether what is compared is seen alone and face on. */
  get flat(): boolean {
    const camera = this.apps[0]?.session.state.view.camera;
    const flat = this.#flatIn(0);
    return this.#before !== null && camera != null && flat !== null && isFaceOn(camera, flat);
  }

  /** Show what is compared alone and face on. */
  lie(byHand: boolean): void {
    const views = this.apps.map(({ session }) => session.state.view);
    this.#before ??= {
      camera: this.#fitted ? null : (views[0]?.camera ?? null),
      alone: views.map(({ isolated }) => isolated),
    };
    this.#isolate(this.sides.map((_, at) => this.#nodeIn(at)));
    const flats = this.sides.map((_, at) => this.#flatIn(at));
    this.#lookAll(
      flats.flatMap((flat) => flat ?? []),
      byHand,
    );
    this.#host.turned(this.flat);
  }

  /** Back to the figures, seen from where they were. */
  turn(): void {
    if (this.#before === null) return;
    const { camera, alone } = this.#before;
    this.#before = null;
    this.#isolate(alone);
    if (camera === null) this.fit(true);
    else this.#follow(-1, camera, false);
    this.#host.turned(false);
  }

  #isolate(nodes: readonly (number | null)[]): void {
    this.#linked(() => {
      for (const [at, { app }] of this.sides.entries())
        void app?.session.update({ isolated: nodes[at] ?? null }, "replace");
    });
  }

  #nodeIn(at: number): number | null {
    return this.pinIn(at, { matrix: this.#matrix, row: 0, col: 0 })?.node ?? null;
  }

  #flatIn(at: number): Camera | null {
    const [node, layout] = [this.#nodeIn(at), this.sides[at]?.app?.session.state.layout];
    if (node === null || layout === undefined) return null;
    const [face] = visibleFaces(layout, { hidden: new Set(), isolated: node });
    return face === undefined ? null : faceOn(face, this.#size, this.#room);
  }

  // --- one camera ---------------------------------------------------------------------------------

  /** The size of a panel that is seen. */
  get #size(): { readonly width: number; readonly height: number } {
    const sizes = this.apps.map(({ picture }) => picture.stage.size);
    return sizes.find(({ width }) => width > 1) ?? { width: 1, height: 1 };
  }

  /** The part of a panel above its colour bar. */
  get #room(): Rect {
    const { width, height } = this.#size;
    return { x: 0, y: 0, w: width, h: Math.max(height - BAR_PX, height / 2) };
  }

  /** Look from the first of some cameras, as far away as the farthest. */
  #lookAll(cameras: readonly Camera[], byHand: boolean): void {
    const [first] = cameras;
    if (first === undefined || this.#size.width <= 1) return;
    const camera = { ...first, distance: Math.max(...cameras.map(({ distance }) => distance)) };
    this.#follow(-1, camera, byHand);
    this.#fitted = true;
  }

  /** Every other panel looks from where one does, about the middle of what is compared. */
  #follow(at: number, camera: Camera, byHand: boolean): void {
    this.#linked(() => {
      for (const [to, { app }] of this.sides.entries())
        if (to !== at && app !== null) look(app, this.#shifted(camera, Math.max(at, 0), to), byHand);
    });
  }

  #shifted(camera: Camera, from: number, to: number): Camera {
    const [a, b] = [this.sides[from]?.panel.anchor, this.sides[to]?.panel.anchor];
    if (a === undefined || b === undefined) return camera;
    const [x, y, z] = camera.target;
    return { ...camera, target: [x + b[0] - a[0], y + b[1] - a[1], z + b[2] - a[2]] };
  }

  // --- one selection ------------------------------------------------------------------------------

  #selectionIn(from: number, to: number, { node, pins }: View["selection"]): View["selection"] {
    const moved = (pin: Pin) => this.pinIn(to, this.placeOf(from, pin));
    return {
      node: node === null ? null : (moved({ node, row: 0, col: 0 })?.node ?? null),
      pins: pins.flatMap((pin) => moved(pin) ?? []),
    };
  }

  placeOf(at: number, pin: Pin | null): Place | null {
    const matrix = pin ? (this.sides[at]?.panel.nodes.indexOf(pin.node) ?? -1) : -1;
    return pin === null || matrix < 0 ? null : { matrix, row: pin.row, col: pin.col };
  }

  pinIn(at: number, place: Place | null): Pin | null {
    const node = place ? (this.sides[at]?.panel.nodes[place.matrix] ?? -1) : -1;
    return place === null || node < 0 ? null : { node, row: place.row, col: place.col };
  }

  #linked(act: () => void): void {
    this.#linking = true;
    try {
      act();
    } finally {
      this.#linking = false;
    }
  }
}

function look(app: App, camera: Camera, byHand: boolean): void {
  if (byHand) app.picture.move(camera);
  else void app.session.update({ camera }, "replace");
}
