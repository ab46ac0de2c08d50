"""Every row of the table of maps keeps one contract; formulas are compared with float64 oracles."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from matcube import ops
from matcube.errors import OptionError, ShapeError
from matcube.ops import Cells, MapOp
from matcube.ops.parameters import declared
from matcube.ops.rows import _unit_rows

MAPS: dict[str, Any] = dict(ops.MAPS)

REQUIRED: dict[str, Any] = {
    "scale": {"by": 0.7},
    "divide": {"by": 3},
    "shift": {"by": -0.3},
    "power": {"exponent": 3},
}
FORMULAS: dict[str, Any] = {  # float64 oracles, written plainly
    "relu": lambda x: np.where(np.isnan(x), x, np.where(x > 0, x, 0)),
    "gelu": np.vectorize(lambda v: v / 2 * math.erfc(-v / math.sqrt(2)), otypes=[float]),
    "gelu_tanh": lambda x: x / 2 * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3))),
    "silu": lambda x: x / (1 + np.exp(-x)),
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "tanh": np.tanh,
    "exp": np.exp,
    "square": lambda x: x * x,
    "abs": np.abs,
    "sqrt": np.sqrt,
    "log": np.log,
    "softmax": lambda x: np.exp(x) / np.exp(x).sum(-1, keepdims=True),
    "tril": np.tril,
    "triu": np.triu,
    "layernorm": lambda x: (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + 1e-5),
    "rmsnorm": lambda x: x / np.sqrt((x * x).mean(-1, keepdims=True) + 1e-6),
    "scale": lambda x: x * 0.7,
    "divide": lambda x: x / 3,
    "shift": lambda x: x - 0.3,
    "power": lambda x: x**3,
    "negate": lambda x: -x,
    "reciprocal": lambda x: 1 / x,
    "plus": np.add,
    "minus": np.subtract,
    "times": np.multiply,
    "over": np.divide,
}  # fmt: skip


def rope_oracle(x, base=10000.0, start=0):
    out = np.array(x, dtype=np.float64)
    half = x.shape[1] // 2
    for p in range(x.shape[0]):
        for d in range(half):
            angle = (p + start) * base ** (-2 * d / x.shape[1])
            a, b = float(x[p, d]), float(x[p, d + half])
            out[p, d] = a * math.cos(angle) - b * math.sin(angle)
            out[p, d + half] = b * math.cos(angle) + a * math.sin(angle)
    return out


FORMULAS["rope"] = rope_oracle


def make(name: str) -> Any:
    return MAPS[name](**REQUIRED.get(name, {}))


def run(name: str, *arrays) -> np.ndarray:
    return make(name)(*(Cells(a) for a in arrays)).values


def operands(name: str, shape, dtype, seed=0):
    rng = np.random.default_rng(seed)
    return [rng.normal(size=shape).astype(dtype) for _ in range(MAPS[name].arity)]


def test_every_row_has_an_oracle_here():
    assert set(FORMULAS) == set(MAPS)


@pytest.mark.parametrize("name", MAPS)
class TestContract:
    def test_describes_itself(self, name):
        op = MAPS[name]
        assert op.name == name
        assert op.help and "\n" not in op.help and len(op.help) < 90
        assert op.__doc__
        assert op.arity in (1, 2)
        assert all(-2 <= dim < 0 for dim in op.mixes + op.reads)
        fields = dataclasses.fields(op)
        assert declared(op) == fields, "every field is a parameter with help"
        assert all(field.metadata["help"] for field in fields)
        assert all(str(field.type) in ("int", "float", "bool") for field in fields)

    def test_is_frozen_and_equal_by_value(self, name):
        op, other = make(name), make(name)
        assert isinstance(make(name), MapOp)
        assert op == other and hash(op) == hash(other)
        with pytest.raises((dataclasses.FrozenInstanceError, AttributeError)):
            setattr(op, "anything", 1)  # noqa: B010

    @pytest.mark.parametrize("shape", [(7, 10), (1, 2), (3, 4, 6)])
    def test_keeps_shape_and_precision(self, name, shape):
        for dtype in (np.float32, np.float64):
            result = run(name, *operands(name, shape, dtype))
            assert result.shape == shape and result.dtype == dtype

    @pytest.mark.parametrize("dtype", [np.float16, np.int16, np.uint8, bool])
    def test_small_numbers_become_float32(self, name, dtype):
        assert run(name, *[np.ones((2, 2), dtype=dtype)] * MAPS[name].arity).dtype == np.float32

    @pytest.mark.parametrize("dtype", [np.int32, np.uint32, np.int64])
    def test_wide_integers_become_float64(self, name, dtype):
        assert run(name, *[np.ones((2, 2), dtype=dtype)] * MAPS[name].arity).dtype == np.float64

    @pytest.mark.parametrize("shape", [(0, 4), (3, 0), (0, 0)])
    def test_empty(self, name, shape):
        assert run(name, *[np.zeros(shape, dtype=np.float32)] * MAPS[name].arity).shape == shape

    def test_one_cell(self, name):
        if name == "rope":
            with pytest.raises(ShapeError, match=r"rope: it turns pairs .* shape .1, 1. has 1"):
                run(name, np.ones((1, 1), np.float32))
            return
        x = [np.full((1, 1), 2.0)] * MAPS[name].arity
        np.testing.assert_allclose(run(name, *x), FORMULAS[name](*x), rtol=1e-14, atol=1e-300)

    def test_float64_equals_the_oracle(self, name):
        x = operands(name, (9, 12), np.float64)
        with np.errstate(all="ignore"):
            np.testing.assert_allclose(run(name, *x), FORMULAS[name](*x), rtol=1e-13, atol=1e-15)

    def test_float32_equals_the_float64_oracle(self, name):
        x = operands(name, (33, 64), np.float32)
        with np.errstate(all="ignore"):
            wanted = FORMULAS[name](*(operand.astype(np.float64) for operand in x))
        np.testing.assert_allclose(run(name, *x), wanted, rtol=2e-6, atol=5e-7)

    def test_nan_stays_in_its_row(self, name):
        x = operands(name, (6, 6), np.float32)
        x[0][4, 1] = np.nan
        result = run(name, *x)
        if name == "triu":  # cell (4, 1) is below the diagonal
            assert not np.isnan(result).any()
            return
        assert np.isnan(result[4, 1])
        others = np.delete(x[0], 4, axis=0)
        rows = np.delete(result, 4, axis=0)
        assert np.array_equal(np.isnan(rows), np.isnan(rows) & (others < 0)), "NaN only where formula has it"

    def test_infinities_and_huge_values_raise_no_warning(self, name):
        # warnings are errors in this suite
        for value in (np.inf, -np.inf, 3e38, -3e38, 1e-45, 0.0):
            x = np.array([[value, 1.0], [1.0, 2.0]], dtype=np.float32)
            assert run(name, *[x] * MAPS[name].arity).shape == (2, 2)

    def test_does_not_change_its_operands(self, name):
        x = operands(name, (4, 4), np.float64)
        before = [operand.copy() for operand in x]
        hidden = np.eye(4, dtype=bool)
        make(name)(*(Cells(operand, hidden) for operand in x))
        assert all(np.array_equal(a, b) for a, b in zip(x, before, strict=True))
        assert np.array_equal(hidden, np.eye(4, dtype=bool))


LIMITS = [
    ("relu", -np.inf, 0.0), ("relu", np.inf, np.inf), ("gelu", -np.inf, 0.0), ("gelu", np.inf, np.inf),
    ("gelu_tanh", -np.inf, 0.0), ("gelu_tanh", np.inf, np.inf), ("silu", -np.inf, 0.0),
    ("silu", np.inf, np.inf),
    ("sigmoid", -np.inf, 0.0), ("sigmoid", np.inf, 1.0), ("tanh", -np.inf, -1.0), ("exp", -np.inf, 0.0),
    ("log", 0.0, -np.inf), ("log", -1.0, np.nan), ("sqrt", -1.0, np.nan), ("reciprocal", 0.0, np.inf),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value", "wanted"), LIMITS)
def test_limits(name, value, wanted):
    for dtype in (np.float32, np.float64):
        np.testing.assert_equal(run(name, np.full((1, 2), value, dtype=dtype)), np.full((1, 2), wanted))


def test_gelu_keeps_its_tail():
    x = np.array([[-10.0, -20.0]])
    wanted = [v / 2 * math.erfc(-v / math.sqrt(2)) for v in (-10.0, -20.0)]
    np.testing.assert_allclose(run("gelu", x), [wanted], rtol=1e-13)


@settings(derandomize=True, deadline=None, max_examples=60)
@given(hnp.arrays(np.float32, hnp.array_shapes(min_dims=2, max_dims=2, max_side=9),
                  elements=st.floats(width=32, allow_nan=False, allow_infinity=False)))  # fmt: skip
def test_norms_and_softmax_are_finite_for_any_finite_row(x):
    soft = run("softmax", x)
    np.testing.assert_allclose(soft.sum(-1), 1, rtol=1e-5)
    assert (soft >= 0).all()
    norm = run("layernorm", x).astype(np.float64)
    assert np.isfinite(norm).all() and np.abs(norm).max() <= math.sqrt(x.shape[1]) * 1.001
    rms = run("rmsnorm", x).astype(np.float64)
    assert np.isfinite(rms).all() and np.abs(rms).max() <= math.sqrt(x.shape[1]) * 1.001


@pytest.mark.parametrize("size", [1e30, 1e-30])
def test_norms_of_extreme_float32(size):
    row = np.array([[1.0, 2.0, 3.0, 4.0]])
    x = (row * size).astype(np.float32)
    wide = x.astype(np.float64)
    mean = wide.mean()
    np.testing.assert_allclose(
        run("layernorm", x), (wide - mean) / np.sqrt(wide.var() + 1e-5), rtol=1e-6, atol=1e-40
    )
    np.testing.assert_allclose(
        run("rmsnorm", x), wide / np.sqrt((wide**2).mean() + 1e-6), rtol=1e-6, atol=1e-40
    )


def test_norms_of_extreme_float64():
    x = np.array([[1e300, 2e300, 4e300]])
    np.testing.assert_allclose(run("layernorm", x), FORMULAS["layernorm"](x / 1e300 * 1e10), rtol=1e-9)
    np.testing.assert_allclose(run("rmsnorm", x), FORMULAS["rmsnorm"](x / 1e300 * 1e10), rtol=1e-9)


def test_rope_by_parameters():
    x = np.random.default_rng(3).normal(size=(5, 8))
    op = MAPS["rope"](base=100000, start=7)
    np.testing.assert_allclose(op(Cells(x)).values, rope_oracle(x, 100000, 7), rtol=1e-13, atol=1e-14)
    again = MAPS["rope"](base=100000, start=9)(Cells(x[2:])).values
    np.testing.assert_allclose(again, rope_oracle(x, 100000, 7)[2:], rtol=1e-13, atol=1e-14)


@pytest.mark.parametrize("name", ["tril", "triu", "rope"])
def test_rows_are_needed(name):
    with pytest.raises(ShapeError, match=rf"{name}: needs a matrix, not shape \(4,\)"):
        run(name, np.ones(4))


@pytest.mark.parametrize("name", ["plus", "minus", "times", "over"])
@pytest.mark.parametrize("shape", [(4,), (1, 4), (3, 1), (1, 1)])
def test_rows_and_columns_stretch(name, shape):
    a, b = np.random.default_rng(1).normal(size=(3, 4)), np.random.default_rng(2).normal(size=shape)
    np.testing.assert_array_equal(run(name, a, b), FORMULAS[name](a, b))
    np.testing.assert_array_equal(run(name, b, a), FORMULAS[name](b, a))


def test_shapes_that_do_not_fit():
    with pytest.raises(ShapeError, match=r"plus: shapes \(3, 4\) and \(3,\) do not fit cell by cell"):
        run("plus", np.ones((3, 4)), np.ones(3))


def test_mixed_precision_is_the_wider():
    assert run("plus", np.ones((2, 2), np.float32), np.ones((2, 2), np.float64)).dtype == np.float64


@pytest.mark.parametrize(
    ("name", "parameters", "message"),
    [
        ("layernorm", {"eps": -1}, "layernorm: eps=-1 is out of its range"),
        ("tril", {"offset": 1.5}, "tril: offset must be a whole number, not 1.5"),
        ("tril", {"offset": True}, "tril: offset must be a whole number, not True"),
        ("rope", {"base": 0.0}, "rope: base=0.0 is out of its range"),
        ("rope", {"start": -1}, "rope: start=-1 is out of its range"),
        ("scale", {"by": math.inf}, "scale: by must be finite, not inf"),
        ("scale", {"by": "2"}, "scale: by must be a number, not '2'"),
    ],
)
def test_parameters_out_of_range(name, parameters, message):
    with pytest.raises(OptionError) as caught:
        MAPS[name](**parameters)
    assert caught.value.message == message


EXTREME = [1.7e308, -1.7e308, 1e308, float(np.finfo(np.float32).max), 1e-310, 5e-324, -5e-324, 0.0, 1.0]


@pytest.mark.parametrize("name", ["layernorm", "rmsnorm"])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@given(row=st.lists(st.sampled_from(EXTREME), min_size=1, max_size=6))
@settings(max_examples=60, deadline=None)
def test_norms_of_any_finite_row_are_finite(name, dtype, row):
    most = float(np.finfo(dtype).max)
    result = run(name, np.clip([row], -most, most).astype(dtype))
    assert np.isfinite(result).all()
    assert np.abs(result).max() <= len(row) ** 0.5 + 1e-6


@pytest.mark.parametrize("value", [*EXTREME, 0.1, 1e300])
def test_layernorm_of_one_value_is_exactly_0(value):
    assert run("layernorm", np.full((2, 3), value)).tolist() == [[0, 0, 0]] * 2


def test_rmsnorm_of_the_largest_value_is_1():
    np.testing.assert_allclose(run("rmsnorm", np.full((1, 3), 1.7e308)), 1)
    np.testing.assert_allclose(run("rmsnorm", np.full((1, 3), np.finfo(np.float32).max, np.float32)), 1)


def test_a_tiny_eps_is_not_lost_beside_large_values():
    result = MAPS["layernorm"](eps=1e-300)(Cells(np.full((1, 3), 1.7e308))).values
    assert result.tolist() == [[0, 0, 0]]


def test_the_power_over_which_rows_are_taken_is_finite():
    row, power = _unit_rows(np.array([[1.7e308, 1e308]]))
    assert np.isfinite(power).all()
    np.testing.assert_array_equal(row * power, [[1.7e308, 1e308]])
