"""Differences in float64 against NumPy, the order of the list, and what is not finite."""

from __future__ import annotations

import numpy as np
import pytest

from matcube.engine.difference import Change, Difference, Differences, decimals_of, place, texts
from matcube.ops import Cells

NAN, INF = np.nan, np.inf


def listed(whole: Difference, top: int = 100, sign: int = 0) -> list[tuple[int, ...]]:
    return whole.top(top, sign=sign)


@pytest.mark.parametrize("shape", [(5,), (17, 23), (3, 7, 9)])
def test_values_and_order_are_those_of_numpy(shape: tuple[int, ...]) -> None:
    draw = np.random.default_rng(3)
    a = draw.normal(size=shape).astype(np.float32)
    b = (a + draw.integers(-2, 3, size=shape) / 64).astype(np.float32)  # many ties, many equal cells
    whole = Difference(Cells(a), Cells(b))
    wanted = b.astype(np.float64) - a.astype(np.float64)
    assert np.array_equal(whole.values, wanted)
    order = sorted(np.ndindex(shape), key=lambda cell: (-abs(wanted[cell]), cell))
    changed = [cell for cell in order if wanted[cell] != 0]
    assert listed(whole, a.size) == changed
    assert listed(whole, 4) == changed[:4]
    assert listed(whole, a.size, sign=1) == [cell for cell in changed if wanted[cell] > 0]
    assert listed(whole, a.size, sign=-1) == [cell for cell in changed if wanted[cell] < 0]
    assert whole.differing() == np.count_nonzero(wanted)
    assert whole.largest == np.abs(wanted).max()
    assert whole.mean == pytest.approx(np.abs(wanted).mean(), rel=1e-12)
    size = np.linalg.norm(a.astype(np.float64))
    assert whole.relative == pytest.approx(np.linalg.norm(wanted) / size, rel=1e-12)


def test_nan_and_infinities_are_kept_counted_and_come_first() -> None:
    a = np.array([[1.0, NAN, INF, -INF, 2.0, NAN], [0.0, INF, INF, 4.0, 5.0, 1e300]])
    b = np.array([[NAN, NAN, INF, INF, 2.5, 7.0], [-INF, 1.0, -INF, 4.0, 3.0, 1e300]])
    whole = Difference(Cells(a), Cells(b))
    with np.errstate(invalid="ignore"):
        assert np.array_equal(whole.values, b - a, equal_nan=True)
    assert whole.alike.tolist() == [[False, True, True, False, False, False], [False] * 6]
    # NaN in one alone, then infinite differences, then the largest; ties in the order of the cells.
    order = [(0, 0), (0, 5), (0, 3), (1, 0), (1, 1), (1, 2), (1, 4), (0, 4)]
    assert listed(whole) == order
    assert listed(whole, sign=1) == [(0, 3), (0, 4)]
    table = Differences([], name="S", letters=("A", "B"), whole=whole)
    assert (table.differing, table.nonfinite, table.alike, table.total) == (8, 6, 2, 12)
    assert (table.largest, table.mean) == (2.0, 2.5 / 4)
    assert ("Finite in one alone", "6") in table.facts
    assert ("NaN or infinite in both", "2") in table.facts


def test_what_is_masked_in_both_is_left_out_and_the_same_infinity_is_drawn_as_masked() -> None:
    a, b = np.zeros((2, 3)), np.array([[0.0, 5.0, -INF], [1.0, 2.0, 3.0]])
    a[0, 2] = -INF
    upper = np.array([[False, True, False], [False, False, True]])
    one = np.array([[False, True, False], [False, False, False]])
    whole = Difference(Cells(a, upper), Cells(b, one))
    assert whole.total() == 5
    assert listed(whole) == [(1, 2), (1, 1), (1, 0)]
    assert whole.cells.hidden is not None
    assert whole.cells.hidden.tolist() == [[False, True, True], [False, False, False]]


def test_large_values_have_a_finite_relative_size() -> None:
    a = np.full((2, 2), 1e300)
    whole = Difference(Cells(a), Cells(a * 1.5))
    assert whole.relative == pytest.approx(0.5)
    assert Difference(Cells(0 * a), Cells(a)).relative is None
    assert Difference(Cells(a), Cells(-a * 1.5)).largest == 2.5e300
    overflow = Difference(Cells(-a * 1.7e8), Cells(a * 1.7e8))
    assert overflow.values.tolist() == [[INF, INF], [INF, INF]] and overflow.differing() == 4


def test_moved_is_the_share_of_a_distribution_that_is_elsewhere() -> None:
    a = np.array([[1.0, 0.0], [0.5, 0.5]])
    b = np.array([[0.0, 1.0], [0.5, 0.5]])
    assert Difference(Cells(a), Cells(b)).moved == 0.5


def test_empty_and_equal_matrices_have_no_list() -> None:
    for shape in ((0, 3), (2, 2)):
        whole = Difference(Cells(np.ones(shape)), Cells(np.ones(shape)))
        assert (listed(whole), whole.largest, whole.mean, whole.differing()) == ([], 0.0, 0.0, 0)


def test_of_each_sign_holds_the_largest_of_both() -> None:
    a = np.zeros((1, 8))
    b = np.array([[9.0, 8.0, 7.0, 6.0, -1.0, -2.0, NAN, 5.0]])
    whole = Difference(Cells(a), Cells(b))
    assert whole.of_each_sign(2) == [(0, 6), (0, 0), (0, 1), (0, 5), (0, 4)]


def change(a: float, b: float) -> Change:
    return Change((0, 1), (None, None), a, b, b - a)


def test_texts_have_digits_enough_for_the_difference() -> None:
    assert texts(change(1e-7, 3e-7)) == ("0.00000010", "0.00000030", "+0.00000020")
    assert texts(change(-2.0, 1.0)) == ("−2.0", "1.0", "+3.0")
    assert texts(change(NAN, 1.0)) == ("NaN", "1.00", "NaN")
    assert texts(change(1.0, -INF)) == ("1.00", "−∞", "−∞")
    assert texts(change(1e9, 1e9 + 1)) == ("1000000000", "1000000001", "+1")
    assert decimals_of([change(0, 100), change(0, 0.01)]) == 0
    assert place(Change((3, 1), (" that", None), 0, 1, 1)) == "[3 that, 1]"
