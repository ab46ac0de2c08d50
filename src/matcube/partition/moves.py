"""Collectives between devices: from the sharding of a matrix to the sharding that its users need.

Bytes are those sent by one device in the algorithms that send the least (n devices, S bytes of the whole
matrix): all-reduce 2(n−1)/n·S, reduce-scatter and all-gather (n−1)/n·S, all-to-all (n−1)/n²·S, ring n−1 times
a block S/n. Each device receives as many. Fractions of a byte are rounded up.

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
from matcube.partition.sharding import PARTIAL, WHOLE, Placed, Placements, Step, returned
from matcube.partition.types import Partition, block_length
from matcube.wire import Collective
from matcube.wire.devices import Kind
from matcube.wire.text import bytes_text


class Exchange(Collective, frozen=True, kw_only=True):
    """A collective with the sizes from which its bytes follow.

    Args:
        blocks: number of devices that take part.
        cells: numbers of the matrix that these devices have between them.
    """

    blocks: int
    cells: int


@dataclass(frozen=True)
class Move:
    """A matrix moved from one placement to another.

    Args:
        node: the matrix.
        path: its placement at first, after every step, and in the end.
        collectives: of the steps; a step to cells that every device has already takes none.
    """

    node: int
    path: tuple[Placements, ...]
    collectives: tuple[Exchange, ...]

    @property
    def source(self) -> Placements:
        """The placement before the move."""
        return self.path[0]

    @property
    def target(self) -> Placements:
        """The placement after the move."""
        return self.path[-1]


# Share of the matrix that one device sends in an exchange among n.
FORMULAS: dict[Kind, Callable[[int], Fraction]] = {
    "all-reduce": lambda n: Fraction(2 * (n - 1), n),
    "reduce-scatter": lambda n: Fraction(n - 1, n),
    "all-gather": lambda n: Fraction(n - 1, n),
    "all-to-all": lambda n: Fraction(n - 1, n * n),
    "ring": lambda n: Fraction(1, n),
}

ALGORITHMS: dict[Kind, str] = {
    "all-reduce": "ring: reduce-scatter, then all-gather",
    "reduce-scatter": "ring",
    "all-gather": "ring",
    "all-to-all": "pairs",
    "ring": "send and receive",
}


def exchange(
    kind: Kind, *, node: int, group: int, blocks: int, cells: int, itemsize: int, why: str, count: int = 1
) -> Exchange:
    """An exchange of one matrix in one group of devices.

    ``bytes = ceil(count · FORMULAS[kind](blocks) · cells · itemsize)``.

    Args:
        kind: such as ``all-reduce``.
        node: id of the matrix.
        group: index of the group of devices.
        blocks: number of devices in the group.
        cells: numbers of the matrix that the devices have between them.
        itemsize: bytes of a number.
        why: reason, as shown in the table.
        count: number of equal exchanges.

    Example:
        >>> exchange("all-gather", node=0, group=0, blocks=4, cells=250, itemsize=4, why="").text
        'all-gather 750 B'
    """
    sent = ceil(count * FORMULAS[kind](blocks) * cells * itemsize)
    text = f"{'' if count == 1 else f'{count} × '}{kind} {bytes_text(sent)}"
    says = f"{what_happens(kind, blocks, why)} · each device sends {bytes_text(sent)}"
    says += f" = {share_text(kind, blocks, count)} of {bytes_text(cells * itemsize)} ({ALGORITHMS[kind]})"
    return Exchange(node, group, kind, count, sent, text, why, says, blocks=blocks, cells=cells)


def what_happens(kind: Kind, blocks: int, why: str) -> str:
    """``All-reduce among 4 devices: partial sums, added up for out``.

    Args:
        kind: of the exchange.
        blocks: number of devices.
        why: its reason.
    """
    return f"{kind.capitalize()} among {blocks} devices{f': {why}' if why else ''}"


def share_text(kind: Kind, blocks: int, count: int) -> str:
    """The factor of the whole matrix that one device sends, as its formula with numbers.

    Args:
        kind: of the exchange.
        blocks: number of devices.
        count: number of equal exchanges.

    Example:
        >>> share_text("all-reduce", 4, 1), share_text("all-to-all", 4, 1), share_text("ring", 4, 3)
        ('2 · 3/4', '3/16', '3 · 1/4')
    """
    factors = {"all-reduce": 2 * count}
    factor = factors.get(kind, count)
    steps, parts = {"ring": (1, blocks), "all-to-all": (blocks - 1, blocks**2)}.get(
        kind, (blocks - 1, blocks)
    )
    return f"{f'{factor} · ' if factor > 1 else ''}{steps}/{parts}"


def moves(graph: Graph, partition: Partition, steps: tuple[Step, ...], *, itemsize: int) -> tuple[Move, ...]:
    """Moves of every matrix to the placements that its users need; a gathered copy is reused by later users.

    Args:
        graph: the program.
        partition: the blocks.
        steps: the step of each node.
        itemsize: bytes of a number.
    """
    uses = uses_of(graph)
    out: list[Move] = []
    for node in graph.nodes:
        step = steps[node.id]
        targets = dict.fromkeys(steps[user].needs[position] for user, position in reversed(uses[node.id]))
        if node.id in graph.outputs:
            targets.setdefault(returned(graph, partition, node.id, step.lies))
        present = [step.lies]
        for target in sorted(targets, key=lambda lies: sum(placed != WHOLE for placed in lies)):
            if target not in present:
                users = [user for user, position in uses[node.id] if steps[user].needs[position] == target]
                choices = (
                    _move(graph, partition, node.id, lies, target, users, itemsize) for lies in present
                )
                out.append(min(choices, key=_cost))
                present.append(target)
    return tuple(out)


def row_reductions(
    graph: Graph, partition: Partition, steps: tuple[Step, ...], *, itemsize: int
) -> tuple[Exchange, ...]:
    """All-reduces of one number per row, inside softmax and norms along a split letter.

    Args:
        graph: the program.
        partition: the blocks.
        steps: the step of each node.
        itemsize: bytes of a number.
    """
    out = []
    for step in steps:
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


def cells_of(graph: Graph, partition: Partition, node: int, lies: Placements, *, beside: int) -> int:
    """Cells of a matrix that the devices of one group have between them.

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
    graph: Graph,
    partition: Partition,
    node: int,
    source: Placements,
    target: Placements,
    users: list[int],
    itemsize: int,
) -> Move:
    path, result = [source], []
    changed = [number for number, before in enumerate(source) if before != target[number]]
    for number in sorted(changed, key=lambda group: _ORDER.index(_kind(source[group], target[group]))):
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


# Collectives that make a matrix smaller come first.
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
    names = ", ".join(dict.fromkeys(graph[user].label for user in users)) or "the result"
    if before == PARTIAL:
        return f"partial sums, added up for {names}"
    return f"{names} needs it {'whole' if after == WHOLE else 'in other blocks'}"


def _cost(move: Move) -> Fraction:
    shares = (
        collective.count * FORMULAS[collective.kind](collective.blocks) * collective.cells
        for collective in move.collectives
    )
    return sum(shares, Fraction(0))
