"""Heads in the page: a row of boxes to read, one of them pulled out and put back, in a film and saved."""

import numpy as np
import pytest

from matcube.api.front import figure
from tests.browser.viewer import wait_for
from tests.heads import arrays_of, attention

CASE = attention(heads=4, tokens=6, width=8)


@pytest.fixture
def heads():
    return figure(CASE.program, **arrays_of(CASE))


def truth():
    arrays = arrays_of(CASE)
    q, k, v = (arrays["x"] @ arrays[name] for name in ("wQ", "wK", "wV"))
    shares = []
    for h in range(4):
        own = slice(2 * h, 2 * h + 2)
        scores = np.where(np.tri(6), q[:, own] @ k[:, own].T / 2, -np.inf)
        shares.append(np.exp(scores - scores.max(1, keepdims=True)))
    weights = [one / one.sum(1, keepdims=True) for one in shares]
    return q, weights, np.hstack([w @ v[:, 2 * h : 2 * h + 2] for h, w in enumerate(weights)])


def value(viewer) -> float:
    return float(viewer.tip("value").replace("−", "-"))


@pytest.mark.parametrize("kind", ["served", "saved"])
def test_cells_of_heads_and_of_their_one_matrix_are_those_of_float64(kind, open_page, serve, save, heads):
    viewer = open_page(serve(heads).url if kind == "served" else save(heads))
    q, weights, z = truth()
    for name, row, col, wanted in [
        ("q", 5, 7, q[5, 7]),
        ("P[3]", 5, 1, weights[3][5, 1]),
        ("z", 5, 6, z[5, 6]),
    ]:
        viewer.hover(name, row, col)
        assert viewer.tip("place") == f"{name}[{row}, {col}]"
        assert value(viewer) == pytest.approx(wanted, rel=2e-5, abs=1e-6)


def test_of_many_heads_the_first_and_the_last_are_named(open_page, save, heads):
    viewer = open_page(save(heads))
    viewer.rest()
    names = viewer.js("() => [...document.querySelectorAll('.mc-legends b')].map((e) => e.textContent)")
    heads_named = [name for name in names if "[" in name]
    assert set(heads_named) <= {"P[0]", "P[3]"}
    assert heads_named
    for name in ("q", "z", "v", "wO"):
        assert names.count(name) == 1, names


def pulled(viewer) -> list[int]:
    return viewer.view["layout"]["pull"]


def test_a_head_is_pulled_out_and_put_back_by_key_and_by_undo(open_page, serve, heads):
    served = serve(heads)
    viewer = open_page(served.url)
    before = viewer.head["layouts"][0]
    viewer.click("P[3]", 5, 1)
    viewer.key("u")
    wait_for(lambda: pulled(viewer) == [3], "head 3 to be pulled out")
    wait_for(lambda: viewer.head["layouts"][0]["faces"] != before["faces"], "the new layout")
    viewer.hover("q[3]", 5, 1)
    assert value(viewer) == pytest.approx(truth()[0][5, 7], rel=2e-5)
    viewer.key("Control+z")
    wait_for(lambda: pulled(viewer) == [], "the deck to be whole again")
    wait_for(lambda: viewer.head["layouts"][0]["faces"] == before["faces"], "the first layout")
    viewer.check(origin=served.origin)


def test_a_film_of_heads_has_one_lane_for_all(open_page, save, heads):
    viewer = open_page(save(heads.animate("vmprod")))
    wait_for(lambda: viewer.count(".mc-film-segment") > 0, "the player")
    texts = viewer.js("() => [...document.querySelectorAll('.mc-film-segment')].map((e) => e.textContent)")
    assert texts == ["q", "k", "v", "P (4 heads)", "z (4 heads)", "out"]
    viewer.check()


def test_a_cell_of_joined_heads_says_the_sum_that_its_head_has_by_then(open_page, save, heads):
    _, weights, _ = truth()
    played = heads.animate("outer")
    first = next(one for one in played.film.sweeps if heads._program.drawn.graph[one.node].name == "z[0]")
    viewer = open_page(save(heads.animate("outer", time=first.start + 4)))  # 4 of 6 products
    v = arrays_of(CASE)["x"] @ arrays_of(CASE)["wV"]
    viewer.hover("z", 5, 6)
    said, _, of = viewer.tip("value").replace("−", "-").partition(" ")
    assert of == "(4 of 6)"
    assert float(said) == pytest.approx(weights[3][5, :4] @ v[:4, 6], rel=2e-5)


def test_what_devices_exchange_of_heads_is_said_at_their_one_matrix(open_page, save, heads):
    figured = heads.partition({"z.j": 2})
    (exchange,) = figured.devices().collectives
    viewer = open_page(save(figured))
    viewer.rest()
    assert viewer.text(".mc-legend-badge") == f"all-gather {exchange.bytes} B"


def test_a_layout_edit_sends_no_matrix_again_and_keeps_what_the_page_knows(open_page, serve, heads):
    viewer = open_page(serve(heads).url)
    before = viewer.head
    viewer.key("o")
    viewer.js("() => performance.clearResourceTimings()")
    slider = viewer.frame.locator("[data-control=gap]")
    slider.evaluate("(one) => { one.value = 20; one.dispatchEvent(new Event('input')); }")
    wait_for(lambda: viewer.head["layouts"][0]["gap"] == 20, "the new layout")
    sent = viewer.js(
        "() => performance.getEntriesByType('resource').filter((one) => one.name.endsWith('/api'))"
        ".map((one) => one.encodedBodySize)"
    )
    assert sent and max(sent) < 10_000
    for part in ("matrices", "terms", "vocabulary", "palettes"):
        assert viewer.head[part] == before[part]
    viewer.hover("q", 5, 7)
    assert value(viewer) == pytest.approx(truth()[0][5, 7], rel=2e-5)
