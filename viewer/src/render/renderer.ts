// The picture: one WebGL2 canvas, drawn when asked and never by itself.
//
//   draw(frame): lines and marks ─▶ faces from back to front ─▶ rods ─▶ sRGB on the canvas
//
// Everything on the graphics unit is made from the scene when first drawn, so a lost context costs one frame.

import { type Eye, eyeOf } from "../core/camera";
import { packMarks } from "../core/clip";
import { MOST_FINER, NOISE, SHIFT } from "../core/dither";
import { visibleFaces } from "../core/faces";
import type { Frame, FrameReport } from "../core/frame";
import { marksOf } from "../core/marks";
import { paintOrder } from "../core/order";
import { packetsOf } from "../core/packets";
import { linear, themeOf } from "../core/palette";
import { packRod } from "../core/rods";
import * as shading from "../core/shading";
import * as signs from "../core/signs";
import { inkLook } from "../core/sources";
import { matrixOf } from "../core/sums";
import type { Face, Layout } from "../core/types.gen";
import type { LoadedScene } from "../core/wire";
import { drawFace, drawPlane, Work } from "./brush";
import { hasValues } from "./drawn";
import { FacePass } from "./face_pass";
import { type Constants, glslFloat, glslVec3, NoWebGLError } from "./gl";
import { LOOKS, LookTextures } from "./looks";
import { MarkPass } from "./mark_pass";
import { type NumberShown, NumberTextures } from "./numbers";
import { RodPass } from "./rod_pass";
import type { Surface } from "./surface";
import { Target } from "./target";
import { InkTextures } from "./textures";

export { NoWebGLError } from "./gl";

export interface RendererOptions {
  /** The context was lost: nothing can be drawn until it is back. */
  readonly onLost?: () => void;
  /** The context is back and everything is rebuilt on the next draw: draw once now. */
  readonly onRestored?: () => void;
}

/** All that lives on the graphics unit, and dies with its context. */
interface Unit extends Readonly<Record<string, { dispose(): void }>> {
  readonly textures: InkTextures;
  readonly numbers: NumberTextures;
  readonly looks: LookTextures;
  readonly faces: FacePass;
  readonly marks: MarkPass;
  readonly rods: RodPass;
  readonly target: Target;
}

const CONSTANTS: Constants = {
  AMBIENT: glslFloat(shading.AMBIENT),
  DIFFUSE: glslFloat(shading.DIFFUSE),
  GLOSS: glslFloat(shading.GLOSS),
  SHADE_MEAN: glslFloat(shading.SHADE_MEAN),
  GLOSS_MEAN: glslFloat(shading.GLOSS_MEAN),
  LIGHT_VALUE: glslVec3(shading.LIGHT),
  HALFWAY_VALUE: glslVec3(shading.HALFWAY),
  MEAN_FROM: glslFloat(shading.MEAN_FROM),
  EDGE_NEAR: glslFloat(shading.EDGE_ON[0]),
  EDGE_FAR: glslFloat(shading.EDGE_ON[1]),
  FADE_NEAR: glslFloat(shading.FADE[0]),
  FADE_FAR: glslFloat(shading.FADE[1]),
  LEAST_COSINE: glslFloat(shading.LEAST_COSINE),
  LIT_PX: glslFloat(shading.LIT_PX),
  MOST_FINER: String(MOST_FINER),
  NOISE_X: `${NOISE[0]}u`,
  NOISE_Y: `${NOISE[1]}u`,
  SHIFT_X: `${SHIFT[0]}u`,
  SHIFT_Y: `${SHIFT[1]}u`,
  SHIFT_Z: `${SHIFT[2]}u`,
  LOOKS: glslFloat(LOOKS),
  PEN: glslFloat(signs.PEN),
  REACH: glslFloat(signs.REACH),
  HALO: glslFloat(signs.HALO),
  LEAST_PX: glslFloat(signs.LEAST_PX),
  SLANT_X: glslFloat(signs.TRIANGLE[0]),
  SLANT_Y: glslFloat(signs.TRIANGLE[1]),
  MOST_STEPS: String(shading.MOST_STEPS),
};

const NOTHING: FrameReport = { faces: 0, ms: 0, drawCalls: 0, pending: false };

export class Renderer {
  readonly #surface: Surface;
  readonly #options: RendererOptions;
  #unit: Unit | null;
  #scene: LoadedScene | null = null;
  #layout: Layout | null = null;
  #pixelRatio = 1;
  #last: Frame | null = null;
  readonly #served = new Set<string>();

  /** @throws NoWebGLError */
  constructor(surface: Surface, options: RendererOptions = {}) {
    this.#surface = surface;
    this.#options = options;
    surface.listen(this.#onLost, this.#onRestored);
    try {
      this.#unit = surface.gl.isContextLost() ? null : makeUnit(surface.gl);
    } catch (error) {
      surface.release();
      throw error;
    }
    if (this.#unit === null) options.onLost?.(); // the context that figures share is lost, and comes back
  }

  get lost(): boolean {
    return this.#unit === null || this.#surface.gl.isContextLost(); // the event comes later
  }

  /** Takes a scene; textures of matrices whose values and looks did not change are reused. */
  setScene(scene: LoadedScene): void {
    this.#scene = scene;
    this.setLayout(this.#layout?.key ?? scene.head.layout);
  }

  /** Chooses one of the scene's layouts; an unknown key falls back to the head's. */
  setLayout(key: string): void {
    const head = this.#scene?.head;
    if (head === undefined) return;
    const find = (wanted: string): Layout | undefined => head.layouts.find((layout) => layout.key === wanted);
    this.#layout = find(key) ?? find(head.layout) ?? head.layouts[0] ?? null;
  }

  /** Size in CSS pixels and device pixels per CSS pixel; draw afterwards, for the canvas is cleared. */
  resize(cssWidth: number, cssHeight: number, pixelRatio: number): void {
    this.#pixelRatio = pixelRatio;
    const size = (css: number) => Math.max(1, Math.round(css * pixelRatio));
    this.#surface.resize(size(cssWidth), size(cssHeight));
  }

  /**
   * Draws now, synchronously. The faces are those of `visibleFaces(layout, frame)`.
   *
   * Sheets of partial results that take long, and matrices that a slider gives another look, come one after the other
   * in the next frames, unless the frame must be `whole`.
   */
  draw(frame: Frame, whole = false): FrameReport {
    this.#last = frame;
    const [unit, scene, layout] = [this.#unit, this.#scene, this.#layout];
    if (unit === null || scene === null || layout === null) return NOTHING;
    const start = performance.now();
    const { width, height } = this.#surface;
    const eye = eyeOf(frame.camera, { width, height });
    const standing = visibleFaces(layout, frame);
    const faces = standing.filter((face) => frame.film?.without.has(face.node) !== true);
    const theme = themeOf(scene.head, frame.theme);
    unit.target.begin(eye.viewport.width, eye.viewport.height, linear(theme.ground));
    let drawCalls = 1 + unit.marks.draw(eye, this.#marks(scene, layout, { faces, standing }, frame, eye));
    const work = new Work(whole, this.#served);
    const drawn = this.#drawFaces(unit, scene, layout, faces, frame, eye, work);
    for (const rod of frame.rods) {
      const box = layout.boxes[rod.boxId];
      if (box === undefined) continue;
      const look = inkLook(scene.head, matrixOf(scene, box.node), frame.style, frame.theme);
      drawCalls += unit.rods.draw(eye, packRod(rod, box, look, eye));
    }
    if (frame.film !== null) {
      const marks = packetsOf(scene.head, layout, faces, theme, frame.film.exchanges);
      drawCalls += unit.marks.draw(eye, packMarks(marks, eye, this.#pixelRatio));
    }
    work.end();
    unit.target.present();
    this.#surface.present();
    return { faces: drawn, ms: performance.now() - start, drawCalls: drawCalls + drawn, pending: work.left };
  }

  /** The numbers in the last picture, cell by cell. */
  numbers(): readonly NumberShown[] {
    return this.#unit?.numbers.shown() ?? [];
  }

  /** Waits until everything asked for is drawn. */
  finish(): void {
    const { gl } = this.#surface;
    gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4));
  }

  /** The last frame, drawn anew, as PNG. */
  snapshot(): Promise<Blob> {
    if (this.#last === null || this.#unit === null) {
      return Promise.reject(new NoWebGLError("there is no picture to take"));
    }
    this.draw(this.#last, true);
    return new Promise((resolve, reject) => {
      this.#surface.canvas.toBlob((blob) => {
        if (blob === null) reject(new NoWebGLError("the picture could not be encoded"));
        else resolve(blob);
      }, "image/png");
    });
  }

  /** Gives everything back; the canvas cannot be drawn to again. */
  dispose(): void {
    for (const part of Object.values(this.#unit ?? {})) part.dispose();
    this.#unit = null;
    this.#scene = null;
    this.#layout = null;
    this.#surface.release();
  }

  readonly #onLost = (event: Event): void => {
    event.preventDefault(); // otherwise it never comes back
    this.#unit = null;
    this.#options.onLost?.();
  };

  readonly #onRestored = (): void => {
    this.#unit = makeUnit(this.#surface.gl);
    this.#options.onRestored?.();
  };

  #marks(
    scene: LoadedScene,
    layout: Layout,
    seen: { readonly faces: readonly Face[]; readonly standing: readonly Face[] },
    frame: Frame,
    eye: Eye,
  ): Float32Array {
    const marks = marksOf({
      layout,
      ...seen,
      theme: themeOf(scene.head, frame.theme),
      guides: frame.style.guides,
      arrows: frame.style.arrows,
      hasValues: (face) => hasValues(scene, layout, face, frame.style.peak),
      tiles: frame.film?.tiles ?? [],
      eye,
      pixel: eye.pixelAngle * this.#pixelRatio,
    });
    return packMarks(marks, eye, this.#pixelRatio);
  }

  #drawFaces(
    unit: Unit,
    scene: LoadedScene,
    layout: Layout,
    faces: readonly Face[],
    frame: Frame,
    eye: Eye,
    work: Work,
  ): number {
    const planes = new Map(frame.film?.planes.map((plane) => [plane.face, plane]));
    const current = new Set<string>();
    const inView = new Set<string>();
    const theme = themeOf(scene.head, frame.theme);
    const { style } = frame;
    const looksKey = `${style.palette} ${frame.theme} ${style.dot_scale}`;
    const looks = unit.looks.of(looksKey, inkLook(scene.head, undefined, style, frame.theme), theme);
    const paper = { ratio: this.#pixelRatio, ring: linear(theme.frame) };
    const brush = { unit, scene, layout, frame, eye, work, looks, theme, paper, current, inView };
    let drawn = 0;
    for (const face of paintOrder([...faces, ...planes.keys()], eye.position)) {
      const plane = planes.get(face);
      drawn += plane === undefined ? drawFace(brush, face) : drawPlane(brush, plane);
    }
    unit.textures.trim(current, inView);
    unit.numbers.trim(eye);
    return drawn;
  }
}

function makeUnit(gl: WebGL2RenderingContext): Unit {
  const numbers = new NumberTextures(gl);
  return {
    numbers,
    textures: new InkTextures(gl),
    looks: new LookTextures(gl),
    faces: new FacePass(gl, CONSTANTS, numbers),
    marks: new MarkPass(gl),
    rods: new RodPass(gl, CONSTANTS),
    target: new Target(gl),
  };
}
