// The picture: one WebGL2 canvas, drawn when asked and never by itself.
//
//   draw(frame): lines and marks ─▶ faces from back to front ─▶ rods ─▶ sRGB on the canvas
//
// Everything on the graphics unit is made from the scene when first drawn, so a lost context costs one frame.

import { type Eye, eyeOf } from "../core/camera";
import { packMarks } from "../core/clip";
import { faceCentre, visibleFaces } from "../core/faces";
import type { Frame, FrameReport, Lit } from "../core/frame";
import { marksOf } from "../core/marks";
import { paintOrder } from "../core/order";
import { inkOf, linear, themeOf } from "../core/palette";
import { placeOf } from "../core/places";
import { packRod } from "../core/rods";
import * as shading from "../core/shading";
import { inkLook } from "../core/sources";
import { matrixOf } from "../core/sums";
import type { Face, Layout, Split } from "../core/types.gen";
import { unseenLevels } from "../core/unseen";
import { length, sub } from "../core/vec";
import type { LoadedScene } from "../core/wire";
import { type Drawn, drawnOf, drawnPlane, hasValues, wholeOf } from "./drawn";
import { FacePass, isOutside } from "./face_pass";
import { type Constants, glslFloat, glslVec3, NoWebGLError } from "./gl";
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
  DIMMED: glslFloat(shading.DIMMED),
  FLAG_COVERAGE: glslFloat(shading.FLAG_COVERAGE),
  MOST_STEPS: String(shading.MOST_STEPS),
};

const NOTHING: FrameReport = { faces: 0, ms: 0, drawCalls: 0, pending: false };
/** Products of partial results that one frame sums at most, if it need not be whole. */
const MOST_WORK = 1 << 25;

export class Renderer {
  readonly #surface: Surface;
  readonly #options: RendererOptions;
  #unit: Unit | null;
  #scene: LoadedScene | null = null;
  #layout: Layout | null = null;
  #pixelRatio = 1;
  #last: Frame | null = null;

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
   * Sheets of partial results that take long come one after the other, unless the frame must be `whole`.
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
    const work = new Work(whole);
    const drawn = this.#drawFaces(unit, scene, layout, faces, frame, eye, work);
    for (const rod of frame.rods) {
      const box = layout.boxes[rod.boxId];
      if (box === undefined) continue;
      const look = inkLook(scene.head, matrixOf(scene, box.node), frame.style, frame.theme);
      drawCalls += unit.rods.draw(eye, packRod(rod, box, look, eye));
    }
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
      faded: frame.faded,
      tiles: frame.film?.tiles ?? [],
      pixelsPerCell: (point) => 1 / (length(sub(point, eye.position)) * eye.pixelAngle * this.#pixelRatio),
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
    const flagColours = flagsOf(scene, frame);
    const planes = new Map(frame.film?.planes.map((plane) => [plane.face, plane]));
    const current = new Set<string>();
    const inView = new Set<string>();
    const theme = themeOf(scene.head, frame.theme);
    const paper = { ratio: this.#pixelRatio, ground: linear(theme.ground), ring: linear(theme.muted) };
    let drawn = 0;
    for (const face of paintOrder([...faces, ...planes.keys()], eye.position)) {
      const plane = planes.get(face);
      // Also what no part shows now: it will be wanted again.
      const whole = plane === undefined ? wholeOf(scene, layout, face, frame) : null;
      if (whole !== null) current.add(whole.key);
      const items =
        plane === undefined ? drawnOf(scene, layout, face, frame) : drawnPlane(scene, plane, frame);
      const lit = frame.lit.filter((entry) => entry.face === face.id).map((entry) => litPlaces(entry, face));
      for (const item of farFirst(items, eye).map((entry) => asFineAsSeen(entry, lit, eye, work.whole))) {
        current.add(item.key);
        if (isOutside(item.face, eye)) continue;
        inView.add(item.key);
        const texture = textureOf(unit, item, work);
        if (texture === null) continue;
        const scale = [1 / item.cols, 1 / item.rows] as const;
        const texels = { texture, scale, start: item.start, exact: item.exact && texture.dropped === 0 };
        unit.faces.draw(eye, {
          face: item.face,
          texels,
          from: item.from,
          dim: dimOf(frame, item),
          lit,
          flagColours,
          numbers: unit.numbers.of(item, texture, eye, paper),
        });
        drawn++;
      }
    }
    unit.textures.trim(current, inView);
    unit.numbers.trim(eye);
    return drawn;
  }
}

const dimOf = ({ faded }: Frame, { face, dim }: Drawn): number =>
  faded.has(face.node) ? shading.FADED : dim ? shading.DIMMED : 1;

/** Blocks of one face from back to front, because their balls project from it. */
function farFirst(items: readonly Drawn[], eye: Eye): readonly Drawn[] {
  const [first, second] = items;
  if (first?.key !== second?.key || first?.dim !== second?.dim) return items;
  const away = ({ face }: Drawn) => length(sub(faceCentre(face), eye.position));
  return [...items].sort((a, b) => away(b) - away(a));
}

/** The texture of what is drawn; null where there is nothing, or it has to wait for the next frame. */
const textureOf = (
  { textures }: Unit,
  { key, source, look, work: products, unseen, passing }: Drawn,
  work: Work,
) =>
  textures.has(key) || work.take(products)
    ? textures.get(key, source, look, unseen, passing && !work.whole) // a saved picture stays
    : null;

/**
 * What passes needs no level that no pixel samples, and takes the nearest one as the finest where pixels see two;
 * a lit line is sampled finely along itself.
 */
function asFineAsSeen(item: Drawn, lit: readonly Lit[], eye: Eye, whole: boolean): Drawn {
  if (item.passing !== true || lit.length > 0) return item;
  const unseen = unseenLevels(item.face, eye, whole ? 1 : Math.SQRT2);
  return unseen === 0 ? item : { ...item, key: `${item.key} ${unseen}`, unseen };
}

/** What one frame may sum, at least one sheet of it. */
class Work {
  readonly whole: boolean;
  #done = 0;
  /** Something had to be put off. */
  left = false;

  constructor(whole: boolean) {
    this.whole = whole;
  }

  take(products: number): boolean {
    const fits = this.whole || products === 0 || this.#done === 0 || this.#done + products <= MOST_WORK;
    if (fits) this.#done += products;
    else this.left = true;
    return fits;
  }
}

function litPlaces({ row, col, rows = 1, cols = 1 }: Lit, { id, row_split, col_split }: Face): Lit {
  const high = placeOf(row_split, (row ?? 0) + rows - 1) + 1 - placeOf(row_split, row ?? 0);
  const wide = placeOf(col_split, (col ?? 0) + cols - 1) + 1 - placeOf(col_split, col ?? 0);
  const at = (split: Split | null, index: number | null) => (index === null ? null : placeOf(split, index));
  return { face: id, row: at(row_split, row), col: at(col_split, col), rows: high, cols: wide };
}

function makeUnit(gl: WebGL2RenderingContext): Unit {
  const numbers = new NumberTextures(gl);
  return {
    numbers,
    textures: new InkTextures(gl),
    faces: new FacePass(gl, CONSTANTS, numbers),
    marks: new MarkPass(gl),
    rods: new RodPass(gl, CONSTANTS),
    target: new Target(gl),
  };
}

function flagsOf(scene: LoadedScene, frame: Frame): Float32Array {
  const ink = inkOf(scene.head, frame.style.palette, frame.theme);
  return new Float32Array([...linear(ink.nan), ...linear(ink.pos_inf), ...linear(ink.neg_inf)]);
}
