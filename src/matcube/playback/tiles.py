"""Tiles under numbers: their shape, in cells, and the colours of tile and digits, in linear light."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matcube.playback.ink import TILE_MIX, curve, mix

Floats = NDArray[np.float64]

HALF, ROUND, RING = 0.44, 0.09, 0.035  # half a side, radius of the corners, width of a zero's outline
DARK = 0.179  # darker tiles have white digits, others black: a contrast of 4.58 at least
CONTRAST = 4.6
_LUMINANCE = np.array([0.2126, 0.7152, 0.0722])


def tile_colour(a: Floats, colour: Floats, plate: Floats, level: Floats) -> Floats:
    """Colours (n, 3): ``mix(plate, colour, level·(0.20 + 0.80 a^0.8))``.

    Args:
        a: magnitudes (n,).
        colour: of full brightness (n, 3).
        plate: (3,) under the cells.
        level: of light (n,).
    """
    return mix(plate, colour, (level * curve(a, TILE_MIX))[:, None])


def digit_grey(tile: Floats, level: Floats) -> Floats:
    """The grey (n,) of digits: white or black in full light, else nearer to the tile, at 4.6 : 1 or so.

    Args:
        tile: colours (n, 3).
        level: of light (n,).
    """
    light = tile @ _LUMINANCE
    dark = light < DARK
    least = np.where(
        dark,
        np.minimum(CONTRAST * (light + 0.05) - 0.05, 1.0),
        np.maximum((light + 0.05) / CONTRAST - 0.05, 0.0),
    )
    return np.asarray(least + (np.where(dark, 1.0, 0.0) - least) * level)
