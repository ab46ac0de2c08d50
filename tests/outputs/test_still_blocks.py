"""Stills of figures in blocks: gaps are empty, sheets of parts, texts, odd sizes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from matcube.layout import SCHEMES, LayoutOptions
from matcube.outputs.still.legend import legends_of
from matcube.outputs.still.render import fitted, render
from matcube.outputs.still.sheets import sheet_of, sheet_of_part
from matcube.outputs.still.words import edge_text
from matcube.playback.camera import eye_of
from matcube.playback.interior import Lit
from matcube.playback.places import own_splits, place
from matcube.playback.visible import shown_of
from matcube.wire.container import Scene
from tests.outputs.split_scenes import split_scene

A, B = "gaussian(12, 8, seed=1)", "gaussian(8, 10, seed=2)"


def texts(scene: Scene) -> list[str]:
    shown = shown_of(scene.head, scene.head.view)
    eye = eye_of(fitted(shown, width=1280, height=800), width=1280, height=800)
    return [legend.text for legend in legends_of(shown, eye)]


def test_ink_has_nothing_in_the_gaps_and_each_cell_at_its_place():
    scene = split_scene("A @ B", {"A.rows": 4, "B.cols": 3}, A=A, B=B)
    shown = shown_of(scene.head, scene.head.view)
    face = shown.faces[0]
    matrix = shown.matrices[face.node]
    whole = sheet_of(scene.buffers, shown, matrix.node).levels[0]
    split = sheet_of(scene.buffers, shown, matrix.node, own_splits(face)).levels[0]
    assert split.shape[:2] == (face.high, face.wide) == (15, 12)
    assert np.count_nonzero(split[..., 3]) == np.count_nonzero(whole[..., 3]) == 120
    for row, col in ((0, 0), (2, 3), (3, 4), (11, 9)):
        at = place(row, face.row_split), place(col, face.col_split)
        assert (split[at] == whole[row, col]).all()


def test_a_sheet_of_parts_has_the_scale_of_its_product_and_no_maps():
    scene = split_scene("relu(A @ B)", {"A.cols": 2}, A=A, B=B)
    shown = shown_of(scene.head, scene.head.view)
    first = next(face for face in shown.faces if face.part == 0)
    ink = sheet_of_part(scene.buffers, shown, first).levels[0]
    assert shown.matrices[first.node].name == "A @ B"
    assert np.count_nonzero(ink[..., 3]) == 120  # relu would have taken half of it away


def test_texts_say_sizes_in_blocks_and_parts():
    scene = split_scene("C = A @ B", {"A.rows": 5, "A.cols": 3}, A=A, B=B)
    legends, shown = texts(scene), shown_of(scene.head, scene.head.view)
    letters = [" ".join(edge_text(shown, shown.boxes[0], axis)) for axis in range(3)]
    assert "C 12 / 4 × 10" in legends  # blocks of 3
    assert "A 12 / 4 × 8 / 3" in legends
    assert "A.rows = 12 / 4" in letters
    assert "A.cols = 8 / 3" in letters
    assert "j = 10" in letters
    assert [text for text in legends if text.startswith("part")] == [f"part {n} of 3" for n in (1, 2, 3)]


def test_a_row_that_is_lit_in_a_film_is_the_row_of_its_block():
    """Its place is that of the row."""
    from matcube.outputs.still.sheets import lit_places

    scene = split_scene("A @ B", {"A.rows": 4}, A=A, B=B)
    face = next(face for face in scene.head.layouts[0].faces if face.role == "left")
    assert lit_places(face, (Lit((7, 8), None),)) == (((9, 10), None, 0.7),)
    assert place(7, face.row_split) == 9


ODD: dict[str, tuple[str, dict[str, int], dict[str, Any]]] = {
    "uneven": ("A @ B", {"A.rows": 5, "A.cols": 3, "B.cols": 4}, {"A": A, "B": B}),
    "64 blocks": ("A @ B", {"A.cols": 64}, {"A": "gaussian(3, 64)", "B": "gaussian(64, 2)"}),
    "one cell": ("A @ B", {"A.rows": 2, "A.cols": 2}, {"A": "eye(1, 1)", "B": "eye(1, 1)"}),
    "vector": ("A @ v", {"A.cols": 3, "A.rows": 2}, {"A": A, "v": "gaussian(8)"}),
    "nothing": ("A @ B", {"A.cols": 2, "B.cols": 2}, {"A": np.zeros((0, 3)), "B": np.zeros((3, 4))}),
    "nothing to sum": ("A @ B", {"A.rows": 2}, {"A": np.zeros((4, 0)), "B": np.zeros((0, 4))}),
    "NaN": (
        "A @ B",
        {"A.rows": 2, "A.cols": 2},
        {"A": np.array([[1, np.nan, 2, 3], [4, np.inf, 5, 6]]), "B": "eye(4, 4)"},
    ),
    "shared": ("X @ X.T", {"X.rows": 3}, {"X": "gaussian(9, 4)"}),
    "hollow": ("A @ B", {"A.cols": 2, "A.rows": 2}, {"A": "shape(6, 4)", "B": "shape(4, 5)"}),
    "bias": (
        "gelu(A @ B + b) @ W",
        {"B.cols": 2},
        {"A": A, "B": B, "b": "gaussian(10)", "W": "gaussian(10, 3)"},
    ),
}


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("name", ODD)
def test_odd_figures_in_blocks_are_drawn(name, scheme):
    program, partition, leaves = ODD[name]
    options = LayoutOptions(scheme=scheme, sheets="all")
    scene = split_scene(program, partition, options=options, **leaves)
    picture = np.asarray(render(scene.head, scene.buffers, size=(320, 200)))
    assert picture.std() > 1
