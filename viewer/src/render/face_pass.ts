// Faces: one draw each, with the smallest program that will do.

import type { Eye } from "../core/camera";
import { normalOf, toFace } from "../core/faces";
import type { Lit } from "../core/frame";
import { MOST_LIT } from "../core/lit";
import { inkShare } from "../core/shading";
import type { Face, Vec3 } from "../core/types.gen";
import { dot, length } from "../core/vec";
import { type Constants, compileProgram, type Program } from "./gl";
import type { NumberDraw, NumberTextures } from "./numbers";
import { NUMBER_CONSTANTS } from "./numbers";
import digits from "./shaders/digits.glsl";
import faceFragment from "./shaders/face.frag";
import faceVertex from "./shaders/face.vert";
import faceHead from "./shaders/face_head.glsl";
import shade from "./shaders/shade.glsl";
import type { InkTexture } from "./textures";

/** How the texture of a face maps to its cells. */
export interface Texels {
  readonly texture: InkTexture;
  /** Texture coordinates per cell of the node, (column, row). */
  readonly scale: readonly [number, number];
  /** Displayed (column, row) of the texture at which the face begins. */
  readonly start: readonly [number, number];
  /** One texel is one cell, so balls can be drawn. */
  readonly exact: boolean;
}

export interface FaceDraw {
  readonly face: Face;
  readonly texels: Texels;
  /** Displayed (column, row) of the whole face at which this part of it begins. */
  readonly from: readonly [number, number];
  /** Share of the ink that is left. */
  readonly dim: number;
  readonly lit: readonly Lit[];
  /** Linear: NaN, +Inf, -Inf. */
  readonly flagColours: Float32Array;
  /** What its cells say, if they are large enough. */
  readonly numbers: NumberDraw | null;
}

type Variant = "balls" | "ink" | "both";

const DEFINES: Readonly<Record<Variant, Constants>> = {
  balls: { BALLS: "" },
  ink: { INK: "" },
  both: { BALLS: "", INK: "" },
};

export class FacePass {
  readonly #gl: WebGL2RenderingContext;
  readonly #constants: Constants;
  readonly #numbers: NumberTextures;
  readonly #programs = new Map<string, Program>();

  constructor(gl: WebGL2RenderingContext, constants: Constants, numbers: NumberTextures) {
    this.#gl = gl;
    this.#constants = constants;
    this.#numbers = numbers;
    this.#program("both", false); // so that a driver that refuses it is found at once
  }

  draw(eye: Eye, item: FaceDraw): void {
    const gl = this.#gl;
    const variant = item.texels.exact ? variantFor(item.face, eye) : "ink";
    const program = this.#program(variant, item.numbers !== null && variant !== "ink");
    gl.useProgram(program.handle);
    gl.enable(gl.CULL_FACE);
    gl.cullFace(gl.FRONT);
    this.#setView(program, eye, item.face);
    this.#setFace(program, item);
    if (item.numbers !== null) this.#numbers.bind(program, eye, item.numbers);
    gl.drawArrays(gl.TRIANGLES, 0, 36);
    gl.disable(gl.CULL_FACE);
  }

  dispose(): void {
    for (const program of this.#programs.values()) program.dispose();
  }

  #program(variant: Variant, hasDigits: boolean): Program {
    const key = `${variant} ${hasDigits}`;
    let program = this.#programs.get(key);
    if (program === undefined) {
      const more = hasDigits ? { ...NUMBER_CONSTANTS, DIGITS: "" } : {};
      const constants = { ...this.#constants, ...DEFINES[variant], ...more };
      const fragment = shade + faceHead + (hasDigits ? digits : "") + faceFragment;
      program = compileProgram(this.#gl, faceVertex, fragment, constants);
      this.#programs.set(key, program);
    }
    return program;
  }

  /** The eye and its rays in the face's own frame, reckoned in float64. */
  #setView({ at }: Program, eye: Eye, face: Face): void {
    const gl = this.#gl;
    const normal = normalOf(face);
    const turned = (v: Vec3): Vec3 => [dot(v, face.across), dot(v, face.down), dot(v, normal)];
    const { width, height } = eye.viewport;
    const [right, up, forward] = [turned(eye.right), turned(eye.up), turned(eye.forward)];
    const step = eye.pixelAngle;
    gl.uniform3f(at("uEye"), ...toFace(face, eye.position));
    gl.uniform3f(at("uRay"), ...forward);
    gl.uniform3f(at("uRayX"), right[0] * step, right[1] * step, right[2] * step);
    gl.uniform3f(at("uRayY"), up[0] * step, up[1] * step, up[2] * step);
    gl.uniform2f(at("uMiddle"), width / 2, height / 2);
    gl.uniform3f(at("uRight"), ...right);
    gl.uniform3f(at("uUp"), ...up);
    gl.uniform3f(at("uForward"), ...forward);
    gl.uniform2f(at("uTan"), (eye.tanHalf * width) / height, eye.tanHalf);
    gl.uniform1f(at("uPixel"), step);
  }

  #setFace({ at }: Program, { face, texels, from, dim, lit, flagColours }: FaceDraw): void {
    const gl = this.#gl;
    const { texture, scale, start } = texels;
    const shown = lit.slice(0, MOST_LIT).flatMap(({ row, col, rows = 1, cols = 1 }) => {
      const [top, bottom] = within(row, rows, from[1], face.rows);
      const [left, right] = within(col, cols, from[0], face.cols);
      return [top, left, bottom, right];
    });
    gl.uniform2f(at("uSize"), face.cols, face.rows);
    gl.uniform1i(at("uSwap"), face.transposed ? 1 : 0);
    gl.uniform2f(at("uTexel"), scale[0], scale[1]);
    gl.uniform2f(at("uStart"), start[0], start[1]);
    gl.uniform1f(at("uDim"), dim);
    gl.uniform1i(at("uLitCount"), shown.length / 4);
    if (shown.length > 0) gl.uniform4iv(at("uLit"), shown);
    gl.uniform1i(at("uInk"), 0);
    gl.uniform1i(at("uFlags"), 1);
    gl.uniform1i(at("uHasFlags"), texture.flags === null ? 0 : 1);
    gl.uniform1i(at("uFlagLevels"), texture.flagLevels);
    gl.uniform3fv(at("uFlagColours"), flagColours);
    gl.activeTexture(gl.TEXTURE1);
    gl.bindTexture(gl.TEXTURE_2D, texture.flags);
    gl.activeTexture(gl.TEXTURE0);
    gl.bindTexture(gl.TEXTURE_2D, texture.ink);
  }
}

/** Lit indices as the shader wants them, first and end: -1 for any, and far away for what is on another part. */
function within(index: number | null, many: number, start: number, size: number): readonly [number, number] {
  if (index === null) return [-1, -1];
  const [first, end] = [Math.max(index - start, 0), Math.min(index + many - start, size)];
  return first < end ? [first, end] : [1 << 24, 1 << 24];
}

/**
 * What a face needs: w/γ^¼ grows with the distance t along the plane, for w = t·A and γ = height/t, so the
 * nearest point and the farthest corner bound it.
 */
function variantFor(face: Face, eye: Eye): Variant {
  const [x, y, z] = toFace(face, eye.position);
  const outside = (p: number, size: number): number => Math.max(-p, p - size, 0);
  const farther = (p: number, size: number): number => Math.max(Math.abs(p), Math.abs(p - size));
  const height = Math.abs(z);
  const nearest = Math.max(length([outside(x, face.cols), outside(y, face.rows), height]), 1e-6);
  const farthest = length([farther(x, face.cols), farther(y, face.rows), height]);
  const share = (t: number, room: number): number => inkShare(t * eye.pixelAngle * room, height / t);
  // A little room, for a pixel's ray may meet the plane beyond the rim.
  if (share(nearest, 0.97) === 1) return "ink";
  return share(farthest, 1.03) === 0 ? "balls" : "both";
}

/** All corners of the slab beyond one side of the picture, or behind the eye. */
export function isOutside(face: Face, eye: Eye): boolean {
  const [px, py, pz] = toFace(face, eye.position);
  const normal = normalOf(face);
  const axis = (v: Vec3): Vec3 => [dot(v, face.across), dot(v, face.down), dot(v, normal)];
  const [right, up, forward] = [axis(eye.right), axis(eye.up), axis(eye.forward)];
  const tanX = (eye.tanHalf * eye.viewport.width) / eye.viewport.height;
  const out = [true, true, true, true, true];
  for (let corner = 0; corner < 8; corner++) {
    const p: Vec3 = [
      (corner & 1 ? face.cols : 0) - px,
      (corner & 2 ? face.rows : 0) - py,
      (corner & 4 ? 0.5 : -0.5) - pz,
    ];
    const depth = dot(p, forward);
    const pad = 2 * eye.pixelAngle * length(p);
    const tests = [
      depth + pad < 0,
      dot(p, right) - pad > tanX * depth,
      dot(p, right) + pad < -tanX * depth,
      dot(p, up) - pad > eye.tanHalf * depth,
      dot(p, up) + pad < -eye.tanHalf * depth,
    ];
    tests.forEach((test, side) => {
      out[side] = (out[side] ?? false) && test;
    });
  }
  return out.some(Boolean);
}
