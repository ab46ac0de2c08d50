"""A partition: groups of devices, and what each device stores, computes and sends."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

Kind = Literal["all-reduce", "reduce-scatter", "all-gather", "all-to-all", "ring"]


class DeviceGroup(Struct, frozen=True):
    """One dimension of the mesh of devices: ``blocks`` devices, each with one block of the axes ``name``."""

    name: str
    blocks: int


class AxisSplit(Struct, frozen=True):
    """An axis, or one use of it, in blocks of ``length`` indices; the last block may be shorter."""

    name: str
    size: int
    blocks: int
    length: int
    group: int


class Collective(Struct, frozen=True):
    """An exchange of a matrix among the devices of a group; ``bytes`` are those that one device sends.

    ``text`` is the text of the badge, "all-reduce 768 B"; ``why`` the reason for the exchange; ``says`` the
    sentence of the film: who sends how much, by which algorithm.
    """

    node: int
    group: int
    kind: Kind
    count: int
    bytes: int
    text: str
    why: str
    says: str = ""  # pages of before 0.2.0 have none


class OnDevices(Struct, frozen=True):
    """Distribution of a matrix over the devices.

    ``lies`` has ``Shard(x.rows)``, ``Replicate`` or ``Partial`` for each group. ``dims`` has the split
    dimension for each group, -1 for whole, -2 for partial sums; a device has block ``Device.at[group]`` of
    it. ``shape``, ``bytes`` and ``flops`` are those of the first device.
    """

    node: int
    lies: tuple[str, ...]
    dims: tuple[int, ...]
    shape: tuple[int, ...]
    bytes: int
    flops: int


class Device(Struct, frozen=True):
    """One device: its block in each group, its memory, operations and sent bytes.

    ``says`` is its caption, "Device 2 of 4 · holds 12.3 kB · sends 6.1 kB".
    """

    id: int
    at: tuple[int, ...]
    leaf_bytes: int
    value_bytes: int
    flops: int
    sent_bytes: int
    says: str = ""


class Partition(Struct, frozen=True):
    """The view's partition over devices, one block each.

    ``devices`` has a row for each of the first 64; ``itemsize`` is the bytes of a number; ``uneven`` has a
    sentence for every split whose blocks differ in length.
    """

    count: int
    itemsize: int
    groups: tuple[DeviceGroup, ...]
    splits: tuple[AxisSplit, ...]
    matrices: tuple[OnDevices, ...]
    collectives: tuple[Collective, ...]
    devices: tuple[Device, ...]
    uneven: tuple[str, ...] = ()
