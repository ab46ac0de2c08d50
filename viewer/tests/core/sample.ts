// A small scene built by hand, and its bytes, for the tests of this folder.

import type { InkLook } from "../../src/core/ink";
import type { Box, Buffer, Face, Head, Ink, Matrix, Pooled, Vec3 } from "../../src/core/types.gen";
import { DEFAULT_VIEW } from "../../src/core/view_state";
import type { BufferData } from "../../src/core/wire";

export const RAMP: Ink = {
  negative: [0x200000, 0xff4020],
  positive: [0x000020, 0x2080ff],
  nan: 0xff00e1,
  pos_inf: 0xf6ff00,
  neg_inf: 0x00ff6e,
};

/** Dots up to nearly the whole cell, coloured by the ramp from 0 to 1. */
export const LOOK: InkLook = {
  ink: RAMP,
  sizes: [0.05, 0.7],
  plate: 0x1b222c,
  bright: null,
  scale: { lo: 0, hi: 1 },
  contrast: 1,
  dotScale: 1,
  peak: false,
};

export function matrix(node: number, rows: number, cols: number, more: Partial<Matrix> = {}): Matrix {
  return {
    node,
    name: `m${node}`,
    text: `m${node}`,
    operation: "",
    rows,
    cols,
    dtype: "float32",
    row_axis: -1,
    col_axis: -1,
    values: `v${node}`,
    pooled: null,
    mask: null,
    hollow: false,
    scales: { robust: { lo: 0, hi: 1 } },
    stats: null,
    inputs: [],
    copy: null,
    ...more,
  };
}

export const pooled = (rows: number, cols: number, more: Partial<Pooled> = {}): Pooled => ({
  rows,
  cols,
  block: [2, 2],
  mean: "mean",
  ink: "ink",
  flags: "flags",
  peaks: "peaks",
  sensitivity: "robust",
  ...more,
});

export function face(id: number, rows: number, cols: number, more: Partial<Face> = {}): Face {
  return {
    id,
    node: id,
    chain: [more.node ?? id],
    transposed: false,
    origin: [0, 0, 0],
    across: [1, 0, 0],
    down: [0, -1, 0],
    rows,
    cols,
    role: "alone",
    box: null,
    row_letter: "i",
    col_letter: "j",
    sheet: 0,
    alias_of: null,
    row_split: null,
    col_split: null,
    cover: null,
    part: null,
    ...more,
  };
}

/** A box whose left (i, k), right (k, j) and result (i, j) faces are 0, 1 and 2. */
export const box = (sizes: Vec3, more: Partial<Box> = {}): Box => ({
  id: 0,
  node: 2,
  transposed: false,
  left: 0,
  right: 1,
  result: 2,
  corner: [0, 0, 0],
  i_step: [0, -1, 0],
  j_step: [1, 0, 0],
  k_step: [0, 0, 1],
  sizes,
  arrangement: "-LTF",
  parent: null,
  splits: [null, null, null],
  ...more,
});

/** The head of C = A @ B with A 2 × 3, B 3 × 4 shown as its transpose is stored. */
export function productHead(): Head {
  return {
    version: 1,
    title: "C = A @ B",
    view: DEFAULT_VIEW,
    axes: [],
    matrices: [matrix(0, 2, 3), matrix(1, 4, 3), matrix(2, 2, 4, { mask: "m2" })],
    layouts: [
      {
        key: "a",
        scheme: "blocks",
        sheets_open: false,
        gap: 1,
        faces: [
          face(0, 2, 3, { origin: [-1, 0, 0], across: [0, 0, 1], role: "left", box: 0 }),
          face(1, 3, 4, { origin: [0, 1, 0], down: [0, 0, 1], role: "right", box: 0, transposed: true }),
          face(2, 2, 4, { origin: [0, 0, 4], role: "result", box: 0 }),
        ],
        boxes: [box([2, 4, 3])],
        links: [],
        root_face: 2,
      },
    ],
    layout: "a",
    palettes: [{ name: "glow", help: "", safe: false, dark: RAMP, light: RAMP }],
    themes: [
      {
        ...{ name: "dark", ground: 0, text: 1, muted: 2, guide: 3, left: 4, right: 5, accent: 6 },
        ...{
          plate: 7,
          plate_front: 8,
          masked: 9,
          frame: 10,
          edge: 11,
          side: 12,
          sizes: [0.05, 0.7],
          devices: [13, 14],
        },
      },
    ],
    vocabulary: { operations: [], schemes: [], sensitivities: [], algorithms: [], presets: [] },
    film: null,
    buffers: [],
    terms: [],
    partition: null,
    cost: [],
    parts: {},
  };
}

export const PRODUCT_BUFFERS: Readonly<Record<string, BufferData>> = {
  v0: new Float32Array([1, 2, 3, -4, 5, 0.5]),
  v1: new Float64Array([1, 0, -1, 2, 2, 2, 0, 3, 0, 1e-3, -7, 1]),
  v2: new Float32Array(8),
  m2: new Uint8Array([0, 1, 0, 0, 0, 0, 0, 1]),
};

const NAMES = [
  [Float32Array, "f32"],
  [Float64Array, "f64"],
  [Uint16Array, "f16"],
  [Uint8Array, "u8"],
] as const;

/** Container bytes of a head and its buffers, those in `left` not included. */
export function encode(
  head: Head,
  buffers: Readonly<Record<string, BufferData>>,
  left: readonly string[] = [],
): ArrayBuffer {
  const up = (n: number): number => Math.ceil(n / 16) * 16;
  let size = 0;
  const entries = Object.entries(buffers).map(([sha256, data]): Buffer => {
    const dtype = NAMES.find(([kind]) => data instanceof kind)![1];
    const offset = left.includes(sha256) ? -1 : size;
    if (offset !== -1) size = up(size + data.byteLength);
    return { sha256, dtype, length: data.length, offset };
  });
  return pack(
    { ...head, buffers: entries },
    (out, start) => {
      for (const { sha256, offset } of entries) {
        const data = buffers[sha256]!;
        if (offset === -1) continue;
        out.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), start + offset);
      }
    },
    size,
  );
}

/** Container bytes around any JSON value. */
export function pack(
  head: unknown,
  fill: (out: Uint8Array, start: number) => void = () => undefined,
  size = 0,
): ArrayBuffer {
  const json = new TextEncoder().encode(JSON.stringify(head));
  const start = Math.ceil((16 + json.length) / 16) * 16;
  const bytes = new ArrayBuffer(start + size);
  const out = new Uint8Array(bytes);
  out.set([...new TextEncoder().encode("MATCUBE"), 1]);
  new DataView(bytes).setUint32(8, json.length, true);
  out.set(json, 16);
  fill(out, start);
  return bytes;
}

export const productBytes = (left: readonly string[] = []): ArrayBuffer =>
  encode(productHead(), PRODUCT_BUFFERS, left);
