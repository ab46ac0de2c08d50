// What a sweep forms in its present step: products inside the box, on planes or in a line, and what is lit.

import { type By, byLetter, covered, LETTERS, type Letter, type Span } from "./film";
import type { Lit, Plane, Rod, TileBox } from "./frame";
import { placeOf } from "./places";
import { type Operands, productOf } from "./running";
import { OPERANDS } from "./shading";
import type { Box, Face, Split, Sweep, Vec3 } from "./types.gen";
import { along, scale } from "./vec";

/** Some products of a step in one box, on one plane or in one line. */
export interface Interior {
  readonly sweep: Sweep;
  readonly box: Box;
  /** Where the products lie, for pointing at them; a line is one cell wide. */
  readonly face: Face;
  /** Displayed i, j, k of the face's first cell. */
  readonly first: By<number>;
  readonly plane: Plane | null;
  readonly line: Rod | null;
}

/** The step of one sweep in one box. */
export interface Inside {
  readonly box: Box;
  readonly parts: readonly Interior[];
  readonly lit: readonly Lit[];
  readonly tiles: readonly TileBox[];
}

/** Ids of planes: far from those of faces. */
const FIRST_PLANE = 1 << 24;
const MOST_PLANES = 16;
const MOST_OUTLINES = 64;

/** Rows and columns of a plane by the letter that it fixes. */
const IN_PLANE: By<readonly [Letter, Letter]> = { i: ["k", "j"], j: ["i", "k"], k: ["i", "j"] };

type Spans = By<readonly Span[]>;

/** i and j of a box that shows its node transposed are j and i of the node. */
export const displayed = (box: Box, letter: Letter): Letter =>
  box.transposed && letter !== "k" ? (letter === "i" ? "j" : "i") : letter;

/**
 * What a sweep forms in a step. `operands` are the node's own; null where their values are not here.
 *
 * @param before is the step before: its planes are written over.
 */
export function insideOf(
  sweep: Sweep,
  box: Box,
  faces: readonly Face[],
  operands: Operands | null,
  step: number,
  before: readonly Interior[] = [],
): Inside {
  const spans = spansOf(sweep, box, step);
  return {
    box,
    parts: operands === null ? [] : [...partsOf(sweep, box, operands, spans, step, before)],
    lit: litBy(box, spans),
    tiles: tilesOf(sweep, box, faces, step),
  };
}

/** What a step covers of each letter as the box shows them; under a limit, what it reads at most. */
function spansOf(sweep: Sweep, box: Box, step: number, depth?: number): Spans {
  const own: Record<Letter, readonly Span[]> = { ...covered(sweep, step, depth) };
  const { limit } = sweep;
  const last = limit && own[limit.a].at(-1);
  if (limit && last) {
    const end = last[1] + limit.offset;
    own[limit.b] = own[limit.b].flatMap(([first, past]) =>
      Math.min(past, end) > first ? [[first, Math.min(past, end)] as const] : [],
    );
  }
  return { i: own[displayed(box, "i")], j: own[displayed(box, "j")], k: own.k };
}

/** The products on as few planes as can be, at most 16 of them; the letter that they fix moves. */
function* partsOf(
  sweep: Sweep,
  box: Box,
  operands: Operands,
  spans: Spans,
  step: number,
  before: readonly Interior[],
): Generator<Interior> {
  const many = (letter: Letter): number => spans[letter].reduce((sum, [first, end]) => sum + end - first, 0);
  const [fixed] = [...LETTERS].sort((a, b) => many(a) - many(b)) as [Letter];
  if (many(fixed) === 0) return;
  const all = spans[fixed].flatMap(([first, end]) =>
    Array.from({ length: end - first }, (_, n) => first + n),
  );
  const count = Math.min(all.length, MOST_PLANES);
  for (let n = 0; n < count; n++) {
    const at = all[count < all.length ? Math.floor(((2 * n + 1) * all.length) / (2 * count)) : n] ?? 0;
    const id = FIRST_PLANE + MOST_PLANES * box.id + n;
    yield partOf(sweep, box, operands, spans, [fixed, at], {
      id,
      key: `${sweep.node} ${box.id} ${step} ${at}`,
      room: before[n]?.plane?.values,
    });
  }
}

function partOf(
  sweep: Sweep,
  box: Box,
  operands: Operands,
  spans: Spans,
  [fixed, at]: readonly [Letter, number],
  { id, key, room }: { readonly id: number; readonly key: string; readonly room: Float64Array | undefined },
): Interior {
  const [down, across] = IN_PLANE[fixed];
  const [splits, sizes] = [byLetter(box.splits), byLetter(box.sizes)];
  const extent = (letter: Letter): Span =>
    letter === fixed ? [at, at + 1] : extentOf(spans[letter], sizes[letter], splits[letter]);
  const reach: By<Span> = { i: extent("i"), j: extent("j"), k: extent("k") };
  const first = { i: reach.i[0], j: reach.j[0], k: reach.k[0] };
  const face = faceOf(box, reach, fixed, id);
  const values = productsOn(sweep, operands, box, spans, first, face, room);
  const thin = [down, across].filter((letter) => reach[letter][1] - reach[letter][0] === 1);
  const free = thin.length === 1 && thin[0] === across ? down : across;
  const isLine = thin.length > 0 && isWhole(reach[free], sizes[free]) && spans[free].length === 1;
  return {
    sweep,
    box,
    face,
    first,
    plane: isLine ? null : { face, key, values, node: sweep.node },
    line: isLine ? { boxId: box.id, ...first, along: free, values, scale: null } : null,
  };
}

const isWhole = ([first, end]: Span, size: number): boolean => first === 0 && end === size;

/** The range that a plane takes along a letter: that of the step if it lies in one block, else all. */
function extentOf(spans: readonly Span[], size: number, split: Split | null): Span {
  const [only, ...more] = spans;
  if (only === undefined || more.length > 0) return [0, size];
  const inOne =
    split === null || Math.floor(only[0] / split.length) === Math.floor((only[1] - 1) / split.length);
  return inOne ? only : [0, size];
}

const stepsOf = (box: Box): By<Vec3> => ({ i: box.i_step, j: box.j_step, k: box.k_step });

function faceOf(box: Box, reach: By<Span>, fixed: Letter, id: number): Face {
  const [down, across] = IN_PLANE[fixed];
  const [ways, splits, sizes] = [stepsOf(box), byLetter(box.splits), byLetter(box.sizes)];
  let origin = box.corner;
  for (const letter of LETTERS) {
    origin = along(
      origin,
      ways[letter],
      placeOf(splits[letter], reach[letter][0]) + (letter === fixed ? 0.5 : 0),
    );
  }
  const own = (letter: Letter) => (isWhole(reach[letter], sizes[letter]) ? splits[letter] : null);
  return {
    id,
    node: box.node,
    chain: [],
    transposed: false,
    origin,
    across: ways[across],
    down: ways[down],
    rows: reach[down][1] - reach[down][0],
    cols: reach[across][1] - reach[across][0],
    role: "alone",
    box: box.id,
    row_letter: down,
    col_letter: across,
    sheet: 0,
    alias_of: null,
    row_split: own(down),
    col_split: own(across),
    cover: null,
    part: null,
  };
}

/** The displayed (i, j, k) of a cell of the interior's face. */
export function productAt({ face, first }: Interior, row: number, col: number): By<number> {
  const at = (letter: Letter): number =>
    first[letter] + (letter === face.row_letter ? row : letter === face.col_letter ? col : 0);
  return { i: at("i"), j: at("j"), k: at("k") };
}

/** The product of displayed indices. */
export function productIn(operands: Operands, box: Box, at: By<number>): number {
  return box.transposed ? productOf(operands, at.j, at.i, at.k) : productOf(operands, at.i, at.j, at.k);
}

/** All products on a face, in rows: two factors whose places advance evenly; 0 where none is formed. */
function productsOn(
  { limit }: Sweep,
  { left, right }: Operands,
  box: Box,
  spans: Spans,
  first: By<number>,
  { rows, cols, row_letter, col_letter }: Face,
  room: Float64Array | undefined,
): Float64Array {
  const [down, across] = [row_letter as Letter, col_letter as Letter];
  const stride = (fixed: Letter, side: typeof left) => (letter: Letter) =>
    letter === displayed(box, fixed) ? side.keep : letter === "k" ? side.inner : 0;
  const [ofLeft, ofRight] = [stride("i", left), stride("j", right)];
  const start = (of: (letter: Letter) => number) =>
    LETTERS.reduce((sum, letter) => sum + first[letter] * of(letter), 0);
  const [l0, r0] = [start(ofLeft), start(ofRight)];
  const [lAcross, rAcross] = [ofLeft(across), ofRight(across)];
  const [isRow, isCol] = [
    inSpans(spans[down], first[down], rows),
    inSpans(spans[across], first[across], cols),
  ];
  const at: Record<Letter, number> = { ...first };
  const out = room?.length === rows * cols ? room : new Float64Array(rows * cols);
  const plain = limit === null && [...isRow, ...isCol].every((entry) => entry === 1);
  for (let row = 0, p = 0; row < rows; row++) {
    let l = l0 + row * ofLeft(down);
    let r = r0 + row * ofRight(down);
    if (plain) {
      multiply(out, p, cols, left.values, l, lAcross, right.values, r, rAcross);
      p += cols;
      continue;
    }
    at[down] = first[down] + row;
    for (let col = 0; col < cols; col++, p++) {
      at[across] = first[across] + col;
      const there = isRow[row] === 1 && isCol[col] === 1;
      const formed =
        limit === null || at[displayed(box, limit.b)] <= at[displayed(box, limit.a)] + limit.offset;
      out[p] = there && formed ? (left.values[l] ?? Number.NaN) * (right.values[r] ?? Number.NaN) : 0;
      l += lAcross;
      r += rAcross;
    }
  }
  return out;
}

type Floats = Float32Array | Float64Array;

/** Products of two runs of factors, from `l` and `r` on. */
function multiply(
  out: Float64Array,
  from: number,
  many: number,
  left: Floats,
  l: number,
  lAcross: number,
  right: Floats,
  r: number,
  rAcross: number,
): void {
  for (let n = 0; n < many; n++)
    out[from + n] = (left[l + n * lAcross] as number) * (right[r + n * rAcross] as number);
}

/** 1 for every index that lies in some ranges. */
function inSpans(spans: readonly Span[], from: number, many: number): Uint8Array {
  const out = new Uint8Array(many);
  for (const [first, end] of spans) out.fill(1, Math.max(first - from, 0), Math.max(end - from, 0));
  return out;
}

/** The cells that the step reads, and in full light those that it forms. */
function litBy(box: Box, spans: Spans): readonly Lit[] {
  const sizes = byLetter(box.sizes);
  return facesOf(box).flatMap(([face, down, across]) => {
    const level = face === box.result ? 1 : OPERANDS;
    const whole = (letter: Letter) => spans[letter].some((span) => isWhole(span, sizes[letter]));
    const [allRows, allCols] = [whole(down), whole(across)];
    return spans[down].flatMap(([top, bottom]) =>
      spans[across].map(([left, right]) => ({
        face,
        row: allRows ? null : top,
        col: allCols ? null : left,
        rows: bottom - top,
        cols: right - left,
        level,
      })),
    );
  });
}

type FaceOfBox = readonly [number, Letter, Letter];

/** The faces of a box with the letters of their rows and columns. */
const facesOf = (box: Box): readonly FaceOfBox[] => [
  [box.left, "i", "k"],
  [box.right, "k", "j"],
  [box.result, "i", "j"],
];

/** Outlines of tiles on a face that they do not fill. */
function flatOn(faces: readonly Face[], [id, down, across]: FaceOfBox, spans: Spans): readonly TileBox[] {
  const face = faces[id];
  if (face === undefined) return [];
  const low = (split: Split | null, span: Span) => placeOf(split, span[0]);
  const long = (split: Split | null, span: Span) => placeOf(split, span[1] - 1) + 1 - low(split, span);
  return spans[down].flatMap((rows) =>
    spans[across].flatMap((cols) => {
      if (isWhole(rows, face.rows) && isWhole(cols, face.cols)) return [];
      const { row_split: high, col_split: wide } = face;
      const corner = along(face.origin, face.down, low(high, rows), face.across, low(wide, cols));
      return [{ corner, edges: [scale(face.down, long(high, rows)), scale(face.across, long(wide, cols))] }];
    }),
  );
}

/** The tiles of every level that contain a step, except those that are the whole box or face. */
function tilesOf(sweep: Sweep, box: Box, faces: readonly Face[], step: number): readonly TileBox[] {
  const [sizes, splits, ways] = [byLetter(box.sizes), byLetter(box.splits), stepsOf(box)];
  return Array.from({ length: sweep.levels }, (_, level) => {
    const { i: rows, j: cols, k: inner } = spansOf(sweep, box, step, 3 * level + 3);
    const all = rows.flatMap((i) => cols.flatMap((j) => inner.map((k): By<Span> => ({ i, j, k }))));
    const isAll = all.some((entry) => LETTERS.every((letter) => isWhole(entry[letter], sizes[letter])));
    if (isAll || all.length > MOST_OUTLINES) return [];
    const inside = all.map((one): TileBox => {
      const low = (letter: Letter) => placeOf(splits[letter], one[letter][0]);
      const long = (letter: Letter) => placeOf(splits[letter], one[letter][1] - 1) + 1 - low(letter);
      const edge = (letter: Letter) => scale(ways[letter], long(letter));
      const corner = along(along(box.corner, ways.i, low("i"), ways.j, low("j")), ways.k, low("k"));
      return { corner, edges: [edge("i"), edge("j"), edge("k")] };
    });
    return [
      ...inside,
      ...facesOf(box).flatMap((entry) => flatOn(faces, entry, { i: rows, j: cols, k: inner })),
    ];
  }).flat();
}
