"""Sizes of letters, and the letters of a node that split together."""

from __future__ import annotations

from collections.abc import Iterator

from matcube.ir import Graph, Node
from matcube.ir.spec import Group


def size_of(graph: Graph, node: Node, letter: str) -> int:
    """How many places a letter of a node has; 1 for a letter that no dimension carries.

    Args:
        graph: the program.
        node: the node whose letter it is.
        letter: an einsum letter, such as ``k``.

    Example:
        >>> from matcube.ir import Hollow, IndexSpec, Leaf
        >>> A = Node(0, Leaf(Hollow()), (), IndexSpec.parse("-> i j"), (2, 3), name="A")
        >>> size_of(Graph((A,), (0,)), A, "j")
        3
    """
    if letter in node.spec.output:
        return node.shape[node.spec.output.index(letter)]
    for position, dim in node.spec.positions(letter):
        return graph[node.inputs[position]].shape[dim]
    return 1


def together(graph: Graph, node: Node, letter: str, blocks: int) -> frozenset[str]:
    """The letter, and those of the same node that fall into the same blocks with it.

    A product ``(h d)`` falls into blocks as its first part ``h`` does, where h divides evenly; a sum
    ``(past + new)`` does not.

    Args:
        graph: the program.
        node: the node whose letter it is.
        letter: an einsum letter, such as ``k``.
        blocks: into how many blocks it is split.
    """
    result = {letter}
    present = {item for letters in (*node.spec.inputs, node.spec.output) for item in letters}
    for whole, part in _products(present):
        if letter in (whole, part) and size_of(graph, node, part) % blocks == 0:
            result |= {whole, part}
    return frozenset(result)


def _products(present: set[str]) -> Iterator[tuple[str, str]]:
    """Pairs of a product in brackets and its first part, where both are dimensions."""
    for whole in sorted(present):
        group = Group.of(whole)
        if whole.startswith("(") and not group.is_sum and group.parts[0] in present:
            yield whole, group.parts[0]


def uses_of(graph: Graph) -> dict[int, list[tuple[int, int]]]:
    """By node: pairs (user, operand position), in program order."""
    result: dict[int, list[tuple[int, int]]] = {node.id: [] for node in graph.nodes}
    for node in graph.nodes:
        for position, operand in enumerate(node.inputs):
            result[operand].append((node.id, position))
    return result
