"""Cost of a node of the program."""

from __future__ import annotations

from msgspec import Struct


class NodeCost(Struct, frozen=True):
    """What a node of the program costs: operations, bytes moved, operations per byte, cells to learn.

    Counted by ``matcube.cost`` as it does by default: multiply_add, cells of float32. ``name`` is the
    program's own; of all heads together where it has heads, and ``node`` is then the first of them that is
    drawn, -1 where none is. ``text`` says it beside the matrix when the style asks for costs; "" where there
    is nothing to say.
    """

    node: int
    name: str
    flops: int
    bytes: int
    intensity: float | None
    parameters: int
    text: str = ""
