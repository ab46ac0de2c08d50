"""Phones: everything in their width, a tap and two fingers."""

import pytest

from tests.browser.viewer import PHONE, crossing, wait_for


@pytest.mark.parametrize("width", [390, 320])
def test_a_phone_shows_everything_in_its_width(open_page, save, attention, width):
    viewer = open_page(save(attention), **PHONE | {"width": width})
    assert viewer.js("() => document.documentElement.scrollWidth") == width
    (tools,) = viewer.boxes(".mc-toolbar")
    assert tools["y"] + tools["h"] == PHONE["height"], "the tools are at the bottom, under a thumb"
    viewer.frame.locator(".mc-toolbar [data-control=more]").tap()
    for name in ("redo", "link", "toggle-theme", "help"):
        assert viewer.frame.locator(f".mc-toolbar [data-control={name}]").is_visible(), name
    viewer.frame.locator(".mc-toolbar [data-control=more]").tap()
    for name in ("inspect", "looks"):
        viewer.frame.locator(f".mc-toolbar [data-control={name}]").tap()
        outside = viewer.js(
            """() => [...document.querySelectorAll('.mc button, .mc input, .mc select')].filter((e) => {
                 const r = e.getBoundingClientRect();
                 return r.width > 0 && (r.left < 0 || r.right > innerWidth);
               }).map((e) => e.outerHTML)"""
        )
        assert outside == []
        small = viewer.js(
            """() => [...document.querySelectorAll('.mc button, .mc summary, .mc-term')].filter((e) => {
                 const r = e.getBoundingClientRect();
                 return r.width > 0 && (r.height < 43.5 || (r.width < 43.5 && !e.textContent));
               }).map((e) => e.outerHTML)"""
        )
        assert small == []
        assert viewer.count(".mc-panel") == 1
    assert crossing(viewer.quads(".mc-legend")) == []


def test_a_tap_reads_a_cell_and_two_fingers_zoom(open_page, save, attention):
    viewer = open_page(save(attention), **PHONE)
    x, y = viewer.place("attn", 9, 4)
    viewer.page.touchscreen.tap(x, y)
    wait_for(lambda: viewer.count(".mc-card") == 1, "the card")
    assert "attn[9, 4]" in viewer.text(".mc-card")
    before = viewer.js("() => window.matcubeProbe.camera().distance")
    session = viewer.page.context.new_cdp_session(viewer.page)
    for kind, spread in (("touchStart", 40), ("touchMove", 70), ("touchMove", 110)):
        points = [{"x": 195 - spread, "y": 300, "id": 0}, {"x": 195 + spread, "y": 300, "id": 1}]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    distance = "() => window.matcubeProbe.camera().distance"
    wait_for(lambda: viewer.js(distance) < 0.6 * before, "the zoom")
