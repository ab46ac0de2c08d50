"""The ink pyramid of the still: nothing is lost on the way up."""

from __future__ import annotations

import numpy as np
import pytest

from matcube.playback.ink import Look, ink_of, pooled_ink, strength
from matcube.playback.pyramid import flag_levels_of, levels_of
from matcube.scene import colour
from matcube.wire import Scale

SHAPES = [(1, 7), (255, 255), (576, 64), (1023, 33), (3, 2), (5, 1), (1, 1), (64, 64)]
LOOK = Look(colour.palettes()[0].dark, tuple(colour.size_table()))


def noise(rows: int, cols: int, channels: int = 4) -> np.ndarray:
    return np.random.default_rng(7).random((rows, cols, channels), dtype=np.float32)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_every_level_keeps_the_mean_of_the_whole_face(shape):
    ink = noise(*shape)
    ink[-1] += 5  # an edge band that halving by floor would drop
    for level in levels_of(ink):
        assert np.allclose(level.mean(axis=(0, 1)), ink.mean(axis=(0, 1)), rtol=1e-3)


def test_levels_halve_down_to_one_cell():
    assert [a.shape[:2] for a in levels_of(noise(23, 5))] == [(23, 5), (11, 2), (5, 1), (2, 1), (1, 1)]


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_peak_keeps_a_lone_dot_on_every_level(shape):
    ink = np.full((*shape, 4), 0.01, np.float32)
    ink[shape[0] // 2, -1] = [0.1, 0.2, 0.3, 0.6]
    for level in levels_of(ink, peak=True):
        assert level[..., 3].max() == np.float32(0.6)
        assert np.allclose(level[level[..., 3] > 0.5], ink[shape[0] // 2, -1])


def test_an_odd_side_is_weighted_by_area():
    base = np.array([3.0, 0, 0, 0, 6.0], np.float32).reshape(1, 5, 1)
    # Two coarse cells of 2.5 fine ones: (3 + 0 + 0/2) / 2.5 and (0/2 + 0 + 6) / 2.5.
    assert np.allclose(levels_of(base)[1].ravel(), [1.2, 2.4])


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_a_lone_flag_is_on_every_level(shape):
    flags = np.zeros(shape, np.uint8)
    flags[shape[0] // 2, shape[1] - 1] = 2
    for level in flag_levels_of(flags):
        assert level.max() == 2
        assert np.count_nonzero(level) == 1, "one value has one mark"


def test_flags_pool_by_maximum():
    flags = np.zeros((4, 4), np.uint8)
    flags[0, 0], flags[1, 1] = 1, 3
    assert flag_levels_of(flags)[1].tolist() == [[3, 0], [0, 0]]


def test_zero_has_no_ink_and_full_brightness_has_all():
    ink, flags = ink_of(np.array([[0.0, 2.0, -2.0, 9.0]]), mask=None, scale=Scale(0, 2), look=LOOK)
    assert flags is None
    assert ink[0].tolist() == [[0, 0, 0, 0], [1, 1, 0, 1], [0, 1, 0, 1], [1, 1, 0, 1]]


def test_every_other_value_can_be_seen_and_ink_never_covers_more_than_its_cell():
    values = np.array([[-1e-300, 1e-300, *np.linspace(0.1, 1, 10)]])
    ink, _ = ink_of(values, mask=None, scale=Scale(0, 1), look=LOOK)
    assert ink[0, :2, 3] == pytest.approx([0.07, 0.07])
    assert (ink[0, 0, 0], ink[0, 1, 0]) == (0, ink[0, 1, 3]), "even the smallest keeps its sign"
    assert np.allclose(ink[0, :, 3], strength(np.abs(values[0])), atol=2e-4)
    big = Look(LOOK.ink, LOOK.sizes, dot_scale=4.0)
    ink, _ = ink_of(values, mask=None, scale=Scale(0, 1), look=big)
    assert ink[..., 3].max() == 1
    assert big.radius([0.0, 1.0]).tolist() == [0.5, 0.5]


def test_masked_cells_have_no_ink_even_when_nan():
    values = np.array([[np.nan, 1.0, np.nan]])
    mask = np.array([[1, 1, 0]], np.uint8)
    ink, flags = ink_of(values, mask=mask, scale=Scale(0, 1), look=LOOK)
    assert ink[0].tolist() == [[0, 0, 1, 0], [0, 0, 1, 0], [0, 0, 0, 0]]
    assert flags is not None
    assert flags.tolist() == [[0, 0, 1]]


def test_magnitudes_beyond_float32_are_drawn():
    ink, flags = ink_of(np.array([[1e300, 5e299, 1e-300]]), mask=None, scale=Scale(0, 1e300), look=LOOK)
    assert flags is None
    assert ink[0, :, 1] == pytest.approx([1, 0.5, 0], abs=1e-3)


def test_pooled_ink_mixes_both_colours():
    pairs = np.array([[[0.2, 0.0], [0.0, 0.2], [0.1, 0.1]]], np.float16)
    plus, minus, both = pooled_ink(pairs, look=LOOK)[0]
    assert np.allclose(both, (plus + minus) / 2, atol=1e-4)
    assert plus[3] == pytest.approx(0.2, abs=1e-3)
