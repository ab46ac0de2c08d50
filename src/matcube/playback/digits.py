"""Numbers on cells: how the values of a matrix are written, how large, and from which distance.

Units of length are cells; see docs/drawing.md, "Numbers".
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from matcube.playback.glyphs import SIGNS, advances

Floats = NDArray[np.float64]

LONGEST = 8  # signs of a number
LARGEST = 0.46  # em
ROOM = 0.76  # for the widest number
LEAST_CELL, LEAST_EM = 24.0, 10.0  # pixels, of a cell and of an em
LEAST_ALWAYS = 4.0  # pixels of an em when numbers are always shown
FADE = 1 / 24  # over this share of the least size a number appears
OBLIQUE = (0.10, 0.13)
ALIKE = 32  # the cells of a face with half as many a side appear together
_FIXED = 1e5  # from here on with an exponent


@dataclass(frozen=True)
class NumberFormat:
    """How the numbers of a matrix are written.

    Args:
        decimals: digits after the point; of the first factor with an exponent.
        exponent: all are written with an exponent.
        em: the size of the digits, cells.
        least: the size of a cell from which numbers appear, pixels.
    """

    decimals: int
    exponent: bool
    em: float
    least: float


def number_format(
    values: NDArray[Any],
    *,
    hi: float,
    digits: int | None = None,
    numbers: Literal["auto", "always"] = "auto",
) -> NumberFormat:
    """The format of a matrix: two to three digits at the value of full brightness.

    Args:
        values: of all cells.
        hi: the value of full brightness.
        digits: the number of decimals, or None to choose it.
        numbers: ``always`` shows them as soon as an em is 4 pixels.

    Example:
        >>> number_format(np.array([0.47, -3.0]), hi=3.0).decimals
        2
    """
    finite = values[np.isfinite(values)].astype(np.float64)
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)
    size = hi if math.isfinite(hi) and hi > 0 else 1.0
    exponent = False
    if digits is not None:
        decimals = digits
    elif max(-low, high) < _FIXED and bool((finite == np.floor(finite)).all()):
        decimals = 0
    elif 0.01 <= size < _FIXED:
        decimals = 3 if size < 0.1 else 2 if size < 10 else 1 if size < 100 else 0
    else:
        decimals, exponent = 1, True
    draft = NumberFormat(decimals, exponent, LARGEST, 0.0)
    widest = max(width_of(number_text(value, draft)) for value in (low, high))
    em = min(LARGEST, ROOM / widest)
    least = LEAST_ALWAYS / em if numbers == "always" else max(LEAST_CELL, LEAST_EM / em)
    return NumberFormat(decimals, exponent, em, least)


def number_text(value: float, form: NumberFormat) -> str:
    """A number as its cell shows it; halves are rounded away from zero, and only zero is "0".

    Args:
        value: of the cell.
        form: of its matrix.

    Example:
        >>> form = NumberFormat(2, False, 0.46, 24.0)
        >>> [number_text(v, form) for v in (-0.47, 0.0, 0.0012, math.inf)]
        ['−0.47', '0', '1.2e−3', '∞']
    """
    if math.isnan(value):
        return "NaN"
    sign = "−" if value < 0 else ""
    if math.isinf(value):
        return sign + "∞"
    if value == 0:
        return "0"
    exact = abs(Decimal(value))
    if not form.exponent and exact < _FIXED:
        fixed = exact.quantize(Decimal(1).scaleb(-form.decimals), ROUND_HALF_UP)
        text = sign + f"{fixed:f}"
        if fixed and len(text) <= LONGEST:
            return text
    for decimals in range(form.decimals if form.exponent else 1, -1, -1):
        text = sign + _scientific(exact, decimals)
        if len(text) <= LONGEST:
            break
    return text


def _scientific(value: Decimal, decimals: int) -> str:
    """A positive number with an exponent: 1.2e−3."""
    power = value.adjusted()
    factor = value.scaleb(-power).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    if factor >= 10:
        factor, power = (factor / 10).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP), power + 1
    return f"{factor:f}e{power}".replace("-", "−")


def width_of(text: str) -> float:
    """The width of a number, ems."""
    wide = advances()
    return float(sum(wide[SIGNS.index(sign)] for sign in text))


def codes_of(text: str) -> list[int]:
    """The signs of a number, 1 for the first of ``SIGNS``, filled up with 0 to LONGEST.

    Example:
        >>> codes_of("10")
        [2, 1, 0, 0, 0, 0, 0, 0]
    """
    return ([SIGNS.index(sign) + 1 for sign in text] + [0] * LONGEST)[:LONGEST]


def clarity(
    eye: Floats, centre: Floats, *, middle: Floats, sizes: tuple[int, int], pixel: float, least: Floats
) -> Floats:
    """How far the number of each cell has appeared, 0 to 1.

    With t the distance, ``γ`` the cosine of the view on the plane and ``s = sqrt(γ) / (t·pixel)`` the size of
    the cell, it is ``clamp((s/least - 1)/FADE, 0, 1) · smoothstep(OBLIQUE, γ)``, at the middle of the cell
    drawn to that of the face by ``clamp(2 - 2·longer side/ALIKE, 0, 1)``.

    Args:
        eye: (3,) in the frame of the face.
        centre: of cells (n, 2).
        middle: of the whole face (2,).
        sizes: columns and rows of the whole face.
        pixel: the angle of a pixel.
        least: (n,) sizes from which numbers appear, pixels.
    """
    pull = pull_of(sizes)
    centre = centre + (middle - centre) * pull
    away = np.sqrt((centre[:, 0] - eye[0]) ** 2 + (centre[:, 1] - eye[1]) ** 2 + eye[2] ** 2)
    cosine = np.abs(eye[2]) / np.maximum(away, 1e-9)
    size = np.sqrt(cosine) / np.maximum(away * pixel, 1e-12)
    s = np.clip((cosine - OBLIQUE[0]) / (OBLIQUE[1] - OBLIQUE[0]), 0.0, 1.0)
    return np.asarray(np.clip((size / least - 1) / FADE, 0.0, 1.0) * s * s * (3 - 2 * s))


def pull_of(sizes: tuple[int, int]) -> float:
    """How far cells of a face of so many columns and rows appear together, 0 to 1."""
    return min(1.0, max(0.0, 2 - 2 * max(sizes) / ALIKE))


def reading_way(eye_z: float, right_x: float) -> tuple[int, int]:
    """The directions (±1, ±1) of text along columns and rows: to the right in the picture, never mirrored.

    Args:
        eye_z: of the eye in the frame of the face.
        right_x: of the camera's right in that frame.
    """
    along = 1 if right_x >= 0 else -1
    return along, along if eye_z < 0 else -along
