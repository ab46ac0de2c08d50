"""Exchanges among devices on the page: packets, their sentence, and the sums that come after them."""

from __future__ import annotations

from typing import Any

import numpy as np

import matcube as mc
from matcube.wire import Collective, FilmExchange
from tests.browser.test_film import filmed, press, seek
from tests.browser.test_film_still import agree
from tests.browser.test_still_agrees import in_browser
from tests.browser.viewer import wait_for

MLP = "h = relu(x @ W1); y = h @ W2"
RNG = np.random.default_rng(7)
LAYERS = {name: RNG.normal(size=size) for name, size in (("x", (8, 12)), ("W1", (12, 32)), ("W2", (32, 12)))}


def megatron() -> mc.Figure:
    return mc.figure(MLP, **LAYERS).partition(preset="megatron", devices=4)


def caption(page: Any) -> str:
    return page.js("() => { const one = document.querySelector('.mc-caption');"
                   " return one.hidden ? '' : one.innerText.trim(); }")  # fmt: skip


def shown(page: Any, name: str, row: int, col: int, t: float) -> dict[str, Any]:
    """A cell at a time of the film."""
    return page.shown([(name, row, col)], t=t)[0]


def exchange_of(figure: mc.Figure) -> tuple[FilmExchange, Collective]:
    """The only exchange of a film, with its row in the partition's table."""
    head = figure.scene().head
    assert head.film is not None and head.partition is not None
    (exchange,) = head.film.exchanges
    return exchange, head.partition.collectives[exchange.collective]


def tinted(page: Any) -> int:
    """Pixels of the picture that have the tint of the first device."""
    tint = megatron().scene().head.themes[0].devices[0]
    want = np.array([tint >> 16, tint >> 8 & 255, tint & 255])
    return int((np.abs(in_browser(page) - want).max(axis=2) <= 4).sum())


def test_the_sum_of_all_devices_comes_after_its_all_reduce(open_page: Any, save: Any) -> None:
    figure = filmed(megatron(), "vmprod").view(yaw=-34, pitch=24)
    sent, row = exchange_of(figure)
    assert row.bytes == 4 * 8 * 12 * 2 * 3 // 4  # of float32, by the formula of a ring
    page = open_page(save(figure), width=1160)
    page.rest()
    want = np.maximum(LAYERS["x"] @ LAYERS["W1"], 0) @ LAYERS["W2"]
    for t in (sent.start - 0.1, sent.start, sent.start + 3.9):
        assert shown(page, "y", 3, 5, t) == {"value": None, "text": "not there yet"}
        assert caption(page) == (row.says if t >= sent.start else "")
    assert abs(shown(page, "y", 3, 5, sent.start + 4)["value"] - want[3, 5]) <= 1e-6 * np.abs(want).max()
    assert caption(page) == ""
    seek(page, sent.start + 1)  # and back
    wait_for(lambda: caption(page) == row.says, "the sentence again")
    assert "each device sends 576 B = 2 · 3/4 of 384 B" in row.says
    spoken = page.js("() => document.querySelector('.mc-film-slider').getAttribute('aria-valuetext')")
    assert spoken == row.says
    assert page.text(".mc-film-exchange") == row.text
    page.check()


def test_steps_go_through_an_exchange_and_its_packets_move(open_page: Any, save: Any) -> None:
    figure = filmed(megatron(), "vmprod").view(yaw=-34, pitch=24)
    sent, _ = exchange_of(figure)
    page = open_page(save(figure))
    page.rest()
    seek(page, sent.start - 1)
    page.rest()
    alone = tinted(page)
    for step in range(1, 6):
        before = page.page.screenshot()
        press(page, "film-forth")
        page.rest()
        assert page.js("() => window.matcubeProbe.time()") == sent.start - 1 + step
        assert page.difference(before) > 0
        assert (tinted(page) > alone + 40) == (step < 5)
    press(page, "film-back")
    page.rest()
    assert caption(page).startswith("All-reduce among 4 devices")


def test_page_and_still_agree_in_an_exchange(open_page: Any, save: Any) -> None:
    figure = megatron().view(yaw=-34, pitch=24)
    sent, _ = exchange_of(filmed(figure, "vmprod"))
    for share in (0.1, 0.6):
        agree(filmed(figure, "vmprod", t=sent.start + sent.steps * share), open_page, save)
    agree(filmed(figure.style(theme="light"), "vmprod", t=sent.start + 1.3), open_page, save)
