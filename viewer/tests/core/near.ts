// Values of a vector: numbers agree up to rounding, all else exactly.

import assert from "node:assert/strict";

export function near(actual: unknown, want: unknown, what: string): void {
  if (typeof want === "number") {
    assert.ok(typeof actual === "number", what);
    assert.ok(Math.abs(actual - want) <= 1e-5 * Math.max(1, Math.abs(want)), `${what}: ${actual}, ${want}`);
  } else if (typeof want === "object" && want !== null) {
    assert.equal(Object.keys(actual ?? {}).length, Object.keys(want).length, what);
    for (const [key, value] of Object.entries(want))
      near((actual as Record<string, unknown>)[key], value, `${what}.${key}`);
  } else assert.equal(actual, want, what);
}
