import assert from "node:assert/strict";
import { test } from "node:test";
import { DEFAULT_VIEW, readView, ViewError } from "../../src/core/view_state";

test("nothing gives the default view", () => {
  assert.deepEqual(readView({}), DEFAULT_VIEW);
});

test("a complete view is read back as it was", () => {
  const view = {
    ...DEFAULT_VIEW,
    program: "A @ B",
    leaves: { A: "gaussian(4, 4)" },
    constants: { d: 64 },
    labels: { "A.rows": ["the", "cat", "\u{1f431}".repeat(200), ""], "B.cols": [] },
    data: { B: { shape: [4, 4], dtype: "<f4", sha256: "ab".repeat(32), file: "b.npy" } },
    layout: { ...DEFAULT_VIEW.layout, gap: 3.5, sheets: "open", custom: { "A @ B": "-LTF" } },
    camera: { target: [1, 2, 3], yaw: -0.6, pitch: 0.4, distance: 100 },
    selection: { node: 2, pins: [{ node: 2, row: 1, col: 0 }] },
    hidden: [0],
    faded: [1],
    isolated: 2,
  };
  assert.deepEqual(readView(JSON.parse(JSON.stringify(view))), view);
});

const BAD: readonly (readonly [string, unknown, RegExp])[] = [
  ["a list", [], /is not an object/],
  ["null", null, /is not an object/],
  ["an unknown field", { onload: "alert(1)" }, /has an unknown field, "onload"/],
  ["another version", { version: 2 }, /only version 1/],
  ["a program that is no text", { program: 5 }, /program: is not a text/],
  ["a program that is too long", { program: "x".repeat(500_001) }, /longer than 500000/],
  ["a huge list", { hidden: new Array(1001).fill(0) }, /more than 1000/],
  ["labels that are no lists", { labels: { "A.rows": "the cat" } }, /labels\.A\.rows: is not a list/],
  ["too many labels", { labels: { "A.rows": new Array(16385).fill("") } }, /more than 16384/],
  ["a label that is too long", { labels: { "A.rows": ["x".repeat(201)] } }, /longer than 200/],
  ["many pins", { selection: { pins: new Array(65).fill({ node: 0, row: 0, col: 0 }) } }, /more than 64/],
  ["a negative node", { isolated: -1 }, /must be at least 0/],
  ["half a node", { isolated: 0.5 }, /not a whole number/],
  [
    "a huge camera",
    { camera: { target: [0, 0, 1e300], yaw: 0, pitch: 0, distance: 1 } },
    /target\[2\]: must be at most/,
  ],
  ["a camera at no distance", { camera: { target: [0, 0, 0], yaw: 0, pitch: 0, distance: 0 } }, /above 0/],
  [
    "a target of two numbers",
    { camera: { target: [0, 0], yaw: 0, pitch: 0, distance: 1 } },
    /target: has fewer than 3/,
  ],
  ["NaN", { camera: { target: [0, 0, 0], yaw: Number.NaN, pitch: 0, distance: 1 } }, /yaw: is not a number/],
  ["a number as text", { style: { contrast: "1" } }, /contrast: is not a number/],
  ["an unknown theme", { style: { theme: "pink" } }, /not one of auto, dark, light/],
  ["a hash that is none", { data: { A: { shape: [], dtype: "", sha256: "xyz" } } }, /sha256: does not match/],
  ["four levels of tiles", { film: { tiles: new Array(4).fill([1, 1, 1]) } }, /more than 3/],
  ["a tile of two sizes", { film: { tiles: [[4, 4]] } }, /tiles\[0\]: has fewer than 3/],
  ["a tile of no size", { film: { tiles: [[4, 0, 4]] } }, /tiles\[0\]\[1\]: must be at least 1/],
  ["a huge tile", { film: { tiles: [[4, 2e6, 4]] } }, /tiles\[0\]\[1\]: must be at most 1000000/],
  ["half a tile", { film: { tiles: [[4, 0.5, 4]] } }, /not a whole number/],
  ["an order of other letters", { film: { order: "ijx" } }, /order: does not match/],
  ["a gap of 0, as in Python", { layout: { gap: 0 } }, /layout\.gap: must be at least 1/],
  ["null where a value belongs", { program: null }, /program: is not a text/],
  ["a stop without a camera", { stops: [{ name: "a" }] }, /stops\[0\]\.camera: is missing/],
  ["a name with underscores", { leaves: { __class__: "" } }, /not allowed/],
];

for (const [what, input, reason] of BAD) {
  test(`refused: ${what}`, () => {
    assert.throws(
      () => readView(input),
      (error) => error instanceof ViewError && reason.test(error.message),
    );
  });
}

test("prototypes are neither read nor changed", () => {
  assert.throws(() => readView(JSON.parse('{"__proto__": {"program": "evil"}}')), ViewError);
  assert.throws(() => readView(JSON.parse('{"leaves": {"__proto__": "gaussian(1)"}}')), ViewError);
  const view = readView(JSON.parse('{"leaves": {"constructor": "gaussian(1, 1)"}}'));
  assert.equal(Object.getOwnPropertyDescriptor(view.leaves, "constructor")?.value, "gaussian(1, 1)");
  assert.equal(Object.getPrototypeOf({}), Object.prototype);
  const inherited = Object.create({ program: "evil" });
  assert.equal(readView(inherited).program, "");
});
