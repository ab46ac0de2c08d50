"""The panel: a tree that is followed, nodes that are changed, sliders that act, stops of a story."""

import re

import numpy as np
import pytest

import matcube as mc
from matcube.session.presets import presets
from matcube.wire.link import decode_link
from tests.browser.viewer import wait_for

PHONE = {"width": 390, "height": 844, "has_touch": True, "is_mobile": True}


def row(viewer, name):
    return viewer.frame.locator(".mc-term", has=viewer.frame.locator(f".mc-term-name:text-is('{name}')"))


def control(viewer, name):
    return viewer.frame.locator(f"[data-control={name}]").first


def selected(viewer):
    node = viewer.view["selection"]["node"]
    return next((one["name"] for one in viewer.head["matrices"] if one["node"] == node), None)


def program(viewer):
    return viewer.head["view"]["program"]


@pytest.fixture
def viewer(open_page, serve, attention):
    opened = open_page(serve(attention).url, width=1160)  # room for both panels
    control(opened, "inspect").click()
    return opened


def test_tree_and_picture_select_the_same(viewer):
    row(viewer, "V").click()
    assert selected(viewer) == "V"
    viewer.click("attn", 9, 4)
    wait_for(lambda: "attn" in viewer.text(".mc-term.is-selected"), "the row of attn")
    assert viewer.frame.locator("[data-control=node-name]").input_value() == "attn"


def test_the_tree_is_walked_by_keys(viewer):
    row(viewer, "out").focus()
    for key in ("ArrowDown", "ArrowRight", "ArrowLeft", "Enter"):
        viewer.page.keyboard.press(key)
    assert selected(viewer) == "attn"
    viewer.page.keyboard.press("End")
    viewer.page.keyboard.press(" ")
    assert selected(viewer) == "V"
    levels = viewer.js("() => [...document.querySelectorAll('.mc-term')].map((e) => e.ariaLevel)")
    assert levels == ["1", "2", "3", "4", "5", "6", "6", "7", "2"]


def test_a_value_is_renamed_and_the_rename_undone(viewer):
    viewer.click("attn", 9, 4)
    name = control(viewer, "node-name")
    name.fill("weights")
    name.press("Enter")
    wait_for(lambda: "weights = softmax" in program(viewer), "the new name")
    assert selected(viewer) == "weights"
    assert "weights[9, 4]" in viewer.text(".mc-card")
    viewer.key("Control+z")
    wait_for(lambda: "attn = softmax" in program(viewer), "the old name")


def test_a_name_that_is_taken_is_refused_in_place(viewer):
    row(viewer, "attn").click()
    name = control(viewer, "node-name")
    name.fill("V")
    name.press("Enter")
    wait_for(lambda: viewer.count(".mc-problem") == 1, "the reason")
    assert "is taken" in viewer.text(".mc-problem-message")
    wait_for(lambda: control(viewer, "node-name").input_value() == "attn", "the name as it is")


def test_an_operation_is_applied_replaced_and_removed(viewer, attention):
    row(viewer, "out").click()
    control(viewer, "node-wrap").select_option("relu")
    wait_for(lambda: "out = relu(" in program(viewer), "relu")
    control(viewer, "node-op").select_option("tanh")
    wait_for(lambda: "out = tanh(" in program(viewer), "tanh")
    viewer.hover("out", 3, 2)
    shown = float(viewer.tip("value").replace("−", "-"))
    assert shown == pytest.approx(np.tanh(attention.value("out")[3, 2]), rel=1e-3)
    control(viewer, "node-op-remove").click()
    wait_for(lambda: "tanh" not in program(viewer), "the product alone")


def test_a_size_moves_its_neighbours(open_page, serve, leaves):
    viewer = open_page(serve(leaves).url)
    viewer.key("p")
    row(viewer, "A").click()
    size = control(viewer, "node-size-1")
    size.fill("5")
    size.press("Enter")
    wait_for(lambda: viewer.view["leaves"]["B"] == "uniform(5, 12, seed=2)", "the other leaf")
    assert viewer.view["leaves"]["A"] == "gaussian(16, 5, seed=1)"
    control(viewer, "leaf-fill").select_option("eye")
    wait_for(lambda: viewer.view["leaves"]["A"] == "eye(16, 5)", "the initialiser")
    viewer.hover("A", 2, 2)
    assert viewer.tip("value") == "1"


def test_a_slider_acts_while_it_is_dragged_and_is_one_entry(viewer):
    control(viewer, "looks").click()
    slider = control(viewer, "gap")
    length = viewer.js("() => history.length")
    box = slider.bounding_box()
    y = box["y"] + box["height"] / 2
    viewer.page.mouse.move(box["x"] + 8, y)
    viewer.page.mouse.down()
    for share in (0.2, 0.3, 0.4, 0.5):
        viewer.page.mouse.move(box["x"] + share * box["width"], y)
    wait_for(lambda: (viewer.view["layout"]["gap"] or 0) > 20, "the gap while it is dragged")
    assert viewer.js("() => history.length") == length
    viewer.page.mouse.up()
    wait_for(lambda: viewer.js("() => history.length") == length + 1, "one entry")
    viewer.key("Control+z")
    wait_for(lambda: viewer.view["layout"]["gap"] is None, "the gap of before")


def test_pins_and_selection_are_undone(viewer):
    viewer.click("attn", 9, 4)
    viewer.click("out", 3, 3)
    viewer.key("Control+z")
    wait_for(lambda: selected(viewer) == "attn", "the first pin")
    viewer.key("Control+z")
    wait_for(lambda: viewer.view["selection"] == {"node": None, "pins": []}, "nothing")
    viewer.key("Control+Shift+z")
    wait_for(lambda: selected(viewer) == "attn", "the first pin again")


def test_an_axis_has_a_slider_of_blocks(viewer):
    control(viewer, "looks").click()
    viewer.frame.locator(".mc-section summary", has_text="Partition").click()
    sliders = viewer.frame.locator("[data-control=partition]")
    names = [one.get_attribute("data-axis") for one in sliders.all()]
    assert names == [axis["name"] for axis in viewer.head["axes"]]
    sliders.first.fill("4")
    wait_for(lambda: viewer.view["partition"] == {names[0]: 4}, "the split")
    said = viewer.frame.locator(".mc-uneven .mc-note")
    assert said.count() == 0
    size = viewer.head["axes"][0]["size"]
    blocks = next(n for n in range(3, size) if size % n)
    sliders.first.fill(str(blocks))
    wait_for(lambda: said.count() == 1, "the note")
    (sentence,) = viewer.head["partition"]["uneven"]
    assert said.inner_text() == sentence and f"{size} places in {blocks} blocks" in sentence
    sliders.first.fill("1")
    wait_for(lambda: viewer.view["partition"] == {} and said.count() == 0, "whole again")


def test_stops_are_saved_told_and_travel(viewer, open_page, save, attention, serve):
    control(viewer, "looks").click()
    viewer.frame.locator(".mc-section summary", has_text="Stops").click()
    viewer.click("attn", 9, 4)
    control(viewer, "stop-name").fill("the scores")
    control(viewer, "stop-say").fill("Each row is a query.")
    control(viewer, "stop-save").click()
    viewer.key("ArrowRight")
    viewer.key("Escape")
    viewer.key("s")  # the sheets open
    viewer.rest()
    control(viewer, "stop-save").click()
    points = viewer.view["stops"]
    assert [(one["name"], one["say"]) for one in points] == [
        ("the scores", "Each row is a query."),
        ("Stop 2", ""),
    ]
    assert [one["view"]["layout"]["sheets"] for one in points] == ["closed", "open"]
    control(viewer, "story-previous").click()
    wait_for(lambda: viewer.view["camera"]["yaw"] == points[0]["camera"]["yaw"], "the first stop")
    assert (
        viewer.view["layout"]["sheets"] == "closed" and viewer.text(".mc-story p") == "Each row is a query."
    )
    assert selected(viewer) == "attn"
    viewer.key(",")
    wait_for(lambda: viewer.view["camera"]["yaw"] == points[1]["camera"]["yaw"], "the second")
    state = attention.state
    viewer.rest()  # then the address is written
    other = open_page(f"{save(attention)}{viewer.hash}")
    other.key(".")
    wait_for(lambda: other.view["camera"]["yaw"] == points[0]["camera"]["yaw"], "the story of a saved page")
    assert state.stops == ()


def test_a_preset_takes_the_place_of_the_figure_and_undo_brings_it_back(viewer):
    before = program(viewer)
    viewer.key("r")
    wait_for(lambda: viewer.count("[data-control=preset]") > 4, "the list")
    viewer.frame.locator(".mc-preset", has_text="A bottleneck").click()
    wait_for(lambda: program(viewer) == "A @ B @ C", "the preset")
    viewer.key("Control+z")
    wait_for(lambda: program(viewer) == before, "the figure of before")


def test_a_preset_brings_its_scales_and_leaves_theme_and_decorations(viewer):
    viewer.key("t")
    viewer.key("g")
    own = viewer.view["style"]
    viewer.key("r")
    wait_for(lambda: viewer.count("[data-control=preset]") > 4, "the list")
    viewer.frame.locator(".mc-preset", has_text="A trained attention head").first.click()
    wait_for(lambda: viewer.view["style"]["contrast"] == 6, "the preset")
    brought = ("sensitivity", "contrast", "peak", "palette")
    wanted = next(one.style for one in (decode_link(p.link) for p in presets() if p.id == "f20"))
    style = viewer.view["style"]
    assert {name: style[name] for name in brought} == {name: getattr(wanted, name) for name in brought}
    assert {k: v for k, v in style.items() if k not in brought} == {
        k: v for k, v in own.items() if k not in brought
    }
    assert style["theme"] == "light" and wanted.theme == "dark"


def test_a_product_plays_by_an_algorithm_of_its_own_though_nothing_played(viewer):
    row(viewer, "out").click()
    assert viewer.count(".mc-player") == 0
    control(viewer, "node-film").select_option("outer")
    wait_for(lambda: viewer.count(".mc-player") == 1, "the player")
    assert viewer.view["film"]["algorithm"] == "none"
    assert [one["algorithm"] for one in viewer.head["film"]["sweeps"]] == ["outer", "outer"]
    row(viewer, "attn").click()
    control(viewer, "node-film").select_option("online")
    wait_for(lambda: "streams blocks of keys" in viewer.text(".mc-problem"), "the refusal")


def test_on_a_phone_one_sheet_is_open_at_a_time(open_page, save, attention):
    viewer = open_page(save(attention), **PHONE)
    control(viewer, "inspect").tap()
    control(viewer, "looks").tap()
    assert viewer.text(".mc-panel:not([hidden]) h2") == "Looks"
    assert viewer.count(".mc-panel") == 1
    assert viewer.ink() > 0.001


def test_the_panels_close_by_key_and_give_the_picture_its_room(viewer):
    def width():
        return viewer.js("() => document.querySelector('.mc-stage').clientWidth")

    both = width()
    for key in ("o", "o", "p"):
        viewer.key(key)
    assert width() > both
    assert viewer.count(".mc-panel") == 0
    assert re.search("[pP]", viewer.frame.locator("[data-control=inspect]").get_attribute("title"))


def test_costs_are_a_table_where_the_scene_has_them(open_page, serve, leaves):
    viewer = open_page(serve(leaves).url)
    viewer.key("o")
    titles = viewer.frame.locator(".mc-panel-right summary").all_inner_texts()
    present = {"COST": "cost" in viewer.head and bool(viewer.head["cost"]), "DEVICES": False}
    for title, here in present.items():
        assert (title in [one for one in titles if one]) == here


def test_a_large_program_keeps_its_tree_beside_the_panel(open_page, serve):
    program = "\n".join(f"x{n + 1} = relu(x{n} @ w)" for n in range(12))
    viewer = open_page(serve(mc.figure(program, x0="gaussian(8, 8)", w="gaussian(8, 8)")).url)
    viewer.key("p")
    bar = viewer.boxes(".mc-program")[0]
    wait_for(lambda: viewer.boxes(".mc-panel-left")[0]["y"] >= bar["y"] + bar["h"], "room under the program")
    row(viewer, "x1").click()
    assert selected(viewer) == "x1"


SLIDE = """(values) => {
  const slider = document.querySelector("[data-control=contrast]");
  for (const value of values) {
    slider.value = value;
    slider.dispatchEvent(new Event("input"));
  }
}"""


def test_large_matrices_get_another_contrast_one_after_the_other_and_all_of_them(open_page, serve):
    figure = mc.figure("A @ B", A="gaussian(900, 900)", B="gaussian(900, 900, seed=2)")

    def shot(viewer):
        viewer.rest()
        return viewer.page.screenshot(clip=viewer.frame.locator(".mc-canvas").bounding_box())

    viewer = open_page(serve(figure).url)
    viewer.key("o")
    before = shot(viewer)
    frames = viewer.js("() => matcubeStats.frames")
    viewer.js(SLIDE, [2, 3])
    after = shot(viewer)
    assert viewer.js("() => matcubeStats.frames") - frames > 2  # three matrices, one a frame
    assert after != before
    other = open_page(serve(figure.style(contrast=viewer.view["style"]["contrast"])).url)
    other.key("o")
    assert shot(other) == after
