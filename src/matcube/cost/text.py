"""Text tables for a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from matcube.wire.text import aligned, shortened

_MAX_NAME = 48


def table(headings: Sequence[str], rows: Sequence[Sequence[str]], *, rule_before_last: bool) -> list[str]:
    """Lines of a table: the first column flush left, the others flush right.

    Args:
        headings: one for each column.
        rows: cells as text, as many as headings.
        rule_before_last: whether the last row is a sum, with a rule above it.
    """
    cells = [[shortened(row[0], _MAX_NAME), *row[1:]] for row in (headings, *rows)]
    lines = aligned(cells, right=range(1, len(headings)))
    rule = "─" * len(lines[0])
    lines.insert(1, rule)
    if rule_before_last:
        lines.insert(-1, rule)
    return lines
