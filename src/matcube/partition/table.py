"""Text of the devices: a line for every matrix, then a line for devices with equal figures."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

from matcube import wire
from matcube.partition.rows import NodeRow
from matcube.wire import Collective, Device
from matcube.wire.text import aligned, html_table, shortened

_WIDEST = 48
MATRICES_RIGHT, DEVICES_RIGHT = (3, 4), (1, 2, 3, 4)


class Tables(NamedTuple):
    """Rows of matrices and of devices, each with their heads; ``about`` is said before, ``more`` after them.

    Without matrices nothing is split.
    """

    about: str
    matrices: list[tuple[str, ...]]
    devices: list[tuple[str, ...]]
    more: str

    def text(self) -> str:
        """Aligned for a terminal."""
        if not self.matrices:
            return self.about
        lines = [self.about, "", *aligned(self.matrices, right=MATRICES_RIGHT)]
        lines += ["", *aligned(self.devices, right=DEVICES_RIGHT)]
        return "\n".join([*lines, self.more] if self.more else lines)

    def html(self) -> str:
        """For a notebook."""
        if not self.matrices:
            return self.about
        matrices = html_table(self.matrices, right=MATRICES_RIGHT, note=self.about)
        return matrices + html_table(self.devices, right=DEVICES_RIGHT, note=self.more)


def tables(partition: wire.Partition | None, nodes: Sequence[NodeRow]) -> Tables:
    """What is said of a partition: its mesh, what is uneven, matrices and devices.

    Args:
        partition: as in the head of a scene; None where nothing is split.
        nodes: rows of its matrices, with their names.
    """
    if partition is None:
        return Tables("one device: nothing is split", [], [], "")
    mesh = " × ".join(f"{group.name} {group.blocks}" for group in partition.groups)
    about = f"{partition.count} devices ({mesh}), {partition.itemsize} bytes a number"
    rest = partition.count - len(partition.devices)
    return Tables(
        "\n".join([about, *partition.uneven]),
        _matrices(nodes),
        _devices(partition.devices),
        f"… {rest:,} more" if rest > 0 else "",
    )


def _matrices(nodes: Sequence[NodeRow]) -> list[tuple[str, ...]]:
    head = ("matrix", "placement", "on one device", "bytes", "FLOPs", "communicates")
    rows = [
        (
            shortened(node.name, _WIDEST),
            ", ".join(node.lies),
            "×".join(map(str, node.shape)) or "1",
            f"{node.bytes:,}",
            f"{node.flops:,}" if node.flops else "",
            shortened("; ".join(map(_text, node.collectives)), 72),
        )
        for node in nodes
    ]
    return [head, *rows]


def _devices(devices: Sequence[Device]) -> list[tuple[str, ...]]:
    head = ("device", "inputs and weights", "results", "FLOPs", "sends")
    rows = [
        (
            numbers,
            f"{row.leaf_bytes:,} B",
            f"{row.value_bytes:,} B",
            f"{row.flops:,}",
            f"{row.sent_bytes:,} B",
        )
        for numbers, row in _runs(devices)
    ]
    return [head, *rows]


def _text(collective: Collective) -> str:
    """``all-reduce 768 B (partial sums, added up for out)``."""
    return f"{collective.text} ({collective.why})"


def _runs(rows: Sequence[Device]) -> list[tuple[str, Device]]:
    """Runs of devices with equal figures, each with its numbers."""
    runs = [list(run) for _, run in groupby(rows, _figures)]
    return [(str(run[0].id) if len(run) == 1 else f"{run[0].id}–{run[-1].id}", run[0]) for run in runs]


def _figures(row: Device) -> tuple[int, ...]:
    return row.leaf_bytes, row.value_bytes, row.flops, row.sent_bytes
