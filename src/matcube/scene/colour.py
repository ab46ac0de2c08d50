"""Colour and size: palettes, themes and the table of dot areas.

A palette is a recipe, sampled once into tables; both renderers only look colours up. The area of the dot
shows the magnitude first, its lightness second, the hue shows the sign (in ``grey`` the lightness).

Source: OKLab is Björn Ottosson, "A perceptual color space for image processing" (2020).
"""

from __future__ import annotations

import colorsys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from matcube.playback.colour import pack, split, srgb_from_linear
from matcube.wire import Ink, Palette, Theme

Floats = NDArray[np.float64]
Curve = Callable[[float], Floats]

ENTRIES = 64
LEAST_RADIUS, FULL_RADIUS = 0.13, 0.47  # of dots, cells

LMS_FROM_RGB = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
LAB_FROM_LMS = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)


def linear_from_oklab(lab: ArrayLike) -> Floats:
    """Linear sRGB of OKLab, not clipped to [0, 1]."""
    lms = (np.asarray(lab, dtype=np.float64) @ np.linalg.inv(LAB_FROM_LMS).T) ** 3
    rgb: Floats = lms @ np.linalg.inv(LMS_FROM_RGB).T
    return rgb


def lch(lightness: float, chroma: float, hue_deg: float) -> Floats:
    """An OKLCh colour in sRGB; chroma is lowered until the colour is inside the gamut.

    Args:
        lightness: 0 to 1.
        chroma: of OKLCh.
        hue_deg: in degrees.
    """
    hue = np.deg2rad(hue_deg)
    low, high = 0.0, chroma
    for step in range(24):
        c = chroma if step == 0 else (low + high) / 2
        rgb = linear_from_oklab([lightness, c * np.cos(hue), c * np.sin(hue)])
        if np.all(rgb >= -1e-9) and np.all(rgb <= 1 + 1e-9):
            low = c
            if step == 0:
                break
        else:
            high = c
    rgb = linear_from_oklab([lightness, low * np.cos(hue), low * np.sin(hue)])
    return srgb_from_linear(np.clip(rgb, 0.0, 1.0))


def _ramp(light: tuple[float, float], chroma: tuple[float, float], hue: tuple[float, float]) -> Curve:
    """Lightness, chroma and hue, linear from their first to their second value."""

    def at(a: float) -> Floats:
        return lch(*(first + (last - first) * a for first, last in (light, chroma, hue)))

    return at


def _even(rgb: int) -> Curve:
    """One colour for all magnitudes, which the share of the plate in the mixture shows."""
    return lambda _: split(rgb)


def _hsl(sign: int, light: tuple[float, float]) -> Curve:
    """HSL as in mm, the predecessor of matcube: zero hue .77, gap .74, lightness growing with √a."""

    def at(a: float) -> Floats:
        hue = (0.77 + sign * (0.74 + 0.06 * a)) % 1.0
        return np.array(colorsys.hls_to_rgb(hue, light[0] + (light[1] - light[0]) * a**0.5, 1.0))

    return at


# NaN, +Inf and -Inf have shapes; their one colour differs from those of the signs in lightness, which every
# reader sees. On dark and on light ground.
SPECIAL = (0xF5E6FF, 0x3A0A4A)


@dataclass(frozen=True)
class Recipe:
    """The recipe of a palette.

    Args:
        help: one line for the panel.
        safe: signs can be distinguished with a colour-vision deficiency.
        dark: curves over a in [0, 1] on dark ground, negative and positive.
        light: the same on light ground.
        special: the colour of NaN and infinities, on dark and on light ground.
    """

    help: str
    safe: bool
    dark: tuple[Curve, Curve]
    light: tuple[Curve, Curve]
    special: tuple[int, int] = SPECIAL


def palettes() -> list[Palette]:
    """All palettes, the default first, sampled for the scene.

    Example:
        >>> [p.name for p in palettes()]
        ['glow', 'hue', 'blue-orange', 'purple-green', 'grey']
    """
    return list(_sampled())


@cache
def _sampled() -> tuple[Palette, ...]:
    return tuple(
        Palette(name, r.help, r.safe, _ink(r.dark, r.special[0]), _ink(r.light, r.special[1]))
        for name, r in PALETTES.items()
    )


def themes() -> list[Theme]:
    """The themes, dark first."""
    return list(THEMES.values())


def size_table() -> list[float]:
    """Area of a dot as share of its cell over |v| from 0 to full brightness.

    The radius is ``max(0.13, 0.47 √a)``: area in proportion to magnitude, but never too small to see.

    Example:
        >>> t = size_table(); (len(t), round(t[0], 3), round(t[-1], 3))
        (64, 0.053, 0.694)
    """
    radii = (max(LEAST_RADIUS, FULL_RADIUS * (i / (ENTRIES - 1)) ** 0.5) for i in range(ENTRIES))
    return [float(np.pi * radius**2) for radius in radii]


def _ink(curves: tuple[Curve, Curve], special: int) -> Ink:
    grid = [i / (ENTRIES - 1) for i in range(ENTRIES)]
    negative, positive = ([pack(curve(a)) for a in grid] for curve in curves)
    return Ink(negative, positive, special, special, special)


PALETTES: dict[str, Recipe] = {
    "glow": Recipe(
        "negative red-orange, positive blue",
        False,
        dark=(_even(0xFF7448), _even(0x4AA8FF)),
        light=(_even(0xC6421A), _even(0x1468C8)),
    ),
    "hue": Recipe(
        "negative red, positive blue, lightness growing with magnitude",
        False,
        dark=(_hsl(-1, (0.30, 0.62)), _hsl(1, (0.30, 0.62))),
        light=(_hsl(-1, (0.60, 0.36)), _hsl(1, (0.48, 0.26))),
    ),
    "blue-orange": Recipe(
        "negative orange, positive blue; safe for colour-blind readers",
        True,
        dark=(_ramp((0.48, 0.76), (0.11, 0.155), (58, 66)), _ramp((0.48, 0.76), (0.16, 0.135), (262, 248))),
        light=(_ramp((0.72, 0.50), (0.14, 0.12), (64, 56)), _ramp((0.72, 0.43), (0.13, 0.18), (250, 262))),
    ),
    "purple-green": Recipe(
        "negative purple, positive green; safe for colour-blind readers",
        True,
        dark=(_ramp((0.48, 0.74), (0.20, 0.17), (298, 304)), _ramp((0.48, 0.76), (0.12, 0.16), (122, 116))),
        light=(_ramp((0.70, 0.45), (0.16, 0.20), (306, 298)), _ramp((0.70, 0.46), (0.15, 0.11), (116, 122))),
    ),
    "grey": Recipe(
        "negative dark, positive bright; for prints without colour",
        True,
        dark=(_ramp((0.46, 0.55), (0, 0), (0, 0)), _ramp((0.75, 1.0), (0, 0), (0, 0))),
        light=(_ramp((0.75, 0.68), (0, 0), (0, 0)), _ramp((0.50, 0.15), (0, 0), (0, 0))),
    ),
}

THEMES: dict[str, Theme] = {
    "dark": Theme(
        "dark", ground=0x090C11, text=0xF2F6FB, muted=0x8794A5, guide=0x46515F, left=0x9FB0C4, right=0x9FB0C4,
        accent=0xFFD27A, plate=0x141A22, plate_front=0x1B222C, masked=0x0B0F14, frame=0x46515F, edge=0xDCE8F5,
        side=0x76879B, sizes=size_table(),
        devices=[0xA6F2C6, 0xC583EE, 0x2E9E74, 0xFFC4E4, 0xB9B45A, 0x8F5BA6, 0x7DB8B0, 0xE6E0F4],
    ),
    "light": Theme(
        "light", ground=0xFFFFFF, text=0x11161C, muted=0x64707C, guide=0xB4BDC7, left=0x5B6672,
        right=0x5B6672, accent=0x9A5B00, plate=0xF1F3F6, plate_front=0xF6F7F9, masked=0xE6E9ED,
        frame=0x8D98A5, edge=0x2A323C, side=0x6B7683, sizes=size_table(),
        devices=[0x008020, 0xA06AEC, 0x810057, 0x969037, 0xE55AA9, 0x4D4A17, 0x6B30AF, 0x906179],
    ),
}  # fmt: skip
