"""A table of measurements with their limits."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One line: what was measured, the figure, and the limit it must keep, if there is one.

    A limit is a ratio or a count, never a time: these machines are shared.
    """

    what: str
    figure: str
    limit: str = ""
    kept: bool = True


def ratio_row(what: str, ours: float, theirs: float, *, at_most: float, unit: str = "ms") -> Row:
    """Ours over theirs, with both figures shown."""
    ratio = ours / theirs
    figure = f"{ratio:.2f}  ({ours:.1f} {unit} : {theirs:.1f} {unit})"
    return Row(what, figure, f"≤ {at_most:g}", ratio <= at_most)


def median_ms(work: Callable[[], object], *, repeats: int = 5) -> float:
    """Median wall time of some work in milliseconds."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        times.append((time.perf_counter() - start) * 1e3)
    return statistics.median(times)


def print_table(title: str, rows: Sequence[Row]) -> None:
    """Print a titled table in columns."""
    width = max(len(row.what) for row in rows)
    print(f"\n{title}")
    for row in rows:
        mark = "" if not row.limit else f"   {row.limit}  {'kept' if row.kept else 'NOT KEPT'}"
        print(f"  {row.what:<{width}}   {row.figure}{mark}", flush=True)
