"""Large matrices as averages of blocks: values to read and ink to draw."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from matcube import wire
from matcube.ops import Array, Cells
from matcube.playback.ink import strength
from matcube.scene.buffers import Entry, entry_of
from matcube.values import Pooled, area_sums, extremes, pool

MAX_EXACT_CELLS = 1 << 20
LONG_ROW = 1 << 19  # cells of a row that are more than a block
_STEPS = 4095


def pooled_matrix(cells: Cells, scale: wire.Scale, sensitivity: str) -> tuple[wire.Pooled, list[Entry]]:
    """Pool a matrix to at most a million cells.

    Ink is averaged after scale, clamp and curve, one channel a sign: averaging values first and clamping
    later would be wrong on heavy tails.

    Args:
        cells: the matrix (rows, cols).
        scale: of its ink.
        sensitivity: the name of that scale.

    Returns:
        The averages, and the entries of their buffers: mean, ink, flags and peaks.
    """
    is_long = cells.values.shape[1] > LONG_ROW
    read = _turned(cells) if is_long else cells
    pooled = pool(read, cells_at_most=MAX_EXACT_CELLS)
    arrays = _means(pooled), _mean_ink(read, scale).astype("<f2"), _flags(pooled), _peak_ink(read, scale)
    mean, ink, flags, peaks = entries = [
        entry_of(array.swapaxes(0, 1) if is_long else array) for array in arrays
    ]
    rows, cols = pooled.mean.shape[::-1] if is_long else pooled.mean.shape
    result = wire.Pooled(
        rows=rows,
        cols=cols,
        block=(cells.values.shape[0] / rows, cells.values.shape[1] / cols),
        mean=mean.buffer.sha256,
        ink=ink.buffer.sha256,
        flags=flags.buffer.sha256,
        peaks=peaks.buffer.sha256,
        sensitivity=sensitivity,
    )
    return result, entries


def _turned(cells: Cells) -> Cells:
    """The transpose, whose rows can be read in blocks where a row of the matrix itself fills the memory."""
    return Cells(cells.values.T, None if cells.hidden is None else cells.hidden.T)


def _mean_ink(cells: Cells, scale: wire.Scale) -> Array:
    """Means over each block of the strengths of the cells' ink: (rows, cols, sign), plus first."""
    values, hidden = cells.values, cells.hidden
    share_of = _shares(scale)

    def read(rows: slice) -> list[Array]:
        share = share_of(values[rows])
        shown = np.isfinite(values[rows]) if hidden is None else np.isfinite(values[rows]) & ~hidden[rows]
        share = np.where(shown, share, np.float32(0))
        plus, minus = share * (values[rows] > 0), share * (values[rows] < 0)
        everywhere = np.broadcast_to(1.0, share.shape)
        return [plus, minus, everywhere if hidden is None else ~hidden[rows]]

    rows, cols = values.shape
    *signs, area = area_sums(read, (rows, cols), cells_at_most=MAX_EXACT_CELLS)
    return np.stack([total / np.where(area > 0, area, 1) for total in signs], axis=-1)


def _shares(scale: wire.Scale) -> Callable[[Array], Array]:
    """The function from values to the strengths of their cells' ink, whatever their sign."""
    table = strength(np.linspace(0, 1, _STEPS + 1)).astype(np.float32)

    def share_of(values: Array) -> Array:
        with np.errstate(all="ignore"):
            level = (np.abs(values) - scale.lo) / (scale.hi - scale.lo)
            level = np.nan_to_num(level.astype(np.float32, copy=False), nan=0.0, posinf=1.0)
        result: Array = table[(np.clip(level, 0, 1) * np.float32(_STEPS) + np.float32(0.5)).astype(np.intp)]
        return result

    return share_of


def _peak_ink(cells: Cells, scale: wire.Scale) -> Array:
    """The strength of the cell of largest magnitude of each block: (rows, cols, sign), plus first."""
    values = extremes(cells, cells_at_most=MAX_EXACT_CELLS)
    share = _shares(scale)(values)
    return np.stack([share * (values > 0), share * (values < 0)], axis=-1).astype("<f2")


def _means(pooled: Pooled) -> Array:
    """Means in float32 where it holds them to its full precision, else in float64."""
    mean = pooled.mean
    size = np.abs(mean[np.isfinite(mean) & (mean != 0)])
    limits = np.finfo(np.float32)
    is_small = size.size == 0 or (limits.tiny <= size.min() and size.max() <= limits.max)
    return mean.astype("<f4" if is_small else "<f8")


def _flags(pooled: Pooled) -> Array:
    """1 for a block with a NaN, else 2 with an infinity, else 0."""
    return np.where(pooled.nan > 0, 1, np.where(pooled.inf > 0, 2, 0)).astype(np.uint8)
