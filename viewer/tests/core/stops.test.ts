import assert from "node:assert/strict";
import { test } from "node:test";
import { eyeOf, project } from "../../src/core/camera";
import { faceCorners } from "../../src/core/faces";
import { cameraFor } from "../../src/core/stops";
import { face } from "./sample";

test("a stop stands so that the card covers nothing of what it was made to show", () => {
  const camera = { target: [0, 0, 0], yaw: 0, pitch: 0, distance: 60 } as const;
  const faces = [face(0, 10, 10, { origin: [-16, 5, 0] }), face(1, 10, 10, { origin: [6, 5, 0] })]; // 10 × 10 each, left and right of the middle
  const see = (width: number, height: number, cards: { readonly w: number; readonly h: number }) => {
    const under = { x: 0, y: height - cards.h, w: cards.w, h: cards.h };
    const above = { x: 0, y: 40, w: width, h: under.y - 40 };
    const beside = { x: cards.w, y: 40, w: width - cards.w, h: height - 40 };
    const rooms = [above, ...(cards.w < width - 100 ? [beside] : [])];
    const size = { width, height };
    const eye = eyeOf(cameraFor(camera, faces, size, under, rooms), size);
    return faces.flatMap(faceCorners).map((at) => {
      const spot = project(eye, at);
      assert.ok(spot !== null && spot.x > 0 && spot.x < width && spot.y > 0 && spot.y < height);
      assert.ok(spot.x > under.w || spot.y < under.y, `${spot.x} ${spot.y}`);
      return spot;
    });
  };
  const own = project(eyeOf(camera, { width: 1280, height: 800 }), [-16, 5, 0]);
  assert.deepEqual(see(1280, 800, { w: 100, h: 100 })[0], own); // nothing is in the way
  see(1280, 800, { w: 350, h: 500 });
  const phone = see(390, 844, { w: 390, h: 200 });
  const wide = Math.max(...phone.map(({ x }) => x)) - Math.min(...phone.map(({ x }) => x));
  assert.ok(wide > 0.8 * 390, `${wide}`); // large on a small screen
  const inside = { ...camera, distance: 5 } as const; // within a face: there is nothing whole to keep clear
  const rect = { x: 0, y: 0, w: 300, h: 300 };
  assert.equal(cameraFor(inside, [], { width: 800, height: 1000 }, rect, []).distance, 10);
});
