"""A partition: groups of devices, what each device holds, computes and sends."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

Kind = Literal["all-reduce", "reduce-scatter", "all-gather", "all-to-all", "ring"]


class DeviceGroup(Struct, frozen=True):
    """Devices side by side, one dimension of the mesh: ``name`` says what they share."""

    name: str
    blocks: int


class AxisSplit(Struct, frozen=True):
    """An axis, or one use of it, in blocks of ``length`` places, the last of which may be shorter."""

    name: str
    size: int
    blocks: int
    length: int
    group: int


class Collective(Struct, frozen=True):
    """An exchange of a matrix among the devices of a group; ``bytes`` are those that one device sends.

    ``text`` is a line for a badge: "all-reduce 768 B", ``why`` what asks for it.
    """

    node: int
    group: int
    kind: Kind
    count: int
    bytes: int
    text: str
    why: str


class OnDevices(Struct, frozen=True):
    """How a matrix lies on the devices.

    ``lies`` has ``Shard(x.rows)``, ``Replicate`` or ``Partial`` for each group; ``dims`` the dimension that
    is in blocks, -1 for whole, -2 for partial sums: device ``at`` holds block ``at[group]`` of it. ``shape``,
    ``bytes`` and ``flops`` are those of the first device.
    """

    node: int
    lies: tuple[str, ...]
    dims: tuple[int, ...]
    shape: tuple[int, ...]
    bytes: int
    flops: int


class Device(Struct, frozen=True):
    """One device: its block in each group, and what it holds, computes and sends."""

    id: int
    at: tuple[int, ...]
    leaf_bytes: int
    value_bytes: int
    flops: int
    sent_bytes: int


class Partition(Struct, frozen=True):
    """The blocks of the view's partition shared among devices, one block each.

    ``devices`` has a row for each of the first 64; ``itemsize`` is bytes a number.
    """

    count: int
    itemsize: int
    groups: tuple[DeviceGroup, ...]
    splits: tuple[AxisSplit, ...]
    matrices: tuple[OnDevices, ...]
    collectives: tuple[Collective, ...]
    devices: tuple[Device, ...]
