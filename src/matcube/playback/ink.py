"""Values to ink: how strongly a cell is inked, and what its dot and its tile look like.

See docs/drawing.md:

    a = clamp((|v|·contrast - lo) / (hi - lo), 0, 1)
    u = min(strength(a)·dot_scale², 1),   strength(a) = 0.07 + 0.93 a^0.6
    ink = (u of a positive value, a, 1 where masked, u)

Colours are mixed by the square roots of linear light: ``mix(p, c, s) = (√p + (√c - √p) s)²``.
The dots of a softmax are larger and denser, and its largest go toward the colour of text.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from matcube.playback.colour import linear_from_srgb, split
from matcube.wire import Ink, Scale

Pixels = NDArray[np.float32]
Floats = NDArray[np.float64]
Flags = NDArray[np.uint8]

LARGEST_DOT = 0.5  # radius, cells
NAN, POS_INF, NEG_INF = 1, 2, 3
STRENGTH = (0.07, 0.93, 0.6)
DOT_MIX = (0.42, 0.58, 0.7)
TILE_MIX = (0.20, 0.80, 0.8)
SHARES_MIX = (0.62, 0.38, 0.7)  # of the dots of a softmax
SHARES_RADIUS = 0.235  # at least
BRIGHT_FROM, BRIGHT = 0.75, 0.5  # from this magnitude on toward the colour of text, at last by this share

_STEPS = 4095  # fine enough that rounding a moves no channel by 1/5000
_MASKED = 2 * (_STEPS + 1) + 4
_CHUNK = 1 << 20
_BIG = 1 << 22  # cells from which ink is f16 instead of f32


def curve(a: ArrayLike, constants: tuple[float, float, float]) -> Floats:
    """``first + second · a^power`` of magnitudes in [0, 1]."""
    first, second, power = constants
    return np.asarray(first + second * np.asarray(a, np.float64) ** power)


def strength(a: ArrayLike) -> Floats:
    """The ink of a value that is not zero, 0.07 to 1.

    Example:
        >>> strength([0.0, 1.0]).tolist()
        [0.07, 1.0]
    """
    return curve(a, STRENGTH)


def mix(plate: ArrayLike, colour: ArrayLike, share: ArrayLike) -> Floats:
    """Two colours in linear light, mixed evenly to the eye: by their square roots.

    Args:
        plate: the one that share 0 gives.
        colour: the one that share 1 gives.
        share: from 0 to 1.
    """
    root = np.sqrt(np.asarray(plate, np.float64))
    mixed = root + (np.sqrt(np.asarray(colour, np.float64)) - root) * np.asarray(share, np.float64)
    return np.asarray(mixed * mixed)


@dataclass(frozen=True)
class Look:
    """Magnitude to ink: the tables of the scene and the two sliders of the reader.

    Args:
        ink: colours.
        sizes: areas of dots over a.
        plate: colour of a plate seen from the front, 0xRRGGBB, into which dots are mixed.
        dot_scale: of the radii.
        contrast: of the values.
        bright: colour of text, 0xRRGGBB, for the dots of a softmax; None for other matrices.
    """

    ink: Ink
    sizes: tuple[float, ...]
    plate: int = 0
    dot_scale: float = 1.0
    contrast: float = 1.0
    bright: int | None = None

    def radius(self, a: ArrayLike) -> Floats:
        """The radius of a dot, cells."""
        grid = np.linspace(0.0, 1.0, len(self.sizes))
        radius = np.sqrt(np.interp(np.asarray(a, np.float64), grid, self.sizes) / np.pi)
        least = 0.0 if self.bright is None else SHARES_RADIUS
        return np.minimum(np.maximum(radius, least) * self.dot_scale, LARGEST_DOT)

    def area(self, a: ArrayLike) -> Floats:
        """The share of the cell that a dot covers."""
        return np.asarray(np.pi * self.radius(a) ** 2)

    def colour(self, a: ArrayLike, *, positive: bool) -> Floats:
        """Linear colours (n, 3) of the palette: the table is interpolated in sRGB."""
        table = np.stack([split(c) for c in (self.ink.positive if positive else self.ink.negative)])
        grid, a = np.linspace(0.0, 1.0, len(table)), np.asarray(a, np.float64)
        return linear_from_srgb(np.stack([np.interp(a, grid, table[:, c]) for c in range(3)], axis=1))

    def dot(self, a: ArrayLike, *, positive: bool) -> Floats:
        """Linear colours (n, 3) of dots: the palette's, mixed into the plate."""
        plate, colour = linear_from_srgb(split(self.plate)), self.colour(a, positive=positive)
        if self.bright is None:
            return mix(plate, colour, curve(a, DOT_MIX)[:, None])
        share = BRIGHT * np.clip((np.asarray(a, np.float64) - BRIGHT_FROM) / (1 - BRIGHT_FROM), 0.0, 1.0)
        dot = mix(plate, colour, curve(a, SHARES_MIX)[:, None])
        return mix(dot, linear_from_srgb(split(self.bright)), share[:, None])

    @cached_property
    def full(self) -> Floats:
        """Linear colours (2, 3) of full brightness, negative and positive."""
        return np.concatenate([self.colour([1.0], positive=p) for p in (False, True)])

    @cached_property
    def special(self) -> Floats:
        """Linear colours (3, 3) of NaN, +Inf and -Inf."""
        return linear_from_srgb(
            np.stack([split(c) for c in (self.ink.nan, self.ink.pos_inf, self.ink.neg_inf)])
        )

    @cached_property
    def table(self) -> Pixels:
        """Ink by index: zero, the steps of positive and of negative values, NaN, +Inf, -Inf, masked cells."""
        a = np.linspace(0.0, 1.0, _STEPS + 1)
        u = np.minimum(strength(a) * self.dot_scale**2, 1.0)
        zero = np.zeros_like(u)
        plus, minus = (np.stack([first, a, zero, u], axis=1) for first in (u, zero))
        rest = np.zeros((4, 4))
        rest[3, 2] = 1.0
        return np.concatenate([np.zeros((1, 4)), plus, minus, rest]).astype(np.float32)


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
        ink[chunk], flags[chunk] = _chunk(flat[chunk], None if hidden is None else hidden[chunk], scale, look)
    return ink.reshape(*values.shape, 4), flags.reshape(values.shape) if flags.any() else None


def pooled_ink(pairs: NDArray[np.floating], *, look: Look) -> NDArray[np.floating]:
    """Ink (r, c, 4) of mean strengths (r, c, 2), positive and negative.

    Strengths are in proportion to dot_scale², up to 1 in sum.
    """
    means = pairs.astype(np.float32) * np.float32(look.dot_scale**2)
    means *= np.minimum(1, 1 / np.maximum(means.sum(axis=-1, keepdims=True), 1e-9))
    plus, both = means[..., :1], means.sum(axis=-1, keepdims=True)
    return np.concatenate([plus, both, np.zeros_like(both), both], axis=-1)


def _chunk(
    values: NDArray[np.floating], hidden: NDArray[np.bool_] | None, scale: Scale, look: Look
) -> tuple[Pixels, Flags]:
    v = values.astype(np.float64)
    finite = np.isfinite(v)
    clean = finite.all()
    if not clean:
        v = np.where(finite, v, 0.0)
    with np.errstate(over="ignore"):
        a = np.clip((np.abs(v) * look.contrast - scale.lo) / (scale.hi - scale.lo), 0.0, 1.0)
    index = np.rint(a * _STEPS).astype(np.int64) + (1 + (_STEPS + 1) * (v < 0))
    index[v == 0] = 0
    flags = np.zeros(v.size, np.uint8)
    if not clean:
        flags[np.isnan(values)] = NAN
        flags[np.isposinf(values)] = POS_INF
        flags[np.isneginf(values)] = NEG_INF
        index = np.where(flags > 0, 2 * _STEPS + 2 + flags.astype(np.int64), index)
    if hidden is not None:
        index[hidden] = _MASKED
        flags[hidden] = 0
    return np.take(look.table, index, axis=0), flags
