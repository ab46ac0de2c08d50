"""Frames stay right-handed, and no coordinate is a negative zero."""

from __future__ import annotations

from math import copysign

import numpy as np
import pytest

from matcube.layout import Arrangement
from matcube.layout.frame import WORLD, cross, grown, scale, spanned, volumes
from tests.layout.test_types import CODES


@pytest.mark.parametrize("first", CODES)
@pytest.mark.parametrize("second", CODES)
def test_frames_of_children_are_right_handed(first, second):
    for frame in (
        WORLD.left_child(Arrangement.parse(first)).right_child(Arrangement.parse(second)),
        WORLD.right_child(Arrangement.parse(first)).left_child(Arrangement.parse(second)),
    ):
        assert cross(frame.right, frame.up) == frame.front
        numbers = (*frame.right, *frame.up, *frame.front)
        assert all(copysign(1, number) == 1 for number in numbers if number == 0)


def test_a_volume_is_spanned_in_any_direction():
    assert spanned((1.0, 2.0, 3.0), (-2.0, 0.0, 0.0), (0.0, 4.0, 0.0), (0.0, 0.0, -1.0)) == [
        -1,
        2,
        2,
        1,
        6,
        3,
    ]


def test_volumes_with_nothing_inside_are_left_out():
    full = volumes([[0, 0, 0, 1, 1, 1], [0, 0, 0, 1, 0, 1]])
    assert full.tolist() == [[0, 0, 0, 1, 1, 1]]
    assert volumes([]).shape == (0, 6)
    assert np.array_equal(grown(full, 1), [[-1, -1, -1, 2, 2, 2]])
    assert scale((0.0, 1.0, 2.0), -1) == (0.0, -1.0, -2.0)
