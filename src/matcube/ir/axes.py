"""Axes: classes of dimensions over the whole graph, tied through the letters of the nodes.

A letter is a role inside one node; an axis runs through the whole graph. Within a node all dimensions of
one letter are tied: a transpose swaps, ``A @ B`` ties A's columns to B's rows, and an elementwise operation
ties equal dimensions. In self-attention the rows and the columns of the scores are one axis, the tokens.
``partition`` splits axes, and layouts and links name them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from matcube.ir.graph import Graph, Leaf, Node
from matcube.ir.spec import Group

Place = tuple[int, int]

_SIDES = {1: ("entries",), 2: ("rows", "cols")}


@dataclass(frozen=True)
class Composition:
    """The components of an axis: an ordered product ``(h d)`` or a sum ``(past + new)`` of axes.

    ``parts`` are axis ids, or letters where no matrix has that axis by itself.
    """

    how: Literal["product", "sum"]
    parts: tuple[int | str, ...]


@dataclass(frozen=True)
class Axis:
    """A class of dimensions of one size and meaning: splitting it splits every member.

    Args:
        id: its index among the axes.
        name: ``x.rows`` or ``x.cols`` of a leaf x, if possible a labelled one.
        size: its length.
        members: pairs (node, dimension), in program order.
        labels: the names along it, or None.
        title: its name in the container that a leaf came from, "token", or None.
        made_of: its components, if a re-indexing splits, merges or joins it.
    """

    id: int
    name: str
    size: int
    members: tuple[Place, ...]
    labels: tuple[str, ...] | None = None
    title: str | None = None
    made_of: Composition | None = None


@dataclass(frozen=True)
class Axes:
    """All axes of a graph, and the axis of each dimension."""

    all: tuple[Axis, ...]
    by_place: dict[Place, int]

    def of(self, node: int, dim: int) -> Axis:
        """The axis of one dimension of a node (negative: from the end)."""
        rank = sum(1 for place in self.by_place if place[0] == node) if dim < 0 else 0
        return self.all[self.by_place[node, dim + rank]]

    def named(self, name: str) -> Axis | None:
        """The axis of that name, or None."""
        return next((axis for axis in self.all if axis.name == name), None)

    def __iter__(self) -> Iterator[Axis]:
        return iter(self.all)

    def __len__(self) -> int:
        return len(self.all)


def axes(graph: Graph) -> Axes:
    """The axes of a graph.

    Args:
        graph: a legal graph.

    Returns:
        Axes in the order of their first dimensions.

    Example:
        >>> from matcube.ir import Contraction, Hollow, IndexSpec
        >>> leaf = IndexSpec.parse("-> i j")
        >>> A = Node(0, Leaf(Hollow()), (), leaf, (2, 3), name="A")
        >>> B = Node(1, Leaf(Hollow()), (), leaf, (3, 4), name="B")
        >>> C = Node(2, Contraction(), (0, 1), IndexSpec.parse("i k, k j -> i j"), (2, 4), name="C")
        >>> [(axis.name, axis.size, axis.members) for axis in axes(Graph((A, B, C), (2,)))]
        [('A.rows', 2, ((0, 0), (2, 0))), ('A.cols', 3, ((0, 1), (1, 0))), ('B.cols', 4, ((1, 1), (2, 1)))]
    """
    ties = _Ties((node.id, dim) for node in graph.nodes for dim in range(len(node.shape)))
    for node in graph.nodes:
        for places in _by_letter(node).values():
            for place in places[1:]:
                ties.tie(places[0], place)
    classes: dict[Place, list[Place]] = {}
    for place in ties.parent:
        classes.setdefault(ties.root(place), []).append(place)
    by_place = {place: number for number, members in enumerate(classes.values()) for place in members}
    made_of = _compositions(graph, by_place)
    result: list[Axis] = []
    for number, members in enumerate(classes.values()):
        first = members[0]
        name = _free_name(_name(graph, members), {axis.name for axis in result})
        size, labels = graph[first[0]].shape[first[1]], _labels(graph, members)
        title = _title(graph, members)
        result.append(Axis(number, name, size, tuple(members), labels, title, made_of.get(number)))
    return Axes(tuple(result), by_place)


class _Ties:
    """Union-find over dimensions; the representative of a class is its first in program order."""

    def __init__(self, places: Iterable[Place]) -> None:
        self.parent = {place: place for place in places}

    def root(self, place: Place) -> Place:
        while self.parent[place] != place:
            self.parent[place] = self.parent[self.parent[place]]
            place = self.parent[place]
        return place

    def tie(self, place: Place, other: Place) -> None:
        first, second = sorted((self.root(place), self.root(other)))
        self.parent[second] = first


def _by_letter(node: Node) -> dict[str, list[Place]]:
    """Places of each letter of a node: dimensions of its operands, then its own."""
    by_letter: dict[str, list[Place]] = {}
    owners = [*zip(node.inputs, node.spec.inputs, strict=True), (node.id, node.spec.output)]
    for owner, letters in owners:
        for dim, letter in enumerate(letters):
            by_letter.setdefault(letter, []).append((owner, dim))
    return by_letter


def _compositions(graph: Graph, by_place: dict[Place, int]) -> dict[int, Composition]:
    compositions: dict[int, Composition] = {}
    for node in graph.nodes:
        letters = _by_letter(node)
        for letter, places in letters.items():
            group = Group.of(letter)
            if not letter.startswith("("):
                continue
            parts = tuple(by_place[letters[part][0]] if part in letters else part for part in group.parts)
            how: Literal["product", "sum"] = "sum" if group.is_sum else "product"
            compositions.setdefault(by_place[places[0]], Composition(how, parts))
    return compositions


def _name(graph: Graph, members: list[Place]) -> str:
    """The name of a class: from a labelled leaf, else a named leaf, else any named node, else a letter."""
    leaves = [place for place in members if isinstance(graph[place[0]].kind, Leaf)]
    labelled = [place for place in leaves if _labels(graph, [place])]
    named = [place for place in members if graph[place[0]].name]
    for node, dim in (*labelled, *(place for place in leaves if place in named), *named):
        owner, rank = graph[node].name, len(graph[node].shape)
        if owner:
            sides = _SIDES.get(rank, (*(f"dim{n}" for n in range(rank - 2)), "rows", "cols"))
            return f"{owner}.{sides[dim]}"
    node, dim = members[0]
    return Group.of(graph[node].spec.output[dim]).parts[0]


def _free_name(name: str, taken: set[str]) -> str:
    if name not in taken:
        return name
    return next(other for other in (f"{name}{n}" for n in range(2, len(taken) + 3)) if other not in taken)


def _labels(graph: Graph, members: list[Place]) -> tuple[str, ...] | None:
    for node, dim in members:
        kind = graph[node].kind
        if isinstance(kind, Leaf) and kind.labels and kind.labels[dim] is not None:
            return kind.labels[dim]
    return None


def _title(graph: Graph, members: list[Place]) -> str | None:
    leaves = ((graph[node].kind, dim) for node, dim in members)
    titles = (leaf.titles[dim] for leaf, dim in leaves if isinstance(leaf, Leaf) and leaf.titles)
    return next((title for title in titles if title), None)
