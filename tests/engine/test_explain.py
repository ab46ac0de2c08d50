"""One cell in words of numbers, against float64 NumPy: terms, totals, steps, addresses."""

from __future__ import annotations

import json

import numpy as np
import pytest

import matcube as mc
from matcube.cli.main import main
from matcube.engine.explain import MOST_EXACT, number
from matcube.errors import DataError, OptionError

A = np.arange(1, 13).reshape(3, 4)
B = np.array([[1, -2], [0, 1], [2, 0], [1, 1]])
RNG = np.random.default_rng(0)
Q, K, V = (RNG.normal(size=(8, 16)) for _ in range(3))


def test_a_sum_in_words():
    result = mc.figure("C = A @ B", A=A, B=B).explain("C[1, 0]")
    assert str(result) == "C[1, 0]: 5·1 + 6·0 + 7·2 + 8·1 = 27"
    assert (result.address, result.value) == ("C[1, 0]", 27)
    (step,) = result.steps
    assert [term.value for term in step.terms] == [5, 0, 14, 8]
    assert step.terms[2].cells == ("A[1, 2]", "B[2, 0]")


def test_negative_factors_have_brackets():
    assert mc.figure("C = A @ B", A=A, B=B).explain("[1, 1]").steps[0].text == "5·(−2) + 6·1 + 7·0 + 8·1 = 4"


def test_through_scale_mask_and_softmax():
    figure = mc.figure("attn = softmax(tril(Q @ K.T / sqrt(16)))\nout = attn @ V", Q=Q, K=K, V=V)
    scores = Q @ K.T
    row = scores[5, :6] / 4
    total, scaled, masked, softmax = figure.explain("attn[5, 2]").steps
    assert sum(term.value for term in total.terms) == pytest.approx(scores[5, 2])
    factor = number(scores[5, 2])
    assert scaled.text == f"{f'({factor})' if '−' in factor else factor} ÷ 4 = {number(row[2])}"
    assert masked.value == pytest.approx(row[2])
    shares = np.exp(row - row.max())
    names = dict(part.rsplit(" ", 1) for part in softmax.text.split(", ")[:3])
    assert names == {
        "max": number(row.max()), "exp(x − max)": number(shares[2]), "sum": number(shares.sum()),
    }  # fmt: skip
    assert softmax.value == pytest.approx(shares[2] / shares.sum())
    assert figure.explain("attn[2, 5]").steps[-1].text == "masked"


def test_a_long_sum_has_its_largest_terms_first():
    figure = mc.figure("S = Q @ K.T", Q=Q, K=K)
    step = figure.explain("S[5, 2]").steps[0]
    products = Q[5] * K[2]
    order = np.argsort(-np.abs(products))
    rest = products[order[8:]].sum()
    assert [term.value for term in step.terms] == pytest.approx(products.tolist())
    assert step.text.endswith(f"+ 8 more ({number(rest)}) = {number(products.sum())}")
    first = order[0]
    assert step.text.split(" + ")[0].replace("(", "").replace(")", "") == (
        f"{number(Q[5, first])}·{number(K[2, first])}"
    )


def test_a_very_long_sum_lists_its_largest_terms_alone():
    count = MOST_EXACT + 100
    x, y = RNG.normal(size=(1, count)), RNG.normal(size=(count, 1))
    step = mc.figure("x @ y", x=x, y=y).explain("[0, 0]").steps[0]
    products = x[0] * y[:, 0]
    largest = products[np.argsort(-np.abs(products))[:8]]
    assert [term.value for term in step.terms] == pytest.approx(largest.tolist())
    assert step.more == count - 8
    assert f"+ {count - 8:,} more ({number(products.sum() - largest.sum())})" in step.text


def test_norms_rope_and_sums_of_two():
    x, b = RNG.normal(size=(4, 6)), RNG.normal(size=6)
    norm, plus = mc.figure("layernorm(x) + b", x=x, b=b).explain("[2, 1]").steps
    mean, deviation = x[2].mean(), np.sqrt(x[2].var() + 1e-5)
    assert norm.text.startswith(f"mean {number(mean)}, deviation {number(deviation)}, layernorm(")
    assert norm.value == pytest.approx((x[2, 1] - mean) / deviation)
    assert plus.value == pytest.approx(norm.value + b[1]) and " + " in plus.text
    root = mc.figure("rmsnorm(x)", x=x).explain("[2, 1]").steps[0]
    assert f"root mean square {number(np.sqrt((x[2] ** 2).mean() + 1e-6))}" in root.text
    turned = mc.figure("rope(x)", x=x).explain("[2, 4]").steps[0]
    assert f"angle {number(2 * 10000 ** (-2 / 6))}, pair {number(x[2, 1])}" in turned.text


def test_heads_and_moves_lead_to_their_sum():
    x, w = RNG.normal(size=(5, 8)), RNG.normal(size=(8, 12))
    figure = mc.figure("q = split(x @ w, axis=1, parts=3).permute(axes=(1, 0, 2))", x=x, w=w)
    result = figure.explain("q[2][4, 3]")
    assert result.value == pytest.approx((x @ w)[4, 2 * 4 + 3])
    assert result.steps[0].address == "(x @ w)[4, 11]"
    assert sum(term.value for term in result.steps[0].terms) == pytest.approx(result.value)
    assert figure.explain("q[2, 4, 3]") == result


def test_every_letter_of_an_einsum():
    a, b = RNG.normal(size=(2, 3, 4)), RNG.normal(size=(4, 3, 5))
    step = mc.figure('einsum("h i d, d i j -> h j", a, b)', a=a, b=b).explain("[1, 2]").steps[0]
    assert [term.value for term in step.terms] == pytest.approx((a[1] * b[:, :, 2].T).reshape(-1).tolist())


def test_nan_and_infinities_are_said():
    figure = mc.figure("C = A @ B", A=[[1.0, np.inf, np.nan]], B=[[1.0], [0.0], [2.0]])
    step = figure.explain("C[0, 0]").steps[0]
    assert step.text == "1·1 + ∞·0 + NaN·2 = NaN" and np.isnan(step.terms[1].value)


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("C", "'C' is no address of a cell"),
        ("C[3, 0]", "C is 3 × 2: it has no cell [3, 0]"),
        ("C[0]", "C is 3 × 2: it has no cell [0]"),
        ("C[0, 0, 0]", "C is 3 × 2: it has no cell [0, 0, 0]"),
        ("D[0, 0]", 'there is no matrix "D"'),
        ("C[a, b]", "C[a, b]: an index is a whole number"),
        ("C[" + "9" * 30 + ", 0]", "an index is a whole number"),
    ],
)
def test_addresses_that_are_none(address, message):
    with pytest.raises(OptionError) as caught:
        mc.figure("C = A @ B", A=A, B=B).explain(address)
    assert message in caught.value.message


def test_a_shape_has_no_cells_to_explain():
    with pytest.raises(DataError, match="has a shape and no values"):
        mc.figure("A @ B", A="shape(3, 4)", B="shape(4, 2)").explain("[0, 0]")


def test_the_command(capsys):
    lets = ["--let", "A=formula(3,4,4*i+j+1)", "--let", "B=ones(4,2)"]
    with pytest.raises(SystemExit):
        main(["explain", "C = A @ B", "C[1, 0]", *lets])
    assert capsys.readouterr().out == "C[1, 0]: 5·1 + 6·1 + 7·1 + 8·1 = 26\n"
    with pytest.raises(SystemExit):
        main(["explain", "C = A @ B", "C[1, 0]", *lets, "--json"])
    result = json.loads(capsys.readouterr().out)
    assert (result["cell"], result["value"]) == ("C[1, 0]", 26)
    assert result["steps"][0]["terms"][0] == {"text": "5·1", "value": 5, "cells": ["A[1, 0]", "B[0, 0]"]}
