// The page of the panel about one matrix: facts, histogram, spectrum, largest cells of a row, export, table.

import { formatCount, formatNumber, formatShape } from "../core/format";
import { cellsOf } from "../core/sums";
import type { Matrix, Pin, Stats } from "../core/types.gen";
import { el, fill } from "../ui/dom";
import { label, type Source, topOfRow } from "../ui/reading";
import { visible } from "../ui/words";
import { histogramChart, spectrumChart } from "./charts";
import { type Download, fileName, toCsv, toNpy } from "./export";
import { ValueTable } from "./table";

/** What the page can do. */
export interface InspectHost {
  go(pin: Pin): void;
  picture(): Promise<Blob>;
  readonly download: Download;
}

/** The Inspect page. */
export class Inspect {
  readonly root = el("div", { class: "mc-inspect" });
  readonly #facts = el("div");
  readonly #top = el("div", { class: "mc-top" });
  readonly #table = new ValueTable();
  readonly #host: InspectHost;
  readonly #empty = el("p", {
    class: "mc-note",
    text: "Nothing is selected, or it is not in the picture.",
  });
  #shown: readonly unknown[] = [];
  #row = "";

  constructor(host: InspectHost) {
    this.#host = host;
    fill(this.root, this.#empty);
  }

  /** Show a matrix; nothing is built again if nothing changed. */
  draw(source: Source, matrix: Matrix | undefined): void {
    const now = [source.scene, matrix];
    if (now.every((value, at) => value === this.#shown[at])) return;
    this.#shown = now;
    if (matrix === undefined) {
      fill(this.root, this.#empty);
      return;
    }
    fill(this.#facts, ...this.#parts(source, matrix));
    this.#table.set(source, matrix);
    fill(this.root, this.#facts, this.#top, this.#table.root);
  }

  /** The largest cells of the row that is pointed at, if it is one of the matrix on show. */
  drawRow(source: Source, pin: Pin | null): void {
    const matrix = this.#shown[1] as Matrix | undefined;
    if (matrix === undefined || pin === null || pin.node !== matrix.node) return;
    const key = `${pin.node}:${pin.row}:${source.scene.buffers.size}`;
    if (key === this.#row) return;
    this.#row = key;
    const rows = topOfRow(source, matrix, pin.row);
    const name = label(source.scene, matrix.row_axis, pin.row);
    const items = rows.map((row) =>
      el(
        "li",
        {},
        el(
          "button",
          {
            class: "mc-top-item",
            title: `Go to ${matrix.name}[${row.pin.row}, ${row.pin.col}]`,
            attrs: { type: "button" },
            on: { click: () => this.#host.go(row.pin) },
          },
          el("span", { class: "mc-top-label", text: numbered(row.pin.col, row.label) }),
          el("span", { class: "mc-top-value", text: row.text }),
        ),
      ),
    );
    fill(
      this.#top,
      el(
        "h3",
        {},
        `Largest in row ${pin.row} `,
        name !== null && el("span", { class: "mc-top-row", text: visible(name) }),
      ),
      el("ol", { class: "mc-top-list" }, ...items),
    );
  }

  #parts(source: Source, matrix: Matrix): HTMLElement[] {
    const { stats } = matrix;
    const parts: HTMLElement[] = [el("h2", { class: "mc-inspect-name", text: matrix.name })];
    if (matrix.text !== "" && matrix.text !== matrix.name)
      parts.push(el("code", { class: "mc-code", text: matrix.text }));
    parts.push(factList(matrix, stats));
    if (stats !== null) parts.push(el("div", { class: "mc-figure-text", text: takenOver(matrix, stats) }));
    if (matrix.pooled) parts.push(pooledNote(matrix.pooled.block));
    if (stats?.histogram) parts.push(charted("Histogram", histogramChart(stats.histogram), ends(stats)));
    if (stats?.spectrum) {
      const { effective_rank, rank, singular_values } = stats.spectrum;
      const text = `effective rank ${formatNumber(effective_rank, 4)}, rank ${rank}, largest ${formatNumber(singular_values[0] ?? 0, 4)}`;
      parts.push(charted("Singular values", spectrumChart(stats.spectrum), text));
    } else if (stats !== null) {
      const text = `No singular values: ${noSpectrum(matrix, stats)}.`;
      parts.push(el("div", { class: "mc-figure-text", text }));
    }
    parts.push(this.#exports(source, matrix));
    return parts;
  }

  #exports(source: Source, matrix: Matrix): HTMLElement {
    const { download } = this.#host;
    const cells = cellsOf(source.scene, matrix.node);
    const act = (id: string, text: string, title: string, run: () => void, works = true) =>
      el("button", {
        class: "mc-text-button",
        text,
        title,
        attrs: { type: "button", "data-control": id, disabled: !works },
        on: { click: run },
      });
    const shape = { rows: matrix.rows, cols: matrix.cols };
    const values = cells?.values ?? new Float32Array(0);
    const whole = cells !== null;
    const why = whole ? "" : ": its exact values are not in this page";
    const along = (id: number) => source.scene.head.axes.find((axis) => axis.id === id)?.labels ?? null;
    const labels = { rowLabels: along(matrix.row_axis), colLabels: along(matrix.col_axis) };
    const text = () => toCsv({ ...shape, values, ...labels });
    const csv = () => download(fileName(matrix.name, "csv"), text(), "text/csv");
    const npy = () =>
      download(
        fileName(matrix.name, "npy"),
        new Uint8Array(toNpy({ ...shape, values })),
        "application/octet-stream",
      );
    const png = () =>
      void this.#host.picture().then(async (blob) => {
        download("matcube.png", new Uint8Array(await blob.arrayBuffer()), "image/png");
      });
    return el(
      "div",
      { class: "mc-exports" },
      act("export-csv", "CSV", `Save ${matrix.name} as CSV${why}`, csv, whole),
      act("export-npy", ".npy", `Save ${matrix.name} for NumPy${why}`, npy, whole),
      act("export-png", "Picture", "Save the picture as PNG", png),
    );
  }
}

function factList(matrix: Matrix, stats: Stats | null): HTMLElement {
  const number = (value: number | null) => (value === null ? "–" : formatNumber(value, 5));
  const rows: [string, string][] = [["shape", formatShape(matrix.rows, matrix.cols)]];
  rows.push(["dtype", matrix.dtype || "–"]);
  if (stats === null) rows.push(["values", matrix.hollow ? "none, only a shape" : "–"]);
  else {
    rows.push(["min", number(stats.min)], ["max", number(stats.max)]);
    rows.push(["mean", number(stats.mean)], ["std", number(stats.std)]);
    rows.push(["zeros", formatCount(stats.zeros)], ["NaN", formatCount(stats.nan)]);
    rows.push(["Inf", formatCount(stats.pos_inf + stats.neg_inf)], ["masked", formatCount(stats.masked)]);
  }
  const odd = (name: string, value: string) => (name === "NaN" || name === "Inf") && value !== "0";
  const items = rows.map(([name, value]) =>
    el(
      "div",
      { class: odd(name, value) ? "mc-fact is-odd" : "mc-fact" },
      el("dt", { text: name }),
      el("dd", { text: value }),
    ),
  );
  return el("dl", { class: "mc-facts" }, ...items);
}

/** Over how many cells min, max, mean and std are taken. */
export function takenOver({ rows, cols }: Matrix, { nan, pos_inf, neg_inf, masked }: Stats): string {
  const all = rows * cols;
  const count = all - nan - pos_inf - neg_inf - masked;
  return `min, max, mean and std of ${count === all ? "all" : "the"} ${formatCount(count)}${count === all ? "" : " finite, unmasked"} cells`;
}

/** Why a matrix with values has no singular values: the conditions of `values/stats.py`. */
export function noSpectrum({ rows, cols }: Matrix, { nan, pos_inf, neg_inf }: Stats): string {
  if (nan + pos_inf + neg_inf > 0) return "it holds NaN or Inf";
  if (Math.min(rows, cols) === 0) return "it is empty";
  if (Math.min(rows, cols) > 256 || rows * cols > 1e6) return "it is too large to decompose here";
  return rows === 1 ? "it is a vector, or a masked cell is not finite" : "a masked cell is not finite";
}

/** `3 malt`; an index without a label alone. */
const numbered = (at: number, name: string): string =>
  name === String(at) ? name : `${at} ${visible(name)}`;

function pooledNote(block: readonly [number, number]): HTMLElement {
  const [high, wide] = block.map((cells) => formatNumber(cells, 3));
  const text = `Too large to send whole: the picture shows averages of ${high} × ${wide} cells; exact cells are fetched where you point.`;
  return el("p", { class: "mc-note", text });
}

function charted(title: string, chart: SVGElement, text: string): HTMLElement {
  return el(
    "figure",
    { class: "mc-figure" },
    el("figcaption", { text: title }),
    chart,
    el("div", { class: "mc-figure-text", text }),
  );
}

function ends(stats: Stats): string {
  const { histogram } = stats;
  return histogram === null
    ? ""
    : `from ${formatNumber(histogram.low, 4)} to ${formatNumber(histogram.high, 4)}, height √count`;
}
