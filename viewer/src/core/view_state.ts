// Read a View that came from outside: from a link, from history, from another page.
// It is data: unknown fields are refused, every value is checked against the schema that Python declares, and nothing
// of it is executed.

import { SCHEMA, VIEW_VERSION, type View } from "./types.gen";

/** What is wrong with a view, and where. */
export class ViewError extends Error {
  constructor(path: string, reason: string) {
    super(`${path || "the view"}: ${reason}`);
    this.name = "ViewError";
  }
}

/** One kind of value, as the schema has it. */
type Kind =
  | { readonly kind: "flag" }
  | ({ readonly kind: "number" | "whole" } & Bounds)
  | { readonly kind: "text"; readonly least?: number; readonly most?: number; readonly pattern?: string }
  | { readonly kind: "choice"; readonly choices: readonly (string | number)[] }
  | { readonly kind: "optional"; readonly of: Kind }
  | { readonly kind: "list"; readonly of: Kind; readonly most?: number }
  | { readonly kind: "tuple"; readonly of: readonly Kind[] }
  | { readonly kind: "dictionary"; readonly key: Kind; readonly of: Kind; readonly most?: number }
  | { readonly kind: "struct"; readonly name: keyof typeof SCHEMA };

/** Bounds of a number. */
interface Bounds {
  readonly min?: number;
  readonly max?: number;
  readonly above?: number;
  readonly below?: number;
}

interface Field {
  readonly of: Kind;
  readonly default?: unknown;
}

const STRUCTS: Readonly<Record<keyof typeof SCHEMA, Readonly<Record<string, Field>>>> = SCHEMA;

/**
 * Check a parsed JSON value and return it as a View; fields that are missing take their defaults.
 *
 * @throws ViewError naming the field and what is wrong with it.
 */
export function readView(input: unknown): View {
  const { version } = record(input, "");
  if (version !== undefined && version !== VIEW_VERSION)
    throw new ViewError("version", `only version ${VIEW_VERSION} is known`);
  return struct<View>(renamed(input), "", "View");
}

/** Before 0.2.0 stops were viewpoints. */
function renamed(input: unknown): unknown {
  const { viewpoints, ...rest } = record(input, "");
  return viewpoints === undefined ? input : { ...rest, stops: viewpoints };
}

export const DEFAULT_VIEW: View = readView({});

// --- kinds ----------------------------------------------------------------------------------------

function read(input: unknown, path: string, of: Kind): unknown {
  switch (of.kind) {
    case "flag":
      return typeof input === "boolean" ? input : refuse(path, "is not true or false");
    case "number":
    case "whole":
      return number(input, path, of, of.kind === "whole");
    case "text":
      return text(input, path, of);
    case "choice":
      return of.choices.some((choice) => choice === input)
        ? input
        : refuse(path, `is not one of ${of.choices.join(", ")}`);
    case "optional":
      return input === null ? null : read(input, path, of.of);
    case "struct":
      return struct(input, path, of.name);
    case "dictionary":
      return dictionary(input, path, of);
    case "tuple":
      return tuple(input, path, of.of);
    case "list":
      return list(input, path, 0, of.most).map((entry, at) => read(entry, `${path}[${at}]`, of.of));
  }
}

function tuple(input: unknown, path: string, of: readonly Kind[]): unknown[] {
  const items = list(input, path, of.length, of.length);
  return of.map((kind, at) => read(items[at], `${path}[${at}]`, kind));
}

/** T is the interface that is generated beside the schema of this name. */
function struct<T>(input: unknown, path: string, name: keyof typeof SCHEMA): T {
  const fields = STRUCTS[name];
  const given = record(input, path);
  for (const key of Object.keys(given)) {
    if (!Object.hasOwn(fields, key)) refuse(path, `has an unknown field, "${key.slice(0, 40)}"`);
  }
  return Object.fromEntries(
    Object.entries(fields).map(([key, field]) => {
      const at = path === "" ? key : `${path}.${key}`;
      const value = given[key] === undefined ? field.default : given[key];
      return [key, value === undefined ? refuse(at, "is missing") : read(value, at, field.of)];
    }),
  ) as T;
}

function dictionary(input: unknown, path: string, of: Kind & { readonly kind: "dictionary" }) {
  const entries = Object.entries(record(input, path));
  if (of.most !== undefined && entries.length > of.most) refuse(path, `has more than ${of.most} entries`);
  return Object.fromEntries(
    entries.map(([key, value]) => {
      if (key.startsWith("__")) refuse(path, "has a name that is not allowed");
      read(key, path, of.key);
      return [key, read(value, `${path}.${key.slice(0, 40)}`, of.of)];
    }),
  );
}

/** The own fields of a plain object: a changed prototype adds none. */
function record(input: unknown, path: string): Readonly<Record<string, unknown>> {
  if (typeof input !== "object" || input === null || Array.isArray(input)) refuse(path, "is not an object");
  return Object.fromEntries(Object.entries(input as object));
}

function list(input: unknown, path: string, least: number, most?: number): unknown[] {
  if (!Array.isArray(input)) return refuse(path, "is not a list");
  if (most !== undefined && input.length > most) refuse(path, `has more than ${most} members`);
  if (input.length < least) refuse(path, `has fewer than ${least} members`);
  return input;
}

function text(input: unknown, path: string, { least, most, pattern }: Kind & { readonly kind: "text" }) {
  if (typeof input !== "string") return refuse(path, "is not a text");
  // Python counts characters, some of which are two units here.
  if (most !== undefined && input.length > most && Array.from(input).length > most)
    refuse(path, `is longer than ${most} characters`);
  if (least !== undefined && input.length < least) refuse(path, "is empty");
  if (pattern !== undefined && !new RegExp(pattern).test(input)) refuse(path, `does not match ${pattern}`);
  return input;
}

function number(input: unknown, path: string, { min, max, above, below }: Bounds, whole: boolean): number {
  if (typeof input !== "number" || !Number.isFinite(input)) return refuse(path, "is not a number");
  if (whole && !Number.isSafeInteger(input)) refuse(path, "is not a whole number");
  if (above !== undefined && input <= above) refuse(path, `must be above ${above}`);
  if (below !== undefined && input >= below) refuse(path, `must be below ${below}`);
  const [low, high] = [min ?? Number.NEGATIVE_INFINITY, max ?? Number.POSITIVE_INFINITY];
  if (input < low) refuse(path, `must be at least ${low}`);
  if (input > high) refuse(path, `must be at most ${high}`);
  return input;
}

function refuse(path: string, reason: string): never {
  throw new ViewError(path, reason);
}
