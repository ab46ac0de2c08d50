"""Maps of two operands, cell by cell, with NumPy's broadcasting of row vectors and columns.

The values are those of NumPy. The mask of the first matrix goes on (``softmax(tril(S) + bias)`` is causal),
the second is read as plain numbers (``S + triu(M)``). Of two masks ``plus`` and ``minus`` retain the
intersection (``tril(A) + triu(B)`` shows every cell), ``times`` the union, ``over`` that of its numerator.
Where in a program a mask is read or ends is in ``ir.masks``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from matcube.errors import ShapeError
from matcube.ops.base import Array, Cells, MapOp
from matcube.ops.precision import working

Mask = NDArray[np.bool_] | None


@dataclass(frozen=True)
class ElementwiseOp(MapOp):
    """A formula of two operands of one broadcast shape; without a ``symbol`` it is written ``name(a, b)``."""

    arity: ClassVar[int] = 2

    def __call__(self, *operands: Cells) -> Cells:
        a, b = operands
        try:
            shape = np.broadcast_shapes(a.values.shape, b.values.shape)
        except ValueError:
            raise ShapeError(
                f"{self.name}: shapes {a.values.shape} and {b.values.shape} do not fit cell by cell",
                hint="sizes must be equal, or 1 (a row vector or a column stretches)",
            ) from None
        with np.errstate(all="ignore"):
            values = self.of(working(a.values, b.values), working(b.values, a.values))
        return Cells(values, self.mask(_stretched(a.hidden, shape), _stretched(b.hidden, shape)))

    def mask(self, a: Mask, b: Mask) -> Mask:
        """The mask of the result."""
        return a if a is None or b is None else a & b

    def of(self, a: Array, b: Array) -> Array:
        """The formula, in the wider precision of the two."""
        raise NotImplementedError


@dataclass(frozen=True)
class Plus(ElementwiseOp):
    """``a + b``."""

    name = "plus"
    help = "a + b, cell by cell"
    symbol = "+"
    is_linear = True

    def of(self, a: Array, b: Array) -> Array:
        return a + b


@dataclass(frozen=True)
class Minus(ElementwiseOp):
    """``a - b``."""

    name = "minus"
    help = "a - b, cell by cell"
    symbol = "-"
    is_linear = True

    def of(self, a: Array, b: Array) -> Array:
        return a - b


@dataclass(frozen=True)
class Times(ElementwiseOp):
    """``a * b``."""

    name = "times"
    help = "a * b, cell by cell"
    symbol = "*"

    def mask(self, a: Mask, b: Mask) -> Mask:
        return super().mask(a, b) if a is None or b is None else a | b

    def of(self, a: Array, b: Array) -> Array:
        return a * b


@dataclass(frozen=True)
class Over(ElementwiseOp):
    """``a / b``; infinite or NaN where b is 0, as in IEEE 754."""

    name = "over"
    help = "a / b, cell by cell"
    symbol = "/"

    def mask(self, a: Mask, b: Mask) -> Mask:
        return a

    def of(self, a: Array, b: Array) -> Array:
        return a / b


def _stretched(hidden: Mask, shape: tuple[int, ...]) -> Mask:
    return None if hidden is None else np.broadcast_to(hidden, shape)


ELEMENTWISE: dict[str, type[MapOp]] = {"plus": Plus, "minus": Minus, "times": Times, "over": Over}
