"""Arithmetic with one number: ``x * c``, ``x / c``, ``x + c``, ``x ** c``, ``-x`` and ``c / x``.

A masked cell is read as 0 and gets the formula's value at 0. The mask is retained (except for ``c / x`` and
powers that are not positive), so that ``softmax(tril(S) / 8 + 1)`` is still causal.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from matcube.ops.base import Array, MapOp, Notation
from matcube.ops.parameters import param
from matcube.ops.pointwise import PointwiseOp


@dataclass(frozen=True)
class Scale(PointwiseOp):
    """``x * by``."""

    name = "scale"
    help = "x * c: every value times one number"
    is_linear = True
    by: float = param(help="the factor")

    @property
    def notation(self) -> Notation:
        return Notation("*", self.by)

    def of(self, x: Array) -> Array:
        return x * _weak(self.by)


@dataclass(frozen=True)
class Divide(PointwiseOp):
    """``x / by``; by 0 it is infinite or NaN, as in IEEE 754."""

    name = "divide"
    help = "x / c: every value divided by one number"
    is_linear = True
    by: float = param(help="the divisor")

    @property
    def notation(self) -> Notation:
        return Notation("/", self.by)

    @property
    def keeps_zero(self) -> bool:
        return self.by != 0

    def of(self, x: Array) -> Array:
        return x / _weak(self.by)


@dataclass(frozen=True)
class Shift(PointwiseOp):
    """``x + by``; ``x - c`` is a shift by ``-c``, ``c - x`` a shift by ``c`` of ``negate(x)``."""

    name = "shift"
    help = "x + c: one number added to every value"
    by: float = param(help="what is added")

    @property
    def notation(self) -> Notation:
        return Notation("-", -self.by) if self.by < 0 else Notation("+", self.by)

    @property
    def keeps_zero(self) -> bool:
        return False

    def of(self, x: Array) -> Array:
        return x + _weak(self.by)


@dataclass(frozen=True)
class Power(PointwiseOp):
    """``x ** exponent``; NaN for a negative x under a fractional exponent."""

    name = "power"
    help = "x ** c: every value to one power"
    exponent: float = param(help="the power")

    @property
    def notation(self) -> Notation:
        return Notation("**", self.exponent)

    @property
    def keeps_mask(self) -> bool:
        return self.exponent > 0

    def of(self, x: Array) -> Array:
        return np.asarray(np.power(x, _weak(self.exponent)), dtype=x.dtype)


@dataclass(frozen=True)
class Negate(PointwiseOp):
    """``-x``; a zero stays +0."""

    name = "negate"
    help = "-x: the sign turned round"
    symbol = "-"
    is_linear = True

    def of(self, x: Array) -> Array:
        return 0 - x


@dataclass(frozen=True)
class Reciprocal(PointwiseOp):
    """``numerator / x``; infinite where x is 0, and a masked cell is not masked any more."""

    name = "reciprocal"
    help = "c / x: one number divided by every value"
    keeps_mask = False
    numerator: float = param(1.0, help="the number that is divided")

    @property
    def notation(self) -> Notation:
        return Notation("/", self.numerator, is_number_first=True)

    def of(self, x: Array) -> Array:
        return _weak(self.numerator) / x


def _weak(number: float) -> float:
    """The number as a Python float, which does not widen float32."""
    return float(number)


SCALARS: dict[str, type[MapOp]] = {
    "scale": Scale,
    "divide": Divide,
    "shift": Shift,
    "power": Power,
    "negate": Negate,
    "reciprocal": Reciprocal,
}

# The map of an operator between a matrix and a number: ``x - 2`` is a shift by -2.
MATRIX_FIRST: dict[str, Callable[[float], MapOp]] = {
    "+": Shift,
    "-": lambda number: Shift(-number),
    "*": Scale,
    "/": Divide,
    "**": Power,
}

# The map of an operator between a number and a matrix; ``2 - x`` is built as ``-x + 2``.
NUMBER_FIRST: dict[str, Callable[[float], MapOp]] = {"+": Shift, "*": Scale, "/": Reciprocal}
