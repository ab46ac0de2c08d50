// The few things wanted of WebGL2: a context, programs, and errors that say what went wrong.

/** WebGL2 cannot be had here; the page shows the still picture and says why. */
export class NoWebGLError extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = "NoWebGLError";
  }
}

/** @throws NoWebGLError with the browser's own reason where it gives one. */
export function openContext(canvas: HTMLCanvasElement): WebGL2RenderingContext {
  let reason = "";
  const listen = (event: Event): void => {
    if ("statusMessage" in event) reason = String(event.statusMessage);
  };
  canvas.addEventListener("webglcontextcreationerror", listen);
  const gl = canvas.getContext("webgl2", {
    alpha: true, // the picture is opaque; without it no canvas is sRGB
    antialias: false,
    depth: false,
    stencil: false,
    powerPreference: "high-performance",
    preserveDrawingBuffer: false,
  });
  canvas.removeEventListener("webglcontextcreationerror", listen);
  if (gl === null) throw new NoWebGLError(reason || "this browser gives no WebGL2 context");
  return gl;
}

export interface Program {
  readonly handle: WebGLProgram;
  /** Location of a uniform; null for one that the compiler has left out. */
  readonly at: (name: string) => WebGLUniformLocation | null;
  readonly dispose: () => void;
}

/** Values that shaders take from core, so that each number has one home. */
export type Constants = Readonly<Record<string, string>>;

const HEADER = "#version 300 es\nprecision highp float;\nprecision highp int;\nprecision highp sampler2D;\n";

/** @throws NoWebGLError the driver refuses the shader. */
export function compileProgram(
  gl: WebGL2RenderingContext,
  vertex: string,
  fragment: string,
  constants: Constants = {},
): Program {
  const defines = Object.entries(constants).map(([name, value]) => `#define ${name} ${value}\n`);
  const head = HEADER + defines.join("");
  const handle = gl.createProgram();
  const shaders = [
    shaderOf(gl, gl.VERTEX_SHADER, head + vertex),
    shaderOf(gl, gl.FRAGMENT_SHADER, head + fragment),
  ];
  for (const shader of shaders) gl.attachShader(handle, shader);
  gl.linkProgram(handle);
  if (!gl.getProgramParameter(handle, gl.LINK_STATUS) && !gl.isContextLost()) {
    const logs = [gl.getProgramInfoLog(handle), ...shaders.map((shader) => gl.getShaderInfoLog(shader))];
    throw new NoWebGLError(
      `the graphics driver refuses a shader: ${logs.filter(Boolean).join(" ").slice(0, 500)}`,
    );
  }
  for (const shader of shaders) gl.deleteShader(shader);
  const places = new Map<string, WebGLUniformLocation | null>();
  const at = (name: string): WebGLUniformLocation | null => {
    let place = places.get(name);
    if (place === undefined) {
      place = gl.getUniformLocation(handle, name);
      places.set(name, place);
    }
    return place;
  };
  return { handle, at, dispose: () => gl.deleteProgram(handle) };
}

function shaderOf(gl: WebGL2RenderingContext, kind: number, text: string): WebGLShader {
  const shader = gl.createShader(kind);
  // Only a lost context gives none; then nothing that follows matters until it is back.
  if (shader === null) throw new NoWebGLError("the WebGL2 context is lost");
  gl.shaderSource(shader, text);
  gl.compileShader(shader);
  return shader;
}

/** A GLSL literal. */
export const glslFloat = (x: number): string => (Number.isInteger(x) ? `${x}.0` : String(x));

export const glslVec3 = (v: readonly [number, number, number]): string =>
  `vec3(${v.map(glslFloat).join(", ")})`;
