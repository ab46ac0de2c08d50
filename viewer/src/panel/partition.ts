// One slider for each axis: into how many blocks everything that carries it is split.

import { type Axis, type Head, SCHEMA } from "../core/types.gen";
import { describe, el, fill } from "../ui/dom";
import { named, row, select, slider } from "../ui/fields";
import type { Session, State } from "../ui/session";
import { Coalesced } from "./coalesce";

const MOST_BLOCKS = SCHEMA.View.partition.of.of.max;
/** Prefix of a preset's name among the splits of a view. */
const PRESET = "preset:";
const FIRST_DEVICES = 4;

/** What an axis is called: its title, else its address. */
const titleOf = ({ title, name }: Axis): string => title ?? name;

/** What a split says: `tokens = 256 / 8`. */
export function splitText({ id, size }: Axis, blocks: number): string {
  if (id < 0) return `${blocks}`;
  const uneven = size % blocks === 0 ? "" : ", uneven";
  return blocks > 1 ? `${size} / ${blocks}${uneven}` : String(size);
}

/** The sliders of all axes. */
export class PartitionRows {
  readonly root = el("div");
  readonly #rows = el("div");
  /** What is uneven, as the device table says it. */
  readonly #uneven = el("div", { class: "mc-uneven", attrs: { role: "status" } });
  readonly #session: Session;
  readonly #asked: Coalesced<Partition>;
  #shown: readonly unknown[] = [];
  #said = "";
  #update: (() => void)[] = [];

  constructor(session: Session) {
    this.#session = session;
    this.root.append(this.#rows, this.#uneven);
    this.#asked = new Coalesced((partition, done) =>
      session.update({ partition }, done ? "push" : "preview"),
    );
  }

  draw({ scene, view }: State): void {
    const more = Object.keys(view.partition).filter(
      (name) => !scene.head.axes.some((axis) => axis.name === name),
    );
    const key = [
      ...scene.head.axes.map((axis) => `${axis.name} ${titleOf(axis)} ${axis.size}`),
      ...more,
    ].join();
    if (key !== this.#shown[0]) {
      this.#shown = [key];
      this.#update = [];
      const used = new Set(scene.head.terms.flatMap((term) => term.axes));
      const rows = scene.head.axes
        .filter((axis) => axis.size > 1 && used.has(axis.id))
        .map((axis) => this.#row(axis));
      // Uses of an axis ("attn.i") and presets that are in force are no axes, and have a slider, too.
      const others = more.map((name) =>
        this.#row({ id: -1, name, size: MOST_BLOCKS, labels: null, title: null }),
      );
      fill(this.#rows, this.#presets(scene.head), ...rows, ...others);
    }
    for (const update of this.#update) update();
    const uneven = scene.head.partition?.uneven ?? [];
    if (uneven.join() !== this.#said) {
      this.#said = uneven.join();
      fill(this.#uneven, ...uneven.map((text) => el("p", { class: "mc-note", text })));
    }
  }

  /** Splits by a name that people know: data parallel, Megatron, … */
  #presets({ vocabulary }: Head): HTMLElement | null {
    if (vocabulary.presets.length === 0) return null;
    const of = {
      id: "partition-preset",
      label: "Preset",
      help: "A named way to distribute the work; its slider sets the number of devices",
    };
    const choices = named(vocabulary.presets);
    const options = [{ value: "", text: "by axis", help: "the sliders below" }, ...choices];
    const { partition } = this.#session.state.view;
    const now = choices.find(({ value }) => Object.hasOwn(partition, PRESET + value))?.value ?? "";
    const set = (name: string) =>
      this.#asked.push(name === "" ? {} : { [PRESET + name]: FIRST_DEVICES }, true);
    return row(of, select(of, options, now, this.#session.backend.live ? set : null));
  }

  #row(axis: Axis): HTMLElement {
    const help =
      axis.id < 0
        ? `${titleOf(axis)}: number of blocks or devices`
        : `Split ${titleOf(axis)}, ${axis.size} places, into blocks; every matrix with this axis follows`;
    const of = { id: "partition", label: titleOf(axis), help };
    const scale = {
      min: 1,
      max: Math.min(MOST_BLOCKS, axis.size),
      step: 1,
      spell: (blocks: number) => splitText(axis, blocks),
    };
    const { field, output, show } = slider(of, scale, (blocks, done) => {
      const { [axis.name]: _, ...others } = this.#session.state.view.partition;
      this.#asked.push(blocks > 1 ? { ...others, [axis.name]: blocks } : others, done);
    });
    describe(field, "aria-label", `Blocks of ${titleOf(axis)}`);
    field.dataset.axis = axis.name;
    field.disabled = !this.#session.backend.live;
    this.#update.push(() => show(this.#session.state.view.partition[axis.name] ?? 1));
    return el(
      "label",
      { class: "mc-row mc-row-wide", title: help },
      el("span", { class: "mc-mono", text: axis.name.startsWith(PRESET) ? "devices" : titleOf(axis) }),
      field,
      output,
    );
  }
}

type Partition = State["view"]["partition"];
