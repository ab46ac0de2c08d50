"""Pooling of a large matrix to fewer cells: means by area, with separate counts of NaN and infinities."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import DTypeLike, NDArray

from matcube.errors import OptionError, ShapeError
from matcube.limits import steps
from matcube.ops import Array, Cells

_BLOCK = 1 << 19  # cells read at a time
_DOWN = 2.0**-64  # a factor that keeps sums of the largest floats finite

Part = TypeVar("Part")


@dataclass(frozen=True)
class Pooled:
    """A matrix of ``(rows, cols)`` pooled to fewer cells.

    Pooled cell (r, c) covers rows ``row_edges[r] … row_edges[r + 1]`` and columns likewise; an edge may cut
    through a cell, which then counts in proportion to the area covered.

    Args:
        mean: the mean of finite, unmasked values, weighted by area; NaN where there is none.
        nan: the number of NaN cells touched.
        inf: the number of infinite cells touched.
        weight: the area of finite, unmasked cells, in cells.
        row_edges: edges of the pooled rows, in rows.
        col_edges: edges of the pooled columns, in columns.
    """

    mean: NDArray[np.float64]
    nan: NDArray[np.int64]
    inf: NDArray[np.int64]
    weight: NDArray[np.float64]
    row_edges: NDArray[np.float64]
    col_edges: NDArray[np.float64]


def pool(cells: Cells, *, cells_at_most: int = 1 << 16) -> Pooled:
    """Pool a matrix to a limited number of cells, with nearly its own proportions.

    ``mean = Σ area · value / Σ area`` over finite, unmasked cells. Rows are read in blocks, each pooled along
    rows and then along columns: every cell is read once, and memory is bounded.

    Args:
        cells: a matrix and its mask.
        cells_at_most: the most pooled cells; all have the same size, which may be fractional.

    Returns:
        The pooled matrix; the matrix itself, cell by cell, if it is small enough.

    Raises:
        ShapeError: the values are no matrix.
        OptionError: ``cells_at_most`` is below 1.

    Example:
        >>> pooled = pool(Cells(np.arange(16.0).reshape(4, 4)), cells_at_most=4)
        >>> pooled.mean.tolist()
        [[2.5, 4.5], [10.5, 12.5]]
    """
    if cells.values.ndim != 2:
        raise ShapeError(f"only a matrix can be pooled, not shape {cells.values.shape}")
    if cells_at_most < 1:
        raise OptionError(f"pooling needs at least 1 cell, not {cells_at_most}")
    rows, cols = cells.values.shape
    return _pool(cells, *_even_edges(rows, cols, cells_at_most))


def pooled_shape(rows: int, cols: int, cells_at_most: int) -> tuple[int, int]:
    """Rows and columns of the pooled matrix: as many as allowed, in the matrix's own proportions.

    Args:
        rows: rows of the matrix.
        cols: its columns.
        cells_at_most: the most pooled cells, at least 1.

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


Read = Callable[[slice], Sequence[Array]]


def area_sums(read: Read, shape: tuple[int, int], *, cells_at_most: int) -> list[NDArray[np.float64]]:
    """Sums by area of several finite matrices of one shape, over the pooled cells of ``pool``.

    Args:
        read: the given rows of every matrix; called once for each block of rows, from several threads.
        shape: rows and columns.
        cells_at_most: the most pooled cells.

    Returns:
        One array of the pooled shape for each matrix.

    Example:
        >>> x = np.arange(16.0).reshape(4, 4)
        >>> area_sums(lambda rows: [x[rows]], (4, 4), cells_at_most=4)[0].tolist()
        [[10.0, 18.0], [42.0, 50.0]]
    """
    edges = _even_edges(*shape, cells_at_most)

    def stretch(rows: slice, row_edges: Array) -> list[Array]:
        return [_area(_area(matrix, row_edges, 0), edges[1], 1) for matrix in read(rows)]

    parts = _by_blocks(stretch, shape[1], edges[0])
    return [np.concatenate(blocks) for blocks in zip(*parts, strict=True)]


def extremes(cells: Cells, *, cells_at_most: int) -> NDArray[np.float64]:
    """The value of largest magnitude, with its sign, in each pooled cell of ``pool``.

    Args:
        cells: a matrix and its mask.
        cells_at_most: the most pooled cells.

    Returns:
        One value for each pooled cell, of all finite, unmasked cells that it touches; 0 where there is none.

    Example:
        >>> extremes(Cells(np.array([[1.0, -5, 0], [np.nan, 4, 3]])), cells_at_most=1).tolist()
        [[-5.0]]
    """
    height, width = cells.values.shape
    row_edges, col_edges = _even_edges(height, width, cells_at_most)

    def stretch(rows: slice, edges: Array) -> Array:
        clean = _cell_facts(cells, rows).total
        high, low = (
            _most(_most(clean, edges, 0, ufunc), col_edges, 1, ufunc) for ufunc in (np.maximum, np.minimum)
        )
        return np.where(high >= -low, high, low).astype(np.float64)

    return np.concatenate(_by_blocks(stretch, width, row_edges))


@dataclass(frozen=True)
class _Sums:
    """Sums over stretches of cells: of values by area, of the area, of NaN and of infinities."""

    total: Array
    weight: Array
    nan: Array
    inf: Array


def _even_edges(rows: int, cols: int, cells_at_most: int) -> tuple[Array, Array]:
    out_rows, out_cols = pooled_shape(rows, cols, cells_at_most)
    return np.linspace(0, rows, out_rows + 1), np.linspace(0, cols, out_cols + 1)


def _pool(cells: Cells, row_edges: Array, col_edges: Array) -> Pooled:
    def stretch(rows: slice, edges: Array) -> _Sums:
        with np.errstate(over="ignore", invalid="ignore"):  # sums above the largest float come again, scaled
            return _stretch(_stretch(_cell_facts(cells, rows), edges, 0), col_edges, 1)

    parts = _by_blocks(stretch, cells.values.shape[1], row_edges)
    whole = {name: np.concatenate([getattr(part, name) for part in parts]) for name in _Sums.__annotations__}
    pooled = _Sums(**whole)
    with np.errstate(all="ignore"):
        mean = np.where(pooled.weight > 0, pooled.total / pooled.weight, np.nan)
    if not np.isfinite(pooled.total).all():
        mean = np.where(
            np.isfinite(pooled.total), mean, _scaled_means(cells, row_edges, col_edges, pooled.weight)
        )
    return Pooled(mean, pooled.nan, pooled.inf, pooled.weight, row_edges, col_edges)


def _scaled_means(cells: Cells, row_edges: Array, col_edges: Array, weight: Array) -> Array:
    """Means whose sums are more than the largest float: of cells times a power of two."""

    def stretch(rows: slice, edges: Array) -> Array:
        scaled = _cell_facts(cells, rows).total.astype(np.float64) * _DOWN
        return _area(_area(scaled, edges, 0), col_edges, 1)

    total = np.concatenate(_by_blocks(stretch, cells.values.shape[1], row_edges))
    most = np.finfo(np.float64).max * _DOWN
    return np.clip(total / np.where(weight > 0, weight, 1), -most, most) / _DOWN


def _by_blocks(stretch: Callable[[slice, Array], Part], cols: int, row_edges: Array) -> list[Part]:
    """``stretch`` of each block of rows, in order; several blocks run on all cores."""
    blocks = list(_row_blocks(cols, row_edges))
    if len(blocks) == 1:
        return [stretch(*blocks[0])]
    with ThreadPoolExecutor(os.cpu_count()) as cores:
        try:
            return list(steps(cores.map(lambda block: stretch(*block), blocks)))
        except BaseException:
            cores.shutdown(cancel_futures=True)  # of work that is stopped no other block begins
            raise


def _row_blocks(cols: int, row_edges: Array) -> Iterator[tuple[slice, Array]]:
    """Blocks of rows to read, and the edges of the pooled rows in each; one empty block if there are none."""
    count = len(row_edges) - 1
    per_row = max(1, math.ceil(float(row_edges[-1]) / max(count, 1)) * cols)
    step = max(1, _BLOCK // per_row)
    for first in range(0, max(count, 1), step):
        edges = row_edges[first : min(first + step, count) + 1]
        top, bottom = math.floor(edges[0]), math.ceil(edges[-1])
        yield slice(top, bottom), edges - top


def _cell_facts(cells: Cells, rows: slice) -> _Sums:
    """The facts of some rows, with 0 for uncounted values; constant facts are broadcast, not stored."""
    values = np.asarray(cells.values[rows])
    values = values if values.dtype == np.float64 else values.astype(np.float32, copy=False)
    hidden = None if cells.hidden is None else np.asarray(cells.hidden[rows])
    finite = np.isfinite(values)
    nothing = np.broadcast_to(np.int64(0), values.shape)
    if hidden is None and finite.all():
        return _Sums(values, np.broadcast_to(1.0, values.shape), nothing, nothing)
    shown = finite if hidden is None else finite & ~hidden
    clean = np.where(shown, values, values.dtype.type(0))
    odd = ~finite if hidden is None else ~finite & ~hidden
    if not odd.any():
        return _Sums(clean, shown, nothing, nothing)
    is_nan = np.isnan(values)
    return _Sums(clean, shown, odd & is_nan, odd & ~is_nan)


def _stretch(facts: _Sums, edges: Array, axis: int) -> _Sums:
    """The same facts of stretches of a dimension, between ``edges``."""
    first, last = np.floor(edges[:-1]), np.ceil(edges[1:])  # every place that is touched
    return _Sums(
        total=_area(facts.total, edges, axis),
        weight=_area(facts.weight, edges, axis),
        nan=_reduce(facts.nan, first, last, np.int64, axis),
        inf=_reduce(facts.inf, first, last, np.int64, axis),
    )


def _area(values: Array, edges: Array, axis: int) -> Array:
    """Sums over stretches in float64: whole cells, less the cut before them, plus the cut after."""
    if values.strides[axis] == 0 and values.size:  # constant along the dimension
        return _along(np.diff(edges), axis) * np.take(values, [0], axis=axis).astype(np.float64)
    whole = np.floor(edges).astype(np.int64)
    share = edges - whole  # the share of cell whole[n] that lies before edge n
    sums = _reduce(values, whole[:-1], whole[1:], np.float64, axis)
    if share.any():
        cells = np.minimum(whole, values.shape[axis] - 1)
        cut = np.take(values, cells, axis=axis).astype(np.float64) * _along(share, axis)
        sums += np.diff(cut, axis=axis)
    return sums


def _most(values: Array, edges: Array, axis: int, ufunc: np.ufunc) -> Array:
    """The maximum or minimum of every stretch of a dimension, with cells that an edge cuts."""
    start, stop = np.floor(edges[:-1]).astype(int), np.ceil(edges[1:]).astype(int)
    if axis == 0:
        runs = [ufunc.reduce(values[first:last], axis=0) for first, last in zip(start, stop, strict=True)]
        return np.stack(runs) if runs else values
    wide = np.pad(values, ((0, 0), (0, 1)))  # so that a stop is an index
    result: Array = ufunc.reduceat(wide, np.stack([start, stop], axis=1).reshape(-1), axis=1)[:, ::2]
    return result


def _along(edges: Array, axis: int) -> Array:
    return edges[:, None] if axis == 0 else edges[None, :]


def _reduce(values: Array, start: Array, stop: Array, dtype: DTypeLike, axis: int) -> Array:
    """Sums over indices start[n] up to stop[n] of a dimension; 0 for an empty stretch."""
    shape = (len(start), values.shape[1]) if axis == 0 else (values.shape[0], len(start))
    if not any(values.strides) and not values.any():
        return np.broadcast_to(np.zeros((), dtype), shape)
    start, stop = start.astype(int), stop.astype(int)
    if axis == 1:
        wide = np.zeros((values.shape[0], values.shape[1] + 1), dtype=dtype)  # so that a stop is an index
        wide[:, :-1] = values
        turns = np.stack([start, stop], axis=1).reshape(-1)
        sums: Array = np.add.reduceat(wide, turns, axis=1)[:, ::2] if turns.size else np.zeros(shape, dtype)
        sums[:, start >= stop] = 0
        return sums
    out = np.zeros(shape, dtype=dtype)
    for n, (first, last) in enumerate(zip(start, stop, strict=True)):
        if last > first:
            np.add.reduce(values[first:last], axis=0, dtype=dtype, out=out[n])
    return out
