// What is drawn of a face: all of its matrix, or at a moment of a film some parts of it; and of a plane its products.

import { onFace } from "../core/faces";
import type { Frame, Part, Plane } from "../core/frame";
import type { InkLook, InkSource } from "../core/ink";
import { hasInk, inkKey, inkLook, inkSource } from "../core/sources";
import { matrixOf } from "../core/sums";
import type { Face, Matrix } from "../core/types.gen";
import type { LoadedScene } from "../core/wire";

/** One rectangle to draw, and the texture it takes its cells from. */
export interface Drawn {
  readonly face: Face;
  readonly key: string;
  readonly look: InkLook;
  readonly source: () => InkSource | null;
  /** Cells of the node that the texture covers. */
  readonly rows: number;
  readonly cols: number;
  /** Displayed (column, row) of the texture at which the face begins. */
  readonly start: readonly [number, number];
  /** Displayed (column, row) of the whole face at which this part of it begins. */
  readonly from: readonly [number, number];
  /** The texture can have a texel for each cell. */
  readonly exact: boolean;
}

/** What to draw of a face; nothing where it has no values, or none of them is there yet. */
export function drawnOf(scene: LoadedScene, face: Face, frame: Frame): readonly Drawn[] {
  const parts = frame.film?.parts.get(face.id);
  if (parts !== undefined) return parts.flatMap((part) => drawnPart(scene, face, part, frame));
  const whole = wholeOf(scene, matrixOf(scene, face.node), face, frame);
  return whole === null ? [] : [whole];
}

/** What a face is drawn with when all of it is there. */
export function wholeOf(
  scene: LoadedScene,
  matrix: Matrix | undefined,
  face: Face,
  frame: Frame,
): Drawn | null {
  if (matrix === undefined || !hasInk(scene, matrix.node)) return null;
  const look = inkLook(scene.head, matrix, frame.style, frame.theme);
  return {
    face,
    key: inkKey(matrix, frame.style, frame.theme, look),
    look,
    source: () => inkSource(scene, matrix),
    rows: matrix.rows,
    cols: matrix.cols,
    start: [0, 0],
    from: [0, 0],
    exact: matrix.pooled === null,
  };
}

function drawnPart(scene: LoadedScene, face: Face, part: Part, frame: Frame): readonly Drawn[] {
  const { row, col, rows, cols } = part.rect;
  const [down, across, high, wide] = face.transposed ? [col, row, cols, rows] : [row, col, rows, cols];
  const own: Face = { ...face, origin: onFace(face, down, across), rows: high, cols: wide };
  const matrix = matrixOf(scene, part.node);
  if (matrix === undefined) return [];
  const from = [across, down] as const;
  if (part.sums !== null) return [{ ...drawnSums(scene, matrix, own, part.sums, rows, cols, frame), from }];
  const whole = wholeOf(scene, matrix, own, frame);
  return whole === null ? [] : [{ ...whole, start: from, from }];
}

/** A plane of products, drawn as a face on the scale of the matrix that their sums make. */
export function drawnPlane(scene: LoadedScene, plane: Plane, frame: Frame): readonly Drawn[] {
  const matrix = matrixOf(scene, plane.node);
  const { face } = plane;
  return matrix === undefined ? [] : [drawnSums(scene, matrix, face, plane, face.rows, face.cols, frame)];
}

function drawnSums(
  scene: LoadedScene,
  matrix: Matrix,
  face: Face,
  sums: { readonly key: string; readonly values: Float64Array },
  rows: number,
  cols: number,
  frame: Frame,
): Drawn {
  const look = inkLook(scene.head, matrix, frame.style, frame.theme);
  return {
    face,
    key: `${face.id} ${sums.key} ${inkKey(matrix, frame.style, frame.theme, look)}`,
    look,
    source: () => ({ kind: "exact", rows, cols, values: sums.values, mask: null }),
    rows,
    cols,
    start: [0, 0],
    from: [0, 0],
    exact: true,
  };
}
