"""Flat: one matrix alone and face on, as `fig.flat()` shows it, and back."""

import numpy as np
import pytest

from matcube.playback import home
from tests.browser.viewer import PHONE, wait_for

BUTTON = ".mc-toolbar [data-control=flat]"
SIZE = """() => {
  const { clientWidth, clientHeight } = document.querySelector(".mc-stage");
  return [clientWidth, clientHeight];
}"""


def camera(view):
    """The numbers of a camera."""
    of = view["camera"]
    return [*of["target"], of["yaw"], of["pitch"], of["distance"]]


def pressed(viewer):
    return viewer.frame.locator(BUTTON).get_attribute("aria-pressed") == "true"


@pytest.fixture
def opened(open_page, open_framed, serve, save, attention):
    """Open the head as one kind of page."""

    def opening(kind):
        if kind == "sandboxed":
            return open_framed(attention)
        return open_page(serve(attention).url if kind == "served" else save(attention))

    return opening


@pytest.mark.parametrize("kind", ["served", "saved", "sandboxed"])
def test_flat_is_that_of_python_and_the_button_goes_back(kind, opened, attention):
    viewer = opened(kind)
    viewer.key("ArrowLeft")
    viewer.rest()
    before = viewer.view
    for name in (None, "attn"):
        if name is not None:
            viewer.click(name, 9, 4)
            viewer.rest()
        place = viewer.view
        viewer.frame.locator(BUTTON).click()
        viewer.rest()
        assert pressed(viewer)
        wanted = attention.flat(name).state
        assert viewer.view["isolated"] == wanted.isolated
        assert camera(viewer.view)[3:5] == pytest.approx([wanted.camera.yaw, wanted.camera.pitch], abs=1e-9)
        width, height = viewer.js(SIZE)
        layout = attention.scene().head.layouts[0]
        face = next(face for face in layout.faces if face.node == wanted.isolated)
        exact = home.face_on(face, width=width, height=height)
        numbers = [*exact.target, exact.yaw, exact.pitch, exact.distance]
        assert camera(viewer.view) == pytest.approx(numbers, abs=1e-6)
        # Rows run down and columns to the right, each on one line.
        rows, cols = face.rows, face.cols
        spots = np.array([
            [viewer.place(name or "out", row, col) for col in (0, cols - 1)] for row in (0, rows - 1)
        ])  # fmt: skip
        assert np.ptp(spots[..., 0], axis=0).max() < 0.01 and np.ptp(spots[..., 1], axis=1).max() < 0.01
        assert (spots[0, 1] > spots[0, 0])[0] and (spots[1, 0] > spots[0, 0])[1]
        viewer.frame.locator(BUTTON).click()
        viewer.rest()
        assert not pressed(viewer)
        assert {key: viewer.view[key] for key in ("camera", "isolated")} == {
            key: place[key] for key in ("camera", "isolated")
        }
    assert viewer.view["camera"] == before["camera"]
    viewer.check(origin=viewer.js("() => location.origin") if kind == "served" else None)


def test_f_shows_all_of_it_again_and_then_goes_back(open_page, save, attention):
    viewer = open_page(save(attention))
    viewer.key("v")
    viewer.rest()
    flat = viewer.view
    viewer.key("+")
    viewer.rest()
    assert camera(viewer.view) != camera(flat) and pressed(viewer)
    viewer.key("f")
    viewer.rest()
    assert viewer.view == flat
    viewer.key("f")
    viewer.rest()
    assert viewer.view["isolated"] is None and viewer.view["camera"] is None
    viewer.key("v")
    viewer.key("ArrowLeft")
    viewer.rest()
    assert not pressed(viewer), "turned it is not flat"
    viewer.key("v")
    viewer.rest()
    assert viewer.view == flat
    viewer.key("v")
    viewer.rest()
    assert viewer.view["isolated"] is None and viewer.view["camera"] is None
    viewer.check()


def test_back_takes_flat_back(open_page, save, attention):
    viewer = open_page(save(attention))
    wait_for(lambda: viewer.hash.startswith("#m1."), "the link")
    viewer.key("v")
    wait_for(lambda: viewer.view["isolated"] is not None, "the flat view")
    viewer.rest()
    viewer.page.go_back()
    wait_for(lambda: viewer.view["isolated"] is None and viewer.view["camera"] is None, "the figure")
    viewer.rest()
    assert not pressed(viewer)
    viewer.check()


def test_a_page_of_a_flat_figure_is_flat_and_goes_to_the_whole(open_page, save, attention):
    flat = attention.flat("attn")
    viewer = open_page(save(flat), width=1280, height=800)
    assert pressed(viewer)
    viewer.key("v")
    viewer.rest()
    assert viewer.view["isolated"] is None and viewer.view["camera"] is None
    node = viewer.node("attn")
    viewer.click("attn", 9, 4)
    viewer.key("v")
    viewer.rest()
    assert viewer.view["isolated"] == node
    assert camera(viewer.view)[-1] == pytest.approx(flat.state.camera.distance, rel=1e-9), "the same picture"
    viewer.check()


def test_flat_on_a_phone(open_page, save, attention):
    viewer = open_page(save(attention), **PHONE)
    viewer.frame.locator(".mc-toolbar [data-control=more]").tap()
    viewer.frame.locator(BUTTON).tap()
    viewer.rest()
    assert pressed(viewer)
    corners = [viewer.place("out", row, col) for row in (0, 11) for col in (0, 3)]
    assert all(0 < x < PHONE["width"] and 0 < y < PHONE["height"] for x, y in corners)
    viewer.frame.locator(BUTTON).tap()
    viewer.rest()
    assert viewer.view["isolated"] is None
    viewer.check()
