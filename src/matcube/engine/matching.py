"""Matrices of several programs that belong together: those of one name and one size."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from matcube.errors import OptionError, ShapeError
from matcube.errors.words import some_of
from matcube.ir import Graph, Leaf, Node
from matcube.ir.shapes import shape_text

RESULT = "result"


class Matched(NamedTuple):
    """One matrix of every graph, by node; ``is_named`` for a name of the programs, and for their results."""

    name: str
    nodes: tuple[int, ...]
    is_named: bool


def matched(graphs: Sequence[Graph]) -> list[Matched]:
    """The matrices that all graphs have, in the order of the first: by name, else by text.

    Results belong together whatever their names: where these differ, they are called "result".

    Args:
        graphs: two or more.
    """
    tables = [{node.label: node for node in graph.nodes} for graph in graphs]
    roots = tuple(graph.root for graph in graphs)
    pairs: list[Matched] = []
    for label in dict.fromkeys(node.label for node in graphs[0].nodes):
        nodes = [table[label] for table in tables if label in table]
        if len(nodes) == len(graphs) and len({node.shape for node in nodes}) == 1:
            ids = tuple(node.id for node in nodes)
            pairs.append(Matched(label, ids, _is_named(nodes, roots)))
    ids = tuple(root.id for root in roots)
    if len({root.shape for root in roots}) == 1 and all(pair.nodes != ids for pair in pairs):
        pairs.append(Matched(RESULT, ids, is_named=True))
    return pairs


def _is_named(nodes: Sequence[Node], roots: Sequence[Node]) -> bool:
    return nodes[0].name is not None or tuple(nodes) == tuple(roots)


def subject_of(pairs: Sequence[Matched], graphs: Sequence[Graph]) -> Matched:
    """The matrix that a comparison is about: the results, else the last that is computed and named alike.

    Args:
        pairs: from ``matched``.
        graphs: of the same programs.

    Raises:
        ShapeError: what has one name has several sizes.
        OptionError: nothing has one name.
    """
    roots = tuple(graph.root.id for graph in graphs)
    named = [pair for pair in pairs if pair.is_named]
    result = next((pair for pair in named if pair.nodes == roots), None)
    if result is not None:
        return result
    computed = [pair for pair in named if not isinstance(graphs[0][pair.nodes[0]].kind, Leaf)]
    unlike = next(_unlike(graphs), None)
    if computed or (named and unlike is None):
        return (computed or named)[-1]
    if unlike is not None:
        raise ShapeError(
            f"these figures have no result of one name and one size: {unlike}",
            hint="compare figures of one size, such as the first rows of the larger: Q=q[:64]",
        )
    listed = "; ".join(
        f"{letter} has {some_of(dict.fromkeys(node.name for node in graph.nodes if node.name))}"
        for letter, graph in zip(LETTERS, graphs, strict=False)
    )
    raise OptionError(
        "these figures have no matrix of one name",
        hint=f"name alike what is to be compared, C = A @ B in each; {listed}",
    )


LETTERS = "ABCDEFGHI"


def _unlike(graphs: Sequence[Graph]) -> Iterator[str]:
    """Matrices of one name and several sizes, in words: the named ones, then the results."""
    tables = [{node.name: node for node in graph.nodes if node.name} for graph in graphs]
    for name, first in reversed(tables[0].items()):
        for letter, table in zip(LETTERS[1:], tables[1:], strict=False):
            if name in table and table[name].shape != first.shape:
                sizes = f"{shape_text(first.shape)} in A and {shape_text(table[name].shape)} in {letter}"
                yield f"{name} is {sizes}"
