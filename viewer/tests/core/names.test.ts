// Names of faces and the opening camera, against what Python computes.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { eyeOf } from "../../src/core/camera";
import { faceOn, home, protagonistOf, shownArea } from "../../src/core/home";
import type { Rect } from "../../src/core/labels";
import { placeNames } from "../../src/core/names";
import { apart, outlinesOf, within } from "../../src/core/outlines";
import type { Camera, Face, Layout, Matrix } from "../../src/core/types.gen";
import { emPx, quadOf, type Writing } from "../../src/core/writing";

type Pair = readonly [number, number];

interface Case {
  readonly width: number;
  readonly height: number;
  readonly faces: readonly Face[];
  readonly subject: number | null;
  readonly root: number;
  readonly camera: Camera;
  readonly opening: Camera;
  readonly shown: number;
  readonly flat: readonly Camera[];
  readonly outlines: readonly {
    readonly face: number;
    readonly polygon: readonly Pair[];
    readonly seen: readonly Pair[];
    readonly rank: number;
    readonly room: number;
  }[];
  readonly names: readonly {
    readonly id: string;
    readonly outline: number;
    readonly strong: number;
    readonly weak: number;
    readonly priority: number;
    readonly always: boolean;
    readonly beside: boolean;
  }[];
  readonly taken: readonly Rect[];
  readonly soft: readonly (readonly Pair[])[];
  readonly written: readonly {
    readonly id: string;
    readonly at: Pair;
    readonly right: Pair;
    readonly down: Pair;
    readonly px: number;
    readonly size: Pair;
    readonly sized: boolean;
    readonly flat: boolean;
    readonly own: boolean;
    readonly lead: readonly [Pair, Pair] | null;
  }[];
}

const { cases } = JSON.parse(readFileSync("../tests/vectors/names.json", "utf8")) as { cases: Case[] };
const spots = (pairs: readonly Pair[]) => pairs.map(([x, y]) => ({ x, y }));
const flatten = (points: readonly { x: number; y: number }[]) => points.flatMap(({ x, y }) => [x, y]);

function near(actual: readonly number[], wanted: readonly number[], what: string): void {
  assert.equal(actual.length, wanted.length, what);
  actual.forEach((value, at) => {
    const want = wanted[at] ?? Number.NaN;
    assert.ok(Math.abs(value - want) <= 1e-5 * Math.max(1, Math.abs(want)), `${what}: ${value}, not ${want}`);
  });
}

const numbersOf = ({ at, right, down, px, w, h, lead }: Writing) => [
  ...flatten([at, right, down]),
  px,
  w,
  h,
  ...flatten(lead ?? []),
];

test("outlines are those of Python", () => {
  for (const { camera, width, height, faces, outlines } of cases) {
    const made = outlinesOf(eyeOf(camera, { width, height }), faces);
    assert.deepEqual(
      made.map(({ face, rank }) => [face.id, rank]),
      outlines.map(({ face, rank }) => [face, rank]),
    );
    made.forEach((outline, at) => {
      const want = outlines[at];
      assert.ok(want);
      near(flatten(outline.polygon), want.polygon.flat(), "polygon");
      near(flatten(outline.seen), want.seen.flat(), "seen");
      near([outline.room], [want.room], "room");
    });
  }
});

test("names are where Python writes them", () => {
  let [flat, led, own] = [0, 0, 0];
  for (const { camera, width, height, faces, names, taken, soft, written } of cases) {
    const eye = eyeOf(camera, { width, height });
    const outlines = outlinesOf(eye, faces);
    const wanted = names.map((name) => {
      const outline = outlines[name.outline];
      assert.ok(outline);
      return { ...name, outline };
    });
    const made = placeNames(wanted, outlines, eye, { taken, soft: soft.map(spots) });
    assert.deepEqual(
      made.map(({ id, sized, flat, own }) => [id, sized, flat, own]),
      written.map(({ id, sized, flat, own }) => [id, sized, flat, own]),
    );
    made.forEach((writing, at) => {
      const want = written[at];
      assert.ok(want);
      const { at: corner, right, down, px, size, lead } = want;
      const numbers = [...corner, ...right, ...down, px, ...size, ...(lead ?? []).flat()];
      near(numbersOf(writing), numbers, writing.id);
      if (writing.flat) flat++;
      if (writing.lead !== null) led++;
      if (writing.own) own++;
    });
  }
  assert.ok(flat > 20 && led > 3 && own > 0, `${flat} on planes, ${led} with lines, ${own} on cells`);
});

test("no name lies on another, on another face, or upside down", () => {
  for (const { camera, width, height, faces, names } of cases) {
    const eye = eyeOf(camera, { width, height });
    const outlines = outlinesOf(eye, faces);
    const wanted = names.flatMap((name) => {
      const outline = outlines[name.outline];
      return outline ? [{ ...name, outline }] : [];
    });
    const made = placeNames(wanted, outlines, eye, {});
    made.forEach((writing, at) => {
      const { right, down } = writing;
      assert.ok(right.x > 0 && down.y > 0 && right.x * down.y - right.y * down.x > 0, "mirrored");
      for (const other of made.slice(at + 1)) assert.ok(apart(quadOf(writing), quadOf(other)));
      const owner = wanted.find(({ id }) => id === writing.id)?.outline;
      assert.ok(owner);
      for (const outline of outlines) {
        if (outline === owner || outline.seen.length < 3) continue;
        const behind = within(quadOf(writing), owner.seen) && outline.rank < owner.rank;
        assert.ok(behind || apart(quadOf(writing), outline.seen), writing.id);
      }
    });
  }
});

test("the opening camera is that of Python", () => {
  for (const { faces, subject, root, width, height, opening, camera, shown } of cases) {
    const { target, ...rest } = home(faces, subject, root, { width, height });
    near(
      [...target, rest.yaw, rest.pitch, rest.distance],
      [...opening.target, opening.yaw, opening.pitch, opening.distance],
      "opening",
    );
    const own = faces.filter((face) => face.node === subject).at(-1);
    assert.ok(own);
    near([shownArea(faces, own, eyeOf(camera, { width, height }))], [shown], "shown area");
  }
  assert.ok(new Set(cases.map(({ opening }) => opening.yaw)).size > 1, "not always the usual side");
});

test("a face is seen flat from where Python sees it", () => {
  for (const { faces, width, height, flat } of cases)
    faces.forEach((face, at) => {
      const [seen, wanted] = [faceOn(face, { width, height }), flat[at]];
      assert.ok(wanted);
      const numbers = ({ target, yaw, pitch, distance }: Camera) => [...target, yaw, pitch, distance];
      near(numbers(seen), numbers(wanted), `face ${face.id}`);
    });
  assert.ok(new Set(cases.flatMap(({ flat }) => flat.map(({ yaw, pitch }) => `${yaw} ${pitch}`))).size > 2);
});

test("a figure is about its last softmax, else its result", () => {
  const [first] = cases;
  assert.ok(first);
  const { faces, root } = first;
  const layout = { faces, root_face: root } as unknown as Layout;
  const matrix = (node: number, operation: string, rows = 4) => ({ node, operation, rows }) as Matrix;
  const nodes = faces.map(({ node }) => node);
  const result = faces.find(({ id }) => id === root)?.node;
  assert.equal(protagonistOf([], layout, faces), result);
  const [a = 0, b = 0] = nodes.filter((node) => node !== result);
  const shares = [matrix(a, "softmax(·)"), matrix(b, "softmax(·)"), matrix(result ?? 0, "· @ ·")];
  assert.equal(protagonistOf(shares, layout, faces), b);
  assert.equal(protagonistOf([matrix(a, "softmax(·)", 1)], layout, faces), result, "one row");
  assert.equal(protagonistOf(shares, layout, []), null);
});

test("names are of one size in pictures of one size", () => {
  const eye = (width: number, height: number) =>
    eyeOf({ target: [0, 0, 0], yaw: 0, pitch: 0, distance: 1 }, { width, height });
  assert.equal(emPx(eye(1280, 800), false), emPx(eye(800, 1280), false));
  assert.equal(emPx(eye(200, 100), false), 11);
  assert.ok(Math.abs(emPx(eye(1280, 800), true) - 40.5) < 0.1);
  assert.equal(emPx(eye(1280, 800), true, 2), 2 * emPx(eye(1280, 800), true));
});
