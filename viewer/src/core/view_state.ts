// Read a View that came from outside: from a link, from history, from another page.
// It is data: unknown fields are refused, every number is checked, and nothing of it is executed.

import {
  type Camera,
  type DataRef,
  type FilmView,
  type LayoutView,
  LIMITS,
  MAX_LABEL_CHARS,
  MAX_LABELS,
  MAX_NAMES,
  type Pin,
  type Selection,
  type StyleView,
  type Vec3,
  VIEW_VERSION,
  type View,
  type Viewpoint,
} from "./types.gen";

export const DEFAULT_LAYOUT: LayoutView = {
  scheme: "blocks",
  gap: null,
  scatter: 0,
  molecule: 1,
  blast: 0,
  root: "-LTF",
  custom: {},
  sheets: "closed",
  pull: [],
  head: null,
  inside: {},
  parts: 8,
};

export const DEFAULT_STYLE: StyleView = {
  theme: "dark",
  palette: "glow",
  sensitivity: "robust",
  dot_scale: 1,
  contrast: 1,
  peak: false,
  legends: true,
  letters: true,
  guides: true,
  arrows: true,
  costs: false,
  legend_size: 1,
};

export const DEFAULT_FILM: FilmView = {
  algorithm: "none",
  each: {},
  fuse: "none",
  tiles: [],
  order: "ijk",
  t: 0,
  speed: 1,
  loop: true,
  hide_inputs: false,
  spin: 0,
};

export const DEFAULT_VIEW: View = {
  version: VIEW_VERSION,
  program: "",
  leaves: {},
  data: {},
  constants: {},
  labels: {},
  layout: DEFAULT_LAYOUT,
  style: DEFAULT_STYLE,
  camera: null,
  film: DEFAULT_FILM,
  partition: {},
  selection: { node: null, pins: [] },
  hidden: [],
  faded: [],
  isolated: null,
  viewpoints: [],
  device: null,
};

/** How many members a list or a dictionary of a view may have. */
const MOST = {
  entries: MAX_NAMES,
  pins: 64,
  viewpoints: 64,
  nodes: 1000,
  pulled: 256,
  dimensions: 16,
  nodeId: 1e9,
  levels: 3,
  tile: 1e6,
} as const;
const FAR = 1e12;
const MOST_BLOCKS = 64;
const NAME = 200;
const TEXT = 4000;

/** What is wrong with a view, and where. */
export class ViewError extends Error {
  constructor(path: string, reason: string) {
    super(`${path || "the view"}: ${reason}`);
    this.name = "ViewError";
  }
}

/**
 * Check a parsed JSON value and return it as a View; fields that are missing take their defaults.
 *
 * @throws ViewError naming the field and what is wrong with it.
 */
export function readView(input: unknown): View {
  const fields = record(input, "", Object.keys(DEFAULT_VIEW));
  if (fields.version !== undefined && fields.version !== VIEW_VERSION) {
    throw new ViewError("version", `only version ${VIEW_VERSION} is known`);
  }
  return {
    version: VIEW_VERSION,
    program: text(fields.program ?? "", "program", LIMITS["View.program"].maxLength),
    leaves: dictionary(fields.leaves, "leaves", (value, path) => text(value, path, TEXT)),
    data: dictionary(fields.data, "data", readData),
    constants: dictionary(fields.constants, "constants", (value, path) => number(value, path, -FAR, FAR)),
    labels: dictionary(fields.labels, "labels", readLabels),
    layout: readLayout(fields.layout ?? {}),
    style: readStyle(fields.style ?? {}),
    camera:
      fields.camera === undefined || fields.camera === null ? null : readCamera(fields.camera, "camera"),
    film: readFilm(fields.film ?? {}),
    partition: dictionary(fields.partition, "partition", blocks, TEXT),
    selection: readSelection(fields.selection ?? {}, "selection"),
    hidden: nodes(fields.hidden, "hidden"),
    faded: nodes(fields.faded, "faded"),
    isolated: nodeOrNull(fields.isolated, "isolated"),
    viewpoints: list(fields.viewpoints ?? [], "viewpoints", MOST.viewpoints, readViewpoint),
    device: nodeOrNull(fields.device, "device"),
  };
}

function blocks(input: unknown, path: string): number {
  const count = whole(input, path, MOST_BLOCKS);
  if (count < 1) throw new ViewError(path, "is not a number of blocks");
  return count;
}

function readData(input: unknown, path: string): DataRef {
  const fields = record(input, path, ["shape", "dtype", "sha256", "file"]);
  const sha256 = text(fields.sha256, `${path}.sha256`, 64);
  if (!/^[0-9a-f]{64}$/.test(sha256)) throw new ViewError(`${path}.sha256`, "is not a sha256");
  return {
    shape: list(fields.shape, `${path}.shape`, MOST.dimensions, (value, at) => whole(value, at, FAR)),
    dtype: text(fields.dtype, `${path}.dtype`, NAME),
    sha256,
    file: text(fields.file ?? "", `${path}.file`, NAME),
  };
}

function readLabels(input: unknown, path: string): readonly string[] {
  const most = 2 * MAX_LABEL_CHARS; // Python counts characters; here one may count twice
  return list(input, path, MAX_LABELS, (value, at) => text(value, at, most));
}

const readLayout = (input: unknown): LayoutView =>
  struct(input, "layout", "LayoutView", DEFAULT_LAYOUT, {
    gap: (value, path) => (value === null ? null : bounded(value, path, LIMITS["LayoutView.gap"])),
    molecule: (value, path) => whole(bounded(value, path, LIMITS["LayoutView.molecule"]), path, FAR),
    parts: (value, path) => whole(bounded(value, path, LIMITS["LayoutView.parts"]), path, FAR),
    custom: readNames,
    inside: readNames,
    sheets: (value, path) => oneOf(value, path, ["closed", "open"]),
    head: (value, path) => (value === null ? null : whole(value, path, MOST.nodeId)),
    pull: (value, path) => list(value, path, MOST.pulled, (one, at) => whole(one, at, MOST.nodeId)),
  });

const readStyle = (input: unknown): StyleView =>
  struct(input, "style", "StyleView", DEFAULT_STYLE, {
    theme: (value, path) => oneOf(value, path, ["dark", "light", "auto"]),
  });

function readNames(input: unknown, path: string): Readonly<Record<string, string>> {
  return dictionary(input, path, (one, at) => text(one, at, NAME));
}

const readFilm = (input: unknown): FilmView =>
  struct(input, "film", "FilmView", DEFAULT_FILM, {
    each: (value, path) => dictionary(value, path, (one, at) => text(one, at, NAME), TEXT),
    fuse: (value, path) => oneOf(value, path, ["none", "sync", "async", "decode"]),
    tiles: (value, path) => list(value, path, MOST.levels, readTile),
    order: (value, path) => {
      const order = text(value, path, 11);
      if (!/^[ijk]{3}(\/[ijk]{3}){0,2}$/.test(order)) throw new ViewError(path, "is no order of loops");
      return order;
    },
  });

function readTile(input: unknown, path: string): Vec3 {
  const [i, j, k, ...more] = list(input, path, 3, (value, at) => whole(value, at, MOST.tile));
  if (i === undefined || j === undefined || k === undefined || more.length > 0 || Math.min(i, j, k) < 1)
    throw new ViewError(path, "is not three sizes");
  return [i, j, k];
}

function readCamera(input: unknown, at: string): Camera {
  const fields = record(input, at, ["target", "yaw", "pitch", "distance"]);
  const target = list(fields.target, `${at}.target`, 3, (value, path) => number(value, path, -FAR, FAR));
  const [x, y, z] = target;
  if (x === undefined || y === undefined || z === undefined) {
    throw new ViewError(`${at}.target`, "needs three numbers");
  }
  const distance = number(fields.distance, `${at}.distance`, 0, LIMITS["Camera.distance"].max);
  if (distance <= LIMITS["Camera.distance"].above) throw new ViewError(`${at}.distance`, "must be above 0");
  return {
    target: [x, y, z] satisfies Vec3,
    yaw: number(fields.yaw, `${at}.yaw`, -FAR, FAR),
    pitch: bounded(fields.pitch, `${at}.pitch`, LIMITS["Camera.pitch"]),
    distance,
  };
}

function readSelection(input: unknown, at: string): Selection {
  const fields = record(input, at, ["node", "pins"]);
  return {
    node: nodeOrNull(fields.node, `${at}.node`),
    pins: fields.pins === undefined ? [] : list(fields.pins, `${at}.pins`, MOST.pins, readPin),
  };
}

function readViewpoint(input: unknown, path: string): Viewpoint {
  const fields = record(input, path, ["name", "camera", "selection"]);
  const name = text(fields.name, `${path}.name`, NAME);
  if (name === "") throw new ViewError(`${path}.name`, "is empty");
  return {
    name,
    camera: readCamera(fields.camera, `${path}.camera`),
    selection: readSelection(fields.selection ?? {}, `${path}.selection`),
  };
}

function readPin(input: unknown, path: string): Pin {
  const fields = record(input, path, ["node", "row", "col"]);
  return {
    node: whole(fields.node, `${path}.node`, MOST.nodeId),
    row: whole(fields.row, `${path}.row`, FAR),
    col: whole(fields.col, `${path}.col`, FAR),
  };
}

// --- one value ------------------------------------------------------------------------------------

type Fields = Readonly<Record<string, unknown>>;

type Readers<T> = { readonly [K in keyof T]?: (value: unknown, path: string) => T[K] };

/** A struct of the border: a field is read as its default is, within its limits, or by a reader of its own. */
function struct<T extends object>(
  input: unknown,
  at: string,
  type: string,
  defaults: T,
  readers: Readers<T>,
): T {
  const fields: Fields = { ...defaults, ...record(input, at, Object.keys(defaults)) };
  const limits: Readonly<Record<string, Partial<Record<"min" | "max" | "maxLength", number>>>> = LIMITS;
  const read = (key: string, usual: unknown): unknown => {
    const [value, path] = [fields[key], `${at}.${key}`];
    const { min = -FAR, max = FAR, maxLength = NAME } = limits[`${type}.${key}`] ?? {};
    const own = (readers as Readers<Record<string, unknown>>)[key];
    if (own !== undefined) return own(value, path);
    if (typeof usual === "boolean") return flag(value, path);
    return typeof usual === "number" ? number(value, path, min, max) : text(value, path, maxLength);
  };
  return Object.fromEntries(Object.entries(defaults).map(([key, usual]) => [key, read(key, usual)])) as T;
}

/** The own fields of a plain object, all of them known. */
function record(input: unknown, path: string, known: readonly string[]): Fields {
  const fields = plain(input, path);
  for (const key of Object.keys(fields)) {
    if (!known.includes(key))
      throw new ViewError(path, `has a field that is not known, "${key.slice(0, 40)}"`);
  }
  return fields;
}

function plain(input: unknown, path: string): Fields {
  if (typeof input !== "object" || input === null || Array.isArray(input)) {
    throw new ViewError(path, "is not an object");
  }
  // Own fields only, so that a changed prototype cannot lend any.
  return Object.fromEntries(Object.entries(input));
}

function dictionary<T>(
  input: unknown,
  path: string,
  read: (value: unknown, path: string) => T,
  longest = NAME,
): Readonly<Record<string, T>> {
  if (input === undefined) return {};
  const entries = Object.entries(plain(input, path));
  if (entries.length > MOST.entries) throw new ViewError(path, `has more than ${MOST.entries} entries`);
  return Object.fromEntries(
    entries.map(([key, value]) => {
      if (key.length > longest || key.startsWith("__"))
        throw new ViewError(path, "has a name that is not allowed");
      return [key, read(value, `${path}.${key.slice(0, 40)}`)];
    }),
  );
}

function list<T>(input: unknown, path: string, most: number, read: (value: unknown, path: string) => T): T[] {
  if (!Array.isArray(input)) throw new ViewError(path, "is not a list");
  if (input.length > most) throw new ViewError(path, `has more than ${most} members`);
  return Array.from(input, (value, at) => read(value, `${path}[${at}]`));
}

function nodes(input: unknown, path: string): readonly number[] {
  if (input === undefined) return [];
  return list(input, path, MOST.nodes, (value, at) => whole(value, at, MOST.nodeId));
}

function nodeOrNull(input: unknown, path: string): number | null {
  return input === undefined || input === null ? null : whole(input, path, MOST.nodeId);
}

function text(input: unknown, path: string, most: number): string {
  if (typeof input !== "string") throw new ViewError(path, "is not a text");
  if (input.length > most) throw new ViewError(path, `is longer than ${most} characters`);
  return input;
}

function number(input: unknown, path: string, min: number, max: number): number {
  if (typeof input !== "number" || !Number.isFinite(input)) throw new ViewError(path, "is not a number");
  if (input < min || input > max) throw new ViewError(path, `is not between ${min} and ${max}`);
  return input;
}

function bounded(
  input: unknown,
  path: string,
  limit: { readonly min: number; readonly max: number },
): number {
  return number(input, path, limit.min, limit.max);
}

function whole(input: unknown, path: string, max: number): number {
  const value = number(input, path, 0, max);
  if (!Number.isInteger(value)) throw new ViewError(path, "is not a whole number");
  return value;
}

function flag(input: unknown, path: string): boolean {
  if (typeof input !== "boolean") throw new ViewError(path, "is not true or false");
  return input;
}

function oneOf<T extends string>(input: unknown, path: string, choices: readonly T[]): T {
  const found = choices.find((choice) => choice === input);
  if (found === undefined) throw new ViewError(path, `is not one of ${choices.join(", ")}`);
  return found;
}
