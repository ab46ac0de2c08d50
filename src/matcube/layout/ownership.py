"""Ownership of nodes by faces: transposes looked through, first uses, sheet chains, boxes below a node."""

from __future__ import annotations

from dataclasses import dataclass

from matcube.ir import Contraction, Graph, Map
from matcube.layout.operands import Operand, looked_through

Use = tuple[int, int]


@dataclass(frozen=True)
class Ownership:
    """What one pass over the graph finds out; tuples are indexed by node id.

    Args:
        roots: nodes with a place of their own: the figure's root first, then outputs it does not reach.
        operands: each node's operands, transposes looked through.
        first_use: the (node, position) whose picture includes the node's box; None for roots.
        main: position of the operand whose face the node takes over, or None: its own sheet chain ends.
        held: boxes drawn with the node at its first use.
    """

    roots: tuple[int, ...]
    operands: tuple[tuple[Operand, ...], ...]
    first_use: dict[int, Use | None]
    main: dict[int, int | None]
    held: dict[int, int]

    def owns(self, node: int, position: int) -> bool:
        """Whether this use of the operand is its first, which draws its box."""
        return self.first_use.get(self.operands[node][position].node) == (node, position)

    def chain(self, node: int) -> tuple[int, ...]:
        """The node, then down through its maps to the contraction, leaf or re-indexing below."""
        result = [node]
        while (position := self.main.get(result[-1])) is not None:
            result.append(self.operands[result[-1]][position].node)
        return tuple(result)

    def reach(self, node: int) -> int:
        """How many nodes of the chain are drawn with the node: up to the first that is owned elsewhere."""
        chain = self.chain(node)
        for count, link in enumerate(chain[:-1], start=1):
            position = self.main[link]
            if position is None or not self.owns(link, position):
                return count
        return len(chain)


def ownership(graph: Graph) -> Ownership:
    """Look through transposes and give every node that is reached its first use in program order.

    The figure's root (the last output) comes first; the other outputs follow in their order. First uses form
    a forest over the nodes, so boxes never outnumber contractions.
    """
    operands = tuple(
        () if _is_view(graph, node.id) else tuple(looked_through(graph, source) for source in node.inputs)
        for node in graph.nodes
    )
    first_use: dict[int, Use | None] = {}
    roots = []
    for output in (graph.outputs[-1], *graph.outputs[:-1]):
        root = looked_through(graph, output).node
        if root in first_use:
            continue
        roots.append(root)
        first_use[root] = None
        for node in _reached(root, operands, first_use):
            for position, operand in enumerate(operands[node]):
                first_use.setdefault(operand.node, (node, position))
    result = Ownership(tuple(roots), operands, first_use, {}, {})
    _fill(graph, result)
    return result


def _is_view(graph: Graph, node: int) -> bool:
    return looked_through(graph, node).node != node


def _reached(root: int, operands: tuple[tuple[Operand, ...], ...], known: dict[int, Use | None]) -> list[int]:
    """The root and what it reaches for the first time, in program order."""
    seen, waiting = {root}, [root]
    while waiting:
        for operand in operands[waiting.pop()]:
            if operand.node not in seen and operand.node not in known:
                seen.add(operand.node)
                waiting.append(operand.node)
    return sorted(seen)


def _fill(graph: Graph, found: Ownership) -> None:
    """Find ``main`` and ``held``, operands before the nodes that use them."""
    bottom: dict[int, int] = {}
    for node in sorted(found.first_use):
        kind = graph[node].kind
        operands = enumerate(found.operands[node])
        owned = [operand.node for position, operand in operands if found.owns(node, position)]
        found.held[node] = isinstance(kind, Contraction) + sum(found.held[operand] for operand in owned)
        found.main[node] = _main(graph, found, bottom, node) if isinstance(kind, Map) else None
        position = found.main[node]
        bottom[node] = node if position is None else bottom[found.operands[node][position].node]


def _main(graph: Graph, found: Ownership, bottom: dict[int, int], node: int) -> int | None:
    """The operand whose face a map takes over: the first product, else the first matrix of its size."""

    def rank(position: int) -> int:
        operand = found.operands[node][position].node
        is_product = isinstance(graph[bottom[operand]].kind, Contraction)
        if found.owns(node, position) and found.held[operand]:
            return 0 if is_product else 1
        return 2 if is_product else 3

    full = [
        position for position, operand in enumerate(found.operands[node]) if _same_size(graph, node, operand)
    ]
    return min(full, key=lambda position: (rank(position), position), default=None)


def _same_size(graph: Graph, node: int, operand: Operand) -> bool:
    shape = graph[operand.node].shape
    return tuple(shape[dim] for dim in operand.dims) == graph[node].shape
