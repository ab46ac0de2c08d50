// What of the renderer needs no graphics unit: refusal, and which textures are cached. Pictures are tested in a
// browser, from Python.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { InkSource } from "../../src/core/ink";
import { Work } from "../../src/render/brush";
import { NoWebGLError } from "../../src/render/renderer";
import { ownSurface } from "../../src/render/surface";
import { InkTextures, type Wanted } from "../../src/render/textures";
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

const wanted = (key: string, from: () => InkSource | null, alike: string | null = null): Wanted => ({
  key,
  alike,
  source: from,
  look: LOOK,
});

test("a texture is made once, and given back when its look is gone", () => {
  const { gl, live } = fakeContext();
  const textures = new InkTextures(gl);
  const first = textures.get(wanted("a", () => source([1, 2])));
  assert.equal(textures.get(wanted("a", () => assert.fail("made again"))), first);
  textures.get(wanted("b", () => source([1])));
  textures.trim(new Set(["a", "b"]), new Set(["a"]));
  assert.equal(live.size, 2);
  // Nothing new was made: what is hidden for now stays.
  textures.trim(new Set(["a"]), new Set(["a"]));
  assert.equal(live.size, 2);
  textures.get(wanted("c", () => source([3])));
  textures.trim(new Set(["c"]), new Set(["c"]));
  assert.equal(live.size, 1);
});

test("flags are a second texture, and an empty or missing matrix has none", () => {
  const { gl, live } = fakeContext();
  const textures = new InkTextures(gl);
  assert.notEqual(textures.get(wanted("nan", () => source([Number.NaN, 1])))?.flags, null);
  assert.equal(live.size, 2);
  assert.equal(textures.get(wanted("empty", () => source([]))), null);
  assert.equal(textures.get(wanted("missing", () => null)), null);
  textures.get(wanted("x", () => source([1])));
  textures.trim(new Set(), new Set());
  assert.equal(live.size, 0);
});

test("the last look of a matrix is found until its texture is given back", () => {
  const { gl } = fakeContext();
  const textures = new InkTextures(gl);
  assert.equal(textures.latest("A"), null);
  textures.get(wanted("A 1", () => source([1]), "A"));
  textures.get(wanted("A 2", () => source([2]), "A"));
  assert.equal(textures.latest("A"), "A 2");
  textures.trim(new Set(["A 1"]), new Set(["A 1"]));
  assert.equal(textures.latest("A"), null);
});

test("matrices get another look in turn: some in each frame, all in the end, all at once where the frame is whole", () => {
  const names = ["A", "B", "C", "D"];
  const served = new Set<string>();
  const frame = (wanting: readonly string[], whole = false): [string[], boolean] => {
    const work = new Work(whole, served);
    const inked = wanting.filter((name) => work.ink(name, 600_000));
    work.end();
    return [inked, work.left];
  };
  assert.deepEqual(frame(names), [["A"], true]);
  assert.deepEqual(frame(names), [["B"], true]); // the slider moved again: A wants another look, and waits
  assert.deepEqual(frame(["A", "C", "D"]), [["C"], true]);
  assert.deepEqual(frame(["A", "D"]), [["D"], true]);
  assert.deepEqual(frame(["A"]), [[], true]);
  assert.deepEqual(frame(["A"]), [["A"], false]);
  assert.deepEqual(frame(names, true), [names, false]);
  const small = new Work(false, new Set());
  assert.ok(names.every((name) => small.ink(name, 200_000)) && !small.left);
});
