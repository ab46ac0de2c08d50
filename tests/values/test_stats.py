"""Facts of a matrix against NumPy on the same cells."""

from __future__ import annotations

import importlib
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from matcube.ops import Cells
from matcube.values import bin_edges, spectrum, stats

SMALLEST = 5e-324


@settings(derandomize=True, deadline=None, max_examples=150)
@given(
    hnp.arrays(st.sampled_from([np.float32, np.float64]), hnp.array_shapes(max_dims=3, max_side=8)), st.data()
)
def test_equals_numpy(x, data):
    hidden = data.draw(st.none() | hnp.arrays(bool, x.shape))
    result = stats(Cells(x, hidden))
    shown = x.ravel() if hidden is None else x[~hidden]
    finite = shown[np.isfinite(shown)].astype(np.float64)
    assert result.masked == (0 if hidden is None else hidden.sum())
    assert (result.nan, result.pos_inf, result.neg_inf) == (
        np.isnan(shown).sum(),
        np.isposinf(shown).sum(),
        np.isneginf(shown).sum(),
    )
    assert result.zeros == (finite == 0).sum()
    if not finite.size:
        assert (result.min, result.max, result.mean, result.std, result.histogram) == (None,) * 5
        assert result.smallest is result.largest is None and result.scale == 1
        return
    assert (result.min, result.max) == (finite.min(), finite.max())
    size = np.abs(finite).max()
    unit = finite / (size or 1)
    assert result.mean is not None and result.std is not None and result.histogram is not None
    # A mean of subnormals is no number of its own: it can be off by half of the smallest one.
    rounded = 1e-12 + SMALLEST / (size or 1)
    assert result.mean / (size or 1) == pytest.approx(unit.mean(), rel=1e-12, abs=rounded)
    assert result.std / (size or 1) == pytest.approx(unit.std(), rel=1e-9, abs=rounded)
    assert result.largest == size
    nonzero = np.abs(finite[finite != 0])
    assert result.smallest == (nonzero.min() if nonzero.size else None)
    assert sum(result.histogram.counts) == finite.size and len(result.histogram.counts) == 32
    edges = np.array(bin_edges(result.histogram.low, result.histogram.high))
    assert (edges[1:] >= edges[:-1]).all() and np.isfinite(edges).all()
    assert edges[0] <= finite.min() and edges[-1] >= finite.max()
    assert result.scale in nonzero if nonzero.size else result.scale == 1


def test_histogram_equals_numpys():
    x = np.random.default_rng(0).normal(size=(300, 400))
    result = stats(Cells(x)).histogram
    counts, edges = np.histogram(x, 32)
    assert result is not None
    np.testing.assert_allclose(bin_edges(result.low, result.high), edges, rtol=1e-12)
    assert result.counts == tuple(counts)


def test_histogram_of_one_value():
    result = stats(Cells(np.full((3, 3), 5.0))).histogram
    assert result is not None and sum(result.counts) == 9 and max(result.counts) == 9
    assert result.low < 5 < result.high


def test_scale_is_the_percentile_of_what_is_not_zero():
    x = np.zeros(10_000)
    x[:1000] = -np.arange(1, 1001)
    assert stats(Cells(x)).scale == 995
    assert stats(Cells(np.zeros((2, 2)))).scale == 1
    assert stats(Cells(np.array([[3.0]]))).scale == 3


def test_extremes_do_not_overflow():
    result = stats(Cells(np.array([[1.7e308, -1.7e308, 0.0]])))
    assert result.mean == 0 and result.std == pytest.approx(1.7e308 * math.sqrt(2 / 3))
    assert result.histogram is not None and result.histogram.counts[0] == result.histogram.counts[-1] == 1
    assert result.histogram.counts[16] == 1


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_bins_are_those_of_a_search_among_the_edges(dtype):
    rng = np.random.default_rng(8)
    for values in (
        rng.normal(size=5000).astype(dtype),
        np.linspace(-1, 1, 33).astype(dtype),  # on the edges themselves
        np.full(7, np.finfo(dtype).max, dtype=dtype),
        np.array([-np.finfo(dtype).max, 0, np.finfo(dtype).tiny], dtype=dtype),
    ):
        result = stats(Cells(values)).histogram
        assert result is not None
        edges = np.asarray(bin_edges(result.low, result.high)[1:-1])
        place = np.searchsorted(edges, values.astype(np.float64), side="right")
        assert result.counts == tuple(np.bincount(place, minlength=32))


def test_blocks_join_without_a_seam(monkeypatch):
    module = importlib.import_module("matcube.values.stats")
    x = np.random.default_rng(5).normal(size=(40, 30)).astype(np.float32)
    x[3:9] = 0
    x[20, :4] = [np.nan, np.inf, -np.inf, np.inf]
    whole = stats(Cells(x, x > 2))
    monkeypatch.setattr(module, "_BLOCK", 7)
    parts = stats(Cells(x, x > 2))
    for name in whole.__struct_fields__:
        if name in ("mean", "std"):
            assert getattr(parts, name) == pytest.approx(getattr(whole, name), rel=1e-12)
        else:
            assert getattr(parts, name) == getattr(whole, name), name


@pytest.mark.parametrize("tiny", [5e-324, 1e-310, 1e-200])
def test_squares_of_small_values_do_not_vanish(tiny):
    result = stats(Cells(np.array([[4 * tiny, -4 * tiny]])))
    assert result.mean == 0 and result.std == pytest.approx(4 * tiny, abs=5e-324)


def test_the_values_are_left_as_they_are():
    x = np.random.default_rng(6).permutation(1000).reshape(20, 50).astype(np.float64)
    before = x.copy()
    stats(Cells(x))
    np.testing.assert_array_equal(x, before)


def test_many_cells_are_summed_in_float64():
    x = np.full((1500, 1500), 0.1, dtype=np.float32)
    result = stats(Cells(x))
    assert result.mean == pytest.approx(float(np.float32(0.1)), rel=1e-12)
    assert result.std == pytest.approx(0, abs=1e-12)


class TestSpectrum:
    def test_equals_numpy(self):
        x = np.random.default_rng(1).normal(size=(40, 300))
        result = spectrum(Cells(x))
        assert result is not None
        np.testing.assert_allclose(result.singular_values, np.linalg.svd(x, compute_uv=False), rtol=1e-12)
        assert result.rank == 40
        p = np.array(result.singular_values) / sum(result.singular_values)
        assert result.effective_rank == pytest.approx(math.exp(-(p * np.log(p)).sum()))

    @pytest.mark.parametrize("rank", [1, 3])
    def test_rank(self, rank):
        rng = np.random.default_rng(2)
        x = (rng.normal(size=(20, rank)) @ rng.normal(size=(rank, 30))).astype(np.float32)
        result = spectrum(Cells(x))
        assert result is not None and result.rank == rank
        assert 1 - 1e-9 <= result.effective_rank <= rank + 0.01

    def test_of_zeros(self):
        result = spectrum(Cells(np.zeros((2, 3))))
        assert result is not None
        assert (result.singular_values, result.effective_rank, result.rank) == ((0, 0), 0, 0)

    def test_of_extremes(self):
        result = spectrum(Cells(np.diag([1e300, 1e300])))
        assert result is not None and result.effective_rank == pytest.approx(2)
        np.testing.assert_allclose(result.singular_values, [1e300, 1e300])
        tiny = spectrum(Cells(np.diag([1e-310, 1e-310])))
        assert tiny is not None and tiny.rank == 2

    @pytest.mark.parametrize(
        "x", [np.ones(3), np.ones((257, 257)), np.ones((256, 4000)), np.ones((0, 3)), np.array([[np.nan]])]
    )
    def test_has_none(self, x):
        assert spectrum(Cells(x)) is None
