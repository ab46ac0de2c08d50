import assert from "node:assert/strict";
import { test } from "node:test";
import { eyeOf, fit } from "../../src/core/camera";
import { slabCorners } from "../../src/core/faces";
import { isLost, shareInView } from "../../src/core/in_view";
import { scene } from "../ui/fixture";

const VIEWPORT = { width: 800, height: 600 };

test("a fitted figure is wholly in view, a camera that looks away sees nothing, one beside it a part", () => {
  const { faces } = scene().head.layouts[0]!;
  const camera = fit(slabCorners(faces), { yaw: -0.6, pitch: 0.42 }, VIEWPORT);
  assert.equal(shareInView(eyeOf(camera, VIEWPORT), faces), 1);
  const [x, y, z] = camera.target;
  assert.equal(shareInView(eyeOf({ ...camera, target: [x + 1e3, y, z] }, VIEWPORT), faces), 0);
  const near = shareInView(eyeOf({ ...camera, distance: camera.distance / 3 }, VIEWPORT), faces);
  assert.ok(near > 0 && near < 1);
  assert.equal(shareInView(eyeOf(camera, VIEWPORT), []), 1);
});

test("a figure is lost when less than half of it is left, not when it was as little in view before", () => {
  const { faces } = scene().head.layouts[0]!;
  const camera = fit(slabCorners(faces), { yaw: -0.6, pitch: 0.42 }, VIEWPORT);
  const whole = eyeOf(camera, VIEWPORT);
  const away = faces.map((face) => ({ ...face, origin: [face.origin[0] + 1e3, 0, 0] as const }));
  assert.equal(isLost(whole, faces, faces), false);
  assert.equal(isLost(whole, faces, away), true);
  const near = eyeOf({ ...camera, distance: camera.distance / 8 }, VIEWPORT);
  assert.ok(shareInView(near, faces) < 0.5);
  assert.equal(isLost(near, faces, faces), false);
  assert.equal(isLost(near, faces, away), true);
});
