"""Values to ink: the share of its cell that a dot covers, in the palette's colour.

See docs/drawing.md:

    a = clamp((|v|·contrast - lo) / (hi - lo), 0, 1)      u = min(sizes(a)·dot_scale², π/4)
    ink = (u c_r, u c_g, u c_b, u),  c = palette(sign v, a) in linear light
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from matcube.playback.colour import linear_from_srgb, split
from matcube.wire import Ink, Scale

Pixels = NDArray[np.float32]
Flags = NDArray[np.uint8]

FULL_CELL = np.pi / 4
MASKED_AREA = 0.012
NAN, POS_INF, NEG_INF = 1, 2, 3

_STEPS = 4095  # fine enough that rounding a moves no channel by 1/5000
_CHUNK = 1 << 20
_BIG = 1 << 22  # cells from which ink is f16 instead of f32


@dataclass(frozen=True)
class Look:
    """Magnitude to ink: the tables of the scene and the two sliders of the reader."""

    ink: Ink
    sizes: tuple[float, ...]
    dot_scale: float = 1.0
    contrast: float = 1.0

    def area(self, a: NDArray[np.float64]) -> NDArray[np.float64]:
        """u(a), the share of the cell."""
        grid = np.linspace(0.0, 1.0, len(self.sizes))
        return np.minimum(np.interp(a, grid, self.sizes) * self.dot_scale**2, FULL_CELL)

    def colour(self, a: NDArray[np.float64], *, positive: bool) -> NDArray[np.float64]:
        """Linear colours (n, 3) of magnitudes: the table is interpolated in sRGB."""
        table = np.stack([split(c) for c in (self.ink.positive if positive else self.ink.negative)])
        grid = np.linspace(0.0, 1.0, len(table))
        return linear_from_srgb(np.stack([np.interp(a, grid, table[:, c]) for c in range(3)], axis=1))

    @cached_property
    def table(self) -> Pixels:
        """Ink by index: -_STEPS .. _STEPS at index + _STEPS, then NaN, +Inf, -Inf and masked cells."""
        a = np.linspace(0.0, 1.0, _STEPS + 1)
        u = self.area(a)[:, None]
        signs = [np.concatenate([u * self.colour(a, positive=p), u], axis=1) for p in (False, True)]
        table = np.concatenate([signs[0][::-1], signs[1][1:], self.special()]).astype(np.float32)
        table[_STEPS] = 0.0
        return table

    def special(self) -> Pixels:
        """Ink of NaN, +Inf, -Inf and masked cells (4, 4)."""
        colours = (self.ink.nan, self.ink.pos_inf, self.ink.neg_inf, self.ink.masked)
        areas = (FULL_CELL, FULL_CELL, FULL_CELL, MASKED_AREA)
        rows = [[*(linear_from_srgb(split(colour)) * u), u] for colour, u in zip(colours, areas, strict=True)]
        return np.array(rows, dtype=np.float32)


def ink_of(
    values: NDArray[np.floating], *, mask: Flags | None, scale: Scale, look: Look
) -> tuple[NDArray[np.floating], Flags | None]:
    """Ink (r, c, 4) and flags (r, c) of a matrix; no flags if all unmasked cells are finite.

    Args:
        values: (r, c).
        mask: (r, c), not 0 where masked; or None.
        scale: of the matrix.
        look: tables and sliders.
    """
    ink = np.empty((values.size, 4), np.float16 if values.size > _BIG else np.float32)
    flags = np.zeros(values.size, np.uint8)
    flat = values.reshape(-1)
    hidden = None if mask is None else mask.reshape(-1) != 0
    for start in range(0, values.size, _CHUNK):
        chunk = slice(start, start + _CHUNK)
        ink[chunk], flags[chunk] = _chunk(
            flat[chunk], None if hidden is None else hidden[chunk], scale, look.contrast, look.table
        )
    return ink.reshape(*values.shape, 4), flags.reshape(values.shape) if flags.any() else None


def pooled_ink(pairs: NDArray[np.floating], *, look: Look) -> NDArray[np.floating]:
    """Ink (r, c, 4) of mean areas (r, c, 2), positive and negative: ``u+ c+(1) + u- c-(1)``.

    Areas are in proportion to dot_scale², up to π/4 in sum.
    """
    full = np.ones(1)
    positive, negative = (look.colour(full, positive=p)[0].astype(np.float32) for p in (True, False))
    areas = pairs.astype(np.float32) * np.float32(look.dot_scale**2)
    areas *= np.minimum(1, np.float32(FULL_CELL) / np.maximum(areas.sum(axis=-1, keepdims=True), 1e-9))
    plus, minus = areas[..., :1], areas[..., 1:]
    return np.concatenate([plus * positive + minus * negative, plus + minus], axis=-1)


def _chunk(
    values: NDArray[np.floating],
    hidden: NDArray[np.bool_] | None,
    scale: Scale,
    contrast: float,
    lut: Pixels,
) -> tuple[Pixels, Flags]:
    v = values.astype(np.float64)
    finite = np.isfinite(v)
    clean = finite.all()
    if not clean:
        v = np.where(finite, v, 0.0)
    with np.errstate(over="ignore"):
        a = np.clip((np.abs(v) * contrast - scale.lo) / (scale.hi - scale.lo), 0.0, 1.0)
    index = (np.rint(a * _STEPS) * np.sign(v)).astype(np.int64) + _STEPS
    flags = np.zeros(v.size, np.uint8)
    if not clean:
        flags[np.isnan(values)] = NAN
        flags[np.isposinf(values)] = POS_INF
        flags[np.isneginf(values)] = NEG_INF
        index = np.where(flags > 0, 2 * _STEPS + flags.astype(np.int64), index)
    if hidden is not None:
        index[hidden] = 2 * _STEPS + 4
        flags[hidden] = 0
    return np.take(lut, index, axis=0), flags
