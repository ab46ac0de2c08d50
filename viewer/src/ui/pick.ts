// What lies under the pointer: cells of faces, and products of the planes inside a box.

import type { Ray } from "../core/camera";
import type { Interior } from "../core/interior";
import { pickAll } from "../core/pick";
import { matrixOf } from "../core/sums";
import type { Face } from "../core/types.gen";
import { type Cell, cellAt, cellValue, readCell, type Source } from "./reading";

/** The nearest cell on a ray in which something is drawn; else the nearest. */
export function cellUnder(
  ray: Ray,
  faces: readonly Face[],
  interiors: readonly Interior[],
  source: Source,
): Cell | null {
  const inside = new Map(interiors.map((interior) => [interior.face, interior]));
  const hits = pickAll(ray, [...faces, ...inside.keys()]).map((hit) => {
    const cell = cellAt(hit.face, hit.row, hit.col);
    const interior = inside.get(hit.face);
    return interior === undefined ? cell : { ...cell, interior };
  });
  const drawn = hits.find((cell) => {
    if (cell.interior !== undefined || cell.face.part !== null)
      return (readCell(source, cell)?.value ?? 0) !== 0;
    const matrix = matrixOf(source.scene, cell.face.node);
    const value = matrix && cellValue(source, matrix, cell.nodeRow, cell.nodeCol, cell.face.chain).number;
    return value !== undefined && value !== 0;
  });
  return drawn ?? hits.find((cell) => cell.interior === undefined) ?? null;
}
