// What of the renderer needs no graphics unit: refusal, and which textures are cached. Pictures are tested in a
// browser, from Python.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { InkSource } from "../../src/core/ink";
import { NoWebGLError } from "../../src/render/renderer";
import { ownSurface } from "../../src/render/surface";
import { InkTextures } from "../../src/render/textures";
import { LOOK } from "../core/sample";

function canvas(reason: string | null): HTMLCanvasElement {
  const listeners: ((event: object) => void)[] = [];
  return {
    addEventListener: (_: string, listen: (event: object) => void) => listeners.push(listen),
    removeEventListener: () => undefined,
    getContext: () => {
      if (reason !== null) for (const listen of listeners) listen({ statusMessage: reason });
      return null;
    },
  } as unknown as HTMLCanvasElement;
}

test("without WebGL the browser's own reason is passed on", () => {
  const refused = (reason: string | null, message: RegExp): void =>
    assert.throws(
      () => ownSurface(canvas(reason)),
      (error: unknown) => error instanceof NoWebGLError && message.test(error.message),
    );
  refused("GPU access is disabled", /GPU access is disabled/);
  refused(null, /gives no WebGL2 context/);
});

/** A context of which only the number of live textures is of interest. */
function fakeContext(): { readonly gl: WebGL2RenderingContext; readonly live: Set<unknown> } {
  const live = new Set<unknown>();
  const calls: Record<string, unknown> = {
    createTexture: () => {
      const texture = {};
      live.add(texture);
      return texture;
    },
    deleteTexture: (texture: unknown) => live.delete(texture),
    getExtension: () => null,
    getParameter: () => 4096,
  };
  const gl = new Proxy(calls, { get: (target, name: string) => target[name] ?? (() => undefined) });
  return { gl: gl as unknown as WebGL2RenderingContext, live };
}

const source = (values: readonly number[]): InkSource => ({
  kind: "exact",
  rows: 1,
  cols: values.length,
  values: Float32Array.from(values),
  mask: null,
});

test("a texture is made once, and given back when its look is gone", () => {
  const { gl, live } = fakeContext();
  const textures = new InkTextures(gl);
  const first = textures.get("a", () => source([1, 2]), LOOK);
  assert.equal(
    textures.get("a", () => assert.fail("made again"), LOOK),
    first,
  );
  textures.get("b", () => source([1]), LOOK);
  textures.trim(new Set(["a", "b"]), new Set(["a"]));
  assert.equal(live.size, 2);
  // Nothing new was made: what is hidden for now stays.
  textures.trim(new Set(["a"]), new Set(["a"]));
  assert.equal(live.size, 2);
  textures.get("c", () => source([3]), LOOK);
  textures.trim(new Set(["c"]), new Set(["c"]));
  assert.equal(live.size, 1);
});

test("flags are a second texture, and an empty or missing matrix has none", () => {
  const { gl, live } = fakeContext();
  const textures = new InkTextures(gl);
  assert.notEqual(textures.get("nan", () => source([Number.NaN, 1]), LOOK)?.flags, null);
  assert.equal(live.size, 2);
  assert.equal(
    textures.get("empty", () => source([]), LOOK),
    null,
  );
  assert.equal(
    textures.get("missing", () => null, LOOK),
    null,
  );
  textures.get("x", () => source([1]), LOOK);
  textures.trim(new Set(), new Set());
  assert.equal(live.size, 0);
});
