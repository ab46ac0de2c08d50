// A small scene by hand: attn = softmax(Q @ K.T) with labels, one NaN and one masked cell.

import type { Face, Head, Matrix } from "../../src/core/types.gen";
import { DEFAULT_VIEW } from "../../src/core/view_state";
import type { BufferData, LoadedScene } from "../../src/core/wire";

export const Q = [1, 2, 3, 4, 5, 6]; // (i, k) = (3, 2)
export const K = [1, 0, 0, 1, 2, -1, 0.5, 0.25]; // (j, k) = (4, 2)

function matrix(
  node: number,
  name: string,
  rows: number,
  cols: number,
  fields: Partial<Matrix> = {},
): Matrix {
  return {
    node,
    name,
    text: name,
    operation: "",
    rows,
    cols,
    dtype: "float32",
    row_axis: 0,
    col_axis: 1,
    values: `v${node}`,
    pooled: null,
    mask: null,
    hollow: false,
    scales: { robust: { lo: 0, hi: 1 } },
    stats: null,
    inputs: [],
    copy: null,
    ...fields,
  };
}

function face(id: number, node: number, fields: Partial<Face>): Face {
  return {
    id,
    node,
    chain: [node],
    transposed: false,
    origin: [0, 0, 0],
    across: [1, 0, 0],
    down: [0, -1, 0],
    rows: 1,
    cols: 1,
    role: "result",
    box: 0,
    row_letter: "i",
    col_letter: "j",
    sheet: 0,
    alias_of: null,
    row_split: null,
    col_split: null,
    cover: null,
    part: null,
    ...fields,
  };
}

const odd = {
  min: 0,
  max: 1,
  mean: 0,
  std: 0,
  zeros: 0,
  nan: 1,
  pos_inf: 0,
  neg_inf: 0,
  masked: 1,
  histogram: null,
  spectrum: null,
};

export const ATTN = [0.5, 0.25, 0.25, 0, Number.NaN, 0.1, 0.2, 0.7, 1, 0, 0, 0];

export function scene(): LoadedScene {
  const matrices = [
    matrix(0, "Q", 3, 2, { row_axis: 0, col_axis: 2 }),
    matrix(1, "K", 4, 2, { row_axis: 1, col_axis: 2 }),
    matrix(2, "Q @ K.T", 3, 4, { operation: "· @ ·", values: null }),
    matrix(3, "attn", 3, 4, { operation: "softmax(·)", mask: "m3", stats: odd }),
  ];
  const head: Head = {
    version: 1,
    title: "",
    view: { ...DEFAULT_VIEW, program: "attn = softmax(Q @ K.T)" },
    axes: [
      { id: 0, name: "i", size: 3, labels: [" the", "cow", ","] },
      { id: 1, name: "j", size: 4, labels: [" the", "cow", ",", "\n"] },
      { id: 2, name: "d", size: 2, labels: null },
    ],
    matrices,
    layouts: [
      {
        key: "blocks",
        scheme: "blocks",
        sheets_open: false,
        gap: 1,
        faces: [
          face(0, 0, { role: "left", rows: 3, cols: 2 }),
          face(1, 1, { role: "right", rows: 2, cols: 4, transposed: true }),
          face(2, 3, { chain: [3, 2], rows: 3, cols: 4 }),
        ],
        boxes: [
          {
            id: 0,
            node: 2,
            transposed: false,
            left: 0,
            right: 1,
            result: 2,
            corner: [0, 0, 0],
            i_step: [0, -1, 0],
            j_step: [1, 0, 0],
            k_step: [0, 0, -1],
            sizes: [3, 4, 2],
            arrangement: "-LTF",
            parent: null,
            splits: [null, null, null],
          },
        ],
        links: [],
        root_face: 2,
      },
    ],
    layout: "blocks",
    palettes: [],
    themes: [],
    vocabulary: { operations: [], schemes: [], sensitivities: [], algorithms: [], presets: [] },
    film: null,
    buffers: [],
    terms: [],
    partition: null,
    cost: [],
    parts: {},
  };
  const buffers = new Map<string, BufferData>([
    ["v0", new Float32Array(Q)],
    ["v1", new Float32Array(K)],
    ["v3", new Float32Array(ATTN)],
    ["m3", Uint8Array.from(ATTN, (_, at) => (at === 3 ? 1 : 0))],
  ]);
  return { head, buffers };
}
