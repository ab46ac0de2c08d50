import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import {
  covers,
  overlap,
  type Placed,
  place,
  type Rect,
  spotsBeside,
  type Wish,
} from "../../src/core/labels";

const AREA: Rect = { x: 0, y: 0, w: 400, h: 300 };

/** A small generator with a seed, so that a failure can be repeated. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

function wishes(seed: number, count: number): Wish[] {
  const next = numbers(seed);
  return Array.from({ length: count }, (_, at) => ({
    id: `w${at}`,
    priority: Math.floor(next() * 4),
    w: 10 + next() * 90,
    h: 8 + next() * 20,
    spots: Array.from({ length: 1 + Math.floor(next() * 5) }, () => ({
      x: next() * 420 - 10,
      y: next() * 320 - 10,
    })),
  }));
}

test("no two overlap, none leaves the area, none lies on what is taken", () => {
  const taken: Rect[] = [{ x: 100, y: 100, w: 80, h: 60 }];
  for (let seed = 1; seed <= 200; seed++) {
    const placed = place(wishes(seed, 40), AREA, taken, 4);
    for (const [at, label] of placed.entries()) {
      assert.ok(label.rect.x >= 0 && label.rect.y >= 0);
      assert.ok(label.rect.x + label.rect.w <= AREA.w && label.rect.y + label.rect.h <= AREA.h);
      for (const other of taken) assert.ok(!overlap(label.rect, other, 4));
      for (const other of placed.slice(at + 1))
        assert.ok(!overlap(label.rect, other.rect, 4), `seed ${seed}`);
    }
  }
});

test("the order of the wishes does not matter", () => {
  const list = wishes(7, 30);
  const again = place([...list].reverse(), AREA);
  assert.deepEqual(place(list, AREA), again);
});

test("higher priority goes first; what has no room is left out", () => {
  const spots = [{ x: 50, y: 50 }];
  const placed = place(
    [
      { id: "a", priority: 1, w: 40, h: 20, spots },
      { id: "b", priority: 2, w: 40, h: 20, spots },
    ],
    AREA,
  );
  assert.deepEqual(
    placed.map((label) => label.id),
    ["b"],
  );
});

test("spots beside an edge clear it, on the outer side", () => {
  const size = { w: 40, h: 10 };
  for (const spot of spotsBeside({ x: 0, y: 100 }, { x: 200, y: 100 }, { x: 100, y: 150 }, size, 6)) {
    assert.equal(spot.y, 100 - 5 - 6);
  }
  assert.deepEqual(spotsBeside({ x: 1, y: 1 }, { x: 1, y: 1 }, { x: 0, y: 0 }, size, 6), []);
});

test("a polygon covers a rectangle only where they share area", () => {
  const triangle = [
    { x: 0, y: 0 },
    { x: 100, y: 0 },
    { x: 0, y: 100 },
  ];
  assert.ok(covers(triangle, { x: 10, y: 10, w: 5, h: 5 }));
  assert.ok(!covers(triangle, { x: 80, y: 80, w: 20, h: 20 }));
  assert.ok(!covers(triangle, { x: -10, y: 0, w: 10, h: 10 }));
});

test("placed as Python places them, with lines to their homes", () => {
  const { cases } = JSON.parse(readFileSync("../tests/vectors/labels.json", "utf8")) as {
    cases: { wishes: Wish[]; area: Rect; taken: Rect[]; margin: number; placed: Placed[] }[];
  };
  const rounded = (value: unknown) =>
    JSON.stringify(value, (_, x) => (typeof x === "number" ? Math.round(x * 1e4) / 1e4 : x));
  for (const { wishes, area, taken, margin, placed } of cases) {
    assert.equal(rounded(place(wishes, area, taken, margin)), rounded(placed));
    assert.ok(placed.some((label) => label.lead !== null) || wishes.length < 12);
  }
});

test("a line to a home runs through no other text when another place is free", () => {
  const home = [
    { x: 0, y: 140 },
    { x: 20, y: 140 },
    { x: 20, y: 160 },
    { x: 0, y: 160 },
  ];
  const between = { id: "between", priority: 2, w: 40, h: 20, spots: [{ x: 100, y: 150 }] };
  const far = { id: "far", priority: 1, w: 40, h: 20, home };
  const through = { x: 200, y: 150 };
  const [, label] = place([between, { ...far, spots: [through, { x: 60, y: 50 }] }], AREA);
  assert.equal(label?.rect.y, 40);
  const [, only] = place([between, { ...far, spots: [through] }], AREA);
  assert.equal(only?.rect.y, 140, "rather through another than not at all");
});
