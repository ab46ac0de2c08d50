"""What the cells of a face lie on, and how much light each has; colours in linear light."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matcube.playback.ink import Look
from matcube.playback.pyramid import Array, Flags

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Inked(NamedTuple):
    """Ink and flags of cells as displayed."""

    ink: Array
    flags: Flags | None


class LitCells(NamedTuple):
    """Rows and columns of displayed places, from the first to the end or None for all, and their light."""

    rows: tuple[int, int] | None
    cols: tuple[int, int] | None
    level: float


@dataclass(frozen=True)
class Surface:
    """The plate under the cells of a face, and their light.

    Args:
        plate: (3,).
        opacity: of the plate; 0 for products inside a box, which are balls.
        pad: how far the plate reaches beyond the cells, cells.
        grid: period and length of its blocks along x and along y.
        masked: (3,) of the plate under masked cells.
        ring: (3,) the outline of a zero.
        zoom: samples to a pixel of the finished picture.
        look: from magnitudes to dots.
        rest: level of light of cells that are not lit.
        lit: the cells that are.
    """

    plate: Floats
    opacity: float
    pad: float
    grid: tuple[tuple[int, int], tuple[int, int]]
    masked: Floats
    ring: Floats
    zoom: float
    look: Look
    rest: float = 1.0
    lit: tuple[LitCells, ...] = ()

    def levels(self, row: Ints, col: Ints) -> Floats:
        """The light of cells (n,)."""
        out = np.full(row.shape, self.rest)
        for rows, cols, level in self.lit:
            inside = np.ones(row.shape, bool)
            for span, index in ((rows, row), (cols, col)):
                if span is not None:
                    inside &= (index >= span[0]) & (index < span[1])
            out = np.where(inside, np.maximum(out, level), out)
        return out
