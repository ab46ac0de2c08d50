// What the page gets after its first picture, with the second bundle: header, panel, keys, sharing.

import type { Problem } from "../core/types.gen";
import type { App } from "./app";
import type { Reading } from "./reading";

/** The controls around a picture, as the picture's own bundle knows them. */
export interface Late {
  /** What lies over the stage, so that names in the picture keep clear of it. */
  readonly over: readonly HTMLElement[];
  /** Show the present state. */
  follow(): void;
  hovered(reading: Reading | null): void;
  problem(found: Problem | null): void;
  copy(text: string): void;
  /** A key that was pressed before the controls were there. */
  press(event: KeyboardEvent): void;
}

/** Builds the controls of an app. */
export type LateMaker = (app: App) => Late;

const makers: LateMaker[] = [];
let waiting: ((make: LateMaker) => void) | null = null;

/** The second bundle says here that it is there. */
export function arrive(make: LateMaker): void {
  makers.push(make);
  waiting?.(make);
}

/** Be told of the second bundle, now or when it comes. */
export function whenLate(told: (make: LateMaker) => void): void {
  const [made] = makers;
  if (made !== undefined) told(made);
  else waiting = told;
}
