// The colours of cells on the graphics unit: square roots of linear light, for so they are mixed.

import { toHalves } from "../core/half";
import { dotColour, dotRadius, type InkLook } from "../core/ink";
import { linear, tableColour } from "../core/palette";
import type { Theme, Vec3 } from "../core/types.gen";

/** Steps of the magnitude. */
export const LOOKS = 256;

/** What cells look like in one style and theme. */
export interface Looks {
  /** Colour and radius of dots over the magnitude, negative and positive; then the same of a softmax. */
  readonly texture: WebGLTexture;
  /** Full brightness: negative, positive. */
  readonly full: Float32Array;
  /** NaN, +Inf, -Inf. */
  readonly flags: Float32Array;
  /** The plate under masked cells. */
  readonly masked: Vec3;
}

export const roots = ([r, g, b]: Vec3): Vec3 => [Math.sqrt(r), Math.sqrt(g), Math.sqrt(b)];

export class LookTextures {
  readonly #gl: WebGL2RenderingContext;
  #key = "";
  #looks: Looks | null = null;

  constructor(gl: WebGL2RenderingContext) {
    this.#gl = gl;
  }

  /** The looks of a palette in a theme; `key` names all that they depend on. */
  of(key: string, look: InkLook, theme: Theme): Looks {
    if (this.#looks !== null && this.#key === key) return this.#looks;
    const { ink } = look;
    this.#gl.deleteTexture(this.#looks?.texture ?? null);
    this.#key = key;
    this.#looks = {
      texture: this.#texture([look, { ...look, bright: theme.text }]),
      full: new Float32Array([
        ...roots(tableColour(ink.negative, 1)),
        ...roots(tableColour(ink.positive, 1)),
      ]),
      flags: new Float32Array([ink.nan, ink.pos_inf, ink.neg_inf].flatMap((rgb) => roots(linear(rgb)))),
      masked: roots(linear(theme.masked)),
    };
    return this.#looks;
  }

  dispose(): void {
    this.#gl.deleteTexture(this.#looks?.texture ?? null);
    this.#looks = null;
  }

  #texture(looks: readonly InkLook[]): WebGLTexture {
    const gl = this.#gl;
    const table = new Float32Array(
      looks.flatMap((look) =>
        [false, true].flatMap((isPositive) =>
          Array.from({ length: LOOKS }, (_, n) => n / (LOOKS - 1)).flatMap((a) => [
            ...roots(dotColour(look, a, isPositive)),
            dotRadius(look, a),
          ]),
        ),
      ),
    );
    const texture = gl.createTexture();
    gl.bindTexture(gl.TEXTURE_2D, texture);
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
    gl.texStorage2D(gl.TEXTURE_2D, 1, gl.RGBA16F, LOOKS, 2 * looks.length);
    gl.texSubImage2D(
      gl.TEXTURE_2D,
      0,
      0,
      0,
      LOOKS,
      2 * looks.length,
      gl.RGBA,
      gl.HALF_FLOAT,
      toHalves(table),
    );
    for (const side of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER])
      gl.texParameteri(gl.TEXTURE_2D, side, gl.LINEAR);
    for (const side of [gl.TEXTURE_WRAP_S, gl.TEXTURE_WRAP_T])
      gl.texParameteri(gl.TEXTURE_2D, side, gl.CLAMP_TO_EDGE);
    return texture;
  }
}
