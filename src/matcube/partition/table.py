"""The devices as aligned text: a line for every matrix, then one for every kind of device."""

from __future__ import annotations

from collections.abc import Sequence

from matcube.partition.rows import NodeRow
from matcube.partition.types import Group
from matcube.wire import Collective, Device
from matcube.wire.text import shortened

_WIDEST = 48


def text(
    groups: Sequence[Group], count: int, itemsize: int, nodes: Sequence[NodeRow], devices: Sequence[Device]
) -> str:
    """The table of ``count`` devices, of which ``devices`` are the first, and of all matrices.

    Args:
        groups: the groups of devices.
        count: number of devices.
        itemsize: bytes of a number.
        nodes: rows of matrices.
        devices: rows of devices.

    Example:
        >>> aligned([("name", "FLOPs"), ("A", "12"), ("attn", "3")], right=(1,))
        ['name  FLOPs', 'A        12', 'attn      3']
    """
    if not groups:
        return "one device: nothing is split"
    mesh = " × ".join(f"{group.name} {group.blocks}" for group in groups)
    lines = [f"{count} devices ({mesh}), {itemsize} bytes a number", ""]
    head = ("matrix", "lies", "on one device", "bytes", "FLOPs", "communicates")
    rows = [
        (
            shortened(node.name, _WIDEST),
            ", ".join(node.lies),
            "×".join(map(str, node.shape)) or "1",
            f"{node.bytes:,}",
            f"{node.flops:,}" if node.flops else "",
            shortened("; ".join(map(sent, node.collectives)), 72),
        )
        for node in nodes
    ]
    lines += aligned([head, *rows], right=(3, 4))
    titles = ("device", "inputs and weights", "results", "FLOPs", "sends")
    result = [
        (
            numbers,
            f"{row.leaf_bytes:,} B",
            f"{row.value_bytes:,} B",
            f"{row.flops:,}",
            f"{row.sent_bytes:,} B",
        )
        for numbers, row in _alike(devices)
    ]
    lines += ["", *aligned([titles, *result], right=(1, 2, 3, 4))]
    if count > len(devices):
        lines.append(f"… {count - len(devices):,} more")
    return "\n".join(lines)


def aligned(rows: Sequence[Sequence[str]], *, right: Sequence[int] = ()) -> list[str]:
    """Lines whose columns stand one under the other; those of ``right`` end one under the other."""
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    return [
        "  ".join(
            cell.rjust(width) if place in right else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def sent(one: Collective) -> str:
    """One exchange in words: ``all-reduce 768 B (partial sums, added up for out)``."""
    return f"{one.text} ({one.why})"


def _alike(rows: Sequence[Device]) -> list[tuple[str, Device]]:
    """Devices that follow each other with the same figures, as one line."""
    result: list[list[Device]] = []
    for row in rows:
        last = result[-1][-1] if result else None
        if last is not None and _figures(last) == _figures(row):
            result[-1].append(row)
        else:
            result.append([row])
    return [
        (str(many[0].id) if len(many) == 1 else f"{many[0].id}–{many[-1].id}", many[0]) for many in result
    ]


def _figures(row: Device) -> tuple[int, ...]:
    return row.leaf_bytes, row.value_bytes, row.flops, row.sent_bytes
