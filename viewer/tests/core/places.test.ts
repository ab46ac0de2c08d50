import type { Ray } from "../../src/core/camera";
// Blocks: cells at places and back, vectors that Python wrote, padded sources, picking, partial results.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { eyeOf } from "../../src/core/camera";
import { cellCentre, faceCorners, productPoint } from "../../src/core/faces";
import { fromHalf, toHalf } from "../../src/core/half";
import { insideOf } from "../../src/core/interior";
import { marksOf } from "../../src/core/marks";
import { blockSums, toOwn } from "../../src/core/parts";
import { pickAll } from "../../src/core/pick";
import * as places from "../../src/core/places";
import { plateMarks } from "../../src/core/plates";
import { BALL_FLOATS, packRod } from "../../src/core/rods";
import { sharesOf, spread } from "../../src/core/spread";
import type { Face, Split, Sweep, Vec3 } from "../../src/core/types.gen";
import { cross, sub } from "../../src/core/vec";
import { box, face, LOOK, productHead } from "./sample";

const nearest = (ray: Ray, faces: readonly Face[]) => pickAll(ray, faces)[0] ?? null;

interface Vectors {
  readonly cases: readonly {
    readonly size: number;
    readonly split: Split | null;
    readonly places: readonly number[];
    readonly cells: readonly (number | null)[];
    readonly runs: readonly (readonly [number, number])[];
  }[];
  readonly faces: readonly {
    readonly face: Face;
    readonly middles: readonly (readonly [number, number, Vec3])[];
    readonly corners: readonly Vec3[];
  }[];
  readonly shares: readonly {
    readonly averages: number;
    readonly size: number;
    readonly split: Split | null;
    readonly shares: readonly (readonly number[])[];
  }[];
  readonly parts: readonly {
    readonly left: readonly (readonly number[])[];
    readonly right: readonly (readonly number[])[];
    readonly start: number;
    readonly stop: number;
    readonly sums: readonly (readonly number[])[];
  }[];
}

const vectors = JSON.parse(readFileSync("../tests/vectors/places.json", "utf8")) as Vectors;
const close = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-7 * Math.max(1, Math.abs(b));

const EYE = eyeOf({ target: [2, -1, 2], yaw: -0.6, pitch: 0.42, distance: 20 }, { width: 800, height: 600 });

test("cells, places and blocks as in Python", () => {
  assert.ok(vectors.cases.length > 10);
  for (const { size, split, places: want, cells, runs } of vectors.cases) {
    const actual = Array.from({ length: size }, (_, cell) => places.placeOf(split, cell));
    assert.deepEqual(actual, want);
    assert.equal(places.extentOf(split, size), (want.at(-1) ?? -1) + 1);
    assert.deepEqual(
      cells.map((_, at) => places.cellAtPlace(split, size, at - 2)),
      cells,
    );
    assert.deepEqual(places.runsOf(split, size), runs);
  }
});

test("the middle of a cell is where Python has it, and a ray at it meets that cell", () => {
  for (const { face: side, middles, corners } of vectors.faces) {
    const [a, b, c, d] = faceCorners(side);
    assert.deepEqual([a, b, c, d], corners);
    const normal = cross(side.across, side.down);
    for (const [row, col, point] of middles) {
      assert.deepEqual(cellCentre(side, row, col), point);
      const hit = nearest({ origin: sub(point, normal), direction: normal }, [side]);
      assert.deepEqual([hit?.row, hit?.col], [row, col]);
      assert.deepEqual([hit?.nodeRow, hit?.nodeCol], side.transposed ? [col, row] : [row, col]);
    }
  }
});

test("every cell to the world and back, and nothing in the gaps", () => {
  for (const split of [null, { length: 1, gap: 1 }, { length: 3, gap: 2 }, { length: 50, gap: 4 }]) {
    const side = face(0, 7, 11, { row_split: split, col_split: split });
    for (let y = 0; y < places.highOf(side); y++) {
      for (let x = 0; x < places.wideOf(side); x++) {
        const origin: Vec3 = [x + 0.5, -(y + 0.5), 1];
        const hit = nearest({ origin, direction: [0, 0, -1] }, [side]);
        const row = places.cellAtPlace(split, 7, y);
        const col = places.cellAtPlace(split, 11, x);
        assert.equal(hit === null, row === null || col === null);
        if (hit !== null) assert.deepEqual(cellCentre(side, hit.row, hit.col), [x + 0.5, -(y + 0.5), 0]);
      }
    }
  }
});

test("products of a split box stand at the crossings", () => {
  const cube = box([4, 5, 6], { splits: [{ length: 2, gap: 1 }, null, { length: 4, gap: 3 }] });
  assert.deepEqual(productPoint(cube, 2, 4, 4), [4.5, -3.5, 7.5]);
  assert.deepEqual(places.extentsOf(cube), [5, 5, 9]);
});

test("a source has its cells at their places, and zeros and no mask between", () => {
  const values = new Float32Array([1, 2, 3, 4, 5, Number.NaN]);
  const source = {
    kind: "exact",
    rows: 2,
    cols: 3,
    values,
    mask: new Uint8Array([0, 1, 0, 0, 0, 0]),
  } as const;
  const along = (split: Split | null, size: number, start = 0) => ({ split, start, size });
  const actual = spread(source, along({ length: 1, gap: 1 }, 2), along({ length: 2, gap: 1 }, 3));
  assert.equal(actual.kind, "exact");
  if (actual.kind !== "exact") return;
  assert.deepEqual([actual.rows, actual.cols], [3, 4]);
  assert.deepEqual([...actual.values], [1, 2, 0, 3, 0, 0, 0, 0, 4, 5, 0, Number.NaN]);
  assert.deepEqual([...(actual.mask ?? [])], [0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
  // A piece that begins inside a block: columns 1 .. 3 of blocks of two.
  const piece = { ...source, rows: 1, mask: null, values: values.subarray(0, 3) };
  const part = spread(piece, along(null, 2), along({ length: 2, gap: 1 }, 9, 1));
  assert.deepEqual([...(part.kind === "exact" ? part.values : [])], [1, 0, 2, 3]);
});

test("averages over places are Python's shares, and keep their sum", () => {
  for (const { averages, size, split, shares } of vectors.shares) {
    const actual = sharesOf(averages, { split, start: 0, size });
    assert.equal(actual.length, shares.length);
    actual.forEach(({ from, weights }, texel) => {
      const want = shares[texel] ?? [];
      want.forEach((share, at) => {
        assert.ok(close(weights[at - from] ?? 0, share), `${averages} ${size} ${texel} ${at}`);
      });
    });
    const whole = places.extentOf(split, size) / actual.length;
    const total = actual.reduce((sum, { weights }) => sum + weights.reduce((a, b) => a + b, 0), 0) * whole;
    assert.ok(close(total, size));
  }
});

test("a row of many averages has as many weights as pairs that touch, not their product", () => {
  const averages = 200_000;
  const actual = sharesOf(averages, { split: { length: 5000, gap: 7 }, start: 0, size: averages });
  const weights = actual.reduce((sum, each) => sum + each.weights.length, 0);
  assert.ok(weights >= averages && weights < 3 * averages, `${weights} weights`);
});

test("flags of averages reach every texel that they touch", () => {
  const pairs = new Uint16Array(8).fill(toHalf(0.5));
  const flags = new Uint8Array([0, 0, 2, 0]);
  const source = { kind: "pooled", rows: 1, cols: 4, pairs, flags, peak: false } as const;
  const actual = spread(
    source,
    { split: null, start: 0, size: 2 },
    { split: { length: 4, gap: 2 }, start: 0, size: 8 },
  );
  assert.equal(actual.kind, "pooled");
  if (actual.kind !== "pooled") return;
  assert.deepEqual([...actual.flags], [0, 0, 0, 2, 0]);
  assert.deepEqual([...actual.pairs].map(fromHalf), [0.5, 0.5, 0.5, 0.5, 0, 0, 0.5, 0.5, 0.5, 0.5]);
});

test("extremes over places keep their size, one sign alone", () => {
  const pairs = Uint16Array.from([0.25, 0, 0, 0.5, 0, 0, 0.125, 0], toHalf);
  const source = { kind: "pooled", rows: 1, cols: 4, pairs, flags: new Uint8Array(4), peak: true } as const;
  const split = { length: 3, gap: 1 };
  const actual = spread(source, { split: null, start: 0, size: 2 }, { split, start: 0, size: 8 });
  assert.equal(actual.kind, "pooled");
  if (actual.kind !== "pooled") return;
  assert.deepEqual([...actual.pairs].map(fromHalf), [0.25, 0, 0, 0.5, 0, 0.5, 0, 0, 0.125, 0]);
});

test("partial results are Python's, and add up to the product", () => {
  let total = 0;
  for (const { left, right, start, stop, sums } of vectors.parts) {
    const [rows, depth, cols] = [left.length, right.length, right[0]?.length ?? 0];
    const operands = {
      left: { values: Float64Array.from(left.flat()), keep: depth, inner: 1 },
      right: { values: Float64Array.from(right.flat()), keep: 1, inner: cols },
    };
    const actual = blockSums(operands, rows, cols, start, stop);
    sums.flat().forEach((sum, at) => {
      assert.ok(close(actual[at] ?? Number.NaN, sum));
    });
    total += actual[0] ?? 0;
  }
  const first = vectors.parts[0];
  assert.ok(first);
  const whole = first.left[0]?.reduce((sum, a, k) => sum + a * (first.right[k]?.[0] ?? 0), 0) ?? 0;
  assert.ok(close(total, whole));
});

test("guides and corner marks go block by block, and box edges", () => {
  const head = productHead();
  const [layout] = head.layouts;
  assert.ok(layout);
  const split = { length: 2, gap: 1 };
  const result = face(2, 4, 6, { row_split: split, col_split: split });
  const marks = (boxes: readonly ReturnType<typeof box>[]) =>
    marksOf({
      layout: { ...layout, boxes },
      faces: [result, face(0, 2, 2), face(1, 2, 2)],
      theme: head.themes[0] as never,
      guides: true,
      arrows: false,
      hasValues: () => true,
      eye: EYE,
      pixel: EYE.pixelAngle,
    });
  const bare = marks([]);
  assert.equal(bare.length, 0);
  const plates = plateMarks(result, head.themes[0] as never, EYE, EYE.pixelAngle);
  assert.equal(plates.filter(({ colour }) => colour === head.themes[0]?.frame).length, 4 * 6);
  const edges = marks([box([4, 6, 2], { splits: [split, split, null] })]).length - bare.length;
  assert.equal(edges, 12 * 6);
});

test("the plane of a step stands at its place, and its rows and columns are in blocks", () => {
  const cube = box([4, 5, 6], { splits: [{ length: 2, gap: 1 }, null, { length: 4, gap: 3 }] });
  const sweep = {
    node: 2,
    algorithm: "outer",
    loops: [{ letter: "k", size: 1 }],
    sizes: [4, 5, 6],
    blocks: [4, 5, 6],
    limit: null,
    levels: 0,
    states: null,
    steps: 6,
    start: 0,
    begin: 0,
    phase: 0.5,
    lane: 0,
    group: 0,
  } as unknown as Sweep;
  const sides = { values: new Float64Array(30).fill(1), keep: 6, inner: 1 };
  const at = (k: number) => insideOf(sweep, cube, [], { left: sides, right: sides }, k).parts[0]?.face;
  assert.deepEqual(at(3)?.origin, [0, 0, 3.5]);
  assert.deepEqual(at(4)?.origin, [0, 0, 7.5]);
  const plane = at(4);
  assert.deepEqual([plane?.rows, plane?.row_split], [4, { length: 2, gap: 1 }]);
  assert.deepEqual([plane?.cols, plane?.col_split], [5, null]);
});

test("a rod in blocks is drawn from both ends to its nearest product", () => {
  const split = { length: 2, gap: 6 };
  const cube = box([1, 1, 6], { splits: [null, null, split] });
  const look = { ...LOOK, sizes: [0.7, 0.7] };
  const camera = { target: [0.5, -0.5, 9], yaw: Math.PI / 2, pitch: 0, distance: 40 } as const;
  const eye = eyeOf(camera, { width: 800, height: 600 });
  const rod = { boxId: 0, i: 0, j: 0, values: new Float64Array(6).fill(1), scale: null };
  const packed = packRod(rod, cube, look, eye);
  assert.equal(packed.length, 6 * BALL_FLOATS);
  const away = Array.from({ length: 6 }, (_, n) =>
    Math.hypot(...packed.subarray(n * BALL_FLOATS, n * BALL_FLOATS + 3)),
  );
  assert.ok(Math.abs(Math.min(...away) - (away.at(-1) ?? 0)) < 1e-4, "the nearest comes last");
});

test("sums stand in the order of the node's cells, turned when its rows run along j", () => {
  const part = { box: box([2, 3, 1]), start: 0, stop: 1, count: 1 };
  const sums = Float64Array.from([1, 2, 3, 4, 5, 6]);
  assert.deepEqual([...toOwn(part, face(2, 2, 3), sums)], [1, 2, 3, 4, 5, 6]);
  assert.deepEqual([...toOwn(part, face(2, 2, 3, { transposed: true }), sums)], [1, 4, 2, 5, 3, 6]);
});
