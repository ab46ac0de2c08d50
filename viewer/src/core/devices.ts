// What a device of a partition holds of a matrix: one block along each dimension that is shared among devices.

import type { Rect } from "./reveal";
import type { Face, Head } from "./types.gen";

const PARTIAL = -2;

/** The cells of a face's node that a device holds; null when it holds all of them, or nothing is known. */
export function heldBy(head: Head, id: number, face: Face): Rect | null {
  const table = head.partition;
  const device = table?.devices.find((device) => device.id === id);
  const row = table?.matrices.find((matrix) => matrix.node === face.node);
  if (!table || device === undefined || row === undefined) return null;
  const rank = row.shape.length;
  const sizes = face.transposed ? [face.cols, face.rows] : [face.rows, face.cols];
  const [from, to] = [[0, 0], [...sizes]];
  row.dims.forEach((dim, group) => {
    const at = device.at[group] ?? 0;
    if (dim === PARTIAL && face.part !== null && face.part !== at) to[0] = 0;
    if (dim < 0) return;
    const axis = dim + 2 - rank;
    const size = sizes[axis] ?? 0;
    const length = Math.max(1, Math.ceil(size / (table.groups[group]?.blocks ?? 1)));
    from[axis] = Math.min(size, at * length);
    to[axis] = Math.min(to[axis] ?? 0, size, (at + 1) * length);
  });
  const [row0 = 0, col0 = 0] = from;
  const [rows, cols] = [Math.max(0, (to[0] ?? 0) - row0), Math.max(0, (to[1] ?? 0) - col0)];
  return rows === sizes[0] && cols === sizes[1] ? null : { row: row0, col: col0, rows, cols };
}
