"""A line or a filled triangle of a picture."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Mark:
    """A segment (2 points) or a filled triangle (3 points) in the world.

    Args:
        points: (2 or 3, 3).
        colour: 0xRRGGBB in sRGB.
        opacity: of its full coverage.
        width: of a segment, pixels.
    """

    points: Floats
    colour: int
    opacity: float = 1.0
    width: float = 1.0
