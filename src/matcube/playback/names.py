"""Names of faces: on the plane of the face along one of its edges, else upright beside it.

See docs/drawing.md, "Names".
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

from matcube.playback.camera import Eye
from matcube.playback.labels import Rect, Size, Spot, lead_of, rect_at, spots_beside
from matcube.playback.on_plane import on_plane
from matcube.playback.outlines import (
    Outline,
    Polygon,
    apart,
    area_of,
    box_of,
    clipped,
    corners_of_rect,
    middle_of,
    within,
)
from matcube.playback.writing import PAD, SPACE_EM, Name, Writing, area_in, em_px

STEPS = (1.0, 0.8, 0.64, 0.5)  # sizes that are tried on a plane
LEAST_FACE = 40.0  # pixels: smaller faces have upright names
LINE = 1.5  # ems
MARGIN = 3.0  # pixels between texts, and from a text to a face
ROOM = 6.0  # for the balls of a face, pixels
GAPS = (8.0, 36.0, 64.0, 100.0, 150.0, 220.0)
FAR_SHARE = 0.25  # of the picture's shorter side
GRID = (14.0, 9.0)  # pixels between places in the whole picture
SMALL_PX = 10.0


def place_names(
    names: Sequence[Name],
    outlines: Sequence[Outline],
    eye: Eye,
    *,
    size: float = 1.0,
    taken: Sequence[Rect] = (),
    soft: Sequence[Polygon] = (),
) -> list[Writing]:
    """Names at their first free places; in order of priority, then of id.

    A name covers no other name, nothing ``taken`` and no face but its own, and that only where nothing is
    painted over it.

    Args:
        names: to write.
        outlines: of all faces.
        eye: of the picture.
        size: factor of the style.
        taken: occupied rectangles.
        soft: outlines that are avoided where a place beside the face allows it.
    """
    page = _Page(outlines, eye, [corners_of_rect(rect) for rect in taken])
    done: list[Writing] = []
    for name in sorted(names, key=lambda n: (-n.priority, n.id)):
        own = outlines[name.outline]
        if len(own.seen) < 3:
            continue
        for writing, is_near in _candidates(name, own, eye, size):
            if not page.takes(writing, own) or (
                is_near and any(not apart(writing.quad, strip, 0.0) for strip in soft)
            ):
                continue
            page.add(writing)
            done.append(writing)
            break
    return done


class _Page:
    """What names may not cover."""

    def __init__(self, outlines: Sequence[Outline], eye: Eye, taken: list[Polygon]) -> None:
        self.outlines = [(o, box_of(o.seen)) for o in outlines if len(o.seen) >= 3]
        self.area = area_in(eye)
        self.texts = [(polygon, box_of(polygon)) for polygon in taken]
        self.leads: list[Polygon] = []

    def takes(self, writing: Writing, own: Outline) -> bool:
        """Whether the place is free."""
        quad, area = writing.quad, self.area
        box = box_of(quad)
        if not (
            box.x >= area.x and box.y >= area.y
            and box.x + box.w <= area.x + area.w and box.y + box.h <= area.y + area.h
        ):  # fmt: skip
            return False
        if any(_near(box, other, MARGIN) and not apart(quad, text, MARGIN) for text, other in self.texts):
            return False
        if any(not apart(quad, lead, 1.0) for lead in self.leads):
            return False
        if any(_covered(writing, quad, box, own, *entry) for entry in self.outlines):
            return False
        return writing.lead is None or not self._crosses(_as_polygon(writing.lead))

    def _crosses(self, lead: Polygon) -> bool:
        return any(not apart(lead, text, 1.0) for text, _ in self.texts)

    def add(self, writing: Writing) -> None:
        self.texts.append((writing.quad, box_of(writing.quad)))
        if writing.lead is not None:
            self.leads.append(_as_polygon(writing.lead))


def _covered(
    writing: Writing, quad: Polygon, box: Rect, own: Outline, outline: Outline, around: Rect
) -> bool:
    """Whether a writing lies on an outline where it may not."""
    if outline is own:
        if writing.flat:
            return False
        if writing.own:
            return not within(quad, own.seen)
    elif writing.own and outline.rank < own.rank:
        return False
    room = 1.0 if writing.own else min(outline.room, ROOM) + MARGIN
    return _near(box, around, room) and not apart(quad, outline.seen, room)


def _near(a: Rect, b: Rect, margin: float) -> bool:
    return (
        a.x < b.x + b.w + margin
        and b.x < a.x + a.w + margin
        and a.y < b.y + b.h + margin
        and b.y < a.y + a.h + margin
    )


def _as_polygon(lead: tuple[Spot, Spot]) -> Polygon:
    (ax, ay), (bx, by) = lead
    return (ax, ay), (bx, by), ((ax + bx) / 2, (ay + by) / 2)


def _candidates(name: Name, own: Outline, eye: Eye, size: float) -> Iterator[tuple[Writing, bool]]:
    """Writings of a name, the best first, and whether each is beside its face."""
    small = em_px(eye, flat=False, size=size)
    sizes = (True, False) if name.weak > 0 else (False,)
    for near in _beside_face(name, own, eye, size, sizes):
        yield near, True
    inner = _on_cells(name, own, eye, small, sizes)
    if own.is_cut:
        yield from ((writing, False) for writing in inner)
    if not name.beside:
        yield from ((writing, False) for writing in _farther(name, own, eye, small, sizes))
    if not own.is_cut:
        yield from ((writing, False) for writing in inner)
    if name.always and not name.beside:
        for px in (small, min(small, SMALL_PX * max(size, 0.7))):
            yield from ((writing, False) for writing in _anywhere(name, own, eye, px))


def _beside_face(
    name: Name, own: Outline, eye: Eye, size: float, sizes: tuple[bool, ...]
) -> Iterator[Writing]:
    """On the plane, then upright."""
    large, small = em_px(eye, flat=True, size=size), em_px(eye, flat=False, size=size)
    flat = math.sqrt(area_of(own.seen)) >= LEAST_FACE
    for sized in sizes if flat else ():
        for step in STEPS:
            yield from on_plane(name, own, eye, large * step, sized=sized)
    for sized in sizes:
        yield from _beside(name, own, small, sized=sized)


def _size_of(name: Name, px: float, *, sized: bool) -> Size:
    """The box of an upright name; its size is written at the same em."""
    wide = name.strong + (SPACE_EM + name.weak if sized else 0.0)
    return wide * px + 2 * PAD, math.floor(px * LINE + 0.5)


def _upright(name: Name, spot: Spot, size: Size, px: float, *, sized: bool) -> Writing:
    rect = rect_at(spot, size)
    return Writing(name.id, (rect.x, rect.y), (1.0, 0.0), (0.0, 1.0), px, size, sized)


def _beside(name: Name, own: Outline, px: float, *, sized: bool) -> Iterator[Writing]:
    size, centre = _size_of(name, px, sized=sized), middle_of(own.polygon)
    for spot in _around(own.seen, centre, size, GAPS[0] + own.room):
        yield _upright(name, spot, size, px, sized=sized)


def _farther(name: Name, own: Outline, eye: Eye, px: float, sizes: tuple[bool, ...]) -> Iterator[Writing]:
    """Around the face farther off, with a line to it."""
    centre = middle_of(own.seen)
    reach = max(math.hypot(x - centre[0], y - centre[1]) for x, y in own.seen)
    most = max(GAPS[2], FAR_SHARE * min(eye.width, eye.height))
    gaps = [gap + own.room for gap in GAPS[1:] if gap <= most]
    for sized in sizes:
        size = _size_of(name, px, sized=sized)
        for gap in gaps:
            for spot in [*_around(own.seen, centre, size, gap), *_ring(centre, reach + gap, size)]:
                yield _led(_upright(name, spot, size, px, sized=sized), own)


def _on_cells(name: Name, own: Outline, eye: Eye, px: float, sizes: tuple[bool, ...]) -> Iterator[Writing]:
    """On the face itself, near the upper rim of what is seen of it."""
    room = clipped(own.seen, area_in(eye))
    if len(room) < 3:
        return
    box = box_of(room)
    for sized in sizes:
        size = _size_of(name, px, sized=sized)
        for down in (0.06, 0.16, 0.3, 0.5, 0.7, 0.84, 0.94):
            for right in (0.5, 0.2, 0.8, 0.35, 0.65, 0.08, 0.92):
                spot = box.x + box.w * right, box.y + box.h * down
                yield replace(_upright(name, spot, size, px, sized=sized), own=True)


def _anywhere(name: Name, own: Outline, eye: Eye, px: float) -> Iterator[Writing]:
    """Over the whole picture, nearest first, with a line to the face."""
    size, (x, y), area = _size_of(name, px, sized=False), middle_of(own.seen), area_in(eye)
    spots = [
        (area.x + size[0] / 2 + GRID[0] * n, area.y + size[1] / 2 + GRID[1] * m)
        for m in range(math.floor(area.h / GRID[1]))
        for n in range(math.floor(area.w / GRID[0]))
    ]
    spots.sort(key=lambda spot: (spot[0] - x) ** 2 + (spot[1] - y) ** 2)
    for spot in spots:
        yield _led(_upright(name, spot, size, px, sized=False), own)


def _led(writing: Writing, own: Outline) -> Writing:
    lead = lead_of(own.seen, Rect(*writing.at, *writing.size))
    return replace(writing, lead=lead)


def _around(polygon: Polygon, centre: Spot, size: Size, gap: float) -> list[Spot]:
    """Centres for a text around an outline, side by side."""
    out: list[Spot] = []
    for n, corner in enumerate(polygon):
        out += spots_beside(corner, polygon[(n + 1) % len(polygon)], inside=centre, size=size, gap=gap)
    return out


def _ring(centre: Spot, radius: float, size: Size) -> list[Spot]:
    """Twelve centres for a text around a circle, outside it."""
    turns = [n * math.pi / 6 for n in range(12)]
    return [
        (centre[0] + math.cos(t) * (radius + size[0] / 2), centre[1] + math.sin(t) * (radius + size[1] / 2))
        for t in turns
    ]
