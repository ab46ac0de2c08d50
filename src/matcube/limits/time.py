"""The time that work may take, from its number of operations."""

from __future__ import annotations

import os

from matcube.errors import LimitError

VARIABLE = "MATCUBE_HOURS"
HOURS = 1.0
OPERATIONS_PER_SEC = (
    1e10  # of one core, in float64; a guess on the slow side for products, on the fast side for maps
)


def check_time(operations: int, subject: str, *, detail: str = "", instead: str = "") -> None:
    """Refuse work that would take hours.

    Args:
        operations: its floating-point operations.
        subject: the work, as the subject of the sentence.
        detail: what needs most of it, as the end of the sentence.
        instead: a remedy that needs less.

    Raises:
        LimitError: the number, and the time that it stands for.

    Example:
        >>> check_time(10**9, "a small product")
    """
    hours = operations / OPERATIONS_PER_SEC / (os.cpu_count() or 1) / 3600
    most = _most()
    if hours <= most:
        return
    more = f"{VARIABLE}={max(2, round(hours * 1.5 + 0.5))} in the environment allows it"
    raise LimitError(
        f"{subject} would take {operations:.2g} operations, about {_hours(hours)}, and {_hours(most)} "
        f"may be used{detail and ': ' + detail}",
        hint="; ".join(hint for hint in (instead, more) if hint),
    )


def _most() -> float:
    try:
        return float(os.environ.get(VARIABLE, ""))
    except ValueError:
        return HOURS


def _hours(count: float) -> str:
    number = f"{count:.2g}" if count < 100 else f"{count:,.0f}"
    return f"{number} hour{'' if number == '1' else 's'}"
