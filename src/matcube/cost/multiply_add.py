"""Two for each product that a contraction forms: one multiplication, one addition.

Maps and re-indexings cost nothing here. That is also what torch's FlopCounterMode counts, so the two agree.
"""

from __future__ import annotations

from matcube.cost import multiply
from matcube.ir import Node, Shape


def operations(node: Node, shapes: tuple[Shape, ...]) -> int:
    """``2 · i · j · k`` for ``i k, k j -> i j``: twice the product of the sizes of all letters.

    Args:
        node: any node.
        shapes: of its operands.
    """
    return 2 * multiply.operations(node, shapes)
