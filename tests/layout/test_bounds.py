"""Bounds and corners."""

from __future__ import annotations

import numpy as np

from matcube.layout import LayoutOptions, bounds, box_corners, face_corners, place
from tests.layout.graphs import chain_graph


def test_bounds_hold_faces_and_bodies_tightly():
    placement = place(chain_graph(4, 5, 6), LayoutOptions(gap=2))
    assert bounds(placement) == ((-2.0, -4.0, -7.0), (6.0, 2.0, 0.0))


def test_corners_of_a_face_are_its_outer_corners():
    face = place(chain_graph(4, 5, 6), LayoutOptions(gap=2)).faces[1]  # left: i down, k across
    assert face_corners(face) == (
        (-2.0, 0.0, -7.0),
        (-2.0, 0.0, -2.0),
        (-2.0, -4.0, -7.0),
        (-2.0, -4.0, -2.0),
    )


def test_a_body_has_eight_corners_a_gap_from_its_faces():
    box = place(chain_graph(4, 5, 6), LayoutOptions(gap=2)).boxes[0]
    corners = np.array(box_corners(box))
    assert len({tuple(corner) for corner in corners}) == 8
    assert corners.min(axis=0).tolist() == [0, -4, -7]
    assert corners.max(axis=0).tolist() == [6, 0, -2]
