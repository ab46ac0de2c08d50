import assert from "node:assert/strict";
import { test } from "node:test";
import { eyeOf } from "../../src/core/camera";
import { isComplete, ownBodies, shownBy, uncovered } from "../../src/core/cover";
import { visibleFaces } from "../../src/core/faces";
import { marksOf } from "../../src/core/marks";
import type { Layout } from "../../src/core/types.gen";
import { box, face, productHead } from "./sample";

const HEAD = productHead();
const LAYOUT = HEAD.layouts[0]!;
/** Face 3 lies where face 1 does, with rows and columns exchanged. */
const [first, second, result] = LAYOUT.faces as [
  (typeof LAYOUT.faces)[0],
  (typeof LAYOUT.faces)[0],
  (typeof LAYOUT.faces)[0],
];
const covered = {
  ...second,
  id: 3,
  cover: 1,
  transposed: !second.transposed,
  across: second.down,
  down: second.across,
  rows: second.cols,
  cols: second.rows,
};
const layout: Layout = {
  ...LAYOUT,
  faces: [first, second, result, covered],
  boxes: [...LAYOUT.boxes, { ...LAYOUT.boxes[0]!, id: 1, left: 3 }],
};

const EYE = eyeOf({ target: [2, -1, 2], yaw: -0.6, pitch: 0.42, distance: 20 }, { width: 800, height: 600 });

test("a covered face is not drawn, and its cover shows its node", () => {
  const all = { hidden: new Set<number>(), isolated: null };
  assert.deepEqual(
    visibleFaces(layout, all).map(({ id }) => id),
    [0, 1, 2],
  );
  assert.equal(shownBy(layout, 3), 1);
  assert.equal(shownBy(layout, 2), 2);
  const other = { ...layout, faces: [first, second, result, { ...covered, node: 9 }] };
  assert.deepEqual(
    visibleFaces(other, { ...all, isolated: 9 }).map(({ id }) => id),
    [1],
  );
});

test("a box stands while the covers of its faces are seen", () => {
  assert.ok(isComplete(layout, layout.boxes[1]!, new Set([1, 2])));
  assert.ok(!isComplete(layout, layout.boxes[1]!, new Set([0, 2, 3])));
});

test("boxes in one body have one set of edges", () => {
  assert.deepEqual(
    ownBodies(layout.boxes).map(({ id }) => id),
    [0],
  );
  const turned = box([2, 3, 4], { id: 5, corner: [0, 0, 4], k_step: [0, 0, -1] });
  const same = box([2, 3, 4], { id: 6, corner: [0, 0, 0], k_step: [0, 0, 1] });
  assert.deepEqual(
    ownBodies([turned, same]).map(({ id }) => id),
    [5],
  );
  const marks = (boxes: Layout["boxes"]) => {
    const joined = { ...layout, boxes };
    const faces = visibleFaces(joined, { hidden: new Set(), isolated: null });
    const look = { theme: HEAD.themes[0]!, guides: true, arrows: true, eye: EYE, pixel: EYE.pixelAngle };
    return marksOf({ ...look, layout: joined, faces, hasValues: () => true }).length;
  };
  assert.equal(marks(layout.boxes), marks(LAYOUT.boxes));
});

test("what is lit on a covered face is lit on its cover, at the same place", () => {
  assert.deepEqual(uncovered(layout, [{ face: 3, row: 1, col: null, level: 1 }]), [
    { face: 1, row: null, col: 1, rows: 1, cols: 1, level: 1 },
  ]);
  const [tile] = uncovered(layout, [{ face: 3, row: 1, col: 0, rows: 1, cols: 2 }]);
  assert.deepEqual(tile, { face: 1, row: 0, col: 1, rows: 2, cols: 1, level: undefined });
  assert.deepEqual(uncovered(layout, [{ face: 0, row: 1, col: null }]), [{ face: 0, row: 1, col: null }]);
  // a block of a face that is split: cell 1 of the block is cell 3 of the whole
  const whole = face(0, 4, 4, { row_split: { length: 2, gap: 1 } });
  const block = face(1, 2, 4, { origin: [0, -3, 0], cover: 0 });
  const split = { ...layout, faces: [whole, block] };
  assert.deepEqual(uncovered(split, [{ face: 1, row: 1, col: null }]), [
    { face: 0, row: 3, col: null, rows: 1, cols: 1, level: undefined },
  ]);
});
