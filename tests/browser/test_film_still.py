"""A film in the page and in the Python still, at the same moment, pixel by pixel."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace as changed

import matcube as mc
from matcube.outputs.still.paint import paint_scene
from matcube.playback.camera import eye_of
from matcube.playback.moment import at
from matcube.playback.visible import shown_of
from tests.browser.test_film import PLAYING, filmed, split
from tests.browser.test_still_agrees import MOST_OFF, SIZE, in_browser
from tests.browser.test_still_agrees import in_python as still
from tests.heads import arrays_of, attention

HEAD = "out = (attn = softmax(tril(Q @ K.T / sqrt(16)))) @ V"


def head() -> mc.Figure:
    return mc.figure(HEAD, **dict.fromkeys("QKV", "gaussian(32, 16)")).view(yaw=-29, pitch=17)


def turned() -> mc.Figure:
    return mc.figure("(A @ B).T @ C", A="gaussian(12, 16)", B="gaussian(16, 20)", C="gaussian(12, 9)").view(
        yaw=-40, pitch=20
    )


def added() -> mc.Figure:
    leaves = {
        "A": "gaussian(24, 16)",
        "B": "gaussian(16, 20)",
        "C": "gaussian(24, 8)",
        "D": "gaussian(8, 20)",
    }
    return mc.figure("softmax(A @ B + C @ D)", **leaves).view(yaw=-34, pitch=24)


def in_python(figure: mc.Figure) -> np.ndarray:
    scene, film, camera = figure.scene(), figure.state.film, figure.state.camera
    assert camera is not None
    assert scene.head.film is not None
    moment = at(scene.head, scene.buffers, film.t, hide_inputs=film.hide_inputs)
    shown = shown_of(scene.head, figure.state)
    shown = replace(shown, faces=[face for face in shown.faces if face.id not in moment.hidden])
    turn = 2 * np.pi * film.spin * film.t / scene.head.film.duration
    eye = eye_of(changed(camera, yaw=camera.yaw + turn), width=SIZE[0], height=SIZE[1])
    pixels = paint_scene(scene.buffers, shown, eye, moment=moment, supersample=1, decor=True, progress=None)
    return pixels.astype(int)


def agree(figure: mc.Figure, open_page: Any, save: Any) -> None:
    page = open_page(save(figure), width=SIZE[0], height=SIZE[1])
    page.rest()
    theirs, ours = in_browser(page), in_python(figure)
    off = np.abs(theirs - ours)
    assert off.mean() <= 2
    assert (off.max(axis=2) > 16).mean() <= MOST_OFF
    page.check()


@pytest.mark.parametrize("algorithm", PLAYING)
def test_the_head_at_two_moments(algorithm: str, open_page: Any, save: Any) -> None:
    film = filmed(head(), algorithm).scene().head.film
    assert film is not None
    for share in (0.31, 0.77):
        agree(filmed(head(), algorithm, t=film.duration * share), open_page, save)


@pytest.mark.parametrize("make", [turned, added])
@pytest.mark.parametrize("algorithm", ["vmprod", "axpy", "outer"])
def test_other_shapes(make: Any, algorithm: str, open_page: Any, save: Any) -> None:
    film = filmed(make(), algorithm, fuse="async").scene().head.film
    assert film is not None
    agree(filmed(make(), algorithm, fuse="async", t=film.duration * 0.4), open_page, save)


@pytest.mark.parametrize("algorithm", ["dot_row", "outer"])
def test_heads_that_are_joined_while_they_are_formed(algorithm: str, open_page: Any, save: Any) -> None:
    case = attention(heads=4, tokens=8, width=16)
    figure = mc.figure(case.program, **arrays_of(case)).view(yaw=-40, pitch=20)
    played = filmed(figure, algorithm)
    graph, film = figure._program.drawn.graph, played.film
    assert film is not None
    first = next(one for one in film.sweeps if graph[one.node].name == "z[0]")
    agree(filmed(figure, algorithm, t=first.start + first.steps * 0.6), open_page, save)


TILES = {"tiles": [(16, 16, 8), (8, 4, 4), (4, 4, 2)], "order": "kij/ikj/jki"}


def otherwise() -> mc.Figure:
    program = 'softmax((A @ einsum("i k, k j -> j i", B, C)).T)'
    leaves = {"A": "gaussian(14, 10)", "B": "gaussian(18, 12)", "C": "gaussian(12, 10)"}
    return mc.figure(program, **leaves).view(yaw=-40, pitch=20)


@pytest.mark.parametrize("share", [0.2, 0.63])
@pytest.mark.parametrize("make", [head, turned, otherwise])
def test_tiles_in_tiles(make: Any, share: float, open_page: Any, save: Any) -> None:
    film = filmed(make(), "tiled", **TILES).scene().head.film
    assert film is not None
    agree(filmed(make(), "tiled", **TILES, t=film.duration * share), open_page, save)


@pytest.mark.parametrize("algorithm", ["dot_row", "outer", "vmprod", "tiled"])
def test_blocks_that_play_at_once(algorithm: str, open_page: Any, save: Any, monkeypatch: Any) -> None:
    split(monkeypatch, (7, 10, 16))
    film = filmed(turned(), algorithm).scene().head.film
    assert film is not None and any(one.blocks != one.sizes for one in film.sweeps)
    agree(filmed(turned(), algorithm, t=film.duration * 0.7), open_page, save)


@pytest.mark.parametrize("sheets", ["closed", "open"])
@pytest.mark.parametrize("t", [3.3, 12.8, 20.0])
def test_a_token_at_a_time(t: float, sheets: Any, open_page: Any, save: Any) -> None:
    sizes = {"X": "20, 12", "Wq": "12, 8", "Wk": "12, 8", "Wv": "12, 10"}
    program = "softmax(tril(X @ Wq @ (X @ Wk).T / 3)) @ (X @ Wv)"
    figure = mc.figure(program, **{name: f"gaussian({size})" for name, size in sizes.items()})
    seen = figure.layout(sheets=sheets).view(yaw=-34, pitch=20)
    agree(filmed(seen, "vmprod", fuse="decode", t=t), open_page, save)


def test_with_open_sheets_hidden_inputs_and_a_turned_camera(open_page: Any, save: Any) -> None:
    figure = head().layout(sheets="open").view(yaw=-52, pitch=17)
    agree(filmed(figure, "mvprod", t=20.5, hide_inputs=True, spin=0.5), open_page, save)


@pytest.mark.parametrize("share", [0.53, 0.56, 1.0])
def test_the_rod_of_a_pinned_sum_grows_in_both(
    share: float, open_page: Any, save: Any, monkeypatch: Any
) -> None:
    """Axpy forms column 10 of 20 between 0.5 and 0.55; where the rod is, the page is as the still with it."""
    program = mc.figure("C = A @ B", A="gaussian(12, 16)", B="gaussian(16, 20)").view(yaw=-40, pitch=20)
    film = filmed(program, "axpy").scene().head.film
    assert film is not None
    figure = filmed(program.view(pin=("C", 6, 10)), "axpy", t=film.duration * share)
    page = open_page(save(figure), width=SIZE[0], height=SIZE[1])
    page.rest()
    theirs, ours = in_browser(page), still(figure)
    monkeypatch.setattr(sys.modules["matcube.outputs.still.render"], "rods_of", lambda *_, **__: ())
    bare = still(figure)
    rod = np.abs(ours - bare).max(axis=2) > 16
    assert rod.sum() > 60
    assert np.abs(theirs - ours)[rod].mean() < np.abs(theirs - bare)[rod].mean() / 3
