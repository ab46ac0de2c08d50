import assert from "node:assert/strict";
import { test } from "node:test";
import type { Ray } from "../../src/core/camera";
import { boundsOf, faceCentre, productPoint, toFace, visibleFaces } from "../../src/core/faces";
import { paintOrder } from "../../src/core/order";
import { pickAll } from "../../src/core/pick";
import type { Face, Vec3 } from "../../src/core/types.gen";
import { normalize, sub } from "../../src/core/vec";
import { box, face, productHead } from "./sample";

const nearest = (ray: Ray, faces: readonly Face[]) => pickAll(ray, faces)[0] ?? null;

const LAYOUT = productHead().layouts[0]!;
const NOTHING = new Set<number>();

test("a point in a face's own frame", () => {
  const side = face(0, 4, 3, { origin: [1, 2, 3], across: [0, 0, 1], down: [0, -1, 0] });
  const point = toFace(side, [5, 1, 5]);
  assert.deepEqual(
    point.map((x) => x + 0),
    [2, 1, 4],
  );
});

test("bounds: all corners, and none for no faces", () => {
  assert.equal(boundsOf([]), null);
  assert.deepEqual(boundsOf(LAYOUT.faces), { min: [-1, -2, 0], max: [4, 1, 4] });
});

test("visible: hidden nodes are gone; an isolated one is alone, by its chain if no face is its own", () => {
  const ids = (hidden: number[], isolated: number | null): readonly number[] =>
    visibleFaces(LAYOUT, { hidden: new Set(hidden), isolated }).map((side) => side.id);
  assert.deepEqual(ids([], null), [0, 1, 2]);
  assert.deepEqual(ids([1], null), [0, 2]);
  assert.deepEqual(ids([1], 2), [2]);
  const chained = { ...LAYOUT, faces: [face(0, 2, 3, { chain: [0, 9] }), face(1, 2, 3)] };
  assert.deepEqual(
    visibleFaces(chained, { hidden: NOTHING, isolated: 9 }).map((side) => side.id),
    [0],
  );
});

test("pick: displayed and own indices, nearest face first", () => {
  const front = face(0, 2, 4, { origin: [0, 0, 5], transposed: true });
  const back = face(1, 2, 4);
  const ray = { origin: [2.5, -1.5, 20] as Vec3, direction: [0, 0, -1] as Vec3 };
  const hit = nearest(ray, [back, front])!;
  assert.equal(hit.face, front);
  assert.deepEqual([hit.row, hit.col, hit.nodeRow, hit.nodeCol, hit.t], [1, 2, 2, 1, 15]);
  assert.deepEqual(
    pickAll(ray, [back, front]).map((hit) => hit.t),
    [15, 20],
  );
});

test("pick: nothing beside, behind or along a face", () => {
  const side = face(0, 2, 4);
  const toward: Vec3 = [0, 0, -1];
  assert.equal(nearest({ origin: [4.01, -1, 9], direction: toward }, [side]), null);
  assert.equal(nearest({ origin: [1, 0.01, 9], direction: toward }, [side]), null);
  assert.equal(nearest({ origin: [1, -1, -9], direction: toward }, [side]), null);
  assert.equal(nearest({ origin: [-3, -1, 0], direction: [1, 0, 0] }, [side]), null);
  assert.equal(nearest({ origin: [1, -1, 9], direction: toward }, [face(0, 0, 4)]), null);
});

test("pick agrees with the middle of every cell", () => {
  const eye: Vec3 = [7, 9, 21];
  for (const side of LAYOUT.faces) {
    for (let row = 0; row < side.rows; row++) {
      for (let col = 0; col < side.cols; col++) {
        const middle = [0, 1, 2].map(
          (axis) => side.origin[axis]! + side.across[axis]! * (col + 0.5) + side.down[axis]! * (row + 0.5),
        ) as unknown as Vec3;
        const hit = nearest({ origin: eye, direction: normalize(sub(middle, eye)) }, [side]);
        assert.deepEqual([hit?.row, hit?.col], [row, col]);
      }
    }
  }
});

test("the middle of a product lies in the box at (i, j, k)", () => {
  assert.deepEqual(productPoint(box([2, 4, 3]), 1, 2, 0), [2.5, -1.5, 0.5]);
});

// --- painting order -------------------------------------------------------------------------------

/** Whether a segment from the eye meets both, X behind Y: then X must be painted first. */
function covers(eye: Vec3, x: Face, y: Face): boolean {
  for (let row = 0.5; row < x.rows; row += 1) {
    for (let col = 0.5; col < x.cols; col += 1) {
      const point = [0, 1, 2].map(
        (axis) => x.origin[axis]! + x.across[axis]! * col + x.down[axis]! * row,
      ) as unknown as Vec3;
      const hit = nearest({ origin: eye, direction: sub(point, eye) }, [y]);
      if (hit !== null && hit.t < 1 - 1e-6) return true;
    }
  }
  return false;
}

test("whatever covers another is painted after it, from all around a cube", () => {
  const faces = [
    face(0, 6, 6, { origin: [-1, 0, 0], across: [0, 0, 1] }),
    face(1, 6, 6, { origin: [0, 1, 0], down: [0, 0, 1] }),
    face(2, 6, 6, { origin: [0, 0, 7] }),
    face(3, 6, 6, { origin: [0, 0, 10] }),
    face(4, 6, 9, { origin: [8, 0, -2], across: [0, 0, 1] }),
  ];
  for (let step = 0; step < 60; step++) {
    const [a, b] = [step * 0.7, Math.sin(step * 1.3) * 1.4];
    const eye: Vec3 = [
      3 + 40 * Math.sin(a) * Math.cos(b),
      -3 + 40 * Math.sin(b),
      3 + 40 * Math.cos(a) * Math.cos(b),
    ];
    const order = paintOrder(faces, eye).map((side) => side.id);
    assert.equal(new Set(order).size, faces.length);
    for (const x of faces) {
      for (const y of faces) {
        if (x === y || !covers(eye, x, y) || covers(eye, y, x)) continue;
        assert.ok(order.indexOf(x.id) < order.indexOf(y.id), `step ${step}: ${x.id} before ${y.id}`);
      }
    }
  }
});

test("sheets behind one another, however near the centres", () => {
  const sheets = Array.from({ length: 5 }, (_, at) => face(at, 100, 100, { origin: [at * 3, 0, -at * 0.5] }));
  assert.deepEqual(
    paintOrder(sheets, [400, 0, 30]).map((side) => side.id),
    [4, 3, 2, 1, 0],
  );
  assert.deepEqual(
    paintOrder(sheets, [400, 0, -90]).map((side) => side.id),
    [0, 1, 2, 3, 4],
  );
});

test("the order does not depend on the order in which faces are given", () => {
  const eye: Vec3 = [20, 10, 30];
  const order = paintOrder(LAYOUT.faces, eye).map((side) => side.id);
  assert.deepEqual(
    paintOrder([...LAYOUT.faces].reverse(), eye).map((side) => side.id),
    order,
  );
  assert.deepEqual(faceCentre(LAYOUT.faces[2]!), [2, -1, 4]);
});
