"""Hostile and huge input: one small case for each fault that was found, and its right answer."""

import io

import msgspec
import numpy as np
import pytest
from PIL import Image

import matcube as mc
from matcube.cli.main import main
from matcube.outputs.html import page
from matcube.wire.container import _PREFIX, MAGIC, Scene, decode
from matcube.wire.link import decode_link

LINK = mc.figure("A @ B", A="eye(2,2)", B="eye(2,2)").link()


@pytest.mark.parametrize(
    "damaged", ["#m１." + LINK[4:], "#m01." + LINK[4:], "#m1." + LINK, "#m1.#m1.", "#m1#m1."]
)
def test_a_link_has_one_spelling(damaged):
    with pytest.raises(mc.WireError):
        decode_link(damaged)
    assert decode_link(LINK) == decode_link("https://example.org/a" + LINK)


def test_a_deck_of_any_size_is_refused():
    with pytest.raises(mc.ShapeError, match="at most 256 are drawn"):
        mc.figure("A", A="shape(2147483647,2,2)").scene()


def test_no_name_moves_the_cursor_of_a_terminal(capsys):
    with pytest.raises(SystemExit):
        main(["save", "A", "--data", "\x1b]52;c;AAAA\x07\u202e.npy", "out.png"])
    said = capsys.readouterr().err
    assert "\\x1b]52;c;AAAA\\x07\\u202e.npy" in said
    assert not {"\x1b", "\x07", "\u202e"} & set(said)


@pytest.mark.parametrize("word", ["b\x1b]0;x\x07", "b\u202e"])
def test_no_word_of_a_usage_error_moves_the_cursor_of_a_terminal(word, capsys, monkeypatch):
    monkeypatch.setattr("click.utils.should_strip_ansi", lambda *_, **__: False)  # as on a terminal
    with pytest.raises(SystemExit):
        main(["cost", "A", "--let", "A=eye(2,2)", word])
    said = capsys.readouterr().err
    assert "unexpected extra argument" in said
    assert not {"\x1b", "\x07", "\u202e"} & set(said)


HEADS = mc.figure(
    "q = split(x @ w, axis=1, parts=2).permute(axes=(1, 0, 2)); y = q @ q.mT; z = y @ q",
    x="gaussian(4, 6)",
    w="gaussian(6, 6)",
)


@pytest.mark.parametrize(
    "make",
    [
        lambda: HEADS.layout("custom", custom={"q": "-LTF"}).head(1),
        lambda: HEADS.head(1).layout("custom", custom={"q": "-LTF"}),
        lambda: HEADS.head(1).animate("vmprod", each={"q": "outer"}),
        lambda: HEADS.animate("vmprod", each={"q": "none"}).head(1),
    ],
)
def test_a_matrix_that_a_head_does_not_draw_is_named(make):
    with pytest.raises(mc.OptionError, match='"q" is not drawn here'):
        make().to_png()


@pytest.mark.parametrize(
    "make", [lambda: HEADS.layout(inside={"y": "y"}), lambda: HEADS.layout(inside={"z": "q"}).head(1)]
)
def test_a_film_of_boxes_that_cannot_lie_in_each_other_is_refused(make):
    with pytest.raises(mc.MatcubeError):
        make().animate("vmprod").to_png()


@pytest.mark.parametrize("field", ["title", "parts"])
def test_a_head_nested_deeply_is_damaged(field):
    head = f'{{"{field}":{"[" * 5000}{"]" * 5000}}}'.encode()
    with pytest.raises(mc.WireError, match="damaged"):
        decode(_PREFIX.pack(MAGIC, len(head), 0) + head)


def _page(path, scene, **changes):
    """A saved page whose first matrix, or whose reference to its array, says something else."""
    head, view = scene.head, scene.head.view
    first = msgspec.structs.replace(head.matrices[0], **{n: v for n, v in changes.items() if n != "dtype"})
    if "dtype" in changes:
        ref = msgspec.structs.replace(view.data["A"], dtype=changes["dtype"])
        view = msgspec.structs.replace(view, data={"A": ref})
    head = msgspec.structs.replace(head, view=view, matrices=[first, *head.matrices[1:]])
    path.write_text(page(title="", scene=Scene(head, scene.buffers, scene.shown).encode()))
    return path


@pytest.mark.parametrize(
    "changes",
    [{"dtype": "(,,)f4"}, {"dtype": "U2000000"}, {"dtype": "O"}, {"row_axis": 999}, {"col_axis": -1}],
)
def test_a_damaged_page_is_refused(tmp_path, changes):
    scene = mc.figure("A @ A", A=np.eye(3)).scene()
    assert mc.open_figure(_page(tmp_path / "a.html", scene)).value("A").tolist() == np.eye(3).tolist()
    with pytest.raises(mc.MatcubeError):
        mc.open_figure(_page(tmp_path / "a.html", scene, **changes))


def lit(side: int, *, peak: bool) -> int:
    """How much blue a still of zeros with one cell of 5 has: as a mean, or as an extreme."""
    cells = np.zeros((side, side), np.float32)
    cells[side // 16, side // 2] = 5
    look = mc.figure("A", A=cells).style(peak=peak, legends=False, letters=False, guides=False)
    out = io.BytesIO()
    look.save(out, format="png", size=(300, 200))
    pixels = np.asarray(Image.open(out).convert("RGB"))[:100].astype(int)  # without the colour bar
    return int((pixels[..., 2] - pixels[..., 0] > 100).sum())


def test_a_peak_has_its_full_size_in_a_matrix_of_any_size():
    assert lit(2048, peak=True) == lit(512, peak=True) > lit(2048, peak=False) == 0
