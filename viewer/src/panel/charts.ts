// Two small charts of the inspect panel, as SVG: attributes and classes only.

import type { Histogram, Spectrum } from "../core/types.gen";
import { svg } from "../ui/dom";

const W = 260;
const H = 64;

/** Counts per bin; a square-root height keeps rare bins visible. */
export function histogramChart(histogram: Histogram): SVGSVGElement {
  const most = Math.max(1, ...histogram.counts);
  const width = W / Math.max(1, histogram.counts.length);
  const zero = ((0 - histogram.low) / (histogram.high - histogram.low || 1)) * W;
  const bars = histogram.counts.map((count, at) => {
    const height = count === 0 ? 0 : Math.max(1, Math.sqrt(count / most) * (H - 4));
    const middle = (at + 0.5) * width;
    return svg("rect", {
      class: middle < zero ? "mc-bar-negative" : "mc-bar-positive",
      attrs: {
        x: round(at * width),
        y: round(H - height),
        width: round(Math.max(0.5, width - 0.5)),
        height: round(height),
      },
    });
  });
  const axis = svg("line", { class: "mc-axis", attrs: { x1: 0, x2: W, y1: H, y2: H } });
  const label = `Histogram of ${histogram.counts.length} bins from ${histogram.low} to ${histogram.high}`;
  return svg(
    "svg",
    { class: "mc-chart", attrs: { viewBox: `0 -2 ${W} ${H + 4}`, role: "img", "aria-label": label } },
    ...bars,
    axis,
  );
}

/** Singular values, largest first, linear from zero. */
export function spectrumChart(spectrum: Spectrum): SVGSVGElement {
  const values = spectrum.singular_values;
  const most = Math.max(...values, Number.MIN_VALUE);
  const step = W / Math.max(1, values.length);
  const bars = values.map((value, at) => {
    const height = Math.max(0.5, (value / most) * (H - 4));
    const width = Math.max(1, Math.min(step - 1, 12));
    return svg("rect", {
      class: "mc-bar",
      attrs: { x: round(at * step), y: round(H - height), width: round(width), height: round(height) },
    });
  });
  const axis = svg("line", { class: "mc-axis", attrs: { x1: 0, x2: W, y1: H, y2: H } });
  const label = `${values.length} singular values from ${values[0] ?? 0} down to ${values.at(-1) ?? 0}`;
  return svg(
    "svg",
    { class: "mc-chart", attrs: { viewBox: `0 -2 ${W} ${H + 4}`, role: "img", "aria-label": label } },
    ...bars,
    axis,
  );
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
