import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import {
  activeStep,
  countAt,
  covered,
  done,
  formedIn,
  happeningAt,
  isComplete,
  LETTERS,
  laneCount,
  madeAt,
  partCount,
  regions,
  stepped,
  whatAt,
} from "../../src/core/film";
import { loadsAt } from "../../src/core/loads";
import { type Rect, underWayIn } from "../../src/core/reveal";
import { type Operands, partialSum, Running, type Summed } from "../../src/core/running";
import type { Film, FilmExchange, Sweep } from "../../src/core/types.gen";
import { sweepOf } from "./sweeps";

interface Vectors {
  readonly cases: readonly {
    readonly sweep: Sweep;
    readonly at: readonly {
      readonly t: number;
      readonly done: number;
      readonly active: number | null;
      readonly where: Readonly<Record<"i" | "j" | "k", string>> | null;
      readonly loads: readonly string[];
      readonly parts: readonly (readonly string[])[];
      readonly complete: readonly string[];
    }[];
  }[];
  readonly sums: readonly {
    readonly left: readonly (readonly number[])[];
    readonly right: readonly (readonly number[])[];
    readonly counts: readonly (readonly number[])[];
    readonly start: number;
    readonly sums: readonly (readonly number[])[];
  }[];
}

const vectors = JSON.parse(readFileSync("../tests/vectors/film.json", "utf8")) as Vectors;

test("sweeps stand where Python says", () => {
  assert.ok(vectors.cases.length > 5);
  for (const { sweep, at } of vectors.cases) {
    for (const moment of at) {
      const what = `${sweep.algorithm} at ${moment.t}`;
      assert.equal(done(sweep, moment.t), moment.done, what);
      assert.equal(activeStep(sweep, moment.t), moment.active, what);
      moment.complete.forEach((row, i) => {
        const cols = row.split(" ").map((_, j) => j);
        assert.equal(cols.map((j) => Number(isComplete(sweep, moment.done, i, j))).join(" "), row, what);
        const made = cols.map((j) => madeAt(sweep, moment.done, i, j));
        for (let part = 0; part < partCount(sweep); part++) {
          const formed = cols.map((j) => formedIn(sweep, made[j]!, i, j, part));
          assert.equal(formed.join(" "), moment.parts[part]![i], `${what}, part ${part}`);
        }
      });
      const spans = moment.active === null ? null : covered(sweep, moment.active);
      for (const letter of LETTERS) {
        assert.equal(spans?.[letter].map(([a, b]) => `${a}-${b}`).join(" "), moment.where?.[letter], what);
      }
      moment.loads.forEach((row, level) => {
        const { left, right, read, written, products } = loadsAt(sweep, level, moment.done);
        assert.equal([left, right, read, written, products].join(" "), row, `${what}, level ${level}`);
      });
    }
  }
});

test("running sums are those of Python", () => {
  assert.ok(vectors.sums.length > 1);
  for (const { left, right, counts, start, sums } of vectors.sums) {
    const [depth, cols] = [right.length, right[0]!.length];
    const operands: Operands = {
      left: { values: Float64Array.from(left.flat()), keep: depth, inner: 1 },
      right: { values: Float64Array.from(right.flat()), keep: 1, inner: cols },
    };
    sums.forEach((row, i) => {
      row.forEach((sum, j) => {
        const actual = partialSum(operands, i, j, counts[i]![j]!, start);
        assert.ok(Math.abs(actual - sum) < 1e-7 * (1 + Math.abs(sum)), `${i} ${j}`);
      });
    });
  }
});

test("sums of all cells are the same from either side, however few are kept", () => {
  const [rows, cols, depth] = [3, 4, 50];
  const values = Float64Array.from({ length: rows * depth }, (_, n) => Math.sin(n) * 1e3);
  const other = Float64Array.from({ length: cols * depth }, (_, n) => Math.cos(3 * n));
  const operands: Operands = {
    left: { values, keep: depth, inner: 1 },
    right: { values: other, keep: 1, inner: cols },
  };
  const limit = { a: "i", b: "k", offset: 20 } as const;
  for (const loops of ["k", "k7 i2 j3", "i2 k9 j3 k2 i1", "jk"]) {
    for (const sweep of [
      sweepOf(loops, [rows, cols, depth]),
      sweepOf(loops, [rows, cols, depth], { limit }),
    ]) {
      for (const budget of [0, rows * cols * 8, 7 * rows * cols * 8, 1e6]) {
        const running = new Running(operands, sweep, budget);
        for (const share of [0.06, 1, 0.98, 0.14, 0.16, 0.6, 0, 0.62, 0.24, 1]) {
          const steps = Math.floor(share * sweep.steps);
          const wanted = begun(sweep, steps);
          const actual = running.at(wanted);
          for (const [i, j] of wanted.flatMap(({ rect }) => cellsOf(rect))) {
            const want = partialSum(operands, i, j, countAt(sweep, steps, i, j));
            assert.equal(actual[i * cols + j], want, `${loops} ${steps} with ${budget} bytes`);
          }
        }
      }
    }
  }
});

const cellsOf = ({ row, col, rows, cols }: Rect): readonly (readonly [number, number])[] =>
  Array.from({ length: rows * cols }, (_, p) => [row + Math.floor(p / cols), col + (p % cols)] as const);

/** Cells that have some products, whole ones too. */
const begun = (sweep: Sweep, steps: number): readonly Summed[] =>
  regions(sweep, steps).flatMap(({ i, j, made }) =>
    made > 0 ? [{ rect: { row: i[0], col: j[0], rows: i[1] - i[0], cols: j[1] - j[0] }, made }] : [],
  );

test("a seek forms what its moment needs, and less where sums were kept on the way", () => {
  const size = 96;
  const values = Float64Array.from({ length: size * size }, (_, n) => Math.sin(n));
  const operands: Operands = {
    left: { values, keep: size, inner: 1 },
    right: { values, keep: 1, inner: size },
  };
  const sums = 8 * size ** 2;
  const after = (loops: string, budget: number, ...shares: readonly number[]): number => {
    const sweep = sweepOf(loops, [size, size, size]);
    const running = new Running(operands, sweep, budget);
    let before = 0;
    for (const share of shares) {
      before = running.formed;
      running.at(underWayIn(sweep, Math.floor(share * sweep.steps)));
    }
    return running.formed - before;
  };
  // From nothing: the products of the cells under way alone, whatever has passed.
  assert.equal(after("k", 8 * sums, 0.5), size ** 2 * 48);
  assert.equal(after("jk", 8 * sums, 95.5 / 96), size * 48);
  assert.ok(after("i24 j24 k24", 8 * sums, 0.9) < 24 * 24 * size);
  // A step on: its own products. To any time, once the film was passed: at most those of a tenth of it.
  assert.equal(after("k", 8 * sums, 0.5, 49 / 96), size ** 2);
  for (const share of [0.05, 0.31, 0.5, 0.77, 0.98])
    for (const loops of ["k", "k24 i24 j24"]) {
      const formed = after(loops, 10 * sums, 0.7, 0.999, share);
      assert.ok(formed <= size ** 3 / (loops === "k" ? 9 : 3), `${loops} ${share}: ${formed}`);
    }
  // Without room every seek back is from nothing.
  assert.equal(after("k", 0, 0.999, 0.5), size ** 2 * 48);
});

const FILM: Film = {
  duration: 7,
  sweeps: [
    sweepOf("i", [3, 2, 2], { node: 2 }),
    sweepOf("jk", [3, 2, 2], { node: 5, lane: 1 }),
    sweepOf("k", [3, 4, 3], { node: 9, start: 4 }),
  ],
  needs: [],
  exchanges: [{ collective: 1, node: 5, start: 6, steps: 1, lane: 1, holds: [5] }],
};
const names = {
  nameOf: (sweep: Sweep) => `m${sweep.node}`,
  saysOf: ({ collective }: FilmExchange) => `exchange ${collective}`,
};

test("what happens is said lane by lane", () => {
  assert.equal(laneCount(FILM), 2);
  assert.equal(happeningAt(FILM, 1.5, names), "row 1 of m2, product 1 of column 0 of m5");
  assert.equal(happeningAt(FILM, 3.2, names), "product 1 of column 1 of m5");
  assert.equal(happeningAt(FILM, 5, names), "summand 1 of m9");
  assert.equal(happeningAt(FILM, 6.5, names), "summand 2 of m9, exchange 1");
  assert.equal(happeningAt(FILM, 7, names), "finished");
  assert.equal(whatAt(sweepOf("ji", [3, 2, 2]), 4, "C"), "cell [1, 1] of C");
  assert.equal(whatAt(sweepOf("j", [3, 2, 2]), 99, "C"), "column 1 of C");
  const tiled = sweepOf("i2 j3 k2", [5, 7, 2], { levels: 1 });
  assert.equal(whatAt(tiled, 5.5, "C"), "tile i 2–3, j 6, k 0–1 of C");
  assert.equal(whatAt(sweepOf("i", [6, 2, 2], { blocks: [3, 2, 2] }), 1, "C"), "row 1 of every block of C");
});

test("a step goes to the next whole number, and not beyond the ends", () => {
  assert.deepEqual(
    [0, 0.5, 1, 6.5, 7].map((t) => stepped(FILM, t, 1)),
    [1, 1, 2, 7, 7],
  );
  assert.deepEqual(
    [0, 0.5, 1, 6.5, 7].map((t) => stepped(FILM, t, -1)),
    [0, 0, 0, 6, 6],
  );
});
