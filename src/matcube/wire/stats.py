"""What is said of a matrix beside its values: statistics, histogram, singular values, scales."""

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
    counts: list[int]


class Spectrum(Struct, frozen=True):
    """Singular values, largest first (at most 64 of them), and the effective rank."""

    singular_values: list[float]
    effective_rank: float
    rank: int


class Stats(Struct, frozen=True):
    """What the panel says of a matrix; min, max, mean and std are over finite, unmasked cells."""

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
    spectrum: Spectrum | None
