// Cells and their places: blocks are a whole number of empty cells apart, so that a split matrix
// is a grid of places with gaps. matcube.playback.places has the same; tests/vectors/places.json holds both.

import type { Box, Face, Split } from "./types.gen";

/** The place of a cell. */
export const placeOf = (split: Split | null, cell: number): number =>
  split === null ? cell : cell + split.gap * Math.floor(cell / split.length);

/** Places that `size` cells take. */
export const extentOf = (split: Split | null, size: number): number =>
  size === 0 ? 0 : placeOf(split, size - 1) + 1;

/** Which of `size` cells is at a place; null in a gap and outside. */
export function cellAtPlace(split: Split | null, size: number, place: number): number | null {
  const period = split === null ? Infinity : split.length + split.gap;
  const block = split === null ? 0 : Math.floor(place / period);
  const within = split === null ? place : place - block * period;
  const cell = split === null ? place : block * split.length + within;
  return (split !== null && within >= split.length) || cell < 0 || cell >= size ? null : cell;
}

export const highOf = (face: Face): number => extentOf(face.row_split, face.rows);
export const wideOf = (face: Face): number => extentOf(face.col_split, face.cols);

/** Places of a box along i, j and k. */
export function extentsOf({ sizes: [i, j, k], splits }: Box): readonly [number, number, number] {
  return [extentOf(splits[0], i), extentOf(splits[1], j), extentOf(splits[2], k)];
}

/** First cell of each block, and the one after its last. */
export function runsOf(split: Split | null, size: number): readonly (readonly [number, number])[] {
  const length = split === null ? Math.max(size, 1) : split.length;
  const count = Math.ceil(size / length);
  return Array.from({ length: count }, (_, n) => [n * length, Math.min(size, (n + 1) * length)] as const);
}

/** First place of each block, and the one after its last. */
export const stretchesOf = (split: Split | null, size: number): readonly (readonly [number, number])[] =>
  runsOf(split, size).map(([start, stop]) => [placeOf(split, start), placeOf(split, stop - 1) + 1] as const);

/** Blocks of the node's own rows and columns. */
export const ownSplits = (face: Face): readonly [Split | null, Split | null] =>
  face.transposed ? [face.col_split, face.row_split] : [face.row_split, face.col_split];

/** The face as its grid of places, which has no blocks: what is drawn. */
export const asPlaces = (face: Face): Face => ({
  ...face,
  rows: highOf(face),
  cols: wideOf(face),
  row_split: null,
  col_split: null,
});

/** `256 / 8`: a size and into how many blocks it is split. */
export const sizeText = (size: number, split: Split | null): string =>
  split === null ? String(size) : `${size} / ${Math.ceil(size / split.length)}`;
