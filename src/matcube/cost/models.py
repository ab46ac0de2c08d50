"""All cost models by name; a new one is a file with its formula and a row here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from matcube.cost import each_operation, multiply, multiply_add
from matcube.ir import Node, Shape


@dataclass(frozen=True)
class Model:
    """A row of ``MODELS``: the operations of a node, given the shapes of its operands."""

    name: str
    help: str
    operations: Callable[[Node, tuple[Shape, ...]], int]


MODELS: dict[str, Model] = {
    row.name: row
    for row in (
        Model("multiply_add", "2 for each product of a contraction, nothing else", multiply_add.operations),
        Model("multiply", "1 for each product of a contraction (MACs)", multiply.operations),
        Model("each_operation", "multiply_add, and the maps cell by cell", each_operation.operations),
    )
}
