"""What the page says of cells is what NumPy says in float64."""

import re
from functools import partial

import numpy as np
import pytest

import matcube as mc
from tests.browser.viewer import Viewer, number, wait_for


def oracle(arrays):
    """Every step of the head in float64: products, scaled, softmaxed over the lower triangle, result."""
    q, k, v = (arrays[name].astype(np.float64) for name in "QKV")
    raw = q @ k.T  # (i, j)
    scaled = raw / np.sqrt(8)
    seen = np.where(np.tril(np.ones_like(scaled)) > 0, scaled, -np.inf)
    weights = np.exp(seen - seen.max(axis=1, keepdims=True))
    attn = weights / weights.sum(axis=1, keepdims=True)
    return {"Q": q, "K": k, "V": v, "raw": raw, "scaled": scaled, "attn": attn, "out": attn @ v}


@pytest.fixture(params=["served", "saved"])
def viewer(request, open_page, serve, save, attention):
    if request.param == "served":
        served = serve(attention)
        opened = open_page(served.url)
        yield opened
        opened.check(origin=served.origin)
    else:
        opened = open_page(save(attention))
        yield opened
        opened.check()


def test_hovered_values_are_those_of_float64(viewer, arrays):
    truth = oracle(arrays)
    for name, row, col in [
        ("Q", 3, 5),
        ("K", 7, 2),
        ("V", 0, 6),
        ("attn", 9, 4),
        ("attn", 11, 11),
        ("out", 6, 3),
    ]:
        viewer.hover(name, row, col)
        assert viewer.tip("place") == f"{name}[{row}, {col}]"
        assert number(viewer.tip("value")) == pytest.approx(truth[name][row, col], rel=2e-5, abs=1e-6)


def test_the_sum_is_written_out_with_every_step(viewer, arrays):
    truth = oracle(arrays)
    viewer.click("attn", 9, 4)  # the steps behind a pinned cell come from the server
    viewer.hover("attn", 9, 4)
    pattern = r"Σₖ Q\[9,k\]·K\[4,k\] = (\S+) → / \S+ (\S+) → tril (\S+) → softmax (\S+)"
    found = re.fullmatch(pattern, viewer.tip("sum"))
    assert found, viewer.tip("sum")
    total, scaled, kept, share = (number(text) for text in found.groups())
    bound = 1e-5 * np.abs(truth["Q"][9] * truth["K"][4]).sum()
    assert total == pytest.approx(truth["raw"][9, 4], abs=bound)
    assert scaled == kept == pytest.approx(truth["scaled"][9, 4], abs=bound)
    assert share == pytest.approx(truth["attn"][9, 4], rel=2e-5)


def test_labels_are_shown_and_masked_cells_are_no_numbers(viewer):
    viewer.hover("attn", 6, 1)
    assert viewer.tip("labels") == "malt · cow"
    viewer.hover("attn", 3, 2)
    assert viewer.tip("labels") == "⏎ · ate"
    viewer.hover("attn", 2, 9)
    assert viewer.tip("value") == "masked"


def test_a_cell_is_pinned_unpinned_and_cleared(viewer):
    viewer.click("attn", 9, 4)
    assert viewer.count(".mc-card") == 1
    viewer.point(5, 600)
    assert "attn[9, 4]" in viewer.text(".mc-card")
    viewer.click("out", 6, 3, shift=True)
    assert [(p["row"], p["col"]) for p in viewer.view["selection"]["pins"]] == [(9, 4), (6, 3)]
    viewer.click("out", 6, 3)
    assert viewer.count(".mc-card") == 1
    viewer.click("V", 0, 6)
    assert "V[0, 6]" in viewer.text(".mc-card")
    viewer.key("Escape")
    assert viewer.count(".mc-card") == 0
    assert viewer.view["selection"]["pins"] == []


def test_a_cell_is_found_by_name_and_by_label(viewer, arrays):
    truth = oracle(arrays)
    viewer.key("g")
    box = viewer.frame.locator(".mc-goto-text")
    box.fill("attn[malt, nobody]")
    box.press("Enter")
    assert viewer.text(".mc-goto-reason") == "no column is called nobody"
    box.fill("attn[malt, cow]")
    box.press("Enter")
    viewer.rest()
    assert viewer.view["selection"]["pins"] == [{"node": viewer.node("attn"), "row": 6, "col": 1}]
    viewer.hover("attn", 6, 1)
    assert number(viewer.tip("value")) == pytest.approx(truth["attn"][6, 1], rel=2e-5)


def test_the_panel_tells_the_facts_and_the_largest_of_a_row(viewer, arrays):
    truth = oracle(arrays)["attn"]
    viewer.click("attn", 9, 4)
    viewer.frame.locator("[data-control=inspect]").click()
    viewer.rest()
    facts = dict(line.split("\n") for line in viewer.frame.locator(".mc-fact").all_inner_texts())
    kept = truth[np.tril_indices(12)]
    assert facts["shape"] == "12 × 12"
    assert facts["masked"] == "66"
    assert number(facts["max"]) == pytest.approx(kept.max(), rel=1e-4)
    assert number(facts["mean"]) == pytest.approx(kept.mean(), rel=1e-4)
    top = viewer.frame.locator(".mc-top-value").all_inner_texts()
    assert [number(text) for text in top] == pytest.approx(sorted(truth[9, :10], reverse=True), rel=2e-5)


def test_the_table_is_plain_and_complete(viewer, arrays):
    viewer.click("V", 0, 6)
    viewer.frame.locator("[data-control=inspect]").click()
    viewer.frame.locator(".mc-details summary").click()
    wait_for(lambda: viewer.count(".mc-table td") > 50, "the table")
    rows = viewer.js(
        """() => [...document.querySelectorAll('.mc-table tbody tr')]
             .map((row) => [...row.cells].map((cell) => cell.textContent))"""
    )
    assert [row[0] for row in rows][:4] == ["0 The", "1 cow", "2 ate", "3 ⏎"]
    shown = np.array([[number(text) for text in row[1:]] for row in rows])
    np.testing.assert_allclose(shown, arrays["V"], rtol=1e-5)
    assert viewer.js("() => document.querySelector('.mc-table tbody th').scope") == "row"


def test_what_is_pointed_at_is_spoken_as_python_explains_it(viewer, attention):
    viewer.click("attn", 6, 1)
    viewer.hover("attn", 6, 1)
    viewer.rest()
    spoken = viewer.js("() => document.querySelector('[aria-live=polite]').textContent")
    assert spoken == f"{attention.explain('attn[6, 1]')}\nmalt, cow"


def test_a_large_matrix_is_averages_until_one_rests_on_a_cell(open_page, serve):
    large = np.random.default_rng(2).normal(size=(1100, 1000)).astype(np.float32)
    served = serve(mc.figure("A", A=large))
    viewer = open_page(served.url)
    held = []
    viewer.page.route("**/api", lambda route: held.append(route))  # noqa: PLW0108 (playwright marks the function)
    viewer.hover("A", 700, 333)
    place = viewer.tip("place")
    row, col = (int(text) for text in re.findall(r"\d+", place))
    wait_for(lambda: viewer.frames and held, "the question for exact cells")  # asking the page lets events in
    assert "average of" in viewer.tip("value")
    held[0].continue_()
    wait_for(lambda: "average" not in viewer.tip("value"), "the exact value")
    assert number(viewer.tip("value")) == pytest.approx(large[row, col], rel=1e-5)
    viewer.check(origin=served.origin)


def test_pointing_at_a_result_lights_its_row_column_and_products(viewer):
    viewer.rest()
    before = viewer.page.screenshot()
    viewer.hover("out", 6, 3)
    viewer.rest()
    assert viewer.difference(before) > 0.005  # all of attn and V but the lit lines is dimmed
    viewer.point(5, 600)
    viewer.rest()
    assert viewer.difference(before) < 0.0005


def walked(viewer: Viewer, before: object) -> bool:
    """Another cell is pinned than before."""
    return bool(viewer.view["selection"]["pins"] != before)


@pytest.mark.parametrize("kind", ["served", "saved"])
def test_a_walk_through_nan_opens_the_sheets_and_passes_every_matrix(kind, open_page, serve, save):
    leaf = np.array([[1.0, -1.0], [2.0, 0.0]])
    figure = mc.figure("out = exp(relu(log(L))) @ W", L=leaf, W="gaussian(2, 3, seed=1)")
    viewer = open_page(serve(figure).url if kind == "served" else save(figure))
    bar = viewer.text(".mc-colourbar")
    assert "\n3 NaN\n" in bar  # of the product, which is named above
    assert "1 NaN, 1 −Inf in log(L) and more in 1 after it; S opens the sheets" in bar
    seen = []
    for _ in range(8):
        before = viewer.view["selection"]["pins"]
        viewer.key("n")
        wait_for(partial(walked, viewer, before), "the next cell")
        (pin,) = viewer.view["selection"]["pins"]
        seen.append((pin["node"], pin["row"], pin["col"]))
    assert viewer.view["layout"]["sheets"] == "open"
    assert "opens the sheets" not in viewer.text(".mc-colourbar")
    names = {m["node"]: m["name"] for m in viewer.head["matrices"]}
    walk = [f"{names[node]}[{row}, {col}]" for node, row, col in seen]
    products = [f"out[0, {col}]" for col in range(3)]
    assert walk[:4] == ["log(L)[0, 1]", "log(L)[1, 1]", "relu(log(L))[0, 1]", "exp(relu(log(L)))[0, 1]"]
    assert walk[4:] == [*products, "log(L)[0, 1]"]


def test_a_matrix_inside_closed_sheets_is_listed_inspected_and_gone_to(viewer, arrays):
    viewer.frame.locator(".mc-toolbar [data-control=inspect]").click()
    viewer.frame.locator(".mc-term.is-hidden", has_text="· / 2.828").click()
    viewer.rest()
    name = viewer.text(".mc-inspect-name")
    assert name == "Q @ K.T / sqrt(8)"
    read = (
        "() => [...document.querySelectorAll('.mc-fact')].map((e) => [...e.children].map((c) => c.innerText))"
    )
    facts = dict(viewer.js(read))
    assert number(facts["max"]) == pytest.approx(oracle(arrays)["scaled"].max(), rel=1e-4)
    viewer.key("g")
    box = viewer.frame.locator(".mc-goto-text")
    box.fill(f"({name})[3, 2]")
    box.press("Enter")
    wait_for(lambda: viewer.view["layout"]["sheets"] == "open", "the sheets")
    wait_for(lambda: viewer.view["selection"]["pins"] != [], "the pin")
    assert viewer.text(".mc-card .mc-reading-place") == f"{name}[3, 2]"


def test_the_tip_follows_what_is_under_a_pointer_that_rests(viewer):
    viewer.hover("attn", 6, 1)
    before = viewer.tip("place")
    viewer.key("Shift+ArrowLeft")
    viewer.rest()
    where = "() => window.matcubeProbe.hover()"
    assert (viewer.js(where) or "").split("]")[0] != before.rstrip("]")


def test_the_largest_of_a_row_have_number_and_label(viewer):
    viewer.click("attn", 6, 1)
    viewer.frame.locator("[data-control=inspect]").click()
    viewer.rest()
    assert viewer.text(".mc-top h3") == "LARGEST IN ROW 6 malt"
    names = viewer.frame.locator(".mc-top-label").all_inner_texts()
    assert {"0 The", "1 cow", "3 ⏎"} <= set(names)


def test_a_long_value_leaves_the_place_whole(open_page, save):
    viewer = open_page(save(mc.figure("A @ B", A="gaussian(3000, 300)", B="gaussian(300, 3000)")))
    viewer.hover("A @ B", 2000, 2000)
    assert viewer.tip("value").endswith("(average of 2.93 × 2.93 cells)")
    place, value, tip = (
        viewer.boxes(f".mc-tip{part}")[0] for part in (" .mc-reading-place", " .mc-reading-value", "")
    )
    assert place["h"] < 30 and value["h"] < 30
    assert value["x"] + value["w"] <= tip["x"] + tip["w"]
