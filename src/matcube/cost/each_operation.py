"""Contractions as in multiply_add, and maps by what they do to each cell.

A map costs, for each cell of its result, the sum, difference, product, quotient, comparison or elementary
function (exp, tanh, erf, sqrt, log, a power) that its formula names; what is done once a row (the root of a
norm) is left out, and sines of rope are taken from a table. A mask computes nothing. Re-indexings are free.
"""

from __future__ import annotations

from math import prod

from matcube.cost import multiply_add
from matcube.ir import Map, Node, Shape

# Operations a cell, where they are not 1.
PER_CELL = {
    "tril": 0,
    "triu": 0,
    "softmax": 5,  # maximum, difference, exp, sum, quotient
    "layernorm": 5,  # sum, difference, square, sum, product
    "rmsnorm": 3,  # square, sum, product
    "rope": 3,  # two products, one sum
    "gelu": 5,  # quotient, erf, sum, two products
    "gelu_tanh": 9,  # five products, two sums, tanh, half
    "sigmoid": 4,  # minus, exp, sum, quotient
    "silu": 5,  # sigmoid and a product
}


def operations(node: Node, shapes: tuple[Shape, ...]) -> int:
    """Those of multiply_add, plus ``cells · PER_CELL[map]`` for a map; 1 a cell for a map without a row.

    Args:
        node: any node.
        shapes: of its operands.
    """
    if isinstance(node.kind, Map):
        return prod(node.shape) * PER_CELL.get(node.kind.op.name, 1)
    return multiply_add.operations(node, shapes)
