// Faces: one draw each, with the smallest program that will do.

import type { Eye } from "../core/camera";
import { readingWay } from "../core/digits";
import { normalOf, toFace } from "../core/faces";
import type { Lit } from "../core/frame";
import { MOST_LIT } from "../core/lit";
import { inkShare, OPERANDS } from "../core/shading";
import type { Face, Vec3 } from "../core/types.gen";
import { dot, length } from "../core/vec";
import { type Constants, compileProgram, type Program } from "./gl";
import type { Looks } from "./looks";
import type { NumberDraw, NumberTextures } from "./numbers";
import { NUMBER_CONSTANTS } from "./numbers";
import digits from "./shaders/digits.glsl";
import faceVertex from "./shaders/face.vert";
import faceHead from "./shaders/face_head.glsl";
import insideFragment from "./shaders/inside.frag";
import plateFragment from "./shaders/plate.frag";
import shade from "./shaders/shade.glsl";
import type { InkTexture } from "./textures";

/** How the texture of a face maps to its cells. */
export interface Texels {
  readonly texture: InkTexture;
  /** Texture coordinates per cell of the node, (column, row). */
  readonly scale: readonly [number, number];
  /** Displayed (column, row) of the texture at which the face begins. */
  readonly start: readonly [number, number];
  /** One texel is one cell, so dots can be drawn. */
  readonly exact: boolean;
}

/** The plate under the cells of a face. */
export interface Plate {
  readonly opacity: number;
  /** Cells about those of the face. */
  readonly pad: number;
  /** Period and length of the blocks along x and along y. */
  readonly grid: readonly [number, number, number, number];
  /** Columns and rows of the whole face. */
  readonly whole: readonly [number, number];
}

export interface FaceDraw {
  readonly face: Face;
  /** Null: the plate alone. */
  readonly texels: Texels | null;
  /** Displayed (column, row) of the whole face at which this part of it begins. */
  readonly from: readonly [number, number];
  /** Its cells are the shares of a softmax. */
  readonly shares: boolean;
  /** Null for products inside a box, which are balls. */
  readonly plate: Plate | null;
  /** Square roots of linear light. */
  readonly colour: Vec3;
  /** Light of cells that are not lit. */
  readonly rest: number;
  readonly lit: readonly Lit[];
  readonly looks: Looks;
  /** What its cells say, if they are large enough. */
  readonly numbers: NumberDraw | null;
  /** Device pixels to a pixel. */
  readonly ratio: number;
}

type Variant = "NEAR" | "FAR" | "NEAR FAR" | "";

export class FacePass {
  readonly #gl: WebGL2RenderingContext;
  readonly #constants: Constants;
  readonly #numbers: NumberTextures;
  readonly #programs = new Map<string, Program>();

  constructor(gl: WebGL2RenderingContext, constants: Constants, numbers: NumberTextures) {
    this.#gl = gl;
    this.#constants = constants;
    this.#numbers = numbers;
    this.#program(plateFragment, "NEAR"); // so that a driver that refuses it is found at once
  }

  draw(eye: Eye, item: FaceDraw): void {
    const gl = this.#gl;
    const { face, texels, plate, numbers, lit } = item;
    const variant: Variant = texels === null ? "" : texels.exact ? variantFor(face, eye) : "FAR";
    const hasDigits = numbers !== null && variant.startsWith("NEAR");
    const defines = [
      variant,
      texels !== null && texels.texture.flags !== null ? "FLAGS" : "",
      lit.length > 0 && texels !== null ? "LIT" : "",
      hasDigits ? "DIGITS" : "",
    ];
    const program = this.#program(plate === null ? insideFragment : plateFragment, defines.join(" "));
    gl.useProgram(program.handle);
    gl.enable(gl.CULL_FACE);
    gl.cullFace(gl.FRONT);
    this.#setView(program, eye, face);
    this.#setFace(program, item);
    if (hasDigits && numbers !== null) this.#numbers.bind(program, numbers);
    gl.drawArrays(gl.TRIANGLES, 0, 36);
    gl.disable(gl.CULL_FACE);
  }

  dispose(): void {
    for (const program of this.#programs.values()) program.dispose();
  }

  #program(fragment: string, given: string): Program {
    const defines = given.split(" ").filter(Boolean);
    const key = `${fragment === insideFragment} ${defines.join(" ")}`;
    let program = this.#programs.get(key);
    if (program === undefined) {
      const hasDigits = defines.includes("DIGITS");
      const constants = {
        ...this.#constants,
        ...(hasDigits ? NUMBER_CONSTANTS : {}),
        ...Object.fromEntries(defines.map((name) => [name, ""])),
      };
      const light = fragment === insideFragment ? shade : "";
      const text = light + faceHead + (hasDigits ? digits : "") + fragment;
      program = compileProgram(this.#gl, faceVertex, text, constants);
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
    const position = toFace(face, eye.position);
    gl.uniform3f(at("uEye"), ...position);
    gl.uniform3f(at("uRay"), ...forward);
    gl.uniform3f(at("uRayX"), right[0] * step, right[1] * step, right[2] * step);
    gl.uniform3f(at("uRayY"), up[0] * step, up[1] * step, up[2] * step);
    gl.uniform2f(at("uMiddle"), width / 2, height / 2);
    gl.uniform3f(at("uRight"), ...right);
    gl.uniform3f(at("uUp"), ...up);
    gl.uniform3f(at("uForward"), ...forward);
    gl.uniform2f(at("uTan"), (eye.tanHalf * width) / height, eye.tanHalf);
    gl.uniform1f(at("uPixel"), step);
    gl.uniform2f(at("uReading"), ...readingWay(position[2], right[0]));
  }

  #setFace(
    { at }: Program,
    { face, texels, from, plate, colour, rest, lit, looks, ratio, shares }: FaceDraw,
  ): void {
    const gl = this.#gl;
    gl.uniform2f(at("uSize"), face.cols, face.rows);
    gl.uniform1f(at("uHalf"), plate === null ? 0.5 : 0);
    gl.uniform1f(at("uMargin"), plate?.pad ?? 0);
    gl.uniform3f(at("uPlate"), ...colour);
    gl.uniform1f(at("uZoom"), ratio);
    if (plate !== null) {
      gl.uniform3f(at("uMasked"), ...looks.masked);
      gl.uniform1f(at("uOpacity"), plate.opacity);
      gl.uniform1f(at("uPad"), plate.pad);
      gl.uniform4f(at("uGrid"), ...plate.grid);
      gl.uniform2f(at("uWhole"), ...plate.whole);
      gl.uniform2f(at("uFrom"), ...from);
    }
    if (texels === null) return;
    const { texture, scale, start } = texels;
    const shown = lit.slice(0, MOST_LIT);
    const spans = shown.flatMap(({ row, col, rows = 1, cols = 1 }) => {
      const [top, bottom] = within(row, rows, from[1], face.rows);
      const [left, right] = within(col, cols, from[0], face.cols);
      return [top, left, bottom, right];
    });
    gl.uniform1i(at("uSwap"), face.transposed ? 1 : 0);
    gl.uniform2f(at("uTexel"), scale[0], scale[1]);
    gl.uniform2f(at("uStart"), start[0], start[1]);
    gl.uniform3fv(at("uFull"), looks.full);
    gl.uniform1f(at("uRest"), rest);
    if (spans.length > 0) {
      gl.uniform1i(at("uLitCount"), shown.length);
      gl.uniform4iv(at("uLit"), spans);
      gl.uniform1fv(
        at("uLitLevel"),
        shown.map(({ level = OPERANDS }) => level),
      );
    }
    gl.uniform1i(at("uInk"), 0);
    gl.uniform1i(at("uLook"), 4);
    gl.uniform1i(at("uShares"), shares ? 1 : 0);
    if (texture.flags !== null) {
      gl.uniform1i(at("uFlags"), 1);
      gl.uniform1i(at("uFlagLevels"), texture.flagLevels);
      gl.uniform3fv(at("uFlagColours"), looks.flags);
      gl.activeTexture(gl.TEXTURE1);
      gl.bindTexture(gl.TEXTURE_2D, texture.flags);
    }
    gl.activeTexture(gl.TEXTURE4);
    gl.bindTexture(gl.TEXTURE_2D, looks.texture);
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
  if (share(nearest, 0.97) === 1) return "FAR";
  return share(farthest, 1.03) === 0 ? "NEAR" : "NEAR FAR";
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
