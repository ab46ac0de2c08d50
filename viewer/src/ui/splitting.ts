// Splitting an axis by a click: into twice as many blocks, or half as many.

import { type Head, SCHEMA, type View } from "../core/types.gen";

const MOST_BLOCKS = SCHEMA.View.partition.of.of.max;

/** The partition with the next power of two of blocks along an axis; one block is no entry. */
export function splitFurther(head: Head, view: View, axis: string, back: boolean): View["partition"] {
  const size = head.axes.find(({ name }) => name === axis)?.size ?? 1;
  const now = view.partition[axis] ?? 1;
  const wanted = back ? 2 ** (Math.ceil(Math.log2(now)) - 1) : 2 ** (Math.floor(Math.log2(now)) + 1);
  const { [axis]: _, ...others } = view.partition;
  const blocks = Math.min(wanted, MOST_BLOCKS, size);
  return blocks > 1 ? { ...others, [axis]: blocks } : others;
}
