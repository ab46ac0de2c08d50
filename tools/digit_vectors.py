"""Vectors of the numbers on cells: their formats, texts, fields of distances and when they appear."""

from __future__ import annotations

import math
from typing import Any, Literal

import numpy as np

from matcube.playback.digits import clarity, codes_of, number_format, number_text, pull_of, reading_way
from matcube.playback.glyphs import GLYPHS, fields

_VALUES = (
    [1.0, 2, 12, -3, 0],
    [0.47, -0.005, 0.0, 0.004, -2.5, 0.125, 1.375],
    [0.03125, 0.09, -1e-7],
    [1.5e-3, -9.96e-3, 2e-300, 0.0],
    [250.5, -99999.5, 1e5, 1.25e7, 0.49],
    [math.nan, math.inf, -math.inf, -0.0, 3],
    [1e300, -1e-300, 9.99e99],
)
_STYLES: tuple[tuple[int | None, Literal["auto", "always"]], ...] = ((None, "auto"), (3, "always"))


def vectors() -> dict[str, Any]:
    """The content of ``digits.json``."""
    cases = []
    for values in _VALUES:
        cells = np.array(values)
        sizes = np.abs(cells[np.isfinite(cells)])
        for digits, numbers in _STYLES:
            hi = float(sizes.max())
            form = number_format(cells, hi=hi, digits=digits, numbers=numbers)
            texts = [number_text(value, form) for value in values]
            cases.append({
                "values": [repr(float(v)) for v in values], "hi": hi, "digits": digits, "numbers": numbers,
                "decimals": form.decimals, "exponent": form.exponent, "em": form.em, "least": form.least,
                "texts": texts, "codes": [codes_of(text) for text in texts],
            })  # fmt: skip
    return {
        "about": "numbers on cells",
        "cases": cases,
        "glyphs": [
            {"sign": sign, "advance": advance, "strokes": strokes, "field": field[::5, ::5].ravel()}
            for (sign, advance, strokes), field in zip(GLYPHS, fields(), strict=True)
        ],
        "clear": [_clear(z, least) for z in (-20.0, 31.0, 4.0) for least in (24.0, 38.5)],
    }


def _clear(z: float, least: float) -> dict[str, Any]:
    eye, sizes, pixel = np.array([3.0, -9.0, z]), (20, 12), 1 / 1000
    cells = np.array([[0.5, 0.5], [19.5, 11.5], [7.5, 2.5]])
    made = clarity(
        eye, cells, middle=np.array([10.0, 6.0]), sizes=sizes, pixel=pixel, least=np.full(3, least)
    )
    return {
        "eye": eye, "cells": cells, "middle": [10, 6], "pull": pull_of(sizes), "pixel": pixel,
        "sizes": sizes, "least": least, "clarity": made, "way": reading_way(z, -0.5),
    }  # fmt: skip
