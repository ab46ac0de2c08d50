// The signs of numbers on cells: strokes in hundredths of an em, and their field of distances, as in
// playback/glyphs.py.

export const PEN = 6.4;
export const SPREAD = 8;
export const TEXELS = 64;
export const WIDE = 56;
export const HIGH = 56;
export const TOP = -8;
export const CAP = 72;

/** Sign, advance, strokes. */
export const GLYPHS: readonly (readonly [string, number, string])[] = [
  [
    "0",
    62,
    "50 36 49 47 46 56 40 63 34 67 28 67 22 63 16 56 13 47 12 36 13 25 16 16 21 9 28 5 34 5 40 9 46 16 49 25 50 36",
  ],
  ["1", 62, "16 17 33 5 33 67;17 67 49 67"],
  ["2", 62, "13 20 15 14 19 9 25 6 31 5 37 6 43 9 47 14 49 20 49 26 47 32 13 67 50 67"],
  [
    "3",
    62,
    "14 14 17 9 22 6 28 5 34 6 39 8 43 12 46 17 46 22 44 27 40 31 35 34 29 35 29 35 36 36 42 39 46 43 48 49 48 54 45 60 41 64 35 66 28 67 21 66 15 62 11 58",
  ],
  ["4", 62, "39 67 39 5 10 49 53 49"],
  [
    "5",
    62,
    "47 5 19 5 16 32 19 29 25 26 31 25 38 27 43 31 47 36 49 43 49 50 47 57 42 62 37 66 30 67 24 66 18 62 13 57",
  ],
  [
    "6",
    62,
    "45 5 37 7 29 11 23 16 18 23 15 30 13 38 12 47;12 48 13 42 16 36 21 32 28 29 34 29 40 32 46 36 49 42 50 48 49 54 46 60 40 64 34 67 28 67 22 64 16 60 13 54 12 48",
  ],
  ["7", 62, "12 5 50 5 25 67"],
  [
    "8",
    62,
    "47 20 46 25 43 30 39 33 34 35 28 35 23 33 19 30 16 25 15 20 16 15 19 10 23 7 28 5 34 5 39 7 43 10 46 15 47 20;50 51 49 56 46 61 40 65 34 67 28 67 22 65 16 61 13 56 12 51 13 46 16 41 21 37 28 35 34 35 40 37 46 41 49 46 50 51",
  ],
  [
    "9",
    62,
    "17 67 25 65 33 61 39 56 44 49 47 42 49 34 50 25;50 24 49 30 46 36 41 40 34 43 28 43 22 40 16 36 13 30 12 24 13 18 16 12 22 8 28 5 34 5 40 8 46 12 49 18 50 24",
  ],
  ["−", 56, "10 38 46 38"],
  [".", 28, "14 66 14 66"],
  [
    "e",
    58,
    "13 47 45 47 46 44 44 37 40 32 35 28 29 27 23 28 18 32 14 38 12 44 12 51 15 58 19 63 24 66 30 67 36 65 41 61",
  ],
  [
    "∞",
    84,
    "42 38 48 44 53 48 58 52 63 54 67 54 70 52 72 48 74 44 74 38 74 32 72 28 70 24 67 22 63 22 58 24 53 28 48 32 42 38 36 44 31 48 26 52 21 54 17 54 14 52 12 48 10 44 10 38 10 32 12 28 14 24 17 22 21 22 26 24 31 28 36 32 42 38",
  ],
  ["N", 68, "13 67 13 5 55 67 55 5"],
  [
    "a",
    58,
    "44 48 44 55 41 60 36 65 31 67 25 67 20 65 15 60 12 55 12 48 12 42 15 37 20 32 25 30 31 30 36 32 41 37 44 42 44 48;46 30 46 67",
  ],
];

/** Advances in ems; the first, of no sign, is 0. */
export const ADVANCES: readonly number[] = [0, ...GLYPHS.map(([, advance]) => advance / 100)];

/** The field of distances of one sign, HIGH × WIDE bytes. */
export function fieldOf(strokes: string): Uint8Array {
  const lines = strokes.split(";").map((stroke) => stroke.split(" ").map(Number));
  const out = new Uint8Array(HIGH * WIDE);
  const scale = 100 / TEXELS;
  for (let at = 0; at < out.length; at++) {
    const [x, y] = [((at % WIDE) + 0.5) * scale, (Math.floor(at / WIDE) + 0.5) * scale + TOP];
    let nearest = Infinity;
    for (const line of lines) {
      for (let n = 0; n + 3 < line.length; n += 2) {
        const [ax = 0, ay = 0, bx = 0, by = 0] = line.slice(n, n + 4);
        const along = Math.max((bx - ax) ** 2 + (by - ay) ** 2, 1e-9);
        const t = Math.min(Math.max(((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / along, 0), 1);
        nearest = Math.min(nearest, Math.hypot(ax + t * (bx - ax) - x, ay + t * (by - ay) - y));
      }
    }
    out[at] = Math.floor(Math.min(Math.max(0.5 + (PEN - nearest) / (2 * SPREAD), 0), 1) * 255 + 0.5);
  }
  return out;
}
