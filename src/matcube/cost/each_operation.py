"""Contractions as in multiply_add, and maps by what they do to each cell.

A map costs, for each cell of its result, the sum, difference, product, quotient, comparison or elementary
function (exp, tanh, erf, sqrt, log, a power) that its formula names; what is done once a row (the root of a
norm) is left out, and sines of rope are taken from a table. A mask computes nothing. Re-indexings are free.
"""

from __future__ import annotations

from math import prod

from matcube.cost import multiply_add
from matcube.ir import Map, Node, Shape


def operations(node: Node, shapes: tuple[Shape, ...]) -> int:
    """Those of multiply_add, plus ``cells · cell_cost`` of its operation for a map.

    Args:
        node: any node.
        shapes: of its operands.
    """
    if isinstance(node.kind, Map):
        return prod(node.shape) * node.kind.op.cell_cost
    return multiply_add.operations(node, shapes)
