"""Links, undo and redo, errors in place."""

import re

import pytest

from matcube.wire import View
from matcube.wire.link import encode_link
from tests.browser.viewer import wait_for


@pytest.fixture
def served(serve, leaves):
    return serve(leaves)


@pytest.fixture
def viewer(open_page, served):
    opened = open_page(served.url)
    yield opened
    opened.check(origin=served.origin)


def test_undo_and_redo_follow_the_browsers_history(viewer):
    wait_for(lambda: viewer.hash.startswith("#m1."), "the link")
    first = viewer.hash
    viewer.key("t")
    wait_for(lambda: viewer.hash != first, "the new link")
    viewer.program("D = relu(A @ B)")
    wait_for(lambda: viewer.head["view"]["program"] == "D = relu(A @ B)", "the edit")
    viewer.rest()
    viewer.page.go_back()
    wait_for(lambda: viewer.head["view"]["program"] == "C = A @ B", "the first program")
    assert viewer.view["style"]["theme"] == "light"
    viewer.key("Control+z")
    wait_for(lambda: viewer.view["style"]["theme"] == "dark", "the first theme")
    viewer.key("Control+Shift+z")
    wait_for(lambda: viewer.view["style"]["theme"] == "light", "the second theme")
    viewer.page.go_forward()
    wait_for(lambda: viewer.head["view"]["program"] == "D = relu(A @ B)", "the second program")
    assert viewer.frame.locator(".mc-program-text").input_value() == "D = relu(A @ B)"


def test_a_page_without_a_program_says_what_to_do(viewer):
    area = viewer.frame.locator(".mc-program-text")
    area.fill("")
    assert area.get_attribute("placeholder") == "Write a product: C = A @ B"
    area.press("Enter")
    wait_for(lambda: viewer.count(".mc-problem"), "what is wrong")
    assert "the program is empty; write a product, such as A @ B" in viewer.text(".mc-problem")
    viewer.program("C = A @ B")  # what it says to do works
    wait_for(lambda: viewer.count(".mc-problem") == 0, "the figure")
    viewer.rest()
    assert viewer.view["program"] == "C = A @ B"


def test_undo_stops_at_the_first_state(viewer):
    viewer.key("Control+z")
    viewer.rest()
    assert viewer.view["program"] == "C = A @ B"


def test_camera_moves_replace_the_present_entry(viewer):
    wait_for(lambda: viewer.hash.startswith("#m1."), "the link")
    before, first = viewer.js("() => history.length"), viewer.hash
    viewer.page.mouse.move(900, 300)
    viewer.page.mouse.down()
    viewer.page.mouse.move(700, 380, steps=12)
    viewer.page.mouse.up()
    wait_for(lambda: viewer.hash != first, "the new link")
    assert viewer.js("() => history.length") == before
    assert viewer.view["camera"] is not None


def test_a_link_restores_everything(viewer, open_page, serve, leaves):
    viewer.program("D = tanh(A @ B)")
    wait_for(lambda: viewer.head["view"]["program"] == "D = tanh(A @ B)", "the edit")
    viewer.frame.locator("[data-control=looks]").click()
    viewer.frame.locator("select[data-control=scheme]").select_option("zigzag")
    viewer.frame.locator("select[data-control=sensitivity]").select_option("local")
    wait_for(lambda: viewer.view["layout"]["scheme"] == "zigzag", "the layout")
    viewer.frame.locator("[aria-label='Close Looks']").click()
    viewer.click("A", 3, 2)
    viewer.point(800, 400)
    viewer.page.mouse.wheel(0, -240)
    viewer.rest()
    view, fragment = viewer.view, viewer.hash
    assert view["selection"]["pins"] and view["camera"]

    other = serve(leaves)
    restored = open_page(other.url + fragment)
    assert restored.view == view
    assert restored.hash == fragment
    restored.check(origin=other.origin)


@pytest.mark.parametrize(
    ("fragment", "reason"),
    [
        ("m1.AAAA", "its content is damaged"),
        ("m7.AAAA", "it is of version 7, and this page reads version 1"),
        ("<img src=x onerror=alert(1)>", "it is not a matcube link"),
    ],
)
@pytest.mark.parametrize("kind", ["served", "saved"])
def test_a_damaged_link_is_told_and_the_figure_is_shown(
    open_page, serve, save, leaves, fragment, reason, kind
):
    url = serve(leaves).url if kind == "served" else save(leaves)
    viewer = open_page(f"{url}#{fragment}")
    assert reason in viewer.text(".mc-problem-message")
    assert viewer.view["program"] == "C = A @ B"
    assert viewer.ink() > 0.005
    assert viewer.frame.locator(".mc-program-text").get_attribute("aria-invalid") == "false"
    viewer.rest()
    assert len(viewer.hash) < 60  # the damaged link is left as it is
    assert viewer.wrong == []


def test_a_link_whose_program_fails_shows_the_error_and_the_default(open_page, serve, leaves):
    fragment = encode_link(View(program="A @ nothing", leaves={"A": "eye(4, 4)"}))
    viewer = open_page(serve(leaves).url + fragment)
    assert 'nothing is named "nothing"' in viewer.text(".mc-problem-message")
    assert viewer.frame.locator(".mc-program-text").input_value() == "A @ nothing"
    assert viewer.head["view"]["program"] == "C = A @ B"


def test_an_error_stands_in_place_with_its_column_and_the_picture_stays(viewer):
    ink = viewer.ink()
    viewer.program("C = A @ A")
    wait_for(lambda: viewer.count(".mc-problem") == 1, "the problem")
    assert "ShapeError" in viewer.text(".mc-problem-message")
    assert viewer.text(".mc-problem-line") == "C = A @ A"
    assert viewer.js("() => document.querySelector('.mc-problem-line').dataset.column") == "8"
    assert viewer.text(".mc-problem-line mark") == "A"
    assert viewer.frame.locator(".mc-program-text").get_attribute("aria-invalid") == "true"
    assert viewer.head["view"]["program"] == "C = A @ B"
    assert viewer.ink() > 0.5 * ink
    viewer.frame.locator(".mc-program-text").press("Escape")
    assert viewer.count(".mc-problem") == 0
    assert viewer.frame.locator(".mc-program-text").input_value() == "C = A @ B"


def test_a_leaf_is_edited(viewer):
    viewer.frame.locator("[data-control=leaves]").click()
    field = viewer.frame.locator(".mc-leaf-text").first
    field.fill("eye(16, 8)")
    field.press("Enter")
    wait_for(lambda: viewer.view["leaves"]["A"] == "eye(16, 8)", "the leaf")
    viewer.frame.locator("[data-control=leaves]").click()
    viewer.hover("A", 3, 3)
    assert viewer.tip("value") == "1"


def test_a_change_of_layout_sends_no_values_again(viewer):
    answers = []
    viewer.page.on("response", lambda one: answers.append(one))  # noqa: PLW0108 (playwright marks the function)
    viewer.frame.locator("[data-control=looks]").click()
    viewer.frame.locator("input[data-control=gap]").fill("9")
    wait_for(lambda: viewer.view["layout"]["gap"] == 9, "the gap")
    posted = [one.request.post_data_json for one in answers if one.url.endswith("/api")]
    assert len(posted) == 1 and len(posted[0]["have"]) >= 3
    head = viewer.head
    assert all(entry["offset"] == -1 for entry in head["buffers"])


def test_keys_typed_into_a_field_are_text(viewer):
    viewer.frame.locator(".mc-program-text").focus()
    viewer.page.keyboard.type("tlsh?")
    assert viewer.view["style"]["theme"] == "dark"
    assert viewer.count("dialog[open]") == 0


def test_a_link_that_names_data_says_which_file_is_missing(open_page, serve, leaves, attention):
    fragment = attention.link().partition("#")[2]
    viewer = open_page(f"{serve(leaves).url}#{fragment}")
    message = viewer.text(".mc-problem")
    assert re.search(r"needs the array [QKV]: 12 × 8 float32", message), message
    assert viewer.view["program"] == "C = A @ B"


def test_a_slow_answer_shows_that_the_page_is_busy(viewer):
    held = []
    viewer.page.route("**/api", lambda route: held.append(route))  # noqa: PLW0108 (playwright marks the function)
    viewer.program("C = exp(A @ B)")
    wait_for(lambda: viewer.count(".mc-busy") == 1 and held, "the sign of work")
    assert viewer.head["view"]["program"] == "C = A @ B"
    held[0].continue_()
    wait_for(lambda: viewer.head["view"]["program"] == "C = exp(A @ B)", "the edit")
    assert viewer.count(".mc-busy") == 0


def test_a_link_with_another_layout_of_the_same_program_is_restored(open_page, serve, leaves):
    fragment = leaves.layout("wheel", gap=11).link().partition("#")[2]
    viewer = open_page(f"{serve(leaves).url}#{fragment}")
    assert viewer.view["layout"]["gap"] == 11
    assert viewer.head["layouts"][0]["gap"] == 11


def test_a_saved_page_says_which_layout_it_does_not_hold(open_page, save, leaves):
    fragment = leaves.layout("wheel", gap=11).style(theme="light").link().partition("#")[2]
    viewer = open_page(f"{save(leaves)}#{fragment}")
    assert "another layout" in viewer.text(".mc-problem-message")
    assert viewer.view["style"]["theme"] == "light"
    assert viewer.view["layout"]["gap"] is None


def test_a_saved_page_keeps_its_state_in_its_address(open_page, save, leaves):
    viewer = open_page(save(leaves))
    wait_for(lambda: viewer.hash.startswith("#m1."), "the link")
    first = viewer.hash
    viewer.key("t")
    wait_for(lambda: viewer.hash != first, "the new link")
    again = open_page(save(leaves) + viewer.hash)
    assert again.view == viewer.view
    viewer.key("Control+z")
    wait_for(lambda: viewer.view["style"]["theme"] == "dark", "the first theme")


@pytest.mark.parametrize("kind", ["served", "saved"])
def test_the_view_is_in_the_address_from_the_start_and_a_reload_keeps_it(
    open_page, serve, save, leaves, kind
):
    viewer = open_page(serve(leaves).url if kind == "served" else save(leaves))
    wait_for(lambda: viewer.hash.startswith("#m1."), "the link")
    length, first = viewer.js("() => history.length"), viewer.hash
    viewer.key("t")
    wait_for(lambda: viewer.hash != first, "the new link")
    viewer.page.reload()
    viewer.ready()
    assert viewer.view["style"]["theme"] == "light"
    viewer.page.go_back()
    wait_for(lambda: viewer.view["style"]["theme"] == "dark", "the first theme")
    assert viewer.hash == first
    assert viewer.js("() => history.length") == length + 1
    viewer.page.go_forward()
    wait_for(lambda: viewer.view["style"]["theme"] == "light", "the second theme")


def test_a_name_without_a_value_can_be_written_as_a_leaf(viewer):
    viewer.program("C = A @ Z")
    wait_for(lambda: viewer.count(".mc-problem") == 1, "the problem")
    assert viewer.text(".mc-problem-hint").endswith("or write it under “leaves”")
    viewer.frame.locator("[data-control=leaves]").click()
    field = viewer.frame.locator(".mc-leaf-text[aria-label='Leaf Z']")
    field.fill("eye(8, 8)")
    field.press("Enter")
    wait_for(lambda: viewer.head["view"]["program"] == "C = A @ Z", "the edit")
    assert viewer.view["leaves"]["Z"] == "eye(8, 8)"
    assert viewer.count(".mc-problem") == 0


def test_a_saved_page_given_another_program_shows_one_line_to_copy(open_page, save, leaves, attention):
    fragment = attention.link().partition("#")[2]
    viewer = open_page(f"{save(leaves)}#{fragment}")
    message = viewer.text(".mc-problem-message")
    assert message == "Link: the link shows another program than this saved page holds; open it live:"
    command = viewer.text(".mc-problem .mc-command")
    assert command.startswith("matcube open '#m1.")
    assert command.endswith(" ".join(f"--data '{name}.npy'" for name in "KQV"))
    assert viewer.boxes(".mc-problem .mc-command")[0]["h"] < 45
    assert viewer.frame.locator(".mc-program-text").get_attribute("aria-invalid") == "false"


def test_a_server_that_is_gone_leaves_the_program_unmarked(open_page, serve, leaves):
    served = serve(leaves)
    viewer = open_page(served.url)
    served.handle.close()
    viewer.program("C = relu(A @ B)")
    wait_for(lambda: viewer.count(".mc-problem") == 1, "the problem")
    assert "no longer answers" in viewer.text(".mc-problem-message")
    assert viewer.frame.locator(".mc-program-text").get_attribute("aria-invalid") == "false"
