"""Memory traffic of a node, in cells.

Nodes share no cache: each reads its operands once and writes its result once. A re-indexing that is a view
(T, split, merge, slice, repeat) moves nothing; its users read the cells below it. ``concat`` and ``take``
copy.
"""

from __future__ import annotations

from math import prod

from matcube.ir import Graph, Leaf, Node, Reindex


def cells_read(graph: Graph, node: Node) -> int:
    """Cells of memory that a node reads.

    A matrix used several times, through views or not, is read once: x in ``x @ x.T``, a key shared by four
    query heads. Overlapping slices are added up, to the size of the matrix at most. ``take`` reads the cells
    that it picks, and their indices.

    Args:
        graph: any graph.
        node: of the graph.
    """
    if is_free(node):
        return 0
    if isinstance(node.kind, Reindex) and node.kind.op.picks:
        return prod(node.shape) + prod(graph[node.inputs[-1]].shape)
    read: dict[int, int] = {}
    for operand in node.inputs:
        source, cells = _below_views(graph, operand)
        read[source] = min(read.get(source, 0) + cells, prod(graph[source].shape))
    return sum(read.values())


def cells_written(node: Node) -> int:
    """Cells of memory that a node writes: its result, or nothing for a leaf or a view."""
    return 0 if is_free(node) else prod(node.shape)


def is_free(node: Node) -> bool:
    """Whether a node moves no bytes."""
    is_view = isinstance(node.kind, Reindex) and node.kind.op.is_view
    return is_view or isinstance(node.kind, Leaf)


def _below_views(graph: Graph, node_id: int) -> tuple[int, int]:
    """The node below a chain of views, and the greatest number of its cells that they can show."""
    cells = prod(graph[node_id].shape)
    while isinstance(graph[node_id].kind, Reindex) and is_free(graph[node_id]):
        node_id = graph[node_id].inputs[0]
        cells = min(cells, prod(graph[node_id].shape))
    return node_id, cells
