// The program at the top: one or more lines, applied by Enter, with errors where they are.

import type { Problem } from "../core/types.gen";
import { el, fill, focusedBy, say, show } from "../ui/dom";

const LINES_WRITING = 8;
const LINES_READING = 3;
const LINE_PX = 20;
const LINE_PADDING = 12;

/** What the editor needs from the page. */
export interface ProgramHost {
  /** Apply a finished edit. */
  readonly apply: (program: string, leaves: Readonly<Record<string, string>>) => void;
  /** A line for a shell that opens this page live; read when it is shown. */
  readonly command: () => Promise<string>;
  readonly copy: (text: string) => void;
  readonly live: boolean;
}

/** The program editor and the list of leaves behind it. */
export class ProgramBar {
  readonly root: HTMLElement;
  readonly #area: HTMLTextAreaElement;
  readonly #message = el("div", { class: "mc-problem", attrs: { role: "alert" } });
  readonly #leafList = el("div", { class: "mc-leaves" });
  readonly #leafButton: HTMLButtonElement;
  readonly #host: ProgramHost;
  #program = "";
  #missing: string | null = null;
  #leaves: Readonly<Record<string, string>> = {};

  constructor(host: ProgramHost) {
    this.#host = host;
    this.#area = el("textarea", {
      class: "mc-program-text",
      label: "Program",
      title: host.live
        ? "Program: Enter applies, Shift+Enter breaks the line, Esc reverts"
        : "Program (read-only)",
      attrs: {
        rows: 1,
        "data-control": "program",
        placeholder: "Write a product: C = A @ B",
        spellcheck: "false",
        autocomplete: "off",
        autocapitalize: "off",
        readonly: !host.live,
      },
      on: {
        keydown: (event) => this.#key(event as KeyboardEvent),
        input: () => this.#fit(),
        focus: () => this.#fit(),
        blur: () => {
          this.root.classList.toggle("is-edited", this.#edited());
          this.#fit();
          this.#area.scrollTop = 0;
        },
      },
    });
    this.#leafButton = el("button", {
      class: "mc-text-button mc-quiet",
      text: "leaves",
      title: "Show or hide the matrices that the program starts from",
      attrs: { type: "button", "aria-expanded": "false", "data-control": "leaves" },
      on: { click: () => this.#toggleLeaves() },
    });
    show(this.#message, false);
    show(this.#leafList, false);
    const [note, body] = host.live ? [null, null] : this.#readOnly();
    const line = el("div", { class: "mc-program-line" }, this.#area, note, this.#leafButton);
    this.root = el(
      "form",
      { class: "mc-program", label: "Program" },
      line,
      this.#message,
      this.#leafList,
      body,
    );
    this.root.addEventListener("submit", (event) => event.preventDefault());
  }

  /** Show the program that is drawn; text that is being typed stays, unless it was just applied. */
  set(program: string, leaves: Readonly<Record<string, string>>): void {
    const typing = focusedBy(this.root) === this.#area && this.#edited();
    this.#program = program;
    this.#leaves = leaves;
    if (!typing || this.#area.value.trim() === program.trim()) this.#area.value = program;
    this.root.classList.toggle("is-edited", this.#edited());
    this.#listLeaves();
    this.#fit();
  }

  /** Put a text into the editor that is not what is drawn (a link whose program failed). */
  propose(program: string): void {
    this.#area.value = program;
    this.root.classList.toggle("is-edited", this.#edited());
    this.#fit();
  }

  /** Say what is wrong, with the place marked; null says nothing. */
  problem(problem: Problem | null): void {
    show(this.#message, problem !== null);
    const inProgram = problem !== null && problem.text?.trim() === this.#area.value.trim();
    this.#area.setAttribute("aria-invalid", String(inProgram));
    this.#missing = problem && inProgram ? missingName(problem) : null;
    this.#listLeaves();
    if (problem === null) return;
    const hint = (problem.hint ?? "") + (this.#missing === null ? "" : ", or write it under “leaves”");
    fill(
      this.#message,
      el("div", { class: "mc-problem-message" }, el("b", { text: `${problem.kind}: ` }), problem.message),
      problem.text !== null && problem.span !== null && marked(problem.text, problem.span),
      problem.kind === "Link" && problem.text !== null && this.#command(problem.text),
      hint !== "" && el("div", { class: "mc-problem-hint", text: hint }),
    );
    if (inProgram && problem.span && focusedBy(this.root) === this.#area) {
      this.#area.setSelectionRange(problem.span[0], problem.span[1]);
    }
  }

  /** Move the keyboard here. */
  focus(): void {
    this.#area.focus();
  }

  #edited(): boolean {
    return this.#area.value !== this.#program;
  }

  #key(event: KeyboardEvent): void {
    if (event.key === "Escape") {
      this.#area.value = this.#program;
      this.problem(null);
      this.#fit();
      this.root.classList.remove("is-edited");
      this.#area.blur();
      event.stopPropagation();
    } else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      if (this.#host.live) this.#host.apply(this.#area.value, this.#leaves);
    }
  }

  /** As high as its lines while it is being written; a line or three while it is only read. */
  #fit(): void {
    const writing = focusedBy(this.root) === this.#area;
    const lines = this.#area.value.split("\n").length;
    this.#area.rows = Math.min(lines, writing ? LINES_WRITING : LINES_READING);
    this.#area.classList.toggle("is-wrapped", writing);
    if (writing) {
      const wanted = Math.round((this.#area.scrollHeight - LINE_PADDING) / LINE_PX);
      this.#area.rows = Math.min(Math.max(wanted, lines, 1), LINES_WRITING);
    }
    this.#area.classList.toggle("is-cut", !writing && this.#area.scrollWidth > this.#area.clientWidth);
  }

  #toggleLeaves(): void {
    const open = this.#leafList.hidden !== false;
    show(this.#leafList, open);
    this.#leafButton.setAttribute("aria-expanded", String(open));
  }

  #listLeaves(): void {
    if (this.#leafList.contains(focusedBy(this.root))) return;
    const leaves = this.#missing === null ? this.#leaves : { ...this.#leaves, [this.#missing]: "" };
    const rows = Object.entries(leaves).map(([name, text]) => this.#leafRow(name, text));
    show(this.#leafButton, rows.length > 0);
    fill(this.#leafList, ...rows);
  }

  #leafRow(name: string, text: string): HTMLElement {
    const input = el("input", {
      class: "mc-leaf-text",
      label: `Leaf ${name}`,
      title: "How this matrix is made: Enter applies, Esc reverts",
      attrs: { type: "text", spellcheck: "false", autocomplete: "off", readonly: !this.#host.live },
    });
    input.value = text;
    if (text === "") input.placeholder = "gaussian(64, 16)";
    input.addEventListener("keydown", (event) => {
      if (event.key === "Enter") {
        event.preventDefault();
        this.#host.apply(this.#area.value, { ...this.#leaves, [name]: input.value });
      } else if (event.key === "Escape") {
        input.value = this.#leaves[name] ?? text;
        input.blur();
        event.stopPropagation();
      }
    });
    return el("label", { class: "mc-leaf" }, el("span", { class: "mc-leaf-name", text: `${name} =` }), input);
  }

  /** A command in one line that scrolls, with a button that copies it. */
  #command(text: string): HTMLElement {
    const copy = el("button", {
      class: "mc-text-button",
      text: "Copy",
      title: "Copy the command",
      attrs: { type: "button" },
      on: { click: () => this.#host.copy(text) },
    });
    const line = el("code", { class: "mc-command", text, attrs: { tabindex: "0" }, label: "Command" });
    return el("div", { class: "mc-command-line" }, line, copy);
  }

  /** Note for a page without Python: the command that opens it live. */
  #readOnly(): [HTMLElement, HTMLElement] {
    const line = el("code", { class: "mc-command", attrs: { tabindex: "0" }, label: "Command" });
    const copy = el("button", {
      class: "mc-text-button",
      text: "Copy",
      title: "Copy the command",
      attrs: { type: "button" },
      on: { click: () => this.#host.copy(line.textContent ?? "") },
    });
    const note = el("span", { text: "This is a saved page. To change the program, open it live:" });
    const body = el("div", { class: "mc-readonly-body" }, note, copy, line);
    show(body, false);
    const button = el("button", {
      class: "mc-text-button mc-quiet",
      text: "read-only",
      title: "A saved page: how to open it live",
      attrs: { type: "button", "aria-expanded": "false" },
    });
    button.addEventListener("click", () => {
      show(body, body.hidden !== false);
      button.setAttribute("aria-expanded", String(!body.hidden));
      void this.#host.command().then((command) => say(line, command));
    });
    return [button, body];
  }
}

/** The name that a program lacks, if a leaf of that name would help. */
function missingName({ kind, text, span, hint }: Problem): string | null {
  const name =
    kind === "UnknownNameError" && hint?.startsWith("bind it") && span ? text?.slice(...span) : undefined;
  return name !== undefined && /^[\p{L}_][\p{L}\p{N}_]*$/u.test(name) ? name : null;
}

/** The line of `text` where the span begins, with the span marked and its column given. */
function marked(text: string, span: readonly [number, number]): HTMLElement {
  const start = Math.max(0, Math.min(span[0], text.length));
  const lineStart = text.lastIndexOf("\n", start - 1) + 1;
  const lineEnd = text.indexOf("\n", start) === -1 ? text.length : text.indexOf("\n", start);
  const end = Math.max(start, Math.min(span[1], lineEnd));
  return el(
    "pre",
    { class: "mc-problem-line", attrs: { "data-column": start - lineStart } },
    text.slice(lineStart, start),
    el("mark", { text: end > start ? text.slice(start, end) : " " }),
    text.slice(end, lineEnd),
  );
}
