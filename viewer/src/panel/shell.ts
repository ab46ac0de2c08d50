// The controls around the picture, put together: header, panel, keys, help, sharing.

import { matrixOf } from "../core/sums";
import type { Problem } from "../core/types.gen";
import type { App } from "../ui/app";
import type { Controls } from "../ui/controls";
import { el, show } from "../ui/dom";
import type { Reading } from "../ui/reading";
import type { State } from "../ui/session";
import { Commands } from "./commands";
import { ControlRows } from "./controls";
import { downloads } from "./export";
import { FiguresTable } from "./figures";
import { Flat } from "./flat";
import { Inspect } from "./inspect";
import { NodeEditor } from "./node";
import { PartitionRows } from "./partition";
import { PresetsMenu } from "./presets";
import { ProgramBar } from "./program";
import { hearReadOnly } from "./read_only";
import { Share } from "./share";
import { Side, section } from "./side";
import { Stops } from "./stops";
import { Toolbar } from "./toolbar";
import { Tree } from "./tree";

const BAR_MARGIN_PX = 18;
/** Below this width there is room for one panel beside the picture. */
const NARROW_PX = 1100;
const READ_ONLY = "This is a saved page: layouts, films and blocks that are not stored in it need Python.";
const TABLES = [
  ["cost", "Cost", "Operations, bytes and parameters of each node"],
  ["partition", "Devices", "What each device holds, computes and sends"],
] as const;

/** The controls of one page. */
export class Shell implements Controls {
  readonly over: readonly HTMLElement[];
  readonly left: Side;
  readonly right: Side;
  readonly presets: PresetsMenu;
  readonly stops: Stops;
  readonly toolbar: Toolbar;
  readonly bar: ProgramBar;
  readonly flat: Flat;
  readonly share: Share;
  readonly #app: App;
  readonly #commands: Commands;
  readonly #controls: ControlRows;
  readonly #inspect: Inspect;
  readonly #tree: Tree;
  readonly #node: NodeEditor;
  readonly #partition: PartitionRows;
  readonly #tables: readonly (readonly [FiguresTable, HTMLElement])[];

  constructor(app: App) {
    this.#app = app;
    const { session } = app;
    this.share = new Share(app.activity, app.address, app.page.file);
    this.bar = new ProgramBar({
      live: session.backend.live,
      apply: (program, leaves) => void session.update({ program, leaves }),
      command: () => this.share.command(session.state.view),
      copy: (text) => void this.share.copy(text),
    });
    this.#controls = new ControlRows(session);
    this.#inspect = new Inspect({
      go: (pin) => app.goTo(pin),
      picture: () => app.picture.stage.snapshot(),
      download: downloads(app.activity),
    });
    this.#tree = new Tree((node) => app.select(node, true));
    this.#node = new NodeEditor(session);
    this.#partition = new PartitionRows(session);
    this.stops = new Stops(app, this.bar.root, (text) => this.share.toast(text));
    this.presets = new PresetsMenu(app);
    this.flat = new Flat(app);
    this.#tables = TABLES.map(([field, title, help]) => {
      const table = new FiguresTable(field, session);
      return [table, section(title, help, false, table.root)] as const;
    });
    this.left = this.#leftSide();
    this.right = this.#rightSide();
    this.#commands = new Commands(app, this);
    this.toolbar = this.#tools();
    this.over = [this.bar.root, this.stops.card];
    this.#assemble();
    this.#start();
  }

  copy(text: string): void {
    void this.share.copy(text);
  }

  press(event: KeyboardEvent): void {
    this.#commands.hear(event);
  }

  problem(problem: Problem | null): void {
    this.bar.problem(problem);
  }

  hovered(reading: Reading | null): void {
    if (reading && this.left.open) this.#inspect.drawRow(this.#app.picture.source, reading.pin);
  }

  changed(now: State, before: State): void {
    if (now.view.camera !== before.view.camera) this.toolbar.drawFlat(this.flat.on);
  }

  /** Open or close a side; where the figure is narrow there is room for one. */
  toggle(side: "left" | "right"): void {
    const other = side === "left" ? this.right : this.left;
    if (!this[side].open && this.#app.root.clientWidth < NARROW_PX) other.close();
    this[side].toggle();
  }

  needsPython(what: string): void {
    this.share.needsPython(what, () => this.share.command(this.#app.session.state.view));
  }

  /** Close what is open. */
  close(): void {
    this.left.close();
    this.right.close();
  }

  follow(): void {
    const { session, root } = this.#app;
    const { state } = session;
    const { scene, view, film } = state;
    this.bar.set(scene.head.view.program, scene.head.view.leaves);
    this.stops.draw(state);
    if (this.left.open) this.#drawLeft(state);
    if (this.right.open) this.#drawRight(state);
    const sheets = view.layout.sheets === "open";
    const turned = { ...view, layout: { ...view.layout, sheets: sheets ? "closed" : "open" } as const };
    const sheetsWork = session.backend.live || session.canAlone(turned);
    const filmWorks = film !== null || session.backend.live || scene.head.film !== null;
    const [left, right, live] = [this.left.open, this.right.open, session.backend.live];
    const [flat, playing] = [this.flat.on, film !== null];
    this.toolbar.draw({ flat, sheets, sheetsWork, left, right, live, film: playing, filmWorks });
    root.classList.toggle("has-panel", left || right);
  }

  #drawLeft(state: State): void {
    const { node, pins } = state.view.selection;
    const { source } = this.#app.picture;
    this.#tree.draw(state);
    this.#node.draw(state);
    this.#inspect.draw(source, node === null ? undefined : matrixOf(state.scene, node));
    this.#inspect.drawRow(source, pins.at(-1) ?? null);
  }

  #drawRight(state: State): void {
    this.#controls.draw(state);
    this.#partition.draw(state);
    for (const [table, part] of this.#tables) show(part, table.draw(state));
  }

  #leftSide(): Side {
    const parts = [
      section("Program", "How each value is computed", true, this.#tree.root),
      section("Selected", "The selected value and its settings", true, this.#node.root),
      section("Values", "Contents of the selected matrix", true, this.#inspect.root),
    ];
    const names = { id: "left", title: "Expression", key: "P" } as const;
    return new Side(names, parts, () => this.#app.follow());
  }

  #rightSide(): Side {
    const { live } = this.#app.session.backend;
    const note = el("p", { class: "mc-note", text: READ_ONLY });
    show(note, !live);
    const [layout, ...others] = this.#controls.groups;
    const parts = [
      note,
      ...(layout === undefined ? [] : [layout]),
      section("Partition", "Number of blocks along each axis", false, this.#partition.root),
      ...others,
      section("Stops", "Saved states with a sentence each, told in order", false, this.stops.root),
      ...this.#tables.map(([, part]) => part),
    ];
    const names = { id: "right", title: "Looks", key: "O" } as const;
    return new Side(names, parts, () => this.#app.follow());
  }

  #tools(): Toolbar {
    const { playing, session } = this.#app;
    return new Toolbar({
      run: (command) => this.#commands.run(command),
      share: () => {
        playing.save();
        void this.share.link(session.state.view);
      },
      goto: (text) => this.#commands.goTo(text),
    });
  }

  #assemble(): void {
    const { dock, header, main, root } = this.#app;
    header.append(this.bar.root, this.toolbar.root, this.toolbar.gotoBox);
    main.prepend(this.left.root);
    main.append(this.right.root);
    dock.prepend(this.stops.card);
    root.append(this.share.root, this.#commands.help.root, this.presets.dialog.root);
    this.#commands.listen();
    const { activity, session } = this.#app;
    const readOnly = {
      needsPython: (what: string) => this.needsPython(what),
      cannot: (reason: string) => this.share.toast(reason),
    };
    hearReadOnly(root, session.backend.live, readOnly, activity.signal);
    this.#app.activity.resized(this.bar.root, () => {
      const over = Math.max(0, this.bar.root.offsetHeight + BAR_MARGIN_PX - header.offsetHeight);
      root.style.setProperty("--mc-program-over", `${over}px`);
    });
  }

  #start(): void {
    const { opening, picture, session } = this.#app;
    this.follow();
    if (opening.proposed !== null) this.bar.propose(opening.proposed);
    if (picture.stage.failure === null) return;
    this.left.show();
    const { layout, view } = session.state;
    const face = layout.faces[layout.root_face];
    if (view.selection.node === null && face) this.#app.select(face.node);
    this.follow(); // the page does not know of these controls before they are made
  }
}
