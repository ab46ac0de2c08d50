"""The ink pyramid: levels by area-weighted halving of any size."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import reduce
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating]
Pixels = NDArray[np.float32]
Flags = NDArray[np.uint8]
Cell = TypeVar("Cell", bound=np.generic)

_TOUCH = 1e-6  # least share by which a coarse cell touches a fine one


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
    """All levels of flags (r, c): a coarse cell has the greatest flag of its cells."""
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
    """The greatest flag in each coarse cell, of the fine cells whose middles lie in it."""
    n = fine.shape[axis]
    if n == 1:
        return fine
    owner = ((np.arange(n) + 0.5) * (n // 2) / n).astype(np.int64)
    flags: Flags = np.maximum.reduceat(fine, np.searchsorted(owner, np.arange(n // 2)), axis=axis)
    return flags
