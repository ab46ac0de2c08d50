"""Rows of the device table: the sharding of each matrix with its name, sizes and collectives."""

from __future__ import annotations

from matcube.partition.moves import Exchange
from matcube.wire import OnDevices


class NodeRow(OnDevices, frozen=True, kw_only=True):
    """A matrix on the devices.

    Args:
        name: what a reader calls it.
        sizes: of the whole.
        is_leaf: whether it comes from outside.
        collectives: what is exchanged of it.
    """

    name: str
    sizes: tuple[int, ...]
    is_leaf: bool
    collectives: tuple[Exchange, ...]
