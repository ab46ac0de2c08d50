"""Bounds of faces, boxes and whole layouts: corners and axis-aligned volumes."""

from __future__ import annotations

from itertools import product

from matcube.layout.frame import add, cross, scale, spanned
from matcube.wire import Box, Face, Layout, Split, Vec3

_SHEET_SHARE = 0.25  # of the shorter side of a face


def face_corners(face: Face) -> tuple[Vec3, Vec3, Vec3, Vec3]:
    """World positions of the outer corners: top left, top right, bottom left, bottom right as displayed."""
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
        add(box.corner, *(scale(edge, factor) for edge, factor in zip(edges, factors, strict=True)))
        for factors in product((0, 1), repeat=3)
    )


def bounds(layout: Layout) -> tuple[Vec3, Vec3]:
    """Axis-aligned bounds of all faces and boxes.

    Returns:
        (low, high): least and greatest x, y and z.
    """
    corners = [corner for face in layout.faces for corner in face_corners(face)]
    corners += [corner for box in layout.boxes for corner in box_corners(box)]
    xs, ys, zs = zip(*corners, strict=True)
    return (min(xs), min(ys), min(zs)), (max(xs), max(ys), max(zs))


def sheet_spacing(rows: int, cols: int, gap: float) -> float:
    """Cells from a face to its first sheet, and from one sheet to the next: wide enough to see between them.

    Args:
        rows: of the face.
        cols: of the face.
        gap: of the layout.
    """
    return max(1.0, gap, min(rows, cols) * _SHEET_SHARE)


def slab_of(face: Face) -> list[float]:
    """A face as a volume; its cells are balls of at most one unit."""
    across = span_of(face.across, face.cols, face.col_split)
    down = span_of(face.down, face.rows, face.row_split)
    normal = cross(face.across, face.down)
    return spanned(add(face.origin, scale(normal, -0.5)), across, down, normal)


def span_of(step: Vec3, count: int, split: Split | None) -> Vec3:
    """Vector from the outer edge of the first cell to that of the last.

    Args:
        step: from a cell to the next.
        count: number of cells.
        split: their blocks, or None.
    """
    return scale(step, count if split is None or not count else split.place(count - 1) + 1)


def body_of(box: Box) -> list[float]:
    """The body of a box as a volume."""
    xyz = list(zip(*box_corners(box), strict=True))
    return [*map(min, xyz), *map(max, xyz)]
