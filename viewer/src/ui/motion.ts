// Camera moves that take a moment; none for readers who asked for less motion.

import { tween } from "../core/camera";
import type { Lit } from "../core/frame";
import type { Camera } from "../core/types.gen";

const MOVE_MS = 250;
const FOCUS_MS = 180;

/** Readers have asked for less motion. */
export const isReduced = (): boolean => matchMedia("(prefers-reduced-motion: reduce)").matches;

/** The camera that is shown: still, or on its way. */
export class Motion {
  #from: Camera | null = null;
  #to: Camera | null = null;
  #begun = 0;

  /** Go from one camera to another, smoothly if that is wanted. */
  go(from: Camera, to: Camera): void {
    this.#from = isReduced() ? null : from;
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

/** What is lit, and how far the rest of the figure has stepped back. */
export class Focus {
  #lit: readonly Lit[] = [];
  #isOn = false;
  #share = 0;
  #then = 0;

  get moving(): boolean {
    return this.#share !== (this.#isOn ? 1 : 0);
  }

  /** What to show now; what was lit last stays while the light comes back. `atOnce` skips the way there. */
  at(lit: readonly Lit[], atOnce: boolean): { readonly lit: readonly Lit[]; readonly focus: number } {
    const now = performance.now();
    const isOn = lit.length > 0;
    if (isOn) this.#lit = lit;
    if (isOn !== this.#isOn) this.#then = now;
    const step = atOnce || isReduced() ? 1 : (now - this.#then) / FOCUS_MS;
    this.#isOn = isOn;
    this.#then = now;
    this.#share = Math.min(Math.max(this.#share + (isOn ? step : -step), 0), 1);
    return this.#share > 0 ? { lit: this.#lit, focus: this.#share } : { lit: [], focus: 0 };
  }
}
