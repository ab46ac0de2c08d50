"""Short texts of quantities and names, for badges, tables, charts and legends."""

from __future__ import annotations

from collections.abc import Container, Sequence
from html import escape

_UNITS = ("", " k", " M", " G", " T", " P", " E")
_SMALL = ("", " m", " µ", " n", " p")


def short(value: float, *, least: float = 0.01) -> str:
    """A number with four digits and a metric prefix; small ones (m, µ, n, p) only below ``least``.

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
    """A short number to put before a unit: ``12 ``, ``291.6 G``.

    Example:
        >>> spaced(291_648_307_200) + "FLOP", spaced(6) + "FLOP/B"
        ('291.6 GFLOP', '6 FLOP/B')
    """
    text = short(value)
    return text if " " in text else f"{text} "


def bytes_text(count: int) -> str:
    """Bytes with four digits and a unit.

    Example:
        >>> bytes_text(768), bytes_text(1_500_000)
        ('768 B', '1.5 MB')
    """
    return f"{spaced(count)}B"


def aligned(rows: Sequence[Sequence[str]], *, right: Container[int] = ()) -> list[str]:
    """Lines of a table whose columns are flush left, those of ``right`` flush right.

    Example:
        >>> aligned([("name", "FLOPs"), ("A", "12"), ("attn", "3")], right=(1,))
        ['name  FLOPs', 'A        12', 'attn      3']
    """
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            cell.rjust(width) if place in right else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def html_table(rows: Sequence[Sequence[str]], *, right: Container[int] = (), note: str = "") -> str:
    """The rows of ``aligned`` as a table for notebooks, the first of them headings. All text is escaped.

    Args:
        rows: cells as text.
        right: columns that are flush right.
        note: a line below the table.

    Example:
        >>> html_table([("name",), ("<A>",)], note="1 row")
        '<table><tr><th>name</th></tr><tr><td>&lt;A&gt;</td></tr></table><p>1 row</p>'
    """

    def line(row: Sequence[str], tag: str) -> str:
        aligns = (' style="text-align:right"' if place in right else "" for place in range(len(row)))
        pairs = zip(row, aligns, strict=True)
        return f"<tr>{''.join(f'<{tag}{align}>{escape(cell)}</{tag}>' for cell, align in pairs)}</tr>"

    body = "".join(line(row, "td") for row in rows[1:])
    return f"<table>{line(rows[0], 'th')}{body}</table>" + (f"<p>{escape(note)}</p>" if note else "")


def shortened(text: str, most: int) -> str:
    """A text cut to at most ``most`` characters, the last of them then an ellipsis.

    Example:
        >>> shortened("softmax(scores)", 8)
        'softmax…'
    """
    return text if len(text) <= most else text[: most - 1] + "…"
