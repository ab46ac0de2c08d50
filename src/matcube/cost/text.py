"""Numbers and tables as text, aligned for a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from matcube.errors.words import cut

_MAX_NAME = 48
_UNITS = ("", " k", " M", " G", " T", " P", " E")
_SMALL = ("", " m", " µ", " n", " p")


def short(value: float, *, least: float = 0.01) -> str:
    """A number with four digits and a letter for its thousands; below ``least`` for its thousandths.

    Example:
        >>> short(291_648_307_200), short(0.25), short(12), short(3.2e-6)
        ('291.6 G', '0.25', '12', '3.2 µ')
    """
    if value == 0:
        return "0"
    place = 0
    while float(f"{value:.4g}") >= 1000 and place < len(_UNITS) - 1:
        value, place = value / 1000, place + 1
    if place:
        return f"{value:.4g}{_UNITS[place]}"
    while float(f"{value:.4g}") < least and place < len(_SMALL) - 1:
        value, place = value * 1000, place + 1
    return f"{value:.4g}{_SMALL[place]}"


def spaced(value: float) -> str:
    """A short number as it stands before a unit: ``12 ``, ``291.6 G``.

    Example:
        >>> spaced(291_648_307_200) + "FLOP", spaced(6) + "FLOP/B"
        ('291.6 GFLOP', '6 FLOP/B')
    """
    text = short(value)
    return text if " " in text else f"{text} "


def exact(value: int) -> str:
    """A whole number with all its digits.

    Example:
        >>> exact(124439808)
        '124,439,808'
    """
    return f"{value:,}"


def table(headings: Sequence[str], rows: Sequence[Sequence[str]], *, rule_before_last: bool) -> list[str]:
    """Lines of a table: names to the left, numbers to the right; the last row may be a sum."""
    cells = [[cut(row[0], _MAX_NAME), *row[1:]] for row in (headings, *rows)]
    widths = [max(len(row[n]) for row in cells) for n in range(len(headings))]
    lines = [
        "  ".join(text.ljust(width) if n == 0 else text.rjust(width) for n, (text, width) in enumerate(pairs))
        for pairs in (list(zip(row, widths, strict=True)) for row in cells)
    ]
    rule = "─" * len(lines[0])
    lines.insert(1, rule)
    if rule_before_last:
        lines.insert(-1, rule)
    return [line.rstrip() for line in lines]
