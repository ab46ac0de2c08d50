// Packets of exchanges among devices, against vectors that Python wrote (tools/packet_vectors.py).

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import {
  type Exchanging,
  exchangesAt,
  halfWay,
  heldUntil,
  packetsOf,
  sentencesOf,
} from "../../src/core/packets";
import type { Face, Film, Head, Layout, Partition, Theme, Vec3 } from "../../src/core/types.gen";
import { near } from "./near";

interface Case {
  readonly partition: Partition;
  readonly film: Film;
  readonly faces: readonly Face[];
  readonly matrices: Head["matrices"];
  readonly held: readonly (readonly [number, number])[];
  readonly moments: readonly {
    readonly t: number;
    readonly sentences: readonly string[];
    readonly playing: readonly Exchanging[];
    readonly marks: readonly { readonly points: readonly Vec3[]; readonly width: number }[];
  }[];
}

const { theme, cases } = JSON.parse(readFileSync("../tests/vectors/packets.json", "utf8")) as {
  readonly theme: Theme;
  readonly cases: readonly Case[];
};

test("packets, their links and what is said of them, moment by moment", () => {
  let marks = 0;
  for (const { partition, film, faces, matrices, held, moments } of cases) {
    const head = { partition, matrices } as unknown as Head;
    const layout = { faces } as unknown as Layout;
    assert.deepEqual(
      [...heldUntil(film)].sort(([a], [b]) => a - b),
      held,
    );
    for (const moment of moments) {
      const playing = exchangesAt(film, moment.t);
      near(playing, moment.playing, `${moment.t}`);
      assert.deepEqual(sentencesOf(head, playing), moment.sentences);
      const drawn = packetsOf(head, layout, faces, theme, playing).map(({ kind: _, ...mark }) => mark);
      near(drawn, moment.marks, `marks at ${moment.t}`);
      marks += drawn.length;
    }
  }
  assert.ok(marks > 200, `${marks}`);
});

test("for readers who asked for less motion packets stand in the middle of their links", () => {
  const { partition, film, faces, matrices } = cases[0] as Case;
  const head = { partition, matrices } as unknown as Head;
  const layout = { faces } as unknown as Layout;
  const [first] = film.exchanges;
  assert.ok(first);
  const still = [0, 0.3, 0.9].map((share) => halfWay(head, { exchange: first, share }));
  assert.equal(new Set(still.map(({ share }) => share)).size, 1);
  const lines = packetsOf(head, layout, faces, theme, still.slice(0, 1)).flatMap((mark) =>
    mark.kind === "line" ? [mark] : [],
  );
  const links = lines.filter(({ width }) => width === 1);
  const packets = lines.filter(({ width }) => width === 6);
  assert.equal(packets.length, 4);
  const middles = (of: typeof lines) =>
    of.map(({ points: [a, b] }) => [0, 1, 2].map((n) => ((a[n] ?? 0) + (b[n] ?? 0)) / 2));
  near(middles(packets), middles(links), "middles");
});
