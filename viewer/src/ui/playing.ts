// The clock of a film: its position, whether it runs, and the moment to show.
// Frames are requested only while it runs; the position is written into the view at rest and every few seconds.

import { activeStep, done, stepped } from "../core/film";
import { type Moment, Moments } from "../core/moment";
import { type Exchanging, exchangesAt, halfWay } from "../core/packets";
import type { Film } from "../core/types.gen";
import { clamp } from "../core/vec";
import type { Pending } from "./activity";
import { isReduced } from "./motion";
import type { Session, State } from "./session";

/** Who hears of the clock. */
export interface PlayingHost {
  /** Another moment: `seen` when the picture differs. */
  moved(seen: boolean): void;
}

/** A film at speed 1 takes so long. */
const FILM_SECS = 20;
const SAVE_MS = 2000;
/** A pause of the page is no leap of the film. */
const MOST_MS = 250;

/** The film of one session. */
export class Playing {
  readonly #session: Session;
  readonly #host: PlayingHost;
  #time = 0;
  #saved = Number.NaN;
  #tick: Pending | null = null;
  #lastTick = 0;
  #lastSave = 0;
  #held: { readonly state: State; readonly moments: Moments } | null = null;

  constructor(session: Session, host: PlayingHost) {
    this.#session = session;
    this.#host = host;
    this.follow();
  }

  get film(): Film | null {
    return this.#session.state.film;
  }

  /** Film time, in steps. */
  get t(): number {
    return this.#time;
  }

  get running(): boolean {
    return this.#tick !== null;
  }

  /** The film over the values that are here now; null where nothing plays. */
  get moments(): Moments | null {
    const { state } = this.#session;
    if (state.film === null) {
      this.#held = null;
      return null;
    }
    const held = this.#held;
    const same =
      held?.state.scene === state.scene &&
      held.state.layout === state.layout &&
      held.moments.film === state.film;
    if (held !== null && same) return held.moments;
    const moments = new Moments(state.scene, state.layout, state.film);
    this.#held = { state, moments };
    return moments;
  }

  /** What is to be seen now. */
  get moment(): Moment | null {
    return this.moments?.at(this.#time) ?? null;
  }

  /** Exchanges among devices, under way; for readers who asked for less motion their packets are half-way. */
  get exchanges(): readonly Exchanging[] {
    const { head } = this.#session.state.scene;
    const playing = this.film === null ? [] : exchangesAt(this.film, this.#time);
    return isReduced() ? playing.map((item) => halfWay(head, item)) : playing;
  }

  /** How far the camera has turned by itself, radians. */
  get turn(): number {
    const { film } = this;
    if (film === null) return 0;
    return (2 * Math.PI * this.#session.state.view.film.spin * this.#time) / Math.max(film.duration, 1);
  }

  /** Take the position from the view, unless it was written from here. */
  follow(): void {
    const { t } = this.#session.state.view.film;
    if (this.film === null) this.#stop();
    if (t !== this.#saved) this.#time = t;
    this.#saved = t;
  }

  toggle(): void {
    if (this.running) this.pause();
    else this.play();
  }

  play(): void {
    const { film } = this;
    if (film === null || this.running) return;
    if (this.#time >= film.duration) this.#time = 0;
    this.#lastTick = this.#lastSave = performance.now();
    this.#next();
    this.#host.moved(true);
  }

  pause(): void {
    this.#stop();
    this.save();
    this.#host.moved(false);
  }

  /** Go to a time; while a slider is held, `held` keeps it out of the address. */
  seek(t: number, held = false): void {
    const { film } = this;
    if (film === null) return;
    this.#go(clamp(t, 0, film.duration));
    if (!held) this.save();
  }

  /** One whole step forth or back, and stay there. */
  step(way: 1 | -1): void {
    const { film } = this;
    if (film === null) return;
    this.#stop();
    this.seek(stepped(film, this.#time, way));
  }

  /** Write the position of the film into the view. */
  save(): void {
    const { view } = this.#session.state;
    if (this.film === null || this.#saved === this.#time) return;
    this.#saved = this.#time;
    this.#lastSave = performance.now();
    void this.#session.update({ film: { ...view.film, t: this.#time } }, "replace");
  }

  #stop(): void {
    this.#tick?.cancel();
    this.#tick = null;
  }

  #next(): void {
    this.#tick = this.#session.activity.frame((now) => this.#advance(now));
  }

  #advance(now: number): void {
    const { film } = this;
    if (film === null) {
      this.#stop();
      return;
    }
    const { speed, loop } = this.#session.state.view.film;
    const secs = Math.min(Math.max(now - this.#lastTick, 0), MOST_MS) / 1000;
    this.#lastTick = now;
    const next = this.#time + (secs * speed * film.duration) / FILM_SECS;
    const over = next >= film.duration;
    if (over && !loop) {
      this.#go(film.duration);
      this.pause();
      return;
    }
    this.#go(over ? next % Math.max(film.duration, 1) : next);
    if (now - this.#lastSave > SAVE_MS) this.save();
    this.#next();
  }

  #go(t: number): void {
    const before = this.#time;
    this.#time = t;
    const { film } = this;
    const turning = this.#session.state.view.film.spin !== 0;
    const sent = film !== null && [before, t].some((time) => exchangesAt(film, time).length > 0);
    this.#host.moved(film !== null && (turning || sent || !sameSteps(film, before, t)));
  }
}

/** Nothing is laid down and nothing begins between two times. */
function sameSteps(film: Film, a: number, b: number): boolean {
  return film.sweeps.every(
    (sweep) => done(sweep, a) === done(sweep, b) && activeStep(sweep, a) === activeStep(sweep, b),
  );
}
