"""Every row of the table of re-indexings moves values as NumPy does, and masks along with them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from matcube import ops
from matcube.errors import ShapeError
from matcube.ops import Cells, ReindexOp
from matcube.ops.parameters import declared

REINDEXES: dict[str, Any] = dict(ops.REINDEXES)

X = np.arange(24.0, dtype=np.float32).reshape(2, 3, 4)
CASES = [
    ("T", {"axes": (2, 0, 1)}, [X], X.transpose(2, 0, 1)),
    ("T", {}, [X[0]], X[0].T),
    ("split", {"axis": 2, "parts": 2}, [X], X.reshape(2, 3, 2, 2)),
    ("split", {"axis": -1, "parts": 4}, [X], X.reshape(2, 3, 4, 1)),
    ("merge", {"axis": 0}, [X], X.reshape(6, 4)),
    ("merge", {"axis": -2}, [X], X.reshape(2, 12)),
    ("repeat", {"axis": 0, "times": 2}, [X], X[[0, 0, 1, 1]]),
    ("slice", {"start": (0, 1, 2), "stop": (2, 3, 2)}, [X], X[0:2, 1:3, 2:2]),
    ("concat", {"axis": 1}, [X, X[:, :1]], np.concatenate([X, X[:, :1]], 1)),
    ("concat", {"axis": -1}, [X], X),
    ("amax", {"axis": 1}, [X], X.max(1)),
    ("diagonal", {"first": 0, "second": 2}, [X[:, :, :2]], np.einsum("iji->ij", X[:, :, :2])),
    ("diagonal", {"first": -2, "second": -1}, [X[:, :, :3]], np.einsum("hii->hi", X[:, :, :3])),
    ("take", {"axis": 1}, [X, np.array([2, 0, 2, 1], dtype=np.float32)], X[:, [2, 0, 2, 1]]),
    ("take", {}, [X, np.array([[1], [0]])], X[[[1], [0]]]),
]


def test_every_row_is_tested():
    assert {name for name, *_ in CASES} == set(REINDEXES)


@pytest.mark.parametrize("name", REINDEXES)
def test_describes_itself(name):
    op = REINDEXES[name]
    assert op.name == name and op.help and op.__doc__
    assert all(parameter.metadata["help"] for parameter in declared(op))


@pytest.mark.parametrize(("name", "parameters", "arrays", "wanted"), CASES)
def test_moves_values_and_masks(name, parameters, arrays, wanted):
    op = REINDEXES[name](**parameters)
    assert isinstance(REINDEXES[name](**parameters), ReindexOp)
    plain = op(*map(Cells, arrays))
    np.testing.assert_array_equal(plain.values, wanted)
    assert plain.hidden is None and plain.values.dtype == np.float32
    assert op.result_shape(*(array.shape for array in arrays)) == wanted.shape
    if name == "amax":
        return  # it compares values, and has no mask
    masked = [Cells(arrays[0], arrays[0] % 3 == 0), *map(Cells, arrays[1:])]
    moved = op(*masked)
    marked = np.where(arrays[0] % 3 == 0, -1, arrays[0])
    plainly = op(Cells(marked), *map(Cells, arrays[1:])).values
    np.testing.assert_array_equal(np.where(np.asarray(moved.hidden), -1, moved.values), plainly)


def test_split_then_merge_is_nothing():
    split = REINDEXES["split"](axis=1, parts=3)(Cells(X))
    np.testing.assert_array_equal(REINDEXES["merge"](axis=1)(split).values, X)


@pytest.mark.parametrize(
    ("name", "parameters", "shapes", "message"),
    [
        ("T", {"axes": (0, 0)}, [(2, 3)], r"T: dimensions \(0, 0\) do not reorder shape \(2, 3\)"),
        ("T", {}, [(2, 3, 4)], "do not reorder"),
        ("split", {"axis": 0, "parts": 4}, [(6, 2)], r"split: 6 in shape \(6, 2\) does not divide into 4"),
        ("split", {"axis": 2, "parts": 1}, [(6, 2)], r"split: shape \(6, 2\) has no dimension 2"),
        ("merge", {"axis": 1}, [(6, 2)], "merge: .* no dimension after 1"),
        ("slice", {"start": (0, 0), "stop": (7, 1)}, [(6, 2)], "slice: .* does not lie in shape"),
        ("slice", {"start": (0,), "stop": (1,)}, [(6, 2)], "slice: .* does not lie in shape"),
        ("slice", {"start": (3, 0), "stop": (2, 1)}, [(6, 2)], "slice: .* does not lie in shape"),
        (
            "concat",
            {"axis": 0},
            [(6, 2), (6, 3)],
            r"concat: shapes \(6, 2\), \(6, 3\) differ beside dimension 0",
        ),
    ],
)
def test_misfits(name, parameters, shapes, message):
    op = REINDEXES[name](**parameters)
    with pytest.raises(ShapeError, match=message):
        op.result_shape(*shapes)
    with pytest.raises(ShapeError, match=message):
        op(*(Cells(np.zeros(shape)) for shape in shapes))


@pytest.mark.parametrize("index", [3.0, -1.0, 0.5, np.nan])
def test_places_that_are_not_there(index):
    with pytest.raises(ShapeError, match="is not a place among 3"):
        REINDEXES["take"]()(Cells(np.zeros((3, 2))), Cells(np.array([0.0, index])))
