// Where a figure is drawn: on a canvas with a context of its own, or by a context that many figures share.
// Browsers allow about sixteen contexts in all, and close the oldest for the next.

import { NoWebGLError, openContext } from "./gl";

/** A context, and the canvas on which its picture is seen. */
export interface Surface {
  readonly canvas: HTMLCanvasElement;
  readonly gl: WebGL2RenderingContext;
  readonly width: number;
  readonly height: number;
  /** Size of the picture in device pixels. */
  resize(width: number, height: number): void;
  /** Show what was drawn into the lower left of the context's own frame buffer. */
  present(): void;
  /** Hear of a context that is lost, and of one that is back. */
  listen(lost: (event: Event) => void, restored: () => void): void;
  /** Give the context back. */
  release(): void;
}

/** A canvas with a context of its own: nothing is copied. */
export function ownSurface(canvas: HTMLCanvasElement): Surface {
  const gl = openContext(canvas);
  const closing = new AbortController();
  return {
    canvas,
    gl,
    get width() {
      return gl.drawingBufferWidth;
    },
    get height() {
      return gl.drawingBufferHeight;
    },
    resize: (width, height) => setSize(canvas, width, height),
    present: () => undefined,
    listen: (lost, restored) => listenTo(canvas, lost, restored, closing.signal),
    release: () => {
      closing.abort();
      loseContext(gl);
    },
  };
}

/** A canvas onto which the context of all such figures is copied. */
export function sharedSurface(canvas: HTMLCanvasElement): Surface {
  const flat = canvas.getContext("2d", { alpha: false });
  if (flat === null) throw new NoWebGLError("the browser gives no 2D context");
  const shared = borrow();
  const closing = new AbortController();
  const { gl } = shared;
  return {
    canvas,
    gl,
    get width() {
      return Math.min(canvas.width, gl.drawingBufferWidth);
    },
    get height() {
      return Math.min(canvas.height, gl.drawingBufferHeight);
    },
    resize: (width, height) => {
      setSize(canvas, width, height);
      // It only grows: figures of different sizes take turns.
      setSize(shared.canvas, Math.max(shared.canvas.width, width), Math.max(shared.canvas.height, height));
    },
    present: () => {
      const { width, height } = canvas;
      flat.drawImage(shared.canvas, 0, gl.drawingBufferHeight - height, width, height, 0, 0, width, height);
    },
    listen: (lost, restored) => listenTo(shared.canvas, lost, restored, closing.signal),
    release: () => {
      closing.abort();
      giveBack(shared);
    },
  };
}

/** The context that figures share, and how many there are. */
interface Shared {
  readonly canvas: HTMLCanvasElement;
  readonly gl: WebGL2RenderingContext;
  users: number;
}

/** Every copy of this module finds the one context here: a notebook may load one for each cell. */
const KEY = Symbol.for("matcube.webgl.1");
const registry = globalThis as { [KEY]?: Shared | undefined };

function borrow(): Shared {
  let shared = registry[KEY];
  if (shared === undefined) {
    const canvas = document.createElement("canvas");
    shared = { canvas, gl: openContext(canvas), users: 0 };
    registry[KEY] = shared;
  }
  shared.users += 1;
  return shared;
}

function giveBack(shared: Shared): void {
  shared.users -= 1;
  if (shared.users > 0) return;
  if (registry[KEY] === shared) delete registry[KEY];
  loseContext(shared.gl);
}

function setSize(canvas: HTMLCanvasElement, width: number, height: number): void {
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
}

function listenTo(
  canvas: HTMLCanvasElement,
  lost: (event: Event) => void,
  restored: () => void,
  signal: AbortSignal,
): void {
  canvas.addEventListener("webglcontextlost", lost, { signal });
  canvas.addEventListener("webglcontextrestored", restored, { signal });
}

/** A page has few live contexts; waiting for the collector would lose those of other figures. */
function loseContext(gl: WebGL2RenderingContext): void {
  gl.getExtension("WEBGL_lose_context")?.loseContext();
}
