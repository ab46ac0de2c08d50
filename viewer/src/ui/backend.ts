// What the page needs from the source of its scene: a server, or the saved file itself.

import type { Problem, Request, View } from "../core/types.gen";

/** The source of scene bytes. */
export interface Backend {
  /** Requests are answered; otherwise controls that need Python are read-only. */
  readonly live: boolean;
  /** Where a still picture of the scene is, for a browser without WebGL. */
  readonly still: string | null;
  /** The scene the page opens with. */
  first(stop?: AbortSignal): Promise<Uint8Array>;
  /** What the present answer is being made of, in words, or "". */
  doing(): Promise<string>;
  /** Answer a request with scene bytes; rejects with a `ProblemError` that the page shows in place. */
  ask(request: Request, stop?: AbortSignal): Promise<Uint8Array>;
}

/** A structured error as an exception. */
export class ProblemError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.message);
    this.name = "ProblemError";
    this.problem = problem;
  }
}

/** A problem made here, without a place in a text. */
export function problem(kind: string, message: string, hint: string | null = null): Problem {
  return { kind, message, text: null, span: null, hint };
}

/** Read a problem that came as JSON; anything else becomes a plain one. */
export function readProblem(input: unknown): Problem {
  if (typeof input !== "object" || input === null)
    return problem("Error", "the server's answer makes no sense");
  const fields: Partial<Record<keyof Problem, unknown>> = input;
  const text = (value: unknown): string | null => (typeof value === "string" ? value : null);
  const span = Array.isArray(fields.span) ? fields.span : [];
  const [start, end]: unknown[] = span;
  return {
    kind: text(fields.kind) ?? "Error",
    message: text(fields.message) ?? "the server gave no reason",
    text: text(fields.text),
    span: typeof start === "number" && typeof end === "number" ? [start, end] : null,
    hint: text(fields.hint),
  };
}

/** The command that opens a page live, as one line for a shell; a link needs the files of its arrays, too. */
export function liveCommand(address: string, data: View["data"] = {}): string {
  const files = new Set(Object.entries(data).map(([name, { file }]) => file || `${name}.npy`));
  return ["matcube open", quoted(address), ...[...files].map((file) => `--data ${quoted(file)}`)].join(" ");
}

const quoted = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;

/** The parts of a view that only Python can change. */
export function sameContent(a: View, b: View): boolean {
  const content = (view: View) =>
    JSON.stringify([
      view.program,
      sorted(view.leaves),
      sorted(view.data),
      sorted(view.constants),
      sorted(view.labels),
      sorted(view.partition),
    ]);
  return content(a) === content(b);
}

function sorted(entries: Readonly<Record<string, unknown>>): [string, unknown][] {
  return Object.entries(entries).sort(([a], [b]) => (a < b ? -1 : 1));
}
