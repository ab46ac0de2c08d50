"""A partition as it travels: what devices hold, compute and send."""

from __future__ import annotations

import msgspec

from matcube import partition, wire
from matcube.partition import Devices, block_length
from matcube.wire import Choice


def on_the_wire(found: Devices) -> wire.Partition | None:
    """The rows of the devices as structs; None when nothing is split."""
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


def presets() -> list[Choice]:
    """The rows that a panel offers."""
    return [Choice(name, row.help) for name, row in partition.PRESETS.items()]
