"""Every row of the table of initialisers keeps one contract; patterns equal their formulas."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from matcube import ops
from matcube.errors import OptionError
from matcube.ops import Initialiser, rng
from matcube.ops.formula import BinOp, Call, Const, Var
from matcube.ops.parameters import declared

INITIALISERS: dict[str, Any] = dict(ops.INITIALISERS)

TREE = BinOp("+", Var("i"), Var("j"))
RANDOM = ["uniform", "gaussian", "linear"]
RANGED = ["rows", "cols", "row_major", "col_major", "uniform", "gaussian"]


def make(name, shape, **parameters) -> Initialiser:
    if name == "formula":
        parameters = {"tree": TREE, **parameters}
    return INITIALISERS[name](shape, **parameters)


@pytest.mark.parametrize("name", INITIALISERS)
class TestContract:
    def test_describes_itself(self, name):
        op = INITIALISERS[name]
        assert op.name == name and op.help and op.__doc__
        assert all(parameter.metadata["help"] for parameter in declared(op))

    @pytest.mark.parametrize("shape", [(4, 5), (1, 1), (5,), (2, 3, 4), (0, 3), (3, 0)])
    def test_shape_precision_and_finiteness(self, name, shape):
        initialiser = make(name, shape)
        assert isinstance(initialiser, Initialiser) and initialiser.shape == shape
        result = initialiser()
        assert result.shape == shape and result.dtype == np.float32 and result.flags.c_contiguous
        assert np.isfinite(result).all()

    def test_is_the_same_every_time(self, name):
        initialiser, other = make(name, (6, 7)), make(name, (6, 7))
        assert initialiser == other and hash(initialiser) == hash(other)
        first = initialiser()
        first[0, 0] += 100
        np.testing.assert_array_equal(initialiser(), other())

    @pytest.mark.parametrize("shape", [(), (2.0, 3), (-1, 2), (True, 2), ("2",)])
    def test_refuses_what_is_no_shape(self, name, shape):
        with pytest.raises(OptionError, match=f"{name}: .* is not a shape"):
            make(name, shape)


PATTERNS = {
    "rows": lambda i, j, h, w: -1 + 2 * i / (h - 1),
    "cols": lambda i, j, h, w: -1 + 2 * j / (w - 1),
    "row_major": lambda i, j, h, w: -1 + 2 * (i * w + j) / (h * w - 1),
    "col_major": lambda i, j, h, w: -1 + 2 * (j * h + i) / (h * w - 1),
    "tril": lambda i, j, h, w: j <= i,
    "triu": lambda i, j, h, w: j >= i,
    "eye": lambda i, j, h, w: i == j,
    "diff": lambda i, j, h, w: 1 if i == j else -1 if i == j + 1 else 0,
    "zeros": lambda i, j, h, w: 0,
    "ones": lambda i, j, h, w: 1,
    "constant": lambda i, j, h, w: 1,
    "formula": lambda i, j, h, w: i + j,
}


def test_every_pattern_is_tested():
    assert set(PATTERNS) | set(RANDOM) == set(INITIALISERS)


@pytest.mark.parametrize("name", PATTERNS)
@pytest.mark.parametrize("shape", [(4, 6), (5, 3)])
def test_pattern(name, shape):
    h, w = shape
    wanted = [[float(PATTERNS[name](i, j, h, w)) for j in range(w)] for i in range(h)]
    np.testing.assert_allclose(make(name, shape)(), wanted, rtol=1e-6, atol=1e-7)


def test_default_range_ends_exactly():
    for name in ("rows", "cols", "row_major", "col_major"):
        result = make(name, (32, 32))()
        assert result.min() == -1 and result.max() == 1
        ranged = make(name, (3, 4), min=2, max=5)()
        assert ranged.min() == 2 and ranged.max() == 5


@pytest.mark.parametrize("name", PATTERNS)
def test_a_row_of_one_size_and_batches(name):
    np.testing.assert_array_equal(make(name, (6,))(), make(name, (1, 6))()[0])
    batch = make(name, (3, 4, 5))()
    for matrix in batch:
        np.testing.assert_array_equal(matrix, make(name, (4, 5))())


def test_one_value_has_no_spread():
    assert make("rows", (1, 1), min=3, max=9)().item() == 3


def test_uniform():
    result = make("uniform", (3, 5), min=-2, max=6, seed=11)()
    wanted = (-2 + 8 * rng.uniform(11, 15)).reshape(3, 5).astype(np.float32)
    np.testing.assert_array_equal(result, wanted)


def test_gaussian_between_minus_one_and_one_is_standard():
    result = make("gaussian", (30, 50), seed=4)()
    np.testing.assert_allclose(result, rng.gaussian(4, 1500).reshape(30, 50), rtol=1e-6, atol=1e-7)
    other = make("gaussian", (30, 50), seed=4, min=1, max=5)()
    np.testing.assert_allclose(other, 3 + 2 * result, rtol=1e-5, atol=1e-5)


def test_linear_is_bounded_by_its_inputs():
    result = make("linear", (64, 500))()
    assert np.abs(result).max() == pytest.approx(1 / 8, rel=1e-3) and abs(result.mean()) < 0.002
    narrow = make("linear", (64, 500), fan_in=10_000)()
    assert 0.0099 < np.abs(narrow).max() <= 0.01


@pytest.mark.parametrize("name", RANDOM)
def test_seeds_differ(name):
    result = [make(name, (20, 20), seed=seed)() for seed in range(3)]
    assert not np.array_equal(result[0], result[1])
    assert abs(np.corrcoef(result[0].ravel(), result[1].ravel())[0, 1]) < 0.2
    np.testing.assert_array_equal(make(name, (20, 20))(), result[0])


@pytest.mark.parametrize("name", RANGED)
def test_dropout_is_a_share_of_zeros(name):
    whole = make(name, (200, 200), min=1, max=2)()
    result = make(name, (200, 200), min=1, max=2, dropout=0.25)()
    retained = result != 0
    assert abs(retained.mean() - 0.75) < 0.02
    np.testing.assert_array_equal(result[retained], whole[retained])
    np.testing.assert_array_equal(make(name, (4, 4), dropout=1)(), np.zeros((4, 4)))
    again = make(name, (200, 200), min=1, max=2, dropout=0.25, seed=1)() != 0
    assert not np.array_equal(again, retained)


@pytest.mark.parametrize("share", [-0.1, 1.1, math.nan])
def test_dropout_out_of_range(share):
    with pytest.raises(OptionError, match="uniform: dropout"):
        make("uniform", (2, 2), dropout=share)


def test_the_bands_of_the_article():
    band = BinOp("%", Call("floor", (BinOp("/", Var("i"), Const(8)),)), Const(2))
    tree = BinOp("+", BinOp("*", Const(-2), band), Const(1))
    result = make("formula", (32, 4), tree=tree)()
    np.testing.assert_array_equal(result[:, 0], np.repeat([1, -1, 1, -1], 8))


@pytest.mark.parametrize(
    ("name", "parameters", "level"),
    [(name, {}, {"zeros": 0, "ones": 1, "constant": 1}.get(name)) for name in INITIALISERS]
    + [(name, {"min": 2.5, "max": 2.5}, 2.5) for name in RANGED]
    + [(name, {"min": 2.5, "max": 2.5, "dropout": 0.5}, None) for name in RANGED]
    + [
        ("constant", {"value": -1e9}, -1e9),
        ("formula", {"tree": Const(-1e9)}, -1e9),
        ("formula", {"tree": BinOp("*", Var("h"), Var("w"))}, 20),
        ("formula", {"tree": Call("abs", (Var("j"),))}, None),
    ],
)
def test_the_level_is_the_one_number_in_all_cells(name, parameters, level):
    initialiser = make(name, (4, 5), **parameters)
    assert initialiser.level == level
    assert (len(np.unique(initialiser())) == 1) == (level is not None)
    assert level is None or initialiser()[0, 0] == level
