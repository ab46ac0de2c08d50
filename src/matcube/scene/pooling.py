"""Large matrices as averages of blocks: values to read and ink to draw."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from matcube import wire
from matcube.ops import Array, Cells
from matcube.scene.colour import size_table
from matcube.values import Pooled, area_sums, pool

MAX_EXACT_CELLS = 1 << 20


def pooled_matrix(
    cells: Cells, scale: wire.Scale, sensitivity: str, add: Callable[[Array], str]
) -> wire.Pooled:
    """Pool a matrix to at most a million cells; ``add`` keeps a buffer and returns its hash.

    Ink is averaged after scale, clamp and size table, one channel a sign: averaging values first and
    clamping later would be wrong on heavy tails.
    """
    seen = pool(cells, cells_at_most=MAX_EXACT_CELLS)
    ink = _mean_ink(cells, scale).astype("<f2")
    rows, cols = seen.mean.shape
    return wire.Pooled(
        rows=rows,
        cols=cols,
        block=(cells.values.shape[0] / rows, cells.values.shape[1] / cols),
        mean=add(seen.mean.astype("<f4")),
        ink=add(ink),
        flags=add(_flags(seen)),
        sensitivity=sensitivity,
    )


def _mean_ink(cells: Cells, scale: wire.Scale) -> Array:
    """The mean over each block of the share of a cell that its dot covers: (rows, cols, sign), plus first."""
    values, hidden = cells.values, cells.hidden
    table = np.asarray(size_table(), dtype=np.float32)
    steps = np.append(np.diff(table), np.float32(0))
    most = np.float32(len(table) - 1)

    def read(rows: slice) -> list[Array]:
        with np.errstate(all="ignore"):
            level = (np.abs(values[rows]) - scale.lo) / (scale.hi - scale.lo)
            level = np.nan_to_num(level.astype(np.float32, copy=False), nan=0.0, posinf=1.0)
            place = np.clip(level, 0, 1) * most
        whole = place.astype(np.intp)
        share = table[whole] + steps[whole] * (place - whole.astype(np.float32))
        shown = np.isfinite(values[rows]) if hidden is None else np.isfinite(values[rows]) & ~hidden[rows]
        share = np.where(shown, share, np.float32(0))
        plus, minus = share * (values[rows] > 0), share * (values[rows] < 0)
        everywhere = np.broadcast_to(1.0, share.shape)
        return [plus, minus, everywhere if hidden is None else ~hidden[rows]]

    rows, cols = values.shape
    *signs, area = area_sums(read, (rows, cols), cells_at_most=MAX_EXACT_CELLS)
    return np.stack([item / np.where(area > 0, area, 1) for item in signs], axis=-1)


def _flags(seen: Pooled) -> Array:
    """1 where a block holds a NaN, else 2 where it holds an infinity, else 0."""
    return np.where(seen.nan > 0, 1, np.where(seen.inf > 0, 2, 0)).astype(np.uint8)
