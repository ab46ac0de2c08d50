"""``matcube.compare``: names, one scale, differences against NumPy, files, and what is refused."""

from __future__ import annotations

import io
import re
from pathlib import Path

import msgspec
import numpy as np
import pytest
from PIL import Image

import matcube as mc
from matcube.api.comparison import FORMATS, SCALES
from matcube.errors import DataError, OptionError, ShapeError, WireError
from matcube.wire.container import decode

PROGRAM = "out = (attn = softmax(tril(Q @ K.T / 2))) @ V"


def arrays(seed: int = 1, rows: int = 6) -> dict[str, np.ndarray]:
    draw = np.random.default_rng(seed)
    return {name: draw.normal(size=(rows, 4)).astype(np.float32) for name in "QKV"}


@pytest.fixture(scope="module")
def pair() -> tuple[mc.Figure, mc.Figure]:
    one = arrays()
    tokens = ["The", " cow", " ate", "\n", ",", " the"]
    first = mc.figure(PROGRAM, **{**one, "Q": mc.matrix(one["Q"], rows=tokens)})
    return first, mc.figure(PROGRAM, **{**one, "Q": one["Q"] * 3})


def test_every_named_matrix_differs_as_numpy_says(pair: tuple[mc.Figure, mc.Figure]) -> None:
    both = mc.compare(*pair)
    assert both.names == ("Q", "K", "attn", "V", "out")
    for name in both.names:
        a, b = (figure.value(name).astype(np.float64) for figure in pair)
        table = both.differences(name, top=a.size)
        wanted = b - a
        assert [row.cell for row in table] == sorted(
            (cell for cell in np.ndindex(a.shape) if wanted[cell]),
            key=lambda cell: (-abs(wanted[cell]), cell),
        )
        assert [(row.a, row.b, row.difference) for row in table] == [
            (a[row.cell], b[row.cell], wanted[row.cell]) for row in table
        ]
    assert both.differences("K") == []
    row = both.differences("attn", top=1)[0]
    assert row.labels == (pair[0].state.labels["Q.rows"][row.cell[0]], *row.labels[1:])


def test_masked_cells_are_neither_counted_nor_listed(pair: tuple[mc.Figure, mc.Figure]) -> None:
    table = mc.compare(*pair).differences("attn", top=100)
    assert table.total == 21
    assert all(row <= col for col, row in ((cell.cell[0], cell.cell[1]) for cell in table))


def test_heads_are_compared_together_and_one_by_one() -> None:
    program = "q = split(x @ w, axis=1, parts=2).permute(axes=(1, 0, 2)); s = q @ q.mT"
    x, w = np.random.default_rng(2).normal(size=(2, 6, 6))
    a, b = mc.figure(program, x=x, w=w), mc.figure(program, x=x, w=w + np.eye(6))
    both = mc.compare(a, b)
    whole = b.value("s") - a.value("s")
    assert [row.cell for row in both.differences("s", top=1)] == [
        np.unravel_index(np.abs(whole).argmax(), whole.shape)
    ]
    assert both.differences("s[1]", top=1)[0].difference == whole[1].flat[np.abs(whole[1]).argmax()]
    assert "s[1]" in {matrix.name for matrix in both._panels.comparison.matrices}


def test_results_belong_together_whatever_their_names() -> None:
    a, b = mc.figure("A @ A", A=[[2.0]]), mc.figure("relu(A)", A=[[3.0]])
    both = mc.compare(a, b)
    assert both.names == ("A", "result")
    assert both.differences()[0].difference == -1.0
    assert repr(both) == "<matcube comparison of 2 figures, result is 1 × 1 · A: A @ A · B: relu(A)>"


def test_a_matrix_has_one_scale_in_all_panels(pair: tuple[mc.Figure, mc.Figure]) -> None:
    compared = mc.compare(*pair)._compared
    heads = [compared.scene(at).head for at in range(2)]
    plain = [figure.scene().head for figure in pair]
    for name in ("Q", "K", "V", "attn", "out"):
        one, other, *own = (
            next(m.scales for m in head.matrices if m.name == name) for head in (*heads, *plain)
        )
        assert one == other
        for kind, scale in one.items():
            assert scale.hi == max(each[kind].hi for each in own)
            assert scale.lo == min(each[kind].lo for each in own)


@pytest.mark.parametrize(("step", "is_own"), [(0.5, False), (0.06, False), (0.04, True), (1e-6, True)])
def test_a_small_difference_has_a_scale_of_its_own_and_says_so(step: float, is_own: bool) -> None:
    a = np.ones((4, 5))
    both = mc.compare(mc.figure("A", A=a), mc.figure("A", A=a + step * np.eye(4, 5)))
    head = both._compared.difference().head
    scale = head.matrices[0].scales["robust"]
    assert scale.hi == pytest.approx(step if is_own else 1 + step, rel=1e-6)
    note = both._panels.comparison.panels[2].note
    assert note == ("own scale" if is_own else "")


def test_the_difference_is_drawn_in_float64_at_the_places_of_the_first(
    pair: tuple[mc.Figure, mc.Figure],
) -> None:
    compared = mc.compare(*pair)._compared
    scene, places = compared.difference(), compared.layouts[0].faces
    names = {matrix.node: matrix.name for matrix in scene.head.matrices}
    assert sorted(names.values()) == ["Q", "attn", "out"]  # K and V do not differ
    layout = scene.head.layouts[0]
    assert layout.boxes == () and layout.links == ()
    for face in layout.faces:
        matrix = next(matrix for matrix in scene.head.matrices if matrix.node == face.node)
        a, b = (figure.value(matrix.name).astype(np.float64) for figure in pair)
        assert np.array_equal(scene.buffers[matrix.values or ""].reshape(a.shape), b - a)
        own = next(each for each in places if each.node == face.node)
        assert (face.origin, face.across, face.down) == (own.origin, own.across, own.down)
        assert matrix.operation == "" and matrix.inputs == []


def test_equal_figures_say_that_nothing_differs(pair: tuple[mc.Figure, mc.Figure]) -> None:
    panels = mc.compare(pair[0], pair[0])._panels
    assert panels.comparison.panels[2].note == "no cell of out differs"
    assert panels.comparison.matrices[panels.comparison.subject].pairs[0].cells == []


def test_three_figures_have_a_difference_each_and_six_have_none(pair: tuple[mc.Figure, mc.Figure]) -> None:
    a, b = pair
    assert [panel.letter for panel in mc.compare(a, b, a)._panels.comparison.panels] == [
        "A", "B", "C", "B − A", "C − A",
    ]  # fmt: skip
    letters = [panel.letter for panel in mc.compare(a, b, a, b, a, b)._panels.comparison.panels]
    assert letters == list("ABCDEF")
    assert mc.compare(a, b, a).differences("out", figure="C") == []


def test_large_matrices_are_pooled_on_the_shared_scale() -> None:
    a = np.random.default_rng(4).normal(size=(1030, 1020))
    b = a.copy()
    b[7, 9] += 50
    both = mc.compare(mc.figure("A", A=a), mc.figure("A", A=b))
    assert both.differences(top=3)[0].cell == (7, 9) and len(both.differences(top=3)) == 1
    comparison, scenes = both._panels
    assert [scene.head.matrices[0].pooled is not None for scene in scenes] == [True] * 3
    assert comparison.matrices[0].pairs[0].cells[0].difference == "+50"


def test_every_format_is_one_file(pair: tuple[mc.Figure, mc.Figure], tmp_path: Path) -> None:
    both = mc.compare(*pair, titles=["before <b>", "after"])
    for form in FORMATS:
        path = both.save(tmp_path / f"pair.{form}", size=(900, 600))
        assert path == tmp_path / f"pair.{form}"
    with Image.open(tmp_path / "pair.png") as picture:
        assert picture.size == (900, 600)
    drawn = (tmp_path / "pair.svg").read_text("utf-8")
    for text in ("before &lt;b&gt;", "after", "B − A", "B larger", "Largest |B − A|"):
        assert f">{text}</text>" in drawn
    assert (tmp_path / "pair.pdf").read_bytes().startswith(b"%PDF")
    page = (tmp_path / "pair.html").read_text("utf-8")
    assert "before <b>" not in page
    described = re.search(r'<script type="application/json" id="matcube-comparison">(.*?)</script>', page)
    assert described is not None
    assert msgspec.json.decode(described[1])["panels"][0]["title"] == "before <b>"
    assert page.count('class="matcube-scene"') == 3
    stream = io.BytesIO()
    assert both.save(stream, format="png", size=(900, 600)) is None
    assert stream.getvalue() == (tmp_path / "pair.png").read_bytes()


def test_a_saved_comparison_is_no_figure(pair: tuple[mc.Figure, mc.Figure], tmp_path: Path) -> None:
    path = mc.compare(*pair).save(tmp_path / "pair.html", size=(900, 600))
    assert path is not None
    with pytest.raises(WireError, match="this page compares several figures"):
        mc.open_figure(path)


def test_pinned_cells_looks_and_camera_of_the_first_go_for_all(pair: tuple[mc.Figure, mc.Figure]) -> None:
    first = pair[0].style(theme="light", contrast=2).view(yaw=10, pitch=5)
    scenes = mc.compare(first, pair[1])._panels.scenes
    for scene in scenes:
        assert (scene.head.view.style.theme, scene.head.view.style.contrast) == ("light", 2)
        assert scene.head.view.camera == first.state.camera


FIGURE = mc.figure("C = A @ B", A="eye(2, 2)", B="eye(2, 2)")
WRONG = {
    "one figure": (lambda: mc.compare(FIGURE), OptionError, "compare takes 2 to 9 figures, not 1"),
    "ten": (lambda: mc.compare(*[FIGURE] * 10), OptionError, "compare takes 2 to 9 figures, not 10"),
    "text": (lambda: mc.compare(FIGURE, "A"), OptionError, "number 2 is str"),  # type: ignore[arg-type]
    "a list": (lambda: mc.compare([FIGURE, FIGURE]), OptionError, "number 1 is list"),  # type: ignore[arg-type]
    "titles": (lambda: mc.compare(FIGURE, FIGURE, titles=["one"]), OptionError, "does not fit 2 figures"),
    "sizes": (
        lambda: mc.compare(FIGURE, mc.figure("C = A.T", A="eye(3, 2)")),
        ShapeError,
        r"C is 2 × 2 in A and 2 × 3 in B",
    ),
    "sizes of results": (
        lambda: mc.compare(FIGURE, mc.figure("C = A @ D", A="eye(2, 2)", D="eye(2, 3)")),
        ShapeError,
        "C is 2 × 2 in A and 2 × 3 in B",
    ),
    "names": (
        lambda: mc.compare(FIGURE, mc.figure("D = E.T", E="eye(3, 2)")),
        OptionError,
        "no matrix of one name(.|\n)*A has A, B, C; B has E, D",
    ),
    "matrix": (lambda: mc.compare(FIGURE, FIGURE, matrix="Cx"), OptionError, "did you mean C"),
    "name": (lambda: mc.compare(FIGURE, FIGURE).differences("Ax"), OptionError, "did you mean A"),
    "figure": (lambda: mc.compare(FIGURE, FIGURE).differences(figure="C"), OptionError, "there are: B"),
    "scale": (
        lambda: mc.compare(FIGURE, FIGURE, scale="both"),  # type: ignore[arg-type]
        OptionError,
        "scale='both' cannot be used(.|\n)*scale=\"own\"",
    ),
    "top": (lambda: mc.compare(FIGURE, FIGURE).differences(top=-1), OptionError, "top=-1"),
    "format": (lambda: mc.compare(FIGURE, FIGURE).save("x.gif"), OptionError, "html, png, svg, pdf"),
    "folder": (lambda: mc.compare(FIGURE, FIGURE).save("no/x.png"), DataError, "there is no folder no"),
    "size": (lambda: mc.compare(FIGURE, FIGURE).to_png(size=(200, 100)), OptionError, "3 panels"),
    "no values": (
        lambda: mc.compare(*[mc.figure("A", A="shape(2, 2)")] * 2).differences(),
        DataError,
        "A has a shape",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_does_not_fit_is_named_with_a_remedy(name: str) -> None:
    call, error, text = WRONG[name]
    with pytest.raises(error) as caught:
        call()
    assert re.search(text, str(caught.value)), str(caught.value)


def test_scenes_are_the_bytes_that_the_page_reads(pair: tuple[mc.Figure, mc.Figure]) -> None:
    panels = mc.compare(*pair)._panels
    for panel, scene in zip(panels.comparison.panels, panels.scenes, strict=True):
        read = decode(scene.encode(send=frozenset(scene.buffers)))
        nodes = {face.node for face in read.head.layouts[0].faces}
        assert {node for node in panel.nodes if node >= 0} <= nodes


def test_a_comparison_without_a_drawn_matrix_says_how_to_draw_it() -> None:
    a = mc.figure("relu((S = A @ A))", A="eye(2, 2)")
    with pytest.raises(DataError, match="S is not drawn in all of these figures"):
        mc.compare(a, a, matrix="S").to_png()
    opened = a.layout(sheets="open")
    assert mc.compare(opened, opened, matrix="S")._compared.drawn_subject.name == "S"


def test_each_figure_may_have_its_own_scale(pair: tuple[mc.Figure, mc.Figure]) -> None:
    compared = mc.compare(*pair, scale="own")._compared
    for at, figure in enumerate(pair):
        own = {matrix.name: matrix.scales for matrix in figure.scene().head.matrices}
        assert {m.name: m.scales for m in compared.scene(at).head.matrices} == own
    a, b = (figure.value("attn").astype(np.float64) for figure in pair)
    scene = compared.difference()
    scale = next(m.scales["local"] for m in scene.head.matrices if m.name == "attn")
    assert scale.hi == pytest.approx(np.abs(b - a).max(), rel=1e-6)
    notes = [panel.note for panel in mc.compare(*pair, scale="own")._panels.comparison.panels]
    assert [note.split(" · ")[-1] for note in notes] == ["own scale"] * 3


def test_a_page_carries_the_scales_of_the_other_choice(pair: tuple[mc.Figure, mc.Figure]) -> None:
    one, own = (mc.compare(*pair, scale=scale)._panels for scale in SCALES)
    assert (one.comparison.scale, own.comparison.scale) == ("one", "own")
    for a, b in ((one, own), (own, one)):
        for at, panel in enumerate(a.comparison.panels):
            assert panel.other.note == b.comparison.panels[at].note
            wanted = {matrix.node: matrix.scales for matrix in b.scenes[at].head.matrices}
            have = {matrix.node: matrix.scales for matrix in a.scenes[at].head.matrices}
            assert have | {each.node: each.scales for each in panel.other.scales} == wanted
    assert any(panel.other.scales for panel in one.comparison.panels)
