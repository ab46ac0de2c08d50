// What edges of boxes say.

import assert from "node:assert/strict";
import { test } from "node:test";
import { edgeWords, textOf } from "../../src/ui/legend_words";
import { scene } from "./fixture";

test("an edge is called by the title of its axis, in blocks by its address, else by its letter", () => {
  const { head } = scene();
  const [layout] = head.layouts;
  const [box] = layout?.boxes ?? [];
  assert.ok(layout && box);
  const output = (title: string | null, splits: typeof box.splits) =>
    ([0, 1, 2] as const).map((at) => {
      const axes = head.axes.map((axis) => (axis.id === 0 ? { ...axis, title } : axis));
      const { strong, weak } = edgeWords({ ...head, axes }, layout, { ...box, splits }, at);
      return `${strong} ${textOf(weak)}`;
    });
  const split = { length: 2, gap: 1 };
  assert.deepEqual(output(null, [null, null, null]), ["i = 3", "j = 4", "k = 2"]);
  assert.deepEqual(output("token", [null, null, null]), ["token = 3", "j = 4", "k = 2"]);
  assert.deepEqual(output("token", [split, split, null]), ["token = 3 / 2", "j = 4 / 2", "k = 2"]);
});
