"""The difference of two matrices, cell by cell in float64, and the cells that differ most."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matcube.ops import Array, Cells
from matcube.wire.text import aligned, html_table

Labels = tuple[str, ...] | None


class Change(NamedTuple):
    """One cell: its indices with the labels along them, the two values, and their difference."""

    cell: tuple[int, ...]
    labels: tuple[str | None, ...]
    a: float
    b: float
    difference: float


@dataclass(frozen=True, eq=False)
class Difference:
    """b − a, over the cells that are not masked in both.

    NaN and infinities are what IEEE 754 says: NaN − 1 is NaN, ∞ − 1 is ∞. A cell of NaN in both, or of the
    same infinity, is *alike*: it does not differ, though NaN is what its difference says.

    Args:
        a: values and mask of the first matrix.
        b: those of the second, of the same shape.
    """

    a: Cells
    b: Cells

    @cached_property
    def values(self) -> Array:
        """The difference in float64."""
        with np.errstate(all="ignore"):
            return self.b.values.astype(np.float64) - self.a.values.astype(np.float64)

    @cached_property
    def hidden(self) -> NDArray[np.bool_]:
        """Cells that are masked in both."""
        masks = [self.a.hidden, self.b.hidden]
        shape = self.a.values.shape
        first, second = (np.zeros(shape, bool) if mask is None else mask for mask in masks)
        both: NDArray[np.bool_] = first & second
        return both

    @cached_property
    def alike(self) -> NDArray[np.bool_]:
        """Cells that are not finite, and the same in both; masked ones left out."""
        a, b = self.a.values, self.b.values
        same: NDArray[np.bool_] = (np.isnan(a) & np.isnan(b)) | (np.isinf(a) & (a == b))
        return same & ~self.hidden

    @property
    def cells(self) -> Cells:
        """What is drawn: masked cells, and those of the same infinity in both, are masked."""
        hidden = self.hidden | (self.alike & np.isinf(self.a.values))
        return Cells(self.values, hidden if hidden.any() else None)

    @cached_property
    def finite(self) -> NDArray[np.bool_]:
        """Cells whose difference is a number."""
        return np.isfinite(self.values) & ~self.hidden

    @property
    def largest(self) -> float:
        """The largest finite |b − a|; 0 without any."""
        sizes = np.abs(self.values[self.finite])
        return float(sizes.max()) if sizes.size else 0.0

    @property
    def mean(self) -> float:
        """The mean of the finite |b − a|; 0 without any."""
        sizes = np.abs(self.values[self.finite])
        return float(sizes.mean()) if sizes.size else 0.0

    @property
    def relative(self) -> float | None:
        """√Σ(b − a)² / √Σa² over the cells with finite differences; None where a is 0 throughout."""
        base = self.a.values[self.finite].astype(np.float64)
        top = max(float(np.abs(base).max()) if base.size else 0.0, self.largest)
        if not base.any():
            return None
        size = np.linalg.norm(base / top)  # divided first: squares of large values would be infinite
        return float(np.linalg.norm(self.values[self.finite] / top) / size)

    @property
    def moved(self) -> float:
        """Of rows that are distributions, the share that is elsewhere: the mean of ½ Σⱼ |b − a|."""
        sizes = np.abs(np.where(self.finite, self.values, 0.0))
        return float(sizes.sum(axis=-1).mean() / 2) if sizes.size else 0.0

    def differing(self) -> int:
        """How many cells differ, those that are finite in one alone included."""
        return int(self._sizes().astype(bool).sum())

    def total(self) -> int:
        """How many cells are not masked in both."""
        return int(self.values.size - self.hidden.sum())

    def top(self, most: int, *, sign: int = 0) -> list[tuple[int, ...]]:
        """The cells that differ most: first those whose difference is NaN, then by |b − a|, then in order.

        Cells that do not differ are left out.

        Args:
            most: how many.
            sign: 1 for those in which b is larger, -1 for those in which a is; NaN are in neither.
        """
        sizes = self._sizes().reshape(-1)
        if sign:
            with np.errstate(invalid="ignore"):
                sizes = np.where(sign * self.values.reshape(-1) > 0, sizes, 0.0)
        if most <= 0 or not sizes.any():
            return []
        place = max(sizes.size - most, 0)
        least = np.partition(sizes, place)[place]
        flat = np.flatnonzero((sizes >= least) & (sizes > 0))
        flat = flat[np.argsort(-sizes[flat], kind="stable")][:most]
        return [tuple(map(int, np.unravel_index(int(at), self.values.shape))) for at in flat]

    def of_each_sign(self, most: int) -> list[tuple[int, ...]]:
        """As ``top``, with as many cells in which b is larger as cells in which a is, where there are."""
        cells = {*self.top(most), *self.top(most, sign=1), *self.top(most, sign=-1)}
        sizes = self._sizes()
        return sorted(cells, key=lambda cell: (-sizes[cell], cell))

    def change(self, cell: tuple[int, ...], labels: tuple[Labels, ...]) -> Change:
        """One cell with its labels.

        Args:
            cell: its indices.
            labels: along each dimension, or None.
        """
        names = tuple(
            None if along is None else along[index] for along, index in zip(labels, cell, strict=True)
        )
        return Change(
            cell, names, float(self.a.values[cell]), float(self.b.values[cell]), float(self.values[cell])
        )

    def _sizes(self) -> Array:
        """|b − a|, above every number where it is NaN and the cells are not alike, 0 where they are."""
        sizes = np.abs(self.values)
        # A NaN comes before an infinity: of two equal sizes the first would be first.
        sizes = np.where(np.isinf(sizes), np.finfo(np.float64).max, sizes)
        sizes = np.where(np.isnan(sizes), np.inf, sizes)
        return np.where(self.hidden | self.alike, 0.0, sizes)


class Differences(list[Change]):
    """Cells in order of |b − a|, with what is said of all cells; a table when printed.

    Args:
        rows: the cells.
        name: of the matrix.
        letters: of the two figures.
        whole: the difference that they are of.
        is_distribution: whether the rows of both sum to 1.
    """

    def __init__(
        self, rows: list[Change], *, name: str, letters: tuple[str, str], whole: Difference,
        is_distribution: bool = False,
    ) -> None:  # fmt: skip
        super().__init__(rows)
        self.name, self.letters, self.is_distribution = name, letters, is_distribution
        self.largest, self.mean, self.relative = whole.largest, whole.mean, whole.relative
        self.total, self.differing = whole.total(), whole.differing()
        self.alike = int(whole.alike.sum())
        self.nonfinite = int((~np.isfinite(whole.values) & ~whole.hidden).sum()) - self.alike
        self.moved = whole.moved if is_distribution else None

    @property
    def facts(self) -> list[tuple[str, str]]:
        """What is said of all cells, as pairs of words and a number."""
        a, b = self.letters
        rows = [
            (f"Largest |{b} − {a}|", number(self.largest)),
            ("Cells that differ", f"{self.differing:,} of {self.total:,}"),
            (f"Mean |{b} − {a}|", number(self.mean)),
        ]
        if self.moved is not None:
            rows.append(("Moved elsewhere, mean of rows", percent(self.moved)))
        if self.relative is not None:
            rows.append((f"Size of {b} − {a} against {a}", percent(self.relative)))
        if self.nonfinite:
            rows.append(("Finite in one alone", f"{self.nonfinite:,}"))
        if self.alike:
            rows.append(("NaN or infinite in both", f"{self.alike:,}"))
        return rows

    def __str__(self) -> str:
        head = f"{self.name}: " + "; ".join(f"{words} {text}" for words, text in self.facts)
        return "\n".join([head, *aligned(self._table(), right=(1, 2, 3))]) if self else head

    __repr__ = __str__

    def _repr_html_(self) -> str:
        """The table as a notebook shows it."""
        return html_table(self._table(), right=(1, 2, 3))

    def _table(self) -> list[tuple[str, ...]]:
        (a, b), decimals = self.letters, decimals_of(self)
        return [("cell", a, b, f"{b} − {a}"), *((place(row), *texts(row, decimals)) for row in self)]


def place(change: Change) -> str:
    """The indices of a cell with its labels.

    Example:
        >>> place(Change((3, 1), ("that", None), 0, 1, 1))
        '[3 that, 1]'
    """
    parts = (
        f"{index}" if label is None else f"{index} {label.strip()}"
        for index, label in zip(change.cell, change.labels, strict=True)
    )
    return f"[{', '.join(parts)}]"


def texts(change: Change, decimals: int | None = None) -> tuple[str, str, str]:
    """The two values and their difference, with digits enough to see it.

    Args:
        change: the cell.
        decimals: of all three, for a list whose numbers have the same; None takes those of this difference.

    Example:
        >>> texts(Change((0, 0), (None, None), 0.0625, 0.934, 0.8715))
        ('0.06', '0.93', '+0.87')
        >>> texts(Change((0, 0), (None, None), 1.23456, 1.23466, 1e-4))
        ('1.23456', '1.23466', '+0.00010')
    """
    decimals = decimals_of([change]) if decimals is None else decimals
    if decimals > 8 or any(1e6 <= abs(value) < math.inf for value in (change.a, change.b)):
        return number(change.a, 12), number(change.b, 12), signed(number(change.difference))
    a, b, difference = (
        number(value) if not math.isfinite(value) else f"{value:.{decimals}f}".replace("-", "−")
        for value in (change.a, change.b, change.difference)
    )
    return a, b, signed(difference)


def decimals_of(changes: Sequence[Change]) -> int:
    """Decimals with which the largest finite difference has two digits; 2 without any."""
    sizes = [abs(change.difference) for change in changes if math.isfinite(change.difference)]
    largest = max(sizes, default=0.0)
    return max(0, 1 - math.floor(math.log10(largest))) if largest > 0 else 2


def signed(text: str) -> str:
    """A number with its sign, plus too."""
    return text if text[:1] in "−N" else f"+{text}"


def number(value: float, digits: int = 4) -> str:
    """A number in short, with a real minus sign.

    Example:
        >>> number(-0.000123456), number(float("inf"))
        ('−0.0001235', '∞')
    """
    if math.isnan(value):
        return "NaN"
    return f"{value:.{digits}g}".replace("-", "−").replace("inf", "∞")


def percent(share: float) -> str:
    """A share in percent with two digits.

    Example:
        >>> percent(0.4512), percent(0.00123)
        ('45 %', '0.12 %')
    """
    return f"{100 * share:.2g} %" if share < 1 else f"{100 * share:,.0f} %"
