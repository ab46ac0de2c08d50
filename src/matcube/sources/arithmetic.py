"""Operators between matrices and numbers as nodes: ``S / sqrt(d)`` is the map ``divide``.

The parser and lazy matrices share it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from matcube.errors import ProgramError
from matcube.ir.render import ATOM, BINDING, UNARY, Rendered, infix, number_text
from matcube.ops import MAPS, MapOp
from matcube.ops.reindex import Permute
from matcube.ops.scalars import MATRIX_FIRST, NUMBER_FIRST, Negate
from matcube.sources.build import NOWHERE, Builder, Where


def _between(symbol: str) -> type[MapOp] | None:
    """The map of an operator between two matrices."""
    return next((op for op in MAPS.values() if op.arity == 2 and op.symbol == symbol), None)


@dataclass(frozen=True)
class Numeral:
    """A number with its text, which may be an expression: 8, written ``sqrt(d)``."""

    value: float
    rendered: Rendered

    @classmethod
    def of(cls, value: float) -> Self:
        """A number whose text is its value."""
        return cls(value, Rendered(number_text(value), UNARY if value < 0 else ATOM))


class Arithmetic:
    """Makes the nodes of operators in a builder."""

    def __init__(self, build: Builder) -> None:
        self.build = build

    def binary(
        self, symbol: str, left: int | Numeral, right: int | Numeral, *, where: Where = NOWHERE
    ) -> int:
        """``left symbol right``, at least one of them a matrix.

        Args:
            symbol: an operator of the language.
            left: a node's id or a number.
            right: a node's id or a number.
            where: its spans in the program text, for errors.

        Returns:
            The node's id.

        Raises:
            ProgramError: the operator does not apply to matrices, or not to a matrix on that side.
            ShapeError: the shapes do not fit.
        """
        if symbol != "@" and symbol not in MATRIX_FIRST and _between(symbol) is None:
            hint = "compute it first and bind it: mc.figure(program, R=array)"
            raise self._error(f"{symbol} works between numbers, not with a matrix", where, hint)
        if isinstance(left, int) and isinstance(right, int):
            return self._of_matrices(symbol, left, right, where)
        if symbol == "@":
            number = right if isinstance(left, int) else left
            raise self._error(
                f"@ multiplies matrices; by the number {self._text(number)} multiply with *", where
            )
        if isinstance(left, int):
            assert not isinstance(right, int)
            return self._matrix_first(symbol, left, right, where)
        assert isinstance(right, int)
        return self._number_first(symbol, left, right, where)

    def negative(self, operand: int, *, where: Where = NOWHERE) -> int:
        """``-operand``."""
        return self.build.map(Negate(), (operand,), where=where)

    def transposed(self, operand: int, attribute: str = "T", *, where: Where = NOWHERE) -> int:
        """``operand.T``: the last two dimensions exchanged; a vector is unchanged, as in NumPy.

        Args:
            operand: a node's id.
            attribute: ``"T"``, or ``"mT"`` for any number of dimensions.
            where: its spans in the program text, for errors.

        Raises:
            ProgramError: ``T`` of more than two dimensions.
        """
        rank = len(self.build[operand].shape)
        if rank < 2:
            return operand
        if rank > 2 and attribute == "T":
            text = self.build.rendered(operand).inside(ATOM)
            raise self._error(
                f".T is for two dimensions, and {text} has {rank}; did you mean {text}.mT?", where
            )
        return self.build.reindex(Permute((*range(rank - 2), rank - 1, rank - 2)), (operand,), where=where)

    def _of_matrices(self, symbol: str, left: int, right: int, where: Where) -> int:
        if symbol == "@":
            return self.build.matmul(left, right, where=where)
        if symbol == "**":
            texts = [self.build.rendered(left).text, self.build.rendered(right).inside(ATOM)]
            hint = "for a power cell by cell write exp(log({}) * {})".format(*texts)
            raise self._error("** takes a number as its power, not a matrix", where, hint)
        op = _between(symbol)
        assert op is not None
        return self.build.map(op(), (left, right), where=where)

    def _matrix_first(self, symbol: str, left: int, right: Numeral, where: Where) -> int:
        text = infix(symbol, BINDING[symbol], self.build.rendered(left), right.rendered)
        op = MATRIX_FIRST[symbol](float(right.value))
        return self.build.map(op, (left,), text=text, where=where)

    def _number_first(self, symbol: str, left: Numeral, right: int, where: Where) -> int:
        if symbol == "**":
            base, power = left.rendered.text, self.build.rendered(right).inside(ATOM)
            hint = f"write exp({power} * log({base}))"
            raise self._error("** takes a matrix first and a number as its power", where, hint)
        text = infix(symbol, BINDING[symbol], left.rendered, self.build.rendered(right))
        if symbol == "-":
            symbol, right = "+", self.negative(right, where=where)
        op = NUMBER_FIRST[symbol](float(left.value))
        return self.build.map(op, (right,), text=text, where=where)

    def _text(self, number: int | Numeral) -> str:
        return "" if isinstance(number, int) else number.rendered.text

    def _error(self, message: str, where: Where, hint: str | None = None) -> ProgramError:
        return ProgramError(message, text=self.build.text or None, span=where.mark or where.span, hint=hint)
