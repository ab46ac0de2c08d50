// Camera moves that take a moment; none for readers who asked for less motion.

import { tween } from "../core/camera";
import type { Camera } from "../core/types.gen";

const MOVE_MS = 250;

/** The camera that is shown: still, or on its way. */
export class Motion {
  #from: Camera | null = null;
  #to: Camera | null = null;
  #begun = 0;

  /** Go from one camera to another, smoothly if that is wanted. */
  go(from: Camera, to: Camera): void {
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.#from = still ? null : from;
    this.#to = to;
    this.#begun = performance.now();
  }

  /** Be there at once. */
  stop(): void {
    this.#from = null;
    this.#to = null;
  }

  get moving(): boolean {
    return this.#from !== null;
  }

  /** The camera to show now, given where it rests. */
  at(rest: Camera): Camera {
    if (this.#from === null || this.#to === null) return rest;
    const t = (performance.now() - this.#begun) / MOVE_MS;
    if (t >= 1) {
      this.stop();
      return rest;
    }
    return tween(this.#from, this.#to, t * t * (3 - 2 * t));
  }
}
