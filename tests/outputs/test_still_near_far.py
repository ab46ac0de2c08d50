"""Near balls and far ink are one thing: the same light, and a fade without a seam."""

from __future__ import annotations

import numpy as np
import pytest

from matcube.outputs.still import face as far
from matcube.outputs.still.digits import Paper
from matcube.outputs.still.face import frame_of, look_at
from matcube.outputs.still.sheets import sheet_of
from matcube.playback.camera import TAN_HALF, corners_of, eye_of, rays
from matcube.playback.shading import GLOSS_MEAN, SHADE_MEAN, disc_means
from matcube.playback.visible import shown_of
from matcube.wire import Camera
from tests.outputs.still_scenes import gaussian, single

pytestmark = pytest.mark.slow

SIDE = 400
PAPER = Paper(np.zeros(3), np.zeros(3), 1, 1.0)
FULL_NEAR, FULL_FAR = (1e8, 1e9), (-2.0, -1.0)


def mean_light(values, width: float, fade, monkeypatch, *, pitch: float = 0.0) -> np.ndarray:
    """Mean premultiplied RGBA over a picture of the face in which a pixel is ``width`` cells."""
    head, buffers = single(values)
    shown = shown_of(head, head.view)
    sheet = sheet_of(buffers, shown, head.matrices[0].node)
    only = head.layouts[0].faces[0]
    middle = corners_of(only).mean(axis=0)
    distance = width / (2 * TAN_HALF / SIDE)
    eye = eye_of(Camera(tuple(middle), 0.0, pitch, distance), width=SIDE, height=SIDE)
    frame, turn = frame_of(only, eye)
    grid = (np.arange(2 * SIDE) + 0.5) / 2
    x, y = (v.ravel() for v in np.meshgrid(grid, grid))
    monkeypatch.setattr(far, "FADE", fade)
    out = look_at(sheet, frame, rays(eye, x, y) @ turn.T, transposed=False, paper=PAPER)
    return out.astype(np.float64).mean(axis=0)


CASES = {
    "normal": gaussian(48, 48),
    "sparse": gaussian(48, 48) * (np.random.default_rng(0).random((48, 48)) < 0.05),
}


@pytest.mark.parametrize("width", [0.13, 0.16, 0.2, 0.25, 0.3, 0.35, 0.42])
@pytest.mark.parametrize("name", CASES)
def test_balls_and_ink_have_the_same_mean_light(name: str, width: float, monkeypatch):
    near = mean_light(CASES[name], width, FULL_NEAR, monkeypatch)
    ink = mean_light(CASES[name], width, FULL_FAR, monkeypatch)
    assert near == pytest.approx(ink, rel=0.02)


@pytest.mark.parametrize("width", [0.16, 0.2, 0.25, 0.3, 0.35, 0.42])
def test_the_fade_itself_keeps_the_mean_light(width: float, monkeypatch):
    fade = far.FADE
    mixed = mean_light(CASES["normal"], width, fade, monkeypatch)
    ink = mean_light(CASES["normal"], width, FULL_FAR, monkeypatch)
    assert mixed == pytest.approx(ink, rel=0.02)


@pytest.mark.parametrize("width", [0.16, 0.2, 0.25, 0.3, 0.35, 0.42])
def test_a_face_of_full_dots_fades_without_a_jump(width: float, monkeypatch):
    """Full dots nearly touch; a walk by cells cuts off what the antialiased rim would add beyond the cell."""
    fade = far.FADE
    full = np.ones((48, 48), np.float32)
    mixed = mean_light(full, width, fade, monkeypatch)
    ink = mean_light(full, width, FULL_FAR, monkeypatch)
    assert mixed == pytest.approx(ink, rel=0.023)


@pytest.mark.parametrize("pitch", [0.6, 1.0, 1.3])
def test_a_tilted_face_fades_without_a_jump(pitch: float, monkeypatch):
    """Balls on a lattice overlap less than ink supposes, so that a few percent remain."""
    fade = far.FADE
    mixed = mean_light(CASES["normal"], 0.16, fade, monkeypatch, pitch=pitch)
    ink = mean_light(CASES["normal"], 0.16, FULL_FAR, monkeypatch, pitch=pitch)
    assert mixed == pytest.approx(ink, rel=0.07)


def test_only_one_of_the_two_is_computed_away_from_the_fade(monkeypatch):
    monkeypatch.setattr(far, "walk", lambda *a, **k: pytest.fail("balls were walked far away"))
    mean_light(CASES["normal"], 2.0, far.FADE, monkeypatch)
    monkeypatch.undo()
    monkeypatch.setattr(far, "sample", lambda *a, **k: pytest.fail("ink was sampled near by"))
    mean_light(CASES["normal"], 0.02, far.FADE, monkeypatch)


def test_means_of_the_shading():
    assert disc_means(1500) == pytest.approx((SHADE_MEAN, GLOSS_MEAN), rel=1e-4)
    assert 0.6 < SHADE_MEAN < 0.9


def test_a_pooled_matrix_is_ink_at_every_distance(monkeypatch):
    head, buffers = single(CASES["normal"])
    shown = shown_of(head, head.view)
    sheet = sheet_of(buffers, shown, head.matrices[0].node)
    pooled = far.Sheet(sheet.levels, None, sheet.special, exact=False)
    only = head.layouts[0].faces[0]
    eye = eye_of(Camera((24, -24, 0), 0.0, 0.0, 5.0), width=50, height=50)
    frame, turn = frame_of(only, eye)
    monkeypatch.setattr(far, "walk", lambda *a, **k: pytest.fail("averages are no balls"))
    assert (
        look_at(
            pooled,
            frame,
            rays(eye, np.array([25.0]), np.array([25.0])) @ turn.T,
            transposed=False,
            paper=PAPER,
        )[0, 3]
        > 0
    )
