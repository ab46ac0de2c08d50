import assert from "node:assert/strict";
import { test } from "node:test";
import { eyeOf, fit } from "../../src/core/camera";
import { slabCorners } from "../../src/core/faces";
import { fromHalf } from "../../src/core/half";
import { buildInk, type InkSource } from "../../src/core/ink";
import { unseenLevels } from "../../src/core/unseen";
import { face, LOOK } from "./sample";

const VIEWPORT = { width: 800, height: 600 };

function source(rows: number, cols: number, special: readonly number[] = []): InkSource {
  const values = Float64Array.from({ length: rows * cols }, (_, p) => Math.sin(p * 7.3) * 1.4);
  values.set(special);
  return { kind: "exact", rows, cols, values, mask: null };
}

test("a pyramid without its finest levels is the rest of the whole one", () => {
  for (const peak of [false, true]) {
    for (const [rows, cols] of [
      [64, 32],
      [12, 20],
      [7, 5],
      [1, 6],
      [1, 1],
    ] as const) {
      const look = { ...LOOK, peak };
      const some = source(rows, cols, [Number.NaN, -Infinity].slice(0, rows * cols));
      const whole = buildInk(some, look);
      for (const unseen of [1, 2, 9]) {
        const left = buildInk(some, look, Infinity, unseen);
        const from = Math.min(unseen, whole.levels.length - 1);
        assert.equal(left.dropped, from);
        assert.deepEqual(left.levels, whole.levels.slice(from));
        assert.deepEqual(left.flags, whole.flags?.slice(from));
      }
    }
  }
});

test("even sides are halved cell by cell", () => {
  const levels = buildInk(source(2, 2), LOOK).levels;
  const [fine, mean] = levels.map(({ halves }) => Array.from(halves, fromHalf));
  assert.equal(levels.length, 2);
  for (let channel = 0; channel < 4; channel++) {
    const four = [0, 4, 8, 12].map((at) => fine?.[at + channel] ?? Number.NaN);
    const expected = four.reduce((sum, part) => sum + part / 4, 0);
    assert.ok(Math.abs((mean?.[channel] ?? Number.NaN) - expected) < 2e-4);
  }
  assert.notEqual(fine?.[3], fine?.[7]); // the cells differ, so the mean says something
});

test("no level is left out that a pixel can sample", () => {
  const wide = face(0, 4096, 4096);
  for (const [yaw, pitch] of [
    [0, 0],
    [0.6, 0.4],
    [1.2, -0.3],
  ] as const) {
    const camera = fit(slabCorners([wide]), { yaw, pitch }, VIEWPORT);
    for (const nearer of [1, 0.5, 0.2, 0.05]) {
      const eye = eyeOf({ ...camera, distance: camera.distance * nearer }, VIEWPORT);
      const unseen = unseenLevels(wide, eye);
      // Straight ahead a pixel covers so many cells at the nearest; nowhere on the face are there fewer than 2^unseen.
      const depths = slabCorners([wide]).map((p) => {
        const [x, y, z] = p.map((v, n) => v - (eye.position[n] ?? 0)) as [number, number, number];
        return x * eye.forward[0] + y * eye.forward[1] + z * eye.forward[2];
      });
      const least = Math.min(...depths) * eye.pixelAngle;
      assert.ok(2 ** unseen <= Math.max(1, least));
    }
  }
  const far = eyeOf(fit(slabCorners([wide]), { yaw: 0, pitch: 0 }, VIEWPORT), VIEWPORT);
  assert.ok(unseenLevels(wide, far) >= 2); // 4096 cells on 600 pixels
  const small = face(0, 8, 8);
  assert.equal(
    unseenLevels(small, eyeOf(fit(slabCorners([small]), { yaw: 0, pitch: 0 }, VIEWPORT), VIEWPORT)),
    0,
  );
});
