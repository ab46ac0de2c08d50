// The panel at the side (on a phone: a sheet at the bottom) with three pages, all one click away.

import { el, show } from "../ui/dom";
import { iconButton } from "../ui/icons";

export type PageName = "inspect" | "looks" | "matrices";

const TITLES: Readonly<Record<PageName, string>> = {
  inspect: "Inspect",
  looks: "Looks",
  matrices: "Matrices",
};

/** Tabs and their pages. */
export class Panel {
  readonly root: HTMLElement;
  readonly #pages: Readonly<Record<PageName, HTMLElement>>;
  readonly #tabs = new Map<PageName, HTMLButtonElement>();
  readonly #changed: () => void;
  #page: PageName = "inspect";

  /** @param changed is called when the panel opens or closes: the picture has another size then. */
  constructor(pages: Readonly<Record<PageName, HTMLElement>>, changed: () => void) {
    this.#pages = pages;
    this.#changed = changed;
    const tabs = el("div", { class: "mc-tabs", attrs: { role: "tablist" } });
    const body = el("div", { class: "mc-panel-body" });
    for (const name of ["inspect", "looks", "matrices"] as const) {
      const tab = this.#tab(name);
      this.#tabs.set(name, tab);
      tabs.append(tab);
      const page = pages[name];
      page.id = `mc-page-${name}`;
      page.setAttribute("role", "tabpanel");
      page.setAttribute("aria-labelledby", `mc-tab-${name}`);
      body.append(page);
    }
    const close = iconButton("close", "Close panel", "Close panel (P)", () => this.close());
    this.root = el(
      "section",
      { class: "mc-panel", label: "Panel" },
      el("div", { class: "mc-panel-head" }, tabs, close),
      body,
    );
    show(this.root, false);
    this.#choose("inspect");
  }

  get open(): boolean {
    return !this.root.hidden;
  }

  /** The page on show, if the panel is open. */
  get current(): PageName | null {
    return this.open ? this.#page : null;
  }

  /** Open a page, or close the panel if that page is open already. */
  toggle(name: PageName): void {
    if (this.open && this.#page === name) this.close();
    else this.show(name);
  }

  show(name: PageName): void {
    this.#choose(name);
    if (this.open) return;
    show(this.root, true);
    this.#changed();
  }

  close(): void {
    if (!this.open) return;
    show(this.root, false);
    this.#changed();
  }

  #choose(name: PageName): void {
    this.#page = name;
    for (const [one, tab] of this.#tabs) {
      tab.setAttribute("aria-selected", String(one === name));
      tab.tabIndex = one === name ? 0 : -1;
      show(this.#pages[one], one === name);
    }
    if (this.open) this.#changed();
  }

  #tab(name: PageName): HTMLButtonElement {
    return el("button", {
      class: "mc-tab",
      text: TITLES[name],
      title: `Show the page ${TITLES[name]}`,
      attrs: {
        type: "button",
        role: "tab",
        id: `mc-tab-${name}`,
        "aria-controls": `mc-page-${name}`,
        "data-control": `page-${name}`,
      },
      on: { click: () => this.#choose(name), keydown: (event) => this.#arrow(event as KeyboardEvent, name) },
    });
  }

  #arrow(event: KeyboardEvent, from: PageName): void {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (step === 0) return;
    const names = [...this.#tabs.keys()];
    const next = names[(names.indexOf(from) + step + names.length) % names.length];
    if (next === undefined) return;
    event.stopPropagation();
    this.#choose(next);
    this.#tabs.get(next)?.focus();
  }
}
