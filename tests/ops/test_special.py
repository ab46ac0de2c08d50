"""The error function against the C library's."""

from __future__ import annotations

import math

import numpy as np
import pytest

from matcube.ops.special import erf, erfc, normal_cdf

X = np.concatenate(
    [
        np.linspace(-7, 26, 20001),
        np.random.default_rng(0).normal(size=20000),
        [0.46875, 4.0, -4.0, 1e-300, 1e-9],
    ]
)


@pytest.mark.parametrize(("ours", "theirs"), [(erf, math.erf), (erfc, math.erfc)])
def test_within_a_few_last_bits(ours, theirs):
    wanted = np.array([theirs(x) for x in X])
    np.testing.assert_allclose(ours(X), wanted, rtol=2e-15, atol=1e-300)


def test_ends():
    x = np.array([np.nan, np.inf, -np.inf, 0.0, 1e300, -1e300])
    np.testing.assert_array_equal(erf(x), [np.nan, 1, -1, 0, 1, -1])
    np.testing.assert_array_equal(erfc(x), [np.nan, 0, 2, 1, 0, 2])


def test_shape_is_kept_across_blocks():
    x = np.random.default_rng(1).normal(size=(300, 401))
    result = erf(x)
    assert result.shape == x.shape
    assert result[299, 400] == pytest.approx(math.erf(x[299, 400]), rel=2e-15)
    assert erf(np.zeros((0, 3))).shape == (0, 3)


def test_normal_distribution():
    assert normal_cdf(np.array([0.0]))[0] == 0.5
    assert normal_cdf(np.array([-20.0], dtype=np.float32))[0] == pytest.approx(
        2.7536241186062337e-89, rel=1e-12
    )
