"""Equations of einsum, ``einsum("i k, k j -> i j", A, B)``, checked and turned into a node."""

from __future__ import annotations

import re
from collections.abc import Sequence

from matcube.errors import MatcubeError, ProgramError
from matcube.ir.shapes import shape_text
from matcube.ir.spec import IndexSpec
from matcube.ops.reindex import Permute
from matcube.sources.build import NOWHERE, Builder, Where

_SIDE = re.compile(r"[^\W\d_]\w*(\s+[^\W\d_]\w*)*\Z")


def read_equation(build: Builder, equation: str, operands: Sequence[int], *, where: Where = NOWHERE) -> int:
    """Add an einsum: a sum of products of two operands, or a permutation of a single operand.

    Args:
        build: the builder of the graph.
        equation: letters of the operands and of the result, separated by spaces (``"b t, t d -> b d"``) or
            single (``"ik,kj->ij"``).
        operands: ids.
        where: its spans in the program text, for errors.

    Returns:
        The node's id.

    Raises:
        ProgramError: the equation cannot be read, or is not a product of matrices.
        ShapeError: a letter has two sizes.
    """
    reader = _Equation(build, equation, where)
    spec = reader.spec(len(operands))
    for letters, operand in zip(spec.inputs, operands, strict=True):
        shape = build[operand].shape
        if len(letters) != len(shape):
            text = build.rendered(operand).text
            raise build.shape_error(
                f'in einsum "{equation}": {text} is {shape_text(shape)}, but "{" ".join(letters)}" has'
                f" {len(letters)} letter{'s' * (len(letters) != 1)}",
                where.mark,
            )
    if len(operands) == 1:
        return reader.moved(spec, operands[0])
    return build.contract(spec, operands, where=where)


class _Equation:
    """An equation with its spans in the program."""

    def __init__(self, build: Builder, equation: str, where: Where) -> None:
        self.build, self.equation, self.where = build, equation, where

    def spec(self, count: int) -> IndexSpec:
        left, arrow, right = self.equation.partition("->")
        if not arrow:
            raise self.error('has no "->"', 'write the result\'s letters, as in "i k, k j -> i j"')
        if "..." in self.equation:
            raise self.error("has dots", "write every letter out")
        parts = left.split(",")
        spaced = any(len(side.split()) > 1 for side in (*parts, right))
        inputs = tuple(self._letters(side, spaced) for side in parts)
        output = self._letters(right, spaced)
        if len(inputs) != count:
            raise self.error(f"has letters for {len(inputs)} operands, but {count} are given")
        if count > 2:
            raise self.error("has more than two operands", "nest two; each product is a cube")
        for letters in (*inputs, output):
            if len(set(letters)) < len(letters):
                raise self.error(f'has a letter twice in "{" ".join(letters)}"', "a diagonal cannot be drawn")
        for letter in output:
            if not any(letter in letters for letters in inputs):
                raise self.error(f"gives the result {letter}, which no operand has")
        return IndexSpec(inputs, output)

    def moved(self, spec: IndexSpec, operand: int) -> int:
        """An einsum of a single operand: a permutation of its dimensions."""
        (letters,) = spec.inputs
        if spec.summed:
            raise self.error(
                f"sums {', '.join(spec.summed)} of one operand", "write a product with ones: A @ ones(n)"
            )
        if letters == spec.output:
            return operand
        axes = tuple(letters.index(letter) for letter in spec.output)
        return self.build.reindex(Permute(axes), (operand,), where=self.where)

    def error(self, what: str, hint: str | None = None) -> MatcubeError:
        return ProgramError(
            f'einsum "{self.equation}" {what}', text=self.build.text or None, span=self.where.mark, hint=hint
        )

    def _letters(self, side: str, spaced: bool) -> tuple[str, ...]:
        side = side.strip()
        if not side:
            return ()
        if not _SIDE.match(side):
            raise self.error(f'cannot be read at "{side}"', 'write letters like "i k, k j -> i j"')
        return tuple(side.split()) if spaced else tuple(side)
