"""Faults of the page, the pictures and the server, each with its right behaviour."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import matcube as mc
from matcube.cli.main import main
from matcube.outputs.still.pins import reading
from matcube.playback.camera import eye_of, project
from matcube.playback.pins import cell_of, centre, lit_by
from matcube.playback.visible import shown_of

RNG = np.random.default_rng(9)
Q, K = RNG.normal(size=(6, 4)), RNG.normal(size=(5, 4))


def picture(fig: mc.Figure) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(fig.to_png(size=(640, 400))))).astype(int)


def pinned() -> mc.Figure:
    fig = mc.figure("S = Q @ K.T; attn = softmax(S)", Q=Q, K=K, labels={"Q.rows": list("abcdef")})
    return fig.view(yaw=-35, pitch=25)


def test_a_pin_is_in_the_still_where_its_cell_is() -> None:
    fig = pinned()
    before, after = picture(fig), picture(fig.view(pin="attn[3, 2]"))
    scene = fig.view(pin="attn[3, 2]").scene()
    shown = shown_of(scene.head, scene.head.view)
    (pin,) = scene.head.view.selection.pins
    cell = cell_of(shown.layout, pin)
    assert cell is not None
    assert scene.head.view.camera is not None
    (x, y), *_ = project(eye_of(scene.head.view.camera, width=640, height=400), centre(cell)[None])[0]
    rows, cols = np.nonzero((before != after).any(axis=2))
    assert rows.min() < y < rows.max() and cols.min() < x < cols.max()
    accent = [shown.theme.accent >> shift & 255 for shift in (16, 8, 0)]
    near = after[int(y) - 20 : int(y) + 20, int(x) - 20 : int(x) + 20]
    assert (np.abs(near - accent).max(axis=2) < 12).any()


def test_the_text_of_a_pin_has_the_value_and_the_labels() -> None:
    scene = pinned().view(pin="attn[3, 2]").scene()
    shown = shown_of(scene.head, scene.head.view)
    cell = cell_of(shown.layout, scene.head.view.selection.pins[0])
    assert cell is not None
    scores = np.exp(Q @ K.T)
    value = (scores / scores.sum(axis=1, keepdims=True))[3, 2]
    text = reading(shown, scene.buffers, cell, values=True)
    place, _, rest = text.partition(" = ")
    assert place == "attn[3, 2]" and rest.split(" · ")[1] == "d"
    assert abs(float(rest.split(" · ")[0]) - value) < 1e-6
    assert reading(shown, scene.buffers, cell, values=False) == "attn[3, 2] · d"


def test_a_pinned_product_lights_its_row_and_its_column() -> None:
    scene = pinned().view(pin="S[4, 1]").scene()
    layout = shown_of(scene.head, scene.head.view).layout
    cell = cell_of(layout, scene.head.view.selection.pins[0])
    names = {matrix.node: matrix.name for matrix in scene.head.matrices}
    if cell is None:  # S is behind attn in this layout
        cell = cell_of(layout, pinned().view(pin="attn[4, 1]").scene().head.view.selection.pins[0])
    assert cell is not None
    lit = {
        names[layout.faces[face].node]: [(part.rows, part.cols) for part in parts]
        for face, parts in lit_by(layout, [cell]).items()
    }
    assert lit["Q"] == [((4, 5), None)]
    assert [(None, (1, 2))] in lit.values()


def test_a_selection_is_in_the_still() -> None:
    fig = pinned()
    assert (picture(fig) != picture(fig.view(select="Q"))).any()


def test_pins_are_in_the_frames_of_a_film() -> None:
    fig = pinned().animate("vmprod")
    plain, marked = io.BytesIO(), io.BytesIO()
    fig.save(plain, format="gif", size=(320, 320), seconds=1, fps=2)
    fig.view(pin="attn[3, 2]").save(marked, format="gif", size=(320, 320), seconds=1, fps=2)
    first, second = (np.asarray(Image.open(io.BytesIO(s.getvalue())).convert("RGB")) for s in (plain, marked))
    assert (first != second).any()


def test_a_mask_that_is_meant_is_told_from_a_fault() -> None:
    bias = np.where(np.tri(4, dtype=bool), 0.0, -np.inf)
    values = np.eye(4)
    values[2, 1] = np.nan
    rows = mc.figure("P = softmax(S + bias); P @ V", S=np.zeros((4, 4)), bias=bias, V=values).nonfinite()
    assert rows[0] == ("V", 1, 0, (2, 1), 0)
    assert [row.name for row in rows if row.nan or row.inf] == ["V", "P @ V"]
    assert rows[-1].masks == 6 and rows[-1].first == (0, 1) and not rows[-1].inf
    assert "bias" in [row.name for row in rows if row.masks]


def test_infinities_that_no_softmax_reads_are_faults() -> None:
    (row,) = mc.figure("A", A=[[1.0, 2.0], [3.0, -np.inf]]).nonfinite()
    assert row == ("A", 0, 1, (1, 1), 0)


def test_save_says_how_many_cells_are_not_finite(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    a = np.ones((3, 3))
    a[1, 2] = -1.0
    np.save(tmp_path / "a.npy", a)
    out = str(tmp_path / "out.json")
    with pytest.raises(SystemExit) as end:
        main(["save", "log(a)", "--data", str(tmp_path / "a.npy"), out])
    assert not end.value.code
    assert "note: 1 cell is not finite; the first is log(a)[1, 2]" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["save", "a @ a", "--data", str(tmp_path / "a.npy"), out])
    assert "finite" not in capsys.readouterr().err
