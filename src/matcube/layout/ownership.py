"""Ownership of nodes by faces: first uses, chains of sheets, number of boxes below a node."""

from __future__ import annotations

from dataclasses import dataclass

from matcube.ir import Contraction, Graph, Map
from matcube.layout.operands import Operand, through_transposes

Use = tuple[int, int]


@dataclass(frozen=True)
class Ownership:
    """Owners of nodes, and the operands and chains that follow; tuples are indexed by node id.

    Args:
        roots: nodes with a place of their own: the figure's root first, then outputs it does not reach.
        operands: each node's operands, below transposes.
        first_use: (node, position) of the use that draws the node's box; None for roots.
        main: position of the operand on whose face the node lies; None at the end of a chain.
        box_count: number of boxes drawn with the node at its first use.
    """

    roots: tuple[int, ...]
    operands: tuple[tuple[Operand, ...], ...]
    first_use: dict[int, Use | None]
    main: dict[int, int | None]
    box_count: dict[int, int]

    def owns(self, node: int, position: int) -> bool:
        """Whether this use of the operand is its first; the first draws its box."""
        return self.first_use.get(self.operands[node][position].node) == (node, position)

    def chain(self, node: int) -> tuple[int, ...]:
        """The node, then down through its maps to the contraction, leaf or re-indexing below."""
        result = [node]
        while (position := self.main.get(result[-1])) is not None:
            result.append(self.operands[result[-1]][position].node)
        return tuple(result)

    def reach(self, node: int) -> int:
        """Number of nodes of the chain drawn with the node: up to the first that is owned elsewhere."""
        chain = self.chain(node)
        for count, link in enumerate(chain[:-1], start=1):
            position = self.main[link]
            if position is None or not self.owns(link, position):
                return count
        return len(chain)


def ownership(graph: Graph) -> Ownership:
    """Give every node that an output reaches its first use, in the order of the program.

    The figure's root (the last output) comes first; the other outputs follow in their order. First uses form
    a forest over the nodes, so boxes never outnumber contractions.
    """
    operands = tuple(
        () if _is_view(graph, node.id) else tuple(through_transposes(graph, source) for source in node.inputs)
        for node in graph.nodes
    )
    first_use: dict[int, Use | None] = {}
    roots = []
    for output in (graph.outputs[-1], *graph.outputs[:-1]):
        root = through_transposes(graph, output).node
        if root in first_use:
            continue
        roots.append(root)
        nodes = [node for node in graph.ancestors(root) if node not in first_use]
        first_use[root] = None
        for node in nodes:
            for position, operand in enumerate(operands[node]):
                first_use.setdefault(operand.node, (node, position))
    result = Ownership(tuple(roots), operands, first_use, {}, {})
    _fill(graph, result)
    return result


def _is_view(graph: Graph, node: int) -> bool:
    return through_transposes(graph, node).node != node


def _fill(graph: Graph, result: Ownership) -> None:
    """Set ``main`` and ``box_count``, operands before their users."""
    bottom: dict[int, int] = {}
    for node in sorted(result.first_use):
        kind = graph[node].kind
        operands = enumerate(result.operands[node])
        owned = [operand.node for position, operand in operands if result.owns(node, position)]
        result.box_count[node] = isinstance(kind, Contraction) + sum(
            result.box_count[operand] for operand in owned
        )
        result.main[node] = _main(graph, result, bottom, node) if isinstance(kind, Map) else None
        position = result.main[node]
        bottom[node] = node if position is None else bottom[result.operands[node][position].node]


def _main(graph: Graph, result: Ownership, bottom: dict[int, int], node: int) -> int | None:
    """The operand on whose face a map lies: the first product, else the first matrix, of its size."""

    def rank(position: int) -> int:
        operand = result.operands[node][position].node
        is_product = isinstance(graph[bottom[operand]].kind, Contraction)
        if result.owns(node, position) and result.box_count[operand]:
            return 0 if is_product else 1
        return 2 if is_product else 3

    full = [
        position for position, operand in enumerate(result.operands[node]) if _same_size(graph, node, operand)
    ]
    return min(full, key=lambda position: (rank(position), position), default=None)


def _same_size(graph: Graph, node: int, operand: Operand) -> bool:
    shape = graph[operand.node].shape
    return tuple(shape[dim] for dim in operand.dims) == graph[node].shape
