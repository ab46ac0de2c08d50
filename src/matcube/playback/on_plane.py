"""Texts on the plane of a face, along one of its edges.

A text is drawn with one affine map, that of the plane in its middle. See docs/drawing.md, "Names".
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from matcube.playback.camera import NEAR, TAN_HALF, Eye
from matcube.playback.labels import Spot
from matcube.playback.outlines import Outline
from matcube.playback.plates import pad_of
from matcube.playback.writing import ASCENT, DESCENT, RIM, SPACE_EM, Name, Writing, size_px

Vec = tuple[float, float, float]

CAP = 0.72  # height of a capital, ems
EDGE_EM = 0.22  # from the edge of the plate to the text
LEAST_CAP = 9.0  # pixels of a capital across the line of text
LEAST_EM = 8.0  # pixels of an em along it
LEAST_SINE = 0.82  # of the angle between the two, 55°
LEAST_SHARE = 0.5  # of an em along the line to one across it, and the other way round
STEEPEST = 0.8  # slope of a line of text
OVERHANG = 2.0  # edges: the length of a text beside one
PARTS = 32  # of an edge, to find what is seen of it


class _Lens:
    """An eye in plain numbers: many single points are projected."""

    def __init__(self, eye: Eye) -> None:
        self.axes: tuple[Vec, Vec, Vec] = tuple(  # type: ignore[assignment]
            tuple(axis.tolist()) for axis in (eye.right, eye.up, eye.forward)
        )
        self.position: Vec = tuple(eye.position.tolist())
        self.width, self.height, self.pixel_angle = eye.width, eye.height, eye.pixel_angle

    def depth(self, point: Vec) -> float:
        """Of a point, cells."""
        return sum((p - q) * a for p, q, a in zip(point, self.position, self.axes[2], strict=True))

    def spot(self, point: Vec) -> Spot | None:
        """Where a point is in the picture; None behind the eye."""
        x, y, z = (p - q for p, q in zip(point, self.position, strict=True))
        right, up, depth = (a[0] * x + a[1] * y + a[2] * z for a in self.axes)
        if depth <= NEAR:
            return None
        unit = self.height / (2 * TAN_HALF * depth)
        return self.width / 2 + right * unit, self.height / 2 - up * unit

    def holds(self, spot: Spot | None) -> bool:
        """Whether a spot is in the part of the picture for texts."""
        if spot is None:
            return False
        return RIM <= spot[0] <= self.width - RIM and RIM <= spot[1] <= self.height - RIM


def on_plane(name: Name, own: Outline, eye: Eye, px: float, *, sized: bool) -> Iterator[Writing]:
    """Writings along the upper, lower, left and right edge, outside it; at its start, end and middle.

    Args:
        name: to write.
        own: the outline of its face.
        eye: of the picture.
        px: em before perspective, pixels.
        sized: with the size of the matrix.
    """
    face, lens = own.face, _Lens(eye)
    down, across = face.down, face.across
    edges = (
        (face.origin, across, face.wide, _along((0, 0, 0), down, -1)),
        (_along(face.origin, down, face.high), across, face.wide, down),
        (face.origin, down, face.high, _along((0, 0, 0), across, -1)),
        (_along(face.origin, across, face.wide), down, face.high, across),
    )
    wide = name.strong + (SPACE_EM + size_px(px, flat=True) / px * name.weak if sized else 0.0)
    for start, way, length, outward in edges:
        low, high = _visible_part(start, way, length, lens)
        if high <= low:
            continue
        first, last = lens.spot(_along(start, way, low)), lens.spot(_along(start, way, high))
        if first is None or last is None:
            continue
        if last[0] < first[0]:
            start, way = _along(start, way, length), _along((0, 0, 0), way, -1)
            low, high = length - high, length - low
        em = px * lens.depth(_along(start, way, (low + high) / 2)) * lens.pixel_angle  # cells
        long = wide * em
        if long > OVERHANG * (high - low):
            continue
        for at in dict.fromkeys((low, high - long, (low + high - long) / 2)):
            foot = _along(_along(start, way, at), outward, pad_of(face))
            flat = _flat(name, foot, way, outward, em, wide, px, lens, sized=sized)
            if flat is not None:
                yield flat


def _along(point: Vec, way: Vec, steps: float) -> Vec:
    return point[0] + way[0] * steps, point[1] + way[1] * steps, point[2] + way[2] * steps


def _visible_part(start: Vec, way: Vec, length: int, lens: _Lens) -> tuple[float, float]:
    """The stretch of an edge inside the picture, in cells from its start."""
    shares = [length * n / PARTS for n in range(PARTS + 1)]
    seen = [share for share in shares if lens.holds(lens.spot(_along(start, way, share)))]
    return (seen[0], seen[-1]) if seen else (0.0, 0.0)


def _flat(
    name: Name, foot: Vec, way: Vec, outward: Vec, em: float, wide: float, px: float, lens: _Lens, *,
    sized: bool,
) -> Writing | None:  # fmt: skip
    """A text on a plane from a point of the edge of its plate on; None where it would be hard to read."""
    gap = EDGE_EM * em
    for side, baseline in ((1, gap + DESCENT * em), (-1, gap + ASCENT * em)):
        base = _along(foot, outward, baseline)
        middle = _along(base, way, wide * em / 2)
        points = base, _along(base, way, wide * em), middle, _along(middle, outward, side * em)
        a, b, c, d = (lens.spot(point) for point in points)
        if a is None or b is None or c is None or d is None:
            continue
        right = (b[0] - a[0]) / wide, (b[1] - a[1]) / wide  # of an em
        below = c[0] - d[0], c[1] - d[1]
        if _is_hard(right, below):
            continue
        return Writing(
            name.id,
            (a[0] - below[0] * ASCENT, a[1] - below[1] * ASCENT),
            (right[0] / px, right[1] / px),
            (below[0] / px, below[1] / px),
            px,
            (wide * px, (ASCENT + DESCENT) * px),
            sized,
            flat=True,
        )
    return None


def _is_hard(right: Spot, below: Spot) -> bool:
    """Whether text with these steps of an em is mirrored, slanted, narrow or low."""
    turn = right[0] * below[1] - right[1] * below[0]
    along, tall = math.hypot(*right), math.hypot(*below)
    return (
        turn <= LEAST_SINE * along * tall
        or CAP * turn < LEAST_CAP * along
        or along < max(LEAST_EM, LEAST_SHARE * tall)
        or tall < LEAST_SHARE * along
        or abs(right[1]) > STEEPEST * right[0]
        or below[1] < 0.3 * tall
    )
