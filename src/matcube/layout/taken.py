"""What faces and boxes of a placement take up, as axis-aligned volumes."""

from __future__ import annotations

from matcube.layout.extent import box_corners
from matcube.layout.frame import add, cross, scale, spanned
from matcube.wire import Box, Face, Split, Vec3


def slab_of(face: Face) -> list[float]:
    """A face as a volume: its cells are balls of at most one unit."""
    across = span_of(face.across, face.cols, face.col_split)
    down = span_of(face.down, face.rows, face.row_split)
    normal = cross(face.across, face.down)
    return spanned(add(face.origin, scale(normal, -0.5)), across, down, normal)


def span_of(step: Vec3, count: int, split: Split | None) -> Vec3:
    """From the outer edge of the first of so many cells to that of the last."""
    return scale(step, count if split is None or not count else split.place(count - 1) + 1)


def body_of(box: Box) -> list[float]:
    """The body of a box as a volume."""
    xyz = list(zip(*box_corners(box), strict=True))
    return [*map(min, xyz), *map(max, xyz)]
