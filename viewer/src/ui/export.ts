// A matrix as a file: CSV for people, .npy (format 1.0) for NumPy. Exactly the values that are here.

/** Cells in C order with their shape. */
export interface Cells {
  readonly rows: number;
  readonly cols: number;
  readonly values: Float32Array | Float64Array;
}

/** CSV with full precision: every number reads back to the same bits. */
export function toCsv(cells: Cells): string {
  const lines: string[] = [];
  for (let row = 0; row < cells.rows; row++) {
    const line = Array.from(cells.values.subarray(row * cells.cols, (row + 1) * cells.cols), spell);
    lines.push(line.join(","));
  }
  return `${lines.join("\n")}\n`;
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

/** Offer bytes or text as a download. */
export function download(name: string, content: Uint8Array<ArrayBuffer> | string, type: string): void {
  const address = URL.createObjectURL(new Blob([content], { type }));
  const anchor = document.createElement("a");
  anchor.href = address;
  anchor.download = name;
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

function spell(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  return Object.is(value, -0) ? "-0.0" : String(value);
}
