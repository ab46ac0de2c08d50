"""The page says when it is at rest: no request, no motion, no timer, no frame to come."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import matcube as mc
from tests.browser.viewer import wait_for

Open = Callable[..., Any]
STATE = "() => document.querySelector('.mc').dataset.state"
CAMERA = "() => window.matcubeProbe.view().camera"


def test_a_page_comes_to_rest_and_draws_no_more(
    open_page: Open, serve: Callable[[mc.Figure], Any], attention: mc.Figure
) -> None:
    page = open_page(serve(attention).url)
    page.rest()
    assert page.js(STATE) == "rest"
    frames = page.frames
    page.rest()
    assert page.frames == frames


def test_a_key_makes_it_busy_at_once_and_rest_comes_after_the_flight(
    open_page: Open, save: Callable[[mc.Figure], str], attention: mc.Figure
) -> None:
    page = open_page(save(attention))
    page.rest()
    before, camera = page.frames, page.js(CAMERA)
    state = page.js(
        """() => {
            const canvas = document.querySelector('.mc-canvas');
            canvas.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true }));
            return document.querySelector('.mc').dataset.state;
        }"""
    )
    assert state == "busy"
    page.rest()
    assert page.frames > before
    assert page.js(CAMERA) != camera


# Before the page's own scripts: the timers of a click wait until the test lets them go.
HOLD_CLICKS = """
window.clicks = [];
const start = window.setTimeout;
window.setTimeout = (act, ms, ...more) => (ms === 350 ? -clicks.push(act) : start(act, ms, ...more));
"""


def still(page: Any) -> bool:
    """Whether no frame is drawn although the browser offers some."""
    frames = page.frames
    page.pass_frames()
    return bool(page.frames == frames)


def test_rest_covers_the_click_that_waits_for_a_second_one(
    open_page: Open, save: Callable[[mc.Figure], str], attention: mc.Figure
) -> None:
    page = open_page(save(attention), prepare=lambda raw: raw.add_init_script(HOLD_CLICKS))
    x, y = page.place("attn", 3, 2)
    entries = page.js("() => history.length")
    page.page.mouse.click(x, y)
    wait_for(lambda: page.js("() => clicks.length === 1"), "the timer of the click")
    # Everything else that the click began is over once no frame is drawn any more.
    page.page.mouse.move(0, 0)
    wait_for(lambda: still(page), "the last frame")
    assert page.js(STATE) == "busy"
    assert page.js("() => history.length") == entries
    page.js("() => clicks.pop()()")
    page.rest()
    assert page.js("() => history.length") == entries + 1
    assert page.view["selection"]["pins"] != []


def test_rest_covers_an_answer_of_python_and_the_way_back(
    open_page: Open, serve: Callable[[mc.Figure], Any], leaves: mc.Figure
) -> None:
    page = open_page(serve(leaves).url)
    page.program("C = A @ B @ B.T")
    page.rest()
    assert page.head["view"]["program"] == "C = A @ B @ B.T"
    page.key("Control+z")
    page.rest()
    assert page.head["view"]["program"] == "C = A @ B"


def test_a_film_that_plays_is_no_rest(
    open_page: Open, serve: Callable[[mc.Figure], Any], leaves: mc.Figure
) -> None:
    page = open_page(serve(leaves).url)
    page.js("() => document.querySelector('[data-control=film]').click()")
    wait_for(lambda: page.js("() => matcubeProbe.playing()"), "the film to play")
    page.pass_frames()
    assert page.js(STATE) == "busy"
    page.key("Space")
    page.rest()
    assert page.js("() => matcubeProbe.playing()") is False
