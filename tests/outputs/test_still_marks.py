"""Lines and marks: where they are, how wide, and which are drawn when."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcube.outputs.still.marks import Projected, paint, projected
from matcube.playback.camera import eye_of
from matcube.playback.marks import BOX_OPACITY, Mark, marks_of
from matcube.playback.visible import shown_of
from matcube.scene import colour
from matcube.wire import Camera, StyleView, View
from tests.outputs.still_scenes import Builder, product_scene

WHITE = np.ones(3, np.float32)
DARK = colour.themes()[0]


def near(_point: np.ndarray) -> float:
    """So many pixels a cell that no guide is crowded."""
    return 20.0


def painted(points, *, half: float = 0.5, filled: bool = False, opacity: float = 1.0) -> np.ndarray:
    band = np.zeros((60, 80, 3), np.float32)
    paint(Projected(np.array(points, np.float64), WHITE, opacity, half, filled), band, top=0)
    return band[..., 0]


inside = st.tuples(st.floats(5, 75), st.floats(5, 55))


@given(inside, inside, st.floats(0.5, 3))
def test_a_line_has_its_length_times_its_width(a, b, half):
    length = float(np.hypot(a[0] - b[0], a[1] - b[1]))
    total = painted([a, b], half=half).sum()
    ends = np.pi * (half**2 + 1 / 12)  # round caps, a ramp of one pixel wide about them
    assert total == pytest.approx(2 * half * length + ends, rel=0.05, abs=1.2)


@given(inside, inside, inside)
def test_a_filled_triangle_has_its_area(a, b, c):
    area = abs((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])) / 2
    sides = sum(np.hypot(p[0] - q[0], p[1] - q[1]) for p, q in ((a, b), (b, c), (c, a)))
    if area > 3 * sides:
        assert painted([a, b, c], half=0, filled=True).sum() == pytest.approx(area, rel=0.03, abs=3)


def test_lines_do_not_depend_on_the_band_they_are_drawn_in():
    line = Projected(np.array([[3.3, -5.0], [70.1, 66.0]]), WHITE, 0.7, 0.8, False)
    whole = np.zeros((60, 80, 3), np.float32)
    paint(line, whole, top=0)
    parts = []
    for top in range(0, 60, 7):
        band = np.zeros((min(7, 60 - top), 80, 3), np.float32)
        paint(line, band, top=top)
        parts.append(band)
    assert np.array_equal(np.concatenate(parts), whole)


def test_a_line_through_the_eyes_plane_is_clipped():
    eye = eye_of(Camera((0, 0, 0), 0.0, 0.0, 10.0), width=80, height=60)
    ahead_and_behind = projected(Mark(np.array([[1.0, 0, 0], [1.0, 0, 50]]), 0), eye, zoom=1)
    assert ahead_and_behind is not None
    assert np.isfinite(ahead_and_behind.points).all()
    assert ahead_and_behind.points[:, 0].min() > 40, "it leaves the picture to the right, never flips over"
    assert projected(Mark(np.array([[1.0, 0, 20], [1.0, 0, 50]]), 0), eye, zoom=1) is None


def count(**style) -> dict[int, int]:
    head, _ = product_scene(24, 16, 20)
    marks = marks_of(shown_of(head, View(style=StyleView(**style))), near)
    colours = [m.colour for m in marks]
    return {c: colours.count(c) for c in set(colours)}


def test_guides_and_arrows_can_be_turned_off():
    everything = count()
    assert everything[DARK.guide] == 12 + 3 * 16, "box edges and at most 16 lines a face"
    assert everything[DARK.left] == everything[DARK.right] == 1
    assert count(guides=False).get(DARK.guide) is None
    assert DARK.left not in count(arrows=False)
    assert count(guides=False, arrows=False) == {}


def test_row_guides_run_along_the_nodes_own_rows_also_when_transposed():
    for transposed in (False, True):
        built = Builder()
        node = built.matrix("M", np.ones((3, 7), np.float32))
        built.face(node, (0, 0, 0), transposed=transposed)
        marks = marks_of(shown_of(built.head(), View()), near)
        lines = [m.points[1] - m.points[0] for m in marks if len(m.points) == 2]
        assert len(lines) == 3
        along = (0, -8, 0) if transposed else (8, 0, 0)
        assert all(np.allclose(line, along) for line in lines)
        corner = next(m for m in marks if len(m.points) == 3)
        assert np.allclose(corner.points[0], (-0.25, 0.25, 0))


@pytest.mark.parametrize(("rows", "cols"), [(1, 1), (3, 7), (60, 40), (4096, 4096)])
@pytest.mark.parametrize("pixels", [0.2, 5.0, 300.0])
def test_the_corner_mark_is_small_and_covers_no_cell(rows, cols, pixels):
    built = Builder()
    built.face(built.matrix("M", np.ones((rows, cols), np.float32)), (0, 0, 0))
    marks = marks_of(shown_of(built.head(), View()), lambda _point: pixels)
    corner = next(m for m in marks if len(m.points) == 3).points
    x, y = corner[:, 0], -corner[:, 1]
    assert (x + y <= 1e-9).all(), "no part has both x > 0 and y > 0"
    leg = float(np.ptp(x))
    assert leg * pixels <= 12 + 1e-9
    assert leg <= 8


def test_vanes_point_at_the_arguments_and_the_arrow_at_the_result():
    head, _ = product_scene(24, 16, 20)
    marks = marks_of(shown_of(head, View()), near)
    left = next(m for m in marks if m.colour == DARK.left).points
    right = next(m for m in marks if m.colour == DARK.right).points
    assert (left[1] - left[0])[2] > 0, "toward the viewer, where the result is"
    assert (left[2] - left[1])[0] < 0, "A lies on the left"
    assert (right[2] - right[1])[1] > 0, "B lies on top"


def test_a_box_with_a_hidden_face_has_neither_edges_nor_arrow():
    head, _ = product_scene(24, 16, 20)
    marks = marks_of(shown_of(head, View(hidden=(0,))), near)
    assert DARK.left not in {m.colour for m in marks}
    assert BOX_OPACITY not in {m.opacity for m in marks}
    whole = marks_of(shown_of(head, View()), near)
    assert sum(m.opacity == BOX_OPACITY for m in whole) == 12


@pytest.mark.parametrize(("pixels", "opacity"), [(16, 1.0), (9.5, 0.5), (0.1, 0.12)])
def test_crowded_guides_fade(pixels, opacity):
    head, _ = product_scene(rows=8, depth=8)
    marks = marks_of(shown_of(head, View()), lambda _point: pixels)
    guides = [mark for mark in marks if mark.colour == DARK.guide and mark.opacity != BOX_OPACITY]
    assert guides
    assert [mark.opacity for mark in guides] == pytest.approx([opacity] * len(guides))
