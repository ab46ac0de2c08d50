// What one picture is made of, besides the scene: the argument of `Renderer.draw`. Pure data.

import type { Camera, Scale, StyleView } from "./types.gen";

/** What `StyleView.theme` comes to once "auto" has been answered by the host. */
export type ThemeName = "dark" | "light";

/**
 * Cells of one face that keep their light while the rest of that face is dimmed.
 *
 * `row` and `col` are displayed indices (see `Face`); with one of them null a whole column or row is lit, with
 * both given the one cell. Several entries for one face add up (at most 8 count).
 */
export interface Lit {
  readonly face: number;
  readonly row: number | null;
  readonly col: number | null;
}

/** The products of one result cell (i, j) of a box as balls inside it; indices as displayed (see `Box`). */
export interface Rod {
  readonly boxId: number;
  readonly i: number;
  readonly j: number;
  readonly values: Float64Array;
  readonly scale: Scale;
}

export interface Frame {
  readonly camera: Camera;
  readonly style: StyleView;
  readonly theme: ThemeName;
  /** Node ids. */
  readonly hidden: ReadonlySet<number>;
  readonly faded: ReadonlySet<number>;
  readonly isolated: number | null;
  readonly lit: readonly Lit[];
  readonly rods: readonly Rod[];
}

export interface FrameReport {
  /** Faces drawn, those outside the picture not counted. */
  readonly faces: number;
  /** Milliseconds spent in this call; the graphics unit may still be at work. */
  readonly ms: number;
  readonly drawCalls: number;
}
