"""How far a placement reaches."""

from __future__ import annotations

from itertools import product

from matcube.layout.frame import add, scale
from matcube.layout.types import Placement
from matcube.wire import Box, Face, Vec3


def face_corners(face: Face) -> tuple[Vec3, Vec3, Vec3, Vec3]:
    """World positions of its outer corners: top left, top right, bottom left, bottom right as displayed."""
    across, down = scale(face.across, face.wide), scale(face.down, face.high)
    return (
        face.origin,
        add(face.origin, across),
        add(face.origin, down),
        add(face.origin, across, down),
    )


def box_corners(box: Box) -> tuple[Vec3, ...]:
    """World positions of the eight corners of a box's body."""
    edges = [
        scale(step, size)
        for step, size in zip((box.i_step, box.j_step, box.k_step), box.extents, strict=True)
    ]
    return tuple(
        add(box.corner, *(scale(edge, take) for edge, take in zip(edges, taken, strict=True)))
        for taken in product((0, 1), repeat=3)
    )


def bounds(placement: Placement) -> tuple[Vec3, Vec3]:
    """The axis-aligned corners of all faces and boxes.

    Returns:
        Lowest and highest x, y, z; (low, high).
    """
    corners = [corner for face in placement.faces for corner in face_corners(face)]
    corners += [corner for box in placement.boxes for corner in box_corners(box)]
    xs, ys, zs = zip(*corners, strict=True)
    return (min(xs), min(ys), min(zs)), (max(xs), max(ys), max(zs))
