"""Cost models: operations of a node, given its operands' shapes. A new one is a function and a row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import prod

from matcube.ir import Contraction, Map, Node, Shape
from matcube.ir.shapes import sizes_of


@dataclass(frozen=True)
class Model:
    """A row of ``MODELS``.

    Args:
        name: the option's value.
        help: one line for the reader.
        operations: of a node, given the shapes of its operands.
    """

    name: str
    help: str
    operations: Callable[[Node, tuple[Shape, ...]], int]


def multiply(node: Node, shapes: tuple[Shape, ...]) -> int:
    """Multiply-accumulates (MACs): 1 for each product of a contraction, 0 for any other node.

    ``n = Π size(letter)`` over all letters of the spec, batch letters too, each counted once.

    Args:
        node: any node.
        shapes: of its operands.
    """
    if not isinstance(node.kind, Contraction):
        return 0
    sizes = sizes_of(node.spec, shapes)
    return prod(sizes[letter] for letter in {letter for letters in node.spec.inputs for letter in letters})


def multiply_add(node: Node, shapes: tuple[Shape, ...]) -> int:
    """One multiplication and one addition for each product: ``2 · i · j · k`` for ``i k, k j -> i j``.

    Maps and re-indexings are free, as in torch's FlopCounterMode; the two agree.

    Args:
        node: any node.
        shapes: of its operands.
    """
    return 2 * multiply(node, shapes)


def each_operation(node: Node, shapes: tuple[Shape, ...]) -> int:
    """``multiply_add``, and ``cells · cell_cost`` for a map.

    A cell costs each sum, difference, product, quotient, comparison or elementary function (exp, tanh, erf,
    sqrt, log, a power) of the map's formula. Free are the steps taken once a row (the root of a norm), the
    sines of rope, which come from a table, masks, and re-indexings.

    Args:
        node: any node.
        shapes: of its operands.
    """
    if isinstance(node.kind, Map):
        return prod(node.shape) * node.kind.op.cell_cost
    return multiply_add(node, shapes)


MODELS: dict[str, Model] = {
    row.name: row
    for row in (
        Model("multiply_add", "2 for each product of a contraction, nothing else", multiply_add),
        Model("multiply", "1 for each product of a contraction (MACs)", multiply),
        Model("each_operation", "multiply_add, and the maps cell by cell", each_operation),
    )
}
