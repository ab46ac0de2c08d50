"""Palettes and themes: colours and dot sizes as tables."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct, field


class Ink(Struct, frozen=True):
    """Colours of one theme; a colour is 0xRRGGBB in sRGB.

    ``negative`` and ``positive`` are tables over |v| from 0 to full brightness (64 entries each).
    """

    negative: list[int]
    positive: list[int]
    nan: int
    pos_inf: int
    neg_inf: int


class Palette(Struct, frozen=True):
    """A colour map, hue by sign; ``safe`` with a colour-vision deficiency."""

    name: str
    help: str
    safe: bool
    dark: Ink
    light: Ink


class Theme(Struct, frozen=True):
    """Ground and line colours, 0xRRGGBB in sRGB, and the sizes of dots on that ground.

    ``plate`` is under the cells of a face seen edge-on, ``plate_front`` of one seen frontally, ``masked``
    under masked cells; ``edge`` is the light on the nearest edge, ``side`` the thickness of a plate.
    ``sizes`` is the table of dot areas as shares of a cell, 64 entries over |v| up to full brightness.
    ``devices`` are the tints of blocks by device; they repeat, and none of them means a sign.
    """

    name: Literal["dark", "light"]
    ground: int
    text: int
    muted: int
    guide: int
    left: int
    right: int
    accent: int
    plate: int = 0  # pages of before 0.2.0 have no plates
    plate_front: int = 0
    masked: int = 0
    frame: int = 0
    edge: int = 0
    side: int = 0
    sizes: list[float] = field(default_factory=list)
    devices: list[int] = field(default_factory=list)
