"""Letters of a node: sizes, letters that are split together; users of a node."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from matcube.ir import Graph, Node
from matcube.ir.spec import Group


def size_of(graph: Graph, node: Node, letter: str) -> int:
    """Size of a letter of a node; 1 for a letter of no dimension.

    Args:
        graph: the program.
        node: the node of the letter.
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


def letters_of(node: Node) -> tuple[str, ...]:
    """All letters of a node, those of its operands first."""
    return tuple(dict.fromkeys(chain(*node.spec.inputs, node.spec.output)))


def together(graph: Graph, node: Node, letter: str, blocks: int) -> frozenset[str]:
    """The letter, and the letters of the same node that are split with it, in the same blocks.

    A merged letter ``(h d)`` is split with its first factor ``h``, where the size of h is a multiple of the
    blocks; a sum ``(past + new)`` is not.

    Args:
        graph: the program.
        node: the node of the letter.
        letter: an einsum letter, such as ``k``.
        blocks: number of blocks of the letter.
    """
    result = {letter}
    for merged, factor in _merged(set(letters_of(node))):
        if letter in (merged, factor) and size_of(graph, node, factor) % blocks == 0:
            result |= {merged, factor}
    return frozenset(result)


def _merged(present: set[str]) -> Iterator[tuple[str, str]]:
    """Pairs of a merged letter and its first factor, where both are dimensions."""
    for merged in sorted(present):
        group = Group.of(merged)
        if merged.startswith("(") and not group.is_sum and group.parts[0] in present:
            yield merged, group.parts[0]


def uses_of(graph: Graph) -> dict[int, list[tuple[int, int]]]:
    """Uses by node: pairs (user, operand position), in the order of the program."""
    result: dict[int, list[tuple[int, int]]] = {node.id: [] for node in graph.nodes}
    for node in graph.nodes:
        for position, operand in enumerate(node.inputs):
            result[operand].append((node.id, position))
    return result
