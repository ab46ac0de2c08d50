"""Outlines of faces in the picture, and the geometry of convex polygons that places texts beside them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from matcube.playback.camera import NEAR, TAN_HALF, Eye, corners_of, to_picture, view_axes
from matcube.playback.labels import Rect, Spot
from matcube.playback.order import back_to_front
from matcube.wire import Face

Polygon = tuple[Spot, ...]

MOST_ROOM = 60.0
CLIP = 0.02  # of the depth of the farthest corner: what is nearer is cut off


@dataclass(frozen=True)
class Outline:
    """A face in the picture.

    Args:
        face: the face.
        polygon: its corners from displayed cell (0, 0) on; more or fewer where the eye's plane cuts it.
        seen: the part of the polygon inside the picture; empty if there is none.
        whole: all four corners are in front of the eye.
        room: how far its balls extend beyond it, pixels.
        home: the outline with the balls.
        rank: its place in painting order; a greater one is painted later.
    """

    face: Face
    polygon: Polygon
    seen: Polygon
    whole: bool
    room: float
    home: Polygon
    rank: int

    @property
    def extent(self) -> float:
        """Square root of its area, pixels."""
        return math.sqrt(area_of(self.polygon))

    @property
    def is_cut(self) -> bool:
        """Whether the picture does not show all of it."""
        return not self.whole or area_of(self.seen) < 0.999 * area_of(self.polygon)


def outlines_of(faces: Sequence[Face], eye: Eye) -> list[Outline]:
    """The outlines of faces that lie in front of the eye, at least in part.

    Args:
        faces: of the figure.
        eye: position, axes and size of the picture.
    """
    rank = {index: place for place, index in enumerate(back_to_front(faces, eye.position))}
    made = (_outline(face, eye, rank[n]) for n, face in enumerate(faces))
    return [outline for outline in made if outline is not None]


def _outline(face: Face, eye: Eye, rank: int) -> Outline | None:
    local = view_axes(eye, corners_of(face))
    far = float(local[:, 2].max())
    if far <= NEAR:
        return None
    near = max(NEAR, CLIP * far)
    whole = bool(local[:, 2].min() > near)
    points = local if whole else np.array(_in_front(local.tolist(), near))
    if len(points) < 3:
        return None
    polygon = tuple((float(x), float(y)) for x, y in to_picture(eye, points))
    seen = clipped(polygon, Rect(0, 0, eye.width, eye.height))
    room, more = 0.0, 1.0
    if whole:
        half = eye.height / (4 * TAN_HALF * float(local[:, 2].mean()))  # half a cell, pixels
        sides = _across(polygon, 0), _across(polygon, 1)
        room = min(max(half - min(sides[0] / max(face.high, 1), sides[1] / max(face.wide, 1)), 0), MOST_ROOM)
        more = 1 + min(room / max(*sides, 1e-9), 2.0)
    x, y = middle_of(polygon)
    home = tuple((x + (a - x) * more, y + (b - y) * more) for a, b in polygon)
    return Outline(face, polygon, seen, whole, room, home, rank)


def _in_front(points: list[list[float]], near: float) -> list[list[float]]:
    """The part of a polygon in view axes that is deeper than ``near``."""
    out = []
    for n, a in enumerate(points):
        b = points[(n + 1) % len(points)]
        p, q = a[2] - near, b[2] - near
        if p >= 0:
            out.append(a)
        if (p < 0) != (q < 0):
            t = p / (p - q)
            out.append([a[axis] + (b[axis] - a[axis]) * t for axis in range(3)])
    return out


def _across(polygon: Polygon, side: int) -> float:
    """Distance from a face's middle to the line of its upper (0) or right (1) side, pixels."""
    (ax, ay), (bx, by) = polygon[side], polygon[side + 1]
    x, y = middle_of(polygon)
    return abs((bx - ax) * (y - ay) - (by - ay) * (x - ax)) / max(math.hypot(bx - ax, by - ay), 1e-9)


def clipped(polygon: Polygon, area: Rect) -> Polygon:
    """The part of a convex polygon that lies in a rectangle.

    Args:
        polygon: corners in order.
        area: the rectangle.
    """
    points = list(polygon)
    limits = ((0, 1, area.x), (0, -1, area.x + area.w), (1, 1, area.y), (1, -1, area.y + area.h))
    for axis, sign, limit in limits:
        out: list[Spot] = []
        for n, a in enumerate(points):
            b = points[(n + 1) % len(points)]
            p, q = sign * (a[axis] - limit), sign * (b[axis] - limit)
            if p >= 0:
                out.append(a)
            if (p < 0) != (q < 0):
                t = p / (p - q)
                out.append((a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t))
        points = out
    return tuple(points)


def apart(a: Polygon, b: Polygon, margin: float = 0.0) -> bool:
    """Whether a line separates two convex polygons, with ``margin`` pixels between them.

    Lines along a side of either polygon are tried.

    Args:
        a: corners in order.
        b: corners of another.
        margin: pixels; a negative one lets them overlap a little.

    Example:
        >>> unit = ((0, 0), (1, 0), (1, 1), (0, 1))
        >>> [apart(unit, ((2, 0), (3, 0), (3, 1), (2, 1)), m) for m in (0.5, 1.5)]
        [True, False]
    """
    if len(a) < 3 or len(b) < 3:
        return True
    for polygon in (a, b):
        for n, (x, y) in enumerate(polygon):
            end = polygon[(n + 1) % len(polygon)]
            dx, dy = y - end[1], end[0] - x
            size = math.hypot(dx, dy)
            if size < 1e-9:
                continue
            own = [p[0] * dx + p[1] * dy for p in a]
            other = [p[0] * dx + p[1] * dy for p in b]
            if max(min(other) - max(own), min(own) - max(other)) >= margin * size:
                return True
    return False


def within(inner: Polygon, outer: Polygon) -> bool:
    """Whether all corners of a polygon lie in another, which is convex.

    Args:
        inner: corners.
        outer: corners in order.
    """
    sides = list(zip(outer, outer[1:] + outer[:1], strict=True))
    for x, y in inner:
        turns = [(b[0] - a[0]) * (y - a[1]) - (b[1] - a[1]) * (x - a[0]) for a, b in sides]
        if not (all(turn >= 0 for turn in turns) or all(turn <= 0 for turn in turns)):
            return False
    return bool(sides)


def box_of(polygon: Polygon) -> Rect:
    """The upright rectangle around a polygon."""
    xs, ys = [p[0] for p in polygon], [p[1] for p in polygon]
    return Rect(min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))


def corners_of_rect(rect: Rect) -> Polygon:
    """The corners of a rectangle."""
    right, below = rect.x + rect.w, rect.y + rect.h
    return (rect.x, rect.y), (right, rect.y), (right, below), (rect.x, below)


def area_of(points: Polygon) -> float:
    """The area of a polygon, square pixels."""
    twice = sum(p[0] * q[1] - q[0] * p[1] for p, q in zip(points, points[1:] + points[:1], strict=True))
    return abs(twice) / 2


def middle_of(points: Polygon) -> Spot:
    """The mean of the corners."""
    return sum(p[0] for p in points) / len(points), sum(p[1] for p in points) / len(points)
