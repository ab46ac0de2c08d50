import assert from "node:assert/strict";
import { test } from "node:test";
import { fromHalf, halfTable, halvesOf, toHalf, toHalves } from "../../src/core/half";
import { buildInk, dotRadius, type InkLevel, type InkLook, type InkSource } from "../../src/core/ink";
import { spans } from "../../src/core/pyramid";
import { inkKey } from "../../src/core/sources";
import type { Matrix } from "../../src/core/types.gen";
import { DEFAULT_VIEW } from "../../src/core/view_state";
import { LOOK, matrix, pooled } from "./sample";

const exact = (
  rows: number,
  cols: number,
  cells: ArrayLike<number>,
  mask: Uint8Array | null = null,
): InkSource => ({
  kind: "exact",
  rows,
  cols,
  values: Float32Array.from(cells),
  mask,
});

/** A seeded stream of numbers in [-1, 1). */
function noise(count: number): Float32Array {
  let state = 12345;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return (state >>> 8) / 2 ** 23 - 1;
  });
}

const texel = (level: InkLevel, at: number): readonly number[] =>
  Array.from(level.halves.subarray(4 * at, 4 * at + 4), fromHalf);

function mean(level: InkLevel, channel: number): number {
  let total = 0;
  for (let at = channel; at < level.halves.length; at += 4) total += fromHalf(level.halves[at]!);
  return total / (level.rows * level.cols);
}

test("f16: every pattern comes back, and the nearest is chosen", () => {
  for (let half = 0; half < 0x10000; half++) {
    const value = fromHalf(half);
    if (Number.isNaN(value)) assert.ok(Number.isNaN(fromHalf(toHalf(value))));
    else assert.equal(toHalf(value), half, `pattern ${half}`);
  }
  for (const value of noise(5000)) {
    const actual = fromHalf(toHalf(value));
    assert.ok(Math.abs(actual - value) <= Math.max(Math.abs(value) * 2 ** -11, 2 ** -25));
  }
  assert.equal(fromHalf(toHalf(1 + 2 ** -11)), 1); // a tie goes to even
  assert.equal(fromHalf(toHalf(65519)), 65504);
  assert.equal(fromHalf(toHalf(65520)), Infinity);
  assert.equal(fromHalf(toHalf(2 ** -25)), 0);
});

test("f16: arrays as one by one", () => {
  const tiny = noise(4000).map((value) => Math.abs(value) * 2 ** -14);
  const values = Float32Array.from([0, 1, 0.3333, 6e-5, 1e-7, 5e-8, 65504, 2 ** -25, ...tiny]);
  assert.deepEqual([...halvesOf(values)], [...values].map(toHalf));
  assert.deepEqual(toHalves(values), halvesOf(values)); // by the engine's own halves, where it has them
  for (const half of [0, 1, 0x3c00, 0x7bff, 0xbc01]) assert.equal(halfTable()[half], fromHalf(half));
});

/** Strength of the ink of magnitude a. */
const strength = (a: number): number => 0.07 + 0.93 * a ** 0.6;

const close = (actual: readonly number[], want: readonly number[]): void =>
  want.forEach((x, n) => {
    assert.ok(Math.abs((actual[n] ?? Number.NaN) - x) < 1e-3, `${actual} is not ${want}`);
  });

test("a cell's ink: strength and magnitude, of the positive ones in a channel of its own; nothing for zero", () => {
  const [first] = buildInk(exact(1, 4, [1, -0.5, 0, 3]), LOOK).levels;
  close(texel(first!, 0), [1, 1, 0, 1]);
  close(texel(first!, 1), [0, 0.5, 0, strength(0.5)]);
  assert.deepEqual(texel(first!, 2), [0, 0, 0, 0]);
  assert.deepEqual(texel(first!, 3), texel(first!, 0));
});

test("contrast, lo and dot scale; ink never covers more than its cell", () => {
  const own = (value: number, look: Partial<InkLook>): readonly number[] =>
    texel(buildInk(exact(1, 1, [value]), { ...LOOK, ...look }).levels[0]!, 0);
  close(own(0.25, { contrast: 2 }), [strength(0.5), 0.5, 0, strength(0.5)]);
  close(own(0.75, { scale: { lo: 0.5, hi: 1 } }), [strength(0.5), 0.5]);
  close(own(0.4, { scale: { lo: 0.5, hi: 1 } }), [0.07, 0, 0, 0.07]);
  close(own(1, { dotScale: 0.5 }), [0.25, 1, 0, 0.25]);
  close(own(1, { dotScale: 4 }), [1, 1, 0, 1]);
  assert.ok(own(1e-30, { scale: { lo: 0, hi: 0 } })[3]! > 0);
  assert.equal(dotRadius({ ...LOOK, dotScale: 9 }, 1), 0.5);
});

for (const [rows, cols] of [
  [1, 7],
  [255, 255],
  [576, 576],
  [1023, 1023],
  [1023, 6],
  [1, 1],
  [3, 1],
] as const) {
  test(`the mean of a ${rows} × ${cols} face is kept at every level`, () => {
    const { levels } = buildInk(exact(rows, cols, noise(rows * cols)), LOOK);
    const top = levels.at(-1)!;
    assert.deepEqual([top.rows, top.cols], [1, 1]);
    levels.forEach((level, at) => {
      assert.equal(level.rows, Math.max(1, rows >> at));
      assert.equal(level.cols, Math.max(1, cols >> at));
      for (const channel of [0, 1, 3]) {
        const expected = mean(levels[0]!, channel);
        assert.ok(Math.abs(mean(level, channel) / expected - 1) < 1e-3, `level ${at} channel ${channel}`);
      }
    });
  });
}

test("no row is lost: a lone dot in the last row of an odd face reaches the top", () => {
  const cells = new Float32Array(5 * 5);
  cells[24] = 1;
  const top = buildInk(exact(5, 5, cells), LOOK).levels.at(-1)!;
  assert.ok(Math.abs(texel(top, 0)[3]! - 1 / 25) < 1e-4);
});

test("spans cover each side once", () => {
  for (const n of [1, 2, 3, 5, 7, 255, 576]) {
    const covered = new Float64Array(n);
    for (const { from, weights } of spans(n)) {
      assert.ok(Math.abs(weights.reduce((a, b) => a + b, 0) - 1) < 1e-12);
      weights.forEach((weight, d) => {
        covered[from + d] = covered[from + d]! + weight * (n / spans(n).length);
      });
    }
    for (const share of covered) assert.ok(Math.abs(share - 1) < 1e-9, `n = ${n}`);
  }
});

test("NaN and infinities: no ink, and flags to the top", () => {
  const cells = new Float32Array(64 * 64);
  cells[63 * 64 + 63] = Number.NaN;
  cells[5] = Infinity;
  cells[700] = -Infinity;
  const { levels, flags } = buildInk(exact(64, 64, cells), LOOK);
  assert.deepEqual(texel(levels[0]!, 5), [0, 0, 0, 0]);
  assert.ok(flags !== null);
  assert.deepEqual([flags[0]!.flags[5], flags[0]!.flags[700], flags[0]!.flags[64 * 64 - 1]], [2, 3, 1]);
  assert.equal(flags.at(-1)!.flags[0], 3);
  assert.equal(flags.length, levels.length);
  assert.equal(buildInk(exact(2, 2, [1, 2, 3, 4]), LOOK).flags, null);
});

test("a masked cell has no ink whatever its value", () => {
  const mask = new Uint8Array([1, 1, 0]);
  const { levels, flags } = buildInk(exact(1, 3, [Number.NaN, 5, 1], mask), LOOK);
  assert.deepEqual(texel(levels[0]!, 0), [0, 0, 1, 0]);
  assert.deepEqual(texel(levels[0]!, 0), texel(levels[0]!, 1));
  assert.equal(flags, null);
});

test("peak keeps the strongest cell, with its sign", () => {
  const cells = new Float32Array(32 * 32).fill(0.01);
  cells[777] = -1;
  const { levels } = buildInk(exact(32, 32, cells), { ...LOOK, peak: true });
  assert.deepEqual(texel(levels.at(-1)!, 0), texel(levels[0]!, 777));
});

test("a pooled matrix: mean strengths, at most 1 in sum, flags as they came", () => {
  const pairs = Uint16Array.from([0.2, 0.1, 0.6, 0.6].map(toHalf));
  const flags = new Uint8Array([0, 1]);
  const built = buildInk({ kind: "pooled", rows: 1, cols: 2, pairs, flags, peak: false }, LOOK);
  close(texel(built.levels[0]!, 0), [0.2, 0.3, 0, 0.3]);
  close(texel(built.levels[0]!, 1), [0.5, 1, 0, 1]);
  assert.deepEqual([...built.flags![0]!.flags], [0, 1]);
});

test("levels beyond the largest texture are left out", () => {
  const cells = noise(300 * 40);
  cells[0] = Number.NaN;
  const { levels, dropped, flags } = buildInk(exact(300, 40, cells), LOOK, 100);
  assert.equal(dropped, 2);
  assert.deepEqual([levels[0]!.rows, levels[0]!.cols], [75, 10]);
  assert.equal(flags!.length, levels.length);
  assert.deepEqual(levels.at(-1), buildInk(exact(300, 40, cells), LOOK).levels.at(-1));
});

test("an empty matrix has no ink", () => {
  assert.deepEqual(buildInk(exact(0, 3, []), LOOK).levels, []);
});

test("averages stay as they are while the contrast changes; exact values do not", () => {
  const key = (of: Matrix, contrast: number, dot_scale = 1): string =>
    inkKey(of, { ...DEFAULT_VIEW.style, contrast, dot_scale }, LOOK);
  const averages = matrix(0, 8, 8, { pooled: pooled(4, 4) });
  assert.equal(key(averages, 2), key(averages, 1));
  assert.notEqual(key(averages, 1, 2), key(averages, 1));
  assert.notEqual(key(matrix(0, 8, 8), 2), key(matrix(0, 8, 8), 1));
});
