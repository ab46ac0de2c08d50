// The ink of matrices on the graphics unit: one texture per matrix and look, made when first drawn.

import { buildInk, type InkLook, type InkPyramid, InkRoom, type InkSource } from "../core/ink";

export interface InkTexture {
  readonly ink: WebGLTexture;
  readonly flags: WebGLTexture | null;
  readonly flagLevels: number;
  /** Levels left out at the top: then a texel is more than a cell. */
  readonly dropped: number;
  readonly bytes: number;
  /** Textures alike show the same cells. */
  readonly alike: string | null;
  /** Sizes of its levels, if others of these sizes may take its place when it has passed. */
  readonly sizes: string | null;
}

/** A texture, and how it is made. */
export interface Wanted {
  readonly key: string;
  readonly alike: string | null;
  readonly source: () => InkSource | null;
  readonly look: InkLook;
  readonly unseen?: number;
}

/** Beyond this, textures that the frame does not draw are given back. */
const BUDGET_BYTES = 768 << 20;

export class InkTextures {
  readonly #gl: WebGL2RenderingContext;
  readonly #maxSide: number;
  readonly #held = new Map<string, InkTexture>();
  /** The last key of what is alike. */
  readonly #latest = new Map<string, string>();
  readonly #room = new InkRoom();
  /** What passed in the last frame, to be written over by the next. */
  #spare = new Map<string, WebGLTexture>();
  #bytes = 0;
  #made = false;

  constructor(gl: WebGL2RenderingContext) {
    this.#gl = gl;
    this.#maxSide = Number(gl.getParameter(gl.MAX_TEXTURE_SIZE));
  }

  has(key: string): boolean {
    return this.#held.has(key);
  }

  held(key: string): InkTexture | null {
    return this.#held.get(key) ?? null;
  }

  /** The key of the last texture of the same cells, in another look. */
  latest(alike: string): string | null {
    const key = this.#latest.get(alike);
    return key !== undefined && this.#held.has(key) ? key : null;
  }

  /** The texture under `key`, made from `source` and `look` if it is not here, without its `unseen` finest levels. */
  get({ key, alike, source, look, unseen = 0 }: Wanted, passing = false): InkTexture | null {
    const held = this.#held.get(key);
    if (held !== undefined) return held;
    const data = source();
    if (data === null || data.rows === 0 || data.cols === 0) return null;
    if (passing) this.#gl.flush(); // earlier commands run meanwhile
    const pyramid = buildInk(data, look, this.#maxSide, unseen, passing ? this.#room : undefined);
    const made = { ...this.#upload(pyramid, passing), alike };
    this.#held.set(key, made);
    if (alike !== null) this.#latest.set(alike, key);
    this.#bytes += made.bytes;
    this.#made = true;
    return made;
  }

  /**
   * Give back what is of no use: textures not `current` once a new one was made (their look is gone), and
   * with too much on the unit all that was not `drawn`.
   */
  trim(current: ReadonlySet<string>, drawn: ReadonlySet<string>): void {
    if (this.#made) this.#dropAllBut(current);
    if (this.#bytes > BUDGET_BYTES) this.#dropAllBut(drawn);
    this.#made = false;
  }

  dispose(): void {
    this.#dropAllBut(new Set());
    for (const texture of this.#spare.values()) this.#gl.deleteTexture(texture);
    this.#spare.clear();
  }

  #dropAllBut(wanted: ReadonlySet<string>): void {
    for (const texture of this.#spare.values()) this.#gl.deleteTexture(texture);
    this.#spare.clear();
    for (const [key, { ink, flags, bytes, sizes, alike }] of this.#held) {
      if (wanted.has(key)) continue;
      if (sizes !== null && !this.#spare.has(sizes)) this.#spare.set(sizes, ink);
      else this.#gl.deleteTexture(ink);
      this.#gl.deleteTexture(flags);
      this.#bytes -= bytes;
      this.#held.delete(key);
      if (alike !== null && this.#latest.get(alike) === key) this.#latest.delete(alike);
    }
  }

  #upload({ levels, flags, dropped }: InkPyramid, passing: boolean): Omit<InkTexture, "alike"> {
    const gl = this.#gl;
    const sizes = passing ? `${levels[0]?.rows} ${levels[0]?.cols} ${levels.length}` : null;
    const spare = this.#spare.get(sizes ?? "");
    if (sizes !== null) this.#spare.delete(sizes);
    if (spare !== undefined) gl.bindTexture(gl.TEXTURE_2D, spare);
    const ink = spare ?? this.#begin(levels, gl.RGBA16F);
    let bytes = 0;
    levels.forEach(({ rows, cols, halves }, level) => {
      gl.texSubImage2D(gl.TEXTURE_2D, level, 0, 0, cols, rows, gl.RGBA, gl.HALF_FLOAT, halves);
      bytes += halves.byteLength;
    });
    const made = { ink, dropped, bytes, sizes };
    if (flags === null) return { ...made, flags: null, flagLevels: 0 };
    const texture = this.#begin(flags, gl.R8UI);
    flags.forEach((level, at) => {
      const { rows, cols } = level;
      gl.texSubImage2D(gl.TEXTURE_2D, at, 0, 0, cols, rows, gl.RED_INTEGER, gl.UNSIGNED_BYTE, level.flags);
      made.bytes += level.flags.byteLength;
    });
    return { ...made, flags: texture, flagLevels: flags.length };
  }

  #begin(levels: readonly { readonly rows: number; readonly cols: number }[], format: number): WebGLTexture {
    const gl = this.#gl;
    const texture = gl.createTexture();
    gl.bindTexture(gl.TEXTURE_2D, texture);
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
    gl.texStorage2D(gl.TEXTURE_2D, levels.length, format, levels[0]?.cols ?? 1, levels[0]?.rows ?? 1);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST_MIPMAP_NEAREST);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.NEAREST);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE);
    return texture;
  }
}
