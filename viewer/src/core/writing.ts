// Names and their places: what is written, and how large.

import type { Eye } from "./camera";
import type { Lead, Rect, Spot } from "./labels";
import type { Outline, Polygon } from "./outlines";
import { clamp } from "./vec";

const [LARGE, LARGE_PX] = [0.04, [14, 44]] as const;
const [UPRIGHT, UPRIGHT_PX] = [0.0145, [11, 14]] as const;
/** Em of the size after a name: of that of the name, and at least. */
const [SIZE_EM, SIZE_PX] = [0.62, 10.5];
/** Before the size, ems of the name. */
export const SPACE_EM = 0.45;
/** Of the box of a text on a plane, ems. */
export const ASCENT = 0.8;
export const DESCENT = 0.24;
/** Left and right of an upright text, pixels. */
export const PAD = 5;
/** Of the picture, free of texts, pixels. */
export const RIM = 4;

/** A name to write. */
export interface Name {
  readonly id: string;
  readonly outline: Outline;
  /** Width of the name, ems. */
  readonly strong: number;
  /** Width of the size after it, ems of its own; 0 for none. */
  readonly weak: number;
  /** The greater is placed first. */
  readonly priority: number;
  /** It is written wherever there is room at all. */
  readonly always: boolean;
  /** It is written only beside its face. */
  readonly beside: boolean;
}

/** A name in the picture: pixel (s, t) of its text lies at `at + s·right + t·down`. */
export interface Writing {
  readonly id: string;
  readonly at: Spot;
  readonly right: Spot;
  readonly down: Spot;
  /** Em, pixels of text. */
  readonly px: number;
  readonly w: number;
  readonly h: number;
  /** With the size of the matrix. */
  readonly sized: boolean;
  /** On the plane of its face. */
  readonly flat: boolean;
  /** On the cells of its face. */
  readonly own: boolean;
  readonly lead: Lead | null;
}

/** The corners of a writing's box in the picture. */
export function quadOf({ at, right, down, w, h }: Writing): Polygon {
  const [ax, ay, bx, by] = [right.x * w, right.y * w, down.x * h, down.y * h];
  return [
    at,
    { x: at.x + ax, y: at.y + ay },
    { x: at.x + ax + bx, y: at.y + ay + by },
    { x: at.x + bx, y: at.y + by },
  ];
}

/** The em of names in a picture, pixels: on a plane before perspective, or upright. */
export function emPx(eye: Eye, flat: boolean, size = 1): number {
  const [share, [least, most]] = flat ? [LARGE, LARGE_PX] : [UPRIGHT, UPRIGHT_PX];
  return size * clamp(share * Math.sqrt(eye.viewport.width * eye.viewport.height), least, most);
}

/** The em of the size after a name of em `px`, pixels; upright it is as large as the name. */
export const sizePx = (px: number, flat: boolean): number =>
  flat ? Math.max(SIZE_EM * px, Math.min(px, SIZE_PX)) : px;

/** The part of the picture for texts. */
export const areaOf = ({ viewport }: Eye): Rect => ({
  x: RIM,
  y: RIM,
  w: viewport.width - 2 * RIM,
  h: viewport.height - 2 * RIM,
});
