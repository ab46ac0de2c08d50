import assert from "node:assert/strict";
import { test } from "node:test";
import { stopOf, viewAt, withoutStop, withStop } from "../../src/core/stops";
import type { Term, View } from "../../src/core/types.gen";
import { DEFAULT_VIEW, readView } from "../../src/core/view_state";
import { Coalesced } from "../../src/panel/coalesce";
import { short, tablesOf } from "../../src/panel/figures";
import { productUnder } from "../../src/panel/node";
import { splitText } from "../../src/panel/partition";
import { readPresets } from "../../src/panel/presets";
import { GROUPS } from "../../src/panel/table_of_controls";
import { treeRows } from "../../src/panel/tree";

const term = (node: number, kind: Term["kind"], inputs: number[], name = ""): Term => ({
  node,
  name,
  text: name,
  kind,
  op: "",
  parameters: {},
  fill: "",
  shape: [2, 2],
  axes: [0, 1],
  inputs,
});
// a = A @ A; b = relu(a); c = b @ a
const TERMS = [
  term(0, "leaf", [], "A"),
  term(1, "product", [0, 0], "a"),
  term(2, "map", [1], "b"),
  term(3, "product", [2, 1], "c"),
];

test("a tree begins with the result, and shows shared parts once", () => {
  const rows = treeRows(TERMS).map(({ term, level, again }) => `${level}${term.name}${again ? "*" : ""}`);
  assert.deepEqual(rows, ["1c", "2b", "3a", "4A", "2a*"]);
});

test("several results are several trees, the last one first", () => {
  const rows = treeRows([...TERMS, term(4, "map", [0], "d")]).filter((row) => row.level === 1);
  assert.deepEqual(
    rows.map((row) => row.term.name),
    ["d", "c"],
  );
});

test("an operation belongs to the product under it", () => {
  const [leaf, product, map] = TERMS;
  assert.ok(leaf && product && map);
  assert.equal(productUnder(TERMS, map), product);
  assert.equal(productUnder(TERMS, leaf), null);
});

test("of what waits only the last is done, and being let go is told", async () => {
  const done: string[] = [];
  let go: () => void = () => undefined;
  const latest = new Coalesced<number>((value, last) => {
    done.push(`${value}${last ? "!" : ""}`);
    return new Promise<void>((resolve) => {
      go = resolve;
    });
  });
  for (const value of [1, 2, 3, 4]) latest.push(value, false);
  latest.push(5, true);
  assert.deepEqual(done, ["1"]);
  go();
  await new Promise((resolve) => setTimeout(resolve));
  assert.deepEqual(done, ["1", "5!"]);
});

test("large numbers are short", () => {
  assert.deepEqual([0, 999, 1234, 7_077_888, 2.5e12].map(short), ["0", "999", "1.23 k", "7.08 M", "2.50 T"]);
});

test("tables are found in a list and in a struct that holds some", () => {
  const rows = [{ node: 1, flops: 2 }];
  assert.deepEqual(tablesOf(rows), [["", rows]]);
  assert.deepEqual(tablesOf({ count: 4, splits: rows, matrices: rows, collectives: [] }), [
    ["matrices", rows],
  ]);
  for (const nothing of [undefined, null, 3, "x", [], {}, [1]]) assert.deepEqual(tablesOf(nothing), []);
});

test("a split says its size and its blocks", () => {
  const axis = { id: 0, name: "tokens", size: 256, labels: null, title: null };
  assert.deepEqual([splitText(axis, 8), splitText(axis, 1)], ["256 / 8", "256"]);
});

test("presets that do not read are left out", () => {
  const good = { name: "A", help: "b", group: "c", view: { program: "A" } };
  const presets = readPresets({ presets: [good, { ...good, view: { program: 3 } }, null] });
  assert.deepEqual(
    presets.map((preset) => preset.view.program),
    ["A"],
  );
  for (const nothing of [null, 3, {}, { presets: 3 }]) assert.deepEqual(readPresets(nothing), []);
});

test("stops of a link are checked; those of old links are viewpoints", () => {
  const camera = { target: [0, 0, 0], yaw: 1, pitch: 0.5, distance: 9 } as const;
  const viewpoint = { name: "there", camera, selection: { node: 2, pins: [] } };
  const stop = { ...viewpoint, say: "", view: null };
  assert.deepEqual(readView({ ...DEFAULT_VIEW, stops: [stop] }).stops, [stop]);
  const { stops, ...others } = DEFAULT_VIEW;
  assert.deepEqual(readView({ ...others, viewpoints: [viewpoint] }).stops, [stop]);
  const wrong = [{ ...stop, name: "" }, { ...stop, camera: null }, { ...stop, more: 1 }, 3];
  for (const bad of wrong) assert.throws(() => readView({ stops: [bad] }), /stops\[0\]/);
  assert.throws(() => readView({ stops: Array(65).fill(stop) }), /more than 64/);
  assert.throws(() => readView({ stops: [{ ...stop, camera: { ...camera, distance: 0 } }] }), /distance/);
});

test("a stop keeps the whole view, is shown, replaced and forgotten", () => {
  const camera = { target: [0, 0, 0], yaw: 1, pitch: 0.5, distance: 9 } as const;
  const seen: View = { ...DEFAULT_VIEW, isolated: 2, hidden: [1], film: { ...DEFAULT_VIEW.film, t: 3 } };
  const first = withStop(seen, stopOf(seen, "a", "First.", camera));
  const two = withStop(first, stopOf(DEFAULT_VIEW, "b", "", camera));
  assert.deepEqual([first.stop, two.stop, two.stops.map(({ name }) => name)], [0, 1, ["a", "b"]]);
  const back = viewAt({ ...DEFAULT_VIEW, stops: two.stops }, 0);
  assert.deepEqual([back?.isolated, back?.hidden, back?.film.t, back?.stop], [2, [1], 3, 0]);
  assert.equal(back?.camera?.distance, 9);
  assert.equal(viewAt(two, 2), null);
  assert.equal(withStop(two, stopOf(two, "a", "Anew.", camera)).stops[0]?.say, "Anew.");
  assert.deepEqual(
    [withoutStop(two, 0).stop, withoutStop(two, 1).stop, withoutStop(first, 0).stops],
    [0, null, []],
  );
});

test("sliders offer only what Python takes: both ends read back", () => {
  const layout = GROUPS.flatMap(([title, , controls]) => (title === "Layout" ? controls : []));
  const sliders = layout.flatMap((control) => (control.kind === "range" ? [control] : []));
  assert.deepEqual(
    sliders.map(({ id, min, max }) => [id, min, max]),
    [
      ["gap", 1, 64],
      ["scatter", 0, 128],
      ["molecule", 1, 16],
      ["blast", -2, 2],
    ],
  );
  for (const { id, min, max } of sliders)
    for (const value of [min, max]) readView({ ...DEFAULT_VIEW, layout: { [id]: value } });
});
