"""softmax(tril(S)) is causal softmax, and what else becomes of a mask."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from matcube import ops
from matcube.ops import Cells

MAPS: dict[str, Any] = dict(ops.MAPS)

S = np.random.default_rng(5).normal(size=(6, 6)).astype(np.float32) * 3
ABOVE = np.triu(np.ones((6, 6), dtype=bool), 1)


def tril(x=S, **parameters) -> Cells:
    return MAPS["tril"](**parameters)(Cells(x))


def softmax(x: Cells) -> Cells:
    return MAPS["softmax"]()(x)


def causal(x: np.ndarray) -> np.ndarray:
    seen = np.where(ABOVE, -np.inf, x.astype(np.float64))
    weights = np.exp(seen - seen.max(1, keepdims=True))
    return weights / weights.sum(1, keepdims=True)


def test_tril_gives_values_and_a_mask():
    result = tril()
    np.testing.assert_array_equal(result.values, np.tril(S))
    np.testing.assert_array_equal(result.hidden, ABOVE)


@pytest.mark.parametrize("offset", [-3, -1, 0, 1, 9])
@pytest.mark.parametrize("shape", [(4, 6), (6, 4), (2, 3, 3)])
def test_offset_is_numpys_k(offset, shape):
    x = np.random.default_rng(0).normal(size=shape)
    for name, oracle in (("tril", np.tril), ("triu", np.triu)):
        result = MAPS[name](offset=offset)(Cells(x))
        np.testing.assert_array_equal(result.values, oracle(x, offset))
        np.testing.assert_array_equal(result.hidden, ~oracle(np.ones(shape, dtype=bool), offset))


def test_softmax_of_tril_is_causal():
    result = softmax(tril())
    np.testing.assert_allclose(result.values, causal(S), rtol=1e-6)
    assert (result.values[ABOVE] == 0).all(), "exactly 0 above the diagonal"
    np.testing.assert_array_equal(result.hidden, ABOVE)


def test_softmax_of_more_rows_than_columns_stays_in_its_row():
    x = np.random.default_rng(1).normal(size=(7, 3)).astype(np.float32)
    result = softmax(tril(x)).values
    np.testing.assert_allclose(result.sum(1), np.ones(7), rtol=1e-6)
    whole = softmax(Cells(x)).values
    np.testing.assert_allclose(result[3:], whole[3:], rtol=1e-6)


@pytest.mark.parametrize(
    ("name", "parameters", "oracle"),
    [
        ("divide", {"by": 8}, lambda x: x / 8),
        ("scale", {"by": -2}, lambda x: x * -2),
        ("shift", {"by": 5}, lambda x: x + 5),
        ("negate", {}, lambda x: -x),
        ("tanh", {}, np.tanh),
        ("power", {"exponent": 2}, lambda x: x**2),
        ("square", {}, lambda x: x**2),
        ("relu", {}, lambda x: np.maximum(x, 0)),
    ],
)
def test_a_mask_goes_through_formulas_between(name, parameters, oracle):
    between = MAPS[name](**parameters)(tril())
    np.testing.assert_allclose(between.values, oracle(np.tril(S)), rtol=1e-6)  # literally, as NumPy has it
    np.testing.assert_allclose(softmax(between).values, causal(oracle(S)), rtol=3e-6)


@pytest.mark.parametrize("name", ["sigmoid", "exp", "log", "reciprocal", "layernorm", "rmsnorm", "rope"])
def test_other_formulas_read_zero_and_end_the_mask(name):
    op = MAPS[name]()
    result = op(tril())
    assert result.hidden is None
    np.testing.assert_array_equal(result.values, op(Cells(np.tril(S))).values)


def test_powers_that_are_not_positive_end_the_mask():
    result = MAPS["power"](exponent=-1)(tril())
    assert result.hidden is None and np.isposinf(result.values[0, 1])


def test_a_bias_keeps_softmax_causal():
    bias = np.random.default_rng(2).normal(size=(6, 6)).astype(np.float32)
    plus = MAPS["plus"]()
    np.testing.assert_allclose(softmax(plus(tril(), Cells(bias))).values, causal(S + bias), rtol=1e-5)
    assert plus(Cells(bias), tril()).hidden is None, "the second matrix is plain numbers"
    row = MAPS["minus"]()(tril(), Cells(bias[0]))
    np.testing.assert_array_equal(row.values, np.tril(S) - bias[0])
    np.testing.assert_allclose(softmax(row).values, causal(S - bias[0]), rtol=1e-5)


def test_two_masks():
    lower, upper = tril(), MAPS["triu"]()(Cells(S))
    both = MAPS["plus"]()(lower, upper)
    assert both.hidden is not None and not both.hidden.any()
    product = MAPS["times"]()(lower, upper)
    np.testing.assert_array_equal(product.hidden, ~np.eye(6, dtype=bool))
    band = MAPS["tril"](offset=1)(MAPS["triu"](offset=-1)(Cells(S)))
    np.testing.assert_array_equal(band.values, np.tril(np.triu(S, -1), 1))
    np.testing.assert_array_equal(band.hidden, np.tril(np.triu(np.ones((6, 6)), -1), 1) == 0)


def test_over_keeps_the_mask_of_its_numerator():
    np.testing.assert_array_equal(MAPS["over"]()(tril(), Cells(np.full((6, 1), 2.0))).hidden, ABOVE)
    assert MAPS["over"]()(Cells(S), tril()).hidden is None


def test_a_stretched_mask_has_the_results_shape():
    row = Cells(np.ones(3), np.array([False, True, False]))
    result = MAPS["times"]()(row, Cells(np.ones((2, 3))))
    np.testing.assert_array_equal(result.hidden, [[False, True, False]] * 2)


def test_rows_masked_whole_give_zeros():
    result = softmax(tril(offset=-1))
    np.testing.assert_array_equal(result.values[0], np.zeros(6))
    np.testing.assert_allclose(result.values[1:].sum(1), np.ones(5), rtol=1e-6)


INF = np.inf


@pytest.mark.parametrize(
    ("row", "wanted"),
    [
        ([-INF, -INF, -INF], [np.nan] * 3),
        ([-INF, 0.0, 0.0], [0.0, 0.5, 0.5]),
        ([INF, 0.0, 0.0], [np.nan] * 3),
        ([np.nan, 0.0, 1.0], [np.nan] * 3),
        ([3e38, -3e38, -3e38], [1.0, 0.0, 0.0]),
        ([-3e38, -3e38, -3e38], [1 / 3] * 3),
    ],
)
def test_softmax_of_odd_rows(row, wanted):
    x = np.array([row, [1.0, 1.0, 1.0]], dtype=np.float32)
    result = softmax(Cells(x)).values
    np.testing.assert_allclose(result, [wanted, [1 / 3] * 3], rtol=1e-6)


def test_what_is_masked_cannot_spoil_a_row():
    x = np.array([[1.0, np.nan], [np.inf, 2.0]])
    hidden = np.array([[False, True], [True, False]])
    np.testing.assert_array_equal(softmax(Cells(x, hidden)).values, [[1.0, 0.0], [0.0, 1.0]])
    np.testing.assert_array_equal(tril(x).values, [[1.0, 0.0], [np.inf, 2.0]])


def test_a_seen_row_of_minus_infinity_beside_masked_cells():
    x = np.array([[-np.inf, 5.0]])
    result = softmax(Cells(x, np.array([[False, True]]))).values
    np.testing.assert_array_equal(result, [[np.nan, 0.0]])
