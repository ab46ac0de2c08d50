"""A saved page: what needs Python says so when it is used; its film and its stops work."""

import re

import pytest
from msgspec import convert

import matcube as mc
from matcube.playback.camera import corners_of, eye_of, project
from matcube.playback.visible import layout_of
from matcube.wire import Camera
from tests.browser.test_controls import decided
from tests.browser.viewer import wait_for


def said(viewer):
    """The notice, which is then taken away."""
    text = viewer.text(".mc-toast") if viewer.count(".mc-toast") else ""
    viewer.js("() => { document.querySelector('.mc-toast').hidden = true; }")
    return text


# Every control that cannot be used, pressed or written into; what the page says.
USED = """() => {
  const toast = document.querySelector(".mc-toast");
  const controls = [...document.querySelectorAll("[data-control]:not(.mc-player *)")];
  return controls.filter((one) => one.disabled || one.readOnly).map((one) => {
    toast.hidden = true;
    const event = one.readOnly
      ? new KeyboardEvent("keydown", { key: "x", bubbles: true })
      : new PointerEvent("pointerup", { bubbles: true });
    one.dispatchEvent(event);
    return [one.dataset.control, toast.hidden ? "" : toast.innerText];
  });
}"""


def test_what_needs_python_says_so_when_it_is_used(open_page, save):
    specs = {"A": "gaussian(16, 8, seed=1)", "B": "uniform(8, 12, seed=2)"}
    viewer = open_page(save(mc.figure("C = rmsnorm(A @ B)", **specs)), width=1160)  # both panels
    for key, what in (("m", "A film"), ("r", "Another figure")):
        viewer.key(key)
        assert said(viewer).startswith(f"{what} needs Python")
    viewer.key("i")
    assert said(viewer) == "Select a matrix first."
    for side in ("inspect", "looks"):
        viewer.frame.locator(f".mc-toolbar [data-control={side}]").click()
    viewer.js("() => document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    texts: dict[str, str] = {}
    for name in ("A", "C"):
        viewer.frame.locator(".mc-term-name", has_text=re.compile(f"^{name}$")).click()
        texts |= dict(viewer.js(USED))
    silent = {name for name, text in texts.items() if "needs Python, which a saved page" not in text}
    assert silent == set()
    assert set(texts) == {name for name, states in decided().items() if states["saved"] == "read-only"}
    for control in ("film", "root", "scatter"):  # the browser tells of a real pointer there
        said(viewer)
        viewer.frame.locator(f".mc [data-control={control}]").click(force=True)
        assert "needs Python" in said(viewer)
    stored = viewer.frame.locator("[data-control=scheme] option").all_inner_texts()
    assert any(text.endswith("(needs Python)") for text in stored)
    viewer.key("m")
    viewer.frame.get_by_role("button", name="Copy the command").click()
    wait_for(
        lambda: viewer.count(".mc-toast button") == 0,
        "the command",
    )
    viewer.check()


def test_the_film_and_the_stops_of_the_saved_state_are_in_the_page(open_page, save, attention):
    figure = attention.animate("vmprod").view(target="attn", yaw=-10, select="attn").stop("the scores")
    figure = (
        figure.view(target="out", yaw=30, select="out")
        .stop("the sums", say="Rows of V, weighed.")
        .view(target="attn", yaw=-30)
    )
    viewer = open_page(save(figure))
    points = viewer.view["stops"]
    assert [point["name"] for point in points] == ["the scores", "the sums"]
    for key, at in ((".", 0), (".", 1), (",", 0)):
        viewer.key(key)
        viewer.rest()
        assert viewer.text(".mc-story b") == points[at]["name"]
        assert viewer.text(".mc-story-count") == f"{at + 1} of 2"
        told = viewer.text(".mc-story p") if viewer.count(".mc-story p") else ""
        assert told == points[at]["say"]
        assert viewer.view["stop"] == at
        assert viewer.view["selection"] == points[at]["selection"]
        for angle in ("yaw", "pitch"):  # where the camera stands depends on the size of the picture
            assert viewer.view["camera"][angle] == points[at]["camera"][angle]
    assert viewer.count(".mc-player") == 1
    viewer.key("]")
    assert viewer.js("() => window.matcubeProbe.time()") == pytest.approx(1)
    for shown in (0, 1):  # closed and started again
        viewer.key("m")
        if shown:
            viewer.key("Space")  # it plays at once
        viewer.rest()
        assert viewer.count(".mc-player") == shown
    assert viewer.js("() => window.matcubeProbe.playing()") is False
    viewer.frame.locator("[data-control=film-algorithm]").click(force=True)
    assert said(viewer).startswith("Algorithm needs Python")
    viewer.check()


@pytest.mark.parametrize("size", [(1000, 640), (390, 844)])
def test_the_card_of_a_stop_covers_nothing_of_the_figure(size, open_page, save, attention):
    figure = attention.view(target="out", yaw=-30, pitch=20, distance=60, pin="attn[3, 2]").stop(
        "all", say="A sentence of some length, so that the card takes as much room as in a story. " * 2
    )
    viewer = open_page(save(figure.view(target="attn", yaw=-10)), width=size[0], height=size[1])
    viewer.key(".")
    viewer.rest()
    stage, dock = (
        viewer.js(f"() => document.querySelector('{part}').getBoundingClientRect().toJSON()")
        for part in (".mc-stage", ".mc-dock")
    )
    head = figure.scene().head
    camera = convert(viewer.view["camera"], Camera)
    eye = eye_of(camera, width=round(stage["width"]), height=round(stage["height"]))
    for face in layout_of(head).faces:
        for x, y in project(eye, corners_of(face))[0] + (stage["left"], stage["top"]):
            assert 0 < x < size[0] and stage["top"] < y < size[1]
            assert x > dock["right"] or y < dock["top"], face.id
    viewer.check()
