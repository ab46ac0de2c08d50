"""Sums of products: any spec of letters, the accuracy that is promised, and IEEE 754."""

from __future__ import annotations

import importlib
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcube.errors import ShapeError
from matcube.ir import IndexSpec
from matcube.values import contract

MATMUL = IndexSpec.parse("i k, k j -> i j")

SPECS = [
    "i k, k j -> i j",  # A @ B
    "i k, j k -> i j",  # A @ B.T
    "k i, k j -> i j",  # A.T @ B
    "i k, k j -> j i",
    "k, k -> ",  # inner product
    "i, j -> i j",  # outer product
    "i k, k -> i",
    "k, k j -> j",
    "h i k, h k j -> h i j",  # heads
    "h i d, h j d -> h i j",
    "h i d, h d c -> i c",  # output projection: heads are summed
    "h i k, k j -> h i j",  # a weight that every head shares
    "b h i k, h k j -> b h i j",
    "i k, h k j -> h i j",
    "h i j, h i j -> h i j",  # all batch
    "i k, j -> i j",  # k is in one operand only
    "i i, i j -> i j",  # a diagonal
    "u i k, h k j -> h i j",
    "i j -> j i",
    "i j -> i",
    "i j -> ",
    "i k, k l, l j -> i j",
    "i j, j, j k -> i k",
]
SIZES = {"i": 5, "j": 4, "k": 7, "h": 3, "d": 6, "c": 2, "b": 2, "l": 3, "u": 1}


def oracle(spec: IndexSpec, arrays) -> np.ndarray:
    """The same by ``np.einsum`` in float64, over letters as numbers."""
    numbers = {letter: n for n, letter in enumerate(dict.fromkeys(sum(spec.inputs, ())))}
    flat: list[Any] = []
    for letters, array in zip(spec.inputs, arrays, strict=True):
        flat += [np.asarray(array, dtype=np.float64), [numbers[letter] for letter in letters]]
    return np.einsum(*flat, [numbers[letter] for letter in spec.output])


def operands(spec: IndexSpec, dtype=np.float32, seed=0):
    rng = np.random.default_rng(seed)
    return [rng.normal(size=[SIZES[letter] for letter in letters]).astype(dtype) for letters in spec.inputs]


def assert_accurate(result, spec, arrays, share=1e-6):
    wanted = oracle(spec, arrays)
    bound = share * oracle(spec, [np.abs(array) for array in arrays])
    assert result.shape == wanted.shape
    assert (np.abs(result - wanted) <= bound).all(), np.max(np.abs(result - wanted) / (bound / share))


@pytest.mark.parametrize("text", SPECS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_specs(text, dtype):
    spec = IndexSpec.parse(text)
    arrays = operands(spec, dtype)
    result = contract(spec, arrays)
    assert result.dtype == dtype and result.flags.c_contiguous
    assert_accurate(result, spec, arrays, 1e-6 if dtype == np.float32 else 1e-14)


@pytest.mark.parametrize("text", SPECS)
@pytest.mark.parametrize("empty", ["i", "j", "k", "h"])
def test_a_size_of_zero(text, empty):
    spec = IndexSpec.parse(text)
    arrays = [
        np.ones([0 if letter == empty else SIZES[letter] for letter in letters], dtype=np.float32)
        for letters in spec.inputs
    ]
    np.testing.assert_array_equal(contract(spec, arrays), oracle(spec, arrays))


LETTERS = "ijkh"


@settings(derandomize=True, deadline=None, max_examples=150)
@given(st.data())
def test_any_spec(data):
    left = data.draw(st.lists(st.sampled_from(LETTERS), max_size=4, unique=True))
    right = data.draw(st.lists(st.sampled_from(LETTERS), max_size=4, unique=True))
    there = list(dict.fromkeys(left + right))
    output = data.draw(st.permutations(there))[: data.draw(st.integers(0, len(there)))]
    spec = IndexSpec((tuple(left), tuple(right)), tuple(output))
    sizes = {letter: data.draw(st.integers(1, 5)) for letter in LETTERS}
    rng = np.random.default_rng(data.draw(st.integers(0, 99)))
    arrays = [
        rng.normal(size=[sizes[letter] for letter in letters]).astype(np.float32) for letters in (left, right)
    ]
    assert_accurate(contract(spec, arrays), spec, arrays)


def worst(k: int, kind: str, seed: int):
    rng = np.random.default_rng(seed)
    make = {
        "same sign": lambda size: rng.uniform(0.5, 1, size),
        "constant": lambda size: np.full(size, 0.1),
        "mixed": lambda size: rng.normal(size=size),
        "wide": lambda size: rng.normal(size=size) * 10.0 ** rng.uniform(-6, 6, size),
        "cancelling": lambda size: np.where(np.arange(size[-1]) % 2, 1, -1) * rng.uniform(0.9, 1, size),
    }[kind]
    return make((8, k)).astype(np.float32), make((9, k)).astype(np.float32).T


@pytest.mark.parametrize("kind", ["same sign", "constant", "mixed", "wide", "cancelling"])
@pytest.mark.parametrize("k", [1, 64, 1000, 4096, 8192])
def test_accuracy_does_not_depend_on_length(kind, k):
    a, b = worst(k, kind, seed=k)
    result = contract(MATMUL, [a, b]).astype(np.float64)
    wanted = a.astype(np.float64) @ b.astype(np.float64)
    share = np.abs(result - wanted) / (np.abs(a).astype(np.float64) @ np.abs(b))
    assert share.max() <= 1e-7  # ten times better than promised: one rounding


@settings(derandomize=True, deadline=None, max_examples=25)
@given(st.integers(1, 8192), st.integers(0, 10_000))
def test_accuracy_property(k, seed):
    a, b = worst(k, "same sign", seed)
    assert_accurate(contract(MATMUL, [a, b]), MATMUL, [a, b])


def test_tiles_join(monkeypatch):
    module = importlib.import_module("matcube.values.contract")
    monkeypatch.setattr(module, "_TILE", 5)
    monkeypatch.setattr(module, "_WHOLE", 0)
    for text in SPECS:
        spec = IndexSpec.parse(text)
        arrays = operands(spec, seed=3)
        assert_accurate(contract(spec, arrays), spec, arrays)
    a = np.random.default_rng(0).normal(size=(13, 17)).astype(np.float32)
    assert_accurate(contract(MATMUL, [a, a.T]), MATMUL, [a, a.T])


@pytest.mark.parametrize("dtype", [np.float16, np.int8, np.uint16, bool])
def test_small_and_whole_numbers_compute_in_float32(dtype):
    a, b = np.arange(6).reshape(2, 3).astype(dtype), np.arange(12).reshape(3, 4).astype(dtype)
    result = contract(MATMUL, [a, b])
    assert result.dtype == np.float32
    np.testing.assert_array_equal(result, a.astype(float) @ b.astype(float))


@pytest.mark.parametrize("dtype", [np.int32, np.uint32, np.int64, np.uint64])
def test_wide_integers_keep_every_digit(dtype):
    a = np.array([[2**24 + 1, 1]], dtype=dtype)
    result = contract(MATMUL, [a, np.array([[2], [1]], dtype=dtype)])
    assert result.dtype == np.float64 and result.item() == 2**25 + 3


def test_sixteen_bits_do_not_overflow():
    a = np.full((1, 100), 60000, dtype=np.float16)
    assert contract(MATMUL, [a, a.T]).item() == pytest.approx(100 * float(a[0, 0]) ** 2)


def test_mixed_precision_is_the_wider():
    assert contract(MATMUL, [np.ones((2, 2), np.float32), np.ones((2, 2))]).dtype == np.float64


ODD = st.sampled_from([0.0, 1.0, -2.0, np.inf, -np.inf, np.nan])


@settings(derandomize=True, deadline=None, max_examples=120)
@given(st.data(), st.sampled_from([np.float32, np.float64]), st.integers(1, 20))
def test_infinities_and_nan_follow_the_rules(data, dtype, k):
    a = np.array(data.draw(st.lists(ODD, min_size=3 * k, max_size=3 * k)), dtype=dtype).reshape(3, k)
    b = np.array(data.draw(st.lists(ODD, min_size=2 * k, max_size=2 * k)), dtype=dtype).reshape(k, 2)
    with np.errstate(all="ignore"):
        wanted = (a.astype(np.float64)[:, :, None] * b.astype(np.float64)[None]).sum(1)
    np.testing.assert_array_equal(contract(MATMUL, [a, b]), wanted)


@pytest.mark.parametrize("size", [2, 40, 300])
def test_zero_times_infinity_is_nan_at_every_size(size):
    a = np.zeros((size, size), dtype=np.float32)
    b = np.eye(size, dtype=np.float32)
    b[1, 0] = np.inf
    result = contract(MATMUL, [a, b])
    assert np.isnan(result[:, 0]).all() and (result[:, 1:] == 0).all()


def test_overflow_is_infinite_without_a_warning():
    a = np.full((1, 2), 3e38, dtype=np.float32)
    assert np.isposinf(contract(MATMUL, [a, a.T])).all()
    b = np.array([[3e38, -3e38]], dtype=np.float32)
    assert contract(MATMUL, [a, b.T]).item() == 0, "the sum is right even where a product is beyond float32"


@pytest.mark.parametrize(
    ("text", "shapes", "message"),
    [
        ("i k, k j -> i j", [(2, 3), (4, 5)], r'in "i k, k j -> i j" k is both 3 and 4'),
        ("i k, k j -> i j", [(2, 3), (3,)], r"shapes \(2, 3\), \(3,\) do not have the dimensions"),
        ("i k, k j -> i z", [(2, 3), (3, 5)], "in no operand"),
        ("i k, k j -> i i", [(2, 3), (3, 5)], "twice"),
    ],
)
def test_misfits(text, shapes, message):
    with pytest.raises(ShapeError, match=message):
        contract(IndexSpec.parse(text), [np.zeros(shape) for shape in shapes])
