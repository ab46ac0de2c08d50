"""Initialisers of leaves: patterns, random numbers, constants, a formula.

The first field of each is the shape: ``gaussian(64, 16, seed=1)``. A shape of one size is a row; dimensions
before the last two repeat a pattern, and continue a random stream.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from matcube.ops import rng
from matcube.ops.base import Array, Initialiser
from matcube.ops.formula import Expression, evaluate
from matcube.ops.parameters import param

_DROPOUT_STREAM = 1


@dataclass(frozen=True)
class Fill(Initialiser):
    """A pattern of row i, column j, h rows and w columns."""

    def __call__(self) -> Array:
        with np.errstate(all="ignore"):
            return np.require(self.pattern(), np.float32, ["C", "W", "O"])

    def pattern(self) -> Array:
        """The values of the whole shape, in float64."""
        h, w = self.shape[-2:] if len(self.shape) > 1 else (1, self.shape[0])
        i = np.arange(h, dtype=np.float64)[:, None]  # (h, 1)
        j = np.arange(w, dtype=np.float64)[None, :]  # (1, w)
        matrix = np.broadcast_to(self.fill(i, j, h, w), (h, w))
        return np.broadcast_to(matrix.reshape(self.shape[-2:]), self.shape)

    def fill(self, i: Array, j: Array, h: int, w: int) -> Array:
        """Values that broadcast to (h, w), in float64.

        Args:
            i: row numbers (h, 1).
            j: column numbers (1, w).
            h: the number of rows.
            w: the number of columns.
        """
        raise NotImplementedError


@dataclass(frozen=True)
class Spread(Fill):
    """An initialiser with a range and a share of zeros: ``min + (max - min) · fill``."""

    min: float = param(-1.0, help="the lower end of the range")
    max: float = param(1.0, help="the upper end of the range")
    dropout: float = param(0.0, help="the share of cells that are made 0", min=0, max=1)
    seed: int = param(0, help="which random numbers")

    @property
    def level(self) -> float | None:
        return self.min if self.min == self.max and self.dropout == 0 else None

    def pattern(self) -> Array:
        values = self.values()
        if self.dropout > 0:
            draws = rng.uniform(rng.derive(self.seed, _DROPOUT_STREAM), values.size)
            values = np.where(draws.reshape(values.shape) < self.dropout, values.dtype.type(0), values)
        return values

    def values(self) -> Array:
        """The values before dropout."""
        return self.spread(super().pattern())

    def spread(self, shares: Array) -> Array:
        """Values in the range: ``min`` for share 0, ``max`` for share 1."""
        return self.min + (self.max - self.min) * shares


@dataclass(frozen=True)
class Rows(Spread):
    """``min`` in the first row to ``max`` in the last, evenly: ``min + (max - min) · i / (h - 1)``."""

    name = "rows"
    help = "each row one value, from min to max"

    def fill(self, i: Array, j: Array, h: int, w: int) -> Array:
        return i / max(h - 1, 1)


@dataclass(frozen=True)
class Cols(Spread):
    """``min`` in the first column to ``max`` in the last, evenly: ``min + (max - min) · j / (w - 1)``."""

    name = "cols"
    help = "each column one value, from min to max"

    def fill(self, i: Array, j: Array, h: int, w: int) -> Array:
        return j / max(w - 1, 1)


@dataclass(frozen=True)
class RowMajor(Spread):
    """``min`` to ``max`` evenly, counted along rows: ``min + (max - min) · (i·w + j) / (h·w - 1)``."""

    name = "row_major"
    help = "from min to max, row after row"

    def fill(self, i: Array, j: Array, h: int, w: int) -> Array:
        return (i * w + j) / max(h * w - 1, 1)


@dataclass(frozen=True)
class ColMajor(Spread):
    """``min`` to ``max`` evenly, counted along columns: ``min + (max - min) · (j·h + i) / (h·w - 1)``."""

    name = "col_major"
    help = "from min to max, column after column"

    def fill(self, i: Array, j: Array, h: int, w: int) -> Array:
        return (j * h + i) / max(h * w - 1, 1)


@dataclass(frozen=True)
class Uniform(Spread):
    """Random numbers, uniform in [min, max): ``min + (max - min) · u`` (``ops.rng``)."""

    name = "uniform"
    help = "random between min and max"
    random = True

    def values(self) -> Array:
        count = math.prod(self.shape)
        return rng.uniform(self.seed, count, then=self.spread, dtype=np.float32).reshape(self.shape)


@dataclass(frozen=True)
class Gaussian(Spread):
    """Random numbers of mean ``(min + max)/2`` and deviation ``(max - min)/2``: N(0, 1) for -1 and 1."""

    name = "gaussian"
    help = "normal random numbers; min and max lie one deviation from the mean"
    random = True

    def values(self) -> Array:
        count = math.prod(self.shape)
        numbers = rng.gaussian(self.seed, count, then=lambda z: self.spread((z + 1) / 2), dtype=np.float32)
        return numbers.reshape(self.shape)


@dataclass(frozen=True)
class Linear(Fill):
    """Random between ``-1/√fan_in`` and ``1/√fan_in``: PyTorch's initial weight of a linear layer.

    ``fan_in`` 0 means the number of rows, as in ``x @ W``.

    Source: ``torch.nn.Linear`` (its weight is uniform in ±1/√in_features).
    """

    name = "linear"
    help = "random as a linear layer starts: uniform within 1/√fan_in of 0"
    random = True
    fan_in: int = param(0, help="inputs per output; 0: the number of rows, as in x @ W", min=0)
    seed: int = param(0, help="which random numbers")

    def pattern(self) -> Array:
        rows = self.shape[-2] if len(self.shape) > 1 else 1
        scale = math.sqrt(max(self.fan_in or rows, 1))
        count = math.prod(self.shape)
        numbers = rng.uniform(self.seed, count, then=lambda u: (2 * u - 1) / scale, dtype=np.float32)
        return numbers.reshape(self.shape)


@dataclass(frozen=True)
class LowerOnes(Fill):
    """1 where ``j <= i``, else 0."""

    is_square = True
    name = "tril"
    help = "1 on and below the diagonal, 0 above"

    def fill(self, i: Array, j: Array, h: int, w: int) -> Array:
        return np.where(j <= i, 1.0, 0.0)


@dataclass(frozen=True)
class UpperOnes(Fill):
    """1 where ``j >= i``, else 0."""

    is_square = True
    name = "triu"
    help = "1 on and above the diagonal, 0 below"

    def fill(self, i: Array, j: Array, h: int, w: int) -> Array:
        return np.where(j >= i, 1.0, 0.0)


@dataclass(frozen=True)
class Eye(Fill):
    """1 where ``i = j``, else 0."""

    is_square = True
    name = "eye"
    help = "1 on the diagonal, 0 elsewhere"

    def fill(self, i: Array, j: Array, h: int, w: int) -> Array:
        return np.where(i == j, 1.0, 0.0)


@dataclass(frozen=True)
class Diff(Fill):
    """1 where ``i = j``, -1 where ``i = j + 1``: ``diff @ x`` holds the steps between rows of x."""

    is_square = True
    name = "diff"
    help = "1 on the diagonal, -1 just below it"

    def fill(self, i: Array, j: Array, h: int, w: int) -> Array:
        return np.where(i == j, 1.0, np.where(i == j + 1, -1.0, 0.0))


@dataclass(frozen=True)
class Zeros(Fill):
    """0 everywhere."""

    name = "zeros"
    help = "0 everywhere"
    level = 0.0

    def fill(self, i: Array, j: Array, h: int, w: int) -> Array:
        return np.zeros((1, 1))


@dataclass(frozen=True)
class Ones(Fill):
    """1 everywhere."""

    name = "ones"
    help = "1 everywhere"
    level = 1.0

    def fill(self, i: Array, j: Array, h: int, w: int) -> Array:
        return np.ones((1, 1))


@dataclass(frozen=True)
class Constant(Fill):
    """``value`` everywhere."""

    name = "constant"
    help = "one value everywhere"
    value: float = param(1.0, help="the value")

    @property
    def level(self) -> float | None:
        return self.value

    def fill(self, i: Array, j: Array, h: int, w: int) -> Array:
        return np.full((1, 1), float(self.value))


@dataclass(frozen=True)
class Formula(Fill):
    """A formula of row i, column j, number of rows h and of columns w, in float64.

    ``tree`` is an ``ops.formula`` expression, built by the parser of the language.

    Example:
        >>> from matcube.ops.formula import BinOp, Var
        >>> Formula((2, 3), BinOp("+", Var("i"), Var("j")))().tolist()
        [[0.0, 1.0, 2.0], [1.0, 2.0, 3.0]]
    """

    name = "formula"
    help = "a formula of i (row), j (column), h (rows), w (columns)"
    tree: Expression

    @property
    def level(self) -> float | None:
        h, w = self.shape[-2:] if len(self.shape) > 1 else (1, self.shape[0])
        value = self.fill(np.zeros((2, 1)), np.zeros((1, 2)), h, w)
        return float(value) if value.ndim == 0 else None  # it has no i and no j

    def fill(self, i: Array, j: Array, h: int, w: int) -> Array:
        return evaluate(self.tree, {"i": i, "j": j, "h": np.float64(h), "w": np.float64(w)})


INITIALISERS: dict[str, type[Initialiser]] = {
    "rows": Rows,
    "cols": Cols,
    "row_major": RowMajor,
    "col_major": ColMajor,
    "uniform": Uniform,
    "gaussian": Gaussian,
    "linear": Linear,
    "tril": LowerOnes,
    "triu": UpperOnes,
    "eye": Eye,
    "diff": Diff,
    "zeros": Zeros,
    "ones": Ones,
    "constant": Constant,
    "formula": Formula,
}
