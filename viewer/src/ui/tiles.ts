// Exact cells of matrices that were too large to send: fetched in blocks, when a reader rests on one.

import { decodeScene } from "../core/wire";
import type { Backend } from "./backend";

const SIDE = 64;

interface Tile {
  readonly row: number;
  readonly col: number;
  readonly cols: number;
  readonly values: Float32Array | Float64Array;
}

/** A cache of blocks of exact cells. */
export class Tiles {
  readonly #backend: Backend;
  readonly #kept = new Map<string, Tile | null>();

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  /** The exact value of a cell, if its block is here. */
  value(node: number, row: number, col: number): number | undefined {
    const tile = this.#kept.get(key(node, row, col));
    return tile ? tile.values[(row - tile.row) * tile.cols + (col - tile.col)] : undefined;
  }

  /** Bring the block of a cell; resolves with whether something new is here. */
  async fetch(
    node: number,
    row: number,
    col: number,
    shape: { rows: number; cols: number; pooled: { mean: string } | null },
  ): Promise<boolean> {
    const name = key(node, row, col);
    if (!this.#backend.live || this.#kept.has(name)) return false;
    this.#kept.set(name, null);
    const [top, left] = [row - (row % SIDE), col - (col % SIDE)];
    const rows = Math.min(SIDE, shape.rows - top);
    const cols = Math.min(SIDE, shape.cols - left);
    try {
      const mean = shape.pooled?.mean ?? null; // says of which values, where another tab shows others
      const bytes = await this.#backend.ask({ kind: "tile", node, row: top, col: left, rows, cols, mean });
      const [values] = decodeScene(bytes.slice().buffer).buffers.values();
      const floats = values instanceof Float32Array || values instanceof Float64Array;
      if (!floats || values.length !== rows * cols) return false;
      this.#kept.set(name, { row: top, col: left, cols, values });
      return true;
    } catch {
      this.#kept.delete(name); // the average stays on show
      return false;
    }
  }

  /** Forget everything: the scene is another one. */
  clear(): void {
    this.#kept.clear();
  }
}

const key = (node: number, row: number, col: number): string =>
  `${node}:${Math.floor(row / SIDE)}:${Math.floor(col / SIDE)}`;
