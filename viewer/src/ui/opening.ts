// The opening camera of a page, computed once for the same faces in a picture of the same size; angles to one face.

import type { Eye, Viewport } from "../core/camera";
import { normalOf } from "../core/faces";
import { home, protagonistOf } from "../core/home";
import type { Camera, Face, Layout, Matrix } from "../core/types.gen";
import { clamp, dot } from "../core/vec";

export class Opening {
  #last: { readonly key: string; readonly layout: Layout; readonly camera: Camera } | null = null;

  camera(matrices: readonly Matrix[], layout: Layout, faces: readonly Face[], size: Viewport): Camera {
    const { width, height } = size;
    const key = `${width} ${height} ${faces.map(({ id }) => id).join()}`;
    if (this.#last?.key !== key || this.#last.layout !== layout) {
      const subject = protagonistOf(matrices, layout, faces);
      const camera = home(faces, subject, layout.root_face, { width, height });
      this.#last = { key, layout, camera };
    }
    return this.#last.camera;
  }
}

const FRONTAL = 0.22;

/** Angles from which a face is read nearly from its front, on the side where the eye is, rows downward. */
export function facing(
  face: Face,
  { yaw, pitch }: Camera,
  { position }: Eye,
): { yaw: number; pitch: number } {
  const normal = normalOf(face);
  const side = dot(normal, position) >= dot(normal, face.origin) ? 1 : -1;
  if (Math.abs(normal[1]) > 0.5) {
    const [x, , z] = face.down;
    return { yaw: Math.atan2(x, z), pitch: clamp(side * normal[1], -1, 1) * 1.25 };
  }
  const front = Math.atan2(side * normal[0], side * normal[2]);
  const off = yaw - front - 2 * Math.PI * Math.round((yaw - front) / (2 * Math.PI));
  return { yaw: front + clamp(off, -FRONTAL, FRONTAL), pitch: clamp(pitch, -FRONTAL, FRONTAL) };
}
