// The sign of work: a line after a moment, after a second words of how far it is and a button that stops it.

import type { Activity, Pending } from "./activity";
import type { Backend } from "./backend";
import { el, say, show } from "./dom";

const LINE_MS = 300;
const WORDS_MS = 1000;

/** What is shown while Python works. */
export class Working {
  readonly line = el("div", { class: "mc-busy", label: "Working", attrs: { role: "progressbar" } });
  readonly root: HTMLElement;
  readonly #words = el("span");
  readonly #activity: Activity;
  readonly #backend: Backend;
  #next: Pending | null = null;

  constructor(activity: Activity, backend: Backend, stop: () => void) {
    this.#activity = activity;
    this.#backend = backend;
    const button = el("button", {
      class: "mc-button mc-stop",
      text: "Stop",
      title: "Stop this; the picture stays as it is",
      attrs: { type: "button" },
      on: { click: stop },
    });
    this.root = el("div", { class: "mc-working", attrs: { role: "status" } }, this.#words, button);
    this.#show(false, false);
  }

  /** Work has begun, or all of it has ended. */
  follow(busy: boolean): void {
    if (!busy) this.#show(false, false);
    if (busy === (this.#next !== null)) return;
    this.#next?.cancel();
    this.#next = busy ? this.#activity.later(LINE_MS, () => this.#underline()) : null;
  }

  #underline(): void {
    this.#show(true, false);
    this.#next = this.#activity.later(WORDS_MS - LINE_MS, () => void this.#tell(WORDS_MS));
  }

  async #tell(ms: number): Promise<void> {
    const now = this.#next;
    const doing = await this.#backend.doing();
    if (now !== this.#next) return; // it has ended meanwhile
    const step = doing === "" ? "Working" : `Working: ${doing}`;
    say(this.#words, `${step} · ${Math.round(ms / 1000)} s`);
    this.#show(true, true);
    this.#next = this.#activity.later(WORDS_MS, () => void this.#tell(ms + WORDS_MS));
  }

  #show(line: boolean, words: boolean): void {
    show(this.line, line);
    show(this.root, words);
  }
}
