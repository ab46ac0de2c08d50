// Keys and what they do: one table, which is also what the help shows.

/** What a key may do. */
export type Command =
  | "fit"
  | "flat"
  | "zoomIn"
  | "zoomOut"
  | "theme"
  | "legends"
  | "sheets"
  | "hide"
  | "isolate"
  | "pull"
  | "device"
  | "goto"
  | "next"
  | "previous"
  | "help"
  | "escape"
  | "undo"
  | "redo"
  | "edit"
  | "inspect"
  | "looks"
  | "presets"
  | "stopForth"
  | "stopBack"
  | "copy"
  | "showAll"
  | "film"
  | "play"
  | "stepBack"
  | "stepForth"
  | "filmStart"
  | "filmEnd";

/** A row of the help: keys as they are written on a keyboard. */
export interface KeyRow {
  readonly keys: string;
  readonly help: string;
  readonly command: Command | null;
}

/** The command of a key press, or a camera step, or null. */
export function commandOf(event: KeyboardEvent): Command | null {
  if (event.altKey) return null;
  if (event.ctrlKey || event.metaKey) {
    const key = event.key.toLowerCase();
    if (key === "z") return event.shiftKey ? "redo" : "undo";
    return key === "y" ? "redo" : null;
  }
  if (event.shiftKey && event.key.toLowerCase() === "n") return "previous";
  return Object.hasOwn(PLAIN, event.key.toLowerCase()) ? (PLAIN[event.key.toLowerCase()] ?? null) : null;
}

/** Steps of the arrow keys: right and up, in units of one press. */
export function arrowOf(event: KeyboardEvent): readonly [number, number] | null {
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  return Object.hasOwn(ARROWS, event.key) ? (ARROWS[event.key] ?? null) : null;
}

const ARROWS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};

const PLAIN: Readonly<Record<string, Command>> = {
  f: "fit",
  v: "flat",
  "+": "zoomIn",
  "=": "zoomIn",
  "-": "zoomOut",
  _: "zoomOut",
  t: "theme",
  l: "legends",
  s: "sheets",
  h: "hide",
  i: "isolate",
  u: "pull",
  d: "device",
  g: "goto",
  n: "next",
  e: "edit",
  p: "inspect",
  o: "looks",
  r: "presets",
  ".": "stopForth",
  ",": "stopBack",
  c: "copy",
  a: "showAll",
  m: "film",
  " ": "play",
  "[": "stepBack",
  "]": "stepForth",
  home: "filmStart",
  end: "filmEnd",
  "?": "help",
  escape: "escape",
};

/** All rows of the help, in order. */
export const KEY_ROWS: readonly KeyRow[] = [
  { keys: "drag", help: "turn the figure", command: null },
  { keys: "Shift or right drag", help: "move it (two fingers on touch)", command: null },
  { keys: "wheel, pinch", help: "zoom to the pointer", command: null },
  { keys: "click", help: "pin a cell; Shift adds another", command: null },
  { keys: "double click", help: "look at one matrix", command: null },
  { keys: "← → ↑ ↓", help: "turn; with Shift: move", command: null },
  { keys: "+  −", help: "zoom", command: "zoomIn" },
  { keys: "F", help: "show everything; again: from the angle of the start", command: "fit" },
  {
    keys: "V",
    help: "the selected matrix, else the result, alone and face on; again: back",
    command: "flat",
  },
  { keys: "E", help: "edit the program", command: "edit" },
  { keys: "G", help: "go to a cell", command: "goto" },
  { keys: "N  Shift+N", help: "next, previous NaN or Inf", command: "next" },
  { keys: "C", help: "copy the cell as Python", command: "copy" },
  { keys: "P  O", help: "open or close the panels: expression, looks", command: "inspect" },
  { keys: "R", help: "presets: ready-made figures", command: "presets" },
  { keys: ",  .", help: "previous, next stop", command: "stopForth" },
  { keys: "H  I  A", help: "hide, isolate the selected matrix; show all", command: "hide" },
  { keys: "U", help: "pull the selected head out of its deck, or put it back", command: "pull" },
  { keys: "D", help: "highlight what one device holds, then the next", command: "device" },
  { keys: "T  L  S", help: "theme, legends, sheets", command: "theme" },
  { keys: "M", help: "start or close the film", command: "film" },
  { keys: "Space", help: "play, pause", command: "play" },
  { keys: "[  ]", help: "one step of the film back, forth (also ← → in the player)", command: "stepForth" },
  { keys: "Home  End", help: "start, end of the film", command: "filmStart" },
  { keys: "Ctrl+Z  Ctrl+Shift+Z", help: "undo, redo", command: "undo" },
  { keys: "Esc", help: "unpin, deselect, close", command: "escape" },
  { keys: "?", help: "this help", command: "help" },
];
