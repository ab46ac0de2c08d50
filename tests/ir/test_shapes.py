"""Letters and sizes of products and broadcasts, held against NumPy's own rules."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcube.ir import IndexSpec
from matcube.ir.shapes import (
    broadcast_spec,
    first_conflict,
    letters_of,
    matmul_spec,
    result_shape,
    shape_text,
    sizes_of,
)

SHAPES = st.lists(st.integers(0, 3), min_size=1, max_size=5).map(tuple)


@pytest.mark.parametrize(
    ("left", "right", "spec"),
    [
        ((4, 3), (3, 5), "i k, k j -> i j"),
        ((3,), (3, 5), "k, k j -> j"),
        ((4, 3), (3,), "i k, k -> i"),
        ((3,), (3,), "k, k -> "),
        ((2, 4, 3), (2, 3, 5), "h i k, h k j -> h i j"),
        ((2, 4, 3), (3, 5), "h i k, k j -> h i j"),
        ((4, 3), (2, 3, 5), "i k, h k j -> h i j"),
        ((2, 4, 3), (1, 3, 5), "h i k, u k j -> h i j"),
        ((3,), (2, 3, 5), "k, h k j -> h j"),
        ((7, 2, 4, 3), (2, 3, 5), "b h i k, h k j -> b h i j"),
        ((1, 2, 4, 3), (7, 1, 3, 5), "u h i k, b u2 k j -> b h i j"),
    ],
)
def test_matmul_spec(left: tuple[int, ...], right: tuple[int, ...], spec: str) -> None:
    assert str(matmul_spec(left, right)) == spec


@given(SHAPES, SHAPES)
def test_matmul_fits_exactly_where_numpy_fits(left: tuple[int, ...], right: tuple[int, ...]) -> None:
    spec = matmul_spec(left, right)
    try:
        expected = np.matmul(np.ones(left), np.ones(right)).shape
    except ValueError:
        assert first_conflict(spec, (left, right)) is not None
    else:
        assert first_conflict(spec, (left, right)) is None
        assert result_shape(spec, (left, right)) == expected


@given(SHAPES, SHAPES)
def test_broadcast_fits_exactly_where_numpy_fits(left: tuple[int, ...], right: tuple[int, ...]) -> None:
    spec = broadcast_spec((left, right))
    try:
        expected = np.broadcast_shapes(left, right)
    except ValueError:
        assert first_conflict(spec, (left, right)) is not None
    else:
        assert first_conflict(spec, (left, right)) is None
        assert result_shape(spec, (left, right)) == expected


def test_letters_of_many_dimensions_are_all_different() -> None:
    assert letters_of(6) == ("b3", "b2", "b", "h", "i", "j")
    assert letters_of(0) == ()


def test_shape_text() -> None:
    assert [shape_text(shape) for shape in ((), (7,), (2, 3), (2, 3, 4))] == [
        "a single number",
        "7 entries",
        "2 × 3",
        "2 × 3 × 4",
    ]


def test_sizes_of_composites() -> None:
    spec = IndexSpec.parse("i (h d) -> h i d")
    assert sizes_of(spec, [(5, 6)], (2, 5, 3)) == {"i": 5, "(h d)": 6, "h": 2, "d": 3}
