"""Sensitivities: which magnitude of a matrix is drawn at full brightness."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from matcube.values import Summary
from matcube.wire import Choice, Scale


@dataclass(frozen=True)
class Magnitudes:
    """Input of the scales: magnitudes over the finite, unmasked, non-zero |v| of a matrix.

    Args:
        low: the smallest (0 without any).
        high: the largest (0 without any).
        robust: the 99.5th percentile (1 without any).
    """

    low: float = 0.0
    high: float = 0.0
    robust: float = 1.0


def magnitudes_of(stats: Summary) -> Magnitudes:
    """The magnitudes of a matrix, from its statistics.

    Example:
        >>> import numpy as np
        >>> from matcube.ops import Cells
        >>> from matcube.values import stats
        >>> magnitudes_of(stats(Cells(np.array([[0.0, -2.0], [np.nan, 1.0]])))).high
        2.0
    """
    return Magnitudes(low=stats.smallest or 0.0, high=stats.largest or 0.0, robust=stats.scale)


def scales_of(matrix: Magnitudes, *, graph_max: float) -> dict[str, Scale]:
    """The scale of one matrix under every sensitivity.

    Args:
        matrix: the matrix's own magnitudes.
        graph_max: the largest finite |v| of all matrices of the graph.

    Returns:
        sensitivity name -> scale, with 0 <= lo < hi always.

    Example:
        >>> scales_of(Magnitudes(1.0, 4.0, 3.0), graph_max=16.0)["semilocal"]
        Scale(lo=0.0, hi=8.0)
    """
    return {name: _sound(row.scale(matrix, graph_max)) for name, row in SENSITIVITIES.items()}


def sensitivities() -> list[Choice]:
    """The choices of the panel; the help is the meaning of full brightness."""
    return [Choice(name, row.help) for name, row in SENSITIVITIES.items()]


@dataclass(frozen=True)
class Sensitivity:
    """A row of the table: the meaning of full brightness, and (lo, hi) of a matrix and the largest |v|."""

    help: str
    scale: Callable[[Magnitudes, float], tuple[float, float]]


def _sound(bounds: tuple[float, float]) -> Scale:
    """A scale with 0 <= lo < hi: hi falls back to 1, lo to 0."""
    lo, hi = bounds
    if not hi > 0:
        hi = 1.0
    return Scale(lo if 0 <= lo < hi else 0.0, hi)


def _robust(matrix: Magnitudes, _graph_max: float) -> tuple[float, float]:
    return 0.0, matrix.robust or matrix.high


SENSITIVITIES: dict[str, Sensitivity] = {
    "robust": Sensitivity("99.5th percentile of non-zero |v|", _robust),
    "local": Sensitivity("the largest magnitude in this matrix", lambda m, _: (0.0, m.high)),
    "semilocal": Sensitivity(
        "the geometric mean of the largest magnitude in this matrix and the largest anywhere",
        lambda m, top: (0.0, m.high**0.5 * top**0.5),
    ),
    "global": Sensitivity("the largest magnitude anywhere in the figure", lambda _, top: (0.0, top)),
    "superlocal": Sensitivity(
        "the largest magnitude in this matrix, counted from its smallest non-zero one",
        lambda m, _: (m.low, m.high),
    ),
}
