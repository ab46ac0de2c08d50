// One matrix alone and face on, as `fig.flat()` shows it; and back to where the reader was.

import { visibleFaces } from "../core/faces";
import { faceOn } from "../core/home";
import type { Camera, Face, View } from "../core/types.gen";
import type { App } from "../ui/app";

/** Angles that differ by less are one, in radians. */
const SAME = 1e-6;

type Place = Pick<View, "camera" | "isolated">;

/** Whether a camera looks straight at a face. */
export function isFaceOn(camera: Camera, flat: Camera): boolean {
  return Math.hypot(camera.yaw - flat.yaw, camera.pitch - flat.pitch) < SAME;
}

/** The flat view of one page. */
export class Flat {
  readonly #app: App;
  #before: Place | null = null;

  constructor(app: App) {
    this.#app = app;
  }

  /** Whether one matrix is seen alone and face on. */
  get on(): boolean {
    const { camera, isolated } = this.#app.session.state.view;
    const flat = isolated === null ? null : this.#cameraOf(isolated);
    return camera !== null && flat !== null && isFaceOn(camera, flat);
  }

  /** Show the selected matrix flat, else the result; or go back. Says why it cannot, or null. */
  toggle(): string | null {
    if (this.on) this.#leave();
    else return this.#enter();
    return null;
  }

  /** Show all of a flat matrix again; when all of it is shown already, go back. False where nothing is flat. */
  fit(): boolean {
    if (!this.on) return false;
    const { camera, isolated } = this.#app.session.state.view;
    const whole = isolated === null ? null : this.#cameraOf(isolated);
    if (JSON.stringify(camera) === JSON.stringify(whole)) this.#leave();
    else void this.#app.session.update({ camera: whole }, "replace");
    return true;
  }

  #enter(): string | null {
    const { view, layout } = this.#app.session.state;
    const { camera, isolated, selection } = view;
    const result = layout.faces.find((face: Face) => face.id === layout.root_face)?.node;
    const node = isolated ?? selection.node ?? result;
    const flat = node === undefined ? null : this.#cameraOf(node);
    if (node === undefined || flat === null) return "This matrix has no face of its own in this layout.";
    if (isolated !== node || this.#before?.isolated === node) this.#before = { camera, isolated };
    void this.#app.session.update({ camera: flat, isolated: node });
    return null;
  }

  #leave(): void {
    void this.#app.session.update(this.#before ?? { camera: null, isolated: null });
    this.#before = null;
  }

  #cameraOf(node: number): Camera | null {
    const { layout } = this.#app.session.state;
    const [face] = visibleFaces(layout, { hidden: new Set(), isolated: node });
    return face === undefined ? null : faceOn(face, this.#app.picture.stage.size);
  }
}
