// The state of the page: scene, view and layout, and the one way in which they change.

import { streamed } from "../core/streams";
import type { Film, Layout, NodeScales, Problem, Request, RewriteRequest, View } from "../core/types.gen";
import { decodeScene, type LoadedScene, mergeBuffers } from "../core/wire";
import type { Activity } from "./activity";
import { type Backend, ProblemError, problem, sameContent } from "./backend";
import { afterEdit, fitting, plays, storedFilm, storedLayout } from "./restore";
import { Tiles } from "./tiles";

/** What the page shows at one moment; replaced, never changed. */
export interface State {
  readonly scene: LoadedScene;
  readonly view: View;
  readonly layout: Layout;
  /** The film that plays, if one does. */
  readonly film: Film | null;
}

/** How a change is remembered: as an entry of its own, in the present entry, or (while a slider moves) not yet. */
export type Entry = "push" | "replace" | "preview";

/** A change of one node; what it does not use may be left out. */
export type Change = Pick<RewriteRequest, "node" | "change"> &
  Partial<Pick<RewriteRequest, "text" | "parameters" | "dim" | "size">>;

/** Who hears of changes. */
export interface Listener {
  changed(now: State, before: State): void;
  record(view: View, entry: "push" | "replace"): void;
  problem(problem: Problem | null): void;
  busy(busy: boolean): void;
}

/** One open figure. */
export class Session {
  readonly backend: Backend;
  readonly activity: Activity;
  readonly tiles: Tiles;
  #now: State;
  readonly #listener: Listener;
  #turn = 0;
  readonly #coming = new Set<string>();
  #waiting = 0;
  /** Stops the work for the present edit, and for values on their way. */
  #edit = new AbortController();
  #values = new AbortController();

  constructor(backend: Backend, activity: Activity, scene: LoadedScene, view: View, listener: Listener) {
    this.backend = { ...backend, ask: (request, stop) => activity.during(backend.ask(request, stop)) };
    this.activity = activity;
    this.#listener = listener;
    this.tiles = new Tiles(this.backend);
    this.#now = stateOf(scene, fitting(view, scene.head));
    activity.signal.addEventListener("abort", () => this.#abort());
    void this.#fetchMissing();
  }

  /** Stop all work that Python does for this page; the picture stays. */
  stop(): void {
    this.#abort();
    this.#listener.problem(STOPPED);
  }

  #abort(): void {
    this.#turn += 1;
    this.#edit.abort();
    this.#values.abort();
  }

  get state(): State {
    return this.#now;
  }

  /**
   * Change the view. What the page can do alone happens at once; the rest is asked of the server, and until
   * it answers, or if it refuses, the last good picture stays.
   *
   * @returns whether the view is now shown.
   */
  async change(next: View, entry: Entry, restoring = false): Promise<boolean> {
    if (this.activity.signal.aborted) return false;
    if (this.canAlone(next)) {
      if (restoring) this.#drop(); // an answer that is still on its way must not undo a restored state
      this.#apply(this.#now.scene, next, entry);
      this.#listener.problem(null);
      await this.#fetchMissing();
      return true;
    }
    if (!this.backend.live) {
      this.#listener.problem(READ_ONLY);
      return false;
    }
    const asked = this.#now.view;
    const request = { kind: "edit", view: next, have: this.#have } as const;
    return this.#ask(request, (scene) => this.#answered(scene, next, asked, restoring), entry);
  }

  /** Let Python change one node of the program: names, leaves, hidden and pinned matrices follow it there. */
  async rewrite(change: Change): Promise<boolean> {
    if (!this.backend.live) {
      this.#listener.problem(READ_ONLY);
      return false;
    }
    const request = { text: "", parameters: {}, dim: 0, size: 0, ...change };
    const { view } = this.#now;
    const answered = ({ head }: LoadedScene) => ({ ...head.view, camera: this.#now.view.camera });
    return this.#ask({ kind: "rewrite", view, have: this.#have, ...request }, answered, "push");
  }

  /** Change some fields of the view. */
  update(fields: Partial<View>, entry: Entry = "push"): Promise<boolean> {
    return this.change({ ...this.#now.view, ...fields }, entry);
  }

  /** Change some fields of the looks. */
  style(fields: Partial<View["style"]>, entry: Entry = "push"): Promise<boolean> {
    return this.update({ style: { ...this.#now.view.style, ...fields } }, entry);
  }

  /** Change some options of the layout. */
  layout(fields: Partial<View["layout"]>, entry: Entry = "push"): Promise<boolean> {
    return this.update({ layout: { ...this.#now.view.layout, ...fields } }, entry);
  }

  /** Whether the page can show this view without Python. */
  canAlone(next: View): boolean {
    const { head } = this.#now.scene;
    if (!sameContent(next, head.view) || storedLayout(head, next.layout) === null) return false;
    if (!storedFilm(head, next.film)) return false;
    const pooled = head.matrices.some(
      (m) => m.pooled !== null && m.pooled.sensitivity !== next.style.sensitivity,
    );
    return !pooled || !this.backend.live;
  }

  get #have(): string[] {
    const { buffers, head } = this.#now.scene;
    return [...buffers.keys(), ...Object.values(head.parts)];
  }

  async #ask(request: Request, wanted: (scene: LoadedScene) => View, entry: Entry): Promise<boolean> {
    const turn = this.#drop();
    const { head } = this.#now.scene;
    this.#wait(1);
    try {
      const bytes = await this.backend.ask(request, this.#edit.signal);
      if (turn !== this.#turn || this.activity.signal.aborted) return false;
      const scene = mergeBuffers(this.#now.scene, decodeScene(exactly(bytes), head));
      this.#apply(scene, wanted(scene), entry);
      this.#listener.problem(null);
      void this.#fetchMissing();
      return true;
    } catch (error) {
      if (turn === this.#turn) this.#listener.problem(asProblem(error));
      return false;
    } finally {
      this.#wait(-1);
    }
  }

  /** Let Python drop the edit before; the number of the one to come. */
  #drop(): number {
    this.#edit.abort();
    this.#edit = new AbortController();
    this.#turn += 1;
    return this.#turn;
  }

  /** The view to show with an answer: the camera may have moved meanwhile, and node numbers may have changed. */
  #answered(scene: LoadedScene, next: View, asked: View, restoring: boolean): View {
    const { program, leaves, data, constants, partition, layout, film } = scene.head.view;
    const moved = this.#now.view.camera !== asked.camera;
    const view = {
      ...next,
      program,
      leaves,
      data,
      constants,
      // Without what only the program of before had.
      partition,
      layout,
      film: { ...next.film, each: film.each },
      camera: moved ? this.#now.view.camera : next.camera,
    };
    return restoring ? view : afterEdit(view, this.#now.scene.head, scene.head);
  }

  #apply(scene: LoadedScene, next: View, entry: Entry): void {
    const before = this.#now;
    if (scene !== before.scene) this.tiles.clear();
    const moved = scene === before.scene && sameButMoved(next, before.view);
    this.#now = moved ? { ...before, view: next } : stateOf(scene, fitting(next, scene.head));
    this.#listener.changed(this.#now, before);
    if (entry !== "preview") this.#listener.record(this.#now.view, entry);
  }

  /** Show some matrices on other scales; those that they had. */
  rescale(scales: readonly NodeScales[]): readonly NodeScales[] {
    const { scene, view } = this.#now;
    const next = new Map(scales.map((each) => [each.node, each.scales]));
    const { matrices } = scene.head;
    const changed = matrices.map((each) => ({ ...each, scales: next.get(each.node) ?? each.scales }));
    this.#apply({ ...scene, head: { ...scene.head, matrices: changed } }, view, "preview");
    return matrices.filter(({ node }) => next.has(node));
  }

  /** Bring the values of some nodes, drawn or not. */
  bring(nodes: readonly number[]): Promise<void> {
    return this.#fetchMissing(nodes);
  }

  /** Bring the buffers of faces that are drawn and whose values did not come yet (sheets just opened). */
  async #fetchMissing(nodes: readonly number[] = []): Promise<void> {
    const { scene } = this.#now;
    const missing = (sha256: string) => !scene.buffers.has(sha256) && !this.#coming.has(sha256);
    const want = this.backend.live ? neededBuffers(this.#now, nodes).filter(missing) : [];
    if (want.length === 0) return;
    for (const sha256 of want) this.#coming.add(sha256);
    this.#wait(1);
    if (this.#values.signal.aborted) this.#values = new AbortController();
    const { signal } = this.#values;
    try {
      const answer = decodeScene(exactly(await this.backend.ask({ kind: "buffers", want }, signal)));
      if (this.activity.signal.aborted) return;
      const buffers = new Map([...this.#now.scene.buffers, ...answer.buffers]);
      this.#apply({ head: this.#now.scene.head, buffers }, this.#now.view, "preview");
    } catch (error) {
      if (!signal.aborted) this.#listener.problem(asProblem(error));
    } finally {
      for (const sha256 of want) this.#coming.delete(sha256);
      this.#wait(-1);
    }
  }

  #wait(step: number): void {
    this.#waiting += step;
    this.#listener.busy(this.#waiting > 0);
  }
}

const STOPPED = problem("Stopped", "the picture is the one of before");

const READ_ONLY = problem(
  "Read-only",
  "this is a saved page: the program, its leaves and new layouts need Python",
  "the command beside the program opens it live",
);

/** Nothing but the camera or the time of the film differs: the many small steps of a drag. */
export function sameButMoved(a: View, b: View): boolean {
  const film =
    a.film === b.film || JSON.stringify({ ...a.film, t: 0 }) === JSON.stringify({ ...b.film, t: 0 });
  return (
    film &&
    (Object.keys(a) as (keyof View)[]).every((key) => key === "camera" || key === "film" || a[key] === b[key])
  );
}

/** Any failure as something to show in place. */
export function asProblem(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem;
  return problem("Error", error instanceof Error ? error.message : "something went wrong");
}

/** The bytes as a buffer of their own, as the decoder wants them. */
export function exactly(bytes: Uint8Array): ArrayBuffer {
  const { buffer, byteOffset, byteLength } = bytes;
  if (buffer instanceof ArrayBuffer && byteOffset === 0 && byteLength === buffer.byteLength) return buffer;
  return bytes.slice().buffer;
}

function stateOf(scene: LoadedScene, view: View): State {
  const key = storedLayout(scene.head, view.layout) ?? scene.head.layout;
  const layout = scene.head.layouts.find((layout) => layout.key === key) ?? scene.head.layouts[0];
  if (layout === undefined) throw new RangeError("the scene carries no layout");
  return { scene, view, layout, film: plays(view.film) ? scene.head.film : null };
}

/** Values of what is drawn, of the chosen matrix and more nodes, of steps behind pinned cells, of a film's sums. */
function neededBuffers({ scene, layout, view, film }: State, nodes: readonly number[]): string[] {
  const drawn = new Set([...layout.faces.map((face) => face.node), ...nodes]);
  for (const sweep of film?.sweeps ?? []) drawn.add(sweep.node);
  const streams = streamed(film);
  for (const node of streams.nodes) drawn.add(node);
  if (view.selection.node !== null) drawn.add(view.selection.node);
  for (const pin of view.selection.pins) {
    const face = layout.faces.find((face) => face.node === pin.node && face.part === null);
    for (const node of face?.chain ?? []) drawn.add(node);
  }
  return scene.head.matrices
    .filter((matrix) => drawn.has(matrix.node))
    .flatMap((matrix) => [
      matrix.values,
      matrix.mask,
      matrix.pooled?.mean ?? null,
      matrix.pooled?.flags ?? null,
      (view.style.peak ? matrix.pooled?.peaks : matrix.pooled?.ink) ?? null,
    ])
    .filter((sha256) => sha256 !== null)
    .concat(streams.buffers);
}
