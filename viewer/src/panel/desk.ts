// The controls around the picture, put together: header, panel, keys, help, sharing.

import { matrixOf } from "../core/sums";
import type { Problem } from "../core/types.gen";
import type { App } from "../ui/app";
import type { Late } from "../ui/late";
import type { Reading } from "../ui/reading";
import { Commands } from "./commands";
import { Controls } from "./controls";
import { Inspect } from "./inspect";
import { Matrices } from "./matrices";
import { Panel } from "./panel";
import { ProgramBar } from "./program";
import { Share } from "./share";
import { Toolbar } from "./toolbar";

/** The controls of one page. */
export class Desk implements Late {
  readonly over: readonly HTMLElement[];
  readonly panel: Panel;
  readonly toolbar: Toolbar;
  readonly bar: ProgramBar;
  readonly share: Share;
  readonly #app: App;
  readonly #commands: Commands;
  readonly #controls: Controls;
  readonly #inspect: Inspect;
  readonly #matrices: Matrices;

  constructor(app: App) {
    this.#app = app;
    const { session } = app;
    this.share = new Share(app.address);
    this.bar = new ProgramBar({
      live: session.backend.live,
      apply: (program, leaves) => void session.update({ program, leaves }),
      command: () => this.share.command(session.state.view),
      copy: (text) => void this.share.copy(text),
    });
    this.#controls = new Controls(session);
    this.#inspect = new Inspect({ go: (pin) => app.goTo(pin), picture: () => app.picture.stage.snapshot() });
    this.#matrices = new Matrices({
      select: (node) => app.select(node, true),
      update: (fields) => void session.update(fields),
    });
    const pages = { inspect: this.#inspect.root, looks: this.#controls.root, matrices: this.#matrices.root };
    this.panel = new Panel(pages, () => app.follow());
    this.#commands = new Commands(app, this);
    this.toolbar = this.#tools();
    this.over = [this.bar.root];
    this.#assemble();
    this.#start();
  }

  copy(text: string): void {
    void this.share.copy(text);
  }

  press(event: KeyboardEvent): void {
    this.#commands.hear(event);
  }

  problem(found: Problem | null): void {
    this.bar.problem(found);
  }

  hovered(reading: Reading | null): void {
    if (reading && this.panel.current === "inspect")
      this.#inspect.drawRow(this.#app.picture.source, reading.pin);
  }

  follow(): void {
    const { session, picture, root } = this.#app;
    const { state } = session;
    const { scene, view, film } = state;
    this.bar.set(scene.head.view.program, scene.head.view.leaves);
    const page = this.panel.current;
    if (page === "looks") this.#controls.draw(state);
    if (page === "matrices") this.#matrices.draw(state);
    if (page === "inspect") {
      const { node, pins } = view.selection;
      this.#inspect.draw(picture.source, node === null ? undefined : matrixOf(scene, node));
      this.#inspect.drawRow(picture.source, pins.at(-1) ?? null);
    }
    const sheets = view.layout.sheets === "open";
    const turned = { ...view, layout: { ...view.layout, sheets: sheets ? "closed" : "open" } as const };
    const sheetsWork = session.backend.live || session.canAlone(turned);
    const filmWorks = film !== null || session.backend.live || scene.head.film !== null;
    this.toolbar.draw({ sheets, sheetsWork, page, film: film !== null, filmWorks });
    root.classList.toggle("has-panel", page !== null);
  }

  #tools(): Toolbar {
    const { playing, session } = this.#app;
    return new Toolbar({
      run: (command) => this.#commands.run(command),
      page: (name) => this.panel.toggle(name),
      share: () => {
        playing.save();
        void this.share.link(session.state.view);
      },
      goto: (text) => this.#commands.goTo(text),
    });
  }

  #assemble(): void {
    const { header, main, root } = this.#app;
    header.append(this.bar.root, this.toolbar.root, this.toolbar.gotoBox);
    main.append(this.panel.root);
    root.append(this.share.root, this.#commands.help.root);
    this.#commands.listen(root);
  }

  #start(): void {
    const { opening, picture, session } = this.#app;
    this.follow();
    if (opening.proposed !== null) this.bar.propose(opening.proposed);
    if (picture.stage.failure === null) return;
    this.panel.show("inspect");
    const { layout, view } = session.state;
    const face = layout.faces[layout.root_face];
    if (view.selection.node === null && face) this.#app.select(face.node);
  }
}
