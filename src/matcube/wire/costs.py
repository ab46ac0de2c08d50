"""Cost of a node of the program."""

from __future__ import annotations

from msgspec import Struct


class NodeCost(Struct, frozen=True):
    """Cost of a node of the program, under the default model of ``matcube.cost``: multiply_add, float32.

    Args:
        node: the drawn node; the first drawn of several heads, -1 where none is drawn.
        name: that of the program; a node of several heads has one row for all.
        flops: operations.
        bytes: bytes moved.
        intensity: operations per byte; None without any bytes.
        parameters: learnable cells.
        text: the badge beside the matrix, shown if ``style.costs``; "" without cost.
    """

    node: int
    name: str
    flops: int
    bytes: int
    intensity: float | None
    parameters: int
    text: str = ""
