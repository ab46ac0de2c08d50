// Lines and triangles, all in one draw.

import type { Eye } from "../core/camera";
import { MARK_FLOATS } from "../core/clip";
import { compileProgram, type Program } from "./gl";
import markFragment from "./shaders/mark.frag";
import markVertex from "./shaders/mark.vert";

/** Floats of an instance by attribute: a and b, c and half width, colour. */
const PARTS = [4, 3, 4] as const;

export class MarkPass {
  readonly #gl: WebGL2RenderingContext;
  readonly #program: Program;
  readonly #instances: Instances;

  constructor(gl: WebGL2RenderingContext) {
    this.#gl = gl;
    this.#program = compileProgram(gl, markVertex, markFragment);
    this.#instances = new Instances(gl, PARTS);
  }

  /** Draws marks packed by `packMarks`; the number of draw calls. */
  draw(eye: Eye, marks: Float32Array): number {
    if (marks.length === 0) return 0;
    const gl = this.#gl;
    gl.useProgram(this.#program.handle);
    gl.uniform2f(this.#program.at("uPicture"), eye.viewport.width, eye.viewport.height);
    this.#instances.draw(marks, marks.length / MARK_FLOATS);
    return 1;
  }

  dispose(): void {
    this.#program.dispose();
    this.#instances.dispose();
  }
}

/** Squares drawn once per instance, each with a few floats of its own. */
export class Instances {
  readonly #gl: WebGL2RenderingContext;
  readonly #array: WebGLVertexArrayObject;
  readonly #buffer: WebGLBuffer;

  constructor(gl: WebGL2RenderingContext, parts: readonly number[]) {
    this.#gl = gl;
    this.#array = gl.createVertexArray();
    this.#buffer = gl.createBuffer();
    const stride = 4 * parts.reduce((a, b) => a + b, 0);
    gl.bindVertexArray(this.#array);
    gl.bindBuffer(gl.ARRAY_BUFFER, this.#buffer);
    let offset = 0;
    parts.forEach((floats, place) => {
      gl.enableVertexAttribArray(place);
      gl.vertexAttribPointer(place, floats, gl.FLOAT, false, stride, offset);
      gl.vertexAttribDivisor(place, 1);
      offset += 4 * floats;
    });
    gl.bindVertexArray(null);
  }

  draw(data: Float32Array, count: number): void {
    const gl = this.#gl;
    gl.bindVertexArray(this.#array);
    gl.bindBuffer(gl.ARRAY_BUFFER, this.#buffer);
    gl.bufferData(gl.ARRAY_BUFFER, data, gl.DYNAMIC_DRAW);
    gl.drawArraysInstanced(gl.TRIANGLE_STRIP, 0, 4, count);
    gl.bindVertexArray(null);
  }

  dispose(): void {
    this.#gl.deleteVertexArray(this.#array);
    this.#gl.deleteBuffer(this.#buffer);
  }
}
