// What a sweep forms in its present step: products inside the box, as a plane or a line, and the operands' lit cells.

import { activeStep, type Letter, type Step, stepAt } from "./film";
import type { Lit, Plane, Rod } from "./frame";
import { placeOf } from "./places";
import { type Operands, productOf } from "./running";
import type { Box, Face, Split, Sweep, Vec3 } from "./types.gen";
import { along } from "./vec";

/** The step of one sweep in one box; letters and indices as the box shows them. */
export interface Interior {
  readonly sweep: Sweep;
  readonly box: Box;
  readonly step: Step;
  /** Where the products lie, for pointing at them; a line is one cell wide. */
  readonly face: Face;
  readonly plane: Plane | null;
  readonly line: Rod | null;
  readonly lit: readonly Lit[];
}

/** Ids of planes: far from those of faces. */
const FIRST_PLANE = 1 << 24;

const LETTERS: readonly Letter[] = ["i", "j", "k"];

/** i and j of a box that shows its node transposed are j and i of the node. */
export const displayed = (box: Box, letter: Letter): Letter =>
  box.transposed && letter !== "k" ? (letter === "i" ? "j" : "i") : letter;

/** The interior of an active sweep; null when it is not active. `operands` are the node's own. */
export function interiorOf(sweep: Sweep, box: Box, operands: Operands | null, t: number): Interior | null {
  const at = activeStep(sweep, t);
  if (at === null) return null;
  const own = stepAt(sweep, at);
  const step: Step = { i: own[displayed(box, "i")], j: own[displayed(box, "j")], k: own.k };
  const [down = "i", across = "j"] = spanOf(step);
  const face = faceOf(box, step, down, across);
  const values = operands && productsOn(operands, box, step, down, across, face);
  const isLine = LETTERS.filter((letter) => step[letter] === null).length === 1;
  const key = `${sweep.node} ${box.id} ${at}`;
  return {
    sweep,
    box,
    step,
    face,
    plane: values && !isLine ? { face, key, values, node: sweep.node } : null,
    line: values && isLine ? lineOf(box, step, values) : null,
    lit: litBy(box, step),
  };
}

/** The letters that run down and across: those that are whole in a step; a line has its own and a fixed one. */
function spanOf(step: Step): readonly Letter[] {
  const whole = LETTERS.filter((letter) => step[letter] === null);
  if (whole.length === 1) return [...whole, ...LETTERS.filter((letter) => step[letter] !== null)].slice(0, 2);
  return step.i === null ? whole : ["k", "j"];
}

const stepsOf = (box: Box): Readonly<Record<Letter, Vec3>> => ({
  i: box.i_step,
  j: box.j_step,
  k: box.k_step,
});

function faceOf(box: Box, step: Step, down: Letter, across: Letter): Face {
  const ways = stepsOf(box);
  const sizes = boxSizes(box);
  let origin = box.corner;
  for (const letter of LETTERS) {
    const inPlane = letter === down || letter === across;
    origin = along(
      origin,
      ways[letter],
      placeOf(splitOf(box, letter), step[letter] ?? 0) + (inPlane ? 0 : 0.5),
    );
  }
  return {
    id: FIRST_PLANE + box.id,
    node: box.node,
    chain: [],
    transposed: false,
    origin,
    across: ways[across],
    down: ways[down],
    rows: step[down] === null ? sizes[down] : 1,
    cols: step[across] === null ? sizes[across] : 1,
    role: "alone",
    box: box.id,
    row_letter: down,
    col_letter: across,
    sheet: 0,
    alias_of: null,
    row_split: step[down] === null ? splitOf(box, down) : null,
    col_split: step[across] === null ? splitOf(box, across) : null,
    cover: null,
    part: null,
  };
}

const splitOf = (box: Box, letter: Letter): Split | null => box.splits[LETTERS.indexOf(letter) as 0 | 1 | 2];

function boxSizes({ sizes: [i, j, k] }: Box): Readonly<Record<Letter, number>> {
  return { i, j, k };
}

/** The displayed (i, j, k) of a cell of the interior's face. */
export function productAt(
  { face, step }: Interior,
  row: number,
  col: number,
): Readonly<Record<Letter, number>> {
  const at = (letter: Letter): number =>
    step[letter] ?? (letter === face.row_letter ? row : letter === face.col_letter ? col : 0);
  return { i: at("i"), j: at("j"), k: at("k") };
}

/** The product of displayed indices. */
export function productIn(operands: Operands, box: Box, at: Readonly<Record<Letter, number>>): number {
  return box.transposed ? productOf(operands, at.j, at.i, at.k) : productOf(operands, at.i, at.j, at.k);
}

/** All products on a face, in rows: two factors whose places advance evenly along both of its sides. */
function productsOn(
  { left, right }: Operands,
  box: Box,
  step: Step,
  down: Letter,
  across: Letter,
  { rows, cols }: Face,
): Float64Array {
  const [keptLeft, keptRight] = box.transposed ? (["j", "i"] as const) : (["i", "j"] as const);
  const stride = (kept: Letter, side: typeof left) => (letter: Letter) =>
    letter === kept ? side.keep : letter === "k" ? side.inner : 0;
  const [ofLeft, ofRight] = [stride(keptLeft, left), stride(keptRight, right)];
  const start = (of: (letter: Letter) => number) =>
    LETTERS.reduce((sum, letter) => sum + (step[letter] ?? 0) * of(letter), 0);
  const [l0, r0] = [start(ofLeft), start(ofRight)];
  const [lDown, rDown] = [rows > 1 ? ofLeft(down) : 0, rows > 1 ? ofRight(down) : 0];
  const [lAcross, rAcross] = [cols > 1 ? ofLeft(across) : 0, cols > 1 ? ofRight(across) : 0];
  const out = new Float64Array(rows * cols);
  for (let row = 0, p = 0; row < rows; row++) {
    let l = l0 + row * lDown;
    let r = r0 + row * rDown;
    for (let col = 0; col < cols; col++, p++) {
      out[p] = (left.values[l] ?? Number.NaN) * (right.values[r] ?? Number.NaN);
      l += lAcross;
      r += rAcross;
    }
  }
  return out;
}

function lineOf(box: Box, step: Step, values: Float64Array): Rod {
  const free = LETTERS.find((letter) => step[letter] === null) ?? "k";
  return { boxId: box.id, i: step.i ?? 0, j: step.j ?? 0, k: step.k ?? 0, along: free, values, scale: null };
}

/** The cells of the operands that the step reads; an operand that is read whole is not dimmed. */
function litBy(box: Box, { i, j, k }: Step): readonly Lit[] {
  const read = [
    { face: box.left, row: i, col: k },
    { face: box.right, row: k, col: j },
  ];
  return read.filter(({ row, col }) => row !== null || col !== null);
}
