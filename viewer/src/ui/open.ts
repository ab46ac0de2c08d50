// Open a page: read its address, get the scene, build the page; say what went wrong if it did.

import type { Problem, View } from "../core/types.gen";
import { decodeScene, mergeBuffers } from "../core/wire";
import { Activity } from "./activity";
import { App, type ControlsMaker, damaged, type Opening } from "./app";
import { type Backend, liveCommand, problem, sameContent } from "./backend";
import { el, fill } from "./dom";
import { decodeFragment, encodeView } from "./fragment";
import { storedFilm, storedLayout } from "./restore";
import { asProblem, exactly } from "./session";

/** Fill `root` with the page of a backend. */
export async function openPage(
  root: HTMLElement,
  backend: Backend,
  makeControls: ControlsMaker,
): Promise<App | null> {
  const activity = new Activity(root);
  const opened = activity.begin();
  try {
    const app = new App(root, activity, backend, makeControls, await opening(backend));
    expose(app);
    return app;
  } catch (error) {
    const found = asProblem(error);
    const parts = [el("h1", { text: "This figure cannot be shown" }), el("p", { text: found.message })];
    if (backend.still !== null)
      parts.push(
        el("img", { class: "mc-still", attrs: { src: backend.still, alt: "A still picture of the figure" } }),
      );
    root.classList.add("mc", "mc-failed");
    fill(root, ...parts);
    return null;
  } finally {
    opened();
  }
}

async function opening(backend: Backend): Promise<Opening> {
  const [bytes, found] = await Promise.all([backend.first(), decodeFragment(location.hash)]);
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
    const more = await backend.ask({ kind: "edit", view, have: [...scene.buffers.keys()] });
    const next = mergeBuffers(scene, decodeScene(exactly(more)));
    return {
      ...plain,
      scene: next,
      view: { ...view, ...contentOf(next.head.view) },
      bytes: bytes.length + more.length,
    };
  } catch (error) {
    return { ...plain, problem: withReason(asProblem(error)), proposed: view.program };
  }
}

function contentOf({ program, leaves, data, constants }: View) {
  return { program, leaves, data, constants };
}

/** What of a link a saved page cannot show, and how to see it. */
async function notHere(what: "film" | "layout" | "program", view: View): Promise<Problem> {
  const command = liveCommand(await encodeView(view), view.data);
  const found = problem("Link", `the link shows another ${what} than this saved page holds; open it live:`);
  return { ...found, text: command };
}

function withReason(found: Problem): Problem {
  return { ...found, message: `the link's program cannot be shown: ${found.message}` };
}

/** Hooks for measurements and tests: read-only. */
function expose(app: App): void {
  const probe = {
    project: (node: number, row: number, col: number) => app.picture.placeOf({ node, row, col }),
    hover: () => (app.readout.tip.hidden ? null : app.readout.tip.textContent),
    view: () => structuredClone(app.session.state.view),
    head: () => structuredClone(app.session.state.scene.head),
    layout: () => app.session.state.layout.key,
    camera: () => structuredClone(app.picture.camera),
    frameTimes: (count: number) => app.picture.stage.frameTimes(count),
    seek: (t: number, held = false) => app.playing.seek(t, held),
    rest: () => app.activity.rest(),
    time: () => app.playing.t,
    playing: () => app.playing.running,
    product: (row: number, col: number) => app.picture.placeOfProduct(row, col),
    shown: (node: number, row: number, col: number) => app.picture.shown({ node, row, col }),
    picture: async () => dataUrl(await app.picture.stage.pictureOf(innerWidth, innerHeight)),
  };
  Object.assign(window, {
    matcubeStats: app.picture.stage.stats,
    matcubeProbe: Object.freeze(probe),
  });
}

function dataUrl(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => resolve(String(reader.result)));
    reader.addEventListener("error", () => reject(new Error("the picture cannot be read")));
    reader.readAsDataURL(blob);
  });
}
