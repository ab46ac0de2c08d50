"""Reach of a split: a whole axis, or one use with what it feeds and what it reads."""

from __future__ import annotations

from matcube.ir import Graph, Reindex
from matcube.ir.axes import Axes, Place
from matcube.partition.letters import together, uses_of
from matcube.partition.types import Spread, Use


def along_axis(graph: Graph, table: Axes, axis: int, blocks: int) -> Spread:
    """Every dimension of an axis, and of the axes that fall into the same blocks: ``h`` and ``(h d)``.

    Args:
        graph: the program.
        table: its axes.
        axis: index of the axis.
        blocks: number of blocks.
    """
    tied: dict[int, set[int]] = {}
    moves = [node.id for node in graph.nodes if isinstance(node.kind, Reindex)]  # only these have brackets
    for node in moves:
        for item, other in _tied_places(graph, node, blocks):
            first, second = table.by_place[item], table.by_place[other]
            tied.setdefault(first, set()).add(second)
            tied.setdefault(second, set()).add(first)
    result, todo = set[int](), [axis]
    while todo:
        number = todo.pop()
        if number not in result:
            result.add(number)
            todo += tied.get(number, ())
    return Spread(frozenset(place for number in result for place in table.all[number].members))


def _tied_places(graph: Graph, node_id: int, blocks: int) -> list[tuple[Place, Place]]:
    """Pairs of dimensions, of a node or its operands, whose letters differ and yet split together."""
    node = graph[node_id]
    places = [
        (letter, (owner, dim))
        for owner, letters in (*zip(node.inputs, node.spec.inputs, strict=True), (node.id, node.spec.output))
        for dim, letter in enumerate(letters)
    ]
    result = []
    for letter, place in places:
        if letter.startswith("("):
            linked = together(graph, node, letter, blocks)
            result += [(place, other) for name, other in places if name != letter and name in linked]
    return result


def from_use(graph: Graph, node: int, letter: str, blocks: int) -> Spread:
    """From a letter of a node up to all that carries it on, and down to what it reads.

    On the way down a value that has several uses is split for the one use only, and nothing else that takes
    it is: there the tie is cut.

    Args:
        graph: the program.
        node: where to start.
        letter: a letter of its spec.
        blocks: how many blocks, for the letters that are products of others.
    """
    walk = _Walk(graph, blocks)
    walk.within(node, letter)
    while walk.todo:
        walk.place(*walk.todo.pop())
    cut = {use for use in walk.uses if (graph[use[0]].inputs[use[1]], use[2]) not in walk.places}
    return Spread(frozenset(walk.places), frozenset(cut))


class _Walk:
    """What a split has reached so far."""

    def __init__(self, graph: Graph, blocks: int) -> None:
        self.graph, self.blocks = graph, blocks
        self.takers = uses_of(graph)
        self.places: set[Place] = set()
        self.uses: set[Use] = set()
        self.todo: list[Place] = []
        self.seen: set[tuple[int, str]] = set()

    def place(self, node: int, dim: int) -> None:
        """A dimension that is split for every use."""
        if (node, dim) in self.places:
            return
        self.places.add((node, dim))
        self.within(node, self.graph[node].spec.output[dim])
        for user, position in self.takers[node]:
            self.within(user, self.graph[user].spec.inputs[position][dim])

    def within(self, node_id: int, start: str) -> None:
        """A letter of a node: its result carries the split on, its operands are read in blocks."""
        node = self.graph[node_id]
        for letter in together(self.graph, node, start, self.blocks):
            if (node_id, letter) in self.seen:
                continue
            self.seen.add((node_id, letter))
            self.todo += [(node_id, dim) for dim, item in enumerate(node.spec.output) if item == letter]
            for position, dim in node.spec.positions(letter):
                operand = node.inputs[position]
                if len(self.takers[operand]) == 1:
                    self.todo.append((operand, dim))
                else:
                    self.uses.add((node_id, position, dim))
