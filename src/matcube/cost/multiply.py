"""One for each product that a contraction forms: what papers call MACs."""

from __future__ import annotations

from math import prod

from matcube.ir import Contraction, Node, Shape
from matcube.ir.shapes import sizes_of


def operations(node: Node, shapes: tuple[Shape, ...]) -> int:
    """The product of the sizes of all letters of a contraction, batch letters too; 0 for all else.

    ``n = Π size(letter)``: a letter counts once, however often the spec has it.

    Args:
        node: any node.
        shapes: of its operands.
    """
    if not isinstance(node.kind, Contraction):
        return 0
    sizes = sizes_of(node.spec, shapes)
    return prod(sizes[letter] for letter in {letter for letters in node.spec.inputs for letter in letters})
