"""Small windows, 200 % zoom and the keyboard alone: nothing is cut, covered or out of reach."""

import pytest

from tests.browser.boxes import faults
from tests.browser.viewer import PHONE, wait_for

SIZES = {
    "1000 × 600": {"width": 1000, "height": 600},
    "phone": PHONE | {"device_scale_factor": 1},
    "1280 × 800 at 200 %": {"width": 640, "height": 400, "device_scale_factor": 2},
}
UNFOLD = "() => { for (const part of document.querySelectorAll('details')) part.open = true; }"
NEVER_FOCUSED = """() => [...document.querySelectorAll('.mc *')].filter((e) =>
    e.tabIndex >= 0 && !e.disabled && e.dataset.tabbed === undefined
    && e.checkVisibility({ visibilityProperty: true })).map((e) => e.outerHTML.slice(0, 200))"""
# Of the focused element: a number of its own, and whether it is in view.
FOCUSED = """() => {
  const focused = document.activeElement;
  focused.dataset.tabbed ??= String(document.querySelectorAll('[data-tabbed]').length);
  const { left, top, right, bottom, width, height } = focused.getBoundingClientRect();
  const inView = width > 0 && left > -2 && top > -2 && right < innerWidth + 2 && bottom < innerHeight + 2;
  return [focused.matches('.mc *'), focused.dataset.tabbed, inView ? '' : focused.outerHTML.slice(0, 200)];
}"""

# What lies on the picture, by pairs that meet.
OVERLAPS = """() => {
  const names = ['.mc-ribbon', '.mc-player', '.mc-story', '.mc-cards', '.mc-colourbar',
    '.mc-panel', '.mc-toolbar'];
  const boxes = names.map((name) => [name, document.querySelector(name)])
    .filter(([, e]) => e?.checkVisibility()).map(([name, e]) => [name, e.getBoundingClientRect()]);
  const meet = (a, b) => a.left < b.right - 1 && b.left < a.right - 1
    && a.top < b.bottom - 1 && b.top < a.bottom - 1;
  return boxes.flatMap(([a, x], n) =>
    boxes.slice(n + 1).filter(([, y]) => meet(x, y)).map(([b]) => `${a} ${b}`));
}"""


@pytest.fixture
def opened(open_page, serve, attention):
    """Open a figure with its film, in a window of some size."""
    return lambda size: open_page(serve(attention.animate("vmprod")).url, **SIZES[size])


@pytest.mark.parametrize("size", SIZES | {"1280 × 800": {}})
def test_the_words_of_a_pinned_cell_cover_nothing(open_page, serve, attention, size):
    window = SIZES.get(size, {"width": 1280, "height": 800})
    figure = attention.stop("first", say="What is looked at.")
    for shown in (figure, figure.animate("vmprod").stop("film", say="A film.")):
        viewer = open_page(serve(shown).url, **window)
        viewer.key(".")
        viewer.key("g")
        viewer.frame.locator(".mc-goto-text").fill("attn[9, 4]")
        viewer.page.keyboard.press("Enter")
        viewer.rest()
        assert viewer.count(".mc-ribbon") == (window["height"] > 420)
        for key in ("", "o", "p"):
            if key:
                viewer.key(key)
            assert viewer.count(".mc-story") == 1, key
            assert faults(viewer) == []
            assert viewer.js(OVERLAPS) == []


@pytest.mark.parametrize("size", SIZES)
def test_nothing_is_cut_covered_or_out_of_reach(opened, size):
    viewer = opened(size)
    assert faults(viewer) == []
    for key in ("p", "o"):
        viewer.key(key)
        if key == "p":
            viewer.frame.locator(".mc-term-name").nth(1).click()
        assert viewer.count(".mc-panel") == 1 and viewer.count(".mc-player") == 1
        viewer.js(UNFOLD)
        assert faults(viewer) == []
        walk_by_tab(viewer)
    viewer.key("o")
    for key in ("g", "?", "r"):
        viewer.key(key)
        assert faults(viewer) == []
        viewer.page.keyboard.press("Escape")
    if size == "phone":
        viewer.frame.locator(".mc-tool-more").click()
        assert faults(viewer, within=".mc-toolbar") == []


ROWS = """() => [...document.querySelectorAll('.mc-film-options > *')].map((e) => {
  const { top, bottom } = e.getBoundingClientRect();
  return Math.round((top + bottom) / 2);
})"""


@pytest.mark.parametrize("width", [640, 680])
def test_the_options_of_the_player_stay_in_one_row_beside_a_panel(open_page, serve, attention, width):
    """At 200 % zoom, whatever is chosen; their last two buttons had a row of their own."""
    viewer = open_page(serve(attention.animate("vmprod")).url, width=width, height=400, device_scale_factor=2)
    viewer.key("p")
    viewer.rest()
    assert viewer.js("() => document.querySelector('.mc-player').clientWidth") <= width - 300
    for algorithm in ("vmprod", "mvprod", "dot_row", "dot_col", "axpy"):
        for fuse in ("none", "sync", "async", "decode"):
            viewer.frame.locator("[data-control=film-algorithm]").select_option(algorithm)
            viewer.frame.locator("[data-control=film-fuse]").select_option(fuse)
            viewer.rest()
            rows = viewer.js(ROWS)
            assert len(rows) == 7 and max(rows) - min(rows) <= 1, (algorithm, fuse, rows)
    assert faults(viewer, within=".mc-player") == []


def walk_by_tab(viewer):
    """Every control is reached by Tab, and in view when it is."""
    viewer.focus()
    numbers, hidden = set(), []
    for _ in range(200):
        inside, number, outside = viewer.js(FOCUSED)
        if number in numbers:
            break
        if inside:
            numbers.add(number)
        if inside and outside:
            hidden.append(outside)
        viewer.page.keyboard.press("Tab")
    assert hidden == []
    assert viewer.js(NEVER_FOCUSED) == []
    viewer.js("() => document.querySelectorAll('[data-tabbed]').forEach((e) => delete e.dataset.tabbed)")


PLANTED = {
    ".mc-tool-film-close { transform: translateX(400px) }": 'mc-tool-film-close "Close film" cut by',
    ".mc-film-where { width: 8px; overflow: hidden }": '"0 / 24" cut by output.mc-film-where',
    ".mc-toolbar { position: fixed; left: 90% }": 'mc-tool-help "Help" cut by',
    ".mc-main::after { content: ''; position: fixed; inset: 0 }": 'mc-tool-film-play "Play" covered',
}
PLANT = """(css) => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  document.adoptedStyleSheets = [sheet];
}"""


def test_the_measure_sees_planted_faults(opened):
    viewer = opened("1000 × 600")
    for style, fault in PLANTED.items():
        viewer.js(PLANT, style)
        found = faults(viewer)
        assert any(fault in each for each in found), (style, found)


def test_keys_work_in_every_state_of_the_panels(opened):
    viewer = opened("1000 × 600")
    home = viewer.js("() => window.matcubeProbe.camera()")
    camera = lambda: viewer.js("() => window.matcubeProbe.camera()")  # noqa: E731
    for place in (
        ".mc-canvas",
        ".mc-tool-inspect",
        "[role=treeitem]",
        ".mc-tool-looks",
        "[data-control=scheme]",
        "[data-control=gap]",
        "[data-control=sheets]",
        ".mc-tool-film-play",
        ".mc-film-slider",
    ):
        if place in (".mc-tool-inspect", ".mc-tool-looks"):
            viewer.frame.locator(f".mc-toolbar {place}").press("Enter")  # opens the panel
            assert viewer.count(".mc-panel") == 1
        viewer.frame.locator(place).first.focus()
        for key in ("Shift+ArrowLeft", "ArrowLeft", "ArrowUp"):
            viewer.key(key)
        viewer.rest()
        assert camera() != home
        viewer.frame.locator(place).first.focus()
        viewer.page.keyboard.press("f")
        viewer.page.keyboard.press("f")
        viewer.rest()
        now = camera()
        assert (now["yaw"], now["pitch"]) == pytest.approx((home["yaw"], home["pitch"])), place
    turned = camera()
    viewer.frame.locator(".mc-tool-looks").press("ArrowLeft")
    wait_for(lambda: camera() != turned, "the turn")
    viewer.key("e")
    viewer.page.keyboard.press("End")
    viewer.page.keyboard.type(" * 2")
    viewer.page.keyboard.press("Enter")
    wait_for(lambda: viewer.head["view"]["program"].endswith("* 2"), "the edit")
