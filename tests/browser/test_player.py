"""The player: its buttons and keys, links to a moment, and rest while paused."""

from __future__ import annotations

import numpy as np
import pytest

import matcube as mc
from tests.browser.conftest import Served
from tests.browser.test_film import HEAD, filmed, now, playing, press, product, seek, shown
from tests.browser.viewer import wait_for


def test_the_player_plays_pauses_steps_and_scrubs(open_page, save):
    viewer = open_page(save(filmed(product(), "vmprod")))
    assert not playing(viewer)
    press(viewer, "film-play")
    wait_for(lambda: now(viewer) > 0.5, "the film to move")
    press(viewer, "film-play")
    assert not playing(viewer)
    stopped = now(viewer)
    press(viewer, "film-forth")
    assert now(viewer) == np.floor(stopped) + 1
    press(viewer, "film-back")
    press(viewer, "film-back")
    assert now(viewer) == max(np.floor(stopped) - 1, 0)
    box = viewer.frame.locator(".mc-film-slider").bounding_box()
    viewer.page.mouse.click(box["x"] + box["width"] * 0.5, box["y"] + box["height"] / 2)
    assert now(viewer) == pytest.approx(8, abs=0.2)
    viewer.page.mouse.move(box["x"] + box["width"] * 0.79, box["y"] + box["height"] / 2)
    wait_for(lambda: viewer.text(".mc-film-tip") == "row 12 of C", "what the bar says")
    assert viewer.text(".mc-film-segment") == "C"
    viewer.check()


def test_the_keys_of_the_film(open_page, save):
    viewer = open_page(save(filmed(product(), "mvprod", t=3.5)))
    for key, expected in [("]", 4), ("]", 5), ("[", 4), ("End", 12), ("Home", 0)]:
        viewer.key(key)
        assert now(viewer) == expected, key
    camera = viewer.js("() => window.matcubeProbe.camera()")
    viewer.frame.locator(".mc-film-slider").focus()
    viewer.page.keyboard.press("ArrowRight")
    assert now(viewer) == 1
    assert viewer.js("() => window.matcubeProbe.camera()") == camera
    viewer.key("ArrowRight")
    assert now(viewer) == 1
    assert viewer.js("() => window.matcubeProbe.camera()") != camera
    viewer.key("Space")
    assert playing(viewer)
    viewer.key("Space")
    assert not playing(viewer)
    viewer.check()


def test_nothing_is_drawn_while_the_film_rests(open_page, save):
    viewer = open_page(save(filmed(product(), "outer", t=2.5)))
    viewer.rest()
    before = viewer.frames
    viewer.pass_frames()
    assert viewer.frames == before


def test_a_film_ends_or_begins_again(open_page, save):
    viewer = open_page(save(filmed(product(), "vmprod", t=15.6, loop=False)))
    viewer.key("Space")
    wait_for(lambda: not playing(viewer), "the end")
    assert now(viewer) == 16
    press(viewer, "film-loop")
    seek(viewer, 15.6)
    viewer.key("Space")
    wait_for(lambda: now(viewer) < 15, "the start")
    assert playing(viewer)


def test_a_link_opens_at_its_moment(open_page, save):
    url = save(filmed(product(), "outer"))
    viewer = open_page(url)
    seek(viewer, 4.25)
    press(viewer, "film-hide-inputs")
    wait_for(lambda: viewer.hash.startswith("#m1."), "the address")
    wait_for(lambda: viewer.view["film"]["t"] == 4.25, "the view")
    viewer.rest()
    other = open_page(url + viewer.hash)
    assert now(other) == 4.25
    assert other.view["film"]["hide_inputs"]
    assert shown(other, "C", 3, 3) == shown(viewer, "C", 3, 3)
    assert not playing(other)
    other.check()


def test_playing_does_not_spam_the_address(open_page, save):
    viewer = open_page(save(filmed(product(), "vmprod")), prepare=lambda page: page.clock.install())
    viewer.js(
        """() => { window.writes = 0; const own = history.replaceState.bind(history);
                   history.replaceState = (...all) => { window.writes += 1; own(...all); }; }"""
    )
    viewer.page.clock.pause_at(viewer.js("() => Date.now() + 1000"))
    viewer.key("Space")
    begun = now(viewer)
    viewer.page.clock.run_for(1500)
    assert now(viewer) > begun
    assert viewer.js("() => window.writes") == 0
    viewer.key("Space")
    viewer.page.clock.run_for(1000)
    wait_for(lambda: viewer.js("() => window.writes") == 1, "one entry at rest")


def test_at_its_end_a_film_is_the_still(open_page, save):
    picture = "async () => await window.matcubeProbe.picture()"
    film = open_page(save(filmed(product(), "outer")))
    seek(film, 8)
    plain = open_page(save(product()))
    plain.rest()
    assert plain.count(".mc-player") == 0
    # The player takes some of the page's height, not of the picture that is compared.
    assert film.js(picture) == plain.js(picture)


def test_the_served_page_starts_changes_and_closes_a_film(open_page, serve):
    served: Served = serve(product())
    viewer = open_page(served.url)
    assert viewer.count(".mc-player") == 0
    viewer.frame.locator(".mc-toolbar [data-control=film]").click()
    wait_for(lambda: viewer.count(".mc-player") == 1, "the player")
    wait_for(lambda: playing(viewer), "the film to play")
    viewer.frame.locator("[data-control=film-algorithm]").select_option("outer")
    wait_for(lambda: viewer.head["film"]["sweeps"][0]["algorithm"] == "outer", "another film")
    press(viewer, "film-close")
    wait_for(lambda: viewer.count(".mc-player") == 0, "the film to close")
    assert not playing(viewer)
    assert shown(viewer, "C", 0, 0)["value"] is not None
    viewer.check(origin=served.origin)


def test_one_product_alone_plays_in_a_saved_page_and_closes(open_page, save):
    figure = mc.figure(HEAD, **dict.fromkeys("QKV", "gaussian(12, 8)")).animate(
        "none", each={"out": "outer"}, time=3
    )
    viewer = open_page(save(figure))
    assert viewer.count(".mc-player") == 1 and now(viewer) == 3
    sweep = viewer.head["film"]["sweeps"][-1]
    assert figure.film is not None and viewer.head["film"]["duration"] == figure.film.duration
    assert sweep["algorithm"] == "outer"
    chosen = "() => document.querySelector('[data-control=film-algorithm]').selectedOptions[0].text"
    assert viewer.js(chosen) == "by product"  # the rest has none, yet a film plays
    press(viewer, "film-close")
    wait_for(lambda: viewer.count(".mc-player") == 0, "the film to close")
    viewer.frame.locator(".mc-toolbar [data-control=film]").click()
    wait_for(lambda: viewer.count(".mc-player") == 1, "the player again")
    assert viewer.view["film"]["each"] == {"out": "outer"}
    viewer.check()


def test_with_less_motion_nothing_plays_by_itself(open_page, serve):
    viewer = open_page(serve(product()).url, reduced_motion="reduce")
    viewer.frame.locator(".mc-toolbar [data-control=film]").click()
    wait_for(lambda: viewer.count(".mc-player") == 1, "the player")
    viewer.rest()
    assert not playing(viewer)


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_on_a_phone_the_player_fits(open_page, save, theme):
    qkv = dict.fromkeys("QKV", "gaussian(12, 8)")
    figure = filmed(mc.figure(HEAD, **qkv).style(theme=theme), "vmprod", fuse="async", t=6.6)
    viewer = open_page(save(figure), width=390, height=844, has_touch=True)
    viewer.rest()
    boxes = viewer.boxes(".mc-player [data-control]")
    assert len(boxes) > 8
    for box in boxes:
        assert box["x"] >= 0
        assert box["x"] + box["w"] <= 390
        assert box["y"] + box["h"] <= 844 - 48
    assert viewer.ink() > 0.01
    viewer.check()
