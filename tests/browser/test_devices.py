"""Devices on the page: numbers and tints of blocks, the caption of D, who holds a cell, stops with blocks."""

from __future__ import annotations

from typing import Any

import matcube as mc
from tests.browser.test_blocks import middle
from tests.browser.viewer import wait_for

MLP = "h = relu(x @ W1); y = h @ W2"
LAYERS = {"x": "gaussian(16, 16)", "W1": "gaussian(16, 64)", "W2": "gaussian(64, 16)"}


def megatron() -> mc.Figure:
    return mc.figure(MLP, **LAYERS).partition(preset="megatron", devices=4)


def numbers(page: Any) -> list[str]:
    return page.js("() => [...document.querySelectorAll('.mc-legend-number')].map((one) => one.innerText)")


def caption(page: Any) -> str:
    return page.js("() => { const one = document.querySelector('.mc-caption');"
                   " return one.hidden ? '' : one.innerText.trim(); }")  # fmt: skip


def test_every_block_has_its_number_and_d_says_what_a_device_holds(open_page: Any, save: Any) -> None:
    figure = megatron()
    page = open_page(save(figure), width=1160)
    page.rest()
    assert sorted(numbers(page)) == sorted(["1", "2", "3", "4"] * 4 + ["all"] * 2)  # h, W1, W2, parts; x, y
    colours = page.js(
        "() => [...document.querySelectorAll('.mc-legend-number')]"
        ".map((one) => [one.innerText, getComputedStyle(one).backgroundColor])"
    )
    tints = figure.scene().head.themes[0].devices
    for text, colour in colours:
        if text != "all":
            want = tints[int(text) - 1]
            assert colour == f"rgb({want >> 16}, {want >> 8 & 255}, {want & 255})"
    assert caption(page) == ""
    for row in figure.devices().rows:
        page.key("d")
        wait_for(lambda want=row.says: caption(page) == want, row.says)  # type: ignore[misc]
    assert row.says == "Device 4 of 4 · holds 6.144 kB · sends 1.536 kB"
    page.key("d")
    wait_for(lambda: caption(page) == "", "no caption")


def test_a_cell_says_which_devices_hold_it(open_page: Any, save: Any) -> None:
    page = open_page(save(megatron()), width=1160)
    page.rest()
    names = {m["node"]: m["name"] for m in page.head["matrices"]}
    faces = {names[f["node"]]: f for f in page.head["layouts"][0]["faces"] if f["part"] is None}
    for name, cell, want in (
        ("W1", (2, 5), "on device 1 of 4"),
        ("W1", (12, 50), "on device 4 of 4"),
        ("x", (2, 2), "on all 4 devices"),
    ):
        page.point(*middle(page, faces[name], *cell))
        wait_for(lambda want=want: page.tip("held") == want, f"{name} {want}")  # type: ignore[misc]


def told() -> mc.Figure:
    figure = mc.figure(MLP, **LAYERS)
    return (
        figure.stop("whole").partition(preset="megatron", devices=4).view(device=1).stop("split").at_stop(0)
    )


def test_a_stop_brings_its_blocks_to_a_served_page(open_page: Any, serve: Any) -> None:
    page = open_page(serve(told()).url)
    page.rest()
    assert page.view["partition"] == {} and numbers(page) == []
    page.key(".")
    wait_for(lambda: page.view["partition"] == {"preset:megatron": 4}, "blocks")
    page.rest()
    assert "2" in numbers(page) and caption(page).startswith("Device 2 of 4")
    page.key(",")
    wait_for(lambda: page.view["partition"] == {} and caption(page) == "", "whole again")


def test_a_saved_page_says_that_blocks_of_a_stop_need_python(open_page: Any, save: Any) -> None:
    page = open_page(save(told()))
    page.rest()
    page.key(".")
    wait_for(lambda: "blocks of this stop need Python" in page.text(".mc-toast"), "the reason")
    assert page.view["stop"] == 1
    assert page.view["partition"] == {} and page.view["device"] is None
