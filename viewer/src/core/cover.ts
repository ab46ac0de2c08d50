// Covered faces: not drawn, for another face shows their cells at the same places. They are there as operands of boxes.

import { onFace, toFace } from "./faces";
import type { Lit } from "./frame";
import { cellAtPlace, placeOf } from "./places";
import type { Box, Face, Layout } from "./types.gen";
import { along, dot } from "./vec";

/** The id of the face that shows a face's cells: its own, or that of its cover. */
export const shownBy = (layout: Layout, id: number): number => layout.faces[id]?.cover ?? id;

/** Whether the three faces of a box are among those that are seen; a covered one counts as its cover does. */
export const isComplete = (
  layout: Layout,
  { left, right, result }: Box,
  seen: ReadonlySet<number>,
): boolean => [left, right, result].every((id) => seen.has(shownBy(layout, id)));

/** Boxes without those that lie in the body of an earlier one: its edges, letters and arrow serve them all. */
export function ownBodies(boxes: readonly Box[]): readonly Box[] {
  const done = new Set<string>();
  return boxes.filter((box) => {
    const [i, j, k] = box.sizes;
    const far = along(along(box.corner, box.i_step, i, box.j_step, j), box.k_step, k);
    const body = JSON.stringify(box.corner.map((at, n) => [at, far[n] ?? at].sort((a, b) => a - b)));
    return !done.has(body) && done.add(body) !== undefined;
  });
}

/** What is lit, on the faces that are drawn: lines of a covered face are lines of its cover. */
export const uncovered = (layout: Layout, lit: readonly Lit[]): readonly Lit[] =>
  lit.map((line) => {
    const face = layout.faces[line.face];
    const cover = face && layout.faces[shownBy(layout, line.face)];
    return cover === undefined || cover === face ? line : moved(face as Face, cover, line);
  });

function moved(face: Face, cover: Face, { row, col, rows = 1, cols = 1, level }: Lit): Lit {
  const [first, last] = [row ?? 0, col ?? 0];
  const spots = [spotOn(face, cover, first, last), spotOn(face, cover, first + rows - 1, last + cols - 1)];
  const span = (at: "row" | "col") => spots.map((spot) => spot[at]).sort((a, b) => a - b);
  const [[top = 0, bottom = 0], [left = 0, right = 0]] = [span("row"), span("col")];
  const turned = Math.abs(dot(face.down, cover.across)) > 0.5;
  const [down, across] = turned ? [col, row] : [row, col];
  const own = { face: cover.id, row: down === null ? null : top, col: across === null ? null : left };
  return { ...own, rows: bottom - top + 1, cols: right - left + 1, level };
}

/** The cell of a cover where a cell of a covered face lies. */
function spotOn(face: Face, cover: Face, row: number, col: number) {
  const middle = onFace(face, placeOf(face.row_split, row) + 0.5, placeOf(face.col_split, col) + 0.5);
  const [x, y] = toFace(cover, middle);
  return {
    row: cellAtPlace(cover.row_split, cover.rows, Math.floor(y)) ?? 0,
    col: cellAtPlace(cover.col_split, cover.cols, Math.floor(x)) ?? 0,
  };
}
