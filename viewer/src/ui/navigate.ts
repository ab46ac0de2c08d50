// Mouse, touch and wheel on the canvas: orbit, pan, zoom to the pointer; a press that does not move is a click.

import { orbit, pan, zoomAt } from "../core/camera";
import type { Camera } from "../core/types.gen";

/** What the pointer does to the page. */
export interface NavigateHost {
  camera(): Camera;
  move(camera: Camera): void;
  size(): { readonly width: number; readonly height: number };
  /** Depth of what lies at a place of the picture, if anything does. */
  depth(x: number, y: number): number | undefined;
  hover(x: number, y: number, touch: boolean): void;
  leave(): void;
  click(x: number, y: number, more: boolean): void;
  doubleClick(x: number, y: number): void;
}

const CLICK_PX = 5;
const DOUBLE_MS = 320;
const RADIANS_PER_PX = 0.0075;

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Listens to a canvas. */
export class Navigate {
  readonly #held = new Map<number, Point>();
  readonly #host: NavigateHost;
  readonly #canvas: HTMLCanvasElement;
  #start: Point | null = null;
  #dragged = false;
  #lastClick = { time: Number.NEGATIVE_INFINITY, x: 0, y: 0 };

  constructor(canvas: HTMLCanvasElement, host: NavigateHost) {
    this.#canvas = canvas;
    this.#host = host;
    canvas.addEventListener("pointerdown", (event) => this.#down(event));
    canvas.addEventListener("pointermove", (event) => this.#move(event));
    canvas.addEventListener("pointerup", (event) => this.#up(event));
    canvas.addEventListener("pointercancel", (event) => this.#cancel(event));
    canvas.addEventListener("pointerleave", () => this.#held.size === 0 && host.leave());
    canvas.addEventListener("contextmenu", (event) => event.preventDefault());
    canvas.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
  }

  /** Zoom about the middle of the picture. */
  zoom(factor: number): void {
    const { width, height } = this.#host.size();
    this.#host.move(zoomAt(this.#host.camera(), { width, height }, width / 2, height / 2, factor));
  }

  #down(event: PointerEvent): void {
    this.#canvas.focus({ preventScroll: true });
    this.#canvas.setPointerCapture(event.pointerId);
    this.#held.set(event.pointerId, this.#place(event));
    if (this.#held.size === 1) {
      this.#start = this.#place(event);
      this.#dragged = false;
    } else {
      this.#dragged = true;
    }
  }

  #move(event: PointerEvent): void {
    const now = this.#place(event);
    const before = this.#held.get(event.pointerId);
    if (before === undefined) {
      if (event.pointerType !== "touch") this.#host.hover(now.x, now.y, false);
      return;
    }
    if (!this.#dragged && this.#start && Math.hypot(now.x - this.#start.x, now.y - this.#start.y) < CLICK_PX)
      return;
    if (!this.#dragged) this.#host.leave();
    this.#dragged = true;
    if (this.#held.size >= 2) this.#pinch(event.pointerId, before, now);
    else this.#drag(event, now.x - before.x, now.y - before.y);
    this.#held.set(event.pointerId, now);
  }

  #drag(event: PointerEvent, dx: number, dy: number): void {
    const camera = this.#host.camera();
    const panning = event.shiftKey || (event.buttons & 6) !== 0;
    this.#host.move(
      panning
        ? pan(camera, this.#host.size(), dx, dy)
        : orbit(camera, -dx * RADIANS_PER_PX, dy * RADIANS_PER_PX),
    );
  }

  #pinch(id: number, before: Point, now: Point): void {
    const [other] = [...this.#held].filter(([one]) => one !== id).map(([, point]) => point);
    if (other === undefined) return;
    const size = this.#host.size();
    const spread = Math.hypot(before.x - other.x, before.y - other.y);
    const wider = Math.hypot(now.x - other.x, now.y - other.y);
    const moved = pan(this.#host.camera(), size, (now.x - before.x) / 2, (now.y - before.y) / 2);
    const factor = spread > 1 ? wider / spread : 1;
    this.#host.move(zoomAt(moved, size, (now.x + other.x) / 2, (now.y + other.y) / 2, factor));
  }

  #up(event: PointerEvent): void {
    const place = this.#place(event);
    const clicked = this.#held.delete(event.pointerId) && !this.#dragged && event.button === 0;
    if (!clicked) return;
    const { time, x, y } = this.#lastClick;
    const again = event.timeStamp - time < DOUBLE_MS && Math.hypot(place.x - x, place.y - y) < 4 * CLICK_PX;
    this.#lastClick = { time: again ? Number.NEGATIVE_INFINITY : event.timeStamp, ...place };
    if (again) this.#host.doubleClick(place.x, place.y);
    else {
      if (event.pointerType === "touch") this.#host.hover(place.x, place.y, true);
      this.#host.click(place.x, place.y, event.shiftKey);
    }
  }

  #cancel(event: PointerEvent): void {
    this.#held.delete(event.pointerId);
    this.#dragged = true;
  }

  #wheel(event: WheelEvent): void {
    event.preventDefault();
    const { x, y } = this.#place(event);
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
    const step = Math.max(-240, Math.min(240, event.deltaY * lines));
    const factor = Math.exp(-step * (event.ctrlKey ? 0.01 : 0.0016));
    this.#host.move(zoomAt(this.#host.camera(), this.#host.size(), x, y, factor, this.#host.depth(x, y)));
  }

  #place(event: MouseEvent): Point {
    const { left, top } = this.#canvas.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  }
}
