"""What the panel says of a matrix: range, mean, zeros, NaN, histogram, brightness scale, singular values."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from matcube.ops import Array, Cells

BINS = 32
SPECTRUM_SIDE = 256
SPECTRUM_CELLS = 1_000_000
_BLOCK = 1 << 20


@dataclass(frozen=True)
class Histogram:
    """Counts of finite values in equal bins; ``edges`` has one more entry than ``counts``."""

    edges: tuple[float, ...]
    counts: tuple[int, ...]


@dataclass(frozen=True)
class Stats:
    """Facts of a matrix. Masked cells are counted apart and enter nothing else.

    Args:
        min: the smallest finite value, None when there is none (so are max, mean, std, histogram).
        max: the largest finite value.
        mean: their mean.
        std: the square root of their mean squared distance from the mean.
        zeros: how many are exactly 0.
        nan: how many are NaN.
        posinf: how many are plus infinity.
        neginf: how many are minus infinity.
        masked: how many cells are masked.
        smallest: the smallest finite ``|v|`` that is not 0, or None.
        largest: the largest finite ``|v|``, or None.
        scale: the ``|v|`` of full brightness: the 99.5th percentile of finite ``|v|`` that are not 0, or 1.
        histogram: of finite values between min and max, in 32 bins.
    """

    min: float | None
    max: float | None
    mean: float | None
    std: float | None
    zeros: int
    nan: int
    posinf: int
    neginf: int
    masked: int
    smallest: float | None
    largest: float | None
    scale: float
    histogram: Histogram | None


@dataclass(frozen=True)
class Spectrum:
    """Singular values, largest first, and how many directions matter.

    ``effective_rank`` is ``exp(H)``, H the entropy of the singular values divided by their sum
    (Roy and Vetterli, "The effective rank", EUSIPCO 2007); 0 for a matrix of zeros. ``rank`` counts singular
    values above ``max(m, n) · eps · largest``, as NumPy does, eps of the matrix's precision.
    """

    singular_values: tuple[float, ...]
    effective_rank: float
    rank: int


def stats(cells: Cells) -> Stats:
    """Facts of the cells that are not masked; min, max, mean and std over the finite ones, in float64.

    Args:
        cells: values and mask.

    Returns:
        A ``Stats``; of no finite value it has None for what has no answer.

    Example:
        >>> found = stats(Cells(np.array([[1.0, -3.0], [0.0, np.nan]])))
        >>> found.min, found.max, found.zeros, found.nan, found.largest
        (-3.0, 1.0, 1, 1, 3.0)
    """
    values = cells.values
    shown = values.reshape(-1) if cells.hidden is None else values[~cells.hidden]
    is_finite = np.isfinite(shown)
    finite = shown if is_finite.all() else shown[is_finite]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (None, None)
    mean, std = _moments(finite)
    size = np.abs(finite[finite != 0])
    return Stats(
        min=low,
        max=high,
        mean=mean,
        std=std,
        zeros=int(finite.size - size.size),
        nan=int(np.isnan(shown).sum()),
        posinf=int(np.isposinf(shown).sum()),
        neginf=int(np.isneginf(shown).sum()),
        masked=int(values.size - shown.size),
        smallest=float(size.min()) if size.size else None,
        largest=None if low is None or high is None else max(abs(low), abs(high)),
        scale=_scale(size),
        histogram=None if low is None or high is None else _histogram(finite, low, high),
    )


def spectrum(cells: Cells) -> Spectrum | None:
    """Singular values and effective rank of a matrix, a masked cell read as its value.

    Args:
        cells: values and mask.

    Returns:
        A ``Spectrum``; None when the values are no matrix, have a side of 0, are not all finite, or have
        more than 256 on the shorter side or a million cells.

    Example:
        >>> found = spectrum(Cells(np.eye(3)))
        >>> round(found.effective_rank, 12), found.rank
        (3.0, 3)
    """
    values = cells.values
    if values.ndim != 2 or not 0 < min(values.shape) <= SPECTRUM_SIDE or values.size > SPECTRUM_CELLS:
        return None
    if not np.isfinite(values).all():
        return None
    wide = values.astype(np.float64)
    unit = float(np.ldexp(1.0, int(np.frexp(np.abs(wide).max())[1]) - 1))  # squares stay finite
    found = np.linalg.svd(wide / unit, compute_uv=False)
    total = float(found.sum())
    shares = found[found > 0] / total if total > 0 else found[:0]
    entropy = -float(np.sum(shares * np.log(shares)))
    floor = max(values.shape) * float(np.finfo(values.dtype).eps) * float(found[0])
    return Spectrum(
        singular_values=tuple(float(one) for one in found * unit),
        effective_rank=math.exp(entropy) if shares.size else 0.0,
        rank=int((found > floor).sum()),
    )


def _blocks(finite: Array) -> Iterator[Array]:
    """The values in float64, a million at a time."""
    for start in range(0, finite.size, _BLOCK):
        yield finite[start : start + _BLOCK].astype(np.float64)


def _moments(finite: Array) -> tuple[float | None, float | None]:
    if not finite.size:
        return None, None
    unit = float(np.abs(finite).max()) or 1.0  # so that no square and no sum overflows
    mean = sum(float((block / unit).sum()) for block in _blocks(finite)) / finite.size
    square = sum(float(((block / unit - mean) ** 2).sum()) for block in _blocks(finite)) / finite.size
    return mean * unit, math.sqrt(square) * unit


def _scale(size: Array) -> float:
    """The 99.5th percentile of what is not zero; the largest where that is 0; 1 where there is nothing."""
    if not size.size:
        return 1.0
    place = math.ceil(0.995 * size.size) - 1  # the nearest rank: a value that occurs
    return float(np.partition(size, place)[place])


def _histogram(finite: Array, low: float, high: float) -> Histogram:
    """Counts in 32 equal bins from low to high; a single value fills a bin of its own width around it."""
    if low == high:
        pad, most = max(abs(low), 1.0) / 2, float(np.finfo(np.float64).max)
        low, high = max(low - pad, -most), min(high + pad, most)
    unit = 1.0 if math.isfinite(high - low) else 2.0  # halved on the way where the width overflows
    width = high / unit - low / unit
    edges = [(low / unit + width * (place / BINS)) * unit for place in range(BINS)]
    edges.append(high)
    counts = np.zeros(BINS, dtype=np.int64)
    for block in _blocks(finite):
        place = np.searchsorted(np.asarray(edges[1:-1]), block, side="right")
        counts += np.bincount(place, minlength=BINS)
    return Histogram(tuple(edges), tuple(int(one) for one in counts))
