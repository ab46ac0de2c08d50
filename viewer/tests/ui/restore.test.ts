import assert from "node:assert/strict";
import { test } from "node:test";
import type { Head, View } from "../../src/core/types.gen";
import { DEFAULT_VIEW } from "../../src/core/view_state";
import { liveCommand, readProblem, sameContent } from "../../src/ui/backend";
import { afterEdit, fitting, storedLayout } from "../../src/ui/restore";
import { scene } from "./fixture";

const head = scene().head;

function withLayouts(): Head {
  const [blocks] = head.layouts;
  const more = [
    { ...blocks!, key: "zigzag", scheme: "zigzag" },
    { ...blocks!, key: "blocks+sheets", sheets_open: true },
  ];
  return { ...head, layouts: [blocks!, ...more] };
}

test("a stored layout is found by scheme and sheets", () => {
  const stored = withLayouts();
  assert.equal(storedLayout(stored, DEFAULT_VIEW.layout), "blocks");
  assert.equal(storedLayout(stored, { ...DEFAULT_VIEW.layout, scheme: "zigzag" }), "zigzag");
  assert.equal(storedLayout(stored, { ...DEFAULT_VIEW.layout, sheets: "open" }), "blocks+sheets");
  assert.equal(storedLayout(stored, { ...DEFAULT_VIEW.layout, scheme: "wheel" }), null);
  assert.equal(storedLayout(stored, { ...DEFAULT_VIEW.layout, scatter: 3 }), null);
  assert.equal(storedLayout(stored, { ...DEFAULT_VIEW.layout, gap: 7 }), null);
});

test("what a scene has not is taken out of a view", () => {
  const view: View = {
    ...DEFAULT_VIEW,
    selection: {
      node: 99,
      pins: [
        { node: 3, row: 2, col: 3 },
        { node: 3, row: 3, col: 0 },
        { node: 50, row: 0, col: 0 },
      ],
    },
    hidden: [0, 77],
    isolated: 1e8,
  };
  const fitted = fitting(view, head);
  assert.deepEqual(fitted.selection, { node: null, pins: [{ node: 3, row: 2, col: 3 }] });
  assert.deepEqual([fitted.hidden, fitted.isolated], [[0], null]);
});

test("after an edit, what named a node follows its name", () => {
  const after = {
    ...head,
    matrices: head.matrices.map((matrix) => ({ ...matrix, node: matrix.node + 10 })).slice(1),
  };
  const view: View = {
    ...DEFAULT_VIEW,
    selection: { node: 3, pins: [{ node: 3, row: 0, col: 0 }] },
    hidden: [0, 1],
  };
  const next = afterEdit(view, head, after);
  assert.deepEqual(next.selection, { node: 13, pins: [{ node: 13, row: 0, col: 0 }] });
  assert.deepEqual(next.hidden, [11]);
});

test("content is the same whatever the order of names", () => {
  const a: View = { ...DEFAULT_VIEW, leaves: { A: "1", B: "2" } };
  assert.ok(sameContent(a, { ...DEFAULT_VIEW, leaves: { B: "2", A: "1" } }));
  assert.ok(!sameContent(a, { ...DEFAULT_VIEW, leaves: { A: "1", B: "3" } }));
});

test("a command survives quotes; a problem survives nonsense", () => {
  assert.equal(liveCommand("it's.html"), "matcube open 'it'\\''s.html'");
  assert.equal(readProblem(null).message, "the server's answer makes no sense");
  assert.deepEqual(readProblem({ kind: "X", message: "m", span: ["a"] }).span, null);
});
