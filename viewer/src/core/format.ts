// Numbers as they are shown everywhere: few digits, a true minus sign, nothing that looks like a name.

const MINUS = "−";

/** At most `digits` significant digits: "0.25", "−1.5e−7", "1 048 576" stays "1048576", "NaN", "∞", "−∞". */
export function formatNumber(value: number, digits = 6): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : `${MINUS}∞`;
  if (value === 0) return "0";
  const size = Math.abs(value);
  const plain = Number.isInteger(value) && size < 1e9;
  const text = plain ? String(value) : trimmed(value, size, digits);
  return text.replaceAll("-", MINUS).replace("e+", "e");
}

function trimmed(value: number, size: number, digits: number): string {
  if (size >= 1e-4 && size < 10 ** digits) return String(Number(value.toPrecision(digits)));
  const [mantissa = "", exponent = "0"] = value.toExponential(digits - 1).split("e");
  return `${Number(mantissa)}e${exponent}`;
}

/** "64 × 16". */
export const formatShape = (rows: number, cols: number): string => `${rows} × ${cols}`;

/** A count with thin spaces between thousands: "483 000". */
export const formatCount = (count: number): string =>
  String(Math.round(count)).replace(/\B(?=(\d{3})+(?!\d))/g, "\u2009");
