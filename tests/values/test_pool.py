"""Pooling against a plain loop over cells and areas."""

from __future__ import annotations

import importlib
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from matcube.errors import OptionError, ShapeError
from matcube.ops import Cells
from matcube.values import pool, pooled_shape


def by_loops(x, hidden, row_edges, col_edges):
    """Mean by area, NaN, infinities and area of every pooled cell."""
    shape = (len(row_edges) - 1, len(col_edges) - 1)
    mean, weight = np.full(shape, np.nan), np.zeros(shape)
    nan, inf = np.zeros(shape, int), np.zeros(shape, int)
    for r in range(shape[0]):
        for c in range(shape[1]):
            total = area = 0.0
            for i in range(math.floor(row_edges[r]), math.ceil(row_edges[r + 1])):
                for j in range(math.floor(col_edges[c]), math.ceil(col_edges[c + 1])):
                    v = float(x[i, j])
                    if hidden is not None and hidden[i, j]:
                        continue
                    nan[r, c] += math.isnan(v)
                    inf[r, c] += math.isinf(v)
                    if not math.isfinite(v):
                        continue
                    height = min(i + 1, row_edges[r + 1]) - max(i, row_edges[r])
                    width = min(j + 1, col_edges[c + 1]) - max(j, col_edges[c])
                    total += height * width * v
                    area += height * width
            weight[r, c] = area
            if area > 1e-9:
                mean[r, c] = total / area
    return mean, nan, inf, weight


VALUES = st.sampled_from([0.0, 1.0, -1.0, 2.5, -3.25, np.nan, np.inf, -np.inf])


@settings(derandomize=True, deadline=None, max_examples=150)
@given(st.data())
def test_equals_the_loop(data):
    shape = data.draw(hnp.array_shapes(min_dims=2, max_dims=2, max_side=11))
    x = data.draw(hnp.arrays(st.sampled_from([np.float32, np.float64]), shape, elements=VALUES))
    hidden = data.draw(st.none() | hnp.arrays(bool, shape))
    result = pool(Cells(x, hidden), cells_at_most=data.draw(st.integers(1, 60)))
    mean, nan, inf, weight = by_loops(x, hidden, result.row_edges, result.col_edges)
    np.testing.assert_allclose(result.weight, weight, atol=1e-9)
    np.testing.assert_allclose(result.mean[weight > 1e-9], mean[weight > 1e-9], rtol=1e-9, atol=1e-9)
    np.testing.assert_array_equal(result.nan, nan)
    np.testing.assert_array_equal(result.inf, inf)


@pytest.mark.parametrize("block_size", [1, 7, 40])
def test_blocks_of_rows_join(monkeypatch, block_size):
    module = importlib.import_module("matcube.values.pool")
    x = np.random.default_rng(0).normal(size=(37, 23))
    whole = pool(Cells(x), cells_at_most=50)
    monkeypatch.setattr(module, "_BLOCK", block_size)
    parts = pool(Cells(x), cells_at_most=50)
    np.testing.assert_allclose(parts.mean, whole.mean, rtol=1e-12)


@settings(derandomize=True, deadline=None, max_examples=200)
@given(st.integers(1, 5000), st.integers(1, 5000), st.integers(1, 70_000))
def test_pooled_shape(rows, cols, at_most):
    out_rows, out_cols = pooled_shape(rows, cols, at_most)
    assert 1 <= out_rows <= rows and 1 <= out_cols <= cols and out_rows * out_cols <= at_most
    if rows * cols <= at_most:
        assert (out_rows, out_cols) == (rows, cols)
    if min(out_rows, out_cols) > 20:
        assert out_rows / out_cols == pytest.approx(rows / cols, rel=0.1)


def test_a_small_matrix_is_itself():
    x = np.random.default_rng(0).normal(size=(5, 6)).astype(np.float32)
    result = pool(Cells(x))
    np.testing.assert_array_equal(result.mean, x.astype(np.float64))


def test_mean_keeps_the_total():
    x = np.random.default_rng(3).normal(size=(997, 613))
    result = pool(Cells(x), cells_at_most=1000)
    assert result.mean.size <= 1000
    assert (result.mean * result.weight).sum() == pytest.approx(x.sum(), rel=1e-9)
    assert result.weight.sum() == pytest.approx(x.size)


def test_a_cell_of_masked_cells_alone_has_no_mean():
    result = pool(Cells(np.ones((2, 2)), np.array([[True, True], [False, True]])), cells_at_most=2)
    np.testing.assert_array_equal(result.mean, [[1.0, np.nan]])
    np.testing.assert_array_equal(result.weight, [[1.0, 0.0]])


def test_a_long_stretch_is_summed_in_float64():
    x = np.full((1, 200_000), 0.1, dtype=np.float32)
    assert pool(Cells(x), cells_at_most=1).mean.item() == pytest.approx(float(np.float32(0.1)), rel=1e-12)


@pytest.mark.parametrize("shape", [(0, 4), (4, 0), (0, 0)])
def test_empty(shape):
    assert pool(Cells(np.zeros(shape)), cells_at_most=4).mean.size == 0


def test_refusals():
    with pytest.raises(ShapeError, match=r"only a matrix can be pooled, not shape \(3,\)"):
        pool(Cells(np.zeros(3)))
    with pytest.raises(OptionError, match="at least 1 cell, not 0"):
        pool(Cells(np.zeros((2, 2))), cells_at_most=0)
