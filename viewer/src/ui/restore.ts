// Bring a view and a scene together: what of a view still means something in this scene.

import type { FilmView, Head, LayoutView, Selection, StopView, View } from "../core/types.gen";

/** The key of a stored layout that shows these options, or null when Python must make one. */
export function storedLayout(head: Head, wanted: LayoutView): string | null {
  const made = head.view.layout;
  if (JSON.stringify(ordered(wanted)) === JSON.stringify(ordered(made))) return head.layout;
  const rest = (options: LayoutView) => {
    const { scheme, sheets, gap, ...others } = ordered(options);
    void [scheme, sheets, gap];
    return JSON.stringify(others);
  };
  if (rest(wanted) !== rest(made)) return null;
  const open = wanted.sheets === "open";
  const match = head.layouts.find(
    (layout) =>
      layout.scheme === wanted.scheme &&
      layout.sheets_open === open &&
      (wanted.gap === made.gap || (wanted.gap !== null && Math.abs(layout.gap - wanted.gap) < 1e-9)),
  );
  return match?.key ?? null;
}

function ordered(options: LayoutView): LayoutView {
  const { custom, pull, ...rest } = options;
  const entries = Object.entries(custom).sort(([a], [b]) => (a < b ? -1 : 1));
  const { scheme, gap, scatter, molecule, blast, root, sheets, inside, parts, head } = rest;
  // The order of `inside` counts: it is that of the film.
  return {
    scheme,
    gap,
    scatter,
    molecule,
    blast,
    root,
    custom: Object.fromEntries(entries),
    sheets,
    inside,
    parts,
    pull: [...pull].sort((a, b) => a - b),
    head,
  };
}

/** Whether anything plays: all products, or some of them by an algorithm of their own. */
export const plays = ({ algorithm, each }: FilmView): boolean =>
  [algorithm, ...Object.values(each)].some((entry) => entry !== "none");

/** Whether the page can show this film without Python: the one in the scene, at any time, or none. */
export function storedFilm(head: Head, wanted: FilmView): boolean {
  const made = head.view.film;
  const options = (film: FilmView) =>
    JSON.stringify([film.algorithm, film.fuse, film.tiles, film.order, Object.entries(film.each).sort()]);
  return !plays(wanted) || options(wanted) === options(made);
}

/** The view without what this scene has not: nodes, cells, palettes and sensitivities that are not there. */
export function fitting(view: View, head: Head): View {
  const sizes = new Map(head.matrices.map((matrix) => [matrix.node, matrix]));
  const present = (node: number | null): number | null => (node !== null && sizes.has(node) ? node : null);
  const here = ({ node, pins }: Selection): Selection => ({
    node: present(node),
    pins: pins.filter((pin) => {
      const matrix = sizes.get(pin.node);
      return matrix !== undefined && pin.row < matrix.rows && pin.col < matrix.cols;
    }),
  });
  const has = (list: readonly { readonly name: string }[], name: string) =>
    list.some((entry) => entry.name === name);
  const devices = head.partition?.count ?? 0;
  const seen = <Seen extends StopView>(shown: Seen, count: number): Seen => ({
    ...shown,
    style: {
      ...shown.style,
      palette: has(head.palettes, shown.style.palette) ? shown.style.palette : head.view.style.palette,
      sensitivity: has(head.vocabulary.sensitivities, shown.style.sensitivity)
        ? shown.style.sensitivity
        : head.view.style.sensitivity,
    },
    hidden: shown.hidden.filter((node) => sizes.has(node)),
    faded: shown.faded.filter((node) => sizes.has(node)),
    isolated: present(shown.isolated),
    device: shown.device !== null && shown.device < count ? shown.device : null,
  });
  return {
    ...seen(view, devices),
    film: { ...view.film, t: Math.min(view.film.t, head.film?.duration ?? 0) },
    selection: here(view.selection),
    stops: view.stops.map((stop) => ({
      ...stop,
      selection: here(stop.selection),
      // The devices of a stop with blocks of its own are not those of this scene.
      view: stop.view && seen(stop.view, stop.view.partition === null ? devices : Infinity),
    })),
    stop: view.stop !== null && view.stop < view.stops.length ? view.stop : null,
  };
}

/** The view after an edit: nodes are renumbered, so what named one by number follows its name. */
export function afterEdit(view: View, before: Head, after: Head): View {
  const byName = new Map(after.matrices.map((matrix) => [matrix.name, matrix.node]));
  const renamed = new Map<number, number>();
  for (const matrix of before.matrices) {
    const node = byName.get(matrix.name);
    if (node !== undefined) renamed.set(matrix.node, node);
  }
  const follow = (node: number | null): number | null => (node === null ? null : (renamed.get(node) ?? null));
  const many = (nodes: readonly number[]) => nodes.map(follow).filter((node) => node !== null);
  const followed = ({ node, pins }: Selection): Selection => ({
    node: follow(node),
    pins: pins.flatMap((pin) => {
      const next = follow(pin.node);
      return next === null ? [] : [{ ...pin, node: next }];
    }),
  });
  const seen = <Seen extends StopView>(shown: Seen): Seen => ({
    ...shown,
    hidden: many(shown.hidden),
    faded: many(shown.faded),
    isolated: follow(shown.isolated),
  });
  return {
    ...seen(view),
    selection: followed(view.selection),
    stops: view.stops.map((stop) => ({
      ...stop,
      selection: followed(stop.selection),
      view: stop.view && seen(stop.view),
    })),
  };
}
