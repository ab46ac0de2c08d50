"""What frames of a film share changes no pixel: each is the picture that is drawn with nothing cache."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np
import pytest

import matcube as mc
from matcube.errors import OptionError
from matcube.outputs import still
from matcube.outputs.still.frame_cache import same
from matcube.playback.moment import at
from matcube.timeline import ALGORITHMS

SIZE = (240, 150)
LEAVES = {"A": "gaussian(9, 6)", "B": "gaussian(6, 7)", "C": "gaussian(7, 5)"}


def played(**options: Any) -> mc.Figure:
    return mc.figure("relu(A @ B) @ C", **LEAVES).animate("vmprod", fuse="sync", **options)


def views(figure: mc.Figure, times: list[float]):
    view = figure.scene().head.view
    return [msgspec.structs.replace(view, film=msgspec.structs.replace(view.film, t=t)) for t in times]


def check(figure: mc.Figure, shown: list) -> int:
    """Draw every view with one memory, and again with none; how often the picture was painted."""
    scene, cache, painted = figure.scene(), still.FrameCache(), 0
    for view in shown:
        before = None if cache.last is None else cache.last[2]
        warm = still.render(scene.head, scene.buffers, size=SIZE, view=view, cache=cache)
        cold = still.render(scene.head, scene.buffers, size=SIZE, view=view)
        np.testing.assert_array_equal(np.asarray(warm), np.asarray(cold))
        assert cache.last is not None
        painted += cache.last[2] is not before
    return painted


@pytest.mark.parametrize("algorithm", [name for name in ALGORITHMS if name != "none"])
def test_frames_are_as_if_drawn_alone(algorithm: Any) -> None:
    try:
        figure = mc.figure("relu(A @ B) @ C", **LEAVES).animate(algorithm)
        film = figure.film
    except OptionError:
        figure = mc.figure("softmax(A @ B) @ C", **LEAVES).animate(algorithm)
        film = figure.film
    assert film is not None
    check(figure, views(figure, [film.duration * share for share in (0, 0.2, 0.21, 0.5, 0.7, 1, 0.3)]))


def test_between_two_steps_nothing_is_painted() -> None:
    """In a step of two fused members the picture changes three times: twice products come, once a row."""
    figure = played()
    assert check(figure, views(figure, [3.0, 3.1, 3.4, 3.45])) == 1
    assert check(figure, views(figure, [3.1, 3.6, 3.7, 4.1])) == 3


@pytest.mark.parametrize("options", [{"spin": 1.0}, {"hide_inputs": True}])
def test_options_of_the_film(options: dict[str, Any]) -> None:
    figure = played(**options)
    painted = check(figure, views(figure, [2.1, 2.2, 6.3]))
    assert painted == (3 if "spin" in options else 2)


def test_another_camera_is_another_picture() -> None:
    figure = played().view(yaw=17)
    (view,) = views(figure, [4.2])
    assert view.camera is not None
    near = msgspec.structs.replace(view, camera=msgspec.structs.replace(view.camera, distance=12.0))
    assert check(figure, [view, near, near, view]) == 3


def test_moments_are_compared_whole() -> None:
    scene = played().scene()
    first, second = (at(scene.head, scene.buffers, t) for t in (3.1, 3.2))
    assert same(first, second)
    assert not same(first, at(scene.head, scene.buffers, 4.1))
    assert not same(first, msgspec.structs)
    plane = first.planes[0]
    plane.values[0, 0] = np.nan
    assert not same(first, second)
    second.planes[0].values[0, 0] = np.nan
    assert same(first, second)


def line_pixels(yaw: float, pitch: float) -> int:
    """Pixels of the products of one cell, in a figure with cells far below a pixel."""
    leaves = {"A": "formula(121, 121, 1 - 2 * (j % 2))", "B": "ones(121, 121)"}  # sums are 1, products ±1
    figure = mc.figure("A @ B", **leaves).animate("dot_row").view(yaw=yaw, pitch=pitch)
    scene = figure.scene()
    assert min(at(scene.head, scene.buffers, 2.5).planes[0].values.shape) == 1
    pictures = []
    for hidden in ([0, 1], [0, 1, 2]):  # without the operands; without anything
        view = msgspec.structs.replace(scene.head.view, hidden=hidden)
        view = msgspec.structs.replace(view, film=msgspec.structs.replace(view.film, t=2.5))
        drawn = still.render(scene.head, scene.buffers, size=(160, 120), view=view, decor=False)
        pictures.append(np.asarray(drawn, int).max(axis=2))
    return int((pictures[0] - pictures[1] > 40).sum())


def test_a_line_of_products_is_seen_from_afar() -> None:
    """It is some 60 pixels long, and not much thinner than three, whichever way its cells lie."""
    assert line_pixels(yaw=52, pitch=17) > 180
    assert line_pixels(yaw=52, pitch=0) > 180
    assert line_pixels(yaw=17, pitch=69) > 180
