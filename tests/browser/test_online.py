"""Attention whose keys stream past its queries, in the page: numbers read through the code that draws."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import matcube as mc
from tests.browser.viewer import Viewer, wait_for

ROWS, COLS, DEPTH, QUERIES, KEYS = 12, 6, 4, 5, 4
ROUNDS = 3


def figure(is_causal: bool) -> tuple[mc.Figure, dict[str, np.ndarray]]:
    rng = np.random.default_rng(8)
    given = {name: rng.normal(size=(ROWS, COLS if name == "V" else DEPTH)) * 2 for name in "QKV"}
    scores = "tril(Q @ K.T / sqrt(d))" if is_causal else "Q @ K.T / sqrt(d)"
    fig = mc.figure(f"out = (attn = softmax({scores})) @ V", d=DEPTH, **given)
    return fig.animate("online", tiles=[(QUERIES, KEYS)]), given


def oracle(
    given: dict[str, Any], is_causal: bool, row: int, seen: int
) -> tuple[float, float, np.ndarray, np.ndarray]:
    """Maximum, sum, output and shares of a row over its first keys, in float64."""
    scores = (given["Q"] @ given["K"].T / np.sqrt(DEPTH))[row, :seen]
    if is_causal:
        scores = np.where(np.arange(seen) <= row, scores, -np.inf)
    raised = np.exp(scores - scores.max())
    shares = raised / raised.sum()
    return scores.max(), raised.sum(), shares @ given["V"][:seen], shares


def shown(viewer: Viewer, name: str, row: int, col: int) -> dict[str, Any]:
    return viewer.shown([(name, row, col)])[0]


@pytest.mark.parametrize("is_causal", [False, True])
def test_each_number_is_that_of_the_keys_seen_so_far(open_page, save, is_causal):
    fig, given = figure(is_causal)
    assert fig.film is not None and fig.film.duration == 9
    viewer = open_page(save(fig))
    draw = np.random.default_rng(2)
    for t in [0.0, 9.0, *draw.uniform(0, 9, size=12)]:
        viewer.js("(t) => window.matcubeProbe.seek(t)", t)
        for row in draw.integers(ROWS, size=4):
            row, col = int(row), int(draw.integers(COLS))
            blocks = int(np.clip(np.floor(t + 1e-6) - row // QUERIES * ROUNDS, 0, ROUNDS))
            seen = min(blocks * KEYS, ROWS)
            found = viewer.shown([("running max", row, 0), ("running sum", row, 0), ("out", row, col)])
            if seen == 0:
                assert [one["value"] for one in found] == [None] * 3
                continue
            highest, total, output, _ = oracle(given, is_causal, row, seen)
            for one, expected in zip(found, (highest, total, output[col]), strict=True):
                assert one["value"] == pytest.approx(expected, rel=1e-6, abs=1e-9)
                assert one["text"].endswith(f"({seen} of {ROWS} keys)") == (seen < ROWS)
            key = int(draw.integers(seen))
            if not is_causal or key <= row:
                then = oracle(
                    given, is_causal, row, min((key // KEYS + 1) * KEYS, ROWS) if seen < ROWS else ROWS
                )[3][key]
                assert shown(viewer, "attn", row, key)["value"] == pytest.approx(then, rel=1e-6, abs=1e-9)
    viewer.check()


def test_columns_and_products_are_read_like_cells(open_page, save):
    fig, given = figure(False)
    viewer = open_page(save(fig))
    viewer.js(
        "(t) => window.matcubeProbe.seek(t)", 1.75
    )  # queries 0 to 4, keys 4 to 7, whose states come at 2
    viewer.rest()
    highest, total, _, _ = oracle(given, False, 2, KEYS)
    for name, value in (("running max", highest), ("running sum", total)):
        viewer.hover(name, 2, 0)
        assert viewer.tip("place") == f"{name}[2, 0]"
        number, _, rest = viewer.tip("value").replace("−", "-").partition(" ")
        assert float(number) == pytest.approx(value, rel=1e-4) and rest == f"({KEYS} of {ROWS} keys)"
    names = viewer.js("() => [...document.querySelectorAll('.mc-legend-name b')].map((e) => e.textContent)")
    assert {"running max", "running sum", "out"} <= set(names)
    then = oracle(given, False, 2, 2 * KEYS)[3]
    found = 0
    for row in range(5):
        for col in range(COLS):
            place = viewer.product(row, col)
            if not place.startswith("attn[2,"):
                continue
            key, col_of = int(place.split(",")[1].split("]")[0]), int(place.split(",")[2].rstrip("]"))
            value = float(viewer.tip("value").replace("−", "-"))
            assert value == pytest.approx(then[key] * given["V"][key, col_of], rel=1e-4, abs=1e-6)
            found += 1
    assert found > 0
    viewer.check()


def test_without_its_film_the_columns_are_away(open_page, serve):
    fig, _ = figure(True)
    viewer = open_page(serve(fig).url)
    assert shown(viewer, "running max", 0, 0)["value"] is None
    viewer.frame.locator("[data-control=film]").click()
    names = "() => [...document.querySelectorAll('.mc-legend-name b')].map((e) => e.textContent)"
    wait_for(lambda: "running max" not in viewer.js(names), "the columns to go")
    assert "out" in viewer.js(names)
    viewer.check(
        origin=None if viewer.page.url.startswith("file") else viewer.page.url.split("/#")[0].rstrip("/")
    )
