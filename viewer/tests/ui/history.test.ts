import assert from "node:assert/strict";
import { test } from "node:test";
import { begin, push, redo, replace, undo } from "../../src/core/history";

test("undo and redo walk through edits", () => {
  const three = push(push(begin("a"), "b"), "c");
  assert.equal(undo(three).present, "b");
  assert.equal(undo(undo(three)).present, "a");
  assert.equal(redo(undo(three)).present, "c");
});

test("at either end nothing happens", () => {
  const single = begin(1);
  assert.equal(undo(single), single);
  assert.equal(redo(single), single);
});

test("a replaced state is what undo leaves and redo finds", () => {
  const moved = replace(push(begin("a"), "b"), "b, turned");
  assert.equal(redo(undo(moved)).present, "b, turned");
});

test("an edit after undo forgets what was undone", () => {
  const other = push(undo(push(begin("a"), "b")), "c");
  assert.equal(redo(other).present, "c");
  assert.equal(undo(other).present, "a");
});

test("it does not grow for ever", () => {
  let history = begin(0);
  for (let n = 1; n < 1000; n++) history = push(history, n);
  assert.equal(history.past.length, 200);
});
