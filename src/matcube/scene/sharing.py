"""A partition as it travels: what devices hold, compute and send."""

from __future__ import annotations

from matcube import partition, wire
from matcube.partition import Devices, block_length
from matcube.partition.table import number_of_bytes
from matcube.wire import Choice


def on_the_wire(found: Devices) -> wire.Partition | None:
    """The rows of the devices as structs; None when nothing is split."""
    groups = found.partition.groups
    if not groups:
        return None
    return wire.Partition(
        count=found.count,
        itemsize=found.itemsize,
        groups=[wire.DeviceGroup(group.name, group.blocks) for group in groups],
        splits=[
            wire.AxisSplit(key.name, key.size, group.blocks, block_length(key.size, group.blocks), number)
            for number, group in enumerate(groups)
            for key in group.keys
        ],
        matrices=[
            wire.OnDevices(row.node, list(row.lies), list(row.dims), list(row.shape), row.bytes, row.flops)
            for row in found.nodes
        ],
        collectives=[_collective(one, found.itemsize) for one in found.collectives],
        devices=[
            wire.Device(row.device, list(row.at), row.leaf_bytes, row.value_bytes, row.flops, row.sent_bytes)
            for row in found.rows
        ],
    )


def _collective(one: partition.Collective, itemsize: int) -> wire.Collective:
    times = "" if one.count == 1 else f"{one.count} × "
    sent = one.bytes(itemsize)
    text = f"{times}{one.kind} {number_of_bytes(sent)}"
    return wire.Collective(one.node, one.group, one.kind, one.count, sent, text, one.why)


def presets() -> list[Choice]:
    """The rows that a panel offers."""
    return [Choice(name, row.help) for name, row in partition.PRESETS.items()]
