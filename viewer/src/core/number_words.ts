// Numbers and sums about one cell, as in engine/explain.py; tests/vectors/explain.json holds both.

import type { ExplainedStep, ExplainedTerm } from "./types.gen";

/** Of a sum in words; of a longer one the largest, and the rest in one number. */
const MOST_TERMS = 12;
const LARGEST_TERMS = 8;
const MOST_WHOLE = 1e9;

/** A whole number below a billion in full, any other in four significant digits. */
export function number(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  const sign = value < 0 ? "−" : "";
  const size = Math.abs(value);
  if (size === Infinity) return `${sign}∞`;
  if (size === 0) return "0";
  if (Number.isInteger(size) && size < MOST_WHOLE) return sign + String(size);
  const [mantissa = "", power = "0"] = fourDigits(size).split("e");
  const exponent = Number(power);
  if (exponent >= -4 && exponent < 4)
    return sign + trimmed(Number(`${mantissa}e${power}`).toFixed(3 - exponent));
  const wide = String(Math.abs(exponent)).padStart(2, "0");
  return `${sign}${trimmed(mantissa)}e${exponent < 0 ? "−" : "+"}${wide}`;
}

/** Four significant digits with an exponent; what lies in the middle goes to the even digit, as in Python. */
function fourDigits(size: number): string {
  const exact = size.toExponential(40);
  const middle = /^\d\.\d{2}[02468]50*e/.test(exact);
  return middle ? exact.replace(/50*e/, "e") : size.toExponential(3);
}

const trimmed = (text: string): string => (text.includes(".") ? text.replace(/\.?0+$/, "") : text);

/** A number as a factor: in brackets where it is negative. */
export function factor(value: number): string {
  const text = number(value);
  return text.startsWith("−") ? `(${text})` : text;
}

/** The factors of a sum's products, by their place. */
export interface Factors {
  readonly count: number;
  readonly left: (place: number) => number;
  readonly right: (place: number) => number;
}

/**
 * A sum of products as a step.
 *
 * @param value of the cell; left out, it is what the products come to.
 */
export function sumStep(address: string, factors: Factors, value?: number): ExplainedStep {
  const { count, left, right } = factors;
  const products = Float64Array.from({ length: count }, (_, at) => left(at) * right(at));
  const all = Array.from(products.keys());
  const size = (at: number): number => Math.abs(products[at] ?? 0);
  const order = (a: number, b: number): number =>
    Number(Number.isNaN(size(b))) - Number(Number.isNaN(size(a))) || size(b) - size(a) || a - b;
  const places = count > MOST_TERMS ? all.sort(order).slice(0, LARGEST_TERMS) : all;
  const terms = places.map((place): ExplainedTerm => {
    const product = products[place] ?? 0;
    return {
      text: `${factor(left(place))}·${factor(right(place))}`,
      value: number(product),
      size: Number.isFinite(product) ? Math.abs(product) : 0,
      place,
    };
  });
  const more = count - terms.length;
  const written = new Set(places);
  let [total, rest] = [0, 0];
  products.forEach((product, at) => {
    total += product;
    if (!written.has(at)) rest += product;
  });
  const shown = terms.map(({ text }) => text).join(" + ") || "an empty sum";
  const others = more > 0 ? ` + ${more.toLocaleString("en-US")} more (${number(rest)})` : "";
  const sum = number(value ?? total);
  return {
    ...plainStep(address, `${shown}${others} = ${sum}`, sum),
    terms,
    more,
    rest: more > 0 ? number(rest) : "",
  };
}

/** A step without terms. */
export const plainStep = (address: string, text: string, value: string): ExplainedStep => ({
  address,
  text,
  value,
  name: "",
  inner: [],
  terms: [],
  more: 0,
  rest: "",
});

const SIGNS: ReadonlyMap<string, string> = new Map([
  ["*", "·"],
  ["/", "÷"],
  ["-", "−"],
]);
const MASKS: ReadonlySet<string> = new Set(["tril", "triu"]);

/**
 * `13.5 ÷ 2`, `3 + 4`, `softmax(13.5)`.
 *
 * @param operation has a dot for each operand: "· / 2", "softmax(·)".
 */
export function applied(op: string, operation: string, values: readonly number[]): string {
  if (/^\w+\(/.test(operation)) return `${op}(${values.map(number).join(", ")})`;
  const between = operation.split("·").map((part) =>
    part
      .split(" ")
      .map(
        (word) =>
          SIGNS.get(word) ?? (word === "" || Number.isNaN(Number(word)) ? word : number(Number(word))),
      )
      .join(" "),
  );
  return between
    .map((part, at) => part + (at < values.length ? factor(values[at] ?? Number.NaN) : ""))
    .join("");
}

/** What an operation does to its first operand: `÷ 4`, `+ 0.5`, `softmax`, `mask`. */
export function shortName(op: string, operation: string, values: readonly number[]): string {
  if (MASKS.has(op)) return "mask";
  if (/^\w+\(/.test(operation)) return op;
  const text = applied(op, operation, values);
  const first = `${factor(values[0] ?? Number.NaN)} `;
  return text.startsWith(first) ? text.slice(first.length) : text;
}

/** A row of an operand, and one cell of it. */
export interface RowOf {
  readonly values: readonly number[];
  readonly hidden: readonly boolean[];
  readonly row: number;
  readonly col: number;
}

export interface Inner {
  readonly numbers: readonly (readonly [string, number])[];
  /** What they come to, in words of the operation alone: the cell. */
  readonly result: number;
}

type InnerOf = (row: RowOf, parameters: Readonly<Record<string, number>>) => Inner;

const mean = (row: readonly number[]): number => row.reduce((sum, x) => sum + x, 0) / row.length;

/** The numbers between an operand and one cell, for each operation that has some (`MapOp.explain`). */
export const INNER: ReadonlyMap<string, InnerOf> = new Map<string, InnerOf>([
  [
    "softmax",
    ({ values, hidden, col }) => {
      const seen = values.filter((_, at) => hidden[at] !== true);
      const most = seen.reduce((a, b) => (Number.isNaN(b) || b > a ? b : a), -Infinity);
      const largest = seen.some(Number.isNaN) ? Number.NaN : most;
      const weight = Math.exp((values[col] ?? Number.NaN) - largest);
      const total = seen.reduce((sum, x) => sum + Math.exp(x - largest), 0);
      return {
        numbers: [
          ["max", largest],
          ["exp(x − max)", weight],
          ["sum", total],
        ],
        result: weight / total,
      };
    },
  ],
  [
    "layernorm",
    ({ values, col }, { eps = 0 }) => {
      const middle = mean(values);
      const deviation = Math.sqrt(mean(values.map((x) => (x - middle) ** 2)) + eps);
      const result = ((values[col] ?? Number.NaN) - middle) / deviation;
      return {
        numbers: [
          ["mean", middle],
          ["deviation", deviation],
        ],
        result,
      };
    },
  ],
  [
    "rmsnorm",
    ({ values, col }, { eps = 0 }) => {
      const size = Math.sqrt(mean(values.map((x) => x * x)) + eps);
      return { numbers: [["root mean square", size]], result: (values[col] ?? Number.NaN) / size };
    },
  ],
  [
    "rope",
    ({ values, row, col }, { base = 10000, start = 0 }) => {
      const half = Math.floor(values.length / 2);
      const angle = (row + start) * base ** ((-2 * (col % half)) / (2 * half));
      const pair = values[(col + half) % (2 * half)] ?? Number.NaN;
      const turn = col < half ? -Math.sin(angle) : Math.sin(angle);
      const result = (values[col] ?? Number.NaN) * Math.cos(angle) + pair * turn;
      return {
        numbers: [
          ["angle", angle],
          ["pair", pair],
        ],
        result,
      };
    },
  ],
]);

/** A map as a step, its inner numbers in front. */
export function mapStep(
  address: string,
  { op, operation }: { readonly op: string; readonly operation: string },
  values: readonly number[],
  result: number,
  inner: Inner["numbers"],
): ExplainedStep {
  const between = inner.map(([name, value]) => `${name} ${number(value)}`);
  const text = `${between.map((each) => `${each}, `).join("")}${applied(op, operation, values)} = ${number(result)}`;
  return {
    ...plainStep(address, text, number(result)),
    name: shortName(op, operation, values),
    inner: between,
  };
}
