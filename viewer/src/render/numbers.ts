// Numbers on the graphics unit: one atlas of signs, and the codes of the cells of faces that are near.

import type { Eye } from "../core/camera";
import * as core from "../core/digits";
import { toFace } from "../core/faces";
import { ADVANCES, CAP, fieldOf, GLYPHS, HIGH, SPREAD, TEXELS, TOP, WIDE } from "../core/glyphs";
import { type ExactSource, TILE_MIX } from "../core/ink";
import type { Face, Vec3 } from "../core/types.gen";
import type { Drawn } from "./drawn";
import { type Constants, glslFloat, type Program } from "./gl";
import type { InkTexture } from "./textures";

export const NUMBER_CONSTANTS: Constants = {
  SIGNS: String(ADVANCES.length),
  FADE_IN: glslFloat(core.FADE),
  OBLIQUE_NEAR: glslFloat(core.OBLIQUE[0]),
  OBLIQUE_FAR: glslFloat(core.OBLIQUE[1]),
  ROOM: glslFloat(core.ROOM),
  HALF: glslFloat(core.HALF),
  ROUND: glslFloat(core.ROUND),
  RING: glslFloat(core.RING),
  TILE_LEAST: glslFloat(TILE_MIX[0]),
  TILE_MORE: glslFloat(TILE_MIX[1]),
  TILE_POWER: glslFloat(TILE_MIX[2]),
  DARK: glslFloat(core.DARK),
  CONTRAST: glslFloat(core.CONTRAST),
  CAP: glslFloat(CAP),
  TOP: glslFloat(TOP),
  TEXELS: glslFloat(TEXELS),
  SPREAD: glslFloat(SPREAD),
  WIDE: glslFloat(WIDE),
  HIGH: glslFloat(HIGH),
};

/** A matrix of at most so many cells has the codes of all of them. */
const WHOLE = 1 << 14;
/** Of a texture two texels are a cell, and no browser has fewer than 4096 in a row. */
const LONGEST_SIDE = 2048;
const BLOCK = 64;

/** Codes of a rectangle of the node's cells. */
interface Codes {
  readonly texture: WebGLTexture;
  readonly codes: Uint8Array;
  readonly row: number;
  readonly col: number;
  readonly rows: number;
  readonly cols: number;
}

/** What the numbers of a frame have in common. */
export interface Paper {
  /** Device pixels to a pixel. */
  readonly ratio: number;
  /** The outline of a zero. */
  readonly ring: Vec3;
}

/** The numbers of one draw. */
export interface NumberDraw extends Paper {
  readonly codes: Codes;
  readonly format: core.NumberFormat;
  readonly item: Drawn;
}

/** A cell with a number, by displayed places of its whole face. */
export interface NumberShown {
  readonly face: number;
  readonly node: number;
  readonly row: number;
  readonly col: number;
  readonly text: string;
  readonly clarity: number;
}

export class NumberTextures {
  readonly #gl: WebGL2RenderingContext;
  readonly #held = new Map<string, Codes>();
  readonly #used = new Set<string>();
  #atlas: WebGLTexture | null = null;
  #draws: NumberDraw[] = [];
  #last: { readonly eye: Eye; readonly draws: readonly NumberDraw[] } | null = null;

  constructor(gl: WebGL2RenderingContext) {
    this.#gl = gl;
  }

  /** The numbers of what is drawn; null where no cell is near enough. */
  of(item: Drawn, texture: InkTexture, eye: Eye, paper: Paper): NumberDraw | null {
    if (!item.exact || texture.dropped > 0) return null;
    const [x, y, z] = toFace(item.face, eye.position);
    const beyond = (p: number, size: number): number => Math.max(-p, p - size, 0);
    const away = Math.hypot(beyond(x, item.face.cols), beyond(y, item.face.rows), z);
    const reachOf = (least: number): number => 1 / (least * eye.pixelAngle * paper.ratio);
    if (away > reachOf(core.LEAST_OF_ALL)) return null;
    const format = item.format();
    const reach = format === null ? 0 : reachOf(format.least);
    if (format === null || away > reach) return null;
    const room = reach + core.ALIKE;
    const [right, down] = [x + item.start[0], y + item.start[1]];
    const [col, row] = item.face.transposed ? [down, right] : [right, down];
    const spans = [span(row, room, item.rows), span(col, room, item.cols)] as const;
    const whole = item.rows * item.cols <= WHOLE && Math.max(item.rows, item.cols) <= LONGEST_SIDE;
    const [rows, cols] = whole ? [[0, item.rows] as const, [0, item.cols] as const] : spans;
    const key = [item.key, rows, cols, JSON.stringify(format)].join(" ");
    let codes = this.#held.get(key);
    if (codes === undefined) {
      const source = item.source(presence);
      if (source?.kind !== "exact") return null;
      codes = this.#make(source, format, rows, cols);
      this.#held.set(key, codes);
    }
    this.#used.add(key);
    const draw = { ...paper, codes, format, item };
    this.#draws.push(draw);
    return draw;
  }

  bind({ at }: Program, { codes, format, item, ring }: NumberDraw): void {
    const gl = this.#gl;
    gl.activeTexture(gl.TEXTURE2);
    if (this.#atlas === null) this.#atlas = this.#drawAtlas();
    gl.bindTexture(gl.TEXTURE_2D, this.#atlas);
    gl.activeTexture(gl.TEXTURE3);
    gl.bindTexture(gl.TEXTURE_2D, codes.texture);
    gl.uniform1i(at("uAtlas"), 2);
    gl.uniform1i(at("uCodes"), 3);
    gl.uniform2i(at("uCodesFrom"), codes.col, codes.row);
    gl.uniform1f(at("uEm"), format.em);
    gl.uniform1f(at("uLeast"), format.least);
    gl.uniform1f(at("uPull"), core.pullOf(item.whole[0], item.whole[1]));
    gl.uniform2f(at("uCentre"), ...middleOf(item));
    gl.uniform3f(at("uRing"), ...ring);
    gl.uniform1fv(at("uAdvance"), ADVANCES);
  }

  /** The frame is drawn: give back the codes that it did not use. */
  trim(eye: Eye): void {
    this.#last = { eye, draws: this.#draws };
    this.#draws = [];
    this.#drop();
  }

  /** The numbers of the last frame, cell by cell. */
  shown(): readonly NumberShown[] {
    const last = this.#last;
    return last === null ? [] : last.draws.flatMap((draw) => numbersShown(draw, last.eye));
  }

  #drop(): void {
    for (const [key, { texture }] of this.#held) {
      if (this.#used.has(key)) continue;
      this.#gl.deleteTexture(texture);
      this.#held.delete(key);
    }
    this.#used.clear();
  }

  dispose(): void {
    this.#used.clear();
    this.#drop();
    this.#gl.deleteTexture(this.#atlas);
  }

  #make(
    { values, mask, cols: stride }: ExactSource,
    format: core.NumberFormat,
    [top, bottom]: readonly [number, number],
    [left, right]: readonly [number, number],
  ): Codes {
    const gl = this.#gl;
    const [rows, cols] = [bottom - top, right - left];
    const own = new Float64Array(rows * cols);
    const present = new Uint8Array(rows * cols);
    for (let r = 0, p = 0; r < rows; r++) {
      for (let c = 0, q = (top + r) * stride + left; c < cols; c++, p++, q++) {
        own[p] = values[q] ?? 0;
        present[p] = mask?.[q] ?? 0;
      }
    }
    const codes = core.codesOf(own, present, format);
    const texture = this.#texture(gl.RGBA8UI, 2 * cols, rows, gl.NEAREST);
    gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, 2 * cols, rows, gl.RGBA_INTEGER, gl.UNSIGNED_BYTE, codes);
    return { texture, codes, row: top, col: left, rows, cols };
  }

  #drawAtlas(): WebGLTexture {
    const gl = this.#gl;
    const texture = this.#texture(gl.R8, WIDE * GLYPHS.length, HIGH, gl.LINEAR);
    GLYPHS.forEach(([, , strokes], n) => {
      gl.texSubImage2D(gl.TEXTURE_2D, 0, n * WIDE, 0, WIDE, HIGH, gl.RED, gl.UNSIGNED_BYTE, fieldOf(strokes));
    });
    return texture;
  }

  #texture(format: number, width: number, height: number, filter: number): WebGLTexture {
    const gl = this.#gl;
    const texture = gl.createTexture();
    gl.bindTexture(gl.TEXTURE_2D, texture);
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
    gl.texStorage2D(gl.TEXTURE_2D, 1, format, width, height);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, filter);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, filter);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE);
    return texture;
  }
}

/** The cells that a draw shows numbers on, as the shader has them. */
function numbersShown({ codes, format, item, ratio }: NumberDraw, eye: Eye): readonly NumberShown[] {
  const out: NumberShown[] = [];
  const at = eyeIn(item.face, eye);
  const look = {
    pull: core.pullOf(item.whole[0], item.whole[1]),
    pixel: eye.pixelAngle * ratio,
    least: format.least,
  };
  for (let row = 0; row < item.face.rows; row++) {
    for (let col = 0; col < item.face.cols; col++) {
      const [x, y] = [col + item.start[0], row + item.start[1]];
      const [r, c] = item.face.transposed ? [x - codes.row, y - codes.col] : [y - codes.row, x - codes.col];
      if (r < 0 || c < 0 || r >= codes.rows || c >= codes.cols) continue;
      const text = core.textOf(codes.codes, r * codes.cols + c);
      const clarity = text === "" ? 0 : core.clarity(at, [col + 0.5, row + 0.5], middleOf(item), look);
      const place = { row: row + item.from[1], col: col + item.from[0] };
      if (clarity > 0) out.push({ face: item.face.id, node: item.face.node, ...place, text, clarity });
    }
  }
  return out;
}

const eyeIn = (face: Face, eye: Eye): Vec3 => toFace(face, eye.position);

const middleOf = ({ whole, from }: Drawn): readonly [number, number] => [
  whole[0] / 2 - from[0],
  whole[1] / 2 - from[1],
];

/** The blocks of cells about one. */
const span = (middle: number, room: number, size: number): readonly [number, number] => [
  Math.min(Math.max(Math.floor((middle - room) / BLOCK) * BLOCK, 0), size),
  Math.min(Math.max(Math.ceil((middle + room) / BLOCK) * BLOCK, 0), size),
];

/** The cells with 1 where there is a number: neither in a gap nor masked. */
function presence(source: ExactSource): ExactSource {
  const { mask, values } = source;
  return {
    ...source,
    mask: mask === null ? new Uint8Array(values.length).fill(1) : mask.map((m) => (m === 0 ? 1 : 0)),
  };
}
