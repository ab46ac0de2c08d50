// The orbit camera of docs/drawing.md: pixels to rays, points to pixels, and how it is moved.

import type { Camera, Vec3 } from "./types.gen";
import { along, clamp, dot, lerp, normalize, scale, sub } from "./vec";

/** Vertical field of view in radians. */
export const FIELD_OF_VIEW = (35 * Math.PI) / 180;
export const DEFAULT_YAW = -0.6;
export const DEFAULT_PITCH = 0.42;

const TAN_HALF = Math.tan(FIELD_OF_VIEW / 2);
const MAX_PITCH = 1.5707;
const MARGIN = 0.12;
const BEHIND = 1e-6;

/** Size of the picture, in CSS or device pixels: whatever x and y are in. */
export interface Viewport {
  readonly width: number;
  readonly height: number;
}

/** A camera resolved for one picture size. */
export interface Eye {
  readonly position: Vec3;
  readonly forward: Vec3;
  readonly right: Vec3;
  readonly up: Vec3;
  readonly viewport: Viewport;
  /** Half of the picture's height at distance 1. */
  readonly tanHalf: number;
  /** The angle one pixel subtends in the middle of the picture, radians. */
  readonly pixelAngle: number;
}

export interface Ray {
  readonly origin: Vec3;
  /** Unit length. */
  readonly direction: Vec3;
}

/** `depth` is the distance along the view direction, in cells. */
export interface Projected {
  readonly x: number;
  readonly y: number;
  readonly depth: number;
}

export interface Bounds {
  readonly min: Vec3;
  readonly max: Vec3;
}

export function eyeOf(camera: Camera, viewport: Viewport): Eye {
  const { yaw, pitch, distance, target } = camera;
  const back: Vec3 = [Math.sin(yaw) * Math.cos(pitch), Math.sin(pitch), Math.cos(yaw) * Math.cos(pitch)];
  const right: Vec3 = [Math.cos(yaw), 0, -Math.sin(yaw)];
  const up: Vec3 = [-Math.sin(yaw) * Math.sin(pitch), Math.cos(pitch), -Math.cos(yaw) * Math.sin(pitch)]; // right × forward
  return {
    position: along(target, back, distance),
    forward: scale(back, -1),
    right,
    up,
    viewport,
    tanHalf: TAN_HALF,
    pixelAngle: (2 * TAN_HALF) / viewport.height,
  };
}

/** The ray through picture position (x, y), y down; a pixel's centre is at +0.5. */
export function rayAt(eye: Eye, x: number, y: number): Ray {
  const { width, height } = eye.viewport;
  const sx = ((2 * x) / width - 1) * (width / height) * eye.tanHalf;
  const sy = (1 - (2 * y) / height) * eye.tanHalf;
  return { origin: eye.position, direction: normalize(along(along(eye.forward, eye.right, sx), eye.up, sy)) };
}

/** Where a point appears; null when it is behind the camera. */
export function project(eye: Eye, point: Vec3): Projected | null {
  const offset = sub(point, eye.position);
  const depth = dot(offset, eye.forward);
  if (!(depth > BEHIND)) return null;
  const { width, height } = eye.viewport;
  const unit = height / (2 * eye.tanHalf * depth);
  return {
    x: width / 2 + dot(offset, eye.right) * unit,
    y: height / 2 - dot(offset, eye.up) * unit,
    depth,
  };
}

/** Turn about the target, radians; the pitch stops just short of the poles. */
export function orbit(camera: Camera, deltaYaw: number, deltaPitch: number): Camera {
  const turn = 2 * Math.PI;
  const yaw = camera.yaw + deltaYaw;
  return {
    ...camera,
    yaw: yaw - turn * Math.round(yaw / turn),
    pitch: clamp(camera.pitch + deltaPitch, -MAX_PITCH, MAX_PITCH),
  };
}

/** Move so that what lies at the depth of the target follows the pointer by (dx, dy) pixels. */
export function pan(camera: Camera, viewport: Viewport, dx: number, dy: number): Camera {
  const eye = eyeOf(camera, viewport);
  const cells = camera.distance * eye.pixelAngle;
  return { ...camera, target: along(along(camera.target, eye.right, -dx * cells), eye.up, dy * cells) };
}

/**
 * Zoom by `factor` (> 1 comes nearer) about picture position (x, y).
 *
 * `depth` is the depth of what lies under the pointer (from a pick), by default the target's. That point stays
 * where it is in the picture and comes nearer by the factor, so that any face can be walked up to.
 */
export function zoomAt(
  camera: Camera,
  viewport: Viewport,
  x: number,
  y: number,
  factor: number,
  depth: number = camera.distance,
): Camera {
  const eye = eyeOf(camera, viewport);
  const ray = rayAt(eye, x, y);
  const anchor = along(ray.origin, ray.direction, depth / dot(ray.direction, eye.forward));
  const shrink = 1 / clamp(factor, 1e-3, 1e3);
  const distance = clamp(camera.distance * shrink, 1e-2, 1e9);
  return {
    ...camera,
    distance,
    target: along(anchor, sub(camera.target, anchor), distance / camera.distance),
  };
}

/** The camera from which all of `bounds` is seen, with yaw and pitch as given. */
export function fit(bounds: Bounds, angles: { yaw: number; pitch: number }, viewport: Viewport): Camera {
  const corners = cornersOf(bounds);
  const centre = along(bounds.min, sub(bounds.max, bounds.min), 0.5);
  const first = { ...angles, target: centre, distance: 1 };
  const eye = eyeOf(first, viewport);
  const far = { ...first, distance: leastDistance(eye, centre, corners) };
  const target = centred(far, viewport, corners);
  return { ...far, target, distance: leastDistance(eye, target, corners) };
}

function leastDistance(eye: Eye, target: Vec3, corners: readonly Vec3[]): number {
  const limitY = eye.tanHalf * (1 - MARGIN);
  const limitX = (limitY * eye.viewport.width) / eye.viewport.height;
  let distance = 1e-2;
  for (const corner of corners) {
    const offset = sub(corner, target);
    const wide = Math.max(Math.abs(dot(offset, eye.right)) / limitX, Math.abs(dot(offset, eye.up)) / limitY);
    distance = Math.max(distance, wide - dot(offset, eye.forward));
  }
  return distance;
}

/** The target moved in the view plane so that the projected extent is in the middle. */
function centred(camera: Camera, viewport: Viewport, corners: readonly Vec3[]): Vec3 {
  const eye = eyeOf(camera, viewport);
  const low: [number, number] = [Infinity, Infinity];
  const high: [number, number] = [-Infinity, -Infinity];
  for (const corner of corners) {
    const seen = project(eye, corner);
    if (seen === null) continue;
    low[0] = Math.min(low[0], seen.x);
    low[1] = Math.min(low[1], seen.y);
    high[0] = Math.max(high[0], seen.x);
    high[1] = Math.max(high[1], seen.y);
  }
  if (!(high[0] >= low[0])) return camera.target;
  const dx = (low[0] + high[0] - viewport.width) / 2;
  const dy = (low[1] + high[1] - viewport.height) / 2;
  return pan(camera, viewport, -dx, -dy).target;
}

export function cornersOf({ min, max }: Bounds): readonly Vec3[] {
  const corners: Vec3[] = [];
  for (const x of [min[0], max[0]])
    for (const y of [min[1], max[1]]) for (const z of [min[2], max[2]]) corners.push([x, y, z]);
  return corners;
}

/** From `a` at t = 0 to `b` at t = 1: the short way round, distance by ratio. */
export function tween(a: Camera, b: Camera, t: number): Camera {
  const turn = 2 * Math.PI;
  const around = b.yaw - a.yaw - turn * Math.round((b.yaw - a.yaw) / turn);
  return {
    target: [
      lerp(a.target[0], b.target[0], t),
      lerp(a.target[1], b.target[1], t),
      lerp(a.target[2], b.target[2], t),
    ],
    yaw: a.yaw + around * t,
    pitch: lerp(a.pitch, b.pitch, t),
    distance: a.distance * (b.distance / a.distance) ** t,
  };
}
