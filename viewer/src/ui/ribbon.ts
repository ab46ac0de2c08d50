// The sum ribbon: a strip at the foot of the picture that writes one cell in words of numbers.

import { type Line, sentence, type Told } from "../core/explain";
import type { Explained, ExplainedStep, ExplainedTerm } from "../core/types.gen";
import { describe, el, fill, say, show } from "./dom";

/** What the strip shows. */
export interface Subject {
  readonly words: Told;
  /** What the factors are: `row 1 of A · column 0 of B`, or where a film is. */
  readonly about: string;
  /** A note beside it: that exact terms are not here. */
  readonly note: string;
  /** The cell is pinned: it stays, and can be let go. */
  readonly pinned: boolean;
  /** The pointer only passes: the strip lets it through to the picture. */
  readonly passing: boolean;
}

/** What the strip can do. */
export interface RibbonHost {
  copy(text: string): void;
  unpin(): void;
  /** Light the cells of a term, or again those of the whole line. */
  light(line: Line | null, place: number): void;
}

/** Terms and signs between them in large letters; more of them are smaller. */
const MOST_LARGE = 9;

export class Ribbon {
  readonly root = el("section", { class: "mc-ribbon", label: "The cell in words of numbers" });
  readonly #host: RibbonHost;
  readonly #place = el("b", { class: "mc-ribbon-place" });
  readonly #about = el("span", { class: "mc-ribbon-about" });
  readonly #words = el("div", { class: "mc-ribbon-words" });
  readonly #unpin: HTMLButtonElement;
  #subject: Subject | null = null;
  #key = "";
  /** The term that stays lit, by its place in the sum. */
  #kept: number | null = null;

  constructor(host: RibbonHost) {
    this.#host = host;
    const button = (text: string, title: string, control: string, act: () => void) =>
      el("button", {
        class: "mc-text-button",
        text,
        title,
        attrs: { type: "button", "data-control": control },
        on: { click: act },
      });
    const copy = button("Copy", "Copy these words", "ribbon-copy", () => {
      if (this.#subject !== null) host.copy(sentence(this.#subject.words));
    });
    this.#unpin = button("Unpin", "Unpin this cell", "ribbon-unpin", () => host.unpin());
    fill(
      this.root,
      el("div", { class: "mc-ribbon-head" }, this.#place, this.#about),
      this.#words,
      el("div", { class: "mc-ribbon-actions" }, copy, this.#unpin),
    );
    show(this.root, false);
  }

  /** The words, as `str(fig.explain(...))`; null while it is hidden. */
  get words(): Told | null {
    return this.#subject?.words ?? null;
  }

  /** Show another cell, or the same one at another moment; null hides the strip. */
  draw(subject: Subject | null): void {
    const key = subject === null ? "" : JSON.stringify([subject.words.steps, subject.note]);
    const other = subject?.words.address !== this.#subject?.words.address;
    this.#subject = subject;
    show(this.root, subject !== null);
    if (subject === null) {
      this.#key = "";
      this.#keep(null);
      return;
    }
    if (other) this.#keep(null);
    this.root.classList.toggle("is-passing", subject.passing);
    show(this.#unpin, subject.pinned);
    say(this.#place, subject.words.address);
    say(this.#about, subject.about);
    describe(this.#place, "title", subject.words.address);
    describe(this.#about, "title", subject.about);
    if (key === this.#key) return;
    this.#key = key;
    const [terms, tail] = this.#parts(subject.words);
    this.#words.classList.toggle("is-long", terms.length > MOST_LARGE);
    const text = subject.note !== "" && note(subject.note);
    this.#words.classList.toggle("is-short", tail.length <= 2);
    const sum = terms.length > 0 && el("span", { class: "mc-ribbon-sum" }, ...terms);
    fill(this.#words, sum, el("span", { class: "mc-ribbon-tail" }, ...tail, text));
    this.#mark();
  }

  /** The terms of the sum, and what they come to with the steps after it. */
  #parts({ steps }: Explained): readonly [HTMLElement[], HTMLElement[]] {
    const [first, ...others] = steps;
    if (first === undefined) return [[], []];
    const rest = others.flatMap((step, at) => [sign("→"), stepPart(step, at === others.length - 1)]);
    if (first.terms.length === 0) return [[], [stepPart(first, others.length === 0), ...rest]];
    const [terms, total] = this.#sum(first, others.length === 0);
    return [terms, [...total, ...rest]];
  }

  #sum(step: ExplainedStep, last: boolean): readonly [HTMLElement[], HTMLElement[]] {
    const largest = step.terms.reduce((most, { size }) => Math.max(most, size), 0);
    const terms = step.terms.flatMap((term, at) => [
      ...(at > 0 ? [sign("+")] : []),
      this.#term(term, largest > 0 ? term.size / largest : 0),
    ]);
    if (step.more > 0) {
      const more = el("b", { text: `${step.more.toLocaleString("en-US")} more` });
      terms.push(sign("+"), el("span", { class: "mc-ribbon-part" }, more, under(step.rest)));
    }
    const value = el("b", { text: step.value });
    const total = el("span", { class: "mc-ribbon-part" }, value, under(last ? step.address : "sum"));
    if (last) total.classList.add("is-result");
    return [terms, [sign("="), total]];
  }

  #term(term: ExplainedTerm, share: number): HTMLElement {
    const { place } = term;
    const bar = el("i", {
      class: term.value.startsWith("−") ? "mc-ribbon-bar is-negative" : "mc-ribbon-bar",
    });
    bar.style.width = `${Math.round(share * 42)}px`;
    const button = el(
      "span",
      {
        class: "mc-ribbon-part mc-ribbon-term",
        title: `k = ${place}: ${term.text} = ${term.value}`,
        attrs: { role: "button", tabindex: 0, "data-place": place, "aria-pressed": "false" },
      },
      el("b", { text: term.text }),
      under(term.value, bar),
    );
    const light = (lit: boolean) => this.#light(lit ? place : this.#kept);
    const toggle = () => {
      this.#keep(this.#kept === place ? null : place);
      this.#light(this.#kept);
    };
    button.addEventListener("pointerenter", () => light(true));
    button.addEventListener("pointerleave", () => light(false));
    button.addEventListener("focus", () => light(true));
    button.addEventListener("blur", () => light(false));
    button.addEventListener("click", toggle);
    button.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      event.stopPropagation();
      toggle();
    });
    return button;
  }

  #keep(place: number | null): void {
    if (this.#kept === place) return;
    this.#kept = place;
    this.#light(place);
    this.#mark();
  }

  #mark(): void {
    for (const term of this.#words.querySelectorAll<HTMLElement>("[data-place]"))
      term.setAttribute("aria-pressed", String(Number(term.dataset.place) === this.#kept));
  }

  #light(place: number | null): void {
    this.#host.light(place === null ? null : (this.#subject?.words.line ?? null), place ?? 0);
  }
}

const sign = (text: string): HTMLElement => el("span", { class: "mc-ribbon-sign", text: ` ${text} ` });

const note = (text: string): HTMLElement => el("span", { class: "mc-ribbon-note", text });

const under = (text: string, bar?: HTMLElement): HTMLElement =>
  el("span", { class: "mc-ribbon-under" }, bar, text);

/** A step after the sum: what is done, what it comes to, and under it the numbers between. */
function stepPart(step: ExplainedStep, last: boolean): HTMLElement {
  const text =
    step.name === "" ? step.text : step.name === step.value ? step.value : `${step.name} ${step.value}`;
  const mask = step.name === "mask" ? (step.value === "masked" ? "masked" : "mask") : text;
  const below = last && step.inner.length === 0 ? step.address : step.inner.join(" · ");
  const part = el("span", { class: "mc-ribbon-part" }, el("b", { text: mask }), under(below));
  if (last) part.classList.add("is-result");
  return part;
}
