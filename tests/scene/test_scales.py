"""Sensitivities: what full brightness means."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcube.ops import Cells
from matcube.scene.scales import SENSITIVITIES, Magnitudes, magnitudes_of, scales_of, sensitivities
from matcube.values import stats
from matcube.wire import Scale


def magnitudes(values, *, mask=None):
    return magnitudes_of(stats(Cells(values, mask)))


def test_every_row_has_help_and_is_offered():
    assert {"global", "local", "semilocal", "superlocal", "robust"} == set(SENSITIVITIES)
    assert [c.name for c in sensitivities()] == list(SENSITIVITIES)
    assert all(len(c.help) > 20 and not c.help.endswith(".") for c in sensitivities())


def test_magnitudes_skip_zero_masked_and_not_finite_cells():
    values = np.array([[0.0, -3.0, np.nan], [np.inf, 0.5, 100.0]])
    mask = np.array([[False, False, False], [False, False, True]])
    result = magnitudes(values, mask=mask)
    assert (result.low, result.high) == (0.5, 3.0)


def test_each_sensitivity():
    scales = scales_of(Magnitudes(low=0.5, high=4.0, robust=3.0), graph_max=16.0)
    assert scales["global"] == Scale(0.0, 16.0)
    assert scales["local"] == Scale(0.0, 4.0)
    assert scales["semilocal"] == Scale(0.0, 8.0)
    assert scales["superlocal"] == Scale(0.5, 4.0)
    assert scales["robust"] == Scale(0.0, 3.0)


def test_robust_of_an_identity_matrix_is_one_not_zero():
    assert scales_of(magnitudes(np.eye(100)), graph_max=9.0)["robust"].hi == 1.0


def test_robust_is_the_percentile_of_non_zero_values():
    values = np.zeros(3000)
    values[:1000] = np.arange(1, 1001)
    assert magnitudes(values).robust == 995


def test_robust_ignores_a_lone_outlier_and_local_does_not():
    values = np.ones(1000)
    values[0] = 1e6
    scales = scales_of(magnitudes(values), graph_max=1e6)
    assert scales["robust"].hi < 2
    assert scales["local"].hi == 1e6


@pytest.mark.parametrize("values", [np.zeros((3, 3)), np.empty((0, 3)), np.full((2, 2), np.nan)])
def test_nothing_to_scale_by_falls_back_to_one(values):
    for name, scale in scales_of(magnitudes(values), graph_max=0.0).items():
        assert scale == Scale(0.0, 1.0), name


def test_superlocal_of_equal_magnitudes_can_be_divided_by():
    assert scales_of(magnitudes(np.array([2.0, -2.0])), graph_max=2.0)["superlocal"] == Scale(0.0, 2.0)


@given(st.lists(st.floats(width=32), max_size=20), st.floats(0, 3e38))
def test_bounds_are_always_sound(values, graph_max):
    for scale in scales_of(magnitudes(np.array(values)), graph_max=graph_max).values():
        assert 0 <= scale.lo < scale.hi < np.inf
