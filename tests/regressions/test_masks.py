"""The rule of masks of docs/language.md, by programs: against NumPy, and against an oracle of its own."""

from __future__ import annotations

import re

import numpy as np
import pytest

import matcube as mc

INF = np.inf
S = np.zeros((3, 3))
A = np.arange(1.0, 10.0).reshape(3, 3)
B = np.array([[3.0, -1.0, 2.0], [0.5, 0.0, 1.0], [4.0, 2.0, -2.0]])
M = np.full((3, 3), -INF)
ARRAYS = {"S": S, "A": A, "B": B, "M": M}
ABOVE = np.triu(np.ones((3, 3), bool), 1)


def softmax(x, hidden=None):
    x = np.where(False if hidden is None else hidden, -INF, x)
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def figure(program):
    used = {name: array for name, array in ARRAYS.items() if re.search(rf"\b{name}\b", program)}
    return mc.figure(f"out = {program}", **used)


CAUSAL_OF_ZEROS = np.array([[1, 0, 0], [1 / 2, 1 / 2, 0], [1 / 3, 1 / 3, 1 / 3]])


@pytest.mark.parametrize(
    ("program", "expected"),
    [
        ("softmax(S + triu(ones(3,3), offset=1) * -1e9)", CAUSAL_OF_ZEROS),
        ("softmax(S - triu(ones(3,3), offset=1) * 1e9)", CAUSAL_OF_ZEROS),
        ("softmax(triu(ones(3,3), offset=1) * -1e9 + S)", CAUSAL_OF_ZEROS),
        ("softmax(S + triu(M, offset=1))", CAUSAL_OF_ZEROS),
        ("softmax(triu(M, offset=1) + S)", CAUSAL_OF_ZEROS),
        ("softmax((1 - tril(ones(3,3))) * -1e9 + S)", CAUSAL_OF_ZEROS),
        ("softmax(S + (1 - tril(ones(3,3))) * -1e9)", CAUSAL_OF_ZEROS),
        ("softmax(triu(formula(3, 3, -1e9), offset=1) + S)", CAUSAL_OF_ZEROS),
        ("softmax(triu(zeros(3, 3) - 1e9, offset=1) + S)", CAUSAL_OF_ZEROS),
        ("softmax(triu(rows(3, 3, min=-1e9, max=-1e9), offset=1) + S)", CAUSAL_OF_ZEROS),
        ("softmax(tril(zeros(3, 3) * 2) + B)", softmax(B, ABOVE)),
        ("softmax(tril(constant(3, 3, value=0)) + B)", softmax(B, ABOVE)),
        ("softmax(A + tril(A))", softmax(A + np.tril(A))),
        ("softmax(A - tril(A))", softmax(A - np.tril(A))),
        ("softmax(A * tril(ones(3,3)))", softmax(A * np.tril(np.ones((3, 3))))),
        ("softmax(tril(S) + B)", softmax(B, ABOVE)),
        ("softmax(tril(S) - B)", softmax(-B, ABOVE)),
        ("softmax(tril(A) / 8 + 1)", softmax(A / 8, ABOVE)),
        ("softmax((tril(A) / 8 + B) * 2)", softmax(A / 4 + 2 * B, ABOVE)),
        ("softmax(tril(A) * B)", softmax(A * B, ABOVE)),
        ("softmax(tril(A).T)", softmax(A.T, ABOVE.T)),
        ("softmax(tril(A @ B))", softmax(A @ B, ABOVE)),
        ("softmax(tril(A) @ B)", softmax(np.tril(A) @ B)),
        ("softmax(tril(A) + triu(B))", softmax(np.tril(A) + np.triu(B))),
        ("softmax(concat(tril(A), B, axis=0))", np.concatenate([softmax(A, ABOVE), softmax(B)])),
        ("softmax(slice(tril(A), start=(1, 0), stop=(3, 3)))", softmax(A, ABOVE)[1:]),
        ("A - tril(A)", A - np.tril(A)),
        ("tril(A) + B", np.tril(A) + B),
        ("1 + tril(A)", 1 + np.tril(A)),
    ],
)
def test_programs(program, expected):
    np.testing.assert_allclose(figure(program).value("out"), expected, rtol=1e-6, atol=1e-12)


@pytest.mark.parametrize("program", ["A - tril(A)", "tril(A) + B", "1 + tril(A)", "B + tril(A)"])
def test_cells_that_are_not_zero_are_shown_and_counted(program):
    figure_ = figure(program)
    matrix = next(item for item in figure_.scene().head.matrices if item.name == "out")
    values = figure_.value("out")
    assert matrix.mask is None
    assert matrix.stats.max == pytest.approx(values.max()) and matrix.stats.min == pytest.approx(values.min())


def test_a_triangle_shows_its_mask_and_scores_keep_it():
    by_name = {
        m.name: m for m in mc.figure("t = tril(A)\ns = t + B\np = softmax(s)", A=A, B=B).scene().head.matrices
    }
    assert all(by_name[name].mask is not None for name in "tsp")
    assert getattr(by_name["s"].stats, "masked", None) == 3


def test_nan_under_a_mask_that_no_softmax_reads_is_counted():
    holed = np.array([[1.0, np.nan], [1.0, 1.0]])
    head = mc.figure("out = tril(A) * X", A=A[:2, :2], X=holed).scene().head
    matrix = next(item for item in head.matrices if item.name == "out")
    assert matrix.mask is None and getattr(matrix.stats, "nan", None) == 1
