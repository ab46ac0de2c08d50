"""Figures in blocks: the page against the still, what cells say, sizes that split on a click, draw calls."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from msgspec import convert, structs

import matcube as mc
from matcube.api.figure import Figure
from matcube.playback.camera import eye_of, project
from matcube.playback.steps import counts_in
from matcube.wire import Camera
from tests.browser.test_film import filmed
from tests.browser.test_film_still import agree
from tests.browser.test_still_agrees import MOST_OFF, SIZE, in_browser, in_python
from tests.browser.viewer import wait_for

HEAD = "out = (attn = softmax(tril(Q @ K.T / 4))) @ V"
QKV = {"Q": "gaussian(30, 16)", "K": "gaussian(30, 16, seed=2)", "V": "gaussian(30, 12, seed=3)"}


def cube(rows: int, depth: int, cols: int, **blocks: int) -> Figure:
    leaves = {"A": f"gaussian({rows}, {depth})", "B": f"gaussian({depth}, {cols}, seed=2)"}
    return mc.figure("A @ B", **leaves).partition({name.replace("_", "."): n for name, n in blocks.items()})


def odd_values() -> Figure:
    a = np.random.default_rng(3).normal(size=(24, 18))
    a[3, 4], a[10, 2], a[20, 17], a[5] = np.nan, np.inf, -np.inf, 0
    return mc.figure("A @ B", A=a, B="gaussian(18, 30)").partition({"A.rows": 5, "A.cols": 4, "B.cols": 30})


def turned() -> Figure:
    leaves = {"A": "gaussian(12, 16)", "B": "gaussian(16, 20)", "C": "gaussian(12, 9)"}
    return mc.figure("(A @ B).T @ C", **leaves).partition({"A.rows": 3, "A.cols": 2, "B.cols": 7})


SCENES: dict[str, Figure] = {
    "cube": cube(32, 24, 32, A_rows=2, A_cols=2, B_cols=2).view(yaw=-34, pitch=24),
    "near": cube(32, 24, 32, A_rows=16, A_cols=4).view(yaw=-17, pitch=11, distance=30),
    "grazing": cube(32, 24, 32, A_cols=3, B_cols=4).view(yaw=-86, pitch=6),
    "far": cube(300, 200, 250, A_rows=8, A_cols=4, B_cols=16).view(yaw=-34, pitch=24),
    "averages": cube(2000, 1500, 64, A_rows=8, A_cols=4).view(yaw=-34, pitch=24),
    "attention": mc.figure(HEAD, **QKV).partition({"Q.rows": 4, "K.rows": 4}).view(yaw=-29, pitch=17),
    "sheets": mc.figure(HEAD, **QKV)
    .partition({"Q.rows": 4, "K.rows": 4})
    .layout(sheets="open")
    .style(theme="light")
    .view(yaw=-52, pitch=17),
    "odd values": odd_values().view(yaw=-34, pitch=24),
    "device": mc.figure(
        "relu(X @ W1) @ W2", X="gaussian(12, 10)", W1="gaussian(10, 16)", W2="gaussian(16, 9)"
    )
    .partition({"W1.cols": 4, "X.rows": 2})
    .view(yaw=-34, pitch=24, device=5),
    "turned": turned().view(yaw=-40, pitch=20),
}


@pytest.mark.parametrize("name", SCENES)
def test_the_two_renderers_agree_on_blocks(name: str, open_page: Any, save: Any) -> None:
    figure = SCENES[name]
    page = open_page(save(figure), width=SIZE[0], height=SIZE[1])
    page.rest()
    theirs, ours = in_browser(page), in_python(figure)
    off = np.abs(theirs - ours)
    assert off.mean() <= 2
    assert (off.max(axis=2) > 16).mean() <= (0.04 if name == "far" else MOST_OFF)  # noise at a cell a pixel
    assert (np.abs(ours - ours[0, 0]).max(axis=2) > 16).mean() > 0.002  # not two blanks
    whole = in_python(figure.partition())
    assert (np.abs(ours - whole).max(axis=2) > 16).mean() > 0.002  # nor the figure without blocks


def middle(page: Any, face: dict[str, Any], row: int, col: int) -> tuple[float, float]:
    """Where the middle of a displayed cell is in the picture, by the layout and the still's camera."""
    placed = []
    for index, split in ((row, face["row_split"]), (col, face["col_split"])):
        gap = 0 if split is None else split["gap"] * (index // split["length"])
        placed.append(index + gap + 0.5)
    down, across = (np.array(face[name]) * at for name, at in zip(("down", "across"), placed, strict=True))
    camera = convert(page.js("() => window.matcubeProbe.camera()"), Camera)
    size = page.js(
        "() => { const {width, height} = document.querySelector('.mc-canvas')"
        ".getBoundingClientRect(); return [width, height]; }"
    )
    spots, _ = project(eye_of(camera, width=size[0], height=size[1]), (face["origin"] + down + across)[None])
    left, top = page.js(
        "() => { const {left, top} = document.querySelector('.mc-canvas')"
        ".getBoundingClientRect(); return [left, top]; }"
    )
    return float(spots[0, 0]) + left, float(spots[0, 1]) + top


def test_partial_results_say_what_they_sum_and_add_up(open_page: Any, save: Any) -> None:
    rng = np.random.default_rng(2)
    a, b = rng.standard_normal((6, 10)), rng.standard_normal((10, 8))
    figure = mc.figure("softmax(A @ B)", A=a, B=b).partition({"A.cols": 3, "B.cols": 2})
    others = [node.id for node in figure._program.graph.nodes if node.label != "A @ B"]
    figure = figure.with_state(structs.replace(figure.state, hidden=others)).view(yaw=-29, pitch=24)
    page = open_page(save(figure))
    page.rest()
    faces = [face for face in page.head["layouts"][0]["faces"] if face["part"] is not None]
    assert [face["part"] for face in faces] == [0, 1, 2]
    total = np.zeros((6, 8))
    for part, (start, stop) in enumerate(((0, 4), (4, 8), (8, 10))):
        page.point(*middle(page, faces[part], 0, 5))
        where = f"A @ B[0, 5], part {part + 1} of 3"
        tipped(page, where)
        sums = a[:, start:stop] @ b[start:stop]
        assert page.tip("value") == shown(sums[0, 5])
        assert page.tip("sum") == f"A[0,k]·B[k,5] summed over k = {start}…{stop - 1}"
        total += sums
    assert np.allclose(total, a @ b)
    assert page.text(".mc-legend-name:has-text('part 1')") == "part 1 of 3"


def tipped(page: Any, where: str) -> None:
    wait_for(lambda: page.tip("place") == where, where)


def split_into(page: Any, blocks: int) -> None:
    wait_for(lambda: page.view["partition"] == {"A.rows": blocks}, f"{blocks} blocks")


def shown(value: float) -> str:
    """A number as the page writes it: six digits and a true minus sign."""
    return f"{float(f'{value:.6g}'):g}".replace("-", "−")


def test_a_click_on_a_size_splits_its_axis_and_shift_takes_it_back(open_page: Any, serve: Any) -> None:
    page = open_page(serve(mc.figure("C = A @ B", A="gaussian(12, 8)", B="gaussian(8, 10)")).url)
    page.rest()

    def press(*, shift: bool = False) -> None:
        page.rest()
        size = page.frame.locator(".mc-legend-name i[data-axis='A.rows']").first
        size.click(modifiers=["Shift"] if shift else [])

    for want in (2, 4, 8, 12, 12):
        press()
        split_into(page, want)
    page.rest()
    assert page.head["layouts"][0]["boxes"][0]["splits"][0] == {"length": 1, "gap": 1}
    assert "12 / 12" in page.text(".mc-legend-name:has-text('C')")
    for want in (8, 4, 2):
        press(shift=True)
        split_into(page, want)
    press(shift=True)
    wait_for(lambda: page.view["partition"] == {}, "no blocks")
    page.key("ControlOrMeta+z")
    wait_for(lambda: page.view["partition"] == {"A.rows": 2}, "what was before")


def test_sizes_of_a_saved_page_cannot_be_clicked(open_page: Any, save: Any) -> None:
    page = open_page(save(cube(8, 6, 4, A_rows=2)))
    page.rest()
    events = page.js("() => getComputedStyle(document.querySelector('i[data-axis]')).pointerEvents")
    assert events == "none"


def test_a_figure_of_many_blocks_takes_no_more_draws(open_page: Any, save: Any) -> None:
    calls = []
    for figure in (cube(64, 64, 64), cube(64, 64, 64, A_rows=16, A_cols=16, B_cols=16)):
        page = open_page(save(figure))
        page.rest()
        calls.append(page.js("() => window.matcubeStats.drawCalls"))
    assert calls[0] == calls[1] == 5


def test_parts_are_drawn_once_each(open_page: Any, save: Any) -> None:
    page = open_page(save(cube(64, 64, 64, A_cols=8)))
    page.rest()
    assert page.js("() => window.matcubeStats.drawCalls") == 5 + 8


def test_devices_are_lit_one_after_the_other_and_what_they_exchange_is_said(
    open_page: Any, save: Any
) -> None:
    leaves = {"X": "gaussian(12, 10)", "W1": "gaussian(10, 16)", "W2": "gaussian(16, 9)"}
    figure = mc.figure("relu(X @ W1) @ W2", **leaves).partition({"W1.cols": 2})
    page = open_page(save(figure))
    page.rest()
    (exchange,) = figure.devices().collectives
    assert page.text(".mc-legend-badge") == f"all-reduce {exchange.bytes} B"
    for device in (0, 1, None):
        before = page.page.screenshot()
        page.key("d")
        wait_for(lambda want=device: page.view["device"] == want, f"device {device}")  # type: ignore[misc]
        page.rest()
        assert page.difference(before) > 0.01
    page.key("d")
    page.key("Escape")
    wait_for(lambda: page.view["device"] is None, "all devices")


@pytest.mark.parametrize("algorithm", ["dot_row", "vmprod", "mvprod", "axpy", "outer"])
def test_films_of_blocks_agree(algorithm: str, open_page: Any, save: Any) -> None:
    figure = turned().view(yaw=-40, pitch=20)
    film = filmed(figure, algorithm).scene().head.film
    assert film is not None
    agree(filmed(figure, algorithm, t=film.duration * 0.37), open_page, save)


def test_a_part_that_grows_says_how_far_it_is(open_page: Any, save: Any) -> None:
    rng = np.random.default_rng(2)
    a, b = rng.standard_normal((6, 10)), rng.standard_normal((10, 8))
    figure = mc.figure("softmax(A @ B)", A=a, B=b).partition({"A.cols": 2})
    others = [node.id for node in figure._program.graph.nodes if node.label != "A @ B"]
    figure = figure.with_state(structs.replace(figure.state, hidden=others)).view(yaw=-29, pitch=24)
    page = open_page(save(filmed(figure, "outer", t=3)))
    page.rest()
    first = next(face for face in page.head["layouts"][0]["faces"] if face["part"] == 0)
    page.point(*middle(page, first, 0, 5))
    tipped(page, "A @ B[0, 5], part 1 of 2")
    film = figure.animate("outer").film
    assert film is not None
    counts = counts_in(film.sweeps[0], 3, 0)
    count = int(counts[0, 5])
    assert count == 3
    assert page.tip("value") == shown((a[:, :count] @ b[:count])[0, 5])
    assert page.tip("sum") == f"A[0,k]·B[k,5] summed over k = 0…{count - 1}"


def test_a_program_typed_over_a_split_and_a_film_is_shown_and_can_be_undone(open_page, serve):
    fig = mc.figure("S = Q @ K.T; out = softmax(S) @ V", **dict.fromkeys("QKV", "gaussian(8, 4, seed=1)"))
    fig = fig.partition({"V.cols": 2, "Q.rows": 4}).view(device=3).animate("vmprod", each={"out": "outer"})
    viewer = open_page(serve(fig).url)
    viewer.program("S = Q @ K.T")
    wait_for(lambda: viewer.head["view"]["program"] == "S = Q @ K.T", "the new program")
    assert viewer.view["partition"] == {"Q.rows": 4} and viewer.view["film"]["each"] == {}
    assert viewer.view["device"] == 3
    viewer.key("Control+z")
    wait_for(lambda: viewer.view["partition"] == {"V.cols": 2, "Q.rows": 4}, "the figure of before")
    assert viewer.view["film"]["each"] == {"out": "outer"}
    assert viewer.wrong == []
