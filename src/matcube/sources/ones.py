"""Dimensions of size 1, and sums as products with ones."""

from __future__ import annotations

from matcube.ir.graph import Leaf
from matcube.ir.shapes import letters_of
from matcube.ir.spec import IndexSpec, Letters
from matcube.ops import INITIALISERS, MAPS
from matcube.ops.reindex import Permute, Split
from matcube.sources.build import NOWHERE, Builder, Where


def ones(build: Builder, size: int, *, where: Where = NOWHERE) -> int:
    """Add a vector of ones.

    Args:
        build: the builder of the graph.
        size: the number of its entries.
        where: its spans in the program text, for errors.

    Returns:
        The node's id.
    """
    return build.leaf((size,), Leaf(INITIALISERS["ones"]((size,))), where=where)


def summed(
    build: Builder, node: int, at: int, *, letters: Letters | None = None, where: Where = NOWHERE
) -> int:
    """Add the product with ones that sums one dimension.

    Args:
        build: the builder of the graph.
        node: id of the operand.
        at: the dimension that is summed.
        letters: of the operand's dimensions; None takes those of any matrix.
        where: its spans in the program text, for errors.

    Returns:
        The node's id.

    Example:
        >>> from matcube.ir import Hollow
        >>> build = Builder()
        >>> a = build.leaf((2, 3), Leaf(Hollow()), name="A")
        >>> build[summed(build, a, 0)].text
        'einsum("i j, i -> j", A, ones(2))'
    """
    shape = build[node].shape
    own = letters or letters_of(len(shape))
    spec = IndexSpec((own, own[at : at + 1]), own[:at] + own[at + 1 :])
    return build.contract(spec, (node, ones(build, shape[at], where=where)), where=where)


def with_one(build: Builder, node: int, at: int, *, where: Where = NOWHERE) -> int:
    """Add the tensor with a dimension of size 1 at a place.

    Args:
        build: the builder of the graph.
        node: id of the operand.
        at: the place of the new dimension.
        where: its spans in the program text, for errors.

    Returns:
        The node's id.

    Example:
        >>> from matcube.ir import Hollow
        >>> build = Builder()
        >>> a = build.leaf((2, 3), Leaf(Hollow()), name="A")
        >>> build[with_one(build, a, 2)].shape
        (2, 3, 1)
    """
    shape = build[node].shape
    if not shape:
        return build.map(MAPS["times"](), (node, ones(build, 1, where=where)), where=where)
    if at < len(shape):
        return build.reindex(Split(at, 1), (node,), where=where)
    if shape[-1]:
        return build.reindex(Split(at - 1, shape[-1]), (node,), where=where)
    front = build.reindex(Split(0, 1), (node,), where=where)  # no parts of nothing
    return build.reindex(Permute((*range(1, at + 1), 0)), (front,), where=where)
