// One scale for each matrix in all panels, or each panel its own.

import type { Comparison, NodeScales } from "../core/types.gen";
import { say } from "../ui/dom";
import type { Option } from "./choice";
import type { Side } from "./linked";

type Chosen = Comparison["scale"];

/** The scales of all panels. */
export class Scales {
  readonly #sides: readonly Side[];
  readonly #given: Chosen;
  #now: Chosen;
  /** What each panel has with the other choice. */
  #others: readonly (readonly NodeScales[])[];

  constructor({ scale, panels }: Comparison, sides: readonly Side[]) {
    this.#sides = sides;
    this.#given = scale;
    this.#now = scale;
    this.#others = panels.map(({ other }) => other.scales);
  }

  /** Nothing would change: the scales are equal, or what is shown are averages, which have one scale. */
  get fixed(): boolean {
    return this.#others.every(({ length }) => length === 0);
  }

  get options(): readonly Option[] {
    return [
      ["One", "Equal brightness is an equal value in all panels", () => this.#take("one")],
      ["Each its own", "Full brightness is the largest of each panel", () => this.#take("own")],
    ];
  }

  #take(chosen: Chosen): void {
    if (chosen === this.#now) return;
    this.#now = chosen;
    this.#others = this.#sides.map(({ app, panel, note }, at) => {
      say(note, chosen === this.#given ? panel.note : panel.other.note);
      const other = this.#others[at] ?? [];
      return app === null ? other : app.session.rescale(other);
    });
  }
}
