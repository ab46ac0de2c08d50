"""The costs of a program beside what is drawn of it."""

from __future__ import annotations

import msgspec
from msgspec.structs import replace

from matcube import cost, wire
from matcube.ir import Graph
from matcube.ir.expand_heads import Drawn


def costs_of(program: Graph, drawn: Drawn) -> list[wire.NodeCost]:
    """A row for each node of the program, beside the first drawn node that shows it."""
    rows = (msgspec.convert(row, wire.NodeCost, from_attributes=True) for row in cost.count(program).rows)
    return [replace(row, node=drawn.shown.get(row.node, (-1,))[0]) for row in rows]
