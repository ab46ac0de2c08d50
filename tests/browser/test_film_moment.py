"""A film's moment: the colour bar tells the scale that is drawn, and what was passed is not drawn."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest

import matcube as mc
from matcube.outputs.still.overlay import bar_of, bar_texts
from matcube.playback.moment import Moment, at
from matcube.playback.visible import shown_of
from tests.browser.viewer import Viewer, wait_for


@pytest.fixture
def figure() -> mc.Figure:
    shares = "P = softmax(A @ B)"
    return mc.figure(shares, A="gaussian(6, 8, seed=1)", B="gaussian(8, 5, seed=2)").animate("dot_row")


def bar_lines(figure: mc.Figure, t: float | None) -> list[str]:
    """The first two lines of the still's bar at time t, or of the figure at rest."""
    scene = figure.scene()
    head, buffers = scene.head, scene.buffers
    shown = shown_of(head, head.view)
    moment = Moment() if t is None else at(head, buffers, t)
    bar = bar_of(shown, (1280, 800), moment)
    assert bar is not None
    return ["".join(run.text for run in line) for line in bar.lines[:2]]


def says(viewer: Viewer, *wanted: str) -> bool:
    """Whether the lines of the page's bar are these."""
    return viewer.frame.locator(".mc-bar-full").all_inner_texts() == [*wanted]


def seek(viewer: Viewer, t: float) -> None:
    viewer.js("(t) => window.matcubeProbe.seek(t)", t)


def test_the_bar_tells_the_scale_that_is_drawn(open_page, save, figure):
    viewer = open_page(save(figure))
    head = figure.scene().head
    film = head.film
    own = next(m for m in head.matrices if m.name == "P")
    raw = next(m for m in head.matrices if m.node == film.sweeps[0].node)
    duration = film.duration
    for t, title, beside in ((3, raw, None), (13, own, raw), (duration, own, None)):
        seek(viewer, t)
        lines = bar_lines(figure, t)
        second = lines[1] if beside is not None else ""
        assert wait_for(partial(says, viewer, lines[0], second), f"the bar at {t}")
        assert lines[0].startswith(f"{title.name}, brightest: ")
        assert (len(lines) > 1 and lines[1].startswith("raw sums, ")) == (beside is not None)
    assert bar_lines(figure, None)[0] == bar_lines(figure, duration)[0]


def test_what_the_slider_has_passed_is_not_drawn(open_page, save, figure):
    viewer = open_page(save(figure))
    drawn = viewer.js(
        """() => new Promise((done) => {
          const before = matcubeStats.frames;
          for (let n = 0; n < 200; n++) matcubeProbe.seek(n / 8, true);
          const drawn = () => done(matcubeStats.frames - before);
          const rest = (n) => n === 0 ? drawn() : requestAnimationFrame(() => rest(n - 1));
          rest(6);
        })"""
    )
    assert 1 <= drawn <= 2
    assert viewer.js("() => matcubeProbe.time()") == 199 / 8


@pytest.mark.parametrize("sensitivity", ["robust", "global"])
def test_the_bar_of_a_softmax_marks_one_as_the_still_does(open_page, save, sensitivity):
    scores = np.zeros((6, 6))
    scores[2, 3] = 2.0
    figure = mc.figure("softmax(S)", S=scores).style(sensitivity=sensitivity)
    viewer = open_page(save(figure))
    bar = bar_of(shown_of(figure.scene().head, figure.state), (1280, 800), Moment())
    assert bar is not None
    shown = viewer.frame.locator(".mc-bar-ends span:not([hidden])").all_inner_texts()
    assert sorted(shown) == sorted(text for text, _ in bar_texts(bar))
    assert says(viewer, "".join(run.text for run in bar.lines[0]), "")
    choices = figure.scene().head.vocabulary.sensitivities
    (meaning,) = (choice.help for choice in choices if choice.name == sensitivity)
    assert viewer.frame.locator(".mc-colourbar").get_attribute("title") == f"Full brightness: {meaning}"
    assert meaning not in viewer.text(".mc-colourbar")
