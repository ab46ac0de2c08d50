// The edge of a mask: lines on a face between its masked cells and the others. matcube.playback.stairs has the same.

import { onFace } from "./faces";
import { type Line, line } from "./mark";
import { placeOf } from "./places";
import type { Face, Split } from "./types.gen";

/** A mask with more lines has none: its cells have their own ground. */
const MOST = 512;

/** Row, first column and end of a line between a row and the one above it. */
type Step = readonly [number, number, number];

interface Steps {
  readonly level: readonly Step[];
  readonly upright: readonly Step[];
}

const made = new WeakMap<Uint8Array, Steps>();

/** Lines between cells of which one is masked, in rows and then in columns. */
export function stairMarks(face: Face, mask: Uint8Array, colour: number): readonly Line[] {
  const [rows, cols] = face.transposed ? [face.cols, face.rows] : [face.rows, face.cols];
  const own = made.get(mask) ?? stepsOf(mask, rows, cols);
  made.set(mask, own);
  const { level, upright } = face.transposed ? { level: own.upright, upright: own.level } : own;
  if (level.length + upright.length > MOST) return [];
  return [
    ...level.map(([at, start, stop]) => {
      const [left, right] = spanOf(start, stop, face.col_split);
      const row = placeOf(face.row_split, at);
      return line([onFace(face, row, left), onFace(face, row, right)], 1, colour);
    }),
    ...upright.map(([at, start, stop]) => {
      const [top, bottom] = spanOf(start, stop, face.row_split);
      const col = placeOf(face.col_split, at);
      return line([onFace(face, top, col), onFace(face, bottom, col)], 1, colour);
    }),
  ];
}

const spanOf = (start: number, stop: number, split: Split | null): readonly [number, number] => [
  placeOf(split, start),
  placeOf(split, stop - 1) + 1,
];

function stepsOf(mask: Uint8Array, rows: number, cols: number): Steps {
  const level = steps(rows, cols, (row, col) => mask[row * cols + col] !== 0, MOST + 1);
  const rest = MOST + 1 - level.length;
  return { level, upright: steps(cols, rows, (col, row) => mask[row * cols + col] !== 0, rest) };
}

function steps(
  rows: number,
  cols: number,
  isHidden: (row: number, col: number) => boolean,
  most: number,
): readonly Step[] {
  const entries: Step[] = [];
  for (let row = 1; row < rows && entries.length < most; row++) {
    for (let col = 0, start = -1; col <= cols && entries.length < most; col++) {
      const differs = col < cols && isHidden(row, col) !== isHidden(row - 1, col);
      if (differs && start < 0) start = col;
      if (differs || start < 0) continue;
      entries.push([row, start, col]);
      start = -1;
    }
  }
  return entries;
}
