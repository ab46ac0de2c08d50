"""Texts of a still: readable, none on another, and the font has what it says."""

from __future__ import annotations

import importlib.resources
import itertools
from typing import Literal

import msgspec
import numpy as np
import pytest
from PIL import Image

import matcube as mc
from matcube.outputs.still import fonts
from matcube.outputs.still.legend import legends_of
from matcube.outputs.still.overlay import BALLS, LINE, Bar, bar_of, bar_texts, draw_corners, number, tick_of
from matcube.outputs.still.render import fitted
from matcube.outputs.still.text import COVERED, font, readable, shortened, width_of, wrapped
from matcube.outputs.still.words import shape_text, shown_name
from matcube.playback.camera import eye_of
from matcube.playback.labels import Rect, covers, overlap
from matcube.playback.moment import Moment
from matcube.playback.outlines import apart, outlines_of
from matcube.playback.visible import shown_of
from matcube.scene import colour
from matcube.wire import Selection, StyleView, View
from tests.outputs.still_scenes import Builder, Scene, gaussian, product_scene

DARK = colour.themes()[0]
FONTS = importlib.resources.files("matcube") / "data" / "fonts"


def placed(scene: Scene, size: tuple[int, int], view: View | None = None) -> dict[str, str]:
    head, _ = scene
    shown = shown_of(head, view or head.view)
    eye = eye_of(fitted(shown, width=size[0], height=size[1]), width=size[0], height=size[1])
    legends = legends_of(shown, eye)
    for a, b in itertools.combinations(legends, 2):
        assert apart(a.writing.quad, b.writing.quad)
    return {legend.writing.id: legend.text for legend in legends}


@pytest.mark.parametrize("size", [(1280, 800), (390, 844)])
def test_names_shapes_and_letters_all_find_a_place(size):
    texts = placed(product_scene(), size)
    wanted = {"A": "A 24 × 16", "B": "B 16 × 20", "C": "C 24 × 20"}
    names = {texts[f"n{n}"] for n in range(3)}
    assert {name.split()[0] for name in names} == set(wanted) and len(names & set(wanted.values())) >= 2
    assert names <= {*wanted, *wanted.values()}
    assert {t for key, t in texts.items() if key.startswith("l")} <= {"i = 24", "j = 20", "k = 16"}
    assert len(texts) >= 5


def test_legends_and_letters_can_be_turned_off():
    view = View(style=StyleView(legends=False))
    assert all(key.startswith("l") for key in placed(product_scene(), (1280, 800), view))
    view = View(style=StyleView(letters=False))
    assert all(key.startswith("n") for key in placed(product_scene(), (1280, 800), view))


def token_scene(count: int) -> Scene:
    built = Builder()
    built.labels = {0: [f"tok{n}" for n in range(count)]}
    x, w = gaussian(count, 12), gaussian(12, 8)
    built.product(x, w, x @ w)
    return built.head(), built.buffers


def test_rows_are_named_when_there_is_room():
    texts = placed(token_scene(14), (1280, 800))
    assert {f"tok{n}" for n in range(14)} <= set(texts.values())


def test_rows_are_not_named_when_cells_are_small():
    assert not [t for t in placed(token_scene(200), (1280, 800)).values() if t.startswith("tok")]


def test_transposed_names():
    built = Builder()
    node = built.matrix("A", gaussian(3, 4))
    built.face(node, (0, 0, 0), transposed=True)
    other = built.matrix("A + B", gaussian(3, 4))
    built.face(other, (9, 0, 0), transposed=True)
    names = [shown_name(f, built.matrices[f.node]) for f in built.faces]
    assert names == ["Aᵀ", "(A + B)ᵀ"]
    assert shape_text(built.faces[0], built.matrices[0]) == "4 × 3"


def test_every_character_said_to_be_there_has_a_glyph():
    face = font(20)
    blanks = {0x20, 0xA0, 0xAD}
    missing = bytes(face.getmask("\U000f0000"))
    assert missing == bytes(face.getmask(" ")), "the subset draws nothing for what it lacks"
    for first, last in COVERED:
        for code in range(first, last + 1):
            if code not in blanks and not 0x2010 > code >= 0x2000:
                assert bytes(face.getmask(chr(code))) != missing, hex(code)


def test_the_signs_that_figures_use_are_there():
    wanted = "×Σ−ₖᵀ·≤≥√σ∂∇⟨⟩…→←↵₀₁²ᵢⱼ□●éßЖ"
    assert readable(wanted) == wanted


def test_other_characters_become_their_number_and_line_ends_a_sign(monkeypatch):
    monkeypatch.setattr(fonts, "path_of", lambda letter: None)
    assert readable("a\n語\u202e\U0001f600\x00") == "a↵U+8A9E…9866"
    assert readable("e\u0301 語b語") == "é U+8A9EbU+8A9E"


def test_the_font_is_small_and_its_licence_lies_beside_it():
    assert len((FONTS / "DejaVuSans-subset.ttf").read_bytes()) < 150_000
    licence = (FONTS / "LICENSE-DejaVu.txt").read_text(encoding="utf-8")
    assert "Bitstream Vera Fonts Copyright" in licence
    assert "Arev Fonts Copyright" in licence


def test_shortened_and_wrapped_fit():
    text = "softmax(tril(Q @ K.T / 8)) @ V @ wO"
    assert shortened(text, 1000, 12) == text
    short = shortened(text, 80, 12)
    assert short.endswith("…")
    assert width_of(short, 12) <= 80
    lines = wrapped("the geometric mean of the largest magnitude", 100, 11)
    assert len(lines) > 1
    assert all(width_of(line, 11) <= 100 for line in lines)


def corners(scene: Scene, size, **view) -> list[Rect]:
    head, _ = scene
    chosen = View(program="C = A @ B", **view)
    image = Image.new("RGB", size)
    before = np.asarray(image).copy()
    rects = draw_corners(image, shown_of(head, chosen), chosen.program)
    changed = np.argwhere((np.asarray(image) != before).any(axis=2))
    for y, x in changed:
        assert any(r.x - 4 <= x <= r.x + r.w + 4 and r.y - 6 <= y <= r.y + r.h + 6 for r in rects)
    return rects


@pytest.mark.parametrize("size", [(1280, 800), (390, 844), (300, 300)])
def test_corners_stay_in_the_picture_and_apart(size):
    rects = corners(product_scene(), size)
    assert len(rects) == 2
    assert not overlap(*rects)
    for r in rects:
        assert r.x >= 0
        assert r.y >= 0
        assert r.x + r.w <= size[0]
        assert r.y + r.h <= size[1]


@pytest.mark.parametrize("size", [(64, 64), (240, 180), (800, 200)])
def test_no_corners_in_a_thumbnail(size):
    assert corners(product_scene(), size) == []


@pytest.mark.parametrize("shape", [(768, 1, 4), (4, 1, 768), (24, 16, 20), (8, 768, 8)])
@pytest.mark.parametrize("size", [(1280, 800), (390, 844), (320, 320)])
def test_the_bar_lies_on_no_result(shape, size):
    head, _ = product_scene(*shape)
    (layout,) = head.layouts
    root = next(face.id for face in layout.faces if face.role == "result")
    head = msgspec.structs.replace(head, layouts=[msgspec.structs.replace(layout, root_face=root)])
    shown = shown_of(head, View())
    eye = eye_of(fitted(shown, width=size[0], height=size[1]), width=size[0], height=size[1])
    outlines = outlines_of(shown.faces, eye)
    image = Image.new("RGB", size)
    taken = draw_corners(image, shown, "C = A @ B", outlines=outlines)
    result = next(outline for outline in outlines if outline.face.role == "result")
    assert not any(covers(result.polygon, rect) for rect in taken)
    assert len(taken) < 2 or not overlap(*taken)
    if shape[0] == 24 and size[0] == 1280:
        assert len(taken) == 2


def test_the_bar_tells_the_selected_matrix():
    head, _ = product_scene()
    for node in (0, 1):
        bar = bar_of(shown_of(head, View(selection=Selection(node=node))), (640, 400), Moment())
        assert bar is not None
        assert bar.lines[0][0].text.startswith(f"{shown_of(head, View()).matrices[node].name}, brightest: ")


def test_numbers_have_a_real_minus_sign():
    assert number(-2.5) == "−2.5"
    assert number(1e-9) == "1e−09"


def softmax_bar(sensitivity: Literal["robust", "global"]) -> Bar:
    scores = np.zeros((6, 6))
    scores[2, 3] = 2.0
    figure = mc.figure("softmax(S)", S=scores).style(sensitivity=sensitivity)
    scene = figure.scene()
    bar = bar_of(shown_of(scene.head, figure.state), (1280, 800), Moment())
    assert bar is not None
    return bar


def test_the_bar_says_what_is_brightest_and_where_one_is():
    own = softmax_bar("robust")
    most = number(float(np.exp(2) / (np.exp(2) + 5)))
    assert ["".join(run.text for run in line) for line in own.lines] == [f"softmax(S), brightest: {most}"]
    assert [text for text, _ in bar_texts(own)] == [f"−{most}", "0", f"{most} … 1.0"]
    assert own.unity is None
    wide = softmax_bar("global")  # up to 2
    assert wide.unity == 0.5
    assert [text for text, _ in bar_texts(wide)] == ["−2", "0", "2", "1.0"]
    tick = tick_of(wide)
    left = wide.rect.x + wide.rect.w - BALLS * wide.ball_px
    assert tick == left + wide.ball_px * (5.5 + 5 * 0.5)


@pytest.mark.parametrize("size", [(400, 320), (390, 844), (600, 400)])
def test_the_program_of_a_small_picture_lies_on_no_face(size):
    for shape in ((24, 16, 20), (4, 40, 8), (40, 4, 40)):
        head, _ = product_scene(*shape)
        shown = shown_of(head, View())
        outlines = outlines_of(shown.faces, eye_of(fitted(shown, width=size[0], height=size[1]),
                                                   width=size[0], height=size[1]))  # fmt: skip
        taken = draw_corners(Image.new("RGB", size), shown, "C = A @ B + C @ D", outlines=outlines)
        texts = [rect for rect in taken if rect.h == LINE]
        assert not any(covers(o.polygon, rect) for o in outlines for rect in texts)
