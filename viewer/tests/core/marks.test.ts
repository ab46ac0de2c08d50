import assert from "node:assert/strict";
import { test } from "node:test";
import { eyeOf } from "../../src/core/camera";
import { MARK_FLOATS, packMarks } from "../../src/core/clip";
import type { Line, Mark } from "../../src/core/mark";
import { type MarkState, marksOf } from "../../src/core/marks";
import { plateMarks } from "../../src/core/plates";
import { BALL_FLOATS, packRod } from "../../src/core/rods";
import type { Camera } from "../../src/core/types.gen";
import { box, LOOK as PLAIN, productHead } from "./sample";

const HEAD = productHead();
const VIEWPORT = { width: 800, height: 600 };
const CAMERA: Camera = { target: [2, -1, 2], yaw: -0.6, pitch: 0.42, distance: 20 };

const state = (more: Partial<MarkState> = {}): MarkState => ({
  layout: HEAD.layouts[0]!,
  faces: HEAD.layouts[0]!.faces,
  theme: HEAD.themes[0]!,
  guides: true,
  arrows: true,
  hasValues: () => true,
  eye: eyeOf(CAMERA, VIEWPORT),
  pixel: eyeOf(CAMERA, VIEWPORT).pixelAngle,
  ...more,
});

const lines = (marks: readonly Mark[]): readonly Line[] => marks.filter((mark) => mark.kind === "line");

test("edges of a box, and chevrons toward its result where there is room", () => {
  assert.equal(lines(marksOf(state({ arrows: false }))).length, 12);
  assert.equal(marksOf(state({ guides: false, arrows: false })).length, 0);
  const all = lines(marksOf(state({ guides: false })));
  assert.ok(all.length > 0 && all.length % 4 === 0);
  for (const mark of all) assert.equal(mark.width, 1.6);
});

test("a plate has a frame, an edge of light and the sides that are seen", () => {
  const theme = HEAD.themes[0]!;
  for (const yaw of [-0.6, 0, 0.6]) {
    const eye = eyeOf({ ...CAMERA, yaw }, VIEWPORT);
    const marks = plateMarks(HEAD.layouts[0]!.faces[2]!, theme, eye, eye.pixelAngle);
    const colours = marks.map(({ colour }) => colour);
    assert.equal(colours.filter((colour) => colour === theme.frame).length, 4);
    assert.equal(colours.filter((colour) => colour === theme.edge).length, 1);
    const sides = marks.filter(({ colour }) => colour === theme.side);
    assert.ok(sides.length >= 1 && sides.length <= 2, `${sides.length} sides`);
    for (const { width } of sides) assert.ok(width > 0 && width < 3.3);
  }
});

test("a face without values is an outline; a box needs its faces", () => {
  const hollow = marksOf(state({ hasValues: (side) => side.node !== 2, arrows: false }));
  assert.equal(lines(hollow).filter((mark) => mark.width === 1.5).length, 4);
  const two = marksOf(state({ faces: HEAD.layouts[0]!.faces.slice(0, 2) }));
  assert.equal(lines(two).length, 0);
});

test("links join the centres of faces that are seen", () => {
  const layout = { ...HEAD.layouts[0]!, boxes: [], links: [{ from_face: 0, to_face: 2 }] };
  const [link] = lines(marksOf(state({ layout, guides: false })));
  assert.deepEqual(link?.points[1], [2, -1, 4]);
  assert.equal(marksOf(state({ layout, guides: false, faces: layout.faces.slice(0, 1) })).length, 0);
});

test("packed: widths in device pixels, and moderate positions even through the eye", () => {
  const eye = eyeOf(CAMERA, VIEWPORT);
  const long: Mark = {
    kind: "line",
    points: [eye.position.map((x) => x - 1e-9) as never, [1e6, 1e6, -1e6]],
    width: 3,
    colour: 0xffffff,
    opacity: 1,
  };
  const packed = packMarks([long, ...marksOf(state())], eye, 2);
  assert.equal(packed.length % MARK_FLOATS, 0);
  for (const x of packed) assert.ok(Number.isFinite(x));
  for (let at = 0; at < packed.length; at += MARK_FLOATS) {
    if (packed[at + 6]! < 0) continue;
    for (const p of [0, 1, 2, 3]) assert.ok(Math.abs(packed[at + p]!) < 1000);
  }
  const [first] = lines(marksOf(state()));
  assert.equal(packMarks([first!], eye, 2)[6], 1);
});

test("packed: nothing behind the eye, a triangle across it is cut", () => {
  const eye = eyeOf({ ...CAMERA, yaw: 0, pitch: 0, target: [0, 0, 0], distance: 10 }, VIEWPORT);
  const triangle = (z: number): Mark => ({
    kind: "triangle",
    points: [
      [0, 0, z],
      [1, 0, 0],
      [0, 1, 0],
    ],
    colour: 0,
    opacity: 1,
  });
  assert.equal(packMarks([triangle(5)], eye, 1).length, MARK_FLOATS);
  assert.equal(packMarks([triangle(15)], eye, 1).length, 2 * MARK_FLOATS);
  const behind: Mark = {
    ...triangle(0),
    points: [
      [0, 0, 20],
      [1, 0, 20],
      [0, 1, 20],
    ],
  } as Mark;
  assert.equal(packMarks([behind], eye, 1).length, 0);
});

const LOOK = { ...PLAIN, scale: { lo: 0, hi: 9 } };

test("a rod: a ball for each product but zeros, from back to front, by the rod's own scale", () => {
  const values = Float64Array.from([1, 0, -2, Number.NaN, 2]);
  for (const yaw of [0, 1, 2.5, -2]) {
    const eye = eyeOf({ ...CAMERA, yaw }, VIEWPORT);
    const rod = { boxId: 0, i: 1, j: 2, values, scale: { lo: 0, hi: 2 } };
    const balls = packRod(rod, box([2, 4, 5]), LOOK, eye);
    assert.equal(balls.length, 4 * BALL_FLOATS);
    const distances = [0, 1, 2, 3].map((n) =>
      Math.hypot(...balls.subarray(n * BALL_FLOATS, n * BALL_FLOATS + 3)),
    );
    assert.deepEqual(
      distances,
      [...distances].sort((a, b) => b - a),
      `yaw ${yaw}`,
    );
    const radii = [0, 1, 2, 3].map((n) => balls[n * BALL_FLOATS + 3]!).sort();
    assert.ok(Math.abs(radii[0]! - Math.sqrt(0.375 / Math.PI)) < 1e-3);
    assert.ok(Math.abs(radii[3]! - 0.5) < 1e-3);
  }
  const empty = { boxId: 0, i: 0, j: 0, values: new Float64Array(0), scale: { lo: 0, hi: 1 } };
  assert.equal(packRod(empty, box([2, 4, 0]), LOOK, eyeOf(CAMERA, VIEWPORT)).length, 0);
});
