// Stops: named states of the view with a sentence each, shown in their order.

import type { Camera, Stop, View } from "./types.gen";

/** What the view shows, as a stop. */
export function stopOf(view: View, name: string, say: string, camera: Camera): Stop {
  const { layout, style, film, hidden, faded, isolated, device, partition, selection } = view;
  const seen = { layout, style, film, hidden, faded, isolated, device, partition };
  return { name, say, camera, selection, view: seen };
}

/** A picture narrower than this shows a stop from farther away: stops are mostly made on wide screens. */
const WIDE = 1.6;

/**
 * The view at one of its stops; null where there is none of this number.
 *
 * @param aspect width of the picture over its height.
 */
export function viewAt(view: View, at: number, aspect: number): View | null {
  const stop = view.stops[at];
  if (stop === undefined) return null;
  const camera = { ...stop.camera, distance: stop.camera.distance * Math.max(1, WIDE / aspect) };
  const partition = stop.view?.partition ?? view.partition; // stops of older links have none
  return { ...view, ...stop.view, partition, camera, selection: stop.selection, stop: at };
}

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
