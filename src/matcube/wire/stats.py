"""Statistics of a matrix: histogram, singular values, scales."""

from __future__ import annotations

from msgspec import Struct


class Scale(Struct, frozen=True):
    """The smallest magnitude that is drawn, ``lo``, and that of full brightness, ``hi``."""

    lo: float
    hi: float


class Histogram(Struct, frozen=True):
    """Counts of finite values in equal bins from ``low`` to ``high``."""

    low: float
    high: float
    counts: tuple[int, ...]


class Spectrum(Struct, frozen=True):
    """Singular values, largest first (in a scene at most 64 of them), and the ranks.

    ``effective_rank`` is ``exp(H)``, H the entropy of the singular values divided by their sum
    (Roy and Vetterli, "The effective rank", EUSIPCO 2007); 0 for a matrix of zeros. ``rank`` counts singular
    values above ``max(m, n) · eps · largest``, as NumPy does, eps of the matrix's precision.
    """

    singular_values: tuple[float, ...]
    effective_rank: float
    rank: int


class Stats(Struct, frozen=True):
    """Statistics of a matrix. Masked cells count only in ``masked``.

    Args:
        min: the smallest finite value; None without any (so are max, mean, std, histogram).
        max: the largest finite value.
        mean: mean of the finite values.
        std: their standard deviation, with divisor n.
        zeros: number of cells that are exactly 0.
        nan: number of NaN.
        pos_inf: number of cells of plus infinity.
        neg_inf: number of cells of minus infinity.
        masked: number of masked cells.
        histogram: finite values between min and max, in 32 bins.
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
