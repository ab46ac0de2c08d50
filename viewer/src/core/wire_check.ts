// Whether a parsed head is what it says it is. The rest of the viewer indexes by it without looking again,
// so everything that is used as an index, a size or a count is checked here.

/** One line on what is wrong with a head; null when nothing is. */
export function checkHead(input: unknown, version: number): string | null {
  const own = isRecord(input) ? input.version : undefined;
  if (typeof own !== "number") return "the scene's head is damaged: it has no version";
  if (own !== version) return `scene version ${own} is unknown here; this viewer reads version ${version}`;
  try {
    checkAll(input as Fields);
    return null;
  } catch (error) {
    if (error instanceof Damage) return `the scene's head is damaged: ${error.message}`;
    throw error;
  }
}

type Fields = Readonly<Record<string, unknown>>;

class Damage extends Error {}

const MOST_FACES = 20000;
const MOST_CELLS = 2 ** 40;

function checkAll(head: Fields): void {
  const buffers = bufferTable(list(head.buffers, "buffers"));
  const axes = list(head.axes, "axes").length;
  const nodes = new Map<number, Fields>();
  for (const matrix of list(head.matrices, "matrices")) {
    checkMatrix(matrix, buffers, axes);
    nodes.set(matrix.node as number, matrix);
  }
  const layouts = list(head.layouts, "layouts");
  for (const layout of layouts) checkLayout(layout, nodes);
  if (!layouts.some((layout) => layout.key === head.layout)) fail("layout", "is none of the layouts");
  if (head.film !== null) {
    const film = record(head.film, "film");
    for (const sweep of list(film.sweeps, "sweeps")) checkSweep(sweep);
    for (const exchange of list(film.exchanges, "exchanges"))
      checkNumbers(exchange, ["start", "steps", "lane", "collective"], "exchange");
  }
  for (const theme of some(head.themes, "themes")) {
    checkNumbers(theme, THEME_COLOURS, "theme");
    numbers(theme.sizes, "theme.sizes", 2);
  }
  for (const palette of some(head.palettes, "palettes")) {
    checkInk(palette.dark, "palette.dark");
    checkInk(palette.light, "palette.light");
  }
  if (!isRecord(head.view) || !isRecord(head.view.style)) fail("view", "is missing");
}

const THEME_COLOURS = [
  ...["ground", "text", "muted", "guide", "left", "right", "accent"],
  ...["plate", "plate_front", "masked", "frame", "edge", "side"],
];

interface BufferFacts {
  readonly dtype: string;
  readonly length: number;
}

function bufferTable(entries: readonly Fields[]): ReadonlyMap<string, BufferFacts> {
  const table = new Map<string, BufferFacts>();
  for (const { sha256, dtype, length, offset } of entries) {
    if (typeof sha256 !== "string" || sha256 === "") fail("buffers", "one has no sha256");
    if (typeof dtype !== "string" || !["f32", "f64", "f16", "u8"].includes(dtype)) {
      fail("buffers", `dtype ${String(dtype)} is unknown`);
    }
    whole(length, "buffer.length", MOST_CELLS);
    if (offset !== -1) whole(offset, "buffer.offset", Number.MAX_SAFE_INTEGER);
    table.set(sha256, { dtype, length: length as number });
  }
  return table;
}

function checkMatrix(matrix: Fields, buffers: ReadonlyMap<string, BufferFacts>, axes: number): void {
  const at = `matrix ${String(matrix.node)}`;
  whole(matrix.node, at, 1e9);
  const cells = area(matrix, at);
  for (const axis of [matrix.row_axis, matrix.col_axis]) if (axis !== -1) whole(axis, `${at} axis`, axes - 1);
  if (matrix.values !== null) checkBuffer(buffers, matrix.values, ["f32", "f64"], cells, `${at} values`);
  if (matrix.mask !== null) checkBuffer(buffers, matrix.mask, ["u8"], cells, `${at} mask`);
  for (const scale of Object.values(record(matrix.scales, `${at} scales`))) {
    checkNumbers(record(scale, `${at} scale`), ["lo", "hi"], `${at} scale`);
  }
  if (matrix.pooled === null) return;
  const pooled = record(matrix.pooled, `${at} pooled`);
  const blocks = area(pooled, `${at} pooled`);
  const [down = 0, across = 0] = numbers(pooled.block, `${at} block`, 2);
  if (!(down > 0 && across > 0)) fail(`${at} block`, "is empty");
  checkBuffer(buffers, pooled.mean, ["f32", "f64"], blocks, `${at} mean`);
  checkBuffer(buffers, pooled.flags, ["u8"], blocks, `${at} flags`);
  checkBuffer(buffers, pooled.ink, ["f16"], 2 * blocks, `${at} ink`);
  checkBuffer(buffers, pooled.peaks, ["f16"], 2 * blocks, `${at} peaks`);
}

function checkBuffer(
  buffers: ReadonlyMap<string, BufferFacts>,
  name: unknown,
  dtypes: readonly string[],
  length: number,
  at: string,
): void {
  const entry = typeof name === "string" ? buffers.get(name) : undefined;
  if (entry === undefined) fail(at, "name no buffer");
  if (!dtypes.includes(entry.dtype)) fail(at, `have dtype ${entry.dtype}`);
  if (entry.length !== length) fail(at, `have ${entry.length} cells where ${length} are needed`);
}

function checkLayout(layout: Fields, nodes: ReadonlyMap<number, Fields>): void {
  const faces = list(layout.faces, "faces");
  const boxes = list(layout.boxes, "boxes");
  if (faces.length > MOST_FACES) fail("faces", `are more than ${MOST_FACES}`);
  faces.forEach((face, id) => {
    const at = `face ${id}`;
    if (face.id !== id) fail(at, "is not in its place");
    for (const field of ["origin", "across", "down"]) numbers(face[field], `${at} ${field}`, 3);
    const matrix = nodes.get(face.node as number);
    if (matrix === undefined) fail(at, "shows no matrix of the scene");
    const [rows, cols] = face.transposed === true ? [matrix.cols, matrix.rows] : [matrix.rows, matrix.cols];
    if (face.rows !== rows || face.cols !== cols) fail(at, "has not the size of its matrix");
    if (!Array.isArray(face.chain)) fail(at, "has no chain");
    for (const [field, most] of [
      ["box", boxes.length],
      ["alias_of", faces.length],
      ["cover", faces.length],
    ] as const) {
      if ((face[field] ?? null) !== null) whole(face[field], `${at} ${field}`, most - 1);
    }
    checkBlocks(face, at, boxes.length);
  });
  boxes.forEach((box, id) => {
    const at = `box ${id}`;
    if (box.id !== id) fail(at, "is not in its place");
    for (const field of ["left", "right", "result"]) whole(box[field], `${at} ${field}`, faces.length - 1);
    for (const field of ["corner", "i_step", "j_step", "k_step"]) numbers(box[field], `${at} ${field}`, 3);
    for (const size of numbers(box.sizes, `${at} sizes`, 3)) whole(size, `${at} size`, 2 ** 31);
    if (!Array.isArray(box.splits)) fail(at, "has no splits");
    for (const split of box.splits) checkSplit(split, `${at} split`);
  });
  for (const link of list(layout.links, "links")) {
    whole(link.from_face, "link", faces.length - 1);
    whole(link.to_face, "link", faces.length - 1);
  }
}

function checkBlocks(face: Fields, at: string, boxes: number): void {
  for (const field of ["row_split", "col_split"]) checkSplit(face[field], `${at} ${field}`);
  if (typeof face.part === "number") whole(face.box, `${at} box of a part`, boxes - 1);
}

/** Between heads of a deck lie whole boxes, whose sides are as long as a head is wide. */
const MOST_GAP = 1 << 14;

/** Blocks of at least one cell, not so far apart that a picture of the gaps would fill the memory. */
function checkSplit(input: unknown, at: string): void {
  if (input === null) return;
  const { length, gap } = record(input, at);
  whole(length, `${at} length`, 2 ** 31);
  whole(gap, `${at} gap`, MOST_GAP);
  if (length === 0) fail(at, "has empty blocks");
}

/** Sizes that loops run over: none of them may make a loop without an end. */
function checkSweep(sweep: Fields): void {
  const sizes = numbers(sweep.sizes, "sweep.sizes", 3);
  const blocks = numbers(sweep.blocks, "sweep.blocks", 3);
  for (const [n, size] of sizes.entries()) {
    whole(size, "sweep size", 2 ** 31);
    if (size > 0 && blocks[n] === 0) fail("sweep.blocks", "are empty");
    whole(blocks[n], "sweep block", size);
  }
  whole(sweep.steps, "sweep.steps", Number.MAX_SAFE_INTEGER);
  whole(sweep.levels, "sweep.levels", 3);
  const loops = list(sweep.loops, "sweep.loops");
  if (loops.length > 9) fail("sweep.loops", "are more than 9");
  for (const { letter, size } of loops) {
    if (letter !== "i" && letter !== "j" && letter !== "k") fail("sweep.loops", "have no such letter");
    if (size === 0) fail("sweep.loops", "do not advance");
    whole(size, "loop size", 2 ** 31);
  }
}

function checkInk(input: unknown, at: string): void {
  const ink = record(input, at);
  numbers(ink.negative, `${at}.negative`, 2);
  numbers(ink.positive, `${at}.positive`, 2);
  checkNumbers(ink, ["nan", "pos_inf", "neg_inf"], at);
}

// --- one value ------------------------------------------------------------------------------------

function fail(at: string, reason: string): never {
  throw new Damage(`${at} ${reason}`);
}

const isRecord = (input: unknown): input is Fields =>
  typeof input === "object" && input !== null && !Array.isArray(input);

function record(input: unknown, at: string): Fields {
  return isRecord(input) ? input : fail(at, "is not an object");
}

function list(input: unknown, at: string): readonly Fields[] {
  if (!Array.isArray(input)) fail(at, "is not a list");
  for (const entry of input) if (!isRecord(entry)) fail(at, "has an entry that is not an object");
  return input;
}

function some(input: unknown, at: string): readonly Fields[] {
  const entries = list(input, at);
  return entries.length > 0 ? entries : fail(at, "is empty");
}

/** Finite numbers; exactly three for a vector, otherwise at least `least`. */
function numbers(input: unknown, at: string, least: number): readonly number[] {
  if (!Array.isArray(input) || input.length < least) fail(at, `has not ${least} numbers`);
  for (const value of input) if (!Number.isFinite(value)) fail(at, "has an entry that is not a number");
  return input;
}

function checkNumbers(fields: Fields, names: readonly string[], at: string): void {
  for (const name of names) if (!Number.isFinite(fields[name])) fail(`${at}.${name}`, "is not a number");
}

function whole(input: unknown, at: string, most: number): void {
  if (!(Number.isSafeInteger(input) && (input as number) >= 0 && (input as number) <= most)) {
    fail(at, `is ${String(input)}, not a whole number up to ${most}`);
  }
}

function area(fields: Fields, at: string): number {
  whole(fields.rows, `${at} rows`, 2 ** 31);
  whole(fields.cols, `${at} cols`, 2 ** 31);
  return (fields.rows as number) * (fields.cols as number);
}
