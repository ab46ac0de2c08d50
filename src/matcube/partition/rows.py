"""Rows of the device table: the sharding of each matrix, with its name, sizes and collectives."""

from __future__ import annotations

from matcube.partition.moves import Exchange
from matcube.wire import OnDevices


class NodeRow(OnDevices, frozen=True, kw_only=True):
    """A matrix on the devices, with the fields that only the table shows.

    Args:
        name: its label.
        sizes: of the whole matrix.
        is_leaf: whether it is an input or a weight.
        collectives: of its cells.
    """

    name: str
    sizes: tuple[int, ...]
    is_leaf: bool
    collectives: tuple[Exchange, ...]
