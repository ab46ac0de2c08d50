// One slider for each axis: into how many blocks everything that carries it is split.

import type { Axis } from "../core/types.gen";
import { el, fill } from "../ui/dom";
import type { Session, State } from "../ui/session";
import { Latest } from "./latest";

const MOST_BLOCKS = 64;

/** What a split says: `tokens = 256 / 8`. */
export function told({ size }: Axis, blocks: number): string {
  return blocks > 1 ? `${size} / ${blocks}` : String(size);
}

/** The sliders of all axes. */
export class PartitionRows {
  readonly root = el("div");
  readonly #session: Session;
  readonly #latest: Latest<Partition>;
  #shown: readonly unknown[] = [];
  #update: (() => void)[] = [];

  constructor(session: Session) {
    this.#session = session;
    this.#latest = new Latest((partition, done) => session.update({ partition }, done ? "push" : "preview"));
  }

  draw({ scene }: State): void {
    const key = scene.head.axes.map((axis) => `${axis.name} ${axis.size}`).join();
    if (key !== this.#shown[0]) {
      this.#shown = [key];
      this.#update = [];
      const carried = new Set(scene.head.terms.flatMap((term) => term.axes));
      const rows = scene.head.axes
        .filter((axis) => axis.size > 1 && carried.has(axis.id))
        .map((axis) => this.#row(axis));
      fill(this.root, ...rows);
    }
    for (const update of this.#update) update();
  }

  #row(axis: Axis): HTMLElement {
    const help = `Split ${axis.name}, ${axis.size} places, into blocks; every matrix that carries it follows`;
    const input = el("input", {
      class: "mc-range",
      title: help,
      label: `Blocks of ${axis.name}`,
      attrs: {
        type: "range",
        min: 1,
        max: Math.min(MOST_BLOCKS, axis.size),
        step: 1,
        "data-control": "partition",
        "data-axis": axis.name,
        disabled: !this.#session.backend.live,
      },
    });
    const output = el("output", { class: "mc-range-value" });
    const tell = () => {
      output.textContent = told(axis, input.valueAsNumber);
    };
    const act = (done: boolean) => {
      tell();
      const { [axis.name]: before, ...others } = this.#session.state.view.partition;
      void before;
      const blocks = input.valueAsNumber;
      this.#latest.push(blocks > 1 ? { ...others, [axis.name]: blocks } : others, done);
    };
    input.addEventListener("input", () => act(false));
    input.addEventListener("change", () => act(true));
    this.#update.push(() => {
      if (document.activeElement !== input || !input.matches(":active"))
        input.valueAsNumber = this.#session.state.view.partition[axis.name] ?? 1;
      tell();
    });
    return el(
      "label",
      { class: "mc-row mc-row-wide", title: help },
      el("span", { class: "mc-mono", text: axis.name }),
      input,
      output,
    );
  }
}

type Partition = State["view"]["partition"];
