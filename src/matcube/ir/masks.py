"""Where masks belong in a graph: to scores on their way to a softmax. The rule is in ``docs/language.md``."""

from __future__ import annotations

from matcube.ir.graph import Contraction, Graph, Leaf, Map, Node, Reindex
from matcube.ops import Initialiser


def masked_nodes(graph: Graph) -> frozenset[int]:
    """The nodes that may have masked cells.

    ``tril`` and ``triu`` mask cells. A mask goes on through maps of one matrix that keep it, through
    re-indexings, and from the first matrix of a sum, difference, product or quotient, but not from a triangle
    of a constant leaf (``triu(ones(4, 4)) * -1e9``, an array of -inf) beside a matrix that is not constant.
    Zeros may stand for scores: they are constant as soon as they are not 0 (``zeros(4, 4) - 1e9``).

    Args:
        graph: the program.
    """
    zero: set[int] = set()
    constant: set[int] = set()
    result: set[int] = set()
    for node in graph.nodes:
        if _is_zero(node, zero):
            zero.add(node.id)
        elif _is_constant(node, constant | zero):
            constant.add(node.id)
        if _carries(node, result, constant):
            result.add(node.id)
    return frozenset(result)


def scores(graph: Graph) -> frozenset[int]:
    """The nodes with a mask that a softmax reads, now or further on.

    Args:
        graph: the program.
    """
    masked = masked_nodes(graph)
    result: set[int] = set()
    for node in reversed(graph.nodes):
        if node.id in masked and any(_reads(graph[use], masked, result) for use in graph.uses(node.id)):
            result.add(node.id)
    return frozenset(result)


def before_softmax(graph: Graph) -> frozenset[int]:
    """The nodes that reach a softmax through maps of cells and re-indexings alone, with a mask or without.

    A minus infinity in one of them is a mask that is meant.

    Args:
        graph: the program.
    """
    result: set[int] = set()
    for node in reversed(graph.nodes):
        users = (graph[use] for use in graph.uses(node.id))
        if any(_is_softmax(user) or (user.id in result and _keeps_cells(user)) for user in users):
            result.add(node.id)
    return frozenset(result)


def _is_softmax(node: Node) -> bool:
    return isinstance(node.kind, Map) and node.kind.op.is_distribution


def _keeps_cells(node: Node) -> bool:
    """Whether minus infinity stays in its cell."""
    return isinstance(node.kind, Reindex) or (isinstance(node.kind, Map) and node.kind.op.keeps_mask)


def _is_constant(node: Node, constant: set[int]) -> bool:
    """Whether a node depends on constant leaves alone."""
    if isinstance(node.kind, Leaf):
        return _level(node.kind) is not None or getattr(node.kind.source, "is_constant", False)
    return not isinstance(node.kind, Contraction) and constant.issuperset(node.inputs)


def _is_zero(node: Node, zero: set[int]) -> bool:
    """Whether all cells of a node are 0 for what its leaves are."""
    if isinstance(node.kind, Leaf):
        return _level(node.kind) == 0
    is_kept = isinstance(node.kind, Reindex) or (
        isinstance(node.kind, Map) and (node.kind.op.keeps_zero or node.kind.op.is_linear)
    )
    return is_kept and zero.issuperset(node.inputs)


def _level(leaf: Leaf) -> float | None:
    return leaf.source.level if isinstance(leaf.source, Initialiser) else None


def _carries(node: Node, masked: set[int], constant: set[int]) -> bool:
    if isinstance(node.kind, Reindex):
        return any(operand in masked for operand in node.inputs)
    if not isinstance(node.kind, Map) or not node.kind.op.keeps_mask:
        return False
    first, *others = node.inputs
    if first in constant and not constant.issuperset(others):
        return False
    return bool(node.kind.op.reads) or first in masked


def _reads(user: Node, masked: frozenset[int], read: set[int]) -> bool:
    """Whether a user is a softmax, or hands a mask on to one."""
    return _is_softmax(user) or (user.id in masked and user.id in read)
