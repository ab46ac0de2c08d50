// The picture in linear light, and its way to the canvas. An sRGB target blends in linear light by itself and
// spends its eight bits where the eye sees them.

import { compileProgram, type Program } from "./gl";
import presentFragment from "./shaders/present.frag";
import presentVertex from "./shaders/present.vert";

export class Target {
  readonly #gl: WebGL2RenderingContext;
  readonly #program: Program;
  readonly #frame: WebGLFramebuffer;
  #texture: WebGLTexture | null = null;
  #width = 0;
  #height = 0;

  constructor(gl: WebGL2RenderingContext) {
    this.#gl = gl;
    this.#program = compileProgram(gl, presentVertex, presentFragment);
    this.#frame = gl.createFramebuffer();
  }

  /** Draws go here until `present`; the ground is linear. */
  begin(width: number, height: number, ground: readonly [number, number, number]): void {
    const gl = this.#gl;
    if (width !== this.#width || height !== this.#height) this.#allocate(width, height);
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.#frame);
    gl.viewport(0, 0, width, height);
    gl.clearColor(ground[0], ground[1], ground[2], 1);
    gl.clear(gl.COLOR_BUFFER_BIT);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
  }

  present(): void {
    const gl = this.#gl;
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    gl.disable(gl.BLEND);
    gl.viewport(0, 0, this.#width, this.#height);
    gl.useProgram(this.#program.handle);
    gl.activeTexture(gl.TEXTURE0);
    gl.bindTexture(gl.TEXTURE_2D, this.#texture);
    gl.uniform1i(this.#program.at("uPicture"), 0);
    gl.drawArrays(gl.TRIANGLES, 0, 3);
  }

  dispose(): void {
    this.#program.dispose();
    this.#gl.deleteFramebuffer(this.#frame);
    this.#gl.deleteTexture(this.#texture);
  }

  #allocate(width: number, height: number): void {
    const gl = this.#gl;
    gl.deleteTexture(this.#texture);
    this.#texture = gl.createTexture();
    gl.bindTexture(gl.TEXTURE_2D, this.#texture);
    gl.texStorage2D(gl.TEXTURE_2D, 1, gl.SRGB8_ALPHA8, width, height);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.NEAREST);
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.#frame);
    gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, this.#texture, 0);
    this.#width = width;
    this.#height = height;
  }
}
