"""Tiles under numbers: their shape, in cells, and the colours of tile and digits, in linear light."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matcube.playback.ink import FULL_CELL

Floats = NDArray[np.float64]

HALF, ROUND, RING = 0.44, 0.09, 0.035  # half a side, radius of the corners, width of a zero's outline
FAINTEST = 0.15  # share of a dot's colour in the tile of the smallest dot
DARK = 0.179  # darker tiles have white digits, others black: a contrast of 4.58 at least
CONTRAST = 4.6
_LUMINANCE = np.array([0.2126, 0.7152, 0.0722])


def tile_colour(ink: Floats, ground: Floats, weight: float) -> Floats:
    """Colours (n, 3): ``mix(ground, c, weight·(0.15 + 0.85·4u/π))`` with c the dot's colour.

    Args:
        ink: of the cells, premultiplied (n, 4); u is the last.
        ground: (3,) behind the figure.
        weight: share of the ink that is left.
    """
    u = ink[:, 3:]
    colour = ink[:, :3] / np.maximum(u, 1e-9)
    share = weight * (FAINTEST + (1 - FAINTEST) * np.minimum(u / FULL_CELL, 1.0))
    return np.asarray(ground + (colour - ground) * share)


def digit_grey(tile: Floats, weight: float) -> Floats:
    """The grey (n,) of digits: white or black at full weight, else nearer to the tile, at 4.6 : 1 or so.

    Args:
        tile: colours (n, 3).
        weight: share of the ink that is left.
    """
    light = tile @ _LUMINANCE
    dark = light < DARK
    least = np.where(
        dark,
        np.minimum(CONTRAST * (light + 0.05) - 0.05, 1.0),
        np.maximum((light + 0.05) / CONTRAST - 0.05, 0.0),
    )
    return np.asarray(least + (np.where(dark, 1.0, 0.0) - least) * weight)
