// Texts on the plane of a face, along one of its edges, by the affine map of the plane in the middle of the text.

import { type Eye, project } from "./camera";
import { onFace } from "./faces";
import { highOf, wideOf } from "./places";
import { padOf } from "./plates";
import type { Vec3 } from "./types.gen";
import { along, dot, scale, sub } from "./vec";
import { ASCENT, DESCENT, type Name, RIM, SPACE_EM, sizePx, type Writing } from "./writing";

/** Height of a capital, ems. */
const CAP = 0.72;
/** From the edge of the plate to the text. */
const EDGE_EM = 0.22;
const LEAST_CAP = 9;
const LEAST_EM = 8;
/** Of the angle between the line of text and the letters, 55°. */
const LEAST_SINE = 0.82;
/** Of an em along the line to one across it, and the other way round. */
const LEAST_SHARE = 0.5;
const STEEPEST = 0.8;
const OVERHANG = 2;
const PARTS = 32;

/** Along the upper, lower, left and right edge, outside it; at its start, its end and its middle. */
export function* onPlane(name: Name, eye: Eye, px: number, sized: boolean): Generator<Writing> {
  const { face } = name.outline;
  const [wide, high] = [wideOf(face), highOf(face)];
  const [up, left] = [scale(face.down, -1), scale(face.across, -1)];
  const edges = [
    [face.origin, face.across, wide, up],
    [onFace(face, high, 0), face.across, wide, face.down],
    [face.origin, face.down, high, left],
    [onFace(face, 0, wide), face.down, high, face.across],
  ] as const;
  const ems = name.strong + (sized ? SPACE_EM + (sizePx(px, true) / px) * name.weak : 0);
  for (const [origin, edge, size, outward] of edges) {
    let [start, way]: [Vec3, Vec3] = [origin, edge];
    let [low, high] = visiblePart(start, way, size, eye);
    if (high <= low) continue;
    const [first, last] = [project(eye, along(start, way, low)), project(eye, along(start, way, high))];
    if (first === null || last === null) continue;
    if (last.x < first.x) {
      [start, way] = [along(start, way, size), scale(way, -1)];
      [low, high] = [size - high, size - low];
    }
    const centre = along(start, way, (low + high) / 2);
    const em = px * dot(sub(centre, eye.position), eye.forward) * eye.pixelAngle; // cells
    const long = ems * em;
    if (long > OVERHANG * (high - low)) continue;
    for (const at of new Set([low, high - long, (low + high - long) / 2])) {
      const foot = along(along(start, way, at), outward, padOf(face));
      const writing = flatAt(name, foot, way, outward, em, ems, px, eye, sized);
      if (writing !== null) yield writing;
    }
  }
}

/** The stretch of an edge inside the picture, in cells from its start. */
function visiblePart(start: Vec3, way: Vec3, size: number, eye: Eye): readonly [number, number] {
  const { width, height } = eye.viewport;
  let [low, high] = [Infinity, -Infinity];
  for (let n = 0; n <= PARTS; n++) {
    const share = (size * n) / PARTS;
    const spot = project(eye, along(start, way, share));
    if (spot === null) continue;
    const { x, y } = spot;
    if (x < RIM || x > width - RIM || y < RIM || y > height - RIM) continue;
    [low, high] = [Math.min(low, share), Math.max(high, share)];
  }
  return high < low ? [0, 0] : [low, high];
}

/** A text on a plane from a point of the edge of its plate on; null where it would be hard to read. */
function flatAt(
  name: Name,
  foot: Vec3,
  way: Vec3,
  outward: Vec3,
  em: number,
  ems: number,
  px: number,
  eye: Eye,
  sized: boolean,
): Writing | null {
  const gap = EDGE_EM * em;
  for (const [up, baseline] of [
    [outward, gap + DESCENT * em],
    [scale(outward, -1), gap + ASCENT * em],
  ] as const) {
    const base = along(foot, outward, baseline);
    const centre = along(base, way, (ems * em) / 2);
    const spots = [base, along(base, way, ems * em), centre, along(centre, up, em)];
    const [a, b, c, d] = spots.map((spot) => project(eye, spot));
    if (!(a && b && c && d)) continue;
    const right = { x: (b.x - a.x) / ems, y: (b.y - a.y) / ems };
    const below = { x: c.x - d.x, y: c.y - d.y };
    const turn = right.x * below.y - right.y * below.x;
    const [long, tall] = [Math.hypot(right.x, right.y), Math.hypot(below.x, below.y)];
    const hard =
      turn <= LEAST_SINE * long * tall ||
      CAP * turn < LEAST_CAP * long ||
      long < Math.max(LEAST_EM, LEAST_SHARE * tall) ||
      tall < LEAST_SHARE * long ||
      Math.abs(right.y) > STEEPEST * right.x ||
      below.y < 0.3 * tall;
    if (hard) continue;
    return {
      id: name.id,
      at: { x: a.x - below.x * ASCENT, y: a.y - below.y * ASCENT },
      right: { x: right.x / px, y: right.y / px },
      down: { x: below.x / px, y: below.y / px },
      px,
      w: ems * px,
      h: (ASCENT + DESCENT) * px,
      sized,
      flat: true,
      own: false,
      lead: null,
    };
  }
  return null;
}
