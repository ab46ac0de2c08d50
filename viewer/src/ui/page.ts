// Where a figure lives. Everything outside its own element belongs to its page: title, address, keys, globals.

import type { Lit, ThemeName } from "../core/frame";
import type { Camera, Head, View } from "../core/types.gen";
import type { NumberShown } from "../render/numbers";
import type { Stats, SurfaceKind } from "./stage";

/** The page of a figure: a document of its own, or a place in a foreign one. */
export interface Page {
  /** The address that holds the view and the entries of undo; null keeps both in memory. */
  readonly address: AddressBar | null;
  /** The fragment that the figure opens with, or "". */
  readonly fragment: string;
  /** The file that holds the figure, as a shell names it, or "". */
  readonly file: string;
  /** Where keys are heard; null hears only those pressed inside the figure. */
  readonly keys: Document | null;
  /** The figure is all of its document. */
  readonly alone: boolean;
  readonly surface: SurfaceKind;
  title(text: string): void;
  /** The figure has this theme; `ground` is its CSS colour. */
  themed(theme: ThemeName, ground: string): void;
  /** The figure is shown: measurements and hooks for tests. */
  opened(stats: Stats, probe: Probe): void;
}

/** An address with entries one can go back to. */
export interface AddressBar {
  readonly href: string;
  readonly fragment: string;
  /** What was written with the present entry. */
  readonly state: unknown;
  write(way: "push" | "replace", state: unknown, fragment: string): void;
  go(entries: number): void;
  /** Hear of entries that the reader goes to. */
  listen(moved: () => void, signal: AbortSignal): void;
}

/** A place in the page, in CSS pixels. */
export interface Spot {
  readonly x: number;
  readonly y: number;
}

/** Hooks for measurements and tests; all but `seek` are read-only. */
export interface Probe {
  project(node: number, row: number, col: number): Spot | null;
  hover(): string | null;
  view(): View;
  head(): Head;
  layout(): string;
  camera(): Camera;
  frameTimes(count: number): number[];
  seek(t: number, held?: boolean): void;
  /** Resolves when the figure is at rest. */
  rest(): Promise<void>;
  time(): number;
  playing(): boolean;
  product(row: number, col: number): Spot | null;
  /** The numbers in the picture, cell by cell. */
  numbers(): readonly NumberShown[];
  /** What the strip says; "" while it says nothing. */
  words(): string;
  /** The cells that are in full light. */
  lit(): readonly Lit[];
  shown(
    node: number,
    row: number,
    col: number,
  ): { readonly value: number | null; readonly text: string } | null;
  /** The picture as a data URL, at the size of the window. */
  picture(): Promise<string>;
}
