"""Operations along rows: softmax, norms, rope, and the masking triangles.

A row runs along the last dimension. ``tril`` and ``triu`` mask cells; ``softmax`` reads masked cells as minus
infinity, so that ``softmax(tril(S))`` is causal attention. Norms and rope read them as 0 and give no mask.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from matcube.errors import ShapeError
from matcube.ops.base import Array, Cells, MapOp, Shape
from matcube.ops.parameters import param
from matcube.ops.precision import working


@dataclass(frozen=True)
class RowOp(MapOp):
    """An operation of one matrix that needs whole rows or the index of each cell."""

    mixes: ClassVar[tuple[int, ...]] = (-1,)

    def __call__(self, *operands: Cells) -> Cells:
        (x,) = operands
        with np.errstate(all="ignore"):
            return self.of(Cells(working(x.values), x.hidden))

    def of(self, x: Cells) -> Cells:
        """The operation, in the precision of ``x``."""
        raise NotImplementedError


@dataclass(frozen=True)
class Softmax(RowOp):
    """``exp(x - m) / Σ exp(x - m)`` along each row, m the row's largest value.

    A masked cell counts as minus infinity: it gets exactly 0 and stays masked. A row masked entirely gives
    zeros. A row with a NaN or plus infinity, or of minus infinities alone, gives NaN in its seen cells
    (as PyTorch does), in that row only.
    """

    name = "softmax"
    help = "each row as shares that sum to 1; masked cells get none"
    row_reductions = ("largest value", "sum")
    cell_cost = 5  # maximum, difference, exp, sum, quotient
    is_distribution = True
    streams = True

    def of(self, x: Cells) -> Cells:
        seen = x.values if x.hidden is None else np.where(x.hidden, x.values.dtype.type(-np.inf), x.values)
        largest = np.max(seen, axis=-1, keepdims=True, initial=-np.inf)
        weights = np.exp(seen - largest)  # at most 1
        shares = weights / np.sum(weights, axis=-1, keepdims=True)
        if x.hidden is not None:
            shares = np.where(x.hidden, x.values.dtype.type(0), shares)
        return Cells(shares, x.hidden)

    def explain(self, x: Cells, at: tuple[int, ...]) -> Sequence[tuple[str, float]]:
        """The row's largest value, the exponential of the distance from it, and the row's sum of those."""
        row = x.values[at[:-1]].astype(np.float64)
        seen = row if x.hidden is None else row[~x.hidden[at[:-1]]]
        with np.errstate(all="ignore"):
            largest = np.max(seen, initial=-np.inf)
            weight = np.exp(row[at[-1]] - largest)
            return ("max", largest), ("exp(x − max)", weight), ("sum", np.exp(seen - largest).sum())


@dataclass(frozen=True)
class TriangleOp(RowOp):
    """A matrix with the cells on one side of a diagonal masked, and their value 0."""

    mixes: ClassVar[tuple[int, ...]] = ()
    reads: ClassVar[tuple[int, ...]] = (-2, -1)
    cell_cost: ClassVar[int] = 0
    keeps_zero = True
    offset: int = param(0, help="the diagonal that bounds the triangle, to the right when positive")

    def of(self, x: Cells) -> Cells:
        rows, cols = _matrix_sizes(self.name, x.values)
        i = np.arange(rows)[:, None]
        j = np.arange(cols)[None, :]
        outside = np.broadcast_to(self.outside(i, j), x.values.shape)
        values = np.where(outside, x.values.dtype.type(0), x.values)
        return Cells(values, outside.copy() if x.hidden is None else x.hidden | outside)

    def outside(self, i: Array, j: Array) -> NDArray[np.bool_]:
        """Whether each cell is masked."""
        raise NotImplementedError


@dataclass(frozen=True)
class Tril(TriangleOp):
    """``x`` where ``j <= i + offset``, else masked with value 0 (``offset`` is NumPy's ``k``)."""

    name = "tril"
    help = "the lower triangle; the rest is masked, so softmax(tril(S)) is causal"

    @property
    def mask_diagonal(self) -> int:
        return self.offset

    def outside(self, i: Array, j: Array) -> NDArray[np.bool_]:
        return np.asarray(j > i + self.offset)


@dataclass(frozen=True)
class Triu(TriangleOp):
    """``x`` where ``j >= i + offset``, else masked with value 0 (``offset`` is NumPy's ``k``)."""

    name = "triu"
    help = "the upper triangle; the rest is masked"

    def outside(self, i: Array, j: Array) -> NDArray[np.bool_]:
        return np.asarray(j < i + self.offset)


@dataclass(frozen=True)
class LayerNorm(RowOp):
    """``(x - mean) / √(var + eps)`` along each row, var the mean squared deviation.

    The affine form is written ``layernorm(x) * gamma + beta``. Any finite row gives finite values.

    Source: Ba, Kiros and Hinton, "Layer Normalization", arXiv:1607.06450.
    """

    name = "layernorm"
    help = "each row less its mean, divided by its spread"
    row_reductions = ("sum", "sum of squares about the mean")
    cell_cost = 5  # sum, difference, square, sum, product
    keeps_mask = False
    eps: float = param(1e-5, help="added to the variance", min=0)

    def of(self, x: Cells) -> Cells:
        row, scale = _unit_rows(x.values)
        centred = row - row[..., :1]  # first, so that a row of one value is exactly 0
        centred = centred - _mean(centred)
        spread = np.hypot(np.sqrt(_mean(centred * centred)), _small(self.eps, scale))
        return Cells((centred / spread).astype(x.values.dtype, copy=False))

    def explain(self, x: Cells, at: tuple[int, ...]) -> Sequence[tuple[str, float]]:
        """Mean and deviation of the row."""
        row = x.values[at[:-1]].astype(np.float64)
        with np.errstate(all="ignore"):
            return ("mean", row.mean()), ("deviation", np.sqrt(row.var() + self.eps))


@dataclass(frozen=True)
class RmsNorm(RowOp):
    """``x / √(mean(x²) + eps)`` along each row; the affine form is written ``rmsnorm(x) * gamma``.

    Source: Zhang and Sennrich, "Root Mean Square Layer Normalization", arXiv:1910.07467.
    """

    name = "rmsnorm"
    help = "each row divided by its root mean square"
    row_reductions = ("sum of squares",)
    cell_cost = 3  # square, sum, product
    keeps_mask = False
    eps: float = param(1e-6, help="added to the mean square", min=0)

    def of(self, x: Cells) -> Cells:
        row, scale = _unit_rows(x.values)
        size = np.hypot(np.sqrt(_mean(row * row)), _small(self.eps, scale))
        return Cells((row / size).astype(x.values.dtype, copy=False))

    def explain(self, x: Cells, at: tuple[int, ...]) -> Sequence[tuple[str, float]]:
        """The root mean square of the row."""
        row = x.values[at[:-1]].astype(np.float64)
        with np.errstate(all="ignore"):
            return (("root mean square", np.sqrt((row * row).mean() + self.eps)),)


@dataclass(frozen=True)
class Rope(RowOp):
    """Turns each pair ``(x[d], x[d + D/2])`` of row p by the angle ``(p + start) · base^(-2d/D)``.

    ``out[d] = x[d] cos - x[d + D/2] sin`` and ``out[d + D/2] = x[d + D/2] cos + x[d] sin``, d below D/2:
    the half-split pairs of Llama. D, the length of a row, must be even.

    Source: Su et al., "RoFormer", arXiv:2104.09864.
    """

    name = "rope"
    help = "turns pairs of columns by an angle that grows with the row: positions for attention"
    reads: ClassVar[tuple[int, ...]] = (-2,)
    cell_cost = 3  # two products, one sum; sines come from a table
    keeps_mask = False
    base: float = param(10000.0, help="how slowly the last pairs turn", min=1e-30)
    start: int = param(0, help="the position of the first row", min=0)

    def check(self, *shapes: Shape) -> None:
        (shape,) = shapes
        if shape[-1] % 2:
            raise ShapeError(
                f"rope: it turns pairs of columns, but shape {shape} has {shape[-1]} of them, an odd number",
                hint="slice one off, or add one",
            )

    def of(self, x: Cells) -> Cells:
        self.check(x.values.shape)
        rows, width = _matrix_sizes(self.name, x.values)
        half = width // 2
        speed = np.float64(self.base) ** (-2.0 * np.arange(half) / max(width, 1))  # (D/2,)
        angle = (np.arange(rows, dtype=np.float64) + self.start)[:, None] * speed  # (rows, D/2)
        cos, sin = np.cos(angle), np.sin(angle)
        first, second = x.values[..., :half], x.values[..., half:]
        turned = np.concatenate([first * cos - second * sin, second * cos + first * sin], axis=-1)
        return Cells(turned.astype(x.values.dtype, copy=False))

    def explain(self, x: Cells, at: tuple[int, ...]) -> Sequence[tuple[str, float]]:
        """The angle of the cell's pair, and the other cell of the pair."""
        *heads, row, column = at
        half = x.values.shape[-1] // 2
        angle = (row + self.start) * self.base ** (-2.0 * (column % half) / (2 * half))
        partner = x.values[(*heads, row, (column + half) % (2 * half))]
        return ("angle", angle), ("pair", float(partner))


def _unit_rows(values: Array) -> tuple[Array, Array]:
    """Rows in float64 scaled near 1 by a power of two, and that power: squares stay finite."""
    wide = values.astype(np.float64, copy=False)
    largest = np.max(np.abs(wide), axis=-1, keepdims=True, initial=0.0)
    exponent = np.minimum(np.frexp(largest)[1], 1023)  # 2**1024 is infinite
    return np.ldexp(wide, -exponent), np.ldexp(np.ones_like(largest), exponent)


def _small(eps: float, scale: Array) -> Array:
    """The root of eps over a power of two; it stays above 0, so that a row of one value is not 0 / 0."""
    least = np.nextafter(0.0, 1.0) if eps > 0 else 0.0
    return np.asarray(np.maximum(np.sqrt(eps) / scale, least))


def _mean(row: Array) -> Array:
    return np.asarray(np.sum(row, axis=-1, keepdims=True) / max(row.shape[-1], 1))


def _matrix_sizes(name: str, values: Array) -> tuple[int, int]:
    if values.ndim < 2:
        raise ShapeError(f"{name}: needs a matrix, not shape {values.shape}")
    return values.shape[-2], values.shape[-1]


ROWS: dict[str, type[MapOp]] = {
    "softmax": Softmax,
    "tril": Tril,
    "triu": Triu,
    "layernorm": LayerNorm,
    "rmsnorm": RmsNorm,
    "rope": Rope,
}
