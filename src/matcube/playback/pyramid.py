"""The ink pyramid: levels by area-weighted halving of any size, and their sampling."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating]
Floats = NDArray[np.float64]
Pixels = NDArray[np.float32]
Flags = NDArray[np.uint8]
Cell = TypeVar("Cell", bound=np.generic)

MAX_TAPS = 16
_TOUCH = 1e-6  # least share by which a coarse cell touches a fine one
_TAPS = (1, 2, 3, 4, 6, 8, 12, 16)


def levels_of(ink: Array, *, peak: bool = False) -> list[Array]:
    """All levels of ink (r, c, channels), the finest first, down to 1 x 1.

    With ``peak`` a coarse cell is the one of largest coverage (the last channel) among those that it touches.
    """
    halve = _peak if peak else _halve
    out = [ink]
    while out[-1].shape[0] > 1 or out[-1].shape[1] > 1:
        coarse = halve(halve(out[-1], axis=0), axis=1)
        out.append(coarse.astype(ink.dtype))
    return out


def flag_levels_of(flags: Flags) -> list[Flags]:
    """All levels of flags (r, c): a coarse cell has the greatest flag of the cells that it touches."""
    out = [flags]
    while out[-1].shape[0] > 1 or out[-1].shape[1] > 1:
        out.append(_most(_most(out[-1], axis=0), axis=1))
    return out


def _halve(fine: Array, *, axis: int) -> Array:
    """Means over floor(n / 2) equal stretches of an axis of length n."""
    n = fine.shape[axis]
    if n == 1:
        return fine
    if n % 2 == 0:
        half = np.float32(0.5)
        first, second = (_every_second(fine, axis, start).astype(np.float32) for start in (0, 1))
        return (first + second) * half
    means: Pixels = reduce(
        np.add, (cells.astype(np.float32) * share for cells, share in _stretches(fine, axis))
    )
    return means


def _peak(fine: Array, *, axis: int) -> Array:
    """The cell of largest coverage in each of floor(n / 2) stretches of an axis of length n."""
    n = fine.shape[axis]
    if n == 1:
        return fine
    best: Array | None = None
    for cells, share in _stretches(fine, axis):
        if best is None:
            best = cells
            continue
        more = (cells[..., -1] > best[..., -1]) & (share[..., 0] > _TOUCH)
        best = np.where(more[..., None], cells, best)
    assert best is not None  # n > 1
    return best


def _every_second(fine: Array, axis: int, start: int) -> Array:
    return fine[start::2] if axis == 0 else fine[:, start::2]


def _stretches(fine: NDArray[Cell], axis: int) -> Iterator[tuple[NDArray[Cell], Pixels]]:
    """The first, second, ... cells of each coarse cell along an axis, with their shares of it."""
    m = fine.shape[axis] // 2
    for index, weight in _cover(fine.shape[axis], m):
        yield (
            np.take(fine, index, axis=axis),
            weight.reshape([m if n == axis else 1 for n in range(fine.ndim)]),
        )


def _cover(n: int, m: int) -> list[tuple[NDArray[np.int64], Pixels]]:
    """For each of m coarse cells over n fine ones: up to four (fine index, share of the coarse cell)."""
    low = np.arange(m) * n / m
    high = (np.arange(m) + 1) * n / m
    first = np.floor(low).astype(np.int64)
    out = []
    for step in range(math.ceil(n / m) + 1):
        index = first + step
        weight = np.clip(np.minimum(index + 1, high) - np.maximum(index, low), 0.0, None) * (m / n)
        out.append((np.minimum(index, n - 1), weight.astype(np.float32)))
    return out


def _most(fine: Flags, *, axis: int) -> Flags:
    if fine.shape[axis] == 1:
        return fine
    flags: Flags = reduce(np.maximum, (cells * (share > _TOUCH) for cells, share in _stretches(fine, axis)))
    return flags


@dataclass(frozen=True)
class Footprint:
    """Footprints of pixels (n,) in a matrix, in its cells, x along columns.

    Args:
        x, y: the middle.
        long_x, long_y: the long side of the pixel's footprint, as a vector.
        short: its short side.
        taps: samples along the long side; 1, 2, ... 16.
    """

    x: Floats
    y: Floats
    long_x: Floats
    long_y: Floats
    short: Floats
    taps: NDArray[np.int64]

    def part(self, index: NDArray[np.int64]) -> Footprint:
        """The footprints of some of the pixels."""
        x, y, long_x, long_y, short = (
            a[index] for a in (self.x, self.y, self.long_x, self.long_y, self.short)
        )
        return Footprint(x, y, long_x, long_y, short, self.taps[index])


def taps_for(cosine: Floats) -> NDArray[np.int64]:
    """The number of samples of a footprint of length 1 / cosine: the next of 1, 2, 3, 4, 6, 8, 12, 16."""
    at = np.searchsorted(np.array(_TAPS) + 1e-9, 1 / cosine)
    return np.array((*_TAPS, MAX_TAPS))[at]


def sample(levels: list[Array], spots: Footprint) -> Pixels:
    """Trilinear, anisotropic samples (n, channels), edges clamped."""
    n = spots.x.size
    out = np.empty((n, levels[0].shape[2]), np.float32)
    length = np.hypot(spots.long_x, spots.long_y)
    detail = np.log2(np.maximum(np.maximum(spots.short, length / MAX_TAPS), 1e-9))
    detail = np.clip(detail, 0.0, len(levels) - 1)
    floor = np.minimum(np.floor(detail).astype(np.int64), max(0, len(levels) - 2))
    key = floor * 64 + spots.taps
    order = np.argsort(key, kind="stable")
    starts = np.flatnonzero(np.diff(key[order], prepend=-1))
    for start, end in zip(starts, [*starts[1:], n], strict=True):
        index = order[start:end]
        level = int(floor[index[0]])
        out[index] = _group(levels, level, detail[index] - level, spots.part(index))
    return out


def _group(levels: list[Array], level: int, blend: Floats, spots: Footprint) -> Pixels:
    """Pixels of one level and one number of samples."""
    taps = int(spots.taps[0])
    sides = [(level, 1 - blend), (level + 1, blend)] if blend.max() > 0 else [(level, 1 - blend)]
    total = np.zeros((spots.x.size, levels[0].shape[2]), np.float32)
    for at, share in sides:
        weight = (share / taps).astype(np.float32)
        for tap in range(taps):
            along = (tap + 0.5) / taps - 0.5
            x, y = spots.x + along * spots.long_x, spots.y + along * spots.long_y
            _bilinear(levels[at], levels[0].shape, x, y, weight, total)
    return total


def _bilinear(
    level: Array, full: tuple[int, ...], x: Floats, y: Floats, weight: Pixels, total: Pixels
) -> None:
    """Add ``weight`` times the bilinear sample of one level at (x, y), in cells of the finest level."""
    rows, cols = level.shape[:2]
    flat = level.reshape(rows * cols, -1)
    u = np.clip(x * (cols / full[1]) - 0.5, 0.0, cols - 1.0)
    v = np.clip(y * (rows / full[0]) - 0.5, 0.0, rows - 1.0)
    i, j = v.astype(np.int64), u.astype(np.int64)
    fu, fv = (u - j).astype(np.float32), (v - i).astype(np.float32)
    base = i * cols + j
    right = (j < cols - 1).astype(np.int64)
    below = (i < rows - 1) * np.int64(cols)
    for step, share in (
        (base, (1 - fu) * (1 - fv)),
        (base + right, fu * (1 - fv)),
        (base + below, (1 - fu) * fv),
        (base + below + right, fu * fv),
    ):
        total += np.take(flat, step, axis=0) * (share * weight)[:, None]


def flags_at(levels: list[Flags], spots: Footprint) -> Flags:
    """The flag under each pixel, from the level whose texels are at least as large as the footprint."""
    length = np.maximum(np.hypot(spots.long_x, spots.long_y), spots.short)
    detail = np.ceil(np.log2(np.maximum(2 * length, 1.0)) - 1e-9).astype(np.int64)
    detail = np.minimum(detail, len(levels) - 1)
    out = np.zeros(spots.x.size, np.uint8)
    rows, cols = levels[0].shape
    for level in np.unique(detail):
        index = np.flatnonzero(detail == level)
        flags = levels[level]
        i = np.clip((spots.y[index] * (flags.shape[0] / rows)).astype(np.int64), 0, flags.shape[0] - 1)
        j = np.clip((spots.x[index] * (flags.shape[1] / cols)).astype(np.int64), 0, flags.shape[1] - 1)
        out[index] = flags[i, j]
    return out
