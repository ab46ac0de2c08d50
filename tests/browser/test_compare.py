"""A page of several figures: one camera, one selection, one pointer, and numbers as NumPy has them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import matcube as mc
from tests.browser.conftest import PROGRAM, TOKENS
from tests.browser.viewer import Viewer, number, wait_for

Open = Callable[..., Viewer]


@pytest.fixture(scope="module")
def both(arrays: dict[str, np.ndarray]) -> Any:
    """The head of the other tests, and the same with stronger queries."""
    labelled = {name: mc.matrix(array, name=name, rows=TOKENS) for name, array in arrays.items()}
    sharper = {**labelled, "Q": mc.matrix(3 * arrays["Q"], name="Q", rows=TOKENS)}
    figures = [mc.figure(PROGRAM, **values) for values in (labelled, sharper)]
    return mc.compare(*figures, titles=["soft", "sharp"], matrix="attn")


def ready(viewer: Viewer) -> Viewer:
    wait_for(lambda: viewer.js("() => window.matcubeProbes !== undefined"), "all panels")
    rest(viewer)
    return viewer


def rest(viewer: Viewer) -> None:
    viewer.js("() => Promise.all(matcubeProbes.map((probe) => probe.rest()))")


def each(viewer: Viewer, script: str) -> list[Any]:
    """The answer of every panel's probe."""
    return viewer.js(f"() => matcubeProbes.map((probe) => {script})")


def chips(viewer: Viewer) -> list[str]:
    return viewer.js(
        "() => [...document.querySelectorAll('.mcc-chips span')].map((chip) => chip.textContent)"
    )


def one_camera(viewer: Viewer) -> dict[str, Any]:
    """The camera of all panels: figures of one program have one middle."""
    cameras = each(viewer, "probe.camera()")
    assert cameras[1:] == cameras[:-1]
    return cameras[0]


def test_three_panels_are_one_picture(both: Any, open_page: Open, tmp_path: Path) -> None:
    page = both.save(tmp_path / "pair.html").as_uri()
    viewer = ready(open_page(page, ready=False))
    boxes = viewer.boxes(".mcc-panel")
    assert len({(box["w"], box["h"], box["y"]) for box in boxes}) == 1 and len(boxes) == 3
    assert [box["x"] for box in boxes] == sorted(box["x"] for box in boxes)
    assert viewer.js("() => document.querySelector('.mcc').scrollHeight") <= 800
    assert viewer.js("() => document.querySelector('#matcube-still')") is None
    before = one_camera(viewer)

    # Every panel draws: the share of its pixels that are not its ground.
    for at in range(3):
        viewer.js(
            "(at) => document.querySelectorAll('.mcc-figure').forEach((e, n) =>"
            " e.toggleAttribute('data-tried', n === at))",
            at,
        )
        shot = viewer.page.locator("[data-tried] .mc-canvas").screenshot()
        assert ink(shot) > 0.005, f"panel {at} is blank"

    # One scale, and the values of the list, in its order.
    a, b = (figure.value("attn").astype(np.float64) for figure in both.figures)
    wanted = sorted(np.ndindex(a.shape), key=lambda cell: (-abs((b - a)[cell]), cell))
    rows = viewer.js(
        "() => [...document.querySelectorAll('button.mcc-row')].map((row) => [row.dataset.cell,"
        " ...[...row.children].slice(2).map((part) => part.textContent)])"
    )
    assert len(rows) >= 20
    for cell, *texts in rows:
        row, col = map(int, cell.split(","))
        values = a[row, col], b[row, col], b[row, col] - a[row, col]
        for text, value in zip(texts, values, strict=True):
            assert number(text) == pytest.approx(value, abs=0.0051)
    top = viewer.js(
        "() => [...document.querySelectorAll('.mcc-half')].map((half) => half.children[2].dataset.cell)"
    )
    assert ",".join(map(str, wanted[0])) in top
    fact = viewer.text(".mcc-numbers dd")
    assert number(fact) == pytest.approx(np.abs(b - a).max(), rel=1e-3)

    # The walk pins the largest difference everywhere, with its values.
    viewer.page.keyboard.press("n")
    rest(viewer)
    row, col = wanted[0]
    assert [
        [(pin["row"], pin["col"]) for pin in view["selection"]["pins"]]
        for view in each(viewer, "probe.view()")
    ] == [[(row, col)]] * 3
    assert [number(text.lstrip("+")) for text in chips(viewer)] == pytest.approx(
        [a[row, col], b[row, col], (b - a)[row, col]], rel=5e-3
    )
    viewer.page.keyboard.press("n")
    viewer.page.keyboard.press("p")
    assert viewer.js("() => document.querySelector('button.mcc-row[aria-pressed=true]').dataset.cell") == (
        f"{row},{col}"
    )
    viewer.page.keyboard.press("Escape")
    rest(viewer)
    assert chips(viewer) == []

    # The pointer on a cell of the second marks it in the others; a click pins it there too.
    node = next(m["node"] for m in each(viewer, "probe.head()")[1]["matrices"] if m["name"] == "attn")
    spot = viewer.js("(node) => matcubeProbes[1].project(node, 11, 2)", node)
    viewer.point(spot["x"], spot["y"])
    wait_for(lambda: len(chips(viewer)) == 2, "the marks in the other panels")
    assert number(chips(viewer)[0]) == pytest.approx(a[11, 2], rel=5e-3)
    viewer.page.mouse.click(spot["x"], spot["y"])
    rest(viewer)
    assert [view["selection"]["pins"][0]["row"] for view in each(viewer, "probe.view()")] == [11] * 3
    assert "attn[11 house, 2 ate]" in viewer.text(".mcc-numbers p")

    # Turning one turns all; F shows everything again.
    viewer.page.mouse.move(600, 300)
    viewer.page.mouse.down()
    viewer.page.mouse.move(660, 320)
    viewer.page.mouse.up()
    rest(viewer)
    turned = one_camera(viewer)
    assert turned["yaw"] != before["yaw"]
    viewer.page.keyboard.press("f")
    rest(viewer)
    assert one_camera(viewer)["yaw"] == turned["yaw"]
    viewer.page.keyboard.press("t")
    rest(viewer)
    assert (
        viewer.js("() => [...document.querySelectorAll('.mc')].map((e) => e.dataset.theme)") == ["light"] * 4
    )
    viewer.check()


def test_panels_lie_flat_and_turn_back(both: Any, open_page: Open, tmp_path: Path) -> None:
    viewer = ready(open_page(both.save(tmp_path / "pair.html").as_uri(), ready=False, width=1280, height=800))
    pressed = "() => document.querySelector('.mcc-choice [aria-pressed=true]:is(:last-child)')?.textContent"
    before, views = one_camera(viewer), each(viewer, "probe.view()")
    nodes = [
        next(m["node"] for m in head["matrices"] if m["name"] == "attn")
        for head in each(viewer, "probe.head()")
    ]
    for key in ("f", "v", "f"):  # F shows everything of what is flat, too
        viewer.page.keyboard.press(key)
        rest(viewer)
        if key == "v" or viewer.js(pressed) == "Flat":
            flat = one_camera(viewer)
            wanted = both.figures[0].flat("attn").state.camera
            assert (flat["yaw"], flat["pitch"]) == pytest.approx((wanted.yaw, wanted.pitch))
            assert [view["isolated"] for view in each(viewer, "probe.view()")] == nodes
    for at, node in enumerate(nodes):
        corners = [viewer.js(f"() => matcubeProbes[{at}].project({node}, {n}, {n})") for n in (0, 11)]
        bar = viewer.boxes(".mcc .mc-colourbar")[at]
        panel = viewer.boxes(".mcc-figure")[at]
        for spot in corners:
            assert panel["x"] < spot["x"] < panel["x"] + panel["w"]
            assert panel["y"] < spot["y"] < bar["y"], "above the colour bar"
    viewer.page.keyboard.press("n")
    rest(viewer)
    assert len(chips(viewer)) == 3
    assert all(bar["y"] > corners[1]["y"] for bar in viewer.boxes(".mcc .mc-colourbar"))
    viewer.page.keyboard.press("ArrowLeft")
    rest(viewer)
    assert one_camera(viewer)["yaw"] != flat["yaw"]
    assert viewer.js(pressed) != "Flat"
    viewer.page.click("text=Flat")
    rest(viewer)
    assert one_camera(viewer) == flat
    viewer.page.click("text=Turned")
    rest(viewer)
    assert [view["isolated"] for view in each(viewer, "probe.view()")] == [v["isolated"] for v in views]
    assert one_camera(viewer) == before
    viewer.check()


def test_one_scale_or_each_its_own(both: Any, open_page: Open, tmp_path: Path) -> None:
    viewer = ready(open_page(both.save(tmp_path / "pair.html").as_uri(), ready=False, width=1280, height=800))
    own = mc.compare(*both.figures, titles=both.titles, matrix="attn", scale="own")
    scales = "Object.fromEntries(probe.head().matrices.map((m) => [m.node, m.scales]))"
    one = each(viewer, scales)

    def wanted(comparison: Any) -> list[Any]:
        return [
            {
                str(matrix.node): {
                    name: {"lo": scale.lo, "hi": scale.hi} for name, scale in matrix.scales.items()
                }
                for matrix in scene.head.matrices
            }
            for scene in comparison._panels.scenes
        ]

    assert one == wanted(both)
    shot = viewer.page.locator(".mcc-figure >> nth=0").screenshot()
    viewer.page.click("text=Each its own")
    rest(viewer)
    assert each(viewer, scales) == wanted(own) != one
    notes = viewer.js("() => [...document.querySelectorAll('.mcc-note')].map((e) => e.textContent)")
    assert notes == [panel.note for panel in own._panels.comparison.panels]
    ends = viewer.js(
        "() => [...document.querySelectorAll('.mc-bar-ends')].map((e) => e.lastChild.textContent)"
    )
    full = [
        next(m.scales["robust"].hi for m in scene.head.matrices if m.name == "attn")
        for scene in own._panels.scenes
    ]
    assert [number(end) for end in ends] == pytest.approx(full, rel=1e-3)
    assert viewer.page.locator(".mcc-figure >> nth=0").screenshot() != shot, "A is drawn anew"
    viewer.page.click("text=One")
    rest(viewer)
    assert each(viewer, scales) == one
    viewer.check()


def test_a_and_b_swap_places(both: Any, open_page: Open, tmp_path: Path) -> None:
    viewer = ready(open_page(both.save(tmp_path / "pair.html").as_uri(), ready=False, width=1280, height=800))
    order = "() => [...document.querySelectorAll('.mcc-panel h2')].map((e) => e.textContent)"
    assert viewer.js(order) == ["Asoft", "Bsharp", "B − A"]
    viewer.page.click("text=Swap")
    rest(viewer)
    assert viewer.js(order) == ["Bsharp", "Asoft", "B − A"]
    switch = "() => [...document.querySelectorAll('.mcc-switch button')].map((e) => e.textContent)"
    assert viewer.js(switch) == ["B", "A", "B − A"]
    boxes = viewer.boxes(".mcc-panel")
    assert [box["x"] for box in boxes] == sorted(box["x"] for box in boxes)
    assert ink(viewer.page.locator(".mcc-panel >> nth=0 >> .mc-canvas").screenshot()) > 0.005
    viewer.page.keyboard.press("n")  # linked as before: A's value is beside A
    rest(viewer)
    a, b = (figure.value("attn").astype(np.float64) for figure in both.figures)
    cell = np.unravel_index(np.abs(b - a).argmax(), a.shape)
    shown = [number(text.lstrip("+")) for text in chips(viewer)]
    assert shown == pytest.approx([b[cell], a[cell], (b - a)[cell]], rel=5e-3)
    viewer.page.click("text=Swap")
    assert viewer.js(order) == ["Asoft", "Bsharp", "B − A"]
    viewer.check()


def ink(png: bytes) -> float:
    from io import BytesIO

    from PIL import Image

    pixels = np.asarray(Image.open(BytesIO(png)).convert("RGB")).astype(int)
    return float((np.abs(pixels - pixels[4, 4]).sum(axis=2) > 40).mean())


def test_a_narrow_page_shows_one_panel_with_a_switch(both: Any, open_page: Open, serve: Any) -> None:
    served = serve(both)
    viewer = ready(open_page(served.url, ready=False, width=390, height=844))
    assert viewer.count(".mcc-panel") == 1
    assert viewer.text(".mcc-panel.is-shown h2").startswith("A")
    camera = one_camera(viewer)
    viewer.page.click(".mcc-switch button:nth-child(3)")
    rest(viewer)
    assert viewer.count(".mcc-panel") == 1
    assert viewer.text(".mcc-panel.is-shown h2") == "B − A"
    assert one_camera(viewer) == camera
    assert ink(viewer.page.locator(".is-shown .mc-canvas").screenshot()) > 0.005
    assert viewer.js("() => document.querySelector('.mcc').scrollWidth") <= 390
    viewer.page.set_viewport_size({"width": 1000, "height": 600})
    rest(viewer)
    assert viewer.count(".mcc-panel") == 3
    assert viewer.js("() => document.querySelector('.mcc').scrollHeight") <= 600
    one_camera(viewer)
    viewer.check(origin=served.origin)
