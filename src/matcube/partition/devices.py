"""What each device holds, computes and sends, as rows; ``partition.table`` writes them as text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice, product
from math import prod

import msgspec

from matcube import wire
from matcube.errors import OptionError
from matcube.ir import Contraction, Graph, Leaf, Node
from matcube.ir.axes import Axes, axes
from matcube.partition import table
from matcube.partition.letters import size_of
from matcube.partition.moves import Exchange, Move, moves, row_reductions
from matcube.partition.rows import NodeRow
from matcube.partition.sharding import Placed, Step, steps
from matcube.partition.types import Partition, block, block_length
from matcube.wire import Device

MAX_ROWS = 64
At = tuple[int, ...]  # a device: its block in each group


@dataclass(frozen=True, repr=False)
class Devices:
    """What devices hold, compute and communicate; ``print`` shows it as a table.

    Args:
        partition: the blocks.
        count: how many devices there are.
        itemsize: bytes of a number.
        nodes: a row for every matrix.
        rows: a row for every device, the first 64.
        moves: how matrices are brought to where they are needed.
        collectives: everything that is sent, in the order of the program.
        steps: by which letter each node is computed, and what that needs.
    """

    partition: Partition
    count: int
    itemsize: int
    nodes: tuple[NodeRow, ...]
    rows: tuple[Device, ...]
    moves: tuple[Move, ...]
    collectives: tuple[Exchange, ...]
    steps: tuple[Step, ...]

    def __repr__(self) -> str:
        """The table as aligned text."""
        return table.text(self.partition.groups, self.count, self.itemsize, self.nodes, self.rows)

    def holds(self, device: int) -> dict[str, tuple[tuple[int, int], ...]]:
        """The cells that a device holds: for every matrix, from which place up to which along each dimension.

        Partial sums and what was gathered for a while are not told apart here; see ``nodes`` and ``moves``.

        Raises:
            OptionError: there is no such device.
        """
        if not 0 <= device < self.count:
            raise OptionError(f"there is no device {device}", hint=f"from 0 to {self.count - 1}")
        at: list[int] = []
        for group in reversed(self.partition.groups):
            device, number = divmod(device, group.blocks)
            at.insert(0, number)
        result = {}
        for row in self.nodes:
            ranges = [(0, size) for size in row.sizes]
            for dim, group, number in zip(row.dims, self.partition.groups, at, strict=True):
                if dim >= 0:
                    cells = block(row.sizes[dim], group.blocks, number)
                    ranges[dim] = (cells.start, cells.stop)
            result[row.name] = tuple(ranges)
        return result

    @property
    def sent_bytes(self) -> int:
        """Bytes that one device sends in all."""
        return sum(collective.bytes for collective in self.collectives)


def devices(graph: Graph, partition: Partition, *, itemsize: int = 4) -> Devices:
    """What each device of a partition holds, computes and must communicate, forwards through the program.

    FLOPs are those of products (2 · rows · columns · summed), as torch's FlopCounterMode counts them; maps
    are not counted. Bytes that are sent follow ``partition.moves``.

    Args:
        graph: the program.
        partition: its blocks, of ``partition(graph, splits)``.
        itemsize: bytes of a number.

    Returns:
        Rows by matrix and by device.

    Example:
        >>> from matcube.ir import Contraction, Hollow, IndexSpec, Leaf, Node
        >>> from matcube.partition import partition
        >>> leaf = IndexSpec.parse("-> i j")
        >>> A = Node(0, Leaf(Hollow()), (), leaf, (2, 8), name="A")
        >>> B = Node(1, Leaf(Hollow()), (), leaf, (8, 4), name="B")
        >>> C = Node(2, Contraction(), (0, 1), IndexSpec.parse("i k, k j -> i j"), (2, 4), name="C")
        >>> graph = Graph((A, B, C), (2,))
        >>> found = devices(graph, partition(graph, {"A.cols": 4}))
        >>> [(one.kind, one.count, one.bytes) for one in found.collectives], found.rows[0].flops
        ([('all-reduce', 1, 48)], 32)
    """
    result = steps(graph, partition)
    moved, table_of_axes = moves(graph, partition, result, itemsize=itemsize), axes(graph)
    inside = row_reductions(graph, partition, result, itemsize=itemsize)
    sent = [*inside, *(collective for move in moved for collective in move.collectives)]
    sent.sort(key=lambda one: one.node)
    first = (0,) * len(partition.groups)
    nodes = [_node_row(graph, partition, table_of_axes, step, first, itemsize, sent) for step in result]
    total = sum(item.bytes for item in sent)
    places = islice(product(*(range(group.blocks) for group in partition.groups)), MAX_ROWS)
    rows = [_row(graph, partition, result, number, at, itemsize, total) for number, at in enumerate(places)]
    return Devices(
        partition, partition.devices, itemsize, tuple(nodes), tuple(rows), moved, tuple(sent), result
    )


def split_among(found: Devices) -> wire.Partition | None:
    """The partition as a scene has it; None when nothing is split."""
    groups = found.partition.groups
    if not groups:
        return None
    return wire.Partition(
        count=found.count,
        itemsize=found.itemsize,
        groups=tuple(wire.DeviceGroup(group.name, group.blocks) for group in groups),
        splits=tuple(
            wire.AxisSplit(key.name, key.size, group.blocks, block_length(key.size, group.blocks), number)
            for number, group in enumerate(groups)
            for key in group.keys
        ),
        matrices=tuple(msgspec.convert(row, wire.OnDevices, from_attributes=True) for row in found.nodes),
        collectives=tuple(
            msgspec.convert(row, wire.Collective, from_attributes=True) for row in found.collectives
        ),
        devices=found.rows,
    )


def part(node: Node, partition: Partition, lies: Iterable[Placed], at: At) -> tuple[slice, ...]:
    """The cells of a matrix that a device holds.

    Args:
        node: the matrix.
        partition: the blocks.
        lies: its placement along each group.
        at: block number of the device in each group.
    """
    result = [slice(0, size) for size in node.shape]
    for placed, group, number in zip(lies, partition.groups, at, strict=True):
        if placed.how == "shard":
            result[placed.dim] = block(node.shape[placed.dim], group.blocks, number)
    return tuple(result)


def letter_parts(graph: Graph, partition: Partition, step: Step, at: At) -> dict[str, slice]:
    """Places along each letter of a node that a device computes.

    Args:
        graph: the program.
        partition: the blocks.
        step: the letter along which each group computes the node.
        at: block number of the device in each group.
    """
    node = graph[step.node]
    letters = dict.fromkeys(item for own in (*node.spec.inputs, node.spec.output) for item in own)
    result = {letter: slice(0, size_of(graph, node, letter)) for letter in letters}
    for letter, group, number in zip(step.letters, partition.groups, at, strict=True):
        if letter is not None:
            result[letter] = block(size_of(graph, node, letter), group.blocks, number)
    return result


def _flops(graph: Graph, partition: Partition, step: Step, at: At) -> int:
    if not isinstance(graph[step.node].kind, Contraction):
        return 0
    return 2 * prod(_shape(letter_parts(graph, partition, step, at).values()))


def _shape(slices: Iterable[slice]) -> tuple[int, ...]:
    return tuple(slice_.stop - slice_.start for slice_ in slices)


def _node_row(
    graph: Graph,
    partition: Partition,
    table_of_axes: Axes,
    step: Step,
    at: At,
    itemsize: int,
    sent: Iterable[Exchange],
) -> NodeRow:
    node = graph[step.node]
    shape = _shape(part(node, partition, step.lies, at))
    return NodeRow(
        node=node.id,
        name=node.label,
        lies=tuple(_words(table_of_axes, node, step)),
        dims=tuple({"replicate": -1, "partial": -2}.get(placed.how, placed.dim) for placed in step.lies),
        sizes=tuple(node.shape),
        shape=shape,
        bytes=prod(shape) * itemsize,
        flops=_flops(graph, partition, step, at),
        is_leaf=isinstance(node.kind, Leaf),
        collectives=tuple(item for item in sent if item.node == node.id),
    )


def _words(table_of_axes: Axes, node: Node, step: Step) -> Iterator[str]:
    for placed in step.lies:
        if placed.how == "shard":
            yield f"Shard({table_of_axes.of(node.id, placed.dim).name})"
        else:
            yield placed.how.capitalize()


def _row(
    graph: Graph, partition: Partition, found: tuple[Step, ...], number: int, at: At, itemsize: int, sent: int
) -> Device:
    held = {True: 0, False: 0}
    for step in found:
        node = graph[step.node]
        cells = prod(_shape(part(node, partition, step.lies, at)))
        held[isinstance(node.kind, Leaf)] += cells * itemsize
    flops = sum(_flops(graph, partition, step, at) for step in found)
    return Device(number, at, held[True], held[False], flops, sent if partition.groups else 0)
