// Devices of blocks, against vectors that Python wrote (tools/device_vectors.py).

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { eyeOf } from "../../src/core/camera";
import {
  type BlockNumber,
  captionsOf,
  type Held,
  heldBlocks,
  heldText,
  inkOn,
  numbersOn,
  numberText,
  type Tint,
  tintsOf,
} from "../../src/core/devices";
import type { Line } from "../../src/core/mark";
import { plateMarks } from "../../src/core/plates";
import type { Camera, Face, Head, Partition, Theme } from "../../src/core/types.gen";
import { near } from "./near";

interface Case {
  readonly partition: Partition;
  readonly device: number | null;
  readonly camera: Camera;
  readonly captions: readonly string[];
  readonly faces: readonly {
    readonly face: Face;
    readonly held: readonly (readonly Held[])[];
    readonly texts: readonly (readonly string[])[];
    readonly tints: readonly (readonly (Tint | null)[])[];
    readonly marks: readonly Line[];
    readonly numbers: readonly BlockNumber[];
  }[];
}

const { cases, themes, inks } = JSON.parse(readFileSync("../tests/vectors/devices.json", "utf8")) as {
  readonly cases: readonly Case[];
  readonly themes: readonly [Theme, Theme];
  readonly inks: readonly (readonly [number, number])[];
};

test("who holds a block, its tint, its number and its plate", () => {
  assert.ok(cases.length > 3);
  for (const { partition, device, camera, captions, faces } of cases) {
    const head = { partition } as Head;
    const eye = eyeOf(camera, { width: 800, height: 600 });
    assert.deepEqual(captionsOf(head, device), captions);
    for (const { face, held, texts, tints, marks, numbers } of faces) {
      const what = `face ${face.id}`;
      const own = heldBlocks(head, face);
      assert.deepEqual(own, held, what);
      assert.deepEqual(
        own.map((row) => row.filter(({ ids }) => ids.length > 0).map(numberText)),
        texts,
      );
      const ownTints = tintsOf(head, face, themes[0], device);
      assert.deepEqual(ownTints, tints, what);
      const lines = plateMarks(face, themes[0], eye, eye.pixelAngle, ownTints).slice(0, 24);
      const plain = lines.map(({ points, colour, opacity, width }) => ({ points, colour, opacity, width }));
      near(
        plain,
        marks.map(({ points, colour, opacity, width }) => ({ points, colour, opacity, width })),
        what,
      );
      near(numbersOn(head, face, eye, themes[0], device), numbers, what);
    }
  }
});

test("the ink of a number is the one that is easier to read", () => {
  for (const [ground, ink] of inks) assert.equal(inkOn(ground), ink);
});

test("a cell says which devices hold it", () => {
  const [columns, mesh] = cases;
  const say = (of: Case | undefined, name: (face: Face) => boolean, row: number, col: number) => {
    const match = of?.faces.find(({ face }) => name(face))?.face;
    assert.ok(of !== undefined && match !== undefined);
    return heldText({ partition: of.partition } as Head, match, row, col);
  };
  const x = (face: Face) => face.rows === 7 && face.cols === 5;
  assert.equal(say(columns, x, 0, 0), "on all 4 devices");
  assert.equal(
    say(columns, ({ cols, rows }) => cols === 12 && rows === 7, 0, 4),
    "on device 2 of 4",
  );
  assert.equal(say(mesh, x, 6, 0), "on devices 2, 4, 6, 8 of 8");
});
