"""Devices of a partition: cells held, operations and bytes sent of each, as rows; ``table`` formats them."""

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
from matcube.partition.letters import letters_of, size_of
from matcube.partition.moves import Exchange, Move, moves, row_reductions
from matcube.partition.rows import NodeRow
from matcube.partition.sharding import Placed, Step, steps
from matcube.partition.types import Partition, block, block_length, in_blocks
from matcube.wire import Device
from matcube.wire.text import bytes_text

MAX_ROWS = 64
At = tuple[int, ...]  # a device by the number of its block in each group


@dataclass(frozen=True, repr=False)
class Devices:
    """Cells, operations and communication of the devices; ``print`` shows a table.

    Args:
        partition: the blocks.
        count: number of devices.
        itemsize: bytes of a number.
        nodes: a row for every matrix.
        rows: a row for each of the first 64 devices.
        moves: changes of placement between nodes and their users.
        collectives: in the order of the program.
        steps: sharding of every node.
        uneven: a sentence for every split whose blocks differ in length.
    """

    partition: Partition
    count: int
    itemsize: int
    nodes: tuple[NodeRow, ...]
    rows: tuple[Device, ...]
    moves: tuple[Move, ...]
    collectives: tuple[Exchange, ...]
    steps: tuple[Step, ...]
    uneven: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """The table as aligned text."""
        return table.tables(split_among(self), self.nodes).text()

    def _repr_html_(self) -> str:
        """The table as a notebook shows it."""
        return table.tables(split_among(self), self.nodes).html()

    def holds(self, device: int) -> dict[str, tuple[tuple[int, int], ...]]:
        """Cells that a device holds: for every matrix (start, stop) along each dimension.

        Partial sums count as whole matrices, and gathered copies are left out; see ``nodes`` and ``moves``.

        Raises:
            OptionError: the number is out of range.
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
        """Bytes that one device sends, of all collectives."""
        return sum(collective.bytes for collective in self.collectives)


def devices(graph: Graph, partition: Partition, *, itemsize: int = 4) -> Devices:
    """Cells, operations and communication of each device in the forward pass of a program.

    FLOPs are those of products (2 · rows · columns · summed), as torch's FlopCounterMode counts them; maps
    are not counted. Bytes sent follow the formulas of ``partition.moves``.

    Args:
        graph: the program.
        partition: from ``partition(graph, splits)``.
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
        >>> result = devices(graph, partition(graph, {"A.cols": 4}))
        >>> [(item.kind, item.count, item.bytes) for item in result.collectives], result.rows[0].flops
        ([('all-reduce', 1, 48)], 32)
    """
    result = steps(graph, partition)
    moved, table_of_axes = moves(graph, partition, result, itemsize=itemsize), axes(graph)
    inside = row_reductions(graph, partition, result, itemsize=itemsize)
    sent = [*inside, *(collective for move in moved for collective in move.collectives)]
    sent.sort(key=lambda collective: collective.node)
    first = (0,) * len(partition.groups)
    nodes = [_node_row(graph, partition, table_of_axes, step, first, itemsize, sent) for step in result]
    total = sum(item.bytes for item in sent)
    places = islice(product(*(range(group.blocks) for group in partition.groups)), MAX_ROWS)
    rows = [_row(graph, partition, result, number, at, itemsize, total) for number, at in enumerate(places)]
    uneven = tuple(_uneven(graph, partition, table_of_axes))
    return Devices(
        partition, partition.devices, itemsize, tuple(nodes), tuple(rows), moved, tuple(sent), result, uneven
    )


def _uneven(graph: Graph, partition: Partition, table_of_axes: Axes) -> Iterator[str]:
    """``uneven: x.rows has 12 places in 8 blocks: 6 of 2, 2 empty``, also of what is split in memory only."""
    splits: dict[tuple[str, int, int], None] = {}
    for group in partition.groups:
        for key in group.keys:
            splits[key.name, key.size, group.blocks] = None
        for node, dim in (*group.stored, *group.returned):
            splits[table_of_axes.of(node, dim).name, graph[node].shape[dim], group.blocks] = None
    for name, size, blocks in splits:
        if size % blocks:
            yield f"uneven: {name} has {size} places in {blocks} blocks: {in_blocks(size, blocks)}"


def split_among(devices: Devices) -> wire.Partition | None:
    """The partition in a scene's head; None where nothing is split."""
    groups = devices.partition.groups
    if not groups:
        return None
    return wire.Partition(
        count=devices.count,
        itemsize=devices.itemsize,
        groups=tuple(wire.DeviceGroup(group.name, group.blocks) for group in groups),
        splits=tuple(
            wire.AxisSplit(key.name, key.size, group.blocks, block_length(key.size, group.blocks), number)
            for number, group in enumerate(groups)
            for key in group.keys
        ),
        matrices=tuple(msgspec.convert(row, wire.OnDevices, from_attributes=True) for row in devices.nodes),
        collectives=tuple(
            msgspec.convert(row, wire.Collective, from_attributes=True) for row in devices.collectives
        ),
        devices=devices.rows,
        uneven=devices.uneven,
    )


def cells_held(node: Node, partition: Partition, lies: Iterable[Placed], at: At) -> tuple[slice, ...]:
    """Cells of a matrix that a device holds, as slices.

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


def letter_ranges(graph: Graph, partition: Partition, step: Step, at: At) -> dict[str, slice]:
    """Range of each letter of a node that a device computes.

    Args:
        graph: the program.
        partition: the blocks.
        step: the sharding of the node.
        at: block number of the device in each group.
    """
    node = graph[step.node]
    result = {letter: slice(0, size_of(graph, node, letter)) for letter in letters_of(node)}
    for letter, group, number in zip(step.letters, partition.groups, at, strict=True):
        if letter is not None:
            result[letter] = block(size_of(graph, node, letter), group.blocks, number)
    return result


def _flops(graph: Graph, partition: Partition, step: Step, at: At) -> int:
    if not isinstance(graph[step.node].kind, Contraction):
        return 0
    return 2 * prod(_shape(letter_ranges(graph, partition, step, at).values()))


def _shape(slices: Iterable[slice]) -> tuple[int, ...]:
    return tuple(slice_.stop - slice_.start for slice_ in slices)


def _node_row(
    graph: Graph,
    partition: Partition,
    table_of_axes: Axes,
    step: Step,
    at: At,
    itemsize: int,
    collectives: Iterable[Exchange],
) -> NodeRow:
    node = graph[step.node]
    shape = _shape(cells_held(node, partition, step.lies, at))
    return NodeRow(
        node=node.id,
        name=node.label,
        lies=tuple(_placement_texts(table_of_axes, node, step)),
        dims=tuple({"replicate": -1, "partial": -2}.get(placed.how, placed.dim) for placed in step.lies),
        sizes=tuple(node.shape),
        shape=shape,
        bytes=prod(shape) * itemsize,
        flops=_flops(graph, partition, step, at),
        is_leaf=isinstance(node.kind, Leaf),
        collectives=tuple(item for item in collectives if item.node == node.id),
    )


def _placement_texts(table_of_axes: Axes, node: Node, step: Step) -> Iterator[str]:
    for placed in step.lies:
        if placed.how == "shard":
            yield f"Shard({table_of_axes.of(node.id, placed.dim).name})"
        else:
            yield placed.how.capitalize()


def _row(
    graph: Graph, partition: Partition, steps: tuple[Step, ...], number: int, at: At, itemsize: int, sent: int
) -> Device:
    held = {True: 0, False: 0}
    for step in steps:
        node = graph[step.node]
        cells = prod(_shape(cells_held(node, partition, step.lies, at)))
        held[isinstance(node.kind, Leaf)] += cells * itemsize
    flops = sum(_flops(graph, partition, step, at) for step in steps)
    sent = sent if partition.groups else 0
    says = (
        f"Device {number + 1} of {partition.devices} · holds {bytes_text(held[True] + held[False])}"
        f" · sends {bytes_text(sent)}"
    )
    return Device(number, at, held[True], held[False], flops, sent, says)
