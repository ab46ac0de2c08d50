"""CSV files: tables of numbers, with an optional row and column of names.

The first row is column names if most of its cells are texts, the first column is row names if most of its
cells are; so is either where the corner is empty and the cells below and beside it number the rows and
columns. Every other text is an error with its line and column. Separator and decimal sign are judged over
several lines. Gaps become NaN and are counted. Lines that begin with # before the table are comments. The
file is read row by row, so that memory is that of the numbers.
"""

from __future__ import annotations

import csv
import io
import itertools
import math
from array import array as growing
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TextIO

import numpy as np

from matcube.errors import DataError
from matcube.errors.words import some_of
from matcube.sources.csv_cells import SAMPLE_LINES, Dialect, dialect_of, is_gap, remedy
from matcube.sources.entries import Bounds, Entry, Labels, Loaded, part_of
from matcube.sources.paths import as_utf8, open_text

Floats = np.ndarray[tuple[int, ...], np.dtype[np.float64]]


def csv_entries(path: Path) -> tuple[Entry, ...]:
    """The table of a file, named like the file without its ending; its shape requires reading all text."""
    status = path.stat()
    return (_entry(path, status.st_mtime_ns, status.st_size),)


@lru_cache(maxsize=64)
def _entry(path: Path, _changed: int, _size: int) -> Entry:
    """The entry of a file at a time; the text is read once for it."""
    table = _Table(path, lambda: open_text(path))
    table.scan(keep=False)
    rows, cols = table.shape
    return Entry(path.stem, (rows, cols), "float64", 8 * rows * cols, "; ".join(table.notes()))


def read_csv(path: Path, _name: str, bounds: Bounds | None) -> Loaded:
    """The table of a file, or a slice of it, in float64.

    Args:
        path: the file.
        _name: unused: the file has a single table.
        bounds: a slice or an index for each dimension; None for all of it.

    Raises:
        DataError: the file is not a table of numbers, in UTF-8 or UTF-16.
    """
    table = _Table(path, lambda: open_text(path))
    values = table.scan()
    labels = table.labels()
    return Loaded(values if bounds is None else values[bounds], "float64", part_of(labels, bounds))


def parse_csv(text: str, name: str) -> tuple[Floats, Labels]:
    r"""The numbers of a table, and the names of its rows and columns.

    Args:
        text: the table.
        name: its name in errors.

    Returns:
        A float64 matrix, and labels of rows and columns (None if absent).

    Raises:
        DataError: a cell is no number, or rows differ in length; with the line number.

    Example:
        >>> array, labels = parse_csv("who,a,b\nx,1,2\ny,3,NA", "t.csv")
        >>> array.tolist(), labels
        ([[1.0, 2.0], [3.0, nan]], (('x', 'y'), ('a', 'b')))
    """
    table = _Table(Path(name), lambda: io.StringIO(text, newline=""))
    values = table.scan()
    return values, table.labels()


class _Lines:
    """The lines of a text from the table on: comments before it are left out, and counted."""

    def __init__(self, text: TextIO) -> None:
        self._text = text
        self.left_out = self.comments = 0

    def __iter__(self) -> Iterator[str]:
        is_before = True
        for line in self._text:
            is_comment = is_before and line.lstrip().startswith("#")
            is_before = is_comment or (is_before and not line.strip())
            if is_before:
                self.left_out += 1
                self.comments += is_comment
            else:
                yield line


class _Table:
    """One table, read row by row."""

    def __init__(self, path: Path, opened: Callable[[], TextIO]) -> None:
        """A table whose dialect and header are judged from its first lines.

        Args:
            path: the file, for errors.
            opened: its text, from the start each time.
        """
        self._path, self._name, self._opened = path, path.name, opened
        self._comments = self._blank_lines = 0
        self._dialect = self._judged()
        head = [cells for _, cells in itertools.islice(self._rows(), SAMPLE_LINES)]
        if not head:
            raise DataError(f"{path.name} holds no table: it is empty")
        first, rest = head[0], head[1:]
        is_short = bool(rest) and len(first) == len(rest[0]) - 1  # a header without a corner, as R writes it
        corner = self._has_corner(first, [cells[0] for cells in rest])
        has_header = corner or self._are_texts(first if len(first) == 1 or is_short else first[1:])
        self._header = first if has_header else None
        self._has_names = has_header and (corner or is_short)
        self._width = len(rest[0]) if is_short and has_header else len(first)
        self._first_gap = ""
        self._gap_count = 0
        self.shape = (0, 0)

    def scan(self, *, keep: bool = True) -> Floats:
        """The values, none unless ``keep``; sets ``shape`` and what ``notes`` says."""
        width, start = self._width, int(self._width > 1)
        values, edge = growing("d"), _Edge()
        count = 0
        for line, cells in self._body():
            if len(cells) != width:
                raise DataError(
                    f"{self._name}, line {line}: {len(cells)} cells, and {width} in the first row"
                )
            if start:
                edge.add(line, cells[0], self._dialect, keep=keep)
            numbers = self._numbers(line, cells, start)
            if keep:
                values.extend(numbers)
            count += 1
        if not count:
            raise DataError(f"{self._name} holds names and no numbers")
        self._has_names = self._has_names or edge.is_names()
        if not self._has_names:
            self._take(edge)
        self.shape = count, width - self._has_names
        if not keep:
            return np.empty((0, 0))
        inner = np.frombuffer(values, np.float64).reshape(count, width - start)
        if self._has_names or not start:
            return inner.copy()
        return np.column_stack([np.frombuffer(edge.values, np.float64), inner])

    def labels(self) -> Labels:
        """Names of rows and columns; the first column is read again where it holds names."""
        rows = tuple(cells[0].strip() for _, cells in self._body()) if self._has_names else None
        if self._header is None:
            return rows, None
        return rows, tuple(cell.strip() for cell in self._header[len(self._header) - self.shape[1] :])

    def notes(self) -> Iterator[str]:
        """What a reader may want to know: names, gaps, the decimal sign."""
        rows, cols = self.labels()
        if cols is not None:
            yield f"names of columns from the first row: {some_of(cols)}"
        if rows is not None:
            yield f"names of rows from the first column: {some_of(rows)}"
        if self._gap_count:
            many = "1 gap is" if self._gap_count == 1 else f"{self._gap_count:,} gaps are"
            yield f"{many} NaN, the first in {self._first_gap}"
        if self._comments:
            yield f"comments before the table, left out: {_lines(self._comments)}"
        if self._blank_lines:
            yield f"blank, left out: {_lines(self._blank_lines)}"
        if self._dialect.has_decimal_comma:
            yield "the comma is the decimal sign"

    def _judged(self) -> Dialect:
        with self._opened() as text:
            try:
                lines = list(itertools.islice(_Lines(text), SAMPLE_LINES))
            except UnicodeError as error:
                raise self._unreadable(error) from error
        return dialect_of([line.rstrip("\r\n") for line in lines if line.strip()])

    def _has_corner(self, first: Sequence[str], column: Sequence[str]) -> bool:
        """Whether the corner is empty and the rest of the first row or column can only be names."""
        if len(first) < 2 or first[0].strip():
            return False
        is_numbered = [cell.strip() for cell in first[1:]] == [str(n) for n in range(len(first) - 1)]
        return is_numbered or self._are_texts(first[1:]) or self._are_texts(column)

    def _are_texts(self, cells: Sequence[str]) -> bool:
        """Whether most cells that are not gaps are texts."""
        texts = [self._dialect.number(cell) is None for cell in cells if not is_gap(cell)]
        return sum(texts) * 2 > len(texts)

    def _numbers(self, line: int, cells: Sequence[str], start: int) -> list[float]:
        result = []
        for column, cell in enumerate(cells[start:], start=start + 1):
            number = self._dialect.number(cell)
            if number is None:
                raise self._no_number(line, column, cell)
            if number != number and is_gap(cell):
                self._gap(line, column, 1)
            result.append(number)
        return result

    def _take(self, edge: _Edge) -> None:
        """The first column as numbers."""
        if edge.first_text is not None:
            line, text = edge.first_text
            raise self._no_number(line, 1, text)
        if edge.gaps:
            self._gap(edge.first_gap, 1, edge.gaps)

    def _gap(self, line: int, column: int, many: int) -> None:
        self._gap_count += many
        self._first_gap = self._first_gap or f"line {line}, column {column}"

    def _no_number(self, line: int, column: int, cell: str) -> DataError:
        what = f"{cell.strip()[:40]!r} is not a number"
        return DataError(f"{self._name}, line {line}, column {column}: {what}", hint=remedy(cell))

    def _body(self) -> Iterator[tuple[int, list[str]]]:
        return itertools.islice(self._rows(), int(self._header is not None), None)

    def _rows(self) -> Iterator[tuple[int, list[str]]]:
        line = 0
        with self._opened() as text:
            lines = _Lines(text)
            blank_lines = waiting = 0
            try:
                for line, cells in self._dialect.rows(lines):
                    if not cells:
                        waiting += 1
                        continue
                    blank_lines, waiting = blank_lines + waiting, 0
                    yield line + lines.left_out, cells
            except csv.Error as error:
                raise DataError(f"{self._name}, line {line + lines.left_out + 1}: {error}") from error
            except UnicodeError as error:
                raise self._unreadable(error) from error
            self._comments, self._blank_lines = lines.comments, blank_lines

    def _unreadable(self, error: UnicodeError) -> DataError:
        return DataError(f"{self._name} cannot be read as UTF-8 text: {error}", hint=as_utf8(self._path))


def _lines(count: int) -> str:
    return "1 line" if count == 1 else f"{count:,} lines"


class _Edge:
    """The first column, which may hold numbers or names."""

    def __init__(self) -> None:
        self.values = growing("d")
        self.first_text: tuple[int, str] | None = None
        self.gaps, self.first_gap, self._texts, self._count = 0, 0, 0, 0

    def add(self, line: int, cell: str, dialect: Dialect, *, keep: bool) -> None:
        """One more cell of the column; its value is appended if ``keep``."""
        number = dialect.number(cell)
        self._count += 1
        if keep:
            self.values.append(math.nan if number is None else number)
        if number is None:
            self._texts += 1
            self.first_text = self.first_text or (line, cell)
        elif is_gap(cell):
            self.gaps += 1
            self.first_gap = self.first_gap or line

    def is_names(self) -> bool:
        """Whether most cells that are not gaps are texts."""
        return self._texts * 2 > self._count - self.gaps
