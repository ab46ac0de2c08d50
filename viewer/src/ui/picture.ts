// The figure on the stage: which camera shows it, what is under the pointer, and the text that lies over it.

import { type Eye, eyeOf, fit, orbit, pan, project, rayAt } from "../core/camera";
import { ownBodies, uncovered } from "../core/cover";
import type { Line } from "../core/explain";
import { cellCentre, slabCorners, visibleFaces } from "../core/faces";
import type { Frame, Lit, ThemeName } from "../core/frame";
import { isLost } from "../core/in_view";
import type { Inside, Interior } from "../core/interior";
import type { Rect } from "../core/labels";
import { alone, focusIn, type LitTerm, latest, litBy } from "../core/lit";
import { themeOf } from "../core/palette";
import { pickAll } from "../core/pick";
import type { Camera, Face, Pin } from "../core/types.gen";
import { dot } from "../core/vec";
import type { Pending } from "./activity";
import { Legends } from "./legends";
import { Focus, Motion } from "./motion";
import { Navigate } from "./navigate";
import { facing, Opening } from "./opening";
import { cellUnder } from "./pick";
import type { Playing } from "./playing";
import { type Cell, cellOfPin, type Reading, readCell, type Source } from "./reading";
import type { Marked, Readout } from "./readout";
import type { Session, State } from "./session";
import { Stage } from "./stage";
import { hiddenIn, seenBoxes, seenInsides } from "./visible";

/** What the picture tells the page. */
export interface PictureHost {
  /** Another cell is under the pointer, or none. */
  hovered(reading: Reading | null): void;
  clicked(reading: Reading, more: boolean): void;
  /** The click before was the first half of a double click: what it did is taken back. */
  unclicked(): void;
  /** The size of an axis was clicked: more blocks, or fewer. */
  split(axis: string, back: boolean): void;
  /** A frame was drawn. */
  drawn(): void;
  /** Parts of the stage that lie under other things, in its own pixels. */
  taken(): readonly Rect[];
}

const NEAR_PX = 18;
const DWELL_MS = 200;

/** The picture of one session. */
export class Picture {
  readonly stage: Stage;
  readonly legends = new Legends((axis, back) => this.#host.split(axis, back));
  readonly #motion = new Motion();
  readonly #focus = new Focus();
  readonly #opening = new Opening();
  readonly #navigate: Navigate;
  readonly #session: Session;
  readonly #playing: Playing;
  readonly #readout: Readout;
  readonly #host: PictureHost;
  #hover: (Marked & { readonly at: { x: number; y: number } | null }) | null = null;
  byHand = false; // or the camera is being moved by hand: it goes there at once
  #term: LitTerm | null = null;
  #pickedFrom: Camera | null = null;
  #dwell: Pending | null = null;

  constructor(session: Session, playing: Playing, readout: Readout, host: PictureHost) {
    this.#session = session;
    this.#playing = playing;
    this.#readout = readout;
    this.#host = host;
    this.stage = new Stage(session.activity, {
      frame: () => this.#frame(),
      drawn: () => this.#drawn(),
      resized: () => this.#point(null),
    });
    this.stage.root.append(this.legends.root, readout.rings);
    this.#navigate = new Navigate(this.stage.canvas, {
      camera: () => this.#turned(this.camera, 1),
      move: (camera) => this.move(this.#turned(camera, -1)),
      size: () => this.stage.size,
      depth: (x, y) => this.#depthAt(x, y),
      hover: (x, y, touch) => this.#pointAt(x, y, touch),
      leave: () => this.#point(null),
      click: (x, y, more) => this.#click(x, y, more),
      doubleClick: (x, y) => {
        const cell = this.#cellUnder(x, y);
        this.#host.unclicked();
        if (cell) this.focus(cell.face);
        else this.fit();
      },
    });
  }

  /** Where the camera rests: as the view says, or so that everything is seen. */
  get camera(): Camera {
    return this.#session.state.view.camera ?? this.home;
  }

  get home(): Camera {
    const { scene, layout } = this.#session.state;
    return this.#opening.camera(scene.head.matrices, layout, this.faces, this.stage.size);
  }

  get theme(): ThemeName {
    const { theme } = this.#session.state.view.style;
    if (theme !== "auto") return theme;
    return matchMedia("(prefers-color-scheme: light)").matches ? "light" : "dark";
  }

  get eye(): Eye {
    return eyeOf(this.#turned(this.#motion.at(this.camera), 1), this.stage.size);
  }

  get faces(): readonly Face[] {
    const { layout, view } = this.#session.state;
    const hidden = new Set([...hiddenIn(this.#session.state), ...this.#without]);
    return visibleFaces(layout, { hidden, isolated: view.isolated });
  }

  get source(): Source {
    const { scene, layout } = this.#session.state;
    const { moments, t } = this.#playing;
    return { scene, layout, tiles: this.#session.tiles, film: moments && { moments, t } };
  }

  /** What a cell says now; null where nothing is there. */
  read(pin: Pin): Reading | null {
    const cell = cellOfPin(this.#session.state.layout, pin);
    return cell && readCell(this.source, cell);
  }

  /** Read the cell under the pointer anew: the film has moved on. */
  refresh(): void {
    if (this.#hover === null) return;
    const { cell, at } = this.#hover;
    this.#point(cell.interior === undefined ? cell : at && this.#cellUnder(at.x, at.y), at);
  }

  /** Nodes that the film leaves out. */
  get #without(): ReadonlySet<number> {
    const { hide_inputs } = this.#session.state.view.film;
    return (hide_inputs ? this.#playing.moments?.inputs : undefined) ?? new Set();
  }

  /** A camera as the film has turned it, or (-1) as it rests. */
  #turned(camera: Camera, way: 1 | -1): Camera {
    const { turn } = this.#playing;
    return turn === 0 ? camera : orbit(camera, way * turn, 0);
  }

  get #insides(): readonly Inside[] {
    return seenInsides(this.#session.state.layout, this.faces, this.#playing.moment);
  }

  get #interiors(): readonly Interior[] {
    return this.#insides.flatMap(({ parts }) => parts);
  }

  /** The reading under the pointer. */
  get hovered(): Reading | null {
    return this.#hover?.reading ?? null;
  }

  /** The cell under the pointer, if it is one of a matrix. */
  get hoveredPin(): Pin | null {
    const reading = this.#hover?.reading;
    return reading?.whole === true ? reading.pin : null;
  }

  /** What is lit of what is pinned and pointed at, or of one product. */
  get lit(): readonly Lit[] {
    return this.#term ? litBy(this.#term) : this.#looked.flatMap((reading) => reading.lit);
  }

  get #looked(): readonly Reading[] {
    return [...this.pinned, ...(this.#hover ? [this.#hover.reading] : [])];
  }

  /** Light one product of a line and its factors alone; null lights what is pinned and pointed at. */
  light(line: Line | null, place: number): void {
    if (line === null && this.#term === null) return;
    this.#term = line && place < line.box.sizes[2] ? { ...line, place } : null;
    this.stage.invalidate();
  }

  /** The readings of the pinned cells. */
  get pinned(): readonly Reading[] {
    const { view, layout } = this.#session.state;
    return view.selection.pins.flatMap((pin) => {
      const cell = cellOfPin(layout, pin);
      const reading = cell && readCell(this.source, cell);
      return reading ? [reading] : [];
    });
  }

  /** Follow a change of the state; a camera that jumps goes there smoothly. */
  changed(now: State, before: State, cameraBefore: Camera): void {
    if (now.scene !== before.scene) this.stage.setScene(now.scene);
    if (now.scene !== before.scene || now.layout !== before.layout) {
      this.stage.setLayout(now.layout.key);
      this.#point(null);
    }
    const stays = now.view.camera !== null && now.view.camera === before.view.camera;
    if (now.layout !== before.layout && stays && isLost(this.eye, before.layout.faces, this.faces))
      queueMicrotask(() => this.fit()); // an edit has moved the figure out of the picture
    const after = this.camera;
    if (now.view.camera !== before.view.camera) this.#readout.hover(null, null, { x: 0, y: 0, w: 0, h: 0 });
    if (!this.byHand && JSON.stringify(after) !== JSON.stringify(cameraBefore))
      this.#motion.go(cameraBefore, after);
    this.stage.invalidate();
  }

  /** Show everything; when everything is shown already, from the angle of the start. */
  fit(): void {
    const { camera } = this;
    const { yaw, pitch } = camera;
    const fitted = this.#fitted(this.faces, { yaw, pitch });
    this.#go(JSON.stringify(fitted) === JSON.stringify(camera) ? this.home : fitted);
  }

  /** Look at one face from its front. */
  focus(face: Face): void {
    this.#go(this.#fitted([face], facing(face, this.camera, this.eye)));
  }

  /** Bring a cell into the middle, near enough to be distinguished from its neighbours. */
  goTo(pin: Pin): void {
    const cell = cellOfPin(this.#session.state.layout, pin);
    if (cell === null) return;
    const whole = this.#fitted([cell.face], facing(cell.face, this.camera, this.eye));
    const near = this.stage.size.height / (2 * this.eye.tanHalf * NEAR_PX);
    const target = cellCentre(cell.face, cell.row, cell.col);
    this.#go({ ...whole, target, distance: Math.min(whole.distance, near) });
  }

  /** A step of the arrow keys. */
  step(right: number, up: number, moving: boolean): void {
    const { camera } = this;
    const px = 60;
    this.#go(
      moving ? pan(camera, this.stage.size, -right * px, up * px) : orbit(camera, right * 0.15, up * 0.12),
    );
  }

  zoom(factor: number): void {
    this.#navigate.zoom(factor);
  }

  /** Point at a cell, without its tip; null lets go of the one under the pointer. */
  point(cell: Cell | null): void {
    this.#point(cell);
  }

  /** Where a node's cell is in the page, in CSS pixels; null when it is not seen. */
  placeOf(pin: Pin): { readonly x: number; readonly y: number } | null {
    const cell = cellOfPin(this.#session.state.layout, pin);
    return cell && this.#placeOn(cell.face, cell.row, cell.col);
  }

  /** Where a product of the present step of a film is in the page. */
  placeOfProduct(row: number, col: number): { readonly x: number; readonly y: number } | null {
    const [first] = this.#interiors;
    return first === undefined ? null : this.#placeOn(first.face, row, col);
  }

  #placeOn(face: Face, row: number, col: number): { readonly x: number; readonly y: number } | null {
    const spot = project(this.eye, cellCentre(face, row, col));
    const { left, top } = this.stage.canvas.getBoundingClientRect();
    return spot && { x: left + spot.x, y: top + spot.y };
  }

  // --- frames ---------------------------------------------------------------------------------

  #frame(): Frame {
    const { view } = this.#session.state;
    const boxes = seenBoxes(this.#session.state.layout, this.faces);
    const rods = this.#looked.flatMap(({ rod }) => {
      const box = rod && boxes.find((box) => box.id === rod.boxId);
      return rod && box ? [this.#term ? alone(rod, this.#term) : rod] : [];
    });
    const [{ moment }, insides, interiors] = [this.#playing, this.#insides, this.#interiors];
    const lines = interiors.map(({ line }) => line).filter((line) => line !== null);
    const planes = interiors.map(({ plane }) => plane).filter((plane) => plane !== null);
    const looked = [...insides.flatMap((inside) => inside.lit), ...this.lit];
    const lit = focusIn(this.#session.state.layout, this.faces, view, looked);
    return {
      camera: this.#turned(this.#motion.at(this.camera), 1),
      style: view.style,
      theme: this.theme,
      hidden: hiddenIn(this.#session.state),
      faded: new Set(view.faded),
      isolated: view.isolated,
      device: view.device,
      ...this.#focus.at(latest(uncovered(this.#session.state.layout, lit)), moment !== null),
      rods: [...lines, ...rods.slice(-8)],
      film: moment && {
        parts: moment.parts,
        planes,
        tiles: insides.flatMap(({ tiles }) => tiles),
        exchanges: this.#playing.exchanges,
        without: this.#without,
      },
    };
  }

  /** The cell, if its face is drawn. */
  #visible(cell: Cell | null): Cell | null {
    return cell && this.faces.some((face) => face.id === cell.face.id) ? cell : null;
  }

  #drawn(): void {
    const { view, layout, scene } = this.#session.state;
    const { eye } = this;
    const pins = view.selection.pins.map((pin) => this.#visible(cellOfPin(layout, pin)));
    if (this.stage.failure === null) {
      const input = {
        scene,
        layout,
        faces: this.faces,
        boxes: ownBodies(seenBoxes(layout, this.faces)),
        root: layout.root_face,
        eye,
        view,
        theme: themeOf(scene.head, this.theme),
      };
      this.legends.draw(input, this.#host.taken());
      this.#readout.place(eye, this.#hover, pins);
      this.#host.drawn();
    }
    if (this.#motion.moving || this.#focus.moving) this.stage.invalidate();
    else if (this.#hover?.at && this.#pickedFrom !== view.camera)
      this.#pointAt(this.#hover.at.x, this.#hover.at.y, false); // the figure moved away under a resting pointer
  }

  // --- camera ---------------------------------------------------------------------------------

  #fitted(faces: readonly Face[], angles: { yaw: number; pitch: number }): Camera {
    const points = faces.length > 0 ? slabCorners(faces) : ([[0, 0, 0]] as const);
    return fit(points, angles, this.stage.size);
  }

  /** Move the camera by hand. */
  move(camera: Camera): void {
    this.#motion.stop();
    this.byHand = true;
    void this.#session.update({ camera }, "replace");
    this.byHand = false;
  }

  #go(camera: Camera): void {
    void this.#session.update({ camera }, "replace");
  }

  // --- pointer --------------------------------------------------------------------------------

  #pointAt(x: number, y: number, touch: boolean): void {
    const cell = this.#cellUnder(x, y);
    this.#point(cell, touch ? null : { x, y });
  }

  #point(cell: Cell | null, at: { x: number; y: number } | null = null): void {
    const reading = cell && readCell(this.source, cell);
    const before = this.#hover?.cell;
    this.#pickedFrom = this.#session.state.view.camera;
    this.#hover = cell && reading ? { cell, reading, at } : null;
    const { width, height } = this.stage.size;
    this.#readout.hover(reading, at, { x: 0, y: 0, w: width, h: height });
    if ((before ?? null) === cell) return;
    this.#dwell?.cancel();
    const { activity } = this.#session;
    if (cell && reading?.matrix.pooled) this.#dwell = activity.after(DWELL_MS, () => void this.#exact(cell));
    this.#host.hovered(reading);
    this.stage.invalidate();
  }

  /** Bring the exact value of a cell of a pooled matrix, and say it if the pointer is still there. */
  async #exact(cell: Cell): Promise<void> {
    const reading = readCell(this.source, cell);
    if (reading === null) return;
    const { node, row, col } = reading.pin;
    const news = await this.#session.tiles.fetch(node, row, col, reading.matrix);
    if (news && this.#hover?.cell === cell) this.#point({ ...cell }, this.#hover.at);
  }

  #click(x: number, y: number, more: boolean): void {
    const cell = this.#cellUnder(x, y);
    const reading = cell && readCell(this.source, cell);
    if (reading) this.#host.clicked(reading, more);
  }

  #cellUnder(x: number, y: number): Cell | null {
    if (this.stage.failure !== null) return null;
    return cellUnder(rayAt(this.eye, x, y), this.faces, this.#interiors, this.source);
  }

  #depthAt(x: number, y: number): number | undefined {
    const ray = rayAt(this.eye, x, y);
    const [hit] = pickAll(ray, this.faces);
    return hit && hit.t * dot(ray.direction, this.eye.forward);
  }
}
