"""Statistics of a matrix for the panel: range, mean, zeros, NaN, histogram, brightness, singular values."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np

from matcube.limits import steps
from matcube.ops import Array, Cells
from matcube.wire import Histogram, Spectrum, Stats

BINS = 32
SPECTRUM_SIDE = 256
SPECTRUM_CELLS = 1_000_000
_BLOCK = 1 << 17  # values at a time: they stay in the cache while they are counted
_TAME = 500  # a largest |v| between 2^-500 and 2^500 is squared and summed as it is


class Summary(Stats, frozen=True, kw_only=True):
    """Statistics of a matrix with the magnitudes that determine its brightness scales.

    Args:
        smallest: the smallest finite ``|v|`` that is not 0, or None.
        largest: the largest finite ``|v|``, or None.
        scale: the ``|v|`` of full brightness: the 99.5th percentile of finite ``|v|`` that are not 0, or 1.
    """

    smallest: float | None
    largest: float | None
    scale: float


def stats(cells: Cells) -> Summary:
    """Statistics of the unmasked cells; min, max, mean and std over the finite ones, in float64.

    Args:
        cells: values and mask.

    Returns:
        A ``Summary``; without finite values, what is undefined is None.

    Example:
        >>> summary = stats(Cells(np.array([[1.0, -3.0], [0.0, np.nan]])))
        >>> summary.min, summary.max, summary.zeros, summary.nan, summary.largest
        (-3.0, 1.0, 1, 1, 3.0)
    """
    values = cells.values
    shown = values.reshape(-1) if cells.hidden is None else values[~cells.hidden]
    is_finite = np.isfinite(shown)
    finite = shown if is_finite.all() else shown[is_finite]
    odd = shown[:0] if finite is shown else shown[~is_finite]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (None, None)
    largest = None if low is None or high is None else max(abs(low), abs(high))
    mean, std = (None, None) if largest is None else _moments(finite, largest)
    zeros = finite.size - sum(int(np.count_nonzero(block)) for block in _blocks(finite))
    size = np.abs(finite)
    smallest = _smallest(size) if zeros < size.size else None  # before the order of ``size`` is changed
    return Summary(
        min=low,
        max=high,
        mean=mean,
        std=std,
        zeros=zeros,
        nan=int(np.isnan(odd).sum()),
        pos_inf=int(np.isposinf(odd).sum()),
        neg_inf=int(np.isneginf(odd).sum()),
        masked=int(values.size - shown.size),
        smallest=smallest,
        largest=largest,
        scale=_scale(size, zeros),
        histogram=None if low is None or high is None else _histogram(finite, low, high),
    )


def spectrum(cells: Cells) -> Spectrum | None:
    """Singular values and effective rank of a matrix, a masked cell read as its value.

    Args:
        cells: values and mask.

    Returns:
        A ``Spectrum``; None when the values are no matrix, have a side of 0, are not all finite, or exceed
        256 on the shorter side or a million cells.

    Example:
        >>> result = spectrum(Cells(np.eye(3)))
        >>> round(result.effective_rank, 12), result.rank
        (3.0, 3)
    """
    values = cells.values
    if values.ndim != 2 or not 0 < min(values.shape) <= SPECTRUM_SIDE or values.size > SPECTRUM_CELLS:
        return None
    if not np.isfinite(values).all():
        return None
    wide = values.astype(np.float64)
    unit = float(np.ldexp(1.0, int(np.frexp(np.abs(wide).max())[1]) - 1))  # squares stay finite
    singular = np.linalg.svd(wide / unit, compute_uv=False)
    total = float(singular.sum())
    shares = singular[singular > 0] / total if total > 0 else singular[:0]
    entropy = -float(np.sum(shares * np.log(shares)))
    floor = max(values.shape) * float(np.finfo(values.dtype).eps) * float(singular[0])
    return Spectrum(
        singular_values=tuple(float(value) for value in singular * unit),
        effective_rank=math.exp(entropy) if shares.size else 0.0,
        rank=int((singular > floor).sum()),
    )


def bin_edges(low: float, high: float) -> list[float]:
    """Edges of the 32 equal bins of a histogram.

    Example:
        >>> bin_edges(0.0, 64.0)[:3]
        [0.0, 2.0, 4.0]
    """
    unit = 1.0 if math.isfinite(high - low) else 2.0  # halved on the way where the width overflows
    width = high / unit - low / unit
    return [*((low / unit + width * (n / BINS)) * unit for n in range(BINS)), high]


def _blocks(finite: Array) -> Iterator[Array]:
    """The values in blocks that fit the cache."""
    for start in steps(range(0, finite.size, _BLOCK)):
        yield finite[start : start + _BLOCK]


def _moments(finite: Array, largest: float) -> tuple[float, float]:
    """Mean and deviation in float64, over a power of two where squares or sums would overflow or vanish."""
    power = int(np.frexp(largest)[1]) if largest else 0
    power = 0 if abs(power) <= _TAME else power

    def wide() -> Iterator[Array]:
        for block in _blocks(finite):
            block = block.astype(np.float64)
            yield np.ldexp(block, -power) if power else block

    mean = sum(float(block.sum()) for block in wide()) / finite.size
    square = sum(float(np.square(block - mean).sum()) for block in wide()) / finite.size
    return float(np.ldexp(mean, power)), float(np.ldexp(math.sqrt(square), power))


def _smallest(size: Array) -> float:
    """The smallest value that is not 0, of values that are not all 0."""
    lows = [float(block.min()) or _least(block[block > 0]) for block in _blocks(size)]
    return min(lows)


def _least(positive: Array) -> float:
    return float(positive.min()) if positive.size else math.inf


def _scale(size: Array, zeros: int) -> float:
    """The 99.5th percentile of non-zero magnitudes, 1 where there are none; reorders ``size``."""
    count = size.size - zeros
    if not count:
        return 1.0
    rank = zeros + math.ceil(0.995 * count) - 1  # the nearest rank: a value that occurs
    size.partition(rank)
    return float(size[rank])


def _histogram(finite: Array, low: float, high: float) -> Histogram:
    """Counts in 32 equal bins from low to high; of a single value, in a range around it."""
    if low == high:
        pad, most = max(abs(low), 1.0) / 2, float(np.finfo(np.float64).max)
        low, high = max(low - pad, -most), min(high + pad, most)
    limits = [_not_below(edge, finite.dtype) for edge in bin_edges(low, high)[1:-1]]
    above = [0] * len(limits)  # how many values lie at or above each inner edge
    for block in _blocks(finite):
        for n, limit in enumerate(limits):
            above[n] += int(np.count_nonzero(block >= limit))
    counts = [more - less for more, less in pairwise([finite.size, *above, 0])]
    return Histogram(low, high, tuple(counts))


def _not_below(edge: float, dtype: np.dtype[Any]) -> Any:
    """The smallest number of a precision that is at least ``edge``: comparing with either is the same."""
    with np.errstate(over="ignore"):  # beyond the precision it is infinite, and no value lies there
        near = dtype.type(edge)
        return near if float(near) >= edge else np.nextafter(near, dtype.type(np.inf))
