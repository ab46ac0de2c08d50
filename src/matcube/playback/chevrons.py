"""Which way a product flows: chevrons in the gaps between the faces of a box; see docs/drawing.md.

Lengths are pixels of the finished picture.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from matcube.playback.camera import NEAR, Eye, corners_of, project
from matcube.playback.mark import Mark
from matcube.wire import Box, Face

Floats = NDArray[np.float64]

ARM = (7.2, 4.5)  # of a stroke, along and across
APART = 8.5  # the two strokes
OPACITIES = (0.4, 0.9)
WIDTH = 1.6
CLEAR = 20.0  # from every face
BETWEEN = 24.0  # from each other
BEYOND = 34.0  # the ends of an edge
MOST_BOXES = 24


def chevrons(
    boxes: Sequence[Box],
    faces: Sequence[Face],
    by_id: Mapping[int, Face],
    *,
    eye: Eye,
    pixel: float,
    colour: int,
) -> list[Mark]:
    """Two for each box where there is room: from either argument to the result.

    Args:
        boxes: visible ones.
        faces: visible ones, which chevrons keep clear of.
        by_id: all faces of the layout.
        eye: of the picture.
        pixel: the angle of a pixel of the finished picture.
        colour: 0xRRGGBB.
    """
    if len(boxes) > MOST_BOXES or not faces:
        return []
    corners = np.stack([corners_of(face) for face in faces])
    spots, depths = project(eye, corners.reshape(-1, 3))
    if depths.min() <= NEAR:
        return []
    size = pixel / eye.pixel_angle
    polygons = spots.reshape(-1, 4, 2) / size
    placed: list[Floats] = []
    out: list[Mark] = []
    for box in boxes:
        for face in (box.left, box.right):
            spot = _place(by_id[face], by_id[box.result], eye, size, polygons, placed)
            if spot is not None:
                point, way = spot
                placed.append(project(eye, point[None])[0][0] / size)
                out += _strokes(point, way, eye, pixel, colour)
    return out


def _place(
    face: Face, result: Face, eye: Eye, size: float, polygons: Floats, placed: list[Floats]
) -> tuple[Floats, Floats] | None:
    """A free point of the world between two faces, and the direction there in the picture."""
    for start, end in _candidates(face, result, eye, size):
        middle = (start + end) / 2
        seen, depth = project(eye, np.stack([start, end, middle]))
        if depth.min() <= NEAR:
            continue
        a, b, spot = seen / size
        way = b - a
        long = float(np.hypot(*way))
        is_inside = bool(np.all((spot > CLEAR) & (spot < np.array([eye.width, eye.height]) / size - CLEAR)))
        if long < 1 or not is_inside or any(np.hypot(*(spot - other)) < BETWEEN for other in placed):
            continue
        if _away(spot, polygons) >= CLEAR:
            return middle, way / long
    return None


def _candidates(face: Face, result: Face, eye: Eye, size: float) -> Iterator[tuple[Floats, Floats]]:
    """Points of the edge of an argument that is nearest to the result, and those beside them."""
    own, other = (_edges(corners_of(side)) for side in (face, result))
    pairs = [(a, b) for a in own for b in other]
    a, b = min(pairs, key=_apart)
    if float(np.linalg.norm(a - b)) > float(np.linalg.norm(a - b[::-1])):
        b = b[::-1]
    seen, depth = project(eye, a)
    if depth.min() <= NEAR:
        return
    if seen[0, 1] > seen[1, 1]:  # the lower end is the second
        a, b = a[::-1], b[::-1]
    beyond = BEYOND / max(float(np.hypot(*(seen[1] - seen[0]))) / size, 1.0)
    for t in (1.0, 0.5, 0.0, 1 + beyond, -beyond):
        yield a[0] + (a[1] - a[0]) * t, b[0] + (b[1] - b[0]) * t


def _apart(pair: tuple[Floats, Floats]) -> float:
    """The distance of the middles of two edges, so far as it tells them apart."""
    return round(float(np.linalg.norm(pair[0].mean(axis=0) - pair[1].mean(axis=0))), 6)


def _edges(corners: Floats) -> list[Floats]:
    return [np.stack([corners[n], corners[(n + 1) % 4]]) for n in range(4)]


def _away(spot: Floats, polygons: Floats) -> float:
    """The least distance of a point to convex polygons (n, 4, 2); 0 inside one."""
    ahead = np.roll(polygons, -1, axis=1)
    side, off = ahead - polygons, spot - polygons
    along = np.maximum((side**2).sum(axis=2), 1e-9)
    t = np.clip((side * off).sum(axis=2) / along, 0.0, 1.0)[..., None]
    distance = np.linalg.norm(off - side * t, axis=2)
    turn = side[..., 0] * off[..., 1] - side[..., 1] * off[..., 0]
    inside = (turn >= 0).all(axis=1) | (turn <= 0).all(axis=1)
    return 0.0 if inside.any() else float(distance.min())


def _strokes(point: Floats, way: Floats, eye: Eye, pixel: float, colour: int) -> Iterator[Mark]:
    unit = float((point - eye.position) @ eye.forward) * pixel
    along = (eye.right * way[0] - eye.up * way[1]) * unit
    across = (eye.right * way[1] + eye.up * way[0]) * unit
    for n, opacity in enumerate(OPACITIES):
        tip = point + along * (APART * (n - 0.5) + ARM[0] / 2)
        for turn in (-1, 1):
            yield Mark(
                np.stack([tip, tip - along * ARM[0] + across * (turn * ARM[1])]), colour, opacity, WIDTH
            )
