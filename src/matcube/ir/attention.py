"""Attention in a graph: a softmax of scores, times values; read by timeline and partition."""

from __future__ import annotations

from typing import NamedTuple

from matcube.ir.graph import Contraction, Graph, Map, Node


class Attention(NamedTuple):
    """A product of shares with values, and where the shares come from; all are node ids.

    Args:
        product: ``O = P @ V``.
        shares: P, a softmax along the letter that O sums over.
        masked: what the softmax takes.
        scores: the product under it, through maps of single cells.
    """

    product: int
    shares: int
    masked: int
    scores: int


def attention_of(graph: Graph, node: Node) -> Attention | None:
    """The attention that a product is: a distribution over scores is its left operand, through maps of cells.

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
    """The node under those maps of a value that work cell by cell, following the first operand."""
    node = graph[node_id]
    while isinstance(node.kind, Map) and not node.kind.mixes:
        node = graph[node.inputs[0]]
    return node
