// The picture in linear light, and its way to the canvas. An sRGB target blends in linear light by itself and
// spends its eight bits where the eye sees them: the canvas itself where the browser can, else a texture and a pass.

import { compileProgram, type Program } from "./gl";
import presentFragment from "./shaders/present.frag";
import presentVertex from "./shaders/present.vert";

/** What newer browsers add to WebGL2: a canvas of another format. */
interface StorageChoice {
  readonly drawingBufferFormat: number;
  drawingBufferStorage(format: number, width: number, height: number): void;
}

export class Target {
  readonly #gl: WebGL2RenderingContext & Partial<StorageChoice>;
  #canStore: boolean;
  /** The way round, if the canvas is not sRGB. */
  #detour: Detour | null = null;

  constructor(gl: WebGL2RenderingContext) {
    this.#gl = gl;
    this.#canStore = this.#gl.drawingBufferStorage !== undefined;
  }

  /** Draws go here until `present`; the ground is linear. */
  begin(width: number, height: number, ground: readonly [number, number, number]): void {
    const gl = this.#gl;
    if (this.#isStored()) gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    else {
      this.#detour ??= new Detour(gl);
      this.#detour.begin(width, height);
    }
    gl.viewport(0, 0, width, height);
    gl.clearColor(ground[0], ground[1], ground[2], 1);
    gl.clear(gl.COLOR_BUFFER_BIT);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
  }

  present(): void {
    this.#gl.disable(this.#gl.BLEND);
    this.#detour?.present();
  }

  dispose(): void {
    this.#detour?.dispose();
  }

  /** The canvas is sRGB. A change of its size may have undone that. */
  #isStored(): boolean {
    const gl = this.#gl;
    if (!this.#canStore) return false;
    if (gl.drawingBufferFormat !== gl.SRGB8_ALPHA8) {
      gl.drawingBufferStorage?.(gl.SRGB8_ALPHA8, gl.drawingBufferWidth, gl.drawingBufferHeight);
      this.#canStore = gl.drawingBufferFormat === gl.SRGB8_ALPHA8;
    }
    return this.#canStore;
  }
}

/** A texture, and the pass that writes it to the canvas. */
class Detour {
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

  begin(width: number, height: number): void {
    const gl = this.#gl;
    if (width !== this.#width || height !== this.#height) this.#allocate(width, height);
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.#frame);
  }

  present(): void {
    const gl = this.#gl;
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
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
