// What is drawn of a face: all of its matrix, or at a moment of a film some parts of it; and of a plane its products.
// A face in blocks is drawn as its grid of places, with a texture that has nothing in the gaps: one draw as before.
// Where gaps are wide (heads of a deck) the blocks are drawn one by one, so that no pixel of a gap is reckoned.

import { type NumberFormat, numberFormat } from "../core/digits";
import { onFace } from "../core/faces";
import type { Frame, Part, Plane } from "../core/frame";
import type { ExactSource, InkLook, InkSource } from "../core/ink";
import { partKey, partOf, partSums } from "../core/parts";
import { asPlaces, extentOf, ownSplits, placeOf, runsOf } from "../core/places";
import type { Rect } from "../core/reveal";
import { contentKey, hasInk, inkKey, inkLook, inkSource } from "../core/sources";
import { spread } from "../core/spread";
import { cellsOf, matrixOf } from "../core/sums";
import type { Face, Layout, Matrix, Split } from "../core/types.gen";
import type { LoadedScene } from "../core/wire";

/** One rectangle to draw, and the texture it takes its cells from. */
export interface Drawn {
  /** A grid of places, without blocks. */
  readonly face: Face;
  readonly key: string;
  /** Textures alike show the same cells in other looks; null for what passes. */
  readonly alike: string | null;
  readonly look: InkLook;
  /** Its cells, those of the matrix changed `as` wanted before they are laid out at their places. */
  readonly source: (as?: (cells: ExactSource) => ExactSource) => InkSource | null;
  /** How its numbers are written; null for none. It reads every value: ask for what is near alone. */
  readonly format: () => NumberFormat | null;
  /** Columns and rows of the whole face, in places. */
  readonly whole: readonly [number, number];
  /** Places of the node that the texture covers. */
  readonly rows: number;
  readonly cols: number;
  /** Displayed (column, row) of the texture at which the face begins, in places. */
  readonly start: readonly [number, number];
  /** Displayed (column, row) of the whole face at which this part of it begins, in places. */
  readonly from: readonly [number, number];
  /** The texture can have a texel for each cell. */
  readonly exact: boolean;
  /** Products to sum when the texture is made. */
  readonly work: number;
  /** It is drawn for a moment of a film alone: what is not sampled now need not be there. */
  readonly passing?: boolean;
  /** How many of the texture's finest levels are left out; that is part of its key. */
  readonly unseen?: number;
}

/** What to draw of a face; nothing where it has no values, or none of them is there yet. */
export function drawnOf(scene: LoadedScene, layout: Layout, face: Face, frame: Frame): readonly Drawn[] {
  const parts = frame.film?.parts.get(face.id);
  if (parts !== undefined) return parts.flatMap((part) => drawnPart(scene, face, part, frame));
  const whole = wholeOf(scene, layout, face, frame);
  if (whole === null) return [];
  return inBlocks(face, whole);
}

/** The blocks of a face whose gaps are as wide as they are; else the whole. */
function inBlocks(face: Face, whole: Drawn): readonly Drawn[] {
  const [down, across] = ownSplits(face);
  if (!isWide(down) && !isWide(across)) return [whole];
  const [rows, cols] = face.transposed ? [face.cols, face.rows] : [face.rows, face.cols];
  return runsOf(isWide(down) ? down : null, rows).flatMap(([row, below]) =>
    runsOf(isWide(across) ? across : null, cols).map(([col, right]) => ({
      ...whole,
      ...pieceOf(face, { row, col, rows: below - row, cols: right - col }),
    })),
  );
}

const isWide = (split: Split | null): boolean => split !== null && split.gap >= split.length;

/** What a face is drawn with when all of it is there. */
export function wholeOf(scene: LoadedScene, layout: Layout, face: Face, frame: Frame): Drawn | null {
  const matrix = matrixOf(scene, face.node);
  if (matrix === undefined || matrix.rows * matrix.cols === 0) return null;
  return face.part === null
    ? drawnMatrix(scene, matrix, face, frame)
    : drawnSheet(scene, layout, matrix, face, frame);
}

/** Whether a face has something to draw; else it is an outline. */
export const hasValues = (scene: LoadedScene, layout: Layout, face: Face, peak: boolean): boolean =>
  face.rows * face.cols > 0 &&
  (face.part === null ? hasInk(scene, face.node, peak) : partKey(scene, layout, face) !== null);

function drawnMatrix(scene: LoadedScene, matrix: Matrix, face: Face, frame: Frame): Drawn | null {
  if (!hasInk(scene, matrix.node, frame.style.peak)) return null;
  return {
    ...gridOf(scene, matrix, face, frame, ""),
    source: (as) => spreadOn(face, changed(inkSource(scene, matrix, frame.style.peak), as), matrix),
    exact: matrix.pooled === null,
  };
}

/** Partial results, on the scale of the product they are part of. */
function drawnSheet(
  scene: LoadedScene,
  layout: Layout,
  matrix: Matrix,
  face: Face,
  frame: Frame,
): Drawn | null {
  const key = partKey(scene, layout, face);
  const part = partOf(layout, face);
  if (key === null || part === null) return null;
  const { rows, cols } = matrix;
  const source: Drawn["source"] = (as) => {
    const values = partSums(scene, layout, face);
    return spreadOn(face, changed(values && { kind: "exact", rows, cols, values, mask: null }, as), matrix);
  };
  const work = rows * cols * (part.stop - part.start);
  return { ...gridOf(scene, matrix, face, frame, key), source, work };
}

/** All of a face's places. */
function gridOf(scene: LoadedScene, matrix: Matrix, face: Face, frame: Frame, name: string) {
  const look = inkLook(scene.head, matrix, frame.style, frame.theme);
  const [down, across] = ownSplits(face);
  const blocks = [down, across].map((split) => (split === null ? "" : `${split.length}+${split.gap}`));
  const grid = `${name} ${blocks.join("x")}`;
  return {
    face: asPlaces(face),
    key: `${grid} ${inkKey(matrix, frame.style, look)}`,
    alike: `${grid} ${contentKey(matrix, frame.style)}`,
    look,
    format: () => formatOf(scene, matrix, look, frame),
    whole: placesOf(face),
    rows: extentOf(down, matrix.rows),
    cols: extentOf(across, matrix.cols),
    start: [0, 0] as const,
    from: [0, 0] as const,
    exact: true,
    work: 0,
  };
}

/** The source of a face's matrix, or of some of its cells, on the grid of places. */
function spreadOn(
  face: Face,
  source: InkSource | null,
  matrix: { readonly rows: number; readonly cols: number },
  row = 0,
  col = 0,
): InkSource | null {
  if (source === null) return null;
  const [down, across] = ownSplits(face);
  const rows = { split: down, start: row, size: matrix.rows };
  return spread(source, rows, { split: across, start: col, size: matrix.cols });
}

/** Where some cells of a face's node lie, as a grid of places and where it begins. */
function pieceOf(face: Face, { row, col, rows, cols }: Rect): Pick<Drawn, "face" | "start" | "from"> {
  const [down, across, high, wide] = face.transposed ? [col, row, cols, rows] : [row, col, rows, cols];
  const [top, left] = [placeOf(face.row_split, down), placeOf(face.col_split, across)];
  const own: Face = {
    ...asPlaces(face),
    origin: onFace(face, top, left),
    rows: placeOf(face.row_split, down + high - 1) + 1 - top,
    cols: placeOf(face.col_split, across + wide - 1) + 1 - left,
  };
  return { face: own, start: [left, top], from: [left, top] };
}

function drawnPart(scene: LoadedScene, face: Face, part: Part, frame: Frame): readonly Drawn[] {
  const { row, col, rows, cols } = part.rect;
  const matrix = matrixOf(scene, part.node);
  if (matrix === undefined || rows * cols === 0) return [];
  const piece = pieceOf(face, part.rect);
  if (part.sums !== null) {
    const { values } = part.sums;
    const source: Drawn["source"] = (as) =>
      spreadOn(face, changed({ kind: "exact", rows, cols, values, mask: null }, as), matrix, row, col);
    const drawn = drawnSums(scene, matrix, piece.face, part.sums.key, source, frame);
    return [{ ...drawn, from: piece.from, whole: placesOf(face) }];
  }
  const whole = drawnMatrix(scene, matrix, face, frame);
  return whole === null ? [] : [{ ...whole, ...piece }];
}

/** A plane of products, drawn as a face on the scale of the matrix that their sums make. */
export function drawnPlane(scene: LoadedScene, plane: Plane, frame: Frame): readonly Drawn[] {
  const matrix = matrixOf(scene, plane.node);
  const { face, values } = plane;
  if (matrix === undefined) return [];
  const { rows, cols } = face;
  const source: Drawn["source"] = (as) =>
    spreadOn(face, changed({ kind: "exact", rows, cols, values, mask: null }, as), face);
  return [drawnSums(scene, matrix, asPlaces(face), plane.key, source, frame)];
}

function drawnSums(
  scene: LoadedScene,
  matrix: Matrix,
  face: Face,
  key: string,
  source: Drawn["source"],
  frame: Frame,
): Drawn {
  const look = inkLook(scene.head, matrix, frame.style, frame.theme);
  const [rows, cols] = face.transposed ? [face.cols, face.rows] : [face.rows, face.cols];
  const named = `${face.id} ${key} ${inkKey(matrix, frame.style, look)}`;
  return {
    face,
    key: named,
    alike: null,
    look,
    source,
    format: () => formatOf(scene, matrix, look, frame),
    whole: [face.cols, face.rows],
    rows,
    cols,
    start: [0, 0],
    from: [0, 0],
    exact: true,
    work: 0,
    passing: true,
  };
}

const changed = (source: InkSource | null, as?: (cells: ExactSource) => ExactSource): InkSource | null =>
  source?.kind === "exact" && as !== undefined ? as(source) : source;

function placesOf(face: Face): readonly [number, number] {
  const { cols, rows } = asPlaces(face);
  return [cols, rows];
}

const formatOf = (scene: LoadedScene, matrix: Matrix, look: InkLook, { style }: Frame): NumberFormat | null =>
  numberFormat(cellsOf(scene, matrix.node)?.values ?? null, look.scale.hi, style);
