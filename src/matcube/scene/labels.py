"""Where legends go: greedy by priority, each at the first place that is free.

Pure, so that the same input gives the same picture; ``viewer/src/core/labels.ts`` is the same rule, and
``tests/vectors/labels.json`` holds both to it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

Spot = tuple[float, float]
Size = tuple[float, float]

MARGIN = 4.0
ALONG = (0.5, 0.35, 0.65, 0.2, 0.8)
SMALLEST, FULL = 16.0, 56.0


@dataclass(frozen=True)
class Rect:
    """A rectangle in the picture: left upper corner and size, in pixels."""

    x: float
    y: float
    w: float
    h: float


@dataclass(frozen=True)
class Wish:
    """A text that wants a place; ``spots`` are centres, the best first."""

    id: str
    priority: float
    w: float
    h: float
    spots: tuple[Spot, ...] = field(default=())


@dataclass(frozen=True)
class Placed:
    """A text that has found its place."""

    id: str
    rect: Rect


def overlap(a: Rect, b: Rect, *, margin: float = 0.0) -> bool:
    """Two rectangles share inner area, or come nearer than ``margin``."""
    return (
        a.x < b.x + b.w + margin
        and b.x < a.x + a.w + margin
        and a.y < b.y + b.h + margin
        and b.y < a.y + a.h + margin
    )


def place(
    wishes: Sequence[Wish], *, area: Rect, taken: Sequence[Rect] = (), margin: float = MARGIN
) -> list[Placed]:
    """Place wishes inside ``area``; what finds no spot is left out.

    Args:
        wishes: higher priority goes first, equal ones in order of id.
        area: the picture, or the part of it that may hold texts.
        taken: rectangles that are taken already.
        margin: pixels kept free between two texts.

    Returns:
        The placed ones, in the order in which they were placed.

    Example:
        >>> two = [Wish("a", 1, 9, 9, ((10, 10),)), Wish("b", 2, 9, 9, ((12, 10), (40, 10)))]
        >>> [p.id for p in place(two, area=Rect(0, 0, 100, 20))]
        ['b']
    """
    placed: list[Placed] = []
    for wish in sorted(wishes, key=lambda w: (-w.priority, w.id)):
        for spot in wish.spots:
            rect = rect_at(spot, (wish.w, wish.h))
            if (
                _within(rect, area)
                and not any(overlap(rect, other, margin=margin) for other in taken)
                and not any(overlap(rect, other.rect, margin=margin) for other in placed)
            ):
                placed.append(Placed(wish.id, rect))
                break
    return placed


def spots_beside(a: Spot, b: Spot, *, inside: Spot, size: Size, gap: float) -> list[Spot]:
    """Centres for a text beside an edge from a to b, away from ``inside``, clear of it by ``gap``.

    The middle first, then along it.
    """
    length = math.hypot(b[0] - a[0], b[1] - a[1])
    if length < 1e-6:
        return []
    nx, ny = (b[1] - a[1]) / length, (a[0] - b[0]) / length
    mx, my = (a[0] + b[0]) / 2, (a[1] + b[1]) / 2
    if (mx - inside[0]) * nx + (my - inside[1]) * ny < 0:
        nx, ny = -nx, -ny
    away = (abs(nx) * size[0] + abs(ny) * size[1]) / 2 + gap
    return [(a[0] + (b[0] - a[0]) * t + nx * away, a[1] + (b[1] - a[1]) * t + ny * away) for t in ALONG]


def around(polygon: Sequence[Spot], *, centre: Spot, size: Size, gap: float = 6.0) -> list[Spot]:
    """Centres for a text around a face's outline, side by side."""
    out: list[Spot] = []
    for n, corner in enumerate(polygon):
        out += spots_beside(corner, polygon[(n + 1) % len(polygon)], inside=centre, size=size, gap=gap)
    return out


def covers(polygon: Sequence[Spot], rect: Rect) -> bool:
    """A convex polygon and a rectangle share area (separating axes)."""
    if len(polygon) < 3:
        return False
    corners = [(rect.x, rect.y), (rect.x + rect.w, rect.y),
               (rect.x + rect.w, rect.y + rect.h), (rect.x, rect.y + rect.h)]  # fmt: skip
    axes = [(1.0, 0.0), (0.0, 1.0)]
    for n, start in enumerate(polygon):
        end = polygon[(n + 1) % len(polygon)]
        axes.append((start[1] - end[1], end[0] - start[0]))
    for axis in axes:
        one = [p[0] * axis[0] + p[1] * axis[1] for p in polygon]
        two = [p[0] * axis[0] + p[1] * axis[1] for p in corners]
        if not (min(one) < max(two) and min(two) < max(one)):
            return False
    return True


def fading(extent_px: float) -> float:
    """How strongly the legend of a face of this extent (square root of its area) shows, 0 to 1."""
    return min(max((extent_px - SMALLEST) / (FULL - SMALLEST), 0.0), 1.0)


def rect_at(spot: Spot, size: Size) -> Rect:
    """Rectangle of a text centred at ``spot``."""
    return Rect(spot[0] - size[0] / 2, spot[1] - size[1] / 2, size[0], size[1])


def _within(rect: Rect, area: Rect) -> bool:
    return (
        rect.x >= area.x
        and rect.y >= area.y
        and rect.x + rect.w <= area.x + area.w
        and rect.y + rect.h <= area.y + area.h
    )
