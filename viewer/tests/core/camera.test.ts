import assert from "node:assert/strict";
import { test } from "node:test";
import { eyeOf, fit, orbit, pan, project, rayAt, tween, zoomAt } from "../../src/core/camera";
import type { Camera, Vec3 } from "../../src/core/types.gen";
import { along, cross, dot, length, sub } from "../../src/core/vec";

function cornersOf({ min, max }: { readonly min: Vec3; readonly max: Vec3 }): readonly Vec3[] {
  const corners: Vec3[] = [];
  for (const x of [min[0], max[0]])
    for (const y of [min[1], max[1]]) for (const z of [min[2], max[2]]) corners.push([x, y, z]);
  return corners;
}

const VIEWPORT = { width: 1280, height: 800 };
const CAMERA: Camera = { target: [3, -7, 11], yaw: -0.6, pitch: 0.42, distance: 40 };

const near = (a: number, b: number, tolerance = 1e-9): void =>
  assert.ok(Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(a), Math.abs(b)), `${a} is not ${b}`);

const nearVec = (a: Vec3, b: Vec3, tolerance = 1e-9): void => {
  for (const axis of [0, 1, 2] as const) near(a[axis], b[axis], tolerance);
};

test("the eye's axes are those of the formula", () => {
  for (const pitch of [-1.2, 0, 0.42, 1.5]) {
    const eye = eyeOf({ ...CAMERA, pitch }, VIEWPORT);
    nearVec(eye.up, cross(eye.right, eye.forward));
    nearVec(along(eye.position, eye.forward, CAMERA.distance), CAMERA.target);
    for (const axis of [eye.right, eye.up, eye.forward]) near(length(axis), 1);
  }
});

test("project undoes rayAt, all over the picture", () => {
  const eye = eyeOf(CAMERA, VIEWPORT);
  for (const [x, y] of [
    [0.5, 0.5],
    [640, 400],
    [1279.5, 799.5],
    [17, 650],
    [1e4, -3e3],
  ] as const) {
    const ray = rayAt(eye, x, y);
    near(length(ray.direction), 1);
    const seen = project(eye, along(ray.origin, ray.direction, 23));
    assert.ok(seen !== null);
    near(seen.x, x);
    near(seen.y, y);
    near(seen.depth, 23 * dot(ray.direction, eye.forward));
  }
});

test("the target is in the middle, and what is behind has no place", () => {
  const eye = eyeOf(CAMERA, VIEWPORT);
  const seen = project(eye, CAMERA.target);
  assert.ok(seen !== null);
  nearVec([seen.x, seen.y, seen.depth], [640, 400, 40]);
  assert.equal(project(eye, along(eye.position, eye.forward, -1)), null);
  assert.equal(project(eye, eye.position), null);
});

test("up in the world is up in the picture, right is right", () => {
  const eye = eyeOf({ ...CAMERA, yaw: 0, pitch: 0 }, VIEWPORT);
  assert.ok((project(eye, [3, -6, 11])?.y ?? 0) < 400);
  assert.ok((project(eye, [4, -7, 11])?.x ?? 0) > 640);
});

test("fit: everything inside the margin, touching it, and centred", () => {
  const bounds = { min: [-100, -3, 5], max: [20, 60, 8] } as const;
  for (const viewport of [VIEWPORT, { width: 390, height: 844 }, { width: 3000, height: 200 }]) {
    for (const pitch of [-1.4, 0, 0.42]) {
      const eye = eyeOf(fit(cornersOf(bounds), { yaw: -0.6, pitch }, viewport), viewport);
      const seen = cornersOf(bounds).map((corner) => project(eye, corner));
      assert.ok(seen.every((p) => p !== null));
      const x = seen.map((p) => Math.abs((2 * p!.x) / viewport.width - 1));
      const y = seen.map((p) => Math.abs((2 * p!.y) / viewport.height - 1));
      near(Math.max(...x, ...y), 0.88, 1e-6);
      const middleX = (Math.min(...seen.map((p) => p!.x)) + Math.max(...seen.map((p) => p!.x))) / 2;
      near(middleX / viewport.width, 0.5, 0.005);
    }
  }
});

test("fit of a point does not divide by zero", () => {
  const camera = fit([[1, 2, 3]], { yaw: 0, pitch: 0 }, VIEWPORT);
  nearVec(camera.target, [1, 2, 3]);
  assert.ok(camera.distance > 0 && Number.isFinite(camera.distance));
});

test("orbit keeps target and distance, stops at the poles, and does not wind up", () => {
  const turned = orbit(CAMERA, 20, 9);
  assert.deepEqual(turned.target, CAMERA.target);
  assert.equal(turned.distance, CAMERA.distance);
  assert.ok(turned.pitch < Math.PI / 2);
  assert.ok(Math.abs(turned.yaw) <= Math.PI + 1e-9);
  near(Math.cos(turned.yaw), Math.cos(CAMERA.yaw + 20));
});

test("pan: what was under the pointer at the target's depth follows it", () => {
  const before = eyeOf(CAMERA, VIEWPORT);
  const ray = rayAt(before, 500, 300);
  const point = along(ray.origin, ray.direction, 40 / dot(ray.direction, before.forward));
  const seen = project(eyeOf(pan(CAMERA, VIEWPORT, 33, -12), VIEWPORT), point);
  near(seen?.x ?? 0, 533);
  near(seen?.y ?? 0, 288);
});

test("zoomAt: the point under the pointer stays there and comes nearer by the factor", () => {
  const before = eyeOf(CAMERA, VIEWPORT);
  for (const depth of [40, 12, 300]) {
    const ray = rayAt(before, 200, 700);
    const point = along(ray.origin, ray.direction, depth / dot(ray.direction, before.forward));
    const after = eyeOf(zoomAt(CAMERA, VIEWPORT, 200, 700, 2, depth), VIEWPORT);
    const seen = project(after, point);
    near(seen?.x ?? 0, 200, 1e-7);
    near(seen?.y ?? 0, 700, 1e-7);
    near(length(sub(point, after.position)), length(sub(point, before.position)) / 2, 1e-7);
  }
});

test("tween goes from a to b, the short way round", () => {
  const b: Camera = { target: [0, 0, 0], yaw: 3, pitch: -0.2, distance: 10 };
  const a: Camera = { ...CAMERA, yaw: -3 };
  assert.deepEqual(tween(a, b, 0), a);
  const end = tween(a, b, 1);
  nearVec(end.target, b.target);
  near(Math.cos(end.yaw), Math.cos(b.yaw));
  near(end.distance, 10);
  near(tween(a, b, 0.5).distance, 20);
  assert.ok(Math.abs(tween(a, b, 0.5).yaw) > 3);
});
