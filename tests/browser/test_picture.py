"""The picture: legends, idleness, keys, loss of the context, no WebGL, phones."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

import matcube as mc
from matcube.outputs.still.render import fitted
from matcube.playback.camera import eye_of
from matcube.playback.outlines import apart, outlines_of
from matcube.playback.visible import shown_of
from tests.browser.viewer import PHONE, crossing, wait_for

DEEP = "out = relu((A @ B) @ (C @ D)) @ (E @ (F @ G))"


def legends(viewer, kind):
    """The legends of a kind, as they read."""
    return viewer.js(
        """(kind) => [...document.querySelectorAll(`.mc-legend-${kind}`)]
             .map((one) => [...one.children].map((part) => part.textContent).join(" "))""",
        kind,
    )


@pytest.fixture
def viewer(open_page, save, attention):
    opened = open_page(save(attention))
    yield opened
    opened.check()


def test_legends_never_overlap_from_any_side(open_page, save):
    deep = open_page(
        save(mc.figure(DEEP, **{name: f"gaussian(12, 12, seed={n})" for n, name in enumerate("ABCDEFG")}))
    )
    for turn in range(8):
        deep.key("ArrowRight" if turn % 2 else "Shift+ArrowUp")
        deep.key("ArrowRight")
        deep.key("ArrowUp" if turn < 4 else "ArrowDown")
        deep.rest()
        quads = deep.quads(".mc-legend")
        assert len(quads) >= 8
        assert crossing(quads) == []
        assert all(0 <= x <= 1280 and 0 <= y <= 800 for quad in quads for x, y in quad)
    assert {t.split()[0] for t in deep.frame.locator(".mc-legend-name").all_inner_texts()} & set("ABCDEFG")


def test_legends_name_the_matrices_and_can_be_turned_off(viewer):
    names = legends(viewer, "name")
    assert {"Q 12 × 8", "Kᵀ 8 × 12", "attn 12 × 12", "out 12 × 8"} <= set(names)
    letters = legends(viewer, "letter")
    assert "k = 8" in letters and "i = 12" in letters
    viewer.key("l")
    viewer.rest()
    assert viewer.count(".mc-legend-name") == 0


LAYER = (
    "mid = x + (attn = softmax(tril((Q = x @ wQ) @ (K = x @ wK).T / 4))) @ (V = x @ wV) @ wO\n"
    "out = mid + gelu(mid @ W1 + b1) @ W2"
)
SHAPES = {"x": "48, 64", "wQ": "64, 16", "wK": "64, 16", "wV": "64, 16", "wO": "16, 64",
          "W1": "64, 192", "b1": "192", "W2": "192, 64"}  # fmt: skip


@pytest.fixture(scope="module")
def layer():
    return mc.figure(LAYER, **{name: f"gaussian({shape})" for name, shape in SHAPES.items()})


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_every_matrix_of_a_whole_layer_is_named(open_page, save, layer, theme):
    page = open_page(save(layer.style(theme=theme)), width=1280, height=800)
    page.rest()
    names = {text.rsplit("  ", 1)[0] for text in page.frame.locator(".mc-legend-name b").all_inner_texts()}
    assert names >= {
        "x",
        "xᵀ",
        "Q",
        "Kᵀ",
        "V",
        "attn",
        "attn @ V",
        "mid",
        "out",
        "W1",
        "W2",
        "wQ",
        "wKᵀ",
        "wV",
        "wO",
    }
    assert crossing(page.quads(".mc-legend")) == []
    least = page.js(
        "() => Math.min(...[...document.querySelectorAll('.mc-legend')].map((e) => +e.style.opacity))"
    )
    assert least >= 0.45
    assert page.js("() => document.querySelector('.mc-leads path').getAttribute('d').length") > 0


def test_a_phone_names_the_result_first(open_page, save, layer):
    page = open_page(save(layer), **PHONE)
    page.rest()
    names = page.frame.locator(".mc-legend-name b").all_inner_texts()
    assert {"out", "mid", "attn", "W1", "W2"} <= set(names)


def test_names_lie_on_planes_where_the_placement_puts_them(open_page, save):
    """The page writes each name at the place that ``core/names`` computes, and as large."""
    figure = mc.figure("C = A @ B", A="ones(24, 16)", B="ones(16, 20)")
    page = open_page(save(figure))
    page.rest()
    scene = figure.scene()
    shown = shown_of(scene.head, scene.head.view)
    stage = page.frame.locator(".mc-stage").bounding_box()
    width, height = round(stage["width"]), round(stage["height"])
    eye = eye_of(fitted(shown, width=width, height=height), width=width, height=height)
    outlines = outlines_of(shown.faces, eye)
    (result,) = (outline for outline in outlines if outline.face.role == "result")
    flat = page.js("() => document.querySelectorAll('.mc-legend.is-flat').length")
    assert flat >= 2
    texts = page.frame.locator(".mc-legend-name b").all_inner_texts()
    quad = page.quads(".mc-legend-name")[texts.index("C")]
    quad = tuple((x - stage["x"], y - stage["y"]) for x, y in quad)
    start, end = quad[0], quad[1]
    slope = (end[1] - start[1]) / (end[0] - start[0])
    edges = [(result.polygon[n], result.polygon[(n + 1) % 4]) for n in (0, 2)]
    slopes = [(b[1] - a[1]) / (b[0] - a[0]) for a, b in edges]
    assert min(abs(slope - own) for own in slopes) < 0.05, "along an edge of its face"
    assert all(apart(quad, outline.polygon) for outline in outlines)


@pytest.mark.parametrize("size", [(1280, 800), (390, 844), (800, 300)])
@pytest.mark.parametrize("what", ["layer", "one cell"])
def test_the_whole_figure_is_in_the_picture_and_in_its_middle(open_page, save, layer, size, what):
    figure = layer if what == "layer" else mc.figure("A @ B", A="eye(1, 1)", B="eye(1, 1)")
    page = open_page(
        save(figure.style(legends=False, letters=False, guides=False, arrows=False)),
        width=size[0],
        height=size[1],
    )
    page.rest()
    page.js(
        """() => {
          for (const e of document.querySelectorAll('.mc-header, .mc-dock')) e.style.visibility = 'hidden';
        }"""
    )
    box = page.frame.locator(".mc-stage").bounding_box()
    pixels = np.asarray(Image.open(BytesIO(page.page.screenshot(clip=box))).convert("RGB")).astype(int)
    y, x = np.nonzero(pixels.sum(axis=2) > 60)
    margins = x.min(), pixels.shape[1] - x.max(), y.min(), pixels.shape[0] - y.max()
    assert min(margins) > 0.03 * min(pixels.shape[:2])
    slack = 0.06 if what == "layer" else 0.09  # the cells' cubes are centred, not the balls in them
    assert abs(margins[0] - margins[1]) < slack * pixels.shape[1]
    assert abs(margins[2] - margins[3]) < slack * pixels.shape[0]


def test_an_idle_figure_draws_no_frame(viewer):
    viewer.rest()
    before = viewer.frames
    viewer.pass_frames()
    assert viewer.frames == before


def test_the_context_is_lost_and_comes_back(viewer):
    before = viewer.ink()
    viewer.js(
        """() => {
          const gl = document.querySelector('.mc-canvas').getContext('webgl2');
          window.lose = gl.getExtension('WEBGL_lose_context');
          window.lose.loseContext();
        }"""
    )
    wait_for(lambda: viewer.count(".mc-stage-notice") == 1, "the notice")
    assert "graphics context was lost" in viewer.text(".mc-stage-notice")
    shown = "() => getComputedStyle(document.querySelector('.mc-legends')).visibility"
    assert viewer.js(shown) == "hidden"
    viewer.js("() => window.lose.restoreContext()")
    wait_for(lambda: viewer.count(".mc-stage-notice") == 0, "the notice to go")
    viewer.rest()
    assert viewer.js(shown) == "visible"
    assert viewer.ink() == pytest.approx(before, rel=0.05)
    viewer.hover("attn", 9, 4)
    viewer.wrong[:] = [
        one for one in viewer.wrong if "CONTEXT_LOST" not in one and "context lost" not in one.lower()
    ]


@pytest.mark.parametrize("kind", ["served", "saved"])
def test_without_webgl_the_still_and_a_reason_are_shown(
    open_page, browser_without_gl, serve, attention, kind, tmp_path
):
    path = tmp_path / "page.html"
    url = serve(attention).url if kind == "served" else attention.save(path).as_uri()
    viewer = open_page(url, by=browser_without_gl)
    assert "no WebGL2" in viewer.text(".mc-stage-notice")
    wait_for(lambda: viewer.js("() => document.querySelector('.mc-still').naturalWidth") == 1280, "the still")
    assert viewer.ink() > 0.01
    assert viewer.count(".mc-facts") == 1
    viewer.frame.locator(".mc-details summary").click()
    wait_for(lambda: viewer.count(".mc-table td") > 50, "the table")


def test_without_scripts_the_still_fills_the_page(open_page, attention, tmp_path):
    path = attention.save(tmp_path / "page.html")
    viewer = open_page(path.as_uri(), ready=False, java_script_enabled=False)
    assert viewer.page.locator("#matcube-still").bounding_box()["width"] == 1000
    picture = Image.open(BytesIO(viewer.page.screenshot())).convert("RGB")
    assert len(np.unique(np.asarray(picture).reshape(-1, 3), axis=0)) > 100  # no blank


def test_keys_move_the_camera(viewer):
    def camera():
        return viewer.js("() => window.matcubeProbe.camera()")

    start = camera()
    viewer.key("ArrowRight")
    assert camera()["yaw"] > start["yaw"]
    viewer.key("ArrowUp")
    assert camera()["pitch"] > start["pitch"]
    viewer.key("Shift+ArrowLeft")
    assert camera()["target"] != start["target"]
    viewer.key("+")
    assert camera()["distance"] < start["distance"]
    viewer.key("f")
    assert camera()["distance"] == pytest.approx(start["distance"], rel=0.3)


def test_every_part_is_reached_by_tab(viewer):
    seen = set()
    for _ in range(30):
        viewer.page.keyboard.press("Tab")
        seen.add(
            viewer.js("() => document.activeElement.dataset.control ?? document.activeElement.className")
        )
    assert {"program", "fit", "inspect", "looks", "help", "mc-canvas"} <= seen
    assert viewer.js("() => getComputedStyle(document.querySelector('.mc-button')).outlineStyle") is not None


def test_wheel_zooms_to_the_pointer(viewer):
    x, y = viewer.place("attn", 9, 4)
    viewer.point(x, y)
    zoom = viewer.js("() => window.matcubeProbe.camera().distance")
    viewer.page.mouse.wheel(0, -300)
    wait_for(lambda: viewer.js("() => window.matcubeProbe.camera().distance") < zoom, "the zoom")
    near_x, near_y = viewer.place("attn", 9, 4)
    assert abs(near_x - x) < 6 and abs(near_y - y) < 6


def test_a_double_click_looks_at_one_matrix(viewer):
    x, y = viewer.place("attn", 9, 4)
    viewer.double_click(x, y)
    assert viewer.view["selection"]["pins"] == []
    left, top = viewer.place("attn", 0, 0)
    right, bottom = viewer.place("attn", 11, 11)
    assert abs(bottom - top) > 400
    assert min(left, right) > 0 and max(left, right) < 1280


def test_hide_isolate_and_show_all(viewer):
    viewer.click("Q", 3, 3)
    viewer.rest()
    assert "Q" in viewer.frame.locator(".mc-legend-name b").all_inner_texts()
    viewer.key("h")
    assert viewer.view["hidden"] == [viewer.node("Q")]
    viewer.rest()
    assert viewer.count(".mc-ring-pin") == 0, "its pinned cell is not in the picture"
    assert "Q" not in viewer.frame.locator(".mc-legend-name b").all_inner_texts()
    viewer.key("a")
    assert viewer.view["hidden"] == []
    viewer.key("i")
    viewer.rest()
    names = viewer.frame.locator(".mc-legend-name b").all_inner_texts()
    assert names == ["Q"]
    assert viewer.count(".mc-legend-letter") == 0
    viewer.key("a")
    viewer.rest()
    assert viewer.view["isolated"] is None


def test_sheets_open_and_close_without_python(viewer):
    viewer.key("s")
    viewer.rest()
    names = " ".join(viewer.frame.locator(".mc-legend-name b").all_inner_texts())
    assert viewer.view["layout"]["sheets"] == "open"
    assert "tril" in names or "Q @ K.T" in names
    viewer.key("s")
    viewer.rest()
    assert viewer.view["layout"]["sheets"] == "closed"


def test_a_figure_that_outgrows_the_picture_is_shown_whole_again(open_page, save, attention):
    viewer = open_page(save(attention))
    viewer.key("ArrowRight")
    for _ in range(2):
        viewer.key("+")
    viewer.rest()
    near = viewer.js("() => window.matcubeProbe.camera().distance")
    viewer.key("s")
    viewer.rest()
    assert viewer.js("() => window.matcubeProbe.camera().distance") == pytest.approx(near), "left as it was"
    viewer.key("s")
    viewer.key("f")
    viewer.rest()
    viewer.key("s")
    viewer.rest()
    for name in ("Q", "attn", "out"):
        x, y = viewer.place(name, 0, 0)
        assert 0 < x < 1280
        assert 0 < y < 800


def test_the_help_opens_and_closes(viewer):
    viewer.key("?")
    assert viewer.count("dialog[open]") == 1
    assert "go to a cell" in viewer.text("dialog")
    viewer.page.keyboard.press("Escape")
    assert viewer.count("dialog[open]") == 0


def test_nan_and_inf_are_walked_through(open_page, save):
    array = np.ones((6, 5), np.float32)
    array[1, 2], array[4, 0], array[4, 4] = np.nan, np.inf, -np.inf
    viewer = open_page(save(mc.figure("A", A=array)))
    seen = []
    for key in ("n", "n", "n", "n", "Shift+N"):
        viewer.key(key)
        viewer.rest()
        pin = viewer.view["selection"]["pins"][0]
        seen.append((pin["row"], pin["col"]))
    assert seen == [(1, 2), (4, 0), (4, 4), (1, 2), (4, 4)]
    assert viewer.text(".mc-card .mc-reading-value") == "−∞"
    odd = viewer.text(".mc-bar-odd")
    assert "1 NaN" in odd and "1 +Inf" in odd and "1 −Inf" in odd


def test_motion_is_not_smooth_for_those_who_asked(open_page, save, attention):
    viewer = open_page(save(attention), reduced_motion="reduce")
    viewer.rest()
    before = viewer.frames
    viewer.key("ArrowRight")
    viewer.rest()
    assert viewer.frames - before <= 2


ODD = {
    "one cell": ("A @ B", {"A": "eye(1, 1)", "B": "eye(1, 1)"}),
    "only shapes": ("A @ B", {"A": "shape(8192, 28672)", "B": "shape(28672, 4096)"}),
    "a row": ("A @ B", {"A": "gaussian(1, 64)", "B": "gaussian(64, 1)"}),
    "one matrix": ("A", {"A": "eye(5, 7)"}),
    "two products added": ("(A @ B) + (C @ D)", dict.fromkeys("ABCD", "gaussian(6, 6)")),
    "all zero": ("(A * 0) @ B", {"A": "gaussian(4, 4)", "B": "gaussian(4, 4)"}),
}


@pytest.mark.parametrize("what", ODD)
def test_odd_figures_open_and_answer_the_pointer(open_page, save, what):
    program, leaves = ODD[what]
    viewer = open_page(save(mc.figure(program, **leaves)))
    root = viewer.head["matrices"][-1]["name"]
    viewer.hover(root, 0, 0)
    expected = {"one cell": "1", "only shapes": "no values, only a shape", "one matrix": "1", "all zero": "0"}
    assert viewer.tip("value") == expected.get(what, viewer.tip("value"))
    for page in ("inspect", "looks"):
        viewer.frame.locator(f".mc-toolbar [data-control={page}]").click()
    assert viewer.ink() > 0.001
    viewer.check()
