"""Functions of one value: relu, gelu, silu, tanh and others, each with its formula.

A masked cell is read as 0. If the function of 0 is 0 the cell stays masked; otherwise (sigmoid, exp, log)
it gets the function's value at 0 and is not masked any more.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from matcube.ops.base import Array, Cells, MapOp
from matcube.ops.precision import working
from matcube.ops.special import normal_cdf


@dataclass(frozen=True)
class PointwiseOp(MapOp):
    """A function of one value; NaN gives NaN. A masked cell stays masked if the function of 0 is 0."""

    @property
    def keeps_zero(self) -> bool:
        return self.keeps_mask

    def __call__(self, *operands: Cells) -> Cells:
        (x,) = operands
        with np.errstate(all="ignore"):
            return Cells(self.of(working(x.values)), x.hidden if self.keeps_mask else None)

    def of(self, x: Array) -> Array:
        """The function, in the precision of ``x``."""
        raise NotImplementedError


@dataclass(frozen=True)
class Relu(PointwiseOp):
    """``max(x, 0)``."""

    name = "relu"
    help = "max(x, 0)"

    def of(self, x: Array) -> Array:
        return np.maximum(x, 0)


@dataclass(frozen=True)
class Gelu(PointwiseOp):
    """``x Φ(x)``, Φ the normal distribution, exact; 0 at minus infinity.

    Source: Hendrycks and Gimpel, "Gaussian Error Linear Units", arXiv:1606.08415.
    """

    name = "gelu"
    help = "x times the share of a normal distribution below x (exact)"
    cell_cost = 5  # quotient, erf, sum, two products

    def of(self, x: Array) -> Array:
        phi = normal_cdf(x)  # float64
        return _times_limit(x, phi).astype(x.dtype, copy=False)


@dataclass(frozen=True)
class GeluTanh(PointwiseOp):
    """``x/2 (1 + tanh(√(2/π) (x + 0.044715 x³)))``, GPT-2's approximation of gelu.

    Source: Hendrycks and Gimpel, arXiv:1606.08415, section 2.
    """

    name = "gelu_tanh"
    help = "gelu by GPT-2's tanh formula"
    cell_cost = 9  # five products, two sums, tanh, half

    def of(self, x: Array) -> Array:
        inner = 2 * math.sqrt(2 / math.pi) * (x + 0.044715 * x * x * x)
        return _times_limit(x, _sigmoid(inner))  # (1 + tanh u)/2 = sigmoid(2u), without cancellation


@dataclass(frozen=True)
class Silu(PointwiseOp):
    """``x / (1 + exp(-x))``; 0 at minus infinity."""

    name = "silu"
    help = "x times sigmoid(x), also called swish"
    cell_cost = 5  # sigmoid and a product

    def of(self, x: Array) -> Array:
        return _times_limit(x, _sigmoid(x))


@dataclass(frozen=True)
class Sigmoid(PointwiseOp):
    """``1 / (1 + exp(-x))``."""

    name = "sigmoid"
    help = "1 / (1 + exp(-x))"
    cell_cost = 4  # minus, exp, sum, quotient
    keeps_mask = False

    def of(self, x: Array) -> Array:
        return _sigmoid(x)


@dataclass(frozen=True)
class Tanh(PointwiseOp):
    """``tanh(x)``."""

    name = "tanh"
    help = "the hyperbolic tangent"

    def of(self, x: Array) -> Array:
        return np.asarray(np.tanh(x))


@dataclass(frozen=True)
class Exp(PointwiseOp):
    """``exp(x)``."""

    name = "exp"
    help = "e to the power x"
    keeps_mask = False

    def of(self, x: Array) -> Array:
        return np.asarray(np.exp(x))


@dataclass(frozen=True)
class Square(PointwiseOp):
    """``x * x``."""

    name = "square"
    help = "x times x"

    def of(self, x: Array) -> Array:
        return x * x


@dataclass(frozen=True)
class Abs(PointwiseOp):
    """``|x|``."""

    name = "abs"
    help = "x without its sign"

    def of(self, x: Array) -> Array:
        return np.asarray(np.abs(x))


@dataclass(frozen=True)
class Sqrt(PointwiseOp):
    """``√x``; NaN for a negative x."""

    name = "sqrt"
    help = "the square root; NaN where x is negative"

    def of(self, x: Array) -> Array:
        return np.asarray(np.sqrt(x))


@dataclass(frozen=True)
class Log(PointwiseOp):
    """``ln x``; minus infinity at 0, NaN for a negative x."""

    name = "log"
    help = "the natural logarithm; NaN where x is negative"
    keeps_mask = False

    def of(self, x: Array) -> Array:
        return np.asarray(np.log(x))


def _sigmoid(x: Array) -> Array:
    small = np.exp(-np.abs(x))  # in (0, 1]: never overflows
    return np.asarray(np.where(x < 0, small, 1) / (1 + small))


def _times_limit(x: Array, share: Array) -> Array:
    """``x * share`` with the limit 0 where share is 0, so that minus infinity gives 0 and not NaN."""
    return np.asarray(np.where(share == 0, np.zeros((), dtype=share.dtype), x * share))


POINTWISE: dict[str, type[MapOp]] = {
    "relu": Relu,
    "gelu": Gelu,
    "gelu_tanh": GeluTanh,
    "silu": Silu,
    "sigmoid": Sigmoid,
    "tanh": Tanh,
    "exp": Exp,
    "square": Square,
    "abs": Abs,
    "sqrt": Sqrt,
    "log": Log,
}
