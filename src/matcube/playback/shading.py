"""Light on a ball, and its mean for a ball too small to show shading.

    shade = 0.42 + 0.58 max(0, n·l)      gloss = 0.22 max(0, n·h)^24

SHADE_MEAN and GLOSS_MEAN are the means over the disc that the ball covers; see docs/drawing.md.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

AMBIENT, DIFFUSE, GLOSS, SHININESS = 0.42, 0.58, 0.22, 24
OPERANDS, REST = 0.70, 0.35  # levels of light: what is looked at has 1


def _unit(x: float, y: float, z: float) -> tuple[float, float, float]:
    length = (x * x + y * y + z * z) ** 0.5
    return x / length, y / length, z / length


LIGHT = _unit(-0.35, 0.55, 0.76)
HALFWAY = _unit(LIGHT[0], LIGHT[1], LIGHT[2] + 1.0)


def disc_means(steps: int = 400) -> tuple[float, float]:
    """Means of shade and gloss over the unit disc, by the midpoint rule in radius² and angle."""
    radius = np.sqrt((np.arange(steps) + 0.5) / steps)[:, None]  # (steps, 1)
    angle = (np.arange(steps) + 0.5) * (2 * np.pi / steps)  # (steps,)
    x, y, z = radius * np.cos(angle), radius * np.sin(angle), np.sqrt(1 - radius**2)
    shade = AMBIENT + DIFFUSE * np.maximum(0.0, _dot((x, y, z), LIGHT))
    gloss = GLOSS * np.maximum(0.0, _dot((x, y, z), HALFWAY)) ** SHININESS
    return float(shade.mean()), float(gloss.mean())


def _dot(
    n: tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]],
    v: tuple[float, float, float],
) -> NDArray[np.float64]:
    return n[0] * v[0] + n[1] * v[1] + n[2] * v[2]


SHADE_MEAN, GLOSS_MEAN = disc_means()
