// Scene bytes to a scene: the reader of the container that matcube.wire.container writes.
// Nothing in the bytes is trusted: every size is checked before it is used.

import { type Buffer, type Head, VERSION } from "./types.gen";
import { checkHead } from "./wire_check";

/** f16 buffers come as their raw 16-bit patterns. */
export type BufferData = Float32Array | Float64Array | Uint16Array | Uint8Array;

export interface LoadedScene {
  readonly head: Head;
  /** By sha256; without those that were not sent and are not held. */
  readonly buffers: ReadonlyMap<string, BufferData>;
}

/** The bytes are no scene, are damaged, or are of a version that is not known here. */
export class WireError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "WireError";
  }
}

const MAGIC = "MATCUBE";
const FORMAT = 1;
const ALIGN = 16;
const PREFIX = 16;
const MAX_HEAD_BYTES = 64 << 20;

/**
 * Read scene bytes; parts of the head that were not sent are those of `held`.
 *
 * @throws WireError the bytes are cut, damaged, or of a version this viewer does not know.
 */
export function decodeScene(bytes: ArrayBuffer, held?: Head): LoadedScene {
  const headLength = readPrefix(bytes);
  const head = readHead(new Uint8Array(bytes, PREFIX, headLength), held);
  const start = alignUp(PREFIX + headLength);
  const buffers = new Map<string, BufferData>();
  for (const entry of head.buffers) {
    if (entry.offset !== -1) buffers.set(entry.sha256, take(bytes, start, entry));
  }
  return { head, buffers };
}

/** `next` with the buffers that its head names and `held` still has: what was not sent again. */
export function mergeBuffers(held: LoadedScene | null, next: LoadedScene): LoadedScene {
  const buffers = new Map(next.buffers);
  for (const { sha256, length } of next.head.buffers) {
    const cached = held?.buffers.get(sha256);
    if (cached !== undefined && cached.length === length && !buffers.has(sha256)) buffers.set(sha256, cached);
  }
  return { head: next.head, buffers };
}

function readPrefix(bytes: ArrayBuffer): number {
  const prefix = new Uint8Array(bytes, 0, Math.min(PREFIX, bytes.byteLength));
  const magic = String.fromCharCode(...prefix.subarray(0, MAGIC.length));
  if (prefix.length < PREFIX || magic !== MAGIC) throw new WireError("these bytes are not a matcube scene");
  const format = prefix[MAGIC.length];
  if (format !== FORMAT) {
    throw new WireError(`scene format ${format} is unknown here; this viewer reads format ${FORMAT}`);
  }
  const view = new DataView(bytes);
  const headLength = view.getUint32(8, true);
  if (view.getUint32(12, true) !== 0) throw new WireError("the scene's prefix is damaged");
  if (headLength > Math.min(MAX_HEAD_BYTES, bytes.byteLength - PREFIX)) {
    throw new WireError("the scene is cut short: its head is longer than the bytes");
  }
  return headLength;
}

function readHead(bytes: Uint8Array, held?: Head): Head {
  let parsed: Record<string, unknown> | null;
  try {
    // Every host has TextDecoder, but the language's own library does not, hence the small reader.
    parsed = JSON.parse(utf8(bytes));
  } catch (error) {
    throw new WireError(
      `the scene's head is damaged: ${error instanceof Error ? error.message : "not JSON"}`,
    );
  }
  for (const [part, sha256] of Object.entries(parsed?.parts ?? {})) {
    // What is missing and not in hand is a damaged head: the check says so.
    if (parsed && !(part in parsed) && held?.parts[part] === sha256)
      parsed[part] = held?.[part as keyof Head];
  }
  const problem = checkHead(parsed, VERSION);
  if (problem !== null) throw new WireError(problem);
  return parsed as unknown as Head;
}

const BYTES = { f32: 4, f64: 8, f16: 2, u8: 1 } as const;

function take(bytes: ArrayBuffer, start: number, entry: Buffer): BufferData {
  const { offset, length, dtype } = entry;
  const end = start + offset + length * BYTES[dtype];
  const whole = Number.isSafeInteger(offset) && Number.isSafeInteger(length) && Number.isSafeInteger(end);
  if (!whole || offset < 0 || length < 0 || offset % ALIGN !== 0 || end > bytes.byteLength) {
    throw new WireError(`buffer ${entry.sha256.slice(0, 12)} does not lie inside the scene's bytes`);
  }
  // A view, no copy: the section and each offset are multiples of 16.
  if (dtype === "f32") return new Float32Array(bytes, start + offset, length);
  if (dtype === "f64") return new Float64Array(bytes, start + offset, length);
  if (dtype === "f16") return new Uint16Array(bytes, start + offset, length);
  return new Uint8Array(bytes, start + offset, length);
}

const alignUp = (n: number): number => n + ((ALIGN - (n % ALIGN)) % ALIGN);

function utf8(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 0x8000) {
    text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  }
  return decodeURIComponent(escapeLatin(text));
}

/** Percent-encode the bytes above 127 (and "%"), for decodeURIComponent, which also refuses bad UTF-8. */
const escapeLatin = (text: string): string =>
  text.replace(/[%\u0080-\u00ff]/g, (c) => `%${c.charCodeAt(0).toString(16).padStart(2, "0")}`);
