// The formulas that Python also has: vectors that Python wrote (tools/write_vectors.py).

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { eyeOf, fit, project, rayAt } from "../../src/core/camera";
import { fromHalf, toHalf } from "../../src/core/half";
import { buildInk, dotColour, dotRadius, type InkLevel, type InkLook } from "../../src/core/ink";
import { paintOrder } from "../../src/core/order";
import { flagPyramid, halvedByArea, type Rows } from "../../src/core/pyramid";
import * as shading from "../../src/core/shading";
import type { Camera, Face, Palette, Scale, Vec3 } from "../../src/core/types.gen";

const vectors = <T>(name: string): T =>
  JSON.parse(readFileSync(`../tests/vectors/${name}.json`, "utf8")) as T;

function near(actual: readonly number[], want: readonly number[], tolerance: number, what = ""): void {
  assert.equal(actual.length, want.length, what);
  actual.forEach((x, at) => {
    const y = want[at]!;
    assert.ok(Math.abs(x - y) <= tolerance * Math.max(1, Math.abs(y)), `${what} [${at}]: ${x} is not ${y}`);
  });
}

interface CameraFile {
  readonly cases: readonly {
    readonly camera: Camera;
    readonly width: number;
    readonly height: number;
    readonly eye: Vec3;
    readonly pixelAngle: number;
    readonly points: readonly Vec3[];
    readonly projected: readonly (Vec3 | null)[];
    readonly pixels: readonly (readonly [number, number])[];
    readonly rays: readonly Vec3[];
  }[];
  readonly fits: readonly {
    readonly points: readonly Vec3[];
    readonly width: number;
    readonly height: number;
    readonly camera: Camera;
  }[];
}

test("camera: eye, projection and rays", () => {
  for (const view of vectors<CameraFile>("camera").cases) {
    const eye = eyeOf(view.camera, view);
    near(eye.position, view.eye, 1e-6, "eye");
    near([eye.pixelAngle], [view.pixelAngle], 1e-8);
    view.points.forEach((point, at) => {
      const seen = project(eye, point);
      const want = view.projected[at]!;
      if (want === null) assert.equal(seen, null);
      else near([seen!.x, seen!.y, seen!.depth], want, 1e-5, "projected");
    });
    view.pixels.forEach(([x, y], at) => {
      near(rayAt(eye, x, y).direction, view.rays[at]!, 1e-7, "ray");
    });
  }
});

test("camera: fit", () => {
  for (const { points, width, height, camera } of vectors<CameraFile>("camera").fits) {
    const fitted = fit(points, camera, { width, height });
    near([...fitted.target, fitted.distance], [...camera.target, camera.distance], 1e-6, "fit");
  }
});

interface InkFile {
  readonly sizes: readonly number[];
  readonly palettes: readonly Palette[];
  readonly dots: readonly {
    readonly palette: string;
    readonly theme: "dark" | "light";
    readonly plate: number;
    readonly bright: number | null;
    readonly dotScale: number;
    readonly magnitudes: readonly number[];
    readonly radii: readonly number[];
    readonly negative: readonly (readonly number[])[];
    readonly positive: readonly (readonly number[])[];
  }[];
  readonly cases: readonly {
    readonly scale: Scale;
    readonly contrast: number;
    readonly dotScale: number;
    readonly rows: number;
    readonly cols: number;
    readonly values: readonly string[];
    readonly mask: readonly number[] | null;
    readonly ink: readonly (readonly number[])[];
    readonly flags: readonly number[] | null;
  }[];
  readonly pooled: readonly {
    readonly dotScale: number;
    readonly rows: number;
    readonly cols: number;
    readonly pairs: readonly number[];
    readonly ink: readonly (readonly number[])[];
  }[];
}

const NUMBERS: Readonly<Record<string, number>> = { nan: Number.NaN, inf: Infinity, "-inf": -Infinity };

function lookOf(file: InkFile, more: Partial<InkLook>): InkLook {
  const plain = { scale: { lo: 0, hi: 1 }, contrast: 1, dotScale: 1, peak: false, plate: 0, bright: null };
  return { ...plain, ink: file.palettes[0]!.dark, sizes: file.sizes, ...more };
}

const texels = (level: InkLevel): readonly number[] => Array.from(level.halves, fromHalf);

test("ink of exact cells", () => {
  const file = vectors<InkFile>("ink");
  for (const sample of file.cases) {
    const values = Float64Array.from(sample.values, (text) => NUMBERS[text] ?? Number(text));
    const mask = sample.mask === null ? null : Uint8Array.from(sample.mask);
    const { scale, contrast, dotScale } = sample;
    const look = lookOf(file, { scale, contrast, dotScale });
    const built = buildInk({ kind: "exact", rows: sample.rows, cols: sample.cols, values, mask }, look);
    near(texels(built.levels[0]!), sample.ink.flat(), 1e-3, `contrast ${contrast}`);
    assert.deepEqual(built.flags === null ? null : [...built.flags[0]!.flags], sample.flags);
  }
});

test("radii and colours of dots", () => {
  const file = vectors<InkFile>("ink");
  for (const sample of file.dots) {
    const ink = file.palettes.find((palette) => palette.name === sample.palette)![sample.theme];
    const look = lookOf(file, { ink, plate: sample.plate, bright: sample.bright, dotScale: sample.dotScale });
    const what = `${sample.palette} ${sample.theme}`;
    sample.magnitudes.forEach((a, n) => {
      near([dotRadius(look, a)], [sample.radii[n]!], 1e-6, what);
      near(dotColour(look, a, false), sample.negative[n]!, 1e-6, what);
      near(dotColour(look, a, true), sample.positive[n]!, 1e-6, what);
    });
  }
});

test("ink of pooled cells", () => {
  const file = vectors<InkFile>("ink");
  for (const sample of file.pooled) {
    const pairs = Uint16Array.from(sample.pairs, toHalf);
    const flags = new Uint8Array(sample.rows * sample.cols);
    const look = lookOf(file, { dotScale: sample.dotScale });
    const built = buildInk(
      { kind: "pooled", rows: sample.rows, cols: sample.cols, pairs, flags, peak: false },
      look,
    );
    near(texels(built.levels[0]!), sample.ink.flat(), 1e-3, `dots ${sample.dotScale}`);
  }
});

interface Levels {
  readonly cases: readonly {
    readonly levels: readonly {
      readonly rows: number;
      readonly cols: number;
      readonly ink: readonly number[];
      readonly flags: readonly number[];
    }[];
  }[];
}

test("pyramids of ink and of flags", () => {
  for (const { levels } of vectors<Levels>("pyramid").cases) {
    const [base] = levels;
    let rows: Rows = {
      rows: base!.rows,
      cols: base!.cols,
      read: (row, out) =>
        out.fill(0).forEach((_, at) => {
          out[at] = base!.ink[row * base!.cols + (at >> 2)]!;
        }),
    };
    const flags = flagPyramid({ rows: base!.rows, cols: base!.cols, flags: Uint8Array.from(base!.flags) });
    assert.equal(flags.length, levels.length);
    levels.forEach((want, at) => {
      if (at > 0) {
        rows = halvedByArea(rows);
        near(
          [...rows.data!].filter((_, p) => p % 4 === 0),
          want.ink,
          1e-5,
          `level ${at}`,
        );
      }
      assert.deepEqual([rows.rows, rows.cols], [want.rows, want.cols]);
      assert.deepEqual([...flags[at]!.flags], want.flags);
    });
  }
});

test("the constants of shading", () => {
  const { constants } = vectors<{ constants: Readonly<Record<string, number | readonly number[]>> }>(
    "shading",
  );
  const own: Readonly<Record<string, unknown>> = { ...shading };
  for (const [name, want] of Object.entries(constants)) {
    near([own[name] as number | readonly number[]].flat(), [want].flat(), 1e-6, name);
  }
});

test("the fade from dots to ink", () => {
  const { blend } = vectors<{ blend: readonly { w: number; cosine: number; m: number }[] }>("shading");
  for (const { w, cosine, m } of blend) near([shading.inkShare(w, cosine)], [m], 1e-6, `w ${w} γ ${cosine}`);
});

test("painting order", () => {
  interface Case {
    readonly faces: readonly Face[];
    readonly eye: Vec3;
    readonly order: readonly number[];
  }
  for (const { faces, eye, order } of vectors<{ cases: readonly Case[] }>("order").cases) {
    assert.deepEqual(
      paintOrder(faces, eye).map((face) => face.id),
      order,
    );
  }
});
