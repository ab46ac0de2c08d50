"""The strip under the picture says of a cell what float64 NumPy and ``Figure.explain`` say."""

import numpy as np
import pytest

import matcube as mc
from tests.browser.viewer import number, wait_for

A = np.arange(1.0, 13).reshape(3, 4)
B = np.array([[1.0, -2], [0, 1], [2, 0], [1, 1]])
DRAW = np.random.default_rng(7)
X, W = DRAW.normal(size=(5, 6)), DRAW.normal(size=(6, 4))
ODD = np.array([[1.0, np.inf, np.nan], [0, 1, 2], [3, -np.inf, 1]])

FIGURES = {
    "product": (mc.figure("C = A @ B", A=A, B=B), "C[1, 0]", ("C", 1, 0)),
    "negative": (mc.figure("C = A @ B", A=A, B=B), "C[1, 1]", ("C", 1, 1)),
    "transposed": (mc.figure("C = (A @ B).T * 2", A=A, B=B), "C[1, 2]", ("C", 1, 2)),
    "softmax of a transpose": (mc.figure("S = softmax((A @ B).T / 9)", A=A, B=B), "S[1, 2]", ("S", 1, 2)),
    "masked": (mc.figure("S = softmax(tril(X @ X.T))", X=X), "S[1, 3]", ("S", 1, 3)),
    "softmax": (mc.figure("S = softmax(tril(X @ X.T / 2))", X=X), "S[4, 2]", ("S", 4, 2)),
    "layernorm": (mc.figure("N = layernorm(X @ W)", X=X, W=W), "N[3, 2]", ("N", 3, 2)),
    "rmsnorm": (mc.figure("N = rmsnorm(X @ W) * 3", X=X, W=W), "N[3, 2]", ("N", 3, 2)),
    "rope": (mc.figure("R = rope(X @ W)", X=X, W=W), "R[3, 2]", ("R", 3, 2)),
    "sum of two": (mc.figure("Y = X @ W + b", X=X, W=W, b=DRAW.normal(size=4)), "Y[2, 1]", ("Y", 2, 1)),
    "not finite": (mc.figure("C = A @ B", A=ODD, B=np.ones((3, 2))), "C[0, 1]", ("C", 0, 1)),
    "one cell": (mc.figure("C = A @ B", A=[[3.0]], B=[[-2.0]]), "C[0, 0]", ("C", 0, 0)),
    "long": (
        mc.figure("S = x @ y", x=DRAW.normal(size=(2, 5000)), y=DRAW.normal(size=(5000, 2))),
        "S[1, 0]",
        ("S", 1, 0),
    ),
    "vector": (mc.figure("y = X @ v", X=X, v=DRAW.normal(size=6)), "y[3]", ("y", 0, 3)),
    "head": (
        mc.figure("attn = softmax(Q @ K.mT)", Q=DRAW.normal(size=(3, 6, 4)), K=DRAW.normal(size=(3, 6, 4))),
        "attn[2][5, 3]",
        ("attn[2]", 5, 3),
    ),
}


def pin(viewer, name, row, col):
    """Pin a cell by its address."""
    viewer.key("g")
    viewer.frame.locator(".mc-goto-text").fill(f"{name}[{row}, {col}]")
    viewer.page.keyboard.press("Enter")
    viewer.rest()


def words(viewer):
    """What the strip would copy."""
    return viewer.js("() => window.matcubeProbe.words()")


SERVED = ("softmax of a transpose", "softmax", "head")  # whose pages have to ask for values


@pytest.mark.parametrize(
    ("how", "name"), [*(("saved", name) for name in FIGURES), *(("served", name) for name in SERVED)]
)
def test_the_strip_says_what_python_explains(open_page, serve, save, how, name):
    figure, address, cell = FIGURES[name]
    viewer = open_page(serve(figure).url if how == "served" else save(figure))
    pin(viewer, *cell)
    assert words(viewer) == str(figure.explain(address))
    assert viewer.text(".mc-ribbon-place") == address
    assert viewer.text(".mc-ribbon .is-result b").split(" ")[-1] in str(
        figure.explain(address).steps[-1].text
    )
    assert viewer.wrong == []


def test_the_terms_are_those_of_float64(open_page, save):
    figure = FIGURES["product"][0]
    viewer = open_page(save(figure))
    pin(viewer, "C", 1, 0)
    terms = viewer.frame.locator(".mc-ribbon-term b").all_inner_texts()
    assert terms == ["5·1", "6·0", "7·2", "8·1"]
    values = viewer.frame.locator(".mc-ribbon-term .mc-ribbon-under").all_inner_texts()
    assert [number(text) for text in values] == (A[1] * B[:, 0]).tolist()
    assert number(viewer.text(".mc-ribbon .is-result b")) == (A @ B)[1, 0]


def test_a_long_sum_shows_its_largest_terms(open_page, save):
    figure, _, cell = FIGURES["long"]
    viewer = open_page(save(figure))
    pin(viewer, *cell)
    products = figure.value("x")[1] * figure.value("y")[:, 0]
    largest = products[np.argsort(-np.abs(products))[:8]]
    values = viewer.frame.locator(".mc-ribbon-term .mc-ribbon-under").all_inner_texts()
    assert [number(text) for text in values] == pytest.approx(largest.tolist(), rel=1e-3)
    assert "4,992 more" in viewer.text(".mc-ribbon-words")


def test_a_term_lights_its_cells_and_stays_when_it_is_pressed(open_page, save):
    viewer = open_page(save(FIGURES["product"][0]))
    pin(viewer, "C", 1, 0)
    lit = lambda: viewer.js("() => window.matcubeProbe.lit()")  # noqa: E731
    whole = lit()
    term = viewer.frame.locator(".mc-ribbon-term").nth(2)
    term.focus()
    viewer.rest()
    alone = lit()
    assert alone != whole
    assert sorted((one["row"], one["col"]) for one in alone) == [(1, 0), (1, 2), (2, 0)]
    term.press("Enter")
    assert term.get_attribute("aria-pressed") == "true"
    viewer.focus()
    viewer.rest()
    assert lit() == alone
    term.press("Enter")
    viewer.focus()
    viewer.rest()
    assert lit() == whole


def test_averages_are_said_where_there_is_no_python_and_asked_where_there_is(open_page, serve, save):
    draw = np.random.default_rng(3)
    figure = mc.figure("C = A @ B", A=draw.normal(size=(1100, 1000)), B=draw.normal(size=(1000, 2)))
    viewer = open_page(save(figure))
    pin(viewer, "C", 700, 1)
    assert "This page holds averages of A; the exact terms need Python." in viewer.text(".mc-ribbon")
    assert viewer.count(".mc-ribbon-term") == 0
    live = open_page(serve(figure).url)
    pin(live, "C", 700, 1)
    wait_for(lambda: live.count(".mc-ribbon-term") == 8, "the words from Python")
    assert words(live) == str(figure.explain("C[700, 1]"))


def test_a_film_has_its_running_sum_as_caption(open_page, save):
    viewer = open_page(save(mc.figure("C = A @ B", A=A, B=B).animate("outer")))
    viewer.js("() => window.matcubeProbe.seek(1.5)")
    viewer.rest()
    running = float(A[0, :2] @ B[:2, 0])
    assert words(viewer) == f"C[0, 0]: 1·1 + 2·0 = {running:g} (2 of 4)"
    viewer.js("() => window.matcubeProbe.seek(4)")
    viewer.rest()
    assert words(viewer) == str(mc.figure("C = A @ B", A=A, B=B).explain("C[0, 0]"))


def test_an_empty_product_has_an_empty_sum(open_page, save):
    figure = mc.figure("C = A @ B", A=np.zeros((3, 0)), B=np.zeros((0, 2)))
    viewer = open_page(save(figure))
    pin(viewer, "C", 2, 1)
    assert words(viewer) == str(figure.explain("C[2, 1]")) == "C[2, 1]: an empty sum = 0"


def test_the_words_are_copied_and_the_cell_let_go(open_page, serve):
    figure = FIGURES["softmax"][0]
    viewer = open_page(serve(figure).url, permissions=["clipboard-read", "clipboard-write"])
    pin(viewer, "S", 4, 2)
    viewer.frame.locator("[data-control=ribbon-copy]").click()
    viewer.rest()
    assert viewer.js("() => navigator.clipboard.readText()") == str(figure.explain("S[4, 2]"))
    viewer.frame.locator("[data-control=ribbon-unpin]").click()
    viewer.rest()
    assert viewer.view["selection"]["pins"] == [] and viewer.count(".mc-ribbon") == 0
