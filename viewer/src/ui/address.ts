// The view in the address: an edit is one entry of the browser's history, camera moves replace the present one.
// On a page without an address the entries are in memory.

import { begin, type History, push, redo, replace, undo } from "../core/history";
import type { View } from "../core/types.gen";
import type { Activity, Pending } from "./activity";
import { decodeFragment, encodeView, type FragmentView } from "./fragment";
import type { AddressBar } from "./page";

const PAUSE_MS = 300;
const LONGEST_TRAVEL_MS = 5000;

/** Undo, redo and sharing of views. */
export class Address {
  readonly #bar: AddressBar | null;
  #memory: History<View>;
  readonly #activity: Activity;
  readonly #moved: (entry: FragmentView) => void;
  #tail: Promise<void> = Promise.resolve();
  #pending: View | null = null;
  #timer: Pending | null = null;
  #depth: number;
  #top: number;
  #arrived: () => void = () => undefined;

  /** @param bar the page's address; null keeps entries in memory.
   * @param moved is called when the reader goes back or forward, or changes the address. */
  constructor(bar: AddressBar | null, activity: Activity, first: View, moved: (entry: FragmentView) => void) {
    this.#activity = activity;
    this.#memory = begin(first);
    this.#moved = moved;
    this.#bar = bar;
    this.#depth = depthOf(bar?.state);
    this.#top = this.#depth;
    bar?.listen(() => {
      this.#settle();
      this.#depth = depthOf(bar.state);
      void activity.during(decodeFragment(bar.fragment)).then(this.#moved);
      this.#arrived();
    }, activity.signal);
  }

  /** There is no address to write to. */
  get inMemory(): boolean {
    return this.#bar === null;
  }

  /** Remember a view. */
  record(view: View, entry: "push" | "replace"): void {
    this.#memory = entry === "push" ? push(this.#memory, view) : replace(this.#memory, view);
    const bar = this.#bar;
    if (bar === null) return;
    if (entry === "replace") {
      this.#pending = view;
      this.#timer?.cancel();
      this.#timer = this.#activity.after(PAUSE_MS, () => this.#write());
    } else {
      this.#write();
      this.#queue(async () => {
        const fragment = await encodeView(view);
        this.#depth += 1;
        this.#top = this.#depth;
        this.#put(bar, "push", fragment);
      });
    }
  }

  /** One edit back. */
  undo(): void {
    const bar = this.#bar;
    if (bar === null) this.#recall(undo(this.#memory));
    else this.#queue(() => (this.#depth > 0 ? this.#travel(bar, -1) : undefined));
  }

  /** One edit forward. */
  redo(): void {
    const bar = this.#bar;
    if (bar === null) this.#recall(redo(this.#memory));
    else this.#queue(() => (this.#depth < this.#top ? this.#travel(bar, 1) : bar.go(1)));
  }

  /** Go one entry back or forward; busy until the browser is there. */
  #travel(bar: AddressBar, way: 1 | -1): void {
    this.#arrived();
    this.#arrived = this.#activity.begin();
    this.#activity.later(LONGEST_TRAVEL_MS, this.#arrived); // a browser may ignore too many in a row
    bar.go(way);
  }

  /** This page's address with a view in it; null where there is none. */
  async link(view: View): Promise<string | null> {
    if (this.#bar === null) return null;
    const fragment = await this.#activity.during(encodeView(view));
    return this.#bar.href.replace(/#.*$/s, "") + fragment;
  }

  #recall(next: History<View>): void {
    if (next === this.#memory) return;
    this.#memory = next;
    this.#moved({ kind: "view", view: next.present });
  }

  /** Give up a move that was not written yet: it belongs to an entry that is no longer the present one. */
  #settle(): void {
    this.#timer?.cancel();
    this.#pending = null;
  }

  /** Write the view that replaces the present entry, if one waits. */
  #write(): void {
    const view = this.#pending;
    const bar = this.#bar;
    this.#settle();
    if (view === null || bar === null) return;
    this.#queue(async () => this.#put(bar, "replace", await encodeView(view)));
  }

  /** The address of a figure that was closed meanwhile is no longer its own. */
  #put(bar: AddressBar, way: "push" | "replace", fragment: string): void {
    if (!this.#activity.signal.aborted) bar.write(way, { matcube: this.#depth }, fragment);
  }

  /** One after another: deflating takes a moment, and entries must not overtake each other. */
  #queue(step: () => void | Promise<void>): void {
    this.#tail = this.#activity.during(this.#tail.then(step).catch(() => undefined));
  }
}

function depthOf(state: unknown): number {
  if (typeof state !== "object" || state === null || !("matcube" in state)) return 0;
  return typeof state.matcube === "number" && Number.isInteger(state.matcube) ? state.matcube : 0;
}
