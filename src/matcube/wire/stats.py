"""Statistics of a matrix: histogram, singular values, scales."""

from __future__ import annotations

from msgspec import Struct


class Scale(Struct, frozen=True):
    """|v| = lo is the smallest magnitude drawn, |v| = hi is full brightness."""

    lo: float
    hi: float


class Histogram(Struct, frozen=True):
    """Counts of finite values in equal bins from ``low`` to ``high``."""

    low: float
    high: float
    counts: tuple[int, ...]


class Spectrum(Struct, frozen=True):
    """Singular values, largest first (in a scene at most 64 of them), and how many directions matter.

    ``effective_rank`` is ``exp(H)``, H the entropy of the singular values divided by their sum
    (Roy and Vetterli, "The effective rank", EUSIPCO 2007); 0 for a matrix of zeros. ``rank`` counts singular
    values above ``max(m, n) · eps · largest``, as NumPy does, eps of the matrix's precision.
    """

    singular_values: tuple[float, ...]
    effective_rank: float
    rank: int


class Stats(Struct, frozen=True):
    """Facts of a matrix. Masked cells are counted apart and enter nothing else.

    Args:
        min: the smallest finite value, None when there is none (so are max, mean, std, histogram).
        max: the largest finite value.
        mean: their mean.
        std: the square root of their mean squared distance from the mean.
        zeros: how many are exactly 0.
        nan: how many are NaN.
        pos_inf: how many are plus infinity.
        neg_inf: how many are minus infinity.
        masked: how many cells are masked.
        histogram: of finite values between min and max, in 32 bins.
        spectrum: singular values, where they were computed.
    """

    min: float | None
    max: float | None
    mean: float | None
    std: float | None
    zeros: int
    nan: int
    pos_inf: int
    neg_inf: int
    masked: int
    histogram: Histogram | None
    spectrum: Spectrum | None = None
