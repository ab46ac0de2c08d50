"""The ink pyramid of the still: nothing is lost on the way up, and sampling finds it."""

from __future__ import annotations

import numpy as np
import pytest

from matcube.playback.ink import NAN, Look, ink_of, pooled_ink, strength
from matcube.playback.pyramid import Footprint, flag_levels_of, flags_at, levels_of, sample, taps_for
from matcube.scene import colour
from matcube.wire import Scale

SHAPES = [(1, 7), (255, 255), (576, 64), (1023, 33), (3, 2), (5, 1), (1, 1), (64, 64)]
LOOK = Look(colour.palettes()[0].dark, tuple(colour.size_table()))


def noise(rows: int, cols: int, channels: int = 4) -> np.ndarray:
    return np.random.default_rng(7).random((rows, cols, channels), dtype=np.float32)


def spots(x, y, long_x, long_y, short, taps=1) -> Footprint:
    a, b, c, d, e = (np.atleast_1d(np.asarray(v, np.float64)) for v in (x, y, long_x, long_y, short))
    return Footprint(a, b, c, d, e, np.full(a.size, taps))


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


def test_flags_pool_by_maximum():
    flags = np.zeros((4, 4), np.uint8)
    flags[0, 0], flags[1, 1] = 1, 3
    assert flag_levels_of(flags)[1].tolist() == [[3, 0], [0, 0]]


def test_sample_of_a_whole_pixel_footprint_is_its_mean():
    ink = noise(64, 64)
    samples = sample(levels_of(ink), spots(32, 32, 64, 0, 64))
    assert np.allclose(samples[0], ink.mean(axis=(0, 1)), rtol=1e-4)


def test_sample_at_the_middle_of_a_cell_is_the_cell():
    ink = noise(9, 5)
    samples = sample(levels_of(ink), spots(3.5, 7.5, 0.1, 0, 0.1))
    assert np.allclose(samples[0], ink[7, 3])


def test_sample_clamps_to_the_edge():
    ink = noise(9, 5)
    samples = sample(levels_of(ink), spots([-3, 9], [-3, 20], [0.1, 0.1], [0, 0], [0.1, 0.1]))
    assert np.allclose(samples, [ink[0, 0], ink[8, 4]])


def test_anisotropic_samples_keep_lines_along_the_ray_apart():
    """A plane seen at a low angle: columns along the ray stay sharp; one sample would blur them."""
    ink = np.zeros((256, 256, 4), np.float32)
    ink[:, ::8] = 1.0
    levels = levels_of(ink)
    taps = int(taps_for(np.array([1 / 16]))[0])
    on, off = sample(levels, spots([64.5, 68.5], [128, 128], [0, 0], [16, 16], [1, 1], taps))[:, 0]
    assert on > 0.9
    assert off < 0.1


def test_taps_grow_with_the_angle():
    assert taps_for(np.array([1.0, 0.5, 0.34, 0.06])).tolist() == [1, 2, 3, 16]


def test_no_flag_falls_between_pixels():
    """At every scale one of the pixels that tile the face sees the flag."""
    flags = np.zeros((1000, 700), np.uint8)
    flags[613, 251] = NAN
    levels = flag_levels_of(flags)
    for width in (0.7, 1.0, 3.7, 16.0, 90.0):
        x, y = (v.ravel() for v in np.meshgrid(np.arange(0.3, 700, width), np.arange(0.6, 1000, width)))
        seen = flags_at(levels, spots(x, y, np.full(x.size, width), np.zeros(x.size), np.full(x.size, width)))
        assert seen.any(), width


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
