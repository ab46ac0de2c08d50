// The controls around a picture, as the picture knows them: it is drawn before they are built.

import type { Problem } from "../core/types.gen";
import type { Reading } from "./reading";
import type { State } from "./session";

/** Header, panels, keys and sharing of one figure. */
export interface Controls {
  /** Elements that lie over the stage, so that names in the picture keep clear of them. */
  readonly over: readonly HTMLElement[];
  /** Show the present state. */
  follow(): void;
  hovered(reading: Reading | null): void;
  problem(problem: Problem | null): void;
  copy(text: string): void;
  /** The state changed: the camera too, `byHand` while it is dragged. */
  changed?(now: State, before: State, byHand: boolean): void;
  /** A frame was drawn. */
  drawn?(): void;
  /** Do what a key means that was pressed before the controls were built. */
  press(event: KeyboardEvent): void;
}
