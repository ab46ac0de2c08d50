"""Films: the numbers shown at any time, and products read in their boxes."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace

import matcube as mc
from matcube.engine import program
from matcube.ir import Contraction, Graph
from matcube.playback.memory_traffic import loads
from matcube.playback.steps import active_step, complete, counts, done, reached
from matcube.timeline import ALGORITHMS
from matcube.wire import FilmView, Sweep
from tests.browser.conftest import Served
from tests.browser.viewer import Viewer, wait_for

PLAYING = [name for name in ALGORITHMS if name not in ("none", "online")]  # online: tests of its own
HEAD = "out = (attn = softmax(tril(Q @ K.T / sqrt(8)))) @ V"


def filmed(figure: mc.Figure, algorithm: str, **options: Any) -> mc.Figure:
    return figure.with_state(replace(figure.state, film=FilmView(algorithm=algorithm, **options)))


def product() -> mc.Figure:
    return mc.figure("C = A @ B", A="gaussian(16, 8, seed=1)", B="uniform(8, 12, seed=2)")


def split(monkeypatch: pytest.MonkeyPatch, blocks: tuple[int, int, int]) -> None:
    """Play every product in blocks of these lengths, as a partition has them."""

    def in_blocks(graph: Graph, _: object) -> tuple[tuple[int, tuple[int, int, int]], ...]:
        return tuple((node.id, blocks) for node in graph.nodes if isinstance(node.kind, Contraction))

    monkeypatch.setattr(program, "drawn_lengths", in_blocks)


def seek(viewer: Viewer, t: float) -> None:
    viewer.js("(t) => window.matcubeProbe.seek(t)", t)


def shown(viewer: Viewer, name: str, row: int, col: int) -> dict[str, Any]:
    return viewer.shown([(name, row, col)])[0]


def now(viewer: Viewer) -> float:
    return float(viewer.js("() => window.matcubeProbe.time()"))


def playing(viewer: Viewer) -> bool:
    return bool(viewer.js("() => window.matcubeProbe.playing()"))


def press(viewer: Viewer, control: str) -> None:
    viewer.frame.locator(f"[data-control={control}]").click()


def sweeps_of(figure: mc.Figure) -> tuple[Sweep, ...]:
    """The sweeps of a figure that plays."""
    film = figure.scene().head.film
    assert film is not None
    return film.sweeps


KINDS: dict[str, tuple[dict[str, Any], tuple[int, int, int] | None]] = {
    **{name: ({"algorithm": name}, None) for name in PLAYING},
    "tiles in tiles": ({"algorithm": "tiled", "tiles": [(7, 5, 3), (3, 4, 2)], "order": "kij/jik"}, None),
    "three levels": (
        {"algorithm": "tiled", "tiles": [(9, 9, 4), (5, 3, 4), (2, 3, 3)], "order": "jki"},
        None,
    ),
    "tiles in blocks": ({"algorithm": "tiled", "tiles": [(3, 2, 2)], "order": "kji"}, (7, 5, 8)),
    "cells in blocks": ({"algorithm": "dot_row"}, (8, 6, 4)),
    "outer products in blocks": ({"algorithm": "outer"}, (5, 12, 8)),
}


@pytest.mark.parametrize("kind", KINDS)
def test_each_number_is_the_running_sum_at_any_time(open_page, save, monkeypatch, kind):
    options, blocks = KINDS[kind]
    if blocks is not None:
        split(monkeypatch, blocks)
    figure = filmed(product(), **options)
    a, b = figure.value("A").astype(float), figure.value("B").astype(float)
    viewer = open_page(save(figure))
    (sweep,) = sweeps_of(figure)
    draw = np.random.default_rng(7)
    times = [0.0, float(sweep.steps), *draw.uniform(0, sweep.steps, size=9)]
    for t in times:
        count, whole = counts(sweep, done(sweep, t)), complete(sweep, done(sweep, t))
        if sweep.blocks[2] < sweep.sizes[2]:
            count = np.where(whole, count, 0)  # a part of a sum is not the result's
        cells = list(zip(draw.integers(16, size=8), draw.integers(12, size=8), strict=True))
        answers = viewer.shown([("C", row, col) for row, col in cells], t=t)
        for (row, col), found in zip(cells, answers, strict=True):
            terms = a[row] * b[:, col]
            if count[row, col] == 0:
                assert found == {"value": None, "text": "not there yet"}
            else:
                expected = terms[: count[row, col]].sum()
                assert abs(found["value"] - expected) <= 1e-6 * np.abs(terms).sum()
    viewer.check()


@pytest.mark.parametrize("algorithm", ["vmprod", "mvprod", "outer"])
def test_a_product_in_the_box_is_read_like_a_cell(open_page, save, algorithm):
    figure = filmed(product(), algorithm)
    a, b = figure.value("A"), figure.value("B")
    viewer = open_page(save(figure))
    seek(viewer, 5.5)
    viewer.rest()
    (sweep,) = sweeps_of(figure)
    assert active_step(sweep, 5.5) == 5
    found = 0
    for row, col in [(1, 1), (2, 6), (6, 2), (3, 3), (7, 7), (5, 4)]:
        place = viewer.product(row, col)
        if place == "":
            continue  # another face lies before it
        found += 1
        i, j, k = {"vmprod": (5, col, row), "mvprod": (row, 5, col), "outer": (row, col, 5)}[algorithm]
        assert place == f"A[{i},{k}]·B[{k},{j}]"
        value = float(viewer.tip("value").replace("−", "-"))
        assert value == pytest.approx(float(a[i, k]) * float(b[k, j]), rel=1e-4)
        assert viewer.tip("sum") == f"product {k + 1} of 8 in C[{i}, {j}]"
    assert found > 0
    viewer.check()


@pytest.mark.parametrize("algorithm", ["dot_row", "dot_col", "axpy"])
def test_a_product_of_a_line_is_read_like_a_cell(open_page, save, algorithm):
    figure = filmed(product(), algorithm)
    a, b = figure.value("A"), figure.value("B")
    viewer = open_page(save(figure))
    (sweep,) = sweeps_of(figure)
    seek(viewer, 40.5)
    viewer.rest()
    (i, _), (j, _), (k, _) = (reached(sweep, 40)[letter] for letter in "ijk")
    found = 0
    for n in range(8):
        place = viewer.product(n, 0)
        if place == "":
            continue  # another face lies before it
        found += 1
        where = (n, j, k) if algorithm == "axpy" else (i, j, n)
        assert place == f"A[{where[0]},{where[2]}]·B[{where[2]},{where[1]}]"
        value = float(viewer.tip("value").replace("−", "-"))
        assert value == pytest.approx(float(a[where[0], where[2]]) * float(b[where[2], where[1]]), rel=1e-4)
    assert found > 2
    viewer.check()


def test_tiles_show_what_their_memories_read(open_page, save):
    figure = filmed(product(), "tiled", tiles=[(8, 6, 4), (4, 3, 2)], order="ikj/kij")
    viewer = open_page(save(figure))
    (sweep,) = sweeps_of(figure)
    for begun in (1, 5, 30, sweep.steps):
        seek(viewer, begun - 0.5 if begun < sweep.steps else begun)
        lines = viewer.text(".mc-film-loads").split("\n")
        assert len(lines) == 2
        for level, tile in enumerate(("8×6×4", "4×3×2")):
            at = loads(sweep, level, begun)
            wanted = (at.left, at.right, at.read, at.written)
            line = r"(.+): read L (.+), R (.+), result (.+); written (.+); reuse (.+)"
            found = re.fullmatch(line, lines[level])
            assert found is not None, lines[level]
            assert tuple(int(one.replace(",", "")) for one in found.groups()[1:5]) == wanted
            assert (found[1], found[6]) == (tile, f"{at.reuse:.1f}")
    assert viewer.text(".mc-film-what") == "finished"
    viewer.check()


def test_the_served_page_takes_other_tiles(open_page, serve):
    served: Served = serve(filmed(product(), "tiled"))
    viewer = open_page(served.url)
    tiles = viewer.frame.locator("[data-control=film-tiles]")
    assert tiles.input_value() == ""
    tiles.fill("8, 6, 4 / 2, 2, 2")
    tiles.press("Enter")
    wait_for(lambda: viewer.head["film"]["sweeps"][0]["levels"] == 2, "tiles in tiles")
    assert viewer.view["film"]["tiles"] == [[8, 6, 4], [2, 2, 2]]
    order = viewer.frame.locator("[data-control=film-order]")
    order.fill("kij/jki")
    order.press("Enter")
    wait_for(lambda: viewer.head["film"]["sweeps"][0]["loops"][0]["letter"] == "k", "another order")
    tiles.fill("2,2")
    tiles.press("Enter")
    assert tiles.input_value() == "8,6,4/2,2,2"
    viewer.check(origin=served.origin)


@pytest.mark.parametrize("algorithm", ["dot_row", "outer", "axpy", "tiled"])
@pytest.mark.parametrize(
    "program", ["C = A @ x", 'C = einsum("i k, k j -> j i", A, B)', "C = softmax((A @ B).T)"]
)
def test_results_that_lie_otherwise_show_their_own_sums(open_page, save, program, algorithm):
    leaves = {"A": "gaussian(5, 4)", "B": "gaussian(4, 6)", "x": "gaussian(4)"}
    right = "x" if "@ x" in program else "B"
    figure = filmed(mc.figure(program, A=leaves["A"], **{right: leaves[right]}), algorithm)
    viewer = open_page(save(figure))
    (sweep,) = sweeps_of(figure)
    a = figure.value("A").astype(float)
    b = figure.value(right).astype(float).reshape(4, -1)
    for t in (0.0, sweep.steps * 0.4, sweep.steps - 1.0):
        count, whole = counts(sweep, done(sweep, t)), complete(sweep, done(sweep, t))
        answers = iter(viewer.shown([("C", j, i) for i in range(5) for j in range(b.shape[1])], t=t))
        for i in range(5):
            for j in range(b.shape[1]):
                found = next(answers)
                if "softmax" in program and whole[:, j].all():
                    continue  # the row is finished
                terms = a[i, : count[i, j]] * b[: count[i, j], j]
                if count[i, j] == 0:
                    assert found == {"value": None, "text": "not there yet"}
                else:
                    assert abs(found["value"] - terms.sum()) <= 1e-6 * np.abs(a[i] * b[:, j]).sum()
    viewer.check()


DECODED = "out = (attn = softmax(tril((Q = X @ Wq) @ (K = X @ Wk).T))) @ (V = X @ Wv)"


def test_a_token_at_a_time(open_page, save):
    sizes = {"X": "9, 6", "Wq": "6, 4", "Wk": "6, 4", "Wv": "6, 5"}
    leaves = {name: f"gaussian({size})" for name, size in sizes.items()}
    figure = filmed(mc.figure(DECODED, **leaves), "vmprod", fuse="decode")
    viewer = open_page(save(figure))
    assert viewer.head["film"]["duration"] == 9
    for t in (0.0, 3.3, 4.0, 8.5, 9.0):
        there = int(t + 1e-6)
        cells = [(name, row, 2) for name in ("Q", "K", "V", "out") for row in (0, 3, 4, 8)]
        *answers, masked = viewer.shown([*cells, ("attn", 3, 5)], t=t)
        for (name, row, _), found in zip(cells, answers, strict=True):
            if row < there:
                assert found["value"] == pytest.approx(float(figure.value(name)[row, 2]), rel=1e-5)
            elif t == there:
                assert found["value"] is None, (name, row, t)
        assert masked["value"] is None and masked["text"] == ("masked" if there > 3 else "not there yet")
    viewer.check()


def test_the_softmax_waits_for_its_row(open_page, save):
    qkv = dict.fromkeys("QKV", "gaussian(12, 8)")
    figure = filmed(mc.figure(HEAD, **qkv), "dot_row")
    viewer = open_page(save(figure))
    seek(viewer, 3 * 12 + 5)
    raw = figure.value("Q") @ figure.value("K").T
    assert shown(viewer, "attn", 2, 1)["value"] == pytest.approx(float(figure.value("attn")[2, 1]))
    early = shown(viewer, "attn", 3, 4)
    assert early["value"] == pytest.approx(float(raw[3, 4]), rel=1e-5)
    assert early["text"].endswith("(raw sum)")
    assert shown(viewer, "attn", 3, 5)["value"] is None
    assert shown(viewer, "out", 0, 0)["value"] is None
    viewer.check()
