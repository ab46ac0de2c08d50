"""Cells of a CSV file: separators, numbers, gaps, and a remedy for a cell that is none of them."""

from __future__ import annotations

import csv
import io
import itertools
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

SAMPLE_LINES, SAMPLE_CHARS = 64, 1 << 18
_WHOLE_LINES = 4  # no fewer are judged by their number of cells, unless the table has no more
BLANKS = " "
SEPARATORS = (",", ";", "\t", "|", BLANKS)

# Spellings of a missing value, those of pandas.read_csv. Source: its documentation of na_values.
GAPS = frozenset(
    [
        "",
        "#N/A",
        "#N/A N/A",
        "#NA",
        "-1.#IND",
        "-1.#QNAN",
        "-NaN",
        "-nan",
        "1.#IND",
        "1.#QNAN",
        "<NA>",
        "N/A",
        "NA",
        "NULL",
        "NaN",
        "None",
        "n/a",
        "null",
    ]
)
_DECIMAL_COMMA = re.compile(r"[+-]?\d*,\d+([eE][+-]?\d+)?", re.ASCII)
_TRUTH = {"true": 1.0, "false": 0.0}


@dataclass(frozen=True)
class Dialect:
    """How the cells of a table are written.

    Args:
        separator: between two cells; a blank stands for any run of blanks.
        has_decimal_comma: whether ``1,5`` is one and a half.
    """

    separator: str
    has_decimal_comma: bool = False

    def rows(self, lines: Iterable[str]) -> Iterator[tuple[int, list[str]]]:
        """Line numbers and cells of the rows; none of a blank line.

        Raises:
            csv.Error: a cell that the ``csv`` module refuses.
        """
        if self.separator == BLANKS:
            for number, line in enumerate(lines, 1):
                yield number, line.split()
            return
        reader = csv.reader(lines, delimiter=self.separator, skipinitialspace=True)
        for cells in reader:
            yield reader.line_num, cells if len(cells) > 1 or "".join(cells).strip() else []

    def number(self, cell: str) -> float | None:
        """The value of a cell; NaN for a gap, None for a text.

        Example:
            >>> Dialect(",").number("1e3"), Dialect(";", True).number("1,5"), Dialect(",").number("x")
            (1000.0, 1.5, None)
        """
        text = cell.strip()
        if text.isascii() and "_" not in text:
            try:
                return float(text)
            except ValueError:
                pass
        if self.has_decimal_comma and _DECIMAL_COMMA.fullmatch(text):
            return float(text.replace(",", "."))
        return math.nan if text in GAPS else _TRUTH.get(text.lower())


def is_gap(cell: str) -> bool:
    """Whether a cell is a missing value that is not written ``nan``."""
    text = cell.strip()
    return text in GAPS and text.lower() != "nan"


def dialect_of(lines: Sequence[str]) -> Dialect:
    """The dialect of a table, from its first lines.

    Of the separators that divide most lines into one number of cells, the one with most numbers.

    Example:
        >>> dialect_of(["x;y", "1,5;2", "3,5;4"])
        Dialect(separator=';', has_decimal_comma=True)
    """
    lengths = itertools.accumulate(map(len, lines))
    some = [line for line, total in zip(lines, lengths, strict=True) if total <= SAMPLE_CHARS]
    is_cut = len(some) < min(len(lines), _WHOLE_LINES)
    if is_cut:
        some = [line[: SAMPLE_CHARS // _WHOLE_LINES] for line in lines[:_WHOLE_LINES]]
    best, best_score = Dialect(","), (0.0, 0.0, 0)
    for separator in SEPARATORS:
        for has_decimal_comma in (False, True) if separator != "," else (False,):
            dialect = Dialect(separator, has_decimal_comma)
            score = _score(dialect, some, is_cut=is_cut)
            if score > best_score:
                best, best_score = dialect, score
    return best


def _score(dialect: Dialect, lines: Sequence[str], *, is_cut: bool) -> tuple[float, float, int]:
    """The share of lines with the usual number of cells, the share of numbers, and that number of cells.

    Lines that are cut differ in their number of cells, and the first of them may be names.
    """
    try:
        text = io.StringIO("\n".join(lines), newline="")
        rows = [cells for _, cells in dialect.rows(text) if cells]
    except csv.Error:
        return 0.0, 0.0, 0
    rows = rows[1:] or rows if is_cut else rows
    widths = Counter(len(cells) for cells in rows)
    width, count = max(widths.items(), key=lambda item: (item[1], item[0]), default=(1, 0))
    if width < 2:
        return 0.0, 0.0, 0
    cells = [cell for row in rows for cell in row]
    numbers = sum(dialect.number(cell) is not None for cell in cells)
    return 1.0 if is_cut else round(count / len(rows), 1), numbers / len(cells), width


def remedy(cell: str) -> str:
    """A hint for a cell that is not a number.

    Example:
        >>> remedy("12.5%"), remedy("1_000"), remedy("0x10"), remedy("?")
        ('write 0.125', 'write 1000', 'write 16', 'for a gap write nan')
    """
    text = cell.strip()
    if match := re.fullmatch(r"([+-]?\d{1,15}\.?\d{0,15})\s*%", text, re.ASCII):
        return f"write {float(match[1]) / 100:.12g}"
    if re.fullmatch(r"[+-]?\d{1,3}([_,' ]\d{3}){1,6}(\.\d*)?", text, re.ASCII):
        return f"write {re.sub('[^0-9.+-]', '', text)}"
    if re.fullmatch(r"0[xX][0-9a-fA-F]{1,12}", text):
        return f"write {int(text, 16)}"
    return "for a gap write nan"
