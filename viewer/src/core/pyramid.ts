// Halving an image so that no row is lost: each coarse cell is the area-weighted mean of what it covers.
//
// With n fine and m = floor(n / 2) coarse cells a side, coarse cell i covers [i·n/m, (i+1)·n/m): two whole
// cells when n is even; for n odd the whole cell in the middle and fractions of its two neighbours.

/** Rows of four floats a texel, made when read or held in `data`. */
export interface Rows {
  readonly rows: number;
  readonly cols: number;
  readonly data?: Float32Array;
  /** A quicker way to what `halvedByArea` makes of these rows. */
  readonly halved?: () => Rows;
  /** Write row `row` to `out`, 4·cols floats. */
  read(row: number, out: Float32Array): void;
}

export interface FlagLevel {
  readonly rows: number;
  readonly cols: number;
  readonly flags: Uint8Array;
}

const coarse = (n: number): number => Math.max(1, n >> 1);

/** Where coarse cell i of m begins to cover n fine cells, how many it touches, and by what share each. */
interface Span {
  readonly from: number;
  readonly weights: readonly number[];
}

/** Spans for all coarse cells of one side; the weights of a span add up to 1. */
export function spans(n: number): readonly Span[] {
  const m = coarse(n);
  return Array.from({ length: m }, (_, i) => {
    if (n === 1) return { from: 0, weights: [1] };
    if (n % 2 === 0) return { from: 2 * i, weights: [0.5, 0.5] };
    const width = n / m;
    return { from: 2 * i, weights: [(1 - i / m) / width, 1 / width, (i + 1) / m / width] };
  });
}

export function halvedByArea(fine: Rows): Rows {
  if (fine.data !== undefined && fine.rows % 2 === 0 && fine.cols % 2 === 0)
    return halvedEven(fine, fine.data);
  const rowSpans = spans(fine.rows);
  const colSpans = spans(fine.cols);
  const stride = 4 * colSpans.length;
  const data = new Float32Array(rowSpans.length * stride);
  const line = new Float32Array(4 * fine.cols);
  const sum = new Float32Array(4 * fine.cols);
  rowSpans.forEach((span, r) => {
    sum.fill(0);
    span.weights.forEach((weight, d) => {
      fine.read(span.from + d, line);
      for (let p = 0; p < sum.length; p++) sum[p] = (sum[p] ?? 0) + weight * (line[p] ?? 0);
    });
    const out = data.subarray(r * stride, (r + 1) * stride);
    if (fine.cols % 2 === 0) meanOfPairs(sum, out);
    else meanOfSpans(sum, colSpans, out);
  });
  return held(rowSpans.length, colSpans.length, data);
}

/** The mean of four entries of a table; rounded to float32 as the general way rounds, so that both agree to the bit. */
export function meanOf(table: Float32Array, a: number, b: number, c: number, d: number): number {
  const left = Math.fround(0.5 * (table[a] as number) + 0.5 * (table[c] as number));
  const right = Math.fround(0.5 * (table[b] as number) + 0.5 * (table[d] as number));
  return 0.5 * (left + right);
}

function halvedEven({ rows, cols }: Rows, fine: Float32Array): Rows {
  const [high, wide] = [rows / 2, cols / 2];
  const stride = 4 * cols;
  const data = new Float32Array(4 * high * wide);
  for (let r = 0, q = 0; r < high; r++) {
    for (let c = 0, p = 2 * r * stride; c < wide; c++, p += 4) {
      for (let ch = 0; ch < 4; ch++, p++, q++) data[q] = meanOf(fine, p, p + 4, p + stride, p + stride + 4);
    }
  }
  return held(high, wide, data);
}

function meanOfPairs(line: Float32Array, out: Float32Array): void {
  for (let p = 0, q = 0; p < out.length; p += 4, q += 8) {
    out[p] = 0.5 * ((line[q] ?? 0) + (line[q + 4] ?? 0));
    out[p + 1] = 0.5 * ((line[q + 1] ?? 0) + (line[q + 5] ?? 0));
    out[p + 2] = 0.5 * ((line[q + 2] ?? 0) + (line[q + 6] ?? 0));
    out[p + 3] = 0.5 * ((line[q + 3] ?? 0) + (line[q + 7] ?? 0));
  }
}

function meanOfSpans(line: Float32Array, colSpans: readonly Span[], out: Float32Array): void {
  for (let c = 0; c < colSpans.length; c++) {
    const span = colSpans[c];
    if (span === undefined) continue;
    for (let ch = 0; ch < 4; ch++) {
      let total = 0;
      for (let d = 0; d < span.weights.length; d++) {
        total += (span.weights[d] ?? 0) * (line[4 * (span.from + d) + ch] ?? 0);
      }
      out[4 * c + ch] = total;
    }
  }
}

/** Each coarse texel is the one with the largest coverage among those it touches. */
export function halvedByPeak(fine: Rows): Rows {
  const rowSpans = spans(fine.rows);
  const colSpans = spans(fine.cols);
  const data = new Float32Array(4 * rowSpans.length * colSpans.length);
  const line = new Float32Array(4 * fine.cols);
  rowSpans.forEach((rowSpan, r) => {
    for (let d = 0; d < rowSpan.weights.length; d++) {
      fine.read(rowSpan.from + d, line);
      colSpans.forEach((span, c) => {
        const at = 4 * (r * colSpans.length + c);
        for (let e = 0; e < span.weights.length; e++) {
          const from = 4 * (span.from + e);
          if ((line[from + 3] ?? 0) > (data[at + 3] ?? 0)) data.set(line.subarray(from, from + 4), at);
        }
      });
    }
  });
  return held(rowSpans.length, colSpans.length, data);
}

/** Rows that are all there. */
export function held(rows: number, cols: number, data: Float32Array): Rows {
  const stride = 4 * cols;
  return { rows, cols, data, read: (row, out) => out.set(data.subarray(row * stride, (row + 1) * stride)) };
}

/** All levels of flags, pooled by maximum, so that none is lost. */
export function flagPyramid(base: FlagLevel): readonly FlagLevel[] {
  const levels = [base];
  let fine = base;
  while (fine.rows > 1 || fine.cols > 1) {
    fine = halvedFlags(fine);
    levels.push(fine);
  }
  return levels;
}

/** Each cell counts in the one texel that its middle lies in, so that a lone flag stays one. */
function halvedFlags(fine: FlagLevel): FlagLevel {
  const [rows, cols] = [Math.max(1, fine.rows >> 1), Math.max(1, fine.cols >> 1)];
  const flags = new Uint8Array(rows * cols);
  for (let r = 0, p = 0; r < fine.rows; r++) {
    const row = cols * Math.floor(((r + 0.5) * rows) / fine.rows);
    for (let c = 0; c < fine.cols; c++, p++) {
      const flag = fine.flags[p] ?? 0;
      const at = row + Math.floor(((c + 0.5) * cols) / fine.cols);
      if (flag > (flags[at] ?? 0)) flags[at] = flag;
    }
  }
  return { rows, cols, flags };
}
