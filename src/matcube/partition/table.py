"""The devices as aligned text: a line for every matrix, then one for every kind of device."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from matcube.errors.words import cut

if TYPE_CHECKING:
    from matcube.partition.devices import DeviceRow, Devices
    from matcube.partition.moves import Collective

_WIDEST = 48


def text(devices: Devices) -> str:
    """The table.

    Example:
        >>> aligned([("name", "FLOPs"), ("A", "12"), ("attn", "3")], right=(1,))
        ['name  FLOPs', 'A        12', 'attn      3']
    """
    groups = devices.partition.groups
    if not groups:
        return "one device: nothing is split"
    mesh = " × ".join(f"{group.name} {group.blocks}" for group in groups)
    lines = [f"{devices.count} devices ({mesh}), {devices.itemsize} bytes a number", ""]
    head = ("matrix", "lies", "on one device", "bytes", "FLOPs", "communicates")
    rows = [
        (
            _short(node.name),
            ", ".join(node.lies),
            "×".join(map(str, node.shape)) or "1",
            f"{node.bytes:,}",
            f"{node.flops:,}" if node.flops else "",
            _short("; ".join(sent(one, devices.itemsize) for one in node.collectives), 72),
        )
        for node in devices.nodes
    ]
    lines += aligned([head, *rows], right=(3, 4))
    titles = ("device", "inputs and weights", "results", "FLOPs", "sends")
    found = [
        (
            numbers,
            f"{row.leaf_bytes:,} B",
            f"{row.value_bytes:,} B",
            f"{row.flops:,}",
            f"{row.sent_bytes:,} B",
        )
        for numbers, row in _alike(devices.rows)
    ]
    lines += ["", *aligned([titles, *found], right=(1, 2, 3, 4))]
    if devices.count > len(devices.rows):
        lines.append(f"… {devices.count - len(devices.rows):,} more")
    return "\n".join(lines)


def number_of_bytes(count: int) -> str:
    """Bytes as a reader wants them.

    Example:
        >>> number_of_bytes(768), number_of_bytes(1_500_000)
        ('768 B', '1.5 MB')
    """
    value, units = float(count), ["B", "kB", "MB", "GB", "TB"]
    while value >= 1000 and len(units) > 1:
        value, units = value / 1000, units[1:]
    return f"{value:.4g} {units[0]}"


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


def sent(one: Collective, itemsize: int) -> str:
    """One exchange in words: ``all-reduce 768 B (partial sums, added up for out)``."""
    times = "" if one.count == 1 else f"{one.count} × "
    return f"{times}{one.kind} {number_of_bytes(one.bytes(itemsize))} ({one.why})"


def _alike(rows: Sequence[DeviceRow]) -> list[tuple[str, DeviceRow]]:
    """Devices that follow each other with the same figures, as one line."""
    found: list[list[DeviceRow]] = []
    for row in rows:
        last = found[-1][-1] if found else None
        if last is not None and _figures(last) == _figures(row):
            found[-1].append(row)
        else:
            found.append([row])
    return [
        (str(many[0].device) if len(many) == 1 else f"{many[0].device}–{many[-1].device}", many[0])
        for many in found
    ]


def _figures(row: DeviceRow) -> tuple[int, ...]:
    return row.leaf_bytes, row.value_bytes, row.flops, row.sent_bytes


def _short(words: str, widest: int = _WIDEST) -> str:
    return cut(words, widest)
