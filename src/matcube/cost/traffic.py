"""Cells that each node moves between memory and the units that compute.

Nodes are counted one by one: each reads its operands once and writes its result once, as if no cache held
anything of the node before. A re-indexing that is a view (T, split, merge, slice, repeat) moves nothing; its
users read the cells below it. ``concat`` and ``take`` copy.
"""

from __future__ import annotations

from math import prod

from matcube.ir import Graph, Leaf, Node, Reindex


def cells_read(graph: Graph, node: Node) -> int:
    """Cells of memory that a node reads.

    A matrix that comes several times, through views or not, counts at most once: ``x @ x.T`` reads x once, a
    key that four query heads share is read once. Slices that overlap count apart, up to the whole matrix.
    ``take`` reads the places that it picks, and their numbers.

    Args:
        graph: the graph of the node.
        node: a node of it.
    """
    if is_free(node):
        return 0
    if isinstance(node.kind, Reindex) and node.kind.op.picks:
        return prod(node.shape) + prod(graph[node.inputs[-1]].shape)
    found: dict[int, int] = {}
    for operand in node.inputs:
        source, cells = _below_views(graph, operand)
        found[source] = min(found.get(source, 0) + cells, prod(graph[source].shape))
    return sum(found.values())


def cells_written(node: Node) -> int:
    """Cells of memory that a node writes: its result, or nothing for a leaf or a view."""
    return 0 if is_free(node) else prod(node.shape)


def is_free(node: Node) -> bool:
    """Whether a node moves nothing by itself."""
    is_view = isinstance(node.kind, Reindex) and node.kind.op.is_view
    return is_view or isinstance(node.kind, Leaf)


def _below_views(graph: Graph, node_id: int) -> tuple[int, int]:
    """The node whose memory a chain of views shows, and how many of its cells they show at most."""
    cells = prod(graph[node_id].shape)
    while isinstance(graph[node_id].kind, Reindex) and is_free(graph[node_id]):
        node_id = graph[node_id].inputs[0]
        cells = min(cells, prod(graph[node_id].shape))
    return node_id, cells
