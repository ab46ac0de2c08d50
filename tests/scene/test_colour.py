"""Palettes, themes and the size table: distances in OKLab, also as seen with a colour-vision deficiency."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from matcube.playback.colour import linear_from_srgb, pack, split, srgb_from_linear
from matcube.playback.ink import Look, mix, strength
from matcube.scene import colour
from matcube.wire import Ink, Palette

Lab = NDArray[np.float64]

# Source: Machado, Oliveira, Fernandes, "A physiologically-based model for simulation of color vision
# deficiency", IEEE TVCG 15 (2009), severity 1.0; to be applied to linear RGB.
DEFICIENCIES = {
    "none": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
}
PALETTES = {p.name: p for p in colour.palettes()}
SAFE = [p.name for p in PALETTES.values() if p.safe]
THEMES = ("dark", "light")


def oklab_from_linear(linear) -> Lab:
    """OKLab (L, a, b) of linear sRGB: the way that the library itself never goes."""
    return np.cbrt(np.asarray(linear) @ colour.LMS_FROM_RGB.T) @ colour.LAB_FROM_LMS.T


def seen(colours: list[int], deficiency: str = "none") -> Lab:
    linear = linear_from_srgb(np.stack([split(c) for c in colours]))
    return oklab_from_linear(np.clip(linear @ DEFICIENCIES[deficiency].T, 0, 1))


def ink(palette: Palette, theme: str) -> Ink:
    return palette.dark if theme == "dark" else palette.light


def distance(a: Lab, b: Lab) -> NDArray[np.float64]:
    return np.linalg.norm(a - b, axis=-1)


def test_oklab_of_known_colours():
    # Source: the table of examples in the post that introduced OKLab (white, and pure red to three digits).
    assert np.allclose(oklab_from_linear([1.0, 1, 1]), [1, 0, 0], atol=1e-4)
    assert np.allclose(oklab_from_linear([1.0, 0, 0]), [0.628, 0.225, 0.126], atol=1e-3)


def test_srgb_and_oklab_there_and_back():
    grid = np.stack(np.meshgrid(*[np.linspace(0, 1, 9)] * 3), axis=-1).reshape(-1, 3)
    linear = linear_from_srgb(grid)
    assert np.allclose(srgb_from_linear(linear), grid, atol=1e-9)
    assert np.allclose(colour.linear_from_oklab(oklab_from_linear(linear)), linear, atol=1e-6)


def test_out_of_gamut_chroma_is_lowered_and_hue_and_lightness_kept():
    lab = oklab_from_linear(linear_from_srgb(colour.lch(0.7, 0.4, 140)))
    assert lab[0] == pytest.approx(0.7, abs=2e-3)
    assert np.rad2deg(np.arctan2(lab[2], lab[1])) == pytest.approx(140, abs=1)
    assert 0.15 < np.hypot(lab[1], lab[2]) < 0.4


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("name", PALETTES)
def test_tables_are_complete(name: str, theme: str):
    row = ink(PALETTES[name], theme)
    assert len(row.negative) == len(row.positive) == colour.ENTRIES
    assert all(0 <= c <= 0xFFFFFF for c in [*row.negative, *row.positive, row.nan])


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("name", PALETTES)
def test_signs_are_apart(name: str, theme: str):
    row = ink(PALETTES[name], theme)
    assert distance(seen(row.negative), seen(row.positive)).min() > 0.2


@pytest.mark.parametrize("deficiency", ["protanopia", "deuteranopia"])
@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("name", SAFE)
def test_safe_palettes_keep_signs_apart_with_a_deficiency(name: str, theme: str, deficiency: str):
    row = ink(PALETTES[name], theme)
    assert distance(seen(row.negative, deficiency), seen(row.positive, deficiency)).min() > 0.2


@pytest.mark.parametrize("deficiency", DEFICIENCIES)
@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("name", ["blue-orange", "purple-green"])
def test_safe_palettes_are_even_in_magnitude(name: str, theme: str, deficiency: str):
    row = ink(PALETTES[name], theme)
    for table in (row.negative, row.positive):
        light = seen(table, deficiency)[:, 0] * (1 if theme == "dark" else -1)
        assert (np.diff(light) > -1e-4).all(), "lightness runs one way"
        assert light[-1] - light[0] > 0.2
        quarters = np.diff(light[[0, 16, 32, 48, 63]])
        assert quarters.max() < 1.8 * quarters.min(), "in even steps"


@pytest.mark.parametrize("deficiency", DEFICIENCIES)
@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("name", [name for name in PALETTES if name != "grey"])
def test_nan_and_infinities_are_like_no_value(name: str, theme: str, deficiency: str):
    """Among one another they differ in shape; the grey palette leaves no colour free."""
    row = ink(PALETTES[name], theme)
    assert row.nan == row.pos_inf == row.neg_inf
    values = seen([*row.negative, *row.positive], deficiency)
    assert distance(values, seen([row.nan], deficiency)).min() > 0.1


def test_glow_has_one_hue_for_each_sign_and_nearly_constant_chroma():
    for table, hue in ((PALETTES["glow"].dark.negative, 40), (PALETTES["glow"].dark.positive, 250)):
        lab = seen(table)
        chroma = np.hypot(lab[:, 1], lab[:, 2])
        angle = np.rad2deg(np.arctan2(lab[:, 2], lab[:, 1])) % 360
        assert np.abs(angle - hue).max() < 3
        assert chroma.max() < 1.2 * chroma.min()


@pytest.mark.parametrize("theme", colour.themes(), ids=lambda t: t.name)
def test_themes_can_be_read(theme):
    def luminance(c: int) -> float:
        return float(linear_from_srgb(split(c)) @ [0.2126, 0.7152, 0.0722])

    def contrast(c: int) -> float:
        a, b = sorted((luminance(c), luminance(theme.ground)))
        return (b + 0.05) / (a + 0.05)

    # Source: WCAG 2.2, success criteria 1.4.3 (4.5 : 1 for text) and 1.4.11 (3 : 1 for marks).
    assert contrast(theme.text) > 7
    assert contrast(theme.muted) > 4.5
    assert min(map(contrast, (theme.left, theme.right, theme.accent))) > 3
    assert 1.2 < contrast(theme.guide) < 4, "guides are there, and quiet"


def test_size_table_is_area_in_proportion_to_magnitude_and_never_too_small():
    table = np.array(colour.size_table())
    assert table.shape == (colour.ENTRIES,)
    least, most = np.pi * 0.13**2, np.pi * 0.47**2
    assert np.allclose(table, np.maximum(most * np.linspace(0, 1, colour.ENTRIES), least))


def test_pack_and_split():
    assert pack(split(0x12AB9F)) == 0x12AB9F
    assert pack([2.0, -1.0, 0.0]) == 0xFF0000


def test_paper_is_as_dense_as_dark():
    """A dot and a texel of the same magnitude are as far from the plate, to the eye, on either ground."""
    a = np.array([0.0, 0.1, 0.3, 0.6])
    shares = []
    for theme in colour.themes():
        row = ink(PALETTES["glow"], theme.name)
        look = Look(row, tuple(theme.sizes), theme.plate_front)
        plate = linear_from_srgb(split(theme.plate_front))
        tint = mix(plate, look.full[1], strength(a)[:, None])
        for colours in (look.dot(a, positive=True), tint):
            lab = oklab_from_linear(np.stack([plate, look.full[1], *colours]))
            shares.append(distance(lab[2:], lab[0]) / distance(lab[1], lab[0]))
    assert np.abs(shares[0] - shares[2]).max() < 0.1
    assert np.abs(shares[1] - shares[3]).max() < 0.1


@pytest.mark.parametrize("name", PALETTES)
@pytest.mark.parametrize("bright", [False, True])
def test_a_dot_that_is_not_zero_can_be_seen(name, bright):
    """On either plate the smallest dot is a quarter of a cell wide and apart from the plate."""
    for theme in colour.themes():
        look = Look(ink(PALETTES[name], theme.name), tuple(theme.sizes), theme.plate_front,
                    bright=theme.text if bright else None)  # fmt: skip
        plate = oklab_from_linear(linear_from_srgb(split(theme.plate_front)))
        for positive in (False, True):
            dot = oklab_from_linear(look.dot(np.array([1e-6]), positive=positive))[0]
            assert distance(dot, plate) > 0.09, (theme.name, positive)
        assert look.radius(1e-6) >= (0.235 if bright else 0.13) - 1e-9


def test_the_largest_shares_of_a_softmax_go_toward_text():
    for theme in colour.themes():
        plain = Look(ink(PALETTES["glow"], theme.name), tuple(theme.sizes), theme.plate_front)
        shares = Look(plain.ink, plain.sizes, plain.plate, bright=theme.text)
        grid = np.array([0.1, 0.75, 0.9, 1.0])
        labs = [oklab_from_linear(look.dot(grid, positive=True)) for look in (plain, shares)]
        gains = np.abs(labs[1][:, 0] - labs[0][:, 0])
        assert gains[1] < 0.06 < gains[3]
        assert labs[1][3, 2] < -0.05  # still blue
        assert shares.radius(1.0) == plain.radius(1.0)
