"""Names are never markup, a link never runs, a frame needs nothing, no request leaves."""

import re
from urllib.parse import urlsplit

import numpy as np
import pytest

import matcube as mc
from tests.browser.viewer import wait_for

EVIL = '<img src=x onerror="window.evil=1">'


@pytest.fixture(scope="module")
def hostile():
    labels = [EVIL, "</script><script>window.evil=1</script>", "javascript:window.evil=1", "__proto__"]
    matrix = mc.matrix(np.arange(16, dtype=np.float32).reshape(4, 4), name="A", rows=labels, cols=labels)
    return mc.figure("out = A @ A", A=matrix)


@pytest.mark.parametrize("kind", ["served", "saved"])
def test_hostile_names_are_text(open_page, serve, save, hostile, kind):
    served = serve(hostile) if kind == "served" else None
    viewer = open_page(served.url if served else save(hostile), width=1160)
    viewer.click("out", 0, 1)
    assert EVIL in viewer.text(".mc-card .mc-reading-labels")
    for page in ("inspect", "looks"):
        viewer.frame.locator(f".mc-toolbar [data-control={page}]").click()
    viewer.frame.locator(".mc-details summary").click()
    assert viewer.js("() => window.evil") is None
    assert viewer.count("#matcube img") == 0
    viewer.check(origin=served.origin if served else None)


def test_a_saved_page_obeys_a_policy_without_inline_styles(open_page, save, attention):
    viewer = open_page(save(attention))
    for control in ("inspect", "looks", "help"):
        viewer.frame.locator(f".mc-toolbar [data-control={control}]").click()
    viewer.page.keyboard.press("Escape")
    viewer.click("attn", 9, 4)
    assert viewer.js("() => Boolean(document.querySelector('meta[http-equiv=Content-Security-Policy]'))")
    viewer.check()


# When the stage is in the page a key is pressed; when the toolbar comes, the frames so far are counted.
EARLY = """() => {
    const seen = (window.seen = {});
    new MutationObserver(() => {
        const toolbar = document.querySelector(".mc-toolbar") !== null;
        if (seen.early === undefined && document.querySelector(".mc-canvas") !== null) {
            seen.early = !toolbar;
            document.dispatchEvent(new KeyboardEvent("keydown", { key: "t", bubbles: true }));
        }
        if (seen.frames === undefined && toolbar) seen.frames = window.matcubeStats.frames;
    }).observe(document, { childList: true, subtree: true });
}"""


def test_the_controls_come_after_the_picture_and_take_the_keys_pressed_before(serve, leaves, open_page):
    served = serve(leaves)
    viewer = open_page(served.url, prepare=lambda page: page.add_init_script(f"({EARLY})()"))
    seen = viewer.js("() => window.seen")
    assert seen["early"] is True
    assert seen["frames"] >= 1
    assert viewer.view["style"]["theme"] == "light", "the key that was pressed before"
    viewer.check(origin=served.origin)


def test_a_served_page_loads_one_script(open_page, serve, leaves):
    served = serve(leaves)
    viewer = open_page(served.url)
    scripts = "() => [...document.scripts].map((e) => new URL(e.src).pathname)"
    assert viewer.js(scripts) == ["/viewer.js"]
    asked = [urlsplit(url).path for url in viewer.requests if url.endswith(".js")]
    assert asked == ["/viewer.js"]


def test_in_a_sandboxed_frame_the_state_stays_in_memory(open_framed, leaves):
    viewer = open_framed(leaves)
    assert viewer.js("() => window.origin") == "null"
    length = viewer.page.evaluate("() => history.length")
    viewer.key("t")
    viewer.key("l")
    assert (viewer.view["style"]["theme"], viewer.view["style"]["legends"]) == ("light", False)
    viewer.key("Control+z")
    wait_for(lambda: viewer.view["style"]["legends"], "the legends")
    viewer.key("Control+z")
    wait_for(lambda: viewer.view["style"]["theme"] == "dark", "the theme")
    viewer.key("Control+Shift+z")
    wait_for(lambda: viewer.view["style"]["theme"] == "light", "the theme again")
    assert viewer.page.evaluate("() => history.length") == length
    viewer.hover("C", 3, 3)
    viewer.check()


def test_a_link_to_another_program_is_refused_by_a_saved_page(open_page, save, leaves, attention):
    fragment = mc.figure("X = A @ A", A="eye(3, 3)").link().partition("#")[2]
    viewer = open_page(f"{save(leaves)}#{fragment}")
    assert "another program" in viewer.text(".mc-problem-message")
    command = re.search(r"matcube open '(#m1\.\S+)'", viewer.text(".mc-problem"))
    assert command and mc.open_figure(command[1]).title == "X = A @ A"
    assert viewer.view["program"] == "C = A @ B"


def test_a_saved_page_is_read_only_and_says_how_to_open_it_live(open_page, save, leaves):
    viewer = open_page(save(leaves))
    assert viewer.js("() => document.querySelector('.mc-program-text').readOnly")
    viewer.frame.locator("text=read-only").click()
    command = wait_for(lambda: viewer.text(".mc-command"), "the command")
    assert command.startswith("matcube open '#m1.")
    figure = mc.open_figure(command.split("'")[1])
    np.testing.assert_array_equal(figure.value("C"), leaves.value("C"))


def test_a_server_that_is_gone_is_told(open_page, serve, leaves):
    served = serve(leaves)
    viewer = open_page(served.url)
    served.handle.close()
    viewer.program("C = B.T @ A.T")
    wait_for(lambda: viewer.count(".mc-problem") == 1, "the problem")
    assert "no longer answers" in viewer.text(".mc-problem-message")
    assert viewer.view["program"] == "C = A @ B"
