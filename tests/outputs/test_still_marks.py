"""Lines and marks: where they are, how wide, and which are drawn when."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

import matcube as mc
from matcube.outputs.still.marks import Projected, paint, projected
from matcube.outputs.still.paint import mask_on
from matcube.outputs.still.paper.drawing import drawing_of
from matcube.outputs.still.paper.items import Line
from matcube.playback.camera import corners_of, eye_of, project
from matcube.playback.mark import Mark
from matcube.playback.marks import BOX_OPACITY, marks_of
from matcube.playback.plates import pad_of, plate_marks
from matcube.playback.stairs import stair_marks
from matcube.playback.visible import shown_of
from matcube.scene import colour
from matcube.wire import Camera, Head, Split, StyleView, View
from tests.outputs.still_scenes import Builder, product_scene

WHITE = np.ones(3, np.float32)
DARK = colour.themes()[0]


EYE = eye_of(Camera((10.0, -12.0, -8.0), -0.6, 0.42, 90.0), width=800, height=600)


def marks_in(view: View, **sizes: int) -> list[Mark]:
    head, _ = product_scene(24, 16, 20, **sizes)
    return marks_of(shown_of(head, view), EYE, EYE.pixel_angle)


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
    colours = [mark.colour for mark in marks_in(View(style=StyleView(**style)))]
    return {c: colours.count(c) for c in set(colours)}


def test_guides_and_arrows_can_be_turned_off():
    everything = count()
    assert everything[DARK.guide] == 12, "box edges"
    assert everything[DARK.muted] == 8, "two chevrons"
    assert count(guides=False).get(DARK.guide) is None
    assert DARK.muted not in count(arrows=False)
    assert count(guides=False, arrows=False) == {}


def test_chevrons_point_from_the_arguments_to_the_result():
    head, _ = product_scene(24, 16, 20)
    strokes = [mark for mark in marks_in(View()) if mark.colour == DARK.muted]
    layout = head.layouts[0]
    for n, face in enumerate(layout.faces[:2]):
        tip, ends = strokes[4 * n + 2].points[0], [strokes[4 * n + m].points[1] for m in (2, 3)]
        pointing = project(EYE, np.stack([np.mean(ends, axis=0), tip]))[0]
        middles = project(EYE, np.stack([corners_of(f).mean(axis=0) for f in (face, layout.faces[2])]))[0]
        assert (pointing[1] - pointing[0]) @ (middles[1] - middles[0]) > 0


def test_chevrons_keep_clear_of_faces_and_stay_away_where_there_is_no_room():
    strokes = [mark for mark in marks_in(View()) if mark.colour == DARK.muted]
    assert all(np.linalg.norm(np.diff(mark.points, axis=0)) * 100 > 1 for mark in strokes)
    tight = eye_of(Camera((10.0, -12.0, -8.0), -0.6, 0.42, 900.0), width=800, height=600)
    head, _ = product_scene(24, 16, 20)
    shown = shown_of(head, View())
    polygons = [project(tight, corners_of(face))[0] for face in shown.faces]
    for mark in marks_of(shown, tight, tight.pixel_angle):
        if mark.colour == DARK.muted:
            middle = project(tight, mark.points)[0].mean(axis=0)
            least = min(float(np.linalg.norm(polygon - middle, axis=1).min()) for polygon in polygons)
            assert least > 8
    inside = eye_of(Camera((10.0, -12.0, -8.0), -0.6, 0.42, 2.0), width=800, height=600)
    assert all(mark.colour != DARK.muted for mark in marks_of(shown, inside, inside.pixel_angle))


def test_a_box_with_a_hidden_face_has_neither_edges_nor_chevrons():
    marks = marks_in(View(hidden=(0,)))
    assert DARK.muted not in {m.colour for m in marks}
    assert BOX_OPACITY not in {m.opacity for m in marks}
    assert sum(m.opacity == BOX_OPACITY for m in marks_in(View())) == 12


def test_a_plate_has_a_frame_an_edge_of_light_and_sides_where_they_are_seen():
    head, _ = product_scene(24, 16, 20)
    for face in head.layouts[0].faces:
        marks = plate_marks(face, DARK, EYE, EYE.pixel_angle)
        colours = [mark.colour for mark in marks]
        assert colours.count(DARK.frame) == 4
        assert colours.count(DARK.edge) == 1
        sides = [mark for mark in marks if mark.colour == DARK.side]
        assert len(sides) in (1, 2)
        assert all(0 < mark.width <= 3.2 for mark in sides)


def test_blocks_have_a_plate_each():
    built = Builder()
    node = built.matrix("M", np.ones((8, 6), np.float32))
    built.face(node, (0, 0, 0))
    face = replace(built.head().layouts[0].faces[0], row_split=Split(4, 2))
    marks = plate_marks(face, DARK, EYE, EYE.pixel_angle)
    assert sum(mark.colour == DARK.frame for mark in marks) == 8
    assert pad_of(face) < 1, "plates do not touch"


def test_a_causal_mask_has_its_staircase():
    """The line between masked cells and others is the frame's colour; it goes with the mask."""
    figure = mc.figure("softmax(tril(S)) @ V", S="gaussian(6, 6)", V="gaussian(6, 3)")
    scene = figure.scene()
    shown = shown_of(scene.head, figure.state)
    face = next(face for face in shown.faces if shown.matrices[face.node].mask is not None)
    mask = mask_on(face, shown, scene.buffers)
    assert mask is not None
    lines = stair_marks(face, mask, shown.theme.frame)
    assert len(lines) == 2 * 5
    assert sum(float(np.linalg.norm(line.points[1] - line.points[0])) for line in lines) == 2 * 5
    noise = np.random.default_rng(0).integers(0, 2, (40, 40)).astype(np.uint8)
    assert stair_marks(face, noise, 0) == [], "too many lines"
    drawn = drawing_of(scene.head, scene.buffers, size=(640, 400), view=figure.state)
    plain = drawing_of(*unmasked(scene), size=(640, 400), view=figure.state)
    assert sum(isinstance(item, Line) for item in drawn.items) == 10 + sum(
        isinstance(item, Line) for item in plain.items
    )


def unmasked(scene: Any) -> tuple[Head, Any]:
    matrices = [replace(matrix, mask=None) for matrix in scene.head.matrices]
    return replace(scene.head, matrices=matrices), scene.buffers
