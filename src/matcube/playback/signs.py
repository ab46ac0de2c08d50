"""Shapes of NaN (a cross), +Inf and -Inf (triangles up and down), in a square of side 1 about the origin."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matcube.playback.ink import NAN, NEG_INF

Floats = NDArray[np.float64]

REACH = 0.36  # of the shapes from the middle
PEN = 0.09  # half the width of a stroke of the cross
HALO = 0.10  # of the plate around a shape
LEAST_PX = 9.0  # a shape has the size of a texel of flags that is at least so large
TRIANGLE = (0.8944272, 0.4472136)  # the normal of a slanted side: 2 across to 1 down


def outside(flag: NDArray[np.uint8], x: Floats, y: Floats) -> Floats:
    """The signed distance (n,) of points to the shape of a flag, negative inside.

    Args:
        flag: NAN, POS_INF or NEG_INF of each point.
        x: to the right as read.
        y: downward as read.
    """
    diagonal = np.minimum(np.abs(x + y), np.abs(x - y)) * np.sqrt(0.5) - PEN
    cross = np.maximum(diagonal, np.maximum(np.abs(x), np.abs(y)) - REACH)
    down = np.where(flag == NEG_INF, -y, y)
    slanted = TRIANGLE[0] * np.abs(x) - TRIANGLE[1] * (down + REACH)
    triangle = np.maximum(slanted, down - REACH)
    return np.where(flag == NAN, cross, triangle)
