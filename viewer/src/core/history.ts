// Undo and redo as a value: used where the browser's own history is closed to the page.

/** States before the present one (oldest first) and after it (next first). */
export interface History<T> {
  readonly past: readonly T[];
  readonly present: T;
  readonly future: readonly T[];
}

/** Older states than this are forgotten. */
const MOST = 200;

/** A history of one state. */
export function begin<T>(present: T): History<T> {
  return { past: [], present, future: [] };
}

/** A finished edit: one new entry; what had been undone is gone. */
export function push<T>(history: History<T>, next: T): History<T> {
  return { past: [...history.past, history.present].slice(-MOST), present: next, future: [] };
}

/** A change that is no entry of its own (the camera moves). */
export function replace<T>(history: History<T>, present: T): History<T> {
  return { ...history, present };
}

/** One step back; the same history when there is none. */
export function undo<T>(history: History<T>): History<T> {
  const before = history.past.at(-1);
  if (before === undefined) return history;
  return { past: history.past.slice(0, -1), present: before, future: [history.present, ...history.future] };
}

/** One step forward; the same history when there is none. */
export function redo<T>(history: History<T>): History<T> {
  const [next, ...rest] = history.future;
  if (next === undefined) return history;
  return { past: [...history.past, history.present], present: next, future: rest };
}
