"""The far view: texels of one or two pixels that keep the sign; see docs/drawing.md, "Far".

A texel with mean strengths P and N of its positive and negative cells has the ink ``P + N`` and the positive
colour where ``P > noise · (P + N)``: of any region, both colours have their own shares, and nothing between
them is ever drawn.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matcube.playback.pyramid import Array

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Pixels = NDArray[np.float32]

NOISE = (0xC13FA9A9, 0x91E10DA5)  # the plastic number's sequence: 2^32 / 1.32472 and / 1.32472²
SHIFT = (0x9E3779B1, 0x85EBCA77, 0x2C1B3C6D)  # of squares of 4 × 4 texels, so that no weave is seen
_WORD = np.uint64(0xFFFFFFFF)
MOST_FINER = 3  # how many halvings finer one side is read than the other


def noise(x: Ints, y: Ints) -> Floats:
    """A number in [0, 1) for each texel, even over any neighbourhood.

    Args:
        x: column of the texel.
        y: row of the texel.
    """
    u, v = x.astype(np.uint64), y.astype(np.uint64)
    a, b, c = (np.uint64(factor) for factor in SHIFT)
    two, high, low = np.uint64(2), np.uint64(15), np.uint64(8)
    square = ((u >> two) * a & _WORD) ^ ((v >> two) * b & _WORD)
    square = (square ^ (square >> high)) * c & _WORD
    across, down = (np.uint64(factor) for factor in NOISE)
    mixed = (u * across + v * down + square) & _WORD
    return np.asarray((mixed >> low).astype(np.float64) / 2**24)


def halvings(extent: Floats, cells: int) -> Ints:
    """How often the cells of a side are halved so that a texel is as wide as a pixel or wider.

    Args:
        extent: of a pixel along the side, cells.
        cells: of the side.
    """
    most = int(cells).bit_length() - 1
    return np.clip(np.ceil(np.log2(np.maximum(extent, 1e-6)) - 1e-4), 0, most).astype(np.int64)


def texels(
    levels: list[Array], x: Floats, y: Floats, wide: Floats, high: Floats
) -> tuple[Pixels, Ints, Ints]:
    """Means of the ink under pixels (n, 4), and the columns and rows of their texels.

    Args:
        levels: ink, the finest first.
        x: places of the pixels, cells of the finest level.
        y: the same, downward.
        wide: extents of the pixels along x, cells.
        high: extents along y.
    """
    rows, cols = levels[0].shape[:2]
    across, down = halvings(wide, cols), halvings(high, rows)
    level = np.maximum(np.minimum(across, down), np.maximum(across, down) - MOST_FINER)
    level = np.minimum(level, len(levels) - 1)
    out = np.zeros((x.size, 4), np.float32)
    sides = []
    for place, cells, many in ((x, cols, across), (y, rows, down)):
        count = np.maximum(1, cells >> many)
        sides.append((np.clip((place * (count / cells)).astype(np.int64), 0, count - 1), cells / count))
    key = (level * 64 + across) * 64 + down
    for kind in np.unique(key):
        index = np.flatnonzero(key == kind)
        at = int(level[index[0]])
        table = levels[at]
        taps = [max(1, 1 << max(int(many[index[0]]) - at, 0)) for many in (across, down)]
        for v in _spots(sides[1], index, taps[1], rows, table.shape[0]):
            for u in _spots(sides[0], index, taps[0], cols, table.shape[1]):
                out[index] += table[v, u]
        out[index] /= np.float32(taps[0] * taps[1])
    return out, sides[0][0], sides[1][0]


def _spots(side: tuple[Ints, Floats], index: Ints, taps: int, cells: int, count: int) -> list[Ints]:
    """Indices in a level of ``count`` texels of the ``taps`` parts of some texels."""
    first, size = side
    return [
        np.minimum(
            ((first[index] + (n + 0.5) / taps) * size[index] * (count / cells)).astype(np.int64), count - 1
        )
        for n in range(taps)
    ]
