"""The far view keeps signs and means: each texel has one of two colours, regions have their shares."""

from __future__ import annotations

import numpy as np
import pytest

from matcube.outputs.still import face as far
from matcube.outputs.still.face import frame_of, look_at
from matcube.outputs.still.paint import surface_of
from matcube.outputs.still.sheets import Drawn, sheet_of
from matcube.outputs.still.surface import Surface
from matcube.playback.camera import TAN_HALF, corners_of, eye_of, rays
from matcube.playback.dither import noise, texels
from matcube.playback.ink import mix, strength
from matcube.playback.shading import GLOSS_MEAN, SHADE_MEAN, disc_means
from matcube.playback.visible import shown_of
from matcube.wire import Camera
from tests.outputs.still_scenes import gaussian, single

pytestmark = pytest.mark.slow

SIDE = 400
RNG = np.random.default_rng(0)
CASES = {
    "normal": gaussian(255, 201),
    "sparse": gaussian(255, 201) * (RNG.random((255, 201)) < 0.05),
    "mostly positive": np.abs(gaussian(255, 201)) * np.where(RNG.random((255, 201)) < 0.2, -1, 1),
}


def seen(values, width: float, *, pitch: float = 0.0, exact: bool = True) -> tuple[np.ndarray, Surface]:
    """A picture of the face in which a pixel is ``width`` cells, in linear light, and its surface."""
    head, buffers = single(values)
    shown = shown_of(head, head.view)
    sheet = sheet_of(buffers, shown, head.matrices[0].node)
    sheet = far.Sheet(sheet.levels, sheet.flags, exact=exact, numbers=None)
    only = head.layouts[0].faces[0]
    middle = corners_of(only).mean(axis=0)
    distance = width / (2 * TAN_HALF / SIDE)
    eye = eye_of(Camera(tuple(middle), 0.0, pitch, distance), width=SIDE, height=SIDE)
    frame, turn = frame_of(only, eye)
    surface = surface_of(Drawn(only, sheet), shown, eye, 1.0, focus=False)
    grid = np.arange(SIDE) + 0.5
    x, y = (v.ravel() for v in np.meshgrid(grid, grid))
    out = look_at(sheet, frame, rays(eye, x, y) @ turn.T, transposed=False, surface=surface)
    return out.reshape(SIDE, SIDE, 4).astype(np.float64), surface


@pytest.mark.parametrize("width", [1.0, 1.7, 3.0, 8.0, 40.0])
@pytest.mark.parametrize("name", CASES)
def test_the_whole_face_has_the_mean_ink_of_its_cells_and_each_sign_its_share(name: str, width: float):
    values = CASES[name]
    head, buffers = single(values)
    shown = shown_of(head, head.view)
    levels = sheet_of(buffers, shown, 0).levels
    rows, cols = values.shape
    x, y = (v.ravel() for v in np.meshgrid(np.arange(0.5, cols, 0.5), np.arange(0.5, rows, 0.5)))
    size = np.full(x.size, width)
    ink, column, row = texels(levels, x, y, size, size)
    positive = ink[:, 0] > noise(column, row) * ink[:, 3]
    wanted = levels[0].reshape(-1, 4).mean(axis=0)
    assert ink[:, 3].mean() == pytest.approx(wanted[3], rel=0.02)
    share = (ink[:, 3] * positive).mean() / ink[:, 3].mean()
    count = max(1, (rows >> int(np.ceil(np.log2(width)))) * (cols >> int(np.ceil(np.log2(width)))))
    assert share == pytest.approx(wanted[0] / wanted[3], abs=0.02 + 0.5 / np.sqrt(count))


@pytest.mark.parametrize("width", [1.0, 2.5, 6.0])
def test_no_colour_lies_between_the_two_signs(width: float):
    """What looks mauve from afar means nothing: a pixel is a mixture of plate and one colour."""
    picture, surface = seen(CASES["normal"], width)
    inside = picture[..., 3] > 0.94
    colours = picture[inside][:, :3] / picture[inside][:, 3:]
    shares = np.linspace(0, 1, 400)[:, None]
    lines = np.concatenate([mix(surface.plate, full, shares) for full in surface.look.full])
    distance = np.abs(colours[::7, None] - lines[None]).max(axis=2).min(axis=1)
    assert distance.max() < 0.01
    blue, red = surface.look.full[1], surface.look.full[0]
    toward = colours @ (blue - red)
    assert 0.2 < (toward > np.median(toward)).mean() < 0.8


@pytest.mark.parametrize("width", [0.05, 0.2])
def test_near_by_a_dot_covers_its_share_of_the_cell(width: float):
    picture, surface = seen(np.ones((48, 48), np.float32), width)
    rows = slice(SIDE // 4, 3 * SIDE // 4)
    light = picture[rows, rows, :3].mean(axis=(0, 1)) / surface.opacity
    area = float(surface.look.area([1.0])[0])
    wanted = surface.plate + (surface.look.dot([1.0], positive=True)[0] - surface.plate) * area
    assert light == pytest.approx(wanted, rel=0.04)


@pytest.mark.parametrize("pitch", [0.0, 1.0, 1.4])
def test_a_tilted_face_keeps_its_mean_ink(pitch: float):
    picture, surface = seen(np.full((300, 300), 0.3, np.float32), 2.0, pitch=pitch)
    inside = picture[..., 3] > 0.94
    assert inside.sum() > 500
    light = picture[inside][:, :3] / picture[inside][:, 3:]
    hi = 0.3  # the scale of a matrix of equal values
    wanted = mix(surface.plate, surface.look.full[1], float(strength([0.3 / hi])[0]))
    assert light.mean(axis=0) == pytest.approx(wanted, rel=0.03)  # with the rim


def test_only_one_of_the_two_is_computed_away_from_the_fade(monkeypatch):
    monkeypatch.setattr(far._View, "_near", lambda *a: pytest.fail("dots were drawn far away"))
    seen(CASES["normal"], 2.0)
    monkeypatch.undo()
    monkeypatch.setattr(far._View, "_far", lambda *a: pytest.fail("texels were read near by"))
    seen(CASES["normal"], 0.02)


def test_a_pooled_matrix_is_ink_at_every_distance(monkeypatch):
    monkeypatch.setattr(far._View, "_near", lambda *a: pytest.fail("averages are no dots"))
    picture, _ = seen(CASES["normal"], 0.02, exact=False)
    assert picture[..., 3].max() > 0.9


def test_means_of_the_shading():
    assert disc_means(1500) == pytest.approx((SHADE_MEAN, GLOSS_MEAN), rel=1e-4)
    assert 0.6 < SHADE_MEAN < 0.9
