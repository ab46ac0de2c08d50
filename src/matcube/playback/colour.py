"""Colours: stored as 0xRRGGBB in sRGB, mixed in linear light."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def linear_from_srgb(srgb: ArrayLike) -> Floats:
    """Linear light of sRGB components in [0, 1]."""
    c = np.asarray(srgb, dtype=np.float64)
    return np.where(c <= 0.04045, c / 12.92, ((np.maximum(c, 0.0) + 0.055) / 1.055) ** 2.4)


def srgb_from_linear(linear: ArrayLike) -> Floats:
    """The sRGB components of linear light in [0, 1]."""
    c = np.asarray(linear, dtype=np.float64)
    return np.where(c <= 0.0031308, c * 12.92, 1.055 * np.maximum(c, 0.0) ** (1 / 2.4) - 0.055)


def split(colour: int) -> Floats:
    """The three sRGB components in [0, 1] of 0xRRGGBB."""
    return np.array([colour >> 16 & 255, colour >> 8 & 255, colour & 255]) / 255.0


def pack(srgb: ArrayLike) -> int:
    """0xRRGGBB of three sRGB components in [0, 1]."""
    r, g, b = (round(float(c) * 255) for c in np.clip(np.asarray(srgb, dtype=np.float64), 0.0, 1.0))
    return r << 16 | g << 8 | b
