"""Spread of a split over the graph: a whole axis, or one use with its consumers and its inputs."""

from __future__ import annotations

from matcube.ir import Graph, Node, Reindex
from matcube.ir.axes import Axes, Place
from matcube.partition.letters import together, uses_of
from matcube.partition.types import Spread, Use


def along_axis(graph: Graph, table: Axes, axis: int, blocks: int) -> Spread:
    """Every dimension of an axis, and of the axes that are split with it: ``h`` and ``(h d)``.

    Args:
        graph: the program.
        table: its axes.
        axis: index of the axis.
        blocks: number of blocks.
    """
    tied: dict[int, set[int]] = {}
    for node in graph.nodes:
        if not isinstance(node.kind, Reindex):  # only re-indexings have merged letters
            continue
        for item, other in _tied_places(graph, node, blocks):
            first, second = table.by_place[item], table.by_place[other]
            tied.setdefault(first, set()).add(second)
            tied.setdefault(second, set()).add(first)
    result, waiting = set[int](), [axis]
    while waiting:
        number = waiting.pop()
        if number not in result:
            result.add(number)
            waiting += tied.get(number, ())
    return Spread(frozenset(place for number in result for place in table.all[number].members))


def _tied_places(graph: Graph, node: Node, blocks: int) -> list[tuple[Place, Place]]:
    """Pairs of dimensions, of a node or its operands, with different letters that are split together."""
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
    """From a letter of a node up to all results that have it, and down to the operands.

    A value with several uses is split for this use only; its other users are not.

    Args:
        graph: the program.
        node: id of the first node.
        letter: a letter of its spec.
        blocks: number of blocks; it decides which merged letters are split.
    """
    walk = _Walk(graph, blocks)
    walk.within(node, letter)
    while walk.waiting:
        walk.place(*walk.waiting.pop())
    cut = {use for use in walk.uses if (graph[use[0]].inputs[use[1]], use[2]) not in walk.places}
    return Spread(frozenset(walk.places), frozenset(cut))


class _Walk:
    """Places and uses that a split has reached so far."""

    def __init__(self, graph: Graph, blocks: int) -> None:
        self.graph, self.blocks = graph, blocks
        self.users = uses_of(graph)
        self.places: set[Place] = set()
        self.uses: set[Use] = set()
        self.waiting: list[Place] = []
        self.seen: set[tuple[int, str]] = set()

    def place(self, node: int, dim: int) -> None:
        """Add a dimension that is split for every use."""
        if (node, dim) in self.places:
            return
        self.places.add((node, dim))
        self.within(node, self.graph[node].spec.output[dim])
        for user, position in self.users[node]:
            self.within(user, self.graph[user].spec.inputs[position][dim])

    def within(self, node_id: int, start: str) -> None:
        """Add a letter of a node: the dimensions of its result and of its operands."""
        node = self.graph[node_id]
        for letter in together(self.graph, node, start, self.blocks):
            if (node_id, letter) in self.seen:
                continue
            self.seen.add((node_id, letter))
            self.waiting += [(node_id, dim) for dim, item in enumerate(node.spec.output) if item == letter]
            for position, dim in node.spec.positions(letter):
                operand = node.inputs[position]
                if len(self.users[operand]) == 1:
                    self.waiting.append((operand, dim))
                else:
                    self.uses.add((node_id, position, dim))
