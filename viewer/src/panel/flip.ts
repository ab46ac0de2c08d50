// Small steps on lists of nodes.

/** The list with a node taken out, or put in. */
export function flip(nodes: readonly number[], node: number): readonly number[] {
  return nodes.includes(node) ? nodes.filter((entry) => entry !== node) : [...nodes, node];
}
