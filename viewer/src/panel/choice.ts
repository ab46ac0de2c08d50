// A row of buttons of which one is pressed.

import { el } from "../ui/dom";

/** What a button says, what it does in words, and what it does. */
export type Option = readonly [text: string, title: string, run: () => void];

/** One of several. */
export class Choice {
  readonly root: HTMLElement;
  readonly #buttons: readonly HTMLButtonElement[];
  readonly #options: readonly Option[];
  #at = 0;

  constructor(label: string, options: readonly Option[], at = 0) {
    this.#options = options;
    this.#buttons = options.map(([text, title], n) =>
      el("button", { text, title, attrs: { type: "button" }, on: { click: () => this.#take(n) } }),
    );
    const row = el("span", { class: "mcc-choice", label, attrs: { role: "group" } }, ...this.#buttons);
    this.root = el("span", { class: "mcc-chosen" }, el("span", { text: label }), row);
    this.set(at);
  }

  /** Show that one of them is so. */
  set(at: number): void {
    this.#at = at;
    for (const [n, button] of this.#buttons.entries()) button.setAttribute("aria-pressed", String(n === at));
  }

  /** Nothing can be chosen, and why. */
  disable(title: string): void {
    for (const button of this.#buttons) Object.assign(button, { disabled: true, title });
  }

  /** Take the next one. */
  next(): void {
    this.#take((this.#at + 1) % this.#options.length);
  }

  #take(at: number): void {
    this.set(at);
    this.#options[at]?.[2]();
  }
}
