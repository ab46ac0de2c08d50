// Stops: named states of the view with a sentence each, shown in their order.

import { eyeOf, fit, project, type Viewport } from "./camera";
import { slabCorners } from "./faces";
import { isInPicture, isWhole, samples } from "./in_view";
import type { Rect, Spot } from "./labels";
import type { Camera, Face, Stop, Vec3, View } from "./types.gen";

/** What the view shows, as a stop. */
export function stopOf(view: View, name: string, say: string, camera: Camera): Stop {
  const { layout, style, film, hidden, faded, isolated, device, partition, selection } = view;
  const seen = { layout, style, film, hidden, faded, isolated, device, partition };
  return { name, say, camera, selection, view: seen };
}

/** The view at one of its stops; null where there is none of this number. */
export function viewAt(view: View, at: number): View | null {
  const stop = view.stops[at];
  if (stop === undefined) return null;
  const { camera, selection } = stop;
  const partition = stop.view?.partition ?? view.partition; // stops of older links have none
  return { ...view, ...stop.view, partition, camera, selection, stop: at };
}

/** Width over height of the pictures that stops are mostly made for. */
const WIDE = 1.6;

/**
 * The camera of a stop for this picture: what it was made to show whole is whole, and free of what lies over the picture.
 *
 * @param faces that are visible at the stop.
 * @param under the part of the picture that texts lie over.
 * @param rooms the free parts of the picture beside it.
 */
export function cameraFor(
  camera: Camera,
  faces: readonly Face[],
  viewport: Viewport,
  under: Rect,
  rooms: readonly Rect[],
): Camera {
  const made = eyeOf(camera, { width: WIDE * viewport.height, height: viewport.height });
  const whole = faces.filter((face) => isWhole(made, face));
  const eye = eyeOf(camera, viewport);
  const isFree = (point: Vec3): boolean => {
    const spot = project(eye, point);
    return spot !== null && isInPicture(eye, point) && !holds(under, spot);
  };
  if (whole.length === 0) {
    const farther = Math.max(1, (WIDE * viewport.height) / viewport.width);
    return { ...camera, distance: camera.distance * farther };
  }
  if (whole.flatMap(samples).every(isFree)) return camera;
  const { yaw, pitch } = camera;
  const fitted = rooms.map((room) => fit(slabCorners(whole), { yaw, pitch }, viewport, room));
  return fitted.reduce((best, other) => (other.distance < best.distance ? other : best), fitted[0] ?? camera);
}

const holds = ({ x, y, w, h }: Rect, spot: Spot): boolean =>
  spot.x > x && spot.x < x + w && spot.y > y && spot.y < y + h;

/** The view with a stop added, or put in the place of the one of its name; it is the one that is shown. */
export function withStop(view: View, stop: Stop): View {
  const match = view.stops.findIndex((each) => each.name === stop.name);
  const at = match === -1 ? view.stops.length : match;
  const stops = [...view.stops.slice(0, at), stop, ...view.stops.slice(at + 1)];
  return { ...view, stops, stop: at };
}

/** The view without a stop. */
export function withoutStop(view: View, at: number): View {
  const { stop } = view;
  const after = stop === null || stop < at ? stop : stop === at ? null : stop - 1;
  return { ...view, stops: view.stops.filter((_, n) => n !== at), stop: after };
}
