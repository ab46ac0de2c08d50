// A matrix as a file: CSV for people, .npy (format 1.0) for NumPy. Exactly the values that are here.

import type { Activity } from "../ui/activity";
import { visible } from "../ui/words";

/** Cells in C order with their shape. */
export interface Cells {
  readonly rows: number;
  readonly cols: number;
  readonly values: Float32Array | Float64Array;
  readonly rowLabels?: readonly string[] | null;
  readonly colLabels?: readonly string[] | null;
}

/**
 * CSV with full precision: every number reads back to the same bits.
 *
 * Labels are in a first row and column, as `sources/read_csv.py` knows them: an empty corner says that both are
 * names. Without it names must not look like numbers; where they do, the other side is numbered.
 */
export function toCsv(cells: Cells): string {
  const lines: string[] = [];
  const { rows, cols, rowLabels, colLabels } = cells;
  const clear = (labels: readonly string[]) => labels.some((label) => !NUMBER.test(label.trim()));
  const corner =
    rowLabels && colLabels
      ? true
      : rowLabels
        ? !clear(rowLabels)
        : colLabels
          ? !clear(colLabels.slice(1))
          : false;
  const numbers = (count: number) => Array.from({ length: count }, (_, at) => String(at));
  const down = rowLabels ?? (corner ? numbers(rows) : null);
  const across = colLabels ?? (corner ? numbers(cols) : null);
  if (across) lines.push([...(corner ? [""] : []), ...across.map(name)].join(","));
  for (let row = 0; row < rows; row++) {
    const line = Array.from(cells.values.subarray(row * cols, (row + 1) * cols), spell);
    lines.push([...(down ? [name(down[row] ?? "")] : []), ...line].join(","));
  }
  return `${lines.join("\n")}\n`;
}

const NUMBER = /^[+-]?(\d+\.?\d*(e[+-]?\d+)?|\.\d+(e[+-]?\d+)?|nan|inf(inity)?)$/i;

/** A label as the page shows it (the reader strips spaces, and leaves out lines that begin with #), quoted. */
function name(label: string): string {
  const shown = visible(label).replace(/\s/g, " ").replace(/^#/, "＃");
  return /[",;]/.test(shown) ? `"${shown.replaceAll('"', '""')}"` : shown;
}

/** The bytes of a .npy file, little-endian, C order. */
export function toNpy(cells: Cells): Uint8Array {
  const kind = cells.values instanceof Float64Array ? "<f8" : "<f4";
  const dictionary = `{'descr': '${kind}', 'fortran_order': False, 'shape': (${cells.rows}, ${cells.cols}), }`;
  const prefix = 10; // magic, version, length of the header
  const length = Math.ceil((prefix + dictionary.length + 1) / 64) * 64 - prefix;
  const header = `${dictionary.padEnd(length - 1)}\n`;
  const width = cells.values.BYTES_PER_ELEMENT;
  const bytes = new Uint8Array(prefix + length + cells.values.length * width);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, length & 255, length >> 8]);
  for (let at = 0; at < header.length; at++) bytes[prefix + at] = header.charCodeAt(at);
  const view = new DataView(bytes.buffer, prefix + length);
  cells.values.forEach((value, at) => {
    if (width === 8) view.setFloat64(at * 8, value, true);
    else view.setFloat32(at * 4, value, true);
  });
  return bytes;
}

/** A file name from a matrix's name: letters, digits, `.`, `-` and `_`. */
export function fileName(name: string, extension: string): string {
  const safe = name.replace(/[^\p{L}\p{N}._-]+/gu, "_").replace(/^[_.]+|_+$/g, "");
  return `${safe.slice(0, 60) || "matrix"}.${extension}`;
}

/** Offers bytes or text as a download. */
export type Download = (name: string, content: Uint8Array<ArrayBuffer> | string, type: string) => void;

/** Downloads of one figure; an address is valid long enough for any browser to begin, or until the figure closes. */
export const downloads =
  (activity: Activity): Download =>
  (name, content, type) => {
    const address = URL.createObjectURL(new Blob([content], { type }));
    const anchor = document.createElement("a");
    anchor.href = address;
    anchor.download = name;
    anchor.click();
    const revoke = () => URL.revokeObjectURL(address);
    activity.later(10_000, revoke);
    activity.signal.addEventListener("abort", revoke);
  };

function spell(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  return Object.is(value, -0) ? "-0.0" : String(value);
}
