// Shapes of NaN (a cross), +Inf and -Inf (triangles up and down), in a square of side 1 about the origin.

/** How far shapes reach from the middle. */
export const REACH = 0.36;
/** Half the width of a stroke of the cross. */
export const PEN = 0.09;
/** Of the plate around a shape. */
export const HALO = 0.1;
/** Pixels: a shape has the size of a texel of flags that is at least so large. */
export const LEAST_PX = 9;
/** The normal of a slanted side. */
export const TRIANGLE = [0.8944272, 0.4472136] as const;

/** The signed distance of (right, down) to the shape of a flag (1 NaN, 2 +Inf, 3 -Inf), negative inside. */
export function outside(flag: number, x: number, y: number): number {
  if (flag === 1) {
    const diagonal = Math.min(Math.abs(x + y), Math.abs(x - y)) * Math.SQRT1_2 - PEN;
    return Math.max(diagonal, Math.max(Math.abs(x), Math.abs(y)) - REACH);
  }
  const down = flag === 3 ? -y : y;
  return Math.max(TRIANGLE[0] * Math.abs(x) - TRIANGLE[1] * (down + REACH), down - REACH);
}
