// The view in the address: an edit is one entry of the browser's history, camera moves replace the present one.
// Inside a frame, or where history is closed to the page, the same is kept in memory.

import { begin, type History, push, redo, replace, undo } from "../core/history";
import type { View } from "../core/types.gen";
import type { Activity, Pending } from "./activity";
import { decodeFragment, encodeView, type FragmentView } from "./fragment";

const PAUSE_MS = 300;
const LONGEST_TRAVEL_MS = 5000;

/** Undo, redo and sharing of views. */
export class Address {
  /** The state stays in memory: this page is in a frame, or its history is closed. */
  readonly inMemory: boolean;
  #memory: History<View>;
  readonly #activity: Activity;
  readonly #moved: (found: FragmentView) => void;
  #tail: Promise<void> = Promise.resolve();
  #pending: View | null = null;
  #timer: Pending | null = null;
  #depth: number;
  #top: number;
  #arrived: () => void = () => undefined;

  /** @param moved is called when the reader goes back or forward, or changes the address. */
  constructor(activity: Activity, first: View, moved: (found: FragmentView) => void) {
    this.#activity = activity;
    this.#memory = begin(first);
    this.#moved = moved;
    this.inMemory = !historyIsOpen();
    this.#depth = depthOf(this.inMemory ? null : history.state);
    this.#top = this.#depth;
    if (this.inMemory) return;
    window.addEventListener(
      "popstate",
      (event) => {
        this.#settle();
        this.#depth = depthOf(event.state);
        void activity.during(decodeFragment(location.hash)).then(this.#moved);
        this.#arrived();
      },
      { signal: activity.signal },
    );
  }

  /** Remember a view. */
  record(view: View, entry: "push" | "replace"): void {
    this.#memory = entry === "push" ? push(this.#memory, view) : replace(this.#memory, view);
    if (this.inMemory) return;
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
        history.pushState({ matcube: this.#depth }, "", fragment);
      });
    }
  }

  /** One edit back. */
  undo(): void {
    if (this.inMemory) this.#recall(undo(this.#memory));
    else this.#queue(() => (this.#depth > 0 ? this.#travel(-1) : undefined));
  }

  /** One edit forward. */
  redo(): void {
    if (this.inMemory) this.#recall(redo(this.#memory));
    else this.#queue(() => (this.#depth < this.#top ? this.#travel(1) : history.forward()));
  }

  /** Go one entry back or forward; busy until the browser is there. */
  #travel(way: 1 | -1): void {
    this.#arrived();
    this.#arrived = this.#activity.begin();
    this.#activity.later(LONGEST_TRAVEL_MS, this.#arrived); // a browser may ignore too many in a row
    history.go(way);
  }

  /** This page's address with a view in it. */
  async link(view: View): Promise<string> {
    return location.href.replace(/#.*$/s, "") + (await this.#activity.during(encodeView(view)));
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
    this.#settle();
    if (view === null) return;
    this.#queue(async () => {
      const fragment = await encodeView(view);
      history.replaceState({ matcube: this.#depth }, "", fragment);
    });
  }

  /** One after another: deflating takes a moment, and entries must not overtake each other. */
  #queue(step: () => void | Promise<void>): void {
    this.#tail = this.#activity.during(this.#tail.then(step).catch(() => undefined));
  }
}

function historyIsOpen(): boolean {
  try {
    if (window.top !== window || typeof CompressionStream === "undefined") return false;
    history.replaceState(history.state, "", location.href);
    return true;
  } catch {
    return false;
  }
}

function depthOf(state: unknown): number {
  if (typeof state !== "object" || state === null || !("matcube" in state)) return 0;
  return typeof state.matcube === "number" && Number.isInteger(state.matcube) ? state.matcube : 0;
}
