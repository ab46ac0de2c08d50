// From a scene to the ink of one of its matrices.

import type { ThemeName } from "./frame";
import type { InkLook, InkSource } from "./ink";
import { inkOf, themeOf } from "./palette";
import { cellsOf, matrixOf } from "./sums";
import type { Head, Matrix, Scale, StyleView } from "./types.gen";
import type { LoadedScene } from "./wire";

const UNIT: Scale = { lo: 0, hi: 1 };

/** Full and least brightness of a matrix at a sensitivity; one it does not know falls back to its first. */
function scaleOf(matrix: Matrix | undefined, sensitivity: string): Scale {
  const scales = matrix?.scales ?? {};
  return scales[sensitivity] ?? Object.values(scales)[0] ?? UNIT;
}

export function inkLook(head: Head, matrix: Matrix | undefined, style: StyleView, theme: ThemeName): InkLook {
  return {
    ink: inkOf(head, style.palette, theme),
    sizes: themeOf(head, theme).sizes,
    plate: themeOf(head, theme).plate_front,
    bright: null,
    scale: scaleOf(matrix, style.sensitivity),
    contrast: style.contrast,
    dotScale: style.dot_scale,
    peak: style.peak,
  };
}

/** What is drawn of a matrix; null while its buffers are not here, and for a hollow one. */
export function inkSource(scene: LoadedScene, matrix: Matrix, peak: boolean): InkSource | null {
  if (matrix.pooled !== null) {
    const { rows, cols, ink, peaks } = matrix.pooled;
    const pairs = scene.buffers.get(peak ? peaks : ink);
    const flags = scene.buffers.get(matrix.pooled.flags);
    if (!(pairs instanceof Uint16Array && flags instanceof Uint8Array)) return null;
    return { kind: "pooled", rows, cols, pairs, flags, peak };
  }
  const cells = cellsOf(scene, matrix.node);
  if (cells === null) return null;
  return { kind: "exact", rows: matrix.rows, cols: matrix.cols, values: cells.values, mask: cells.mask };
}

export function hasInk(scene: LoadedScene, node: number, peak: boolean): boolean {
  const matrix = matrixOf(scene, node);
  return matrix !== undefined && matrix.rows * matrix.cols > 0 && inkSource(scene, matrix, peak) !== null;
}

/** The buffers that ink is made of. */
export const contentKey = ({ pooled, values, mask }: Matrix, { peak }: StyleView): string =>
  pooled === null ? `${values} ${mask}` : `${peak ? pooled.peaks : pooled.ink}`;

/** Equal keys mean equal ink: content of the buffers and everything of the looks that ink depends on. */
export function inkKey(matrix: Matrix, style: StyleView, look: InkLook): string {
  const { lo, hi } = look.scale;
  // Averages were taken of ink: only its size can still change.
  const scaled = matrix.pooled === null ? [lo, hi, style.contrast] : [];
  const shape = `${matrix.rows}x${matrix.cols}`;
  return [contentKey(matrix, style), ...scaled, shape, style.dot_scale, style.peak].join(" ");
}
