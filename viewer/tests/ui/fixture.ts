// A small scene by hand: attn = softmax(Q @ K.T) with labels, one NaN and one masked cell.

import type { Head } from "../../src/core/types.gen";
import { DEFAULT_VIEW } from "../../src/core/view_state";
import type { BufferData, LoadedScene } from "../../src/core/wire";
import { box, face, matrix, productHead } from "../core/sample";

export const Q = [1, 2, 3, 4, 5, 6]; // (i, k) = (3, 2)
export const K = [1, 0, 0, 1, 2, -1, 0.5, 0.25]; // (j, k) = (4, 2)

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

const named = (name: string) => ({ name, text: name });
const scores = { row_axis: 0, col_axis: 1 };

export function scene(): LoadedScene {
  const matrices = [
    matrix(0, 3, 2, { ...named("Q"), row_axis: 0, col_axis: 2 }),
    matrix(1, 4, 2, { ...named("K"), row_axis: 1, col_axis: 2 }),
    matrix(2, 3, 4, { ...named("Q @ K.T"), ...scores, operation: "· @ ·", values: null }),
    matrix(3, 3, 4, { ...named("attn"), ...scores, operation: "softmax(·)", mask: "m3", stats: odd }),
  ];
  const head: Head = {
    ...productHead(),
    title: "",
    view: { ...DEFAULT_VIEW, program: "attn = softmax(Q @ K.T)" },
    axes: [
      { id: 0, name: "i", size: 3, labels: [" the", "cow", ","], title: null },
      { id: 1, name: "j", size: 4, labels: [" the", "cow", ",", "\n"], title: null },
      { id: 2, name: "d", size: 2, labels: null, title: null },
    ],
    matrices,
    layouts: [
      {
        key: "blocks",
        scheme: "blocks",
        sheets_open: false,
        gap: 1,
        faces: [
          face(0, 3, 2, { role: "left", box: 0 }),
          face(1, 2, 4, { role: "right", box: 0, transposed: true }),
          face(2, 3, 4, { node: 3, chain: [3, 2], role: "result", box: 0 }),
        ],
        boxes: [box([3, 4, 2], { k_step: [0, 0, -1] })],
        links: [],
        root_face: 2,
      },
    ],
    layout: "blocks",
    palettes: [],
    themes: [],
  };
  const buffers = new Map<string, BufferData>([
    ["v0", new Float32Array(Q)],
    ["v1", new Float32Array(K)],
    ["v3", new Float32Array(ATTN)],
    ["m3", Uint8Array.from(ATTN, (_, at) => (at === 3 ? 1 : 0))],
  ]);
  return { head, buffers };
}
