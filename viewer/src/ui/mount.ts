// Open a figure: read its address, get the scene, build it; say what went wrong if it did.

import { sentence } from "../core/explain";
import type { Problem, View } from "../core/types.gen";
import { decodeScene, mergeBuffers } from "../core/wire";
import { Activity } from "./activity";
import { App, damaged, type Opening } from "./app";
import { type Backend, liveCommand, ProblemError, problem, sameContent } from "./backend";
import type { Controls } from "./controls";
import { el, fill } from "./dom";
import { decodeFragment, encodeView } from "./fragment";
import type { Page, Probe } from "./page";
import { storedFilm, storedLayout } from "./restore";
import { asProblem, exactly } from "./session";
import { Working } from "./working";

/** Who answers a figure, and where it lives. */
export interface MountOptions {
  readonly backend: Backend;
  readonly page: Page;
}

/**
 * Show a figure inside an element or a shadow root.
 *
 * @returns a function that removes the figure and everything that belongs to it.
 */
export function mountFigure(
  parent: HTMLElement | ShadowRoot,
  { backend, page }: MountOptions,
  makeControls: (app: App) => Controls,
): () => void {
  const root = el("div", { class: "mc" });
  parent.append(root);
  const activity = new Activity(root);
  const stopping = new AbortController();
  activity.signal.addEventListener("abort", () => stopping.abort());
  const failed = (error: unknown) => {
    if (activity.signal.aborted) return;
    const still = stopping.signal.aborted ? null : backend.still; // the still is as much work
    activity.close(); // nothing of a figure that is built in part may go on
    fail(root, asProblem(error), still);
  };
  const build = async () => {
    const working = new Working(activity, backend, () => stopping.abort());
    root.append(working.line, working.root);
    working.follow(true);
    const first = await opening(backend, page, stopping.signal).finally(() => working.follow(false));
    if (activity.signal.aborted) return;
    const app = new App({ root, activity, page, backend }, first);
    page.opened(app.picture.stage.stats, Object.freeze(probeOf(app)));
    const addControls = () => {
      try {
        app.add(makeControls(app));
      } catch (error) {
        failed(error);
      }
    };
    activity.frame(() => activity.after(0, addControls)); // the first picture does not wait for them
  };
  void activity.during(build().catch(failed));
  return () => {
    activity.close();
    root.remove();
  };
}

function fail(root: HTMLElement, { message, hint }: Problem, still: string | null): void {
  const alt = "A still picture of the figure";
  root.className = "mc mc-failed";
  fill(
    root,
    el("h1", { text: "This figure cannot be shown" }),
    el("p", { text: message }),
    hint !== null && el("p", { class: "mc-note", text: hint }),
    still !== null && el("img", { class: "mc-still", attrs: { src: still, alt } }),
  );
}

async function opening(backend: Backend, page: Page, stop: AbortSignal): Promise<Opening> {
  const first = backend.first(stop).catch((error: unknown) => {
    throw stop.aborted ? new ProblemError(NOT_COMPUTED) : error;
  });
  const [bytes, found] = await Promise.all([first, decodeFragment(page.fragment)]);
  const scene = decodeScene(exactly(bytes));
  const plain = { scene, view: scene.head.view, bytes: bytes.length, problem: null, proposed: null };
  if (found.kind === "none") return plain;
  if (found.kind === "damaged") return { ...plain, problem: damaged(found.reason) };
  const { view } = found;
  const same = sameContent(view, scene.head.view);
  const stored = storedLayout(scene.head, view.layout) !== null;
  const filmed = storedFilm(scene.head, view.film);
  if (same && stored && filmed) return { ...plain, view };
  if (!backend.live && same) {
    return {
      ...plain,
      view: {
        ...view,
        layout: stored ? view.layout : scene.head.view.layout,
        film: filmed ? view.film : scene.head.view.film,
      },
      problem: await notHere(stored ? "film" : "layout", view),
    };
  }
  if (!backend.live) return { ...plain, problem: await notHere("program", view) };
  try {
    const more = await backend.ask({ kind: "edit", view, have: [...scene.buffers.keys()] }, stop);
    const next = mergeBuffers(scene, decodeScene(exactly(more)));
    return {
      ...plain,
      scene: next,
      view: { ...view, ...contentOf(next.head.view) },
      bytes: bytes.length + more.length,
    };
  } catch (error) {
    const why = stop.aborted ? LINK_STOPPED : withReason(asProblem(error));
    return { ...plain, problem: why, proposed: view.program };
  }
}

const NOT_COMPUTED = problem("Stopped", "its work was stopped", "reload the page to begin again");
const LINK_STOPPED = problem(
  "Stopped",
  "this is not the figure of the link",
  "reload the page to begin again",
);

function contentOf({ program, leaves, data, constants }: View) {
  return { program, leaves, data, constants };
}

/** What of a link a saved page cannot show, and how to see it. */
async function notHere(what: "film" | "layout" | "program", view: View): Promise<Problem> {
  const command = liveCommand(await encodeView(view), view.data);
  const refusal = problem("Link", `the link shows another ${what} than this saved page holds; open it live:`);
  return { ...refusal, text: command };
}

function withReason(problem: Problem): Problem {
  return { ...problem, message: `the link's program cannot be shown: ${problem.message}` };
}

function probeOf({ activity, picture, playing, readout, ribbon, session }: App): Probe {
  return {
    project: (node, row, col) => picture.placeOf({ node, row, col }),
    hover: () => (readout.tip.hidden ? null : readout.tip.textContent),
    view: () => structuredClone(session.state.view),
    head: () => structuredClone(session.state.scene.head),
    layout: () => session.state.layout.key,
    camera: () => structuredClone(picture.camera),
    frameTimes: (count) => picture.stage.frameTimes(count),
    seek: (t, held = false) => playing.seek(t, held),
    rest: () => activity.rest(),
    time: () => playing.t,
    playing: () => playing.running,
    product: (row, col) => picture.placeOfProduct(row, col),
    numbers: () => picture.stage.numbers(),
    words: () => (ribbon.words === null ? "" : sentence(ribbon.words)),
    lit: () => picture.lit,
    shown: (node, row, col) => {
      const reading = picture.read({ node, row, col });
      return reading && { value: reading.value ?? null, text: reading.valueText };
    },
    picture: async () => dataUrl(await picture.stage.pictureOf(innerWidth, innerHeight)),
  };
}

function dataUrl(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => resolve(String(reader.result)));
    reader.addEventListener("error", () => reject(new Error("the picture cannot be read")));
    reader.readAsDataURL(blob);
  });
}
