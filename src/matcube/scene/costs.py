"""The costs of a program beside what is drawn of it."""

from __future__ import annotations

from matcube import cost, wire
from matcube.ir import Graph
from matcube.ir.expand_heads import Drawn


def costs_of(program: Graph, drawn: Drawn) -> list[wire.NodeCost]:
    """A row for each node of the program, beside the first drawn node that shows it."""
    return [
        wire.NodeCost(
            node=drawn.shown.get(row.node, (-1,))[0],
            name=row.name,
            flops=row.flops,
            bytes=row.bytes,
            intensity=row.intensity,
            parameters=row.parameters,
            text=row.text,
        )
        for row in cost.count(program).rows
    ]
