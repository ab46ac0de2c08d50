"""Dependencies of nodes on sweeps, propagated through the graph along the letters.

Used by ``film`` for the waits of sweeps, and for the needs of all other nodes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal, NamedTuple

from matcube.ir import Contraction, Graph, Map, Node
from matcube.wire import Need
from matcube.wire.film import Letter

Way = tuple[Letter | None, Letter | None]  # letters of a sweep along i and j of a sweep that it needs


class Reach(NamedTuple):
    """Cells of a sweep that one cell of a node depends on.

    Args:
        node: the contraction that is swept.
        i: the dependent node's dimension along the letter i of the contraction; None: all of i.
        j: the same for j.
    """

    node: int
    i: int | None
    j: int | None


def roles(node: Node) -> dict[str, Letter] | None:
    """i, j or k by letter of a contraction; None for a node that is not one plain product."""
    result = node.spec.roles if isinstance(node.kind, Contraction) else None
    if result is None or not result.is_plain:
        return None
    named: tuple[tuple[tuple[str, ...], Letter], ...] = (
        (result.rows, "i"),
        (result.cols, "j"),
        (result.summed, "k"),
    )
    return {letters[0]: role for letters, role in named if letters}


def is_turned(node: Node) -> bool:
    """Whether the columns of a product run along i: in ``-> j i``, and in a matrix times a vector."""
    names = roles(node) or {}
    return node.spec.output != () and names.get(node.spec.output[-1]) == "i"


def sizes_of(graph: Graph, node: Node) -> tuple[int, int, int]:
    """Sizes of i, j and k."""
    result = {"i": 1, "j": 1, "k": 1}
    names = roles(node) or {}
    for operand, letters in zip(node.inputs, node.spec.inputs, strict=True):
        for letter, size in zip(letters, graph[operand].shape, strict=True):
            result[names[letter]] = size
    return result["i"], result["j"], result["k"]


def reaches(graph: Graph, swept: Mapping[int, object]) -> dict[int, frozenset[Reach]]:
    """By node, the cells of sweeps that one cell of it depends on; a sweep depends on itself."""
    result: dict[int, frozenset[Reach]] = {}
    for node in graph.nodes:
        result[node.id] = frozenset([_itself(node)] if node.id in swept else _below(node, result))
    return result


def waits(node: Node, reached: Mapping[int, frozenset[Reach]]) -> dict[int, list[Way]]:
    """By sweep that a sweep depends on, the letters of the latter along i and j there, for every path."""
    names = roles(node) or {}
    out: dict[int, list[Way]] = {}
    for operand, letters in zip(node.inputs, node.spec.inputs, strict=True):
        for reach in reached[operand]:
            i, j = (None if dim is None else names[letters[dim]] for dim in (reach.i, reach.j))
            out.setdefault(reach.node, []).append((i, j))
    return out


def needs(
    graph: Graph, swept: Mapping[int, object], reached: Mapping[int, frozenset[Reach]]
) -> tuple[Need, ...]:
    """Needs of every node on a face that depends on sweeps and is not swept itself.

    Args:
        graph: the drawn graph.
        swept: sweeps by node.
        reached: from ``reaches``.
    """
    out = []
    for node in graph.nodes:
        if node.id in swept or len(node.shape) > 2:
            continue
        row, col = (None, None, *range(len(node.shape)))[-2:]
        for reach in sorted(reached[node.id], key=str):
            out.append(Need(node.id, reach.node, _side(reach, row), _side(reach, col)))
    return tuple(out)


def _below(node: Node, reached: Mapping[int, frozenset[Reach]]) -> Iterator[Reach]:
    """Reaches of a node's operands in the node's own dimensions."""
    whole = node.kind.mixes if isinstance(node.kind, Map) else ()
    for operand, letters in zip(node.inputs, node.spec.inputs, strict=True):
        own = {
            dim: node.spec.output.index(letter)
            for dim, letter in enumerate(letters)
            if letter in node.spec.output and letter not in whole
        }
        for reach in reached[operand]:
            i, j = (None if dim is None else own.get(dim) for dim in (reach.i, reach.j))
            yield Reach(reach.node, i, j)


def _side(reach: Reach, dim: int | None) -> Literal["i", "j"] | None:
    if dim is None:
        return None
    return "i" if reach.i == dim else "j" if reach.j == dim else None


def _itself(node: Node) -> Reach:
    names = roles(node) or {}
    dims = {names[letter]: dim for dim, letter in enumerate(node.spec.output)}
    return Reach(node.id, dims.get("i"), dims.get("j"))
