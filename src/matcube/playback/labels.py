"""Placement of legends in the picture: greedy by priority, each text at its first free spot."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

Spot = tuple[float, float]
Size = tuple[float, float]

MARGIN = 4.0
ALONG = (0.5, 0.35, 0.65, 0.2, 0.8)
SMALLEST, FULL = 16.0, 56.0
LEAD = 20.0  # pixels between a text and its home from which a line connects them


@dataclass(frozen=True)
class Rect:
    """A rectangle in the picture: left upper corner and size, in pixels."""

    x: float
    y: float
    w: float
    h: float


@dataclass(frozen=True)
class Wish:
    """A text to place: ``spots`` are centres, the best first, ``home`` is the outline that it labels."""

    id: str
    priority: float
    w: float
    h: float
    spots: Iterable[Spot] = field(default=())
    home: tuple[Spot, ...] = ()


@dataclass(frozen=True)
class Placed:
    """A placed text; ``lead`` is a line to its home, if that is not beside it."""

    id: str
    rect: Rect
    lead: tuple[Spot, Spot] | None = None


def overlap(a: Rect, b: Rect, *, margin: float = 0.0) -> bool:
    """Whether two rectangles share inner area, or are nearer than a margin.

    Args:
        a: a rectangle.
        b: another.
        margin: pixels.
    """
    return (
        a.x < b.x + b.w + margin
        and b.x < a.x + a.w + margin
        and a.y < b.y + b.h + margin
        and b.y < a.y + a.h + margin
    )


def place(
    wishes: Sequence[Wish], *, area: Rect, taken: Sequence[Rect] = (), margin: float = MARGIN
) -> list[Placed]:
    """Place texts inside ``area``; a text without a free spot is left out.

    Each gets its first free spot; a later one, if there the line to its home crosses no text and the text no
    line.

    Args:
        wishes: higher priority first, equal priorities in order of id.
        area: the picture, or the part of it for texts.
        taken: occupied rectangles.
        margin: free pixels between two texts.

    Returns:
        The placed texts, in the order of placement.

    Example:
        >>> two = [Wish("a", 1, 9, 9, ((10, 10),)), Wish("b", 2, 9, 9, ((12, 10), (40, 10)))]
        >>> [p.id for p in place(two, area=Rect(0, 0, 100, 20))]
        ['b']
    """
    placed: list[Placed] = []
    for wish in sorted(wishes, key=lambda w: (-w.priority, w.id)):
        best: Placed | None = None
        for spot in wish.spots:
            rect = rect_at(spot, (wish.w, wish.h))
            if (
                _within(rect, area)
                and not any(overlap(rect, other, margin=margin) for other in taken)
                and not any(overlap(rect, other.rect, margin=margin) for other in placed)
            ):
                candidate = Placed(wish.id, rect, lead_of(wish.home, rect))
                best = best or candidate
                if not any(_crosses(candidate.lead, p.rect) or _crosses(p.lead, rect) for p in placed):
                    best = candidate
                    break
        if best is not None:
            placed.append(best)
    return placed


def lead_of(home: Sequence[Spot], rect: Rect) -> tuple[Spot, Spot] | None:
    """The line from a text to the nearest point of its home, a little inside; None if they are close."""
    wide = Rect(rect.x - LEAD, rect.y - LEAD, rect.w + 2 * LEAD, rect.h + 2 * LEAD)
    if len(home) < 3 or covers(home, wide):
        return None
    to = (rect.x + rect.w / 2, rect.y + rect.h / 2)
    inner = sum(p[0] for p in home) / len(home), sum(p[1] for p in home) / len(home)
    x, y = min(
        (_nearest(a, home[(n + 1) % len(home)], to) for n, a in enumerate(home)),
        key=lambda at: math.hypot(at[0] - to[0], at[1] - to[1]),
    )
    end = (x + 0.2 * (inner[0] - x), y + 0.2 * (inner[1] - y))
    return (min(max(end[0], rect.x), rect.x + rect.w), min(max(end[1], rect.y), rect.y + rect.h)), end


def _nearest(a: Spot, b: Spot, to: Spot) -> Spot:
    """The point of a segment nearest to another."""
    dx, dy = b[0] - a[0], b[1] - a[1]
    t = ((to[0] - a[0]) * dx + (to[1] - a[1]) * dy) / max(dx * dx + dy * dy, 1e-9)
    t = min(max(t, 0.0), 1.0)
    return a[0] + t * dx, a[1] + t * dy


def _crosses(lead: tuple[Spot, Spot] | None, rect: Rect) -> bool:
    if lead is None:
        return False
    (ax, ay), (bx, by) = lead
    return covers(((ax, ay), (bx, by), ((ax + bx) / 2, (ay + by) / 2)), rect)


def spots_beside(a: Spot, b: Spot, *, inside: Spot, size: Size, gap: float) -> list[Spot]:
    """Centres for a text beside an edge, the middle of the edge first.

    Args:
        a: start of the edge.
        b: its end.
        inside: a point on the other side of the edge.
        size: of the text, pixels.
        gap: between text and edge, pixels.
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
    """Centres for a text around a face's outline, side by side.

    Args:
        polygon: the outline.
        centre: a point inside.
        size: of the text, pixels.
        gap: between text and outline, pixels.
    """
    out: list[Spot] = []
    for n, corner in enumerate(polygon):
        out += spots_beside(corner, polygon[(n + 1) % len(polygon)], inside=centre, size=size, gap=gap)
    return out


def covers(polygon: Sequence[Spot], rect: Rect) -> bool:
    """Whether a convex polygon and a rectangle share area (separating axes)."""
    if len(polygon) < 3:
        return False
    right, below = rect.x + rect.w, rect.y + rect.h
    if (
        all(p[0] <= rect.x for p in polygon)
        or all(p[0] >= right for p in polygon)
        or all(p[1] <= rect.y for p in polygon)
        or all(p[1] >= below for p in polygon)
    ):
        return False
    corners = [(rect.x, rect.y), (rect.x + rect.w, rect.y),
               (rect.x + rect.w, rect.y + rect.h), (rect.x, rect.y + rect.h)]  # fmt: skip
    axes = []
    for n, start in enumerate(polygon):
        end = polygon[(n + 1) % len(polygon)]
        axes.append((start[1] - end[1], end[0] - start[0]))
    for axis in axes:
        own, other = ([p[0] * axis[0] + p[1] * axis[1] for p in points] for points in (polygon, corners))
        if not (min(own) < max(other) and min(other) < max(own)):
            return False
    return True


def fading(extent_px: float) -> float:
    """The opacity of the legend of a face of this extent (square root of its area), 0 to 1."""
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
