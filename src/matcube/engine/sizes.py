"""Limits on sizes, checked before anything is computed."""

from __future__ import annotations

from math import prod

from matcube.errors import ShapeError
from matcube.ir import Graph, Hollow, Leaf, Node

MAX_CELLS = 1 << 28


def check_sizes(graph: Graph) -> None:
    """Refuse sizes that no memory holds; a link may name any.

    Raises:
        ShapeError: a node has more cells than may be computed.
    """
    for node in graph.nodes:
        if prod(node.shape) > MAX_CELLS and not _is_hollow(node, graph):
            raise ShapeError(
                f"{node.label} is {' × '.join(map(str, node.shape))}: more than {MAX_CELLS:,} cells",
                text=graph.program or None,
                span=node.span,
                hint=f"for its structure alone write shape({', '.join(map(str, node.shape))})",
            )


def _is_hollow(node: Node, graph: Graph) -> bool:
    """Whether a node has no values because a leaf under it has none."""
    hollow: set[int] = set()
    for below in graph.nodes[: node.id + 1]:
        no_values = isinstance(below.kind, Leaf) and isinstance(below.kind.source, Hollow)
        if no_values or any(operand in hollow for operand in below.inputs):
            hollow.add(below.id)
    return node.id in hollow
