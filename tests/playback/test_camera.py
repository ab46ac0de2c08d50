"""The camera of the still, the order of painting, and which pixels a face may touch."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from matcube.outputs.still.raster import hull, outline, pixels_in
from matcube.playback.camera import MARGIN, eye_of, fit, project, rays, slab_corners
from matcube.playback.order import back_to_front
from matcube.wire import Camera, Face

CAMERA = Camera((3.0, -2.0, 5.0), -0.6, 0.42, 40.0)
X, Y, Z = (1.0, 0.0, 0.0), (0.0, -1.0, 0.0), (0.0, 0.0, 1.0)


def face(n: int, origin, across, down, rows: int, cols: int) -> Face:
    return Face(n, n, (n,), False, origin, across, down, rows, cols, "alone", None, "i", "j", 0, None)


def test_the_target_is_in_the_middle():
    eye = eye_of(CAMERA, width=640, height=400)
    xy, depth = project(eye, np.array([CAMERA.target]))
    assert xy[0] == pytest.approx([320, 200])
    assert depth[0] == pytest.approx(40)


def test_up_is_up_and_the_axes_are_a_right_handed_frame():
    eye = eye_of(CAMERA, width=640, height=400)
    xy, _ = project(eye, np.array(CAMERA.target) + np.array([[0, 1, 0]]))
    assert xy[0, 1] < 200
    assert np.cross(eye.right, eye.up) == pytest.approx(-eye.forward)


@given(st.floats(0, 640), st.floats(0, 400), st.floats(0.5, 500))
def test_rays_undo_projection(x: float, y: float, t: float):
    eye = eye_of(CAMERA, width=640, height=400)
    ray = rays(eye, np.array([x]), np.array([y]))
    xy, _ = project(eye, eye.position + t * ray)
    assert xy[0] == pytest.approx([x, y], abs=1e-6)
    assert np.linalg.norm(ray) == pytest.approx(1)


boxes = st.lists(st.tuples(*[st.floats(-5000, 5000)] * 3), min_size=2, max_size=2)


@given(boxes, st.floats(-3, 3), st.floats(-1.5, 1.5), st.sampled_from([(1280, 800), (390, 844), (64, 64)]))
def test_fit_shows_all_corners_with_its_margin_and_centred(ends, yaw, pitch, size):
    low, high = np.sort(np.array(ends), axis=0)
    assume((high - low).min() > 0.01)
    corners = np.array([[(low, high)[n >> a & 1][a] for a in range(3)] for n in range(8)])
    camera = fit(corners, yaw=yaw, pitch=pitch, width=size[0], height=size[1])
    eye = eye_of(camera, width=size[0], height=size[1])
    xy, depth = project(eye, corners)
    assert depth.min() > 0
    off = np.abs(xy / (np.array(size) / 2) - 1)
    assert off.max() <= 1 - MARGIN + 1e-6
    assert off.max() == pytest.approx(1 - MARGIN, abs=1e-6), "and no farther away than needed"
    assert (xy.min(axis=0) + xy.max(axis=0)) / 2 == pytest.approx(np.array(size) / 2, abs=0.01)


@pytest.mark.parametrize("size", [(1280, 746), (390, 700)])
def test_balls_that_stand_out_of_a_single_cell_are_seen(size):
    cell = face(0, (0.0, 0.0, 1.0), X, Y, 1, 1)
    camera = fit(slab_corners([cell]), yaw=-0.6, pitch=0.42, width=size[0], height=size[1])
    eye = eye_of(camera, width=size[0], height=size[1])
    centre = np.array([0.5, -0.5, 1.0])
    xy, _ = project(eye, centre + 0.5 * np.stack([eye.right, -eye.right, eye.up, -eye.up]))
    assert xy.min() > 0
    assert (xy.max(axis=0) < size).all()


def test_behind_the_camera_is_seen_as_behind():
    eye = eye_of(CAMERA, width=640, height=400)
    _, depth = project(eye, (eye.position - eye.forward)[None])
    assert depth[0] < 0


def test_cube_is_painted_from_back_to_front():
    cube = [
        face(0, (-1.0, 0.0, -8.0), Z, Y, 10, 8),
        face(1, (0.0, 1.0, -8.0), X, Z, 8, 12),
        face(2, (0.0, 0.0, 1.0), X, Y, 10, 12),
    ]
    behind = [cube[n].id for n in back_to_front(cube, np.array([6.0, -4.0, -40.0]))]
    assert behind[0] == 2, "from behind, the front face is the farthest"
    front = [cube[n].id for n in back_to_front(cube, np.array([6.0, -4.0, 40.0]))]
    assert front[-1] == 2


def test_a_large_plane_in_front_is_painted_after_a_small_one_behind_whose_centre_is_nearer():
    large = face(0, (-100.0, 5.0, 0.0), X, Y, 10, 1000)
    small = face(1, (0.0, 0.0, -1.0), X, Y, 2, 2)
    eye = np.array([0.0, 0.0, 3.0])
    assert back_to_front([large, small], eye) == [1, 0]


def test_order_of_stacked_faces_turns_round_with_the_eye():
    stack = [face(n, (0.0, 0.0, -2.0 * n), X, Y, 6, 6) for n in range(4)]
    assert back_to_front(stack, np.array([1.0, -1.0, 50.0])) == [3, 2, 1, 0]
    assert back_to_front(stack, np.array([1.0, -1.0, -50.0])) == [0, 1, 2, 3]


def test_a_ring_of_faces_is_painted_all_the_same():
    ring = [
        face(0, (0.0, 0.0, 0.0), X, Y, 4, 12),
        face(1, (10.0, 1.0, -1.0), Z, Y, 6, 12),
        face(2, (11.0, -1.0, 9.0), (-1.0, 0.0, 0.0), Y, 3, 12),
        face(3, (1.0, 0.0, 10.0), (0.0, 0.0, -1.0), Y, 5, 12),
    ]
    order = back_to_front(ring, np.array([5.0, 30.0, 5.0]))
    assert sorted(order) == [0, 1, 2, 3]


@given(st.floats(-60, 60), st.floats(-60, 60), st.floats(-60, 60))
def test_every_corner_in_the_picture_is_among_the_covered_pixels(x: float, y: float, z: float):
    only = face(0, (0.0, 0.0, 0.0), X, Y, 10, 20)
    camera = Camera((x / 6, y / 6, z / 6), x / 20, y / 50, 40.0)
    eye = eye_of(camera, width=100, height=80)
    grid = np.stack(np.meshgrid(np.linspace(0, 20, 9), np.linspace(-10, 0, 9)), -1).reshape(-1, 2)
    points = np.column_stack([grid, np.zeros(len(grid))])
    seen, depth = project(eye, points)
    cols, rows = pixels_in(outline(only, eye), top=0, bottom=80, width=100)
    covered = set(zip(cols.tolist(), rows.tolist(), strict=True))
    for (px, py), d in zip(seen, depth, strict=True):
        if d > 0.01 and 0 <= px < 100 and 0 <= py < 80:
            assert (int(px), int(py)) in covered


def test_pixels_are_not_much_more_than_the_polygon():
    square = hull(np.array([[10.0, 10], [60, 10], [60, 40], [10, 40], [30, 20]]))
    assert len(square) == 4
    cols, rows = pixels_in(square, top=0, bottom=100, width=100)
    assert len(set(zip(cols.tolist(), rows.tolist(), strict=True))) == len(cols)
    assert 50 * 30 <= len(cols) <= 56 * 36
    assert pixels_in(square, top=60, bottom=100, width=100)[0].size == 0
