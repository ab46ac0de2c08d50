"""Averages of a large matrix against plain loops over its cells."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from matcube import wire
from matcube.ops import Array, Cells
from matcube.scene import pooling
from matcube.values import area_sums

VALUES = st.sampled_from([0.0, 0.5, 1.0, -1.0, 2.5, -3.25, 1e30, np.nan, np.inf, -np.inf])


def share_of(v: float, scale: wire.Scale) -> float:
    """The strength of a cell's ink, by the words of docs/drawing.md."""
    a = min(max((abs(v) - scale.lo) / (scale.hi - scale.lo), 0.0), 1.0)
    return float(0.07 + 0.93 * a**0.6)


def mean_share(cells: Cells, scale: wire.Scale, sign: int, edges: tuple[Array, Array]) -> Array:
    """Shares of one sign averaged over each block by area, over what is not masked; 0 where nothing is."""
    row_edges, col_edges = edges
    out = np.zeros((len(row_edges) - 1, len(col_edges) - 1))
    for r, c in np.ndindex(out.shape):
        total = area = 0.0
        for (i, j), v in np.ndenumerate(cells.values):
            height = min(i + 1, row_edges[r + 1]) - max(i, row_edges[r])
            width = min(j + 1, col_edges[c + 1]) - max(j, col_edges[c])
            if height <= 0 or width <= 0 or (cells.hidden is not None and cells.hidden[i, j]):
                continue
            area += height * width
            if np.isfinite(v) and v * sign > 0:
                total += height * width * share_of(float(v), scale)
        out[r, c] = total / area if area > 1e-9 else 0.0
    return out


@settings(derandomize=True, deadline=None, max_examples=60)
@given(st.data())
def test_ink_equals_the_loop(data: st.DataObject) -> None:
    shape = data.draw(hnp.array_shapes(min_dims=2, max_dims=2, max_side=9))
    x = data.draw(hnp.arrays(st.sampled_from([np.float32, np.float64]), shape, elements=VALUES))
    cells = Cells(x, data.draw(st.none() | hnp.arrays(bool, shape)))
    scale = data.draw(st.sampled_from([wire.Scale(0.0, 2.0), wire.Scale(0.5, 3.0), wire.Scale(0.0, 1e-40)]))
    at_most = data.draw(st.integers(1, 40))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pooling, "MAX_EXACT_CELLS", at_most)
        pooled, entries = pooling.pooled_matrix(cells, scale, "robust")
    arrays = {entry.buffer.sha256: entry.array for entry in entries}
    averages = arrays[pooled.ink].reshape(pooled.rows, pooled.cols, 2)
    edges = np.linspace(0, shape[0], pooled.rows + 1), np.linspace(0, shape[1], pooled.cols + 1)
    for channel, sign in enumerate((1, -1)):
        wanted = mean_share(cells, scale, sign, edges)
        np.testing.assert_allclose(averages[..., channel], wanted, atol=1e-3)
    assert pooled.rows * pooled.cols <= at_most
    assert pooled.block == (shape[0] / pooled.rows, shape[1] / pooled.cols)
    shown = x if cells.hidden is None else np.where(cells.hidden, 0, x)
    flags = arrays[pooled.flags]
    assert bool((flags == 1).any()) == bool(np.isnan(shown).any())
    assert bool((flags > 0).any()) == bool((~np.isfinite(shown)).any())


def test_sums_have_the_total() -> None:
    x = np.random.default_rng(0).normal(size=(733, 1201))
    total, area = area_sums(
        lambda rows: [x[rows], np.broadcast_to(1.0, x[rows].shape)], x.shape, cells_at_most=999
    )
    assert total.shape == area.shape and total.size <= 999
    assert total.sum() == pytest.approx(x.sum(), abs=1e-8)
    np.testing.assert_allclose(area, x.size / area.size, rtol=1e-9)


def arrays_of(x: Array, scale: wire.Scale, at_most: int) -> tuple[Array, Array]:
    """Means and peaks (rows, cols, 2) of the pooled matrix."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pooling, "MAX_EXACT_CELLS", at_most)
        pooled, entries = pooling.pooled_matrix(Cells(x), scale, "robust")
    arrays = {entry.buffer.sha256: entry.array for entry in entries}
    shape = pooled.rows, pooled.cols
    return arrays[pooled.mean].reshape(shape), arrays[pooled.peaks].reshape(*shape, 2)


@pytest.mark.parametrize(
    "cells",
    [[1e200, 1e200, 1e200, 1e200], [1e-200, 3e-200, 1e-200, 3e-200], [1e308, 1.5e308, -1e308, 1.7e308],
     [1.797e308] * 4, [-1e308, -1e308, 1e308, 1e308], [1e300, 1e-300, 0.0, 0.0], [1e-320] * 4],
)  # fmt: skip
def test_means_are_what_float64_holds(cells: list[float]) -> None:
    x = np.array([cells, [0.0, 0.0, 0.0, 0.0]]).reshape(4, 2)
    want = [[sum(Fraction(float(v)) for v in x[rows].flat) / 4] for rows in (slice(0, 2), slice(2, 4))]
    mean, _ = arrays_of(x, wire.Scale(0.0, 1.0), at_most=2)
    np.testing.assert_allclose(mean, np.array(want, float), rtol=1e-15)


def test_ordinary_means_travel_as_float32() -> None:
    assert arrays_of(np.ones((4, 4)), wire.Scale(0.0, 1.0), at_most=4)[0].dtype == np.float32


def test_peaks_have_the_size_of_the_largest_cell() -> None:
    x = np.zeros((64, 64), np.float32)
    x[10, 20], x[11, 20], x[40, 50] = -4.0, 2.0, 1.0
    scale = wire.Scale(0.0, 4.0)
    _, peaks = arrays_of(x, scale, at_most=64)
    want = np.zeros((8, 8, 2))
    want[1, 2, 1], want[5, 6, 0] = share_of(4.0, scale), share_of(1.0, scale)
    np.testing.assert_allclose(peaks, want, atol=1e-3)
