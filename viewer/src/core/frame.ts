// What one picture is made of, besides the scene: the argument of `Renderer.draw`. Pure data.

import type { Exchanging } from "./packets";
import type { Rect } from "./reveal";
import type { Camera, Face, Scale, StyleView, Vec3 } from "./types.gen";

/** What `StyleView.theme` comes to once "auto" has been answered by the host. */
export type ThemeName = "dark" | "light";

/**
 * Cells of one face that keep their light while the rest of the figure steps back.
 *
 * `row` and `col` are displayed indices (see `Face`); with one of them null a whole column or row is lit, with
 * both given the one cell, or `rows` and `cols` of them from there on. Several entries for one face add up (at
 * most 64 count).
 */
export interface Lit {
  readonly face: number;
  readonly row: number | null;
  readonly col: number | null;
  readonly rows?: number;
  readonly cols?: number;
  /** Of light: 1 for what is looked at, `OPERANDS` (when not given) for what it is made of. */
  readonly level?: number | undefined;
}

/**
 * Products of a box in a line, as balls inside it; indices as displayed (see `Box`).
 *
 * Those of one result cell (i, j) run along k; `along` another letter, that one's index does not count.
 */
export interface Rod {
  readonly boxId: number;
  readonly i: number;
  readonly j: number;
  readonly k?: number;
  readonly along?: "i" | "j" | "k";
  readonly values: Float64Array;
  /** Null: the scale of the box's matrix. */
  readonly scale: Scale | null;
}

/** Numbers that are in no buffer; equal keys mean equal numbers. */
export interface Sums {
  readonly key: string;
  readonly values: Float64Array;
}

/** Some cells of a face (its node's own indices) as they are at a moment: those of `node`, or sums under way. */
export interface Part {
  readonly rect: Rect;
  /** Whose scale it is, and whose values when there are no `sums`; then of the same size as the face's node. */
  readonly node: number;
  /** Values of the rectangle alone, in rows. */
  readonly sums: Sums | null;
}

/** Products inside a box, one step of a sweep, drawn as a face is. */
export interface Plane extends Sums {
  readonly face: Face;
  /** Whose scale it is. */
  readonly node: number;
}

/** A tile that a memory holds: a corner and three edges in the world; flat on a face without the third. */
export interface TileBox {
  readonly corner: Vec3;
  readonly edges: readonly [Vec3, Vec3, Vec3?];
}

/** What a film changes of a picture. */
export interface FilmFrame {
  /** By face; a face that is not here is drawn as in the still. */
  readonly parts: ReadonlyMap<number, readonly Part[]>;
  readonly planes: readonly Plane[];
  readonly tiles: readonly TileBox[];
  /** Exchanges among devices, under way. */
  readonly exchanges: readonly Exchanging[];
  /** Nodes whose faces are not drawn; their boxes are. */
  readonly without: ReadonlySet<number>;
}

export interface Frame {
  readonly camera: Camera;
  readonly style: StyleView;
  readonly theme: ThemeName;
  /** Node ids. */
  readonly hidden: ReadonlySet<number>;
  readonly faded: ReadonlySet<number>;
  readonly isolated: number | null;
  /** Whose cells alone are lit. */
  readonly device: number | null;
  readonly lit: readonly Lit[];
  /** How far what is not lit has stepped back, 0 to 1; without anything lit it does not count. */
  readonly focus: number;
  readonly rods: readonly Rod[];
  readonly film: FilmFrame | null;
}

export interface FrameReport {
  /** Faces drawn, those outside the picture not counted. */
  readonly faces: number;
  /** Milliseconds spent in this call; the graphics unit may still be at work. */
  readonly ms: number;
  readonly drawCalls: number;
  /** Something is still to be made: draw again. */
  readonly pending: boolean;
}
