// Faces and planes of products of one frame: what is drawn of each, on which plate, in which light.

import type { Eye } from "../core/camera";
import { packMarks } from "../core/clip";
import { heldBy, tintsOf } from "../core/devices";
import { faceCentre } from "../core/faces";
import type { Frame, Lit, Plane } from "../core/frame";
import { isSoftmax } from "../core/home";
import { highOf, placeOf, wideOf } from "../core/places";
import { gridOf, OPACITY, padOf, plateColour, plateMarks } from "../core/plates";
import * as shading from "../core/shading";
import { stairMarks } from "../core/stairs";
import { cellsOf } from "../core/sums";
import type { Face, Layout, Split, Theme } from "../core/types.gen";
import { unseenLevels } from "../core/unseen";
import { length, sub } from "../core/vec";
import type { LoadedScene } from "../core/wire";
import { type Drawn, drawnOf, drawnPlane, wholeOf } from "./drawn";
import { type FacePass, isOutside, type Plate } from "./face_pass";
import { type Looks, roots } from "./looks";
import type { MarkPass } from "./mark_pass";
import type { NumberTextures, Paper } from "./numbers";
import type { InkTexture, InkTextures } from "./textures";

/** Products of partial results that one frame sums at most, if it need not be whole. */
const MOST_WORK = 1 << 25;

/** Cells that one frame inks anew at most, if it need not be whole. */
const MOST_INK = 1 << 20;

/** What draws faces. */
interface Painting {
  readonly textures: InkTextures;
  readonly numbers: NumberTextures;
  readonly faces: FacePass;
  readonly marks: MarkPass;
}

/** What the faces of one frame have in common. */
export interface Brush {
  readonly unit: Painting;
  readonly scene: LoadedScene;
  readonly layout: Layout;
  readonly frame: Frame;
  readonly eye: Eye;
  readonly work: Work;
  readonly looks: Looks;
  readonly theme: Theme;
  readonly paper: Paper;
  /** Keys of the textures that are of use, and of those that are drawn. */
  readonly current: Set<string>;
  readonly inView: Set<string>;
}

/** Draws a face with its plate, in a film its plate and then its parts; the number of draws. */
export function drawFace(brush: Brush, face: Face): number {
  const { unit, scene, layout, frame, eye, theme, paper } = brush;
  const whole = wholeOf(scene, layout, face, frame);
  if (whole === null) return 0;
  brush.current.add(whole.key); // also what no part shows now: it will be wanted again
  const plate = plateOf(face);
  const inParts = frame.film?.parts.has(face.id) === true;
  let drawn = 0;
  if (inParts && !isOutside(whole.face, eye)) {
    const bare = { face: whole.face, texels: null, from: [0, 0] as const, plate, numbers: null };
    unit.faces.draw(eye, { ...surfaceOf(brush, face), ...bare, lit: [], rest: 1 });
    drawn++;
  }
  const items = drawnOf(scene, layout, face, frame);
  drawn += drawItems(brush, face, items, inParts ? { ...plate, pad: 0 } : plate, lightOf(scene, frame, face));
  const tints = tintsOf(scene.head, face, theme, frame.device);
  const marks = plateMarks(face, theme, eye, eye.pixelAngle * paper.ratio, tints);
  const mask = inParts || face.part !== null ? null : (cellsOf(scene, face.node)?.mask ?? null);
  const stairs = mask === null ? [] : stairMarks(face, mask, theme.frame);
  unit.marks.draw(eye, packMarks([...stairs, ...marks], eye, paper.ratio));
  return drawn;
}

/** Draws products inside a box. */
export const drawPlane = (brush: Brush, plane: Plane): number =>
  drawItems(brush, plane.face, drawnPlane(brush.scene, plane, brush.frame), null, { lit: [], rest: 1 });

function drawItems(
  brush: Brush,
  face: Face,
  items: readonly Drawn[],
  plate: Plate | null,
  light: Light,
): number {
  const { unit, eye, paper } = brush;
  const surface = surfaceOf(brush, face);
  const common = { ...surface, ...light, plate, shares: surface.shares && plate !== null };
  let drawn = 0;
  for (const item of farFirst(items, eye).map((entry) =>
    asFineAsSeen(entry, light.lit, eye, brush.work.whole),
  )) {
    brush.current.add(item.key);
    if (isOutside(item.face, eye)) continue;
    brush.inView.add(item.key);
    const texture = textureOf(brush, item);
    if (texture === null) continue;
    const scale = [1 / item.cols, 1 / item.rows] as const;
    unit.faces.draw(eye, {
      ...common,
      face: item.face,
      texels: { texture, scale, start: item.start, exact: item.exact && texture.dropped === 0 },
      from: item.from,
      numbers: unit.numbers.of(item, texture, eye, paper),
    });
    drawn++;
  }
  return drawn;
}

const surfaceOf = ({ scene, theme, eye, looks, paper }: Brush, face: Face) => ({
  shares: scene.head.matrices.some((matrix) => matrix.node === face.node && isSoftmax(matrix)),
  colour: roots(plateColour(theme, face, eye.position)),
  looks,
  ratio: paper.ratio,
});

const plateOf = (face: Face): Plate => ({
  opacity: OPACITY,
  pad: padOf(face),
  grid: gridOf(face),
  whole: [wideOf(face), highOf(face)],
});

interface Light {
  readonly lit: readonly Lit[];
  readonly rest: number;
}

/** The light of a face: its lit cells by places, and how far its other cells have stepped back. */
function lightOf(scene: LoadedScene, frame: Frame, face: Face): Light {
  const held = frame.device === null ? null : heldBy(scene.head, frame.device, face);
  const back = (level: number): number => 1 - (1 - level) * (held === null ? frame.focus : 1);
  const own = frame.lit.filter((entry) => entry.face === face.id).map((entry) => litPlaces(entry, face));
  const lit = own.map((entry) => ({ ...entry, level: back(entry.level ?? shading.OPERANDS) }));
  if (held !== null && held.rows * held.cols > 0) {
    const [row, col, rows, cols] = face.transposed
      ? [held.col, held.row, held.cols, held.rows]
      : [held.row, held.col, held.rows, held.cols];
    lit.push({ ...litPlaces({ face: face.id, row, col, rows, cols }, face), level: 1 });
  }
  if (held !== null || frame.faded.has(face.node)) return { lit, rest: shading.REST };
  return { lit, rest: frame.lit.length > 0 ? back(shading.REST) : 1 };
}

/** Blocks of one face from back to front, because their balls project from it. */
function farFirst(items: readonly Drawn[], eye: Eye): readonly Drawn[] {
  const [first, second] = items;
  if (first?.key !== second?.key) return items;
  const away = ({ face }: Drawn) => length(sub(faceCentre(face), eye.position));
  return [...items].sort((a, b) => away(b) - away(a));
}

/**
 * The texture of what is drawn. What has to wait for the next frame keeps its last look; null where it has none,
 * or where there is nothing.
 */
function textureOf({ unit: { textures }, work, current, inView }: Brush, item: Drawn): InkTexture | null {
  if (!textures.has(item.key)) {
    const { alike } = item;
    const last = alike === null ? null : textures.latest(alike);
    if (alike !== null && last !== null && !work.ink(alike, item.rows * item.cols)) {
      current.add(last);
      inView.add(last);
      return textures.held(last);
    }
    if (!work.take(item.work)) return null;
  }
  return textures.get(item, item.passing && !work.whole); // a saved picture stays
}

/**
 * What passes needs no level that no pixel samples, and takes the nearest one as the finest where pixels see two;
 * a lit line is sampled finely along itself.
 */
function asFineAsSeen(item: Drawn, lit: readonly Lit[], eye: Eye, whole: boolean): Drawn {
  if (item.passing !== true || lit.length > 0) return item;
  const unseen = unseenLevels(item.face, eye, whole ? 1 : Math.SQRT2);
  return unseen === 0 ? item : { ...item, key: `${item.key} ${unseen}`, unseen };
}

/** What one frame may sum and ink anew, at least one sheet and one matrix of it. */
export class Work {
  readonly whole: boolean;
  /** What had its turn while others wait. */
  readonly #served: Set<string>;
  #done = 0;
  #inked = 0;
  /** Something had to be put off. */
  left = false;

  constructor(whole: boolean, served: Set<string>) {
    this.whole = whole;
    this.#served = served;
  }

  /** May a matrix have another look now? While a slider moves, each has its turn. */
  ink(alike: string, cells: number): boolean {
    const fits = this.#inked === 0 || this.#inked + cells <= MOST_INK;
    if (this.whole || (fits && !this.#served.has(alike))) {
      this.#inked += cells;
      this.#served.add(alike);
      return true;
    }
    this.left = true;
    return false;
  }

  /** The frame is drawn. */
  end(): void {
    if (!this.left || this.#inked === 0) this.#served.clear();
  }

  take(products: number): boolean {
    const fits = this.whole || products === 0 || this.#done === 0 || this.#done + products <= MOST_WORK;
    if (fits) this.#done += products;
    else this.left = true;
    return fits;
  }
}

function litPlaces({ row, col, rows = 1, cols = 1, level }: Lit, { id, row_split, col_split }: Face): Lit {
  const high = placeOf(row_split, (row ?? 0) + rows - 1) + 1 - placeOf(row_split, row ?? 0);
  const wide = placeOf(col_split, (col ?? 0) + cols - 1) + 1 - placeOf(col_split, col ?? 0);
  const at = (split: Split | null, index: number | null) => (index === null ? null : placeOf(split, index));
  return { face: id, row: at(row_split, row), col: at(col_split, col), rows: high, cols: wide, level };
}
