"""Several figures in one document, one of them in a shadow root: nothing is shared but one WebGL context."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import matcube as mc

ASSETS = Path(str(files("matcube") / "outputs" / "assets"))

# Counts listeners on what outlives a figure, observers, timers, frames and contexts.
COUNTED = """
const live = (window.live = { listeners: new Map(), observers: 0, timers: new Set(), frames: new Set() });
live.foreign = (target) =>
    !(target instanceof Node) || target === document || target.matches?.("body, .place");
const keys = new Map();
const name = (target, type, hear) => {
    if (!keys.has(target)) keys.set(target, keys.size);
    if (!keys.has(hear)) keys.set(hear, keys.size);
    return `${target.constructor.name} ${keys.get(target)} ${type} ${keys.get(hear)}`;
};
const { addEventListener, removeEventListener } = EventTarget.prototype;
EventTarget.prototype.addEventListener = function (type, hear, options) {
    const target = this ?? window;
    if (live.foreign(target) && !(target instanceof AbortSignal)) {
        live.listeners.set(name(target, type, hear), true);
        options?.signal?.addEventListener("abort", () => live.listeners.delete(name(target, type, hear)));
    }
    return addEventListener.call(target, type, hear, options);
};
EventTarget.prototype.removeEventListener = function (type, hear, options) {
    live.listeners.delete(name(this ?? window, type, hear));
    return removeEventListener.call(this ?? window, type, hear, options);
};
const Observer = window.ResizeObserver;
window.ResizeObserver = class extends Observer {
    observe(element) { live.observers += 1; super.observe(element); }
    disconnect() { live.observers -= 1; super.disconnect(); }
};
const wrap = (set, start, stop, kept) => {
    const [begin, end] = [window[start], window[stop]];
    window[start] = (act, ...rest) => {
        const id = begin((...given) => { kept.delete(id); act(...given); }, ...rest);
        kept.add(id);
        return id;
    };
    window[stop] = (id) => { kept.delete(id); end(id); };
};
wrap(live, "setTimeout", "clearTimeout", live.timers);
wrap(live, "requestAnimationFrame", "cancelAnimationFrame", live.frames);
const { getContext } = HTMLCanvasElement.prototype;
live.contexts = new Set();
HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
    const context = getContext.call(this, kind, ...rest);
    if (kind === "webgl2") live.contexts.add(context);
    return context;
};
live.addresses = new Set();
const { createObjectURL, revokeObjectURL } = URL;
URL.createObjectURL = (blob) => {
    const address = createObjectURL(blob);
    live.addresses.add(address);
    return address;
};
URL.revokeObjectURL = (address) => { live.addresses.delete(address); revokeObjectURL(address); };
live.left = () => ({
    listeners: [...live.listeners.keys()], observers: live.observers,
    timers: live.timers.size, frames: live.frames.size, addresses: live.addresses.size,
    contexts: [...live.contexts].filter((context) => !context.isContextLost()).length,
    elements: document.querySelectorAll(".mc").length, canvases: document.querySelectorAll("canvas").length,
});
"""

HOST = """
import { embedded, mount } from "./viewer.js";

window.bytesOf = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
window.bytes = bytesOf(document.getElementById("scene").textContent);
const first = () => Promise.resolve(window.bytes);
const backend = { live: false, still: null, first, ask: () => Promise.reject() };
const sheet = await (await fetch("./viewer.css")).text();
const places = [...document.querySelectorAll(".place")];
const shadow = places[2].attachShadow({ mode: "open" });
const rules = new CSSStyleSheet();
rules.replaceSync(sheet);
shadow.adoptedStyleSheets = [rules];
const roots = [places[0], places[1], shadow];
window.figures = [];
window.unmounts = [];
window.openAt = (at) => new Promise((done) => {
    const opened = (stats, probe) => done({ stats, probe, root: roots[at].querySelector(".mc") });
    window.unmounts[at] = mount(roots[at], { backend, page: embedded({ opened }) });
});
window.openFailing = (failing) => {
    const page = Object.defineProperties(embedded(), Object.getOwnPropertyDescriptors(failing));
    window.unmounts[0] = mount(roots[0], { backend, page });
};
window.open_ = async () => {
    window.figures = await Promise.all(roots.map((_, at) => openAt(at)));
    await Promise.all(window.figures.map(({ probe }) => probe.rest()));
};
window.close_ = () => { for (const unmount of window.unmounts) unmount(); };
window.loaded = true;
"""

PAGE = """<!doctype html>
<meta charset="utf-8"><title>host</title>
<link rel="stylesheet" href="viewer.css"><link rel="icon" href="data:,">
<style>.place {{ width: 640px; height: 420px; margin: 20px }}</style>
<script>{counted}</script>
<h1>A document of somebody else</h1>
<div class="place"></div><div class="place"></div><div class="place"></div>
<script type="text/plain" id="scene">{scene}</script>
<script type="module" src="host.js"></script>
"""
KINDS = {".js": "text/javascript", ".css": "text/css", ".html": "text/html"}


@pytest.fixture
def host(browser: Any, leaves: mc.Figure) -> Iterator[Any]:
    """A document with three places for figures; nothing is mounted yet."""
    scene = base64.b64encode(leaves.scene().encode()).decode()
    texts = {
        "/index.html": PAGE.format(counted=COUNTED, scene=scene),
        "/host.js": HOST,
        **{f"/{name}": (ASSETS / name).read_text("utf-8") for name in ("viewer.js", "viewer.css")},
    }

    def answer(route: Any) -> None:
        path = "/" + route.request.url.rpartition("/")[2]
        route.fulfill(body=texts[path], content_type=KINDS[Path(path).suffix])

    context = browser.new_context(viewport={"width": 1280, "height": 1500})
    context.route("http://host.test/**", answer)
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto("http://host.test/index.html")
    page.wait_for_function("window.loaded === true")
    yield page
    assert wrong == []
    context.close()


def inks(page: Any) -> list[int]:
    """Of each figure the number of pixels on its canvas that are not its ground."""
    return page.evaluate(
        """() => figures.map(({ root }) => {
            const canvas = root.querySelector("canvas.mc-canvas");
            const { width, height } = canvas;
            const copy = Object.assign(document.createElement("canvas"), { width, height });
            const flat = copy.getContext("2d");
            flat.drawImage(canvas, 0, 0);
            const { data } = flat.getImageData(0, 0, width, height);
            let count = 0;
            for (let at = 0; at < data.length; at += 4)
                if (data[at] + data[at + 1] + data[at + 2] > 120) count += 1;
            return count;
        })"""
    )


def test_three_figures_draw_with_one_context(host: Any) -> None:
    host.evaluate("() => open_()")
    assert min(inks(host)) > 1000
    assert host.evaluate("() => live.left().contexts") == 1
    assert (
        host.evaluate("() => figures.map(({ root }) => root.querySelector('.mc-toolbar') !== null)")
        == [True] * 3
    )


def test_a_figure_in_a_shadow_root_has_its_styles(host: Any) -> None:
    host.evaluate("() => open_()")
    ground = "({ root }) => getComputedStyle(root.querySelector('.mc-stage')).position"
    assert host.evaluate(f"() => figures.map({ground})") == ["relative"] * 3
    colour = "({ root }) => getComputedStyle(root).backgroundColor"
    assert len(set(host.evaluate(f"() => figures.map({colour})"))) == 1
    size = "({ root }) => [root.clientWidth, root.clientHeight]"
    assert host.evaluate(f"() => figures.map({size})") == [[640, 420]] * 3


def test_the_document_around_is_left_alone(host: Any) -> None:
    look = """() => [document.title, document.documentElement.getAttribute("style"), location.hash,
                getComputedStyle(document.body).backgroundColor, history.length,
                typeof window.matcubeProbe]"""
    before = host.evaluate(look)
    host.evaluate("() => open_()")
    host.evaluate("() => figures[0].root.querySelector('[data-control=toggle-theme]').click()")
    host.evaluate("() => figures[0].probe.rest()")
    assert host.evaluate("() => figures.map(({ root }) => root.dataset.theme)") == ["light", "dark", "dark"]
    assert host.evaluate(look) == before


@pytest.mark.parametrize("at", [0, 2], ids=["document", "shadow root"])
def test_the_help_stays_inside_its_figure(host: Any, at: int) -> None:
    host.evaluate("() => open_()")
    button = "figures[at].root.querySelector('[data-control=help]')"
    is_open = "figures.map(({ root }) => root.querySelector('dialog[open]') !== null)"
    host.evaluate(f"(at) => {button}.click()", at)
    assert host.evaluate(f"() => {is_open}") == [place == at for place in range(3)]
    box = "{ const { x, y, right, bottom } = it.getBoundingClientRect(); return [x, y, right, bottom]; }"
    left, top, right, bottom = host.evaluate(
        f"(at) => {{ const it = figures[at].root.querySelector('dialog'); {box} }}", at
    )
    x, y, end, foot = host.evaluate(f"(at) => {{ const it = figures[at].root; {box} }}", at)
    assert x <= left < right <= end and y <= top < bottom <= foot
    other = 2 - at
    host.evaluate("(at) => figures[at].root.querySelector('.mc-canvas').focus()", other)
    host.keyboard.press("Escape")
    assert host.evaluate(f"() => {is_open}")[at], "a key of another figure closes nothing"
    host.evaluate("(at) => figures[at].root.querySelector('.mc-canvas').focus()", at)
    host.keyboard.press("Escape")
    assert host.evaluate(f"() => {is_open}") == [False] * 3
    host.evaluate(f"(at) => {{ {button}.click(); {button}.click(); }}", at)
    assert host.evaluate(f"() => {is_open}") == [False] * 3
    host.evaluate(f"(at) => {button}.click()", at)
    host.keyboard.press("Escape")  # the focus is in the dialog
    assert host.evaluate(f"() => {is_open}") == [False] * 3


@pytest.mark.parametrize("at", [1, 2])
def test_keys_in_one_figure_do_not_move_another(host: Any, at: int) -> None:
    host.evaluate("() => open_()")
    cameras = "() => figures.map(({ probe }) => JSON.stringify(probe.camera()))"
    before = host.evaluate(cameras)
    host.keyboard.press("ArrowRight")
    assert host.evaluate(cameras) == before, "no figure has the focus"
    host.evaluate("(at) => figures[at].root.querySelector('.mc-canvas').focus()", at)
    host.keyboard.press("ArrowRight")
    host.evaluate("() => Promise.all(figures.map(({ probe }) => probe.rest()))")
    after = host.evaluate(cameras)
    assert [a != b for a, b in zip(before, after, strict=True)] == [place == at for place in range(3)]


def test_unmounting_leaves_nothing_behind_and_mounting_again_works(host: Any) -> None:
    before = host.evaluate("() => live.left()")
    host.evaluate("() => open_()")
    during = host.evaluate("() => live.left()")
    assert len(during["listeners"]) > len(before["listeners"])
    assert during["observers"] >= 6
    host.evaluate("() => { figures[1].root.querySelector('[data-control=fit]').click(); close_(); }")
    assert host.evaluate("() => live.left()") == before
    host.evaluate("() => open_()")
    assert min(inks(host)) > 1000
    host.evaluate("() => close_()")
    assert host.evaluate("() => live.left()") == before


def test_a_figure_closed_while_it_opens_leaves_nothing(host: Any) -> None:
    before = host.evaluate("() => live.left()")
    host.evaluate("() => { void open_(); close_(); }")
    host.evaluate("() => new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go)))")
    assert host.evaluate("() => live.left()") == before


def test_two_figures_go_on_when_the_third_is_closed(host: Any) -> None:
    host.evaluate("() => open_()")
    host.evaluate("() => { unmounts[0](); figures.shift(); }")
    host.evaluate("() => figures[1].root.querySelector('[data-control=toggle-theme]').click()")
    host.evaluate("() => figures[1].probe.rest()")
    assert min(inks(host)) > 1000
    assert host.evaluate("() => live.left().contexts") == 1


FAILING = {
    "while its parts are put together": "{ title() { throw new Error('it broke') } }",
    "once it draws": "{ opened() { throw new Error('it broke') } }",
    "while its controls are built": "{ get file() { throw new Error('it broke') } }",
}


@pytest.mark.parametrize("failing", FAILING.values(), ids=list(FAILING))
def test_a_figure_that_fails_says_why_and_leaves_nothing_running(host: Any, failing: str) -> None:
    before = host.evaluate("() => live.left()")
    host.evaluate(f"() => openFailing({failing})")
    host.wait_for_selector(".mc-failed")
    assert host.inner_text(".mc") == "This figure cannot be shown\n\nit broke"
    assert host.evaluate("() => document.querySelector('.mc').dataset.state") == "rest"
    assert host.evaluate("() => live.left()") == {**before, "elements": 1}
    host.evaluate("() => { unmounts[0](); unmounts[0](); }")
    assert host.evaluate("() => live.left()") == before


def test_a_scene_that_does_not_read_is_a_message(host: Any) -> None:
    host.evaluate("() => { window.bytes = new Uint8Array(64); return openFailing({}); }")
    host.wait_for_selector(".mc-failed")
    assert host.inner_text(".mc").startswith("This figure cannot be shown")


def test_unmounting_twice_takes_nothing_from_the_others(host: Any) -> None:
    host.evaluate("() => open_()")
    host.evaluate("() => { unmounts[0](); unmounts[0](); unmounts[0](); figures.shift(); }")
    host.evaluate("() => figures[1].root.querySelector('[data-control=toggle-theme]').click()")
    host.evaluate("() => figures[1].probe.rest()")
    assert host.evaluate("() => live.left().contexts") == 1
    assert min(inks(host)) > 1000


def test_a_figure_mounted_in_a_hidden_place_draws_once_it_is_shown(host: Any) -> None:
    place = "document.querySelector('.place').style.display"
    host.evaluate(f"() => {{ {place} = 'none'; return open_(); }}")
    canvas = (
        "() => { const { width, height } = figures[0].root.querySelector('canvas'); return [width, height]; }"
    )
    assert host.evaluate(canvas) == [1, 1]
    host.evaluate(f"() => {{ {place} = ''; }}")
    host.wait_for_function("figures[0].root.querySelector('canvas').width > 600")
    host.evaluate("() => figures[0].probe.rest()")
    shown, other, _ = inks(host)
    assert shown == pytest.approx(other, rel=0.01)
    texts = "({ root }) => [...root.querySelectorAll('.mc-legend')].map((label) => label.textContent).sort()"
    labels = host.evaluate(f"() => figures.map({texts})")
    assert labels[0] == labels[1] != []


def test_a_lost_context_comes_back_to_every_figure_also_to_a_new_one(host: Any) -> None:
    host.evaluate("() => open_()")
    host.evaluate(
        "() => { unmounts[2](); window.lose = [...live.contexts][0].getExtension('WEBGL_lose_context'); }"
    )
    host.evaluate("() => lose.loseContext()")
    host.wait_for_function("document.querySelectorAll('.mc-stage.is-lost').length === 2")
    host.evaluate("async () => { figures[2] = await openAt(2); }")
    lost = "figures.filter(({ root }) => root.querySelector('.mc-stage.is-lost') !== null).length"
    assert host.evaluate(f"() => {lost}") == 3
    host.evaluate("() => lose.restoreContext()")
    host.wait_for_function(f"{lost} === 0")
    host.evaluate("() => Promise.all(figures.map(({ probe }) => probe.rest()))")
    assert min(inks(host)) > 1000
    assert host.evaluate("() => live.left().contexts") == 1
    host.evaluate("() => close_()")
    assert host.evaluate("() => live.left().contexts") == 0


@pytest.mark.parametrize(
    ("program", "shapes"),
    [("C = A @ B", ((0, 3), (3, 2))), ("C = A @ B", ((1, 1), (1, 1))), ("C = A @ B", ((2, 0), (0, 2)))],
    ids=["no rows", "one cell", "no products"],
)
def test_the_smallest_figures_open(host: Any, program: str, shapes: tuple[tuple[int, int], ...]) -> None:
    arrays = {name: np.ones(shape, np.float32) for name, shape in zip("AB", shapes, strict=True)}
    scene = base64.b64encode(mc.figure(program, **arrays).scene().encode()).decode()
    host.evaluate("(text) => { window.bytes = bytesOf(text); return open_(); }", scene)
    assert host.evaluate("() => document.querySelector('.mc-failed')") is None
    host.evaluate("() => figures[0].root.querySelector('[data-control=fit]').click()")
    host.evaluate("() => figures[0].probe.rest()")
    assert host.evaluate("() => figures[0].root.querySelectorAll('.mc-legend').length") > 0


def test_a_download_is_given_up_with_its_figure(host: Any) -> None:
    before = host.evaluate("() => live.left()")
    host.evaluate("() => open_()")
    for part in ("[data-control=inspect]", ".mc-term", "[data-control=export-csv]"):
        host.evaluate("(part) => figures[0].root.querySelector(part).click()", part)
    host.wait_for_function("live.addresses.size === 1")
    host.evaluate("() => close_()")
    assert host.evaluate("() => live.left()") == before
