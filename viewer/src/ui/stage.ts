// The canvas: draws when something changed and never by itself; knows its size, and what to do without WebGL.

import type { Frame, FrameReport } from "../core/frame";
import type { LoadedScene } from "../core/wire";
import type { NumberShown } from "../render/numbers";
import { NoWebGLError, Renderer } from "../render/renderer";
import { ownSurface, sharedSurface } from "../render/surface";
import type { Activity } from "./activity";
import { el, show } from "./dom";

/** What the page measures of itself; for benchmarks and tests. */
export interface Stats {
  frames: number;
  lastMs: number;
  firstFrameMs: number;
  bytes: number;
  drawCalls: number;
}

/** What the stage asks of the page. */
export interface StageHost {
  /** The frame to draw now. */
  frame(): Frame;
  /** A frame was drawn: legends and marks follow. */
  drawn(report: FrameReport): void;
  /** The size of the picture changed. */
  resized(): void;
}

/**
 * Which context draws: the figure's own, one that the figures of a document share, or (in frames, which cannot share and
 * of which a browser draws about sixteen) one that the figure has while it is seen.
 */
export type SurfaceKind = "own" | "shared" | "turns";

/** What is drawn: a renderer that comes later begins with it. */
interface Shown {
  readonly scene: LoadedScene;
  readonly layout: string;
  readonly still: string | null;
  readonly surface: SurfaceKind;
}

/** Owner of the canvas and of the renderer, if there can be one. */
export class Stage {
  readonly root = el("div", { class: "mc-stage" });
  readonly canvas = el("canvas", {
    class: "mc-canvas",
    label: "The figure. Arrow keys turn it, + and − zoom, Tab reaches the table of values.",
    attrs: { tabindex: "0", role: "application" },
  });
  readonly stats: Stats = { frames: 0, lastMs: 0, firstFrameMs: 0, bytes: 0, drawCalls: 0 };
  /** Why there is no picture; null when there is one. */
  failure: string | null = null;
  readonly #notice = el("div", { class: "mc-stage-notice", attrs: { role: "status" } });
  readonly #activity: Activity;
  readonly #host: StageHost;
  #renderer: Renderer | null = null;
  #shown: Shown | null = null;
  #scheduled = false;
  #ratio = 1;

  constructor(activity: Activity, host: StageHost) {
    this.#activity = activity;
    this.#host = host;
    activity.signal.addEventListener("abort", () => this.#renderer?.dispose());
    show(this.#notice, false);
    this.root.append(this.canvas, this.#notice);
  }

  /** Start drawing a scene; without WebGL the still picture is shown, with the reason. */
  start(scene: LoadedScene, layout: string, still: string | null, surface: SurfaceKind): void {
    this.#shown = { scene, layout, still, surface };
    if (surface === "turns") this.#takeTurns();
    else this.#open();
    this.#activity.resized(this.root, () => this.#measure());
    this.#measure();
  }

  #open(): void {
    if (this.#shown === null) return;
    const { scene, layout, still, surface } = this.#shown;
    try {
      this.#renderer = new Renderer(
        surface === "own" ? ownSurface(this.canvas) : sharedSurface(this.canvas),
        {
          onLost: () => {
            if (surface === "turns") return; // the last picture stays, and a touch brings the figure back
            this.root.classList.add("is-lost");
            this.#say("The graphics context was lost. The picture comes back by itself.");
          },
          onRestored: () => this.#restored(),
        },
      );
      this.#renderer.setScene(scene);
      this.#renderer.setLayout(layout);
    } catch (error) {
      if (!(error instanceof NoWebGLError)) throw error;
      this.#renderer = null;
      this.#fallBack(error.message, still);
    }
  }

  /** A frame among many has a context while it is seen; its canvas keeps the last picture. */
  #takeTurns(): void {
    const seen = new IntersectionObserver((entries) => {
      if (entries.at(-1)?.isIntersecting === true) this.#wake();
      else this.#sleep();
    });
    seen.observe(this.root);
    const { signal } = this.#activity;
    signal.addEventListener("abort", () => seen.disconnect());
    for (const touch of ["pointerenter", "pointerdown", "focusin"])
      this.root.addEventListener(touch, () => this.#wake(), { signal });
  }

  /** A figure that takes turns gets its context back; any other has it already. */
  #wake(): void {
    if (this.#shown?.surface !== "turns" || this.#alive() || this.failure !== null) return;
    this.#renderer?.dispose();
    this.#open();
    if (!this.#alive()) return;
    this.#measure();
  }

  #alive(): boolean {
    return this.#renderer?.lost === false;
  }

  /** Of more figures in view than there are contexts, some have lost theirs; their pictures stay. */
  get #lostItsTurn(): boolean {
    return this.#shown?.surface === "turns" && this.#renderer?.lost === true;
  }

  #sleep(): void {
    if (this.#scheduled) this.#draw(); // out of view no frame comes, and the canvas would stay empty
    this.#renderer?.dispose();
    this.#renderer = null;
  }

  get size(): { readonly width: number; readonly height: number } {
    return { width: Math.max(1, this.root.clientWidth), height: Math.max(1, this.root.clientHeight) };
  }

  /** Draw soon, once. */
  invalidate(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#activity.frame(() => this.#draw());
  }

  setScene(scene: LoadedScene): void {
    if (this.#shown !== null) this.#shown = { ...this.#shown, scene };
    this.#renderer?.setScene(scene);
  }

  setLayout(layout: string): void {
    if (this.#shown !== null) this.#shown = { ...this.#shown, layout };
    this.#renderer?.setLayout(layout);
  }

  /** The picture as PNG. */
  snapshot(): Promise<Blob> {
    this.#wake();
    if (this.#renderer === null) return Promise.reject(new Error("there is no picture to save"));
    this.#renderer.draw(this.#host.frame()); // one that was just woken has drawn nothing yet
    return this.#renderer.snapshot();
  }

  /** The picture at another size, one device pixel to a pixel; the stage is as before when it is done. */
  async pictureOf(width: number, height: number): Promise<Blob> {
    this.#wake();
    if (this.#renderer === null) throw new Error("there is no picture to take");
    this.#renderer.resize(width, height, 1);
    try {
      this.#renderer.draw(this.#host.frame());
      return await this.#renderer.snapshot();
    } finally {
      this.#measure();
    }
  }

  /** The numbers in the picture, cell by cell; for tests. */
  numbers(): readonly NumberShown[] {
    return this.#renderer?.numbers() ?? [];
  }

  /** Milliseconds of so many whole frames, each read back so that it is really drawn; for benchmarks. */
  frameTimes(count: number): number[] {
    return Array.from({ length: count }, () => {
      const begun = performance.now();
      this.#renderer?.draw(this.#host.frame());
      this.#renderer?.finish();
      return performance.now() - begun;
    });
  }

  #draw(): void {
    this.#scheduled = false;
    if (this.#lostItsTurn) {
      this.#wake();
      return;
    }
    if (devicePixelRatio !== this.#ratio) this.#measure(false);
    const begun = performance.now();
    const idle: FrameReport = { faces: 0, ms: 0, drawCalls: 0, pending: false };
    const drawing = this.#renderer !== null && !this.#renderer.lost;
    const report = drawing && this.#renderer ? this.#renderer.draw(this.#host.frame()) : idle;
    this.#host.drawn(report);
    if (report.pending) this.invalidate();
    this.stats.drawCalls = report.drawCalls;
    this.stats.frames += 1;
    this.stats.lastMs = performance.now() - begun;
    if (this.stats.firstFrameMs === 0) this.stats.firstFrameMs = performance.now();
  }

  #measure(announce = true): void {
    if (this.#lostItsTurn) {
      this.#wake(); // another size would empty the canvas
      if (announce) this.#host.resized();
      return;
    }
    const { width, height } = this.size;
    this.#ratio = devicePixelRatio;
    this.#renderer?.resize(width, height, Math.min(this.#ratio, 3));
    if (!announce) return;
    this.#host.resized();
    // The new size has emptied the canvas, and before the next frame the context may be another figure's.
    if (this.#shown?.surface === "turns" && this.#alive()) this.#draw();
    else this.invalidate();
  }

  #restored(): void {
    this.root.classList.remove("is-lost");
    show(this.#notice, false);
    this.invalidate();
  }

  #say(text: string): void {
    this.#notice.textContent = text;
    show(this.#notice, true);
  }

  #fallBack(reason: string, still: string | null): void {
    this.failure = reason;
    this.root.classList.add("is-still");
    show(this.canvas, false);
    if (still !== null) {
      const picture = el("img", {
        class: "mc-still",
        attrs: { alt: "A still picture of the figure", src: still },
      });
      picture.addEventListener("error", () => picture.remove());
      this.root.prepend(picture);
    }
    this.#say(
      `This is a still picture: the browser has no WebGL2 (${reason}), so the figure cannot be turned here. ` +
        "The values are in the table of the Inspect panel.",
    );
  }
}
