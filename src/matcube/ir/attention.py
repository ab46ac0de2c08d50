"""Attention in a graph: a softmax of scores, times values; used by ``timeline`` and ``partition``."""

from __future__ import annotations

from typing import NamedTuple

from matcube.ir.graph import Contraction, Graph, Map, Node


class Attention(NamedTuple):
    """Node ids of an attention.

    Args:
        product: ``O = P @ V``.
        shares: P, a softmax along the letter that O sums over.
        masked: the operand of the softmax.
        scores: the product below it, through cell-by-cell maps.
    """

    product: int
    shares: int
    masked: int
    scores: int


def attention_of(graph: Graph, node: Node) -> Attention | None:
    """The attention of a product whose left operand is a distribution over scores; else None.

    Cell-by-cell maps may lie between the product, the distribution and the scores.

    Example:
        >>> from matcube.ir import Hollow, IndexSpec, Leaf
        >>> A = Node(0, Leaf(Hollow()), (), IndexSpec.parse("-> i j"), (2, 2), name="A")
        >>> attention_of(Graph((A,), (0,)), A) is None
        True
    """
    if not isinstance(node.kind, Contraction):
        return None
    shares = below_maps(graph, node.inputs[0])
    if not isinstance(shares.kind, Map) or not shares.kind.op.is_distribution:
        return None
    scores = below_maps(graph, shares.inputs[0])
    if not isinstance(scores.kind, Contraction):
        return None
    return Attention(node.id, shares.id, shares.inputs[0], scores.id)


def below_maps(graph: Graph, node_id: int) -> Node:
    """The node below the cell-by-cell maps of a node, following first operands."""
    node = graph[node_id]
    while isinstance(node.kind, Map) and not node.kind.mixes:
        node = graph[node.inputs[0]]
    return node
