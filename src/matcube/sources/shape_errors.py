"""Errors of shapes that do not fit: both shapes, the letter, and a remedy that fits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from matcube.errors.words import shorten
from matcube.ir.render import ATOM, PRODUCT, Rendered, infix
from matcube.ir.shapes import Shape, first_conflict, matmul_spec, shape_text
from matcube.ir.spec import IndexSpec


class Operand(NamedTuple):
    """An operand as written in the program."""

    rendered: Rendered
    shape: Shape

    @property
    def text(self) -> str:
        """Its name or text, shortened."""
        return shorten(self.rendered.text)

    @property
    def flipped(self) -> str:
        """Its transpose as program text: ``K.T``, and ``K`` for ``K.T``."""
        if self.rendered.text.endswith(".T") and self.rendered.precedence == ATOM:
            return shorten(self.rendered.text[:-2])
        return shorten(self.rendered.inside(ATOM)) + (".T" if len(self.shape) == 2 else ".mT")


class Mismatch(NamedTuple):
    """The content of an error: message, hint, and the operand to mark (None: the operator)."""

    message: str
    hint: str | None = None
    operand: int | None = None


def matmul_error(left: Operand, right: Operand, spec: IndexSpec) -> Mismatch:
    """Two operands of ``@``: ``k is 64 in Q (32 × 64) but 32 in K (32 × 64); did you mean K.T?``.

    Args:
        left: the left operand.
        right: the right operand.
        spec: the letters of the product.
    """
    remedy, operand = "", None
    if len(right.shape) >= 2 and _fits(left.shape, _swap(right.shape)):
        remedy, operand = f"; did you mean {right.flipped}?", 1
    elif len(left.shape) >= 2 and _fits(_swap(left.shape), right.shape):
        remedy, operand = f"; did you mean {left.flipped}?", 0
    whole = infix("@", PRODUCT, left.rendered, right.rendered).text
    return Mismatch(_conflict(whole, (left, right), spec) + remedy, None, operand)


def einsum_error(operands: Sequence[Operand], spec: IndexSpec) -> Mismatch:
    """The same for an einsum, without a remedy."""
    return Mismatch(_conflict(f"einsum {spec}", operands, spec))


def broadcast_error(operands: Sequence[Operand], whole: str) -> Mismatch:
    """Two operands of an elementwise map: ``A is 32 × 64 but B is 64 × 32; did you mean B.T?``."""
    left, right = operands
    sizes = f"{left.text} is {shape_text(left.shape)} but {right.text} is {shape_text(right.shape)}"
    message = f'in "{shorten(whole)}": {sizes}'
    if len(right.shape) >= 2 and _swap(right.shape) == left.shape:
        return Mismatch(f"{message}; did you mean {right.flipped}?", None, 1)
    column = len(left.shape) == 2 and right.shape == (left.shape[0],)
    hint = f"shapes must be equal, or one of them a row of {left.shape[-1]} or a column of 1"
    if len(left.shape) >= 2:
        hint = f"beside {shape_text(left.shape)}, write a matrix of that shape, {_stretchable(left.shape)}"
    if column:
        hint = (
            f"a vector is a row; for a column make {right.text} {left.shape[0]} × 1:"
            f" split({right.text}, axis=0, parts={left.shape[0]})"
        )
    return Mismatch(message, hint)


def _stretchable(shape: Shape) -> str:
    return f"a row of {shape[-1]} entries or a column of {shape[-2]} × 1"


def _conflict(whole: str, operands: Sequence[Operand], spec: IndexSpec) -> str:
    conflict = first_conflict(spec, [operand.shape for operand in operands])
    assert conflict is not None
    first, second = operands[conflict.first[0]], operands[conflict.second[0]]
    sizes = conflict.sizes
    return (
        f'in "{shorten(whole)}": {conflict.letter} is {sizes[0]} in {first.text} ({shape_text(first.shape)})'
        f" but {sizes[1]} in {second.text} ({shape_text(second.shape)})"
    )


def _swap(shape: Shape) -> Shape:
    return (*shape[:-2], shape[-1], shape[-2])


def _fits(left: Shape, right: Shape) -> bool:
    return first_conflict(matmul_spec(left, right), (left, right)) is None
