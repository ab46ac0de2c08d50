// The opening camera of a page, computed once for the same faces in a picture of the same size.

import type { Viewport } from "../core/camera";
import { home, protagonistOf } from "../core/home";
import type { Camera, Face, Layout, Matrix } from "../core/types.gen";

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
