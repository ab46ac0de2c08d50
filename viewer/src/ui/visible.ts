// What of a figure is seen: nodes that are away, boxes whose faces are drawn, and what plays inside these.

import { isComplete, shownBy } from "../core/cover";
import type { Inside } from "../core/interior";
import type { Moment } from "../core/moment";
import { streamed } from "../core/streams";
import type { Box, Face, Layout } from "../core/types.gen";
import type { State } from "./session";

/** Nodes that are hidden: by the reader, or as columns of a film that is closed. */
export const hiddenIn = ({ film, scene, view }: State): ReadonlySet<number> =>
  new Set([...view.hidden, ...(film === null ? streamed(scene.head.film).columns : [])]);

/** Boxes of which all three faces are drawn. */
export function seenBoxes(layout: Layout, faces: readonly Face[]): readonly Box[] {
  const seen = new Set(faces.map((face) => face.id));
  return layout.boxes.filter((box) => isComplete(layout, box, seen));
}

/** What plays inside the boxes whose result is seen. */
export function seenInsides(
  layout: Layout,
  faces: readonly Face[],
  moment: Moment | null,
): readonly Inside[] {
  if (moment === null) return [];
  const seen = new Set(faces.map((face) => face.id));
  return moment.insides.filter(({ box }) => seen.has(shownBy(layout, box.result)));
}
