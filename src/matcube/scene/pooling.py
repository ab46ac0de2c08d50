"""A large matrix as it travels: averages of blocks, as values to read and as ink to draw."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from matcube.ops import Array, Cells
from matcube.scene import head as wire
from matcube.scene.colour import size_table
from matcube.values import Pooled, pool

MAX_EXACT_CELLS = 1 << 20


def pooled_matrix(
    cells: Cells, scale: wire.Scale, sensitivity: str, add: Callable[[Array], str]
) -> wire.Pooled:
    """Pool a matrix to at most a million cells; ``add`` keeps a buffer and returns its hash.

    Ink is averaged after scale, clamp and size table, one channel a sign: averaging values first and
    clamping later would be wrong on heavy tails.
    """
    seen = pool(cells, cells_at_most=MAX_EXACT_CELLS)
    positive, negative = (_mean_ink(cells, scale, sign) for sign in (1, -1))
    ink = np.stack([positive, negative], axis=-1).astype("<f2")
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


def _mean_ink(cells: Cells, scale: wire.Scale, sign: int) -> Array:
    """The mean over each block of the share of a cell that its dot covers, for values of one sign."""
    table = np.asarray(size_table(), dtype=np.float32)
    with np.errstate(all="ignore"):
        level = (np.abs(cells.values) - scale.lo) / (scale.hi - scale.lo)
        place = np.clip(level, 0, 1) * np.float32(len(table) - 1)
        share = np.interp(place, np.arange(len(table)), table).astype(np.float32)
        keep = np.isfinite(cells.values) & (cells.values * sign > 0)
    ink = np.where(keep, share, np.float32(0))
    return np.nan_to_num(pool(Cells(ink, cells.hidden), cells_at_most=MAX_EXACT_CELLS).mean)


def _flags(seen: Pooled) -> Array:
    """1 where a block holds a NaN, else 2 where it holds an infinity, else 0."""
    return np.where(seen.nan > 0, 1, np.where(seen.inf > 0, 2, 0)).astype(np.uint8)
