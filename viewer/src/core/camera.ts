// The orbit camera of docs/drawing.md: pixels to rays, points to pixels, and how it is moved.

import type { Rect } from "./labels";
import type { Camera, Vec3 } from "./types.gen";
import { along, clamp, dot, lerp, normalize, scale, sub } from "./vec";

/** Vertical field of view in radians. */
const FIELD_OF_VIEW = (35 * Math.PI) / 180;
export const DEFAULT_YAW = -0.6;
export const DEFAULT_PITCH = 0.42;

const TAN_HALF = Math.tan(FIELD_OF_VIEW / 2);
const MAX_PITCH = 1.5707;
const MARGIN = 0.12;
const HALVINGS = 48;
const LEAST_DISTANCE = 1e-2;
/** A depth of at most this is behind the camera. */
export const NEAR = 1e-6;

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
  if (!(depth > NEAR)) return null;
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

/**
 * The nearest camera from which all points are seen with a margin, centred, with yaw and pitch as given.
 *
 * @param part of the picture to fit them into, the whole by default.
 */
export function fit(
  points: readonly Vec3[],
  angles: { yaw: number; pitch: number },
  viewport: Viewport,
  part: Rect = { x: 0, y: 0, w: viewport.width, h: viewport.height },
): Camera {
  const { right, up, forward, tanHalf } = eyeOf({ ...angles, target: [0, 0, 0], distance: 1 }, viewport);
  const unit = (2 * tanHalf) / viewport.height; // the slope of a pixel
  // The middle of the part, as slopes.
  const slopeX = (part.x + (part.w - viewport.width) / 2) * unit;
  const slopeY = -(part.y + (part.h - viewport.height) / 2) * unit;
  const depths = points.map((point) => dot(point, forward));
  const across = [along(right, forward, -slopeX), along(up, forward, -slopeY)].map((axis) =>
    points.map((point) => dot(point, axis)),
  );
  const middle = (Math.min(...depths) + Math.max(...depths)) / 2;
  const limits = [part.w, part.h].map((side) => (tanHalf * (1 - MARGIN) * side) / viewport.height);
  const nearest = across.map((places, at) => depthOf(places, depths, limits[at] ?? 0));
  const depth = Math.min(middle - LEAST_DISTANCE, ...nearest);
  const [x = 0, y = 0] = across.map((places) => centreOf(places, depths, depth));
  const target = along(along(scale(forward, middle), right, x + slopeX * depth), up, y + slopeY * depth);
  return { target, ...angles, distance: middle - depth }; // in the order of a link: links are compared
}

/** The greatest depth from which all points lie within a slope on either side. */
function depthOf(across: readonly number[], depths: readonly number[], limit: number): number {
  const most = (sign: number): number =>
    Math.max(...across.map((x, at) => sign * x - limit * (depths[at] ?? 0)));
  return -(most(1) + most(-1)) / (2 * limit);
}

/** The eye's position across, such that its greatest slopes to both sides are equal; by bisection. */
function centreOf(across: readonly number[], depths: readonly number[], depth: number): number {
  let [low, high] = [Math.min(...across), Math.max(...across)];
  for (let n = 0; n < HALVINGS; n++) {
    const middle = (low + high) / 2;
    const slopes = across.map((x, at) => (x - middle) / Math.max((depths[at] ?? 0) - depth, NEAR));
    if (Math.max(...slopes) + Math.min(...slopes) > 0) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
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
