// Rods: a square per ball.

import type { Eye } from "../core/camera";
import { BALL_FLOATS } from "../core/rods";
import { type Constants, compileProgram, type Program } from "./gl";
import { Instances } from "./mark_pass";
import ballFragment from "./shaders/ball.frag";
import ballVertex from "./shaders/ball.vert";
import shade from "./shaders/shade.glsl";

const PARTS = [4, 4] as const;

export class RodPass {
  readonly #gl: WebGL2RenderingContext;
  readonly #program: Program;
  readonly #instances: Instances;

  constructor(gl: WebGL2RenderingContext, constants: Constants) {
    this.#gl = gl;
    this.#program = compileProgram(gl, ballVertex, shade + ballFragment, constants);
    this.#instances = new Instances(gl, PARTS);
  }

  /** Draws balls packed by `packRod`; the number of draw calls. */
  draw(eye: Eye, balls: Float32Array): number {
    if (balls.length === 0) return 0;
    const gl = this.#gl;
    const { at, handle } = this.#program;
    const { width, height } = eye.viewport;
    gl.useProgram(handle);
    gl.uniform2f(at("uTan"), (eye.tanHalf * width) / height, eye.tanHalf);
    gl.uniform2f(at("uMiddle"), width / 2, height / 2);
    gl.uniform1f(at("uPixel"), eye.pixelAngle);
    this.#instances.draw(balls, balls.length / BALL_FLOATS);
    return 1;
  }

  dispose(): void {
    this.#program.dispose();
    this.#instances.dispose();
  }
}
