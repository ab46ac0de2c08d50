import assert from "node:assert/strict";
import { test } from "node:test";
import { deflateRawSync } from "node:zlib";
import { readFragment, spellFragment } from "../../src/core/link";
import { DEFAULT_VIEW } from "../../src/core/view_state";
import { liveCommand } from "../../src/ui/backend";
import { decodeFragment, encodeView } from "../../src/ui/fragment";

test("bytes of every length survive", () => {
  for (let length = 1; length < 70; length++) {
    const bytes = Uint8Array.from({ length }, (_, at) => (at * 89 + length) & 255);
    assert.deepEqual(readFragment(spellFragment(bytes)), { kind: "view", bytes });
  }
});

test("the spelling is that of base64url", () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, at) => at);
  assert.equal(spellFragment(bytes), `#m1.${Buffer.from(bytes).toString("base64url")}`);
});

test("a view survives the round trip", async () => {
  const view = {
    ...DEFAULT_VIEW,
    program: "Ψ = A @ B  # \u{1F600}",
    camera: { target: [0.1, 1 / 3, -1e-7], yaw: 1, pitch: 0, distance: 3 },
  } as const;
  assert.deepEqual(await decodeFragment(await encodeView(view)), { kind: "view", view });
});

test("no fragment is no view", async () => {
  assert.deepEqual(await decodeFragment(""), { kind: "none" });
  assert.deepEqual(await decodeFragment("#"), { kind: "none" });
});

const packed = (text: string | Buffer) => spellFragment(new Uint8Array(deflateRawSync(text)));

const DAMAGED: readonly (readonly [string, string, RegExp])[] = [
  ["an anchor", "#section", /not a matcube link/],
  ["a newer version", "#m2.AAAA", /version 2, and this page reads version 1/],
  ["nothing behind the dot", "#m1.", /missing or changed/],
  ["foreign letters", "#m1.AA<script>", /missing or changed/],
  ["bytes that do not inflate", "#m1.____", /content is damaged/],
  ["no JSON", packed("not json"), /content is damaged/],
  ["bad UTF-8", packed(Buffer.from([0x22, 0xff, 0xfe, 0x22])), /content is damaged/],
  ["a field that is wrong", packed('{"hidden": 3}'), /hidden: is not a list/],
  ["a bomb", packed(`{"program": "${" ".repeat(3_000_000)}"}`), /content is damaged/],
];

for (const [what, fragment, reason] of DAMAGED) {
  test(`damaged: ${what}`, async () => {
    const result = await decodeFragment(fragment);
    assert.equal(result.kind, "damaged");
    assert.match(result.kind === "damaged" ? result.reason : "", reason);
  });
}

test("a cut link is damaged wherever it is cut", async () => {
  const whole = await encodeView({ ...DEFAULT_VIEW, program: "A @ B" });
  for (let length = 5; length < whole.length - 1; length += 7) {
    assert.equal((await decodeFragment(whole.slice(0, length))).kind, "damaged", `cut at ${length}`);
  }
});

test("the command that opens a link names the files of its arrays once", () => {
  const ref = { shape: [1, 1], dtype: "float32", sha256: "", file: "" };
  const data = { Q: { ...ref, file: "head.npz" }, K: { ...ref, file: "head.npz" }, x: ref };
  assert.equal(liveCommand("#m1.AA", data), "matcube open '#m1.AA' --data 'head.npz' --data 'x.npy'");
  assert.equal(liveCommand("it's.html"), "matcube open 'it'\\''s.html'");
});
