"""Exchanges between devices: from the sharding that a matrix has to the one that is needed.

Bytes are those that one device sends, by the algorithms that send the least (n devices, S bytes of the whole
matrix): all-reduce 2(n−1)/n·S, reduce-scatter and all-gather (n−1)/n·S, all-to-all (n−1)/n²·S, ring n−1 times
a block S/n. Each device receives as much. Broken bytes are rounded up.

Source: R. Thakur, R. Rabenseifner and W. Gropp, "Optimization of Collective Communication Operations in
MPICH", International Journal of High Performance Computing Applications 19 (2005), 49-66; for the ring Liu,
Zaharia and Abbeel, arXiv:2310.01889.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, prod

from matcube.ir import Contraction, Graph
from matcube.partition.letters import uses_of
from matcube.partition.sharding import PARTIAL, WHOLE, Lie, Placed, Step, returned
from matcube.partition.types import Partition, block_length
from matcube.wire import Collective
from matcube.wire.devices import Kind
from matcube.wire.text import bytes_text


class Exchange(Collective, frozen=True, kw_only=True):
    """A collective with what its bytes follow from.

    Args:
        blocks: how many devices take part.
        cells: numbers in the whole matrix that it is about, as one line of the mesh sees it.
    """

    blocks: int
    cells: int


@dataclass(frozen=True)
class Move:
    """A matrix brought from one way to lie to another.

    Args:
        node: the matrix.
        path: how it lies, at first, after every step, and in the end.
        collectives: what the steps take; those where every device has its part already take none.
    """

    node: int
    path: tuple[Lie, ...]
    collectives: tuple[Exchange, ...]

    @property
    def source(self) -> Lie:
        """How it lies."""
        return self.path[0]

    @property
    def target(self) -> Lie:
        """How it is needed."""
        return self.path[-1]


# By how much of the matrix one device sends, for one exchange among n.
FORMULAS: dict[Kind, Callable[[int], Fraction]] = {
    "all-reduce": lambda n: Fraction(2 * (n - 1), n),
    "reduce-scatter": lambda n: Fraction(n - 1, n),
    "all-gather": lambda n: Fraction(n - 1, n),
    "all-to-all": lambda n: Fraction(n - 1, n * n),
    "ring": lambda n: Fraction(1, n),
}


def exchange(
    kind: Kind, *, node: int, group: int, blocks: int, cells: int, itemsize: int, why: str, count: int = 1
) -> Exchange:
    """An exchange of a matrix of so many numbers.

    ``bytes = ceil(count · FORMULAS[kind](blocks) · cells · itemsize)``.

    Args:
        kind: such as ``all-reduce``.
        node: id of the matrix.
        group: index of the group of devices.
        blocks: number of devices in the group.
        cells: numbers of the whole matrix that one line of devices has.
        itemsize: bytes of a number.
        why: reason, as shown in the table.
        count: how many equal exchanges run side by side.

    Example:
        >>> exchange("all-gather", node=0, group=0, blocks=4, cells=250, itemsize=4, why="").text
        'all-gather 750 B'
    """
    sent = ceil(count * FORMULAS[kind](blocks) * cells * itemsize)
    text = f"{'' if count == 1 else f'{count} × '}{kind} {bytes_text(sent)}"
    return Exchange(node, group, kind, count, sent, text, why, blocks=blocks, cells=cells)


def moves(graph: Graph, partition: Partition, found: tuple[Step, ...], *, itemsize: int) -> tuple[Move, ...]:
    """Everything that is brought to where it is needed, each once: what is gathered stays for later uses.

    Args:
        graph: the program.
        partition: the blocks.
        found: the step of each node.
        itemsize: bytes of a number.
    """
    takers = uses_of(graph)
    out: list[Move] = []
    for node in graph.nodes:
        step = found[node.id]
        wanted = {found[user].needs[position]: user for user, position in reversed(takers[node.id])}
        if node.id in graph.outputs:
            wanted.setdefault(returned(graph, partition, node.id, step.lies), -1)
        there = [step.lies]
        for target in sorted(wanted, key=lambda lie: sum(item != WHOLE for item in lie)):
            if target not in there:
                users = [user for user, position in takers[node.id] if found[user].needs[position] == target]
                ways = [_move(graph, partition, node.id, source, target, users, itemsize) for source in there]
                out.append(min(ways, key=_cost))
                there.append(target)
    return tuple(out)


def row_reductions(
    graph: Graph, partition: Partition, found: tuple[Step, ...], *, itemsize: int
) -> tuple[Exchange, ...]:
    """All-reduces of one number per row, inside softmax and norms along a split letter.

    Args:
        graph: the program.
        partition: the blocks.
        found: the step of each node.
        itemsize: bytes of a number.
    """
    out = []
    for step in found:
        for group, reductions in enumerate(step.reductions):
            if reductions:
                cells = cells_of(graph, partition, step.node, step.lies, beside=group)
                rows = cells // graph[step.node].shape[step.lies[group].dim]
                why = f"{' and '.join(reductions)} of each row"
                blocks = partition.groups[group].blocks
                out.append(
                    exchange(
                        "all-reduce", node=step.node, group=group, blocks=blocks, cells=rows,
                        itemsize=itemsize, why=why, count=len(reductions),
                    )
                )  # fmt: skip
    return tuple(out)


def cells_of(graph: Graph, partition: Partition, node: int, lies: Lie, *, beside: int) -> int:
    """Cells of a matrix that one line of devices along a group has between them.

    Args:
        graph: the program.
        partition: the blocks.
        node: id of the matrix.
        lies: its placement.
        beside: index of the group of devices.
    """
    shape = list(graph[node].shape)
    for number, (group, placed) in enumerate(zip(partition.groups, lies, strict=True)):
        if placed.how == "shard" and number != beside:
            shape[placed.dim] = block_length(shape[placed.dim], group.blocks)
    return prod(shape)


def _move(
    graph: Graph, partition: Partition, node: int, source: Lie, target: Lie, users: list[int], itemsize: int
) -> Move:
    path, result = [source], []
    changed = [number for number, before in enumerate(source) if before != target[number]]
    for number in sorted(changed, key=lambda one: _ORDER.index(_kind(source[one], target[one]))):
        group, before, after = partition.groups[number], source[number], target[number]
        kind = _kind(before, after)
        cells = cells_of(graph, partition, node, path[-1], beside=number)
        path.append((*path[-1][:number], after, *path[-1][number + 1 :]))
        if kind is None:
            continue
        is_ring = group.ring and kind == "all-gather" and _only_products(graph, users)
        why, count = _why(graph, before, after, users), group.blocks - 1 if is_ring else 1
        result.append(
            exchange(
                "ring" if is_ring else kind, node=node, group=number, blocks=group.blocks, cells=cells,
                itemsize=itemsize, why=why, count=count,
            )
        )  # fmt: skip
    return Move(node, tuple(path), tuple(result))


# What makes a matrix smaller comes first.
_ORDER: tuple[Kind | None, ...] = (None, "reduce-scatter", "all-reduce", "all-to-all", "all-gather")


def _kind(before: Placed, after: Placed) -> Kind | None:
    if before == PARTIAL and after != PARTIAL:
        return "all-reduce" if after == WHOLE else "reduce-scatter"
    if before.how == "shard" and after != before:
        return "all-gather" if after == WHOLE else "all-to-all"
    return None


def _only_products(graph: Graph, users: Iterable[int]) -> bool:
    return all(isinstance(graph[user].kind, Contraction) for user in users)


def _why(graph: Graph, before: Placed, after: Placed, users: list[int]) -> str:
    whom = ", ".join(dict.fromkeys(graph[user].label for user in users)) or "the result"
    if before == PARTIAL:
        return f"partial sums, added up for {whom}"
    return f"{whom} needs it {'whole' if after == WHOLE else 'in other blocks'}"


def _cost(move: Move) -> Fraction:
    parts = (
        collective.count * FORMULAS[collective.kind](collective.blocks) * collective.cells
        for collective in move.collectives
    )
    return sum(parts, Fraction(0))
