// The page's few icons, as paths on a 20 × 20 grid.

import { el, svg } from "./dom";

const PATHS = {
  fit: "M3 8V3h5M12 3h5v5M17 12v5h-5M8 17H3v-5M10 7l3 1.7v3.4L10 14l-3-1.9V8.700z",
  flat: "M3 3h14v14H3zM3 7.667h14M3 12.333h14M7.667 3v14M12.333 3v14",
  theme: "M10 3a7 7 0 1 0 0 14zM10 3a7 7 0 0 1 0 14",
  sheets: "M3 7l7-4 7 4-7 4zM3 10.500l7 4 7-4M3 14l7 4 7-4",
  looks: "M4 5h6M14 5h2M4 10h2M10 10h6M4 15h7M15 15h1M12 3.200v3.600M8 8.200v3.600M13 13.200v3.600",
  inspect: "M3 17h14M5 14V9M9 14V4M13 14v-3M16 14V7",
  more: "M4 9a1 1 0 1 0 .01 0zM10 9a1 1 0 1 0 .01 0zM16 9a1 1 0 1 0 .01 0z",
  presets: "M3 3h5.500v5.500H3zM11.500 3H17v5.500h-5.500zM3 11.500h5.500V17H3zM11.500 11.500H17V17h-5.500z",
  list: "M7 5h10M7 10h10M7 15h10M3 5h.5M3 10h.5M3 15h.5",
  help: "M7.500 7.500a2.500 2.500 0 1 1 3.600 2.200c-.8.4-1.100.9-1.100 1.800M10 14.500v.5",
  eye: "M2 10s3-5 8-5 8 5 8 5-3 5-8 5-8-5-8-5zM10 8a2 2 0 1 0 0 4 2 2 0 0 0 0-4",
  shut: "M2 10s3 5 8 5 8-5 8-5M5 13.500L3.500 15.500M10 15v2.500M15 13.500l1.500 2",
  fade: "M10 3v14M10 3a7 7 0 1 0 0 14M13 5.500h.5M14.500 10h.5M13 14.500h.5",
  alone: "M10 6a4 4 0 1 0 0 8 4 4 0 0 0 0-8M3 6V3h3M14 3h3v3M17 14v3h-3M6 17H3v-3",
  close: "M5 5l10 10M15 5L5 15",
  goto: "M10 3v4M10 13v4M3 10h4M13 10h4M10 9v2M9 10h2",
  copy: "M7.5 7.500h9v9h-9zM12.500 4.500v-1h-9v9h1",
  undo: "M7 4L3 8l4 4M3 8h8a5 5 0 0 1 0 10H8",
  redo: "M13 4l4 4-4 4M17 8H9a5 5 0 0 0 0 10h3",
  film: "M3 4h14v12H3zM8 7.500v5l4.500-2.500z",
  play: "M6 4l10 6-10 6z",
  pause: "M6.500 4v12M13.500 4v12",
  back: "M14 5l-7 5 7 5zM5 5v10",
  forth: "M6 5l7 5-7 5zM15 5v10",
  loop: "M4 9a5 5 0 0 1 5-4h6M13 2.500l2.500 2.500-2.500 2.500M16 11a5 5 0 0 1-5 4H5M7 17.500L4.500 15l2.500-2.500",
  spin: "M3 10c0-2 3-3.500 7-3.500s7 1.500 7 3.500-3 3.500-7 3.500M12.500 11l-3 2.500 3 2.500M10 2.500v2M10 16.500v1",
  link: "M8 12l4-4M9 6l2-2a3.500 3.500 0 0 1 5 5l-2 2M11 14l-2 2a3.500 3.500 0 0 1-5-5l2-2",
} as const;

export type IconName = keyof typeof PATHS;

/** An icon in the colour of the text around it. */
export function icon(name: IconName): SVGSVGElement {
  const path = svg("path", { attrs: { d: PATHS[name] } });
  return svg("svg", { class: "mc-icon", attrs: { viewBox: "0 0 20 20", "aria-hidden": "true" } }, path);
}

/** A button with an icon; `id` is its name in docs/controls.md, without one it is small. */
export function iconButton(
  image: IconName,
  label: string,
  title: string,
  run: () => void,
  id?: string,
): HTMLButtonElement {
  const name = id === undefined ? "mc-button mc-small" : `mc-button mc-tool-${id}`;
  const attrs = { type: "button", "data-control": id };
  return el("button", { class: name, label, title, attrs, on: { click: run } }, icon(image));
}
