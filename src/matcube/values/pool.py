"""A large matrix as fewer cells: means by area, or extremes, with NaN and infinities counted apart."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import DTypeLike, NDArray

from matcube.errors import OptionError, ShapeError
from matcube.ops import Array, Cells

_BLOCK = 1 << 20  # cells read at a time


@dataclass(frozen=True)
class Pooled:
    """A matrix of ``(rows, cols)`` seen through fewer cells.

    Pooled cell (r, c) covers rows ``row_edges[r] … row_edges[r + 1]`` and columns likewise; an edge may cut
    through a cell, which then counts in proportion to the area covered.

    Args:
        mean: the mean of finite, unmasked values, weighted by area; NaN where there is none.
        extreme: the value of largest ``|v|`` among finite, unmasked cells touched, with its sign; 0 for none.
        nan: how many cells touched are NaN.
        inf: how many cells touched are infinite.
        weight: the area of finite, unmasked cells, in cells.
        row_edges: where pooled rows begin and end, in rows.
        col_edges: where pooled columns begin and end, in columns.
    """

    mean: NDArray[np.float64]
    extreme: NDArray[np.float64]
    nan: NDArray[np.int64]
    inf: NDArray[np.int64]
    weight: NDArray[np.float64]
    row_edges: NDArray[np.float64]
    col_edges: NDArray[np.float64]


def pool(cells: Cells, *, cells_at_most: int = 1 << 16, block: tuple[int, int] | None = None) -> Pooled:
    """Pool a matrix to at most so many cells of nearly its own proportions, or by blocks of whole cells.

    ``mean = Σ area · value / Σ area`` over finite, unmasked cells. Rows are read in blocks, rows first and
    then columns, so that a memory map is read once and in order.

    Args:
        cells: a matrix and its mask.
        cells_at_most: how many pooled cells there may be.
        block: rows and columns of a pooled cell; the last ones may be short. Without it all have one size,
            which need not be whole.

    Returns:
        The pooled matrix; the matrix itself, cell by cell, when it is small enough.

    Raises:
        ShapeError: when the values are no matrix.
        OptionError: when a size is below 1.

    Example:
        >>> found = pool(Cells(np.arange(16.0).reshape(4, 4)), cells_at_most=4)
        >>> found.mean.tolist()
        [[2.5, 4.5], [10.5, 12.5]]
    """
    if cells.values.ndim != 2:
        raise ShapeError(f"only a matrix can be pooled, not shape {cells.values.shape}")
    if cells_at_most < 1 or (block is not None and min(block) < 1):
        raise OptionError(f"pooling needs sizes of at least 1, not {block or cells_at_most}")
    rows, cols = cells.values.shape
    if block is None:
        out_rows, out_cols = pooled_shape(rows, cols, cells_at_most)
        row_edges = np.linspace(0, rows, out_rows + 1)
        col_edges = np.linspace(0, cols, out_cols + 1)
    else:
        row_edges = np.append(np.arange(0, rows, block[0], dtype=np.float64), float(rows))
        col_edges = np.append(np.arange(0, cols, block[1], dtype=np.float64), float(cols))
    return _pool(cells, row_edges, col_edges)


def pooled_shape(rows: int, cols: int, cells_at_most: int) -> tuple[int, int]:
    """Rows and columns of the pooled matrix: as many as allowed, in the matrix's own proportions.

    Args:
        rows: rows of the matrix.
        cols: its columns.
        cells_at_most: how many pooled cells there may be, at least 1.

    Returns:
        Sizes whose product is at most ``cells_at_most``, neither above the matrix's own.

    Example:
        >>> pooled_shape(1000, 10, 1000), pooled_shape(4000, 4000, 10000)
        ((316, 3), (100, 100))
    """
    if rows * cols <= cells_at_most:
        return rows, cols
    share = math.sqrt(cells_at_most / (rows * cols))
    out_rows = max(1, math.floor(rows * share + 1e-9))
    out_cols = max(1, math.floor(cols * share + 1e-9))
    if out_rows == 1:
        out_cols = min(cols, cells_at_most)
    elif out_cols == 1:
        out_rows = min(rows, cells_at_most)
    return out_rows, out_cols


@dataclass(frozen=True)
class _Sums:
    """What is known of stretches of cells: sums by area, counts, largest and smallest."""

    total: Array
    weight: Array
    nan: Array
    inf: Array
    high: Array
    low: Array


def _pool(cells: Cells, row_edges: Array, col_edges: Array) -> Pooled:
    parts = [
        _stretch(_cell_facts(cells, rows), edges)
        for rows, edges in _row_blocks(cells.values.shape[1], row_edges)
    ]
    none = np.zeros((0, cells.values.shape[1]))
    by_rows = {
        name: np.concatenate([none.astype(dtype), *(getattr(part, name) for part in parts)]).T
        for name, dtype in _FACTS.items()
    }
    pooled = _stretch(_Sums(**{name: np.ascontiguousarray(one) for name, one in by_rows.items()}), col_edges)
    with np.errstate(all="ignore"):
        mean = np.where(pooled.weight > 0, pooled.total / pooled.weight, np.nan)
    extreme = np.where(pooled.high >= -pooled.low, pooled.high, pooled.low)
    return Pooled(mean.T, extreme.T, pooled.nan.T, pooled.inf.T, pooled.weight.T, row_edges, col_edges)


def _row_blocks(cols: int, row_edges: Array) -> Iterator[tuple[slice, Array]]:
    """Rows to read, and the edges of the pooled rows among them: about a million cells at a time."""
    count = len(row_edges) - 1
    per_row = max(1, math.ceil(float(row_edges[-1]) / max(count, 1)) * cols)
    step = max(1, _BLOCK // per_row)
    for first in range(0, count, step):
        edges = row_edges[first : min(first + step, count) + 1]
        top, bottom = math.floor(edges[0]), math.ceil(edges[-1])
        yield slice(top, bottom), edges - top


def _cell_facts(cells: Cells, rows: slice) -> _Sums:
    """Some rows with what is not to be counted as 0; facts that are the same everywhere are one row."""
    values = np.asarray(cells.values[rows])
    values = values if values.dtype == np.float64 else values.astype(np.float32, copy=False)
    hidden = None if cells.hidden is None else np.asarray(cells.hidden[rows])
    finite = np.isfinite(values)
    nothing = np.broadcast_to(np.int64(0), values.shape)
    if hidden is None and finite.all():
        return _Sums(values, np.broadcast_to(1.0, values.shape), nothing, nothing, values, values)
    shown = finite if hidden is None else finite & ~hidden
    clean = np.where(shown, values, values.dtype.type(0))
    odd = ~finite if hidden is None else ~finite & ~hidden
    if not odd.any():
        return _Sums(clean, shown, nothing, nothing, clean, clean)
    is_nan = np.isnan(values)
    return _Sums(clean, shown, odd & is_nan, odd & ~is_nan, clean, clean)


def _stretch(facts: _Sums, edges: Array) -> _Sums:
    """The same facts of stretches of the first dimension, between ``edges``."""
    first, last = np.floor(edges[:-1]), np.ceil(edges[1:])  # every place that is touched
    return _Sums(
        total=_area(facts.total, edges),
        weight=_area(facts.weight, edges),
        nan=_reduce(facts.nan, first, last, np.add, np.int64),
        inf=_reduce(facts.inf, first, last, np.add, np.int64),
        high=_reduce(facts.high, first, last, np.maximum, facts.high.dtype),
        low=_reduce(facts.low, first, last, np.minimum, facts.low.dtype),
    )


def _area(values: Array, edges: Array) -> Array:
    """Sums over stretches in float64: whole places, less the part before them, and the part after."""
    whole = np.floor(edges).astype(np.int64)
    part = edges - whole  # the share of place whole[n] that lies before edge n
    sums = _reduce(values, whole[:-1], whole[1:], np.add, np.float64)
    if part.any():
        cut = values[np.minimum(whole, values.shape[0] - 1)].astype(np.float64) * part[:, None]
        sums += cut[1:] - cut[:-1]
    return sums


def _reduce(values: Array, start: Array, stop: Array, how: np.ufunc, dtype: DTypeLike) -> Array:
    """``how`` over places start[n] up to stop[n] of the first dimension; 0 for an empty stretch."""
    out = np.zeros((len(start), *values.shape[1:]), dtype=dtype)
    if how is np.add and not any(values.strides):  # the same everywhere
        out += (values.flat[0] if values.size else 0) * (stop - start).astype(dtype)[:, None]
        return out
    for n, (first, last) in enumerate(zip(start.astype(int), stop.astype(int), strict=True)):
        if last > first:
            how.reduce(values[first:last], axis=0, dtype=dtype, out=out[n])
    return out


_FACTS: dict[str, type] = {
    "total": np.float64,
    "weight": np.float64,
    "nan": np.int64,
    "inf": np.int64,
    "high": np.float32,
    "low": np.float32,
}
