import assert from "node:assert/strict";
import { test } from "node:test";
import { VERSION } from "../src/core/types.gen";

test("the generated types are there", () => {
  assert.equal(VERSION, 1);
});
