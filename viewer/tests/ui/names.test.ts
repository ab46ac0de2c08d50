import assert from "node:assert/strict";
import { test } from "node:test";
import { harmless, isolated, parted, unisolated } from "../../src/ui/names";

test("control characters and those of direction are written as escapes", () => {
  assert.equal(harmless("a\u001b[2Jb\u202ec\u0085\u2066d"), "a\\x1b[2Jb\\u202ec\\x85\\u2066d");
  assert.equal(harmless("a\n\tb é 你 👩‍🚀 \uD83D"), "a\n\tb é 你 👩‍🚀 \uD83D");
  assert.deepEqual(parted("a\u202eb"), ["a\\u202eb"]);
});

test("names that run from right to left are isolated in attributes", () => {
  assert.equal(isolated("Copy א[1, 2] as Python"), "Copy \u2068א\u2069[1, 2] as Python");
  assert.equal(isolated("\u2067 א"), "\\u2067 \u2068א\u2069");
  assert.equal(unisolated(isolated("Unpin שלום עולם[0, 1]")), "Unpin שלום עולם[0, 1]");
  assert.equal(isolated("Copy A[1, 2]"), "Copy A[1, 2]");
});
