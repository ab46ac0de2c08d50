"""CSV files: tables of numbers, with an optional row and column of labels.

The first row is column labels if its first cell is empty or another of its cells is no number; the first
column is row labels if its first cell is empty or another of its cells is no number. The separator is the
most frequent of comma, semicolon and tab in the first line. Blank lines and lines that begin with # are
ignored. ``nan`` and ``inf`` are numbers; an empty cell is an error.
"""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import numpy as np

from matcube.errors import DataError
from matcube.sources.entries import Bounds, Entry, Labels, Loaded, part_of

Row = tuple[int, list[str]]  # line number and cells

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*([eE][+-]?\d+)?|\.\d+([eE][+-]?\d+)?|nan|inf(inity)?)", re.ASCII | re.I)


def csv_entries(path: Path) -> tuple[Entry, ...]:
    """The table of a file, named like the file without its ending; its shape requires reading all text."""
    array = read_csv(path, path.stem, None).array
    return (Entry(path.stem, array.shape, array.dtype.name, array.nbytes),)


def read_csv(path: Path, _name: str, bounds: Bounds | None) -> Loaded:
    """The table of a file, or a slice of it, in float64.

    Args:
        path: the file.
        _name: unused: the file has a single table.
        bounds: a slice or an index for each dimension; None for all of it.

    Raises:
        DataError: the file is not a table of numbers in UTF-8.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (UnicodeDecodeError, OSError) as error:
        raise DataError(f"{path.name} cannot be read as UTF-8 text: {error}") from error
    array, labels = parse_csv(text, path.name)
    return Loaded(array if bounds is None else array[bounds], "float64", part_of(labels, bounds))


def parse_csv(text: str, name: str) -> tuple[np.ndarray[tuple[int, ...], np.dtype[np.float64]], Labels]:
    r"""The numbers of a table, and the names of its rows and columns.

    Args:
        text: the table.
        name: its name in errors.

    Returns:
        A float64 matrix, and labels of rows and columns (None if absent).

    Raises:
        DataError: a cell is no number, or rows differ in length; with the line number.

    Example:
        >>> array, labels = parse_csv("who,a,b\nx,1,2\ny,3,4", "t.csv")
        >>> array.tolist(), labels
        ([[1.0, 2.0], [3.0, 4.0]], (('x', 'y'), ('a', 'b')))
    """
    rows = _rows(text, name)
    if not rows:
        raise DataError(f"{name} holds no table: it is empty")
    width = len(rows[0][1])
    for line, cells in rows:
        if len(cells) != width:
            raise DataError(f"{name}, line {line}: {len(cells)} cells, and {width} in line {rows[0][0]}")
    first = rows[0][1]
    corner = width > 1 and not first[0].strip()
    has_header = corner or not all(map(_is_number, first[1:] or first))
    body = rows[1:] if has_header else rows
    if not body:
        raise DataError(f"{name} holds names and no numbers")
    has_names = width > 1 and (corner or not all(_is_number(cells[0]) for _, cells in body))
    start = 1 if has_names else 0
    array = np.array([_numbers(row, start, name) for row in body], dtype=np.float64)
    row_names = tuple(cells[0].strip() for _, cells in body) if has_names else None
    col_names = tuple(cell.strip() for cell in first[start:]) if has_header else None
    return array, (row_names, col_names)


def _rows(text: str, name: str) -> list[Row]:
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    head = lines[0] if lines else ""
    separator = max(",;\t", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, skipinitialspace=True)
    rows: list[Row] = []
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells) and not cells[0].lstrip().startswith("#"):
                rows.append((reader.line_num, cells))
    except csv.Error as error:
        raise DataError(f"{name}, line {reader.line_num}: {error}") from error
    return rows


def _is_number(cell: str) -> bool:
    return _NUMBER.fullmatch(cell.strip()) is not None


def _numbers(row: Row, start: int, name: str) -> list[float]:
    line, cells = row
    for column, cell in enumerate(cells[start:], start=start + 1):
        if not _is_number(cell):
            what = f"{cell.strip()[:40]!r} is not a number" if cell.strip() else "the cell is empty"
            raise DataError(f"{name}, line {line}, column {column}: {what}", hint="for a gap write nan")
    return [float(cell.strip()) for cell in cells[start:]]  # float does not strip all white space
