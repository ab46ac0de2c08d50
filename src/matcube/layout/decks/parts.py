"""Decks: heads side by side, so that what they are cut from, and what they make, is one matrix in blocks.

A deck is a translation: head h has the place of head 0, h pitches further along the direction in which the
places of the merged letter ``(h d)`` run. The pitch is one head's thickness along it, so nothing meets.
"""

from __future__ import annotations

from dataclasses import dataclass

from matcube.ir import Graph, Node, Reindex
from matcube.ops.reindex import Concat, Slice


class NoDeckError(Exception):
    """Heads that cannot be placed side by side: they are laid out one by one."""

    def __init__(self, deck: int) -> None:
        super().__init__(deck)
        self.deck = deck


@dataclass(frozen=True)
class Part:
    """A slice that is one of the blocks of a whole: along which dimension, of what length, which one."""

    whole: int
    dim: int
    length: int
    place: int


def joined(graph: Graph, node: Node) -> int | None:
    """The dimension along which a node is its heads side by side, or None."""
    if not isinstance(node.kind, Reindex) or not isinstance(node.kind.op, Concat) or len(node.inputs) < 2:
        return None
    copies = [graph.copies.get(item) for item in node.inputs]
    first = copies[0]
    if first is None or first.count < 2 or len(set(node.inputs)) < len(node.inputs):
        return None
    shapes = {graph[operand].shape for operand in node.inputs}
    alike = all(copy is not None and copy.of == first.of for copy in copies)
    return node.kind.op.axis if alike and len(shapes) == 1 and len(node.shape) == 2 else None


def part(graph: Graph, node: Node) -> Part | None:
    """What a slice is cut from, if it is a head of it."""
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
    return Part(whole.id, dim, length, op.start[dim] // length)
