// The far view: texels of one or two pixels that keep the sign. matcube.playback.dither has the same.

/** The plastic number's sequence: 2^32 / 1.32472 and / 1.32472². */
export const NOISE = [0xc13fa9a9, 0x91e10da5] as const;
/** Of squares of 4 × 4 texels, so that no weave is seen. */
export const SHIFT = [0x9e3779b1, 0x85ebca77, 0x2c1b3c6d] as const;
/** How many halvings finer one side is read than the other. */
export const MOST_FINER = 3;

/** A number in [0, 1) for the texel in column x and row y, even over any neighbourhood. */
export function noise(x: number, y: number): number {
  let square = Math.imul(x >> 2, SHIFT[0]) ^ Math.imul(y >> 2, SHIFT[1]);
  square = Math.imul(square ^ (square >>> 15), SHIFT[2]);
  return ((Math.imul(x, NOISE[0]) + Math.imul(y, NOISE[1]) + square) >>> 8) / 2 ** 24;
}

/** How often the cells of a side are halved so that a texel is as wide as a pixel of `extent` cells, or wider. */
export function halvings(extent: number, cells: number): number {
  const most = 31 - Math.clz32(cells);
  return Math.min(Math.max(Math.ceil(Math.log2(Math.max(extent, 1e-6)) - 1e-4), 0), most);
}
