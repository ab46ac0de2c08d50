"""How numbers are written, and when they appear."""

from __future__ import annotations

import math

import numpy as np
import pytest

from matcube.playback.digits import LONGEST, NumberFormat, number_format, number_text, reading_way, width_of
from matcube.playback.shading import OPERANDS, REST
from matcube.playback.tiles import digit_grey, tile_colour

LUMINANCE = np.array([0.2126, 0.7152, 0.0722])


@pytest.mark.parametrize("size", [1e-300, 1e-4, 0.02, 0.5, 3.0, 40.0, 300.0, 1e7, 1e300])
def test_a_text_is_its_value_within_half_of_its_last_digit(size):
    values = np.random.default_rng(5).normal(size=200) * size
    form = number_format(values, hi=float(np.abs(values).max()))
    for value in values:
        text = number_text(float(value), form)
        assert len(text) <= LONGEST and float(text.replace("−", "-")) != 0, text
        digits, _, power = text.replace("−", "-").partition("e")
        last = 10.0 ** (int(power or 0) - len(digits.partition(".")[2]))
        assert abs(float(text.replace("−", "-")) - value) <= 0.5000001 * last


def test_whole_numbers_have_no_decimals_and_only_zero_is_zero():
    form = number_format(np.array([3.0, -12, np.nan, np.inf]), hi=12.0)
    assert [number_text(v, form) for v in (3.0, -12.0, 0.0, -0.0, 0.2)] == ["3", "−12", "0", "0", "2.0e−1"]
    assert [number_text(v, form) for v in (math.nan, math.inf, -math.inf)] == ["NaN", "∞", "−∞"]


def test_the_widest_number_fits():
    form = number_format(np.array([-0.47, 1.0]), hi=1.0)
    assert form.em * width_of("−0.47") == pytest.approx(0.76)
    assert number_format(np.array([1.0]), hi=1.0) == NumberFormat(0, False, 0.46, 24.0)
    assert number_format(np.array([1.0]), hi=1.0, numbers="always").least < 9


def test_text_is_never_mirrored():
    for z in (-5.0, 5.0):
        for right in (-0.8, 0.8):
            along, down = reading_way(z, right)
            assert along * right > 0 and along * down == (1 if z < 0 else -1)


@pytest.mark.parametrize("ground", [0.0, 0.95])
@pytest.mark.parametrize("level", [1.0, OPERANDS, REST])
def test_digits_can_be_read_on_every_tile(ground, level):
    rng = np.random.default_rng(1)
    levels = np.full(500, level)
    tile = tile_colour(rng.random(500), rng.random((500, 3)), np.full(3, ground), levels)
    grey, light = digit_grey(tile, levels), tile @ LUMINANCE
    high, low = np.maximum(grey, light) + 0.05, np.minimum(grey, light) + 0.05
    assert (high / low).min() >= 4.5
