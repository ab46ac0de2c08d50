// Plates, chevrons, the far view and shapes, against vectors that Python wrote (tools/plate_vectors.py).

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { type Eye, eyeOf } from "../../src/core/camera";
import { chevrons } from "../../src/core/chevrons";
import { halvings, noise } from "../../src/core/dither";
import type { Line } from "../../src/core/mark";
import { gridOf, padOf, plateColour, plateMarks } from "../../src/core/plates";
import { outside } from "../../src/core/signs";
import { stairMarks } from "../../src/core/stairs";
import type { Box, Camera, Face, Layout, Theme } from "../../src/core/types.gen";

interface Marks {
  readonly camera: Camera;
  readonly ratio: number;
  readonly marks: readonly Line[];
}

interface File {
  readonly theme: Theme;
  readonly plates: readonly (Marks & {
    readonly face: Face;
    readonly pad: number;
    readonly grid: readonly number[];
    readonly colour: readonly number[];
  })[];
  readonly stairs: readonly {
    readonly face: Face;
    readonly mask: readonly number[];
    readonly marks: readonly Line[];
    readonly turned: readonly Line[];
  }[];
  readonly chevrons: readonly (Marks & { readonly faces: readonly Face[]; readonly box: Box })[];
  readonly noise: readonly { readonly x: number; readonly y: number; readonly noise: number }[];
  readonly halvings: readonly {
    readonly extent: number;
    readonly cells: number;
    readonly halvings: number;
  }[];
  readonly shapes: readonly {
    readonly flag: number;
    readonly x: number;
    readonly y: number;
    readonly outside: number;
  }[];
}

const FILE = JSON.parse(readFileSync("../tests/vectors/plates.json", "utf8")) as File;

function near(actual: readonly number[], want: readonly number[], what: string): void {
  assert.equal(actual.length, want.length, what);
  actual.forEach((x, at) => {
    const y = want[at]!;
    assert.ok(Math.abs(x - y) <= 1e-6 * Math.max(1, Math.abs(y)), `${what} [${at}]: ${x} is not ${y}`);
  });
}

const eyeIn = ({ camera, ratio }: Marks): Eye => eyeOf(camera, { width: 800 * ratio, height: 600 * ratio });

function same(actual: readonly Line[], want: readonly Line[], what: string): void {
  assert.equal(actual.length, want.length, what);
  actual.forEach((mark, n) => {
    const { points, colour, opacity, width } = want[n]!;
    near(mark.points.flat(), points.flat(), `${what}, mark ${n}`);
    near([mark.colour, mark.opacity, mark.width], [colour, opacity, width], `${what}, mark ${n}`);
  });
}

test("plates: how far they reach, their blocks, their colour, their marks", () => {
  for (const sample of FILE.plates) {
    const { face, ratio } = sample;
    const eye = eyeIn(sample);
    const what = `face ${face.id}`;
    near([padOf(face)], [sample.pad], what);
    near(gridOf(face), sample.grid, what);
    near(plateColour(FILE.theme, face, eye.position), sample.colour, what);
    same(plateMarks(face, FILE.theme, eye, eye.pixelAngle * ratio), sample.marks, what);
  }
});

test("the edge of a mask, on a face and on one shown transposed", () => {
  for (const { face, mask, marks, turned } of FILE.stairs) {
    same(stairMarks(face, Uint8Array.from(mask), 0x123456), marks, `stairs of face ${face.id}`);
    const across = mask.map((_, n) => mask[(n % face.rows) * face.cols + Math.floor(n / face.rows)]!);
    const other = { ...face, transposed: true };
    same(stairMarks(other, Uint8Array.from(across), 0x123456), turned, `turned face ${face.id}`);
    assert.deepEqual(turned, marks);
  }
});

test("chevrons stand in the same free places", () => {
  for (const sample of FILE.chevrons) {
    const layout = { faces: sample.faces } as Layout;
    const eye = eyeIn(sample);
    const made = chevrons(layout, sample.faces, [sample.box], eye, eye.pixelAngle * sample.ratio, 0x123456);
    assert.ok(made.length > 0);
    same(made, sample.marks, `yaw ${sample.camera.yaw}`);
  }
});

test("texels of the far view", () => {
  for (const { x, y, noise: want } of FILE.noise) near([noise(x, y)], [want], `${x} ${y}`);
  for (const { extent, cells, halvings: want } of FILE.halvings)
    assert.equal(halvings(extent, cells), want, `${extent} of ${cells}`);
});

test("shapes of NaN and infinities", () => {
  for (const { flag, x, y, outside: want } of FILE.shapes)
    near([outside(flag, x, y)], [want], `${flag} ${x} ${y}`);
});
