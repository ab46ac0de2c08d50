import assert from "node:assert/strict";
import { test } from "node:test";
import { fileName, toCsv, toNpy } from "../../src/panel/export";

test("CSV reads back to the same numbers", () => {
  const values = new Float64Array([
    0.1,
    -0,
    1e-300,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
  ]);
  assert.equal(toCsv({ rows: 2, cols: 3, values }), "0.1,-0.0,1e-300\nnan,inf,-inf\n");
});

test(".npy has a header of the right length and the bytes of the values", () => {
  const values = new Float32Array([1, 2, 3, 4, 5, 6]);
  const bytes = toNpy({ rows: 2, cols: 3, values });
  assert.deepEqual([...bytes.subarray(0, 8)], [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]);
  const length = (bytes[8] ?? 0) + 256 * (bytes[9] ?? 0);
  assert.equal((10 + length) % 64, 0);
  const header = new TextDecoder().decode(bytes.subarray(10, 10 + length));
  assert.match(header, /^\{'descr': '<f4', 'fortran_order': False, 'shape': \(2, 3\), \} *\n$/);
  assert.deepEqual(new Float32Array(bytes.slice(10 + length).buffer), values);
});

test("file names hold nothing that a path could", () => {
  assert.equal(fileName("../../etc/passwd", "csv"), "etc_passwd.csv");
  assert.equal(fileName("softmax(Q @ K.T)", "npy"), "softmax_Q_K.T.npy");
  assert.equal(fileName("<img>", "csv"), "img.csv");
  assert.equal(fileName("···", "csv"), "matrix.csv");
});

test("labels stand where the reader of CSV looks for names", () => {
  const values = new Float64Array([1, 2, 3, 4]);
  const csv = (rowLabels: string[] | null, colLabels: string[] | null) =>
    toCsv({ rows: 2, cols: 2, values, rowLabels, colLabels });
  assert.equal(csv([" the", "\n"], [",", '"']), ',",",""""\nthe,1,2\n⏎,3,4\n');
  assert.equal(csv(["a", "b"], null), "a,1,2\nb,3,4\n");
  assert.equal(csv(null, ["a", "b"]), "a,b\n1,2\n3,4\n");
  assert.equal(csv(["1999", "2000"], null), ",0,1\n1999,1,2\n2000,3,4\n");
  assert.equal(csv(null, ["1", "2"]), ",1,2\n0,1,2\n1,3,4\n");
  assert.equal(csv(["# x", "b"], null), "＃ x,1,2\nb,3,4\n");
});
