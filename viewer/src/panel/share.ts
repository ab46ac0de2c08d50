// Copying, and the short notices that say what happened.

import type { View } from "../core/types.gen";
import type { Activity, Pending } from "../ui/activity";
import type { Address } from "../ui/address";
import { liveCommand } from "../ui/backend";
import { el, fill, show } from "../ui/dom";
import { encodeView } from "../ui/fragment";

const SHOWN_MS = 4000;
/** A notice that offers something stays longer. */
const OFFERED_MS = 12_000;

/** Copies texts; where the clipboard is closed to the page, shows them to be copied by hand. */
export class Share {
  readonly root = el("div", { class: "mc-toast", attrs: { role: "status" } });
  readonly #activity: Activity;
  readonly #address: Address;
  readonly #file: string;
  #hiding: Pending | null = null;

  /** @param file what a shell calls the file that holds the figure, or "". */
  constructor(activity: Activity, address: Address, file: string) {
    this.#activity = activity;
    this.#address = address;
    this.#file = file;
    show(this.root, false);
  }

  /** Say something for a moment. */
  toast(text: string): void {
    fill(this.root, text);
    this.#appear(SHOWN_MS);
  }

  /** Say that something needs Python, and offer the command that opens the page live. */
  needsPython(what: string, command: () => Promise<string>): void {
    const copy = el("button", {
      class: "mc-text-button",
      text: "Copy the command",
      title: "Copy the command that opens this page live",
      attrs: { type: "button" },
      on: { click: () => void command().then((text) => this.copy(text)) },
    });
    const text = el("span", {
      text: `${what} needs Python, which a saved page does not have: open it live. `,
    });
    this.root.replaceChildren(text, copy);
    this.#appear(OFFERED_MS);
  }

  /** Copy a text. */
  async copy(text: string): Promise<void> {
    try {
      await this.#activity.during(navigator.clipboard.writeText(text));
      this.toast(text.length > 80 ? "Copied." : `Copied: ${text}`);
    } catch {
      const field = el("input", {
        class: "mc-copy-text",
        label: "Text to copy",
        attrs: { type: "text", readonly: true },
      });
      field.value = text;
      this.root.replaceChildren("Copy this: ", field);
      this.#appear(20_000);
      field.select();
    }
  }

  /** Copy a link to a view; a framed page has no address of its own, so the command that opens the view. */
  async link(view: View): Promise<void> {
    await this.copy((await this.#address.link(view)) ?? (await this.command(view)));
  }

  /** The line for a shell that opens this figure live: by its link, or by its file when that carries the data. */
  async command(view: View): Promise<string> {
    if (this.#file !== "" && Object.keys(view.data).length > 0) return liveCommand(this.#file);
    return liveCommand(await this.#activity.during(encodeView(view)), view.data);
  }

  #appear(ms: number): void {
    this.#hiding?.cancel();
    show(this.root, true);
    this.#hiding = this.#activity.later(ms, () => show(this.root, false));
  }
}
