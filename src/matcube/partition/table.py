"""Text of the devices: a line for every matrix, then a line for devices with equal figures."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from matcube.partition.rows import NodeRow
from matcube.partition.types import Group, Key, block_length
from matcube.wire import Collective, Device
from matcube.wire.text import aligned, html_table, shortened

_WIDEST = 48
MATRICES_RIGHT, DEVICES_RIGHT = (3, 4), (1, 2, 3, 4)


def text(
    groups: Sequence[Group], count: int, itemsize: int, nodes: Sequence[NodeRow], devices: Sequence[Device]
) -> str:
    """The tables of matrices and devices, aligned for a terminal.

    Args:
        groups: the groups of devices.
        count: number of devices.
        itemsize: bytes of a number.
        nodes: rows of matrices.
        devices: rows of the first devices.
    """
    if not groups:
        return "one device: nothing is split"
    lines = [_about(groups, count, itemsize), "", *aligned(_matrices(nodes), right=MATRICES_RIGHT)]
    lines += ["", *aligned(_devices(devices), right=DEVICES_RIGHT)]
    return "\n".join([*lines, *_more(count, devices)])


def html(
    groups: Sequence[Group], count: int, itemsize: int, nodes: Sequence[NodeRow], devices: Sequence[Device]
) -> str:
    """The same tables for a notebook.

    Args:
        groups: the groups of devices.
        count: number of devices.
        itemsize: bytes of a number.
        nodes: rows of matrices.
        devices: rows of the first devices.
    """
    if not groups:
        return "one device: nothing is split"
    matrices = html_table(_matrices(nodes), right=MATRICES_RIGHT, note=_about(groups, count, itemsize))
    return matrices + html_table(_devices(devices), right=DEVICES_RIGHT, note="".join(_more(count, devices)))


def _about(groups: Sequence[Group], count: int, itemsize: int) -> str:
    mesh = " × ".join(f"{group.name} {group.blocks}" for group in groups)
    lines = [f"{count} devices ({mesh}), {itemsize} bytes a number", *map(_uneven, _uneven_keys(groups))]
    return "\n".join(lines)


def _uneven_keys(groups: Sequence[Group]) -> list[tuple[Key, int]]:
    keys = {(key.name, group.blocks): (key, group.blocks) for group in groups for key in group.keys}
    return [(key, blocks) for key, blocks in keys.values() if key.size % blocks]


def _uneven(split: tuple[Key, int]) -> str:
    """``uneven: x.rows has 12 places in 8 blocks: 6 of 2, 2 empty``."""
    key, blocks = split
    length = block_length(key.size, blocks)
    whole, rest = divmod(key.size, length)
    empty = blocks - whole - bool(rest)
    parts = [f"{whole} of {length}", f"one of {rest}" if rest else "", f"{empty} empty" if empty else ""]
    return f"uneven: {key.name} has {key.size} places in {blocks} blocks: {', '.join(filter(None, parts))}"


def _more(count: int, devices: Sequence[Device]) -> list[str]:
    return [f"… {count - len(devices):,} more"] if count > len(devices) else []


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
