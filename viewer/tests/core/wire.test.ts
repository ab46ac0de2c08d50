import assert from "node:assert/strict";
import { test } from "node:test";
import type { Film, Head, Sweep } from "../../src/core/types.gen";
import { decodeScene, mergeBuffers, WireError } from "../../src/core/wire";
import { encode, matrix, PRODUCT_BUFFERS, pack, pooled, productBytes, productHead } from "./sample";
import { sweepOf } from "./sweeps";

const refuses = (bytes: ArrayBuffer, message: RegExp): void =>
  assert.throws(
    () => decodeScene(bytes),
    (error: unknown) => error instanceof WireError && message.test(error.message),
  );

test("a scene comes back as it was, buffers as views of their types", () => {
  const scene = decodeScene(productBytes());
  assert.deepEqual({ ...scene.head, buffers: [] }, productHead());
  assert.equal(scene.buffers.size, 4);
  for (const [name, data] of Object.entries(PRODUCT_BUFFERS)) assert.deepEqual(scene.buffers.get(name), data);
});

test("text beyond ASCII in the head", () => {
  const title = "Σ 50 % → 日本語 🙂";
  assert.equal(decodeScene(encode({ ...productHead(), title }, PRODUCT_BUFFERS)).head.title, title);
});

test("buffers that were left out are missing, and are taken from what is held", () => {
  const first = decodeScene(productBytes());
  const second = decodeScene(productBytes(["v1", "m2"]));
  assert.ok(!second.buffers.has("v1") && !second.buffers.has("m2"));
  const merged = mergeBuffers(first, second);
  assert.deepEqual([...merged.buffers.keys()].sort(), [...first.buffers.keys()].sort());
  assert.equal(merged.buffers.get("v1"), first.buffers.get("v1"));
  assert.equal(mergeBuffers(null, second).buffers.size, 2);
});

test("what is held but no longer named is let go", () => {
  const first = decodeScene(productBytes());
  const head = {
    ...productHead(),
    matrices: [matrix(0, 2, 3)],
    layouts: [{ ...productHead().layouts[0]!, faces: [], boxes: [] }],
  };
  const next = decodeScene(encode(head, { v0: PRODUCT_BUFFERS.v0! }));
  assert.deepEqual([...mergeBuffers(first, next).buffers.keys()], ["v0"]);
});

test("parts of the head that were left out are those in hand, if they are the same", () => {
  const parts = { axes: "a", matrices: "m", layouts: "l" };
  const first = decodeScene(encode({ ...productHead(), parts }, PRODUCT_BUFFERS)).head;
  const buffers = first.buffers.map((entry) => ({ ...entry, offset: -1 }));
  const short: Partial<Head> = { ...productHead(), title: "next", buffers, parts };
  for (const part of Object.keys(parts)) delete short[part as keyof Head];
  const next = decodeScene(pack(short as Head), first).head;
  assert.equal(next.title, "next");
  assert.equal(next.matrices, first.matrices);
  assert.equal(next.layouts, first.layouts);
  refuses(pack(short as Head), /damaged/);
  assert.throws(
    () => decodeScene(pack(short as Head), { ...first, parts: { ...parts, axes: "b" } }),
    WireError,
  );
});

test("bytes that are no scene, or of another format or version", () => {
  refuses(new ArrayBuffer(0), /not a matcube scene/);
  refuses(
    new TextEncoder().encode("<!doctype html> and more of it").buffer as ArrayBuffer,
    /not a matcube scene/,
  );
  const format = productBytes();
  new Uint8Array(format)[7] = 2;
  refuses(format, /scene format 2 is unknown here; this viewer reads format 1/);
  refuses(
    pack({ ...productHead(), version: 9 }),
    /scene version 9 is unknown here; this viewer reads version 1/,
  );
});

test("cut anywhere, a scene is refused and never read beyond its end", () => {
  const bytes = productBytes();
  for (let length = 0; length < bytes.byteLength - 16; length += 7) {
    assert.throws(() => decodeScene(bytes.slice(0, length)), WireError, `${length} bytes`);
  }
});

test("a head length beyond the bytes", () => {
  const bytes = productBytes();
  new DataView(bytes).setUint32(8, 0xffffffff, true);
  refuses(bytes, /head is longer than the bytes/);
});

test("a head that is not JSON, or not UTF-8", () => {
  const bytes = productBytes();
  new Uint8Array(bytes)[16] = 0x21;
  refuses(bytes, /head is damaged/);
  new Uint8Array(bytes)[16] = 0xff;
  refuses(bytes, /head is damaged/);
  refuses(pack([1, 2]), /no version/);
  refuses(pack(null), /no version/);
});

test("hostile offsets and lengths of a buffer", () => {
  for (const wrong of [
    { offset: 8 },
    { offset: 1 << 20 },
    { offset: -16 },
    { offset: 0.5 },
    { length: 1e15, offset: 0 },
    { length: -1 },
    { offset: Number.MAX_SAFE_INTEGER - 7 },
  ]) {
    const scene = decodeScene(productBytes()).head;
    const buffers = scene.buffers.map((entry, at) => (at === 0 ? { ...entry, ...wrong } : entry));
    assert.throws(() => decodeScene(pack({ ...scene, buffers })), WireError, JSON.stringify(wrong));
  }
});

const film = (wrong: Partial<Sweep>): Film => ({
  duration: 2,
  sweeps: [{ ...sweepOf("i", [2, 4, 3]), ...wrong }],
  needs: [],
  exchanges: [],
});

type Change = (head: Head) => unknown;

const CHANGES: Readonly<Record<string, readonly [Change, RegExp]>> = {
  "a matrix larger than its buffer": [
    (head) => ({ ...head, matrices: [matrix(0, 2000, 3), ...head.matrices.slice(1)] }),
    /matrix 0 values have 6 cells where 6000 are needed/,
  ],
  "values of a type that holds none": [
    (head) => ({ ...head, matrices: [matrix(0, 2, 4, { values: "m2" }), ...head.matrices.slice(1)] }),
    /matrix 0 values have dtype u8/,
  ],
  "a mask of another size": [
    (head) => ({ ...head, matrices: [matrix(0, 2, 3, { mask: "m2" }), ...head.matrices.slice(1)] }),
    /matrix 0 mask have 8 cells/,
  ],
  "a buffer nobody sent": [
    (head) => ({ ...head, matrices: [matrix(0, 2, 3, { values: "x" }), ...head.matrices.slice(1)] }),
    /name no buffer/,
  ],
  "a pooled matrix without its ink": [
    (head) => ({
      ...head,
      matrices: [matrix(0, 2, 3, { values: null, pooled: pooled(1, 2) }), ...head.matrices.slice(1)],
    }),
    /matrix 0 mean name no buffer/,
  ],
  "rows that are no count": [
    (head) => ({ ...head, matrices: [matrix(0, 1e300, 3), ...head.matrices.slice(1)] }),
    /not a whole number/,
  ],
  "a loop that does not advance": [
    (head) => ({ ...head, film: film({ loops: [{ letter: "i", size: 0 }] }) }),
    /sweep.loops do not advance/,
  ],
  "blocks without an end": [
    (head) => ({ ...head, film: film({ blocks: [0, 4, 3] }) }),
    /sweep.blocks are empty/,
  ],
  "a loop over no letter": [
    (head) => ({ ...head, film: film({ loops: [{ letter: "x" as "i", size: 1 }] }) }),
    /sweep.loops have no such letter/,
  ],
  "very many loops": [
    (head) => ({ ...head, film: film({ loops: Array(10).fill({ letter: "i", size: 1 }) }) }),
    /sweep.loops are more than 9/,
  ],
  "a face of another size than its matrix": [
    (head) => withLayout(head, (layout) => ({ faces: layout.faces.map((face) => ({ ...face, rows: 9 })) })),
    /face 0 has not the size of its matrix/,
  ],
  "a face of a node that is not there": [
    (head) => withLayout(head, (layout) => ({ faces: layout.faces.map((face) => ({ ...face, node: 77 })) })),
    /face 0 shows no matrix/,
  ],
  "a face at no place": [
    (head) =>
      withLayout(head, (layout) => ({
        faces: layout.faces.map((face) => ({ ...face, origin: [0, null, 0] })),
      })),
    /face 0 origin has an entry that is not a number/,
  ],
  "a box of faces that are not there": [
    (head) => withLayout(head, (layout) => ({ boxes: layout.boxes.map((box) => ({ ...box, left: 3 })) })),
    /box 0 left is 3, not a whole number up to 2/,
  ],
  "a layout that is none of them": [(head) => ({ ...head, layout: "b" }), /layout is none of the layouts/],
  "no palette": [(head) => ({ ...head, palettes: [] }), /palettes is empty/],
  "no size table": [
    (head) => ({ ...head, themes: head.themes.map((theme) => ({ ...theme, sizes: [] })) }),
    /sizes has not 2 numbers/,
  ],
};

function withLayout(head: Head, change: (layout: Head["layouts"][number]) => object): unknown {
  return { ...head, layouts: head.layouts.map((layout) => ({ ...layout, ...change(layout) })) };
}

for (const [name, [change, message]] of Object.entries(CHANGES)) {
  test(`a head with ${name} is refused`, () => {
    const { head } = decodeScene(productBytes());
    const buffers = head.buffers.map((entry) => ({ ...entry, offset: -1 }));
    refuses(pack(change({ ...head, buffers })), message);
  });
}
