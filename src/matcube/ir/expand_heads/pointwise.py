"""Maps with heads: the operation is drawn on each copy, or on the matrix that holds all heads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matcube.ir.expand_heads.unfolding import Dims, Unfolding, plain, usual
from matcube.ir.graph import Node, Shape
from matcube.ir.spec import IndexSpec


@dataclass(frozen=True)
class Pointwise:
    """How a map and each of its operands are drawn, and the letters of one copy."""

    form: Unfolding
    operands: tuple[Unfolding, ...]
    spec: IndexSpec

    def letters_of(self, letters: tuple[str, ...], node: Node) -> tuple[str, ...]:
        """Letters of the node as letters of a copy; those of the stack are left out."""
        result = []
        for letter in letters:
            dim = node.spec.output.index(letter)
            sides = [side for side, group in enumerate(self.form.groups) if dim in group]
            result += [self.spec.output[side] for side in sides]
        return tuple(dict.fromkeys(result))


def pointwise(node: Node, homes: Sequence[Unfolding | None], shapes: Sequence[Shape]) -> Pointwise:
    """The unfolding of a map: that of the first full-size operand if the others can follow it; else copies.

    An operation that mixes a row, such as RoPE on heads side by side in one matrix, is drawn on that matrix
    all the same: its values are the program's own, head by head.

    Args:
        node: the map.
        homes: the first unfolding of each operand; None where it is not drawn yet.
        shapes: the operands' shapes.
    """
    candidates = [
        home for home, shape in zip(homes, shapes, strict=True) if home is not None and shape == node.shape
    ]
    for form in (*candidates, usual(len(node.shape))):
        operands = [_below(form, node.shape, shape) for shape in shapes]
        forms = tuple(operand for operand in operands if operand is not None)
        if len(forms) == len(operands):
            return Pointwise(form, forms, _spec(node, form, forms, shapes))
    raise AssertionError("the usual form always fits")


def _below(form: Unfolding, whole: Shape, shape: Shape) -> Unfolding | None:
    """The same copies and sides of an operand, aligned at the last dimension; None if it cuts a side."""
    shift = len(whole) - len(shape)

    def stretched(dim: int) -> bool:
        return dim < shift or (shape[dim - shift] == 1 and whole[dim] != 1)

    sides: list[Dims] = []
    for group in form.groups:
        if any(map(stretched, group)) and not all(map(stretched, group)):
            return None
        own = tuple(dim - shift for dim in group if dim >= shift)
        sides += [own] if own else []
    return Unfolding(tuple(dim - shift for dim in form.stack if dim >= shift), tuple(sides))


def _spec(node: Node, form: Unfolding, operands: Sequence[Unfolding], shapes: Sequence[Shape]) -> IndexSpec:
    if form == plain(len(node.shape)) and all(
        operand == plain(len(shape)) for operand, shape in zip(operands, shapes, strict=True)
    ):
        return node.spec
    output = form.letters
    sizes = form.sizes(node.shape)
    letters, ones = [], 0
    for operand, shape in zip(operands, shapes, strict=True):
        shift = len(node.shape) - len(shape)
        own = []
        for group, size in zip(operand.groups, operand.sizes(shape), strict=True):
            side = next(n for n, whole in enumerate(form.groups) if group[-1] + shift in whole)
            ones += size != sizes[side]
            own.append(output[side] if size == sizes[side] else f"u{ones}")
        letters.append(tuple(own))
    return IndexSpec(tuple(letters), output)
