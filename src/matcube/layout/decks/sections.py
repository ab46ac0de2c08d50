"""Sections and joins of matrices: the nodes at which the heads of a deck begin and end."""

from __future__ import annotations

from dataclasses import dataclass

from matcube.ir import Graph, Node, Reindex
from matcube.ops.reindex import Concat, Slice


class NoDeckError(Exception):
    """A deck whose heads cannot be placed side by side; they are laid out one by one."""

    def __init__(self, deck: int) -> None:
        super().__init__(deck)
        self.deck = deck


@dataclass(frozen=True)
class Section:
    """A slice that is a block of a whole matrix.

    Args:
        whole: node of the matrix.
        dim: dimension that is cut.
        length: cells of the block.
        place: number of the block.
    """

    whole: int
    dim: int
    length: int
    place: int


def joined(graph: Graph, node: Node) -> int | None:
    """The dimension along which a node joins its heads side by side, or None."""
    if not isinstance(node.kind, Reindex) or not isinstance(node.kind.op, Concat) or len(node.inputs) < 2:
        return None
    copies = [graph.copies.get(item) for item in node.inputs]
    first = copies[0]
    if first is None or first.count < 2 or len(set(node.inputs)) < len(node.inputs):
        return None
    shapes = {graph[operand].shape for operand in node.inputs}
    are_heads = all(copy is not None and copy.of == first.of for copy in copies)
    return node.kind.op.axis if are_heads and len(shapes) == 1 and len(node.shape) == 2 else None


def section_of(graph: Graph, node: Node) -> Section | None:
    """The section that a slice is, if it belongs to a head; else None."""
    if (
        node.id not in graph.copies
        or not isinstance(node.kind, Reindex)
        or not isinstance(node.kind.op, Slice)
    ):
        return None
    whole, op = graph[node.inputs[0]], node.kind.op
    cut = [dim for dim, size in enumerate(whole.shape) if op.stop[dim] - op.start[dim] != size]
    if len(cut) != 1 or len(node.shape) != 2:
        return None
    dim = cut[0]
    length = op.stop[dim] - op.start[dim]
    if length == 0 or op.start[dim] % length:
        return None
    return Section(whole.id, dim, length, op.start[dim] // length)
