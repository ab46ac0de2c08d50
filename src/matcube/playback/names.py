"""Names of faces: on the plane of the face along one of its edges, else upright beside it.

A text on a plane is drawn with one affine map, that of the plane in the middle of the text: pixel (s, t) of
the text is at ``at + s·right + t·down``. See docs/drawing.md, "Names".
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from matcube.playback.camera import NEAR, Eye, Floats, project
from matcube.playback.labels import Rect, Size, Spot, lead_of, rect_at, spots_beside
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

LARGE, LARGE_PX = 0.040, (14.0, 44.0)  # em of a name on a plane: of the picture's size, and its bounds
UPRIGHT, UPRIGHT_PX = 0.0145, (11.0, 14.0)
STEPS = (1.0, 0.8, 0.64, 0.5)  # sizes that are tried on a plane
SIZE_EM, SIZE_PX = 0.62, 10.5  # em of the size after a name: of that of the name, and at least
SPACE_EM = 0.45  # before the size, ems of the name
ASCENT, DESCENT, CAP = 0.80, 0.24, 0.72  # ems
EDGE_EM, EDGE_CELLS = 0.06, 0.5  # from the edge to the text
LEAST_CAP = 9.0  # pixels of a capital across the line of text
LEAST_EM = 8.0  # pixels of an em along it
LEAST_SINE = 0.60  # of the angle between the two
LEAST_WIDE = 0.45  # of an em along the line to one across it
STEEPEST = 0.8  # slope of a line of text
LEAST_FACE = 40.0  # pixels: smaller faces have upright names
OVERHANG = 2.0  # edges: the length of a text beside one
PAD = 5.0
LINE = 1.5  # ems
MARGIN = 3.0
ROOM = 6.0
GAPS = (8.0, 36.0, 64.0, 100.0, 150.0, 220.0)
FAR_SHARE = 0.25  # of the picture's shorter side
GRID = (14.0, 9.0)
SMALL_PX = 10.0
RIM = 4.0


@dataclass(frozen=True)
class Name:
    """A name to write.

    Args:
        id: unique.
        outline: index of the face's outline.
        strong: width of the name, ems.
        weak: width of the size after it, ems of its own, 0 for none.
        priority: the greater is placed first.
        always: it is written wherever there is room at all.
        beside: it is written only beside its face.
    """

    id: str
    outline: int
    strong: float
    weak: float
    priority: float
    always: bool = False
    beside: bool = False


@dataclass(frozen=True)
class Writing:
    """A name in the picture: pixel (s, t) of its text lies at ``at + s·right + t·down``.

    Args:
        id: of the name.
        at: upper left corner of the text's box.
        right: the step of one pixel of text along the line.
        down: the step of one pixel across the line.
        px: em, pixels of text.
        size: width and height of the box, pixels of text.
        sized: with the size of the matrix.
        flat: on the plane of its face.
        own: on the cells of its face.
        lead: a line to its face, if that is not beside it.
    """

    id: str
    at: Spot
    right: Spot
    down: Spot
    px: float
    size: Size
    sized: bool
    flat: bool = False
    own: bool = False
    lead: tuple[Spot, Spot] | None = None

    @property
    def quad(self) -> Polygon:
        """The corners of its box in the picture."""
        w, h = self.size
        return self.at, self.spot(w, 0.0), self.spot(w, h), self.spot(0.0, h)

    def spot(self, s: float, t: float) -> Spot:
        """Where a pixel of the text lies in the picture.

        Args:
            s: pixels of text from the left end.
            t: pixels of text from the top.
        """
        x, y = self.at
        return x + s * self.right[0] + t * self.down[0], y + s * self.right[1] + t * self.down[1]


def em_px(eye: Eye, *, flat: bool, size: float = 1.0) -> float:
    """The em of names in a picture, pixels.

    Args:
        eye: with the size of the picture.
        flat: on a plane, before perspective; else upright.
        size: factor of the style.
    """
    share, (least, most) = (LARGE, LARGE_PX) if flat else (UPRIGHT, UPRIGHT_PX)
    return size * min(max(share * math.sqrt(eye.width * eye.height), least), most)


def size_px(px: float, *, flat: bool) -> float:
    """The em of the size after a name of em ``px``, pixels.

    Args:
        px: em of the name, pixels.
        flat: on a plane; upright it is as large as the name.
    """
    return max(SIZE_EM * px, min(px, SIZE_PX)) if flat else px


def area_in(eye: Eye) -> Rect:
    """The part of the picture for texts."""
    return Rect(RIM, RIM, eye.width - 2 * RIM, eye.height - 2 * RIM)


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
            yield from _on_plane(name, own, eye, large * step, sized=sized)
    for sized in sizes:
        yield from _beside(name, own, small, sized=sized)


def _on_plane(name: Name, own: Outline, eye: Eye, px: float, *, sized: bool) -> Iterator[Writing]:
    """Along the upper, lower, left and right edge, outside it; at its start, its end and its middle."""
    face = own.face
    origin, across, down = (np.array(v, np.float64) for v in (face.origin, face.across, face.down))
    edges = (
        (origin, across, face.wide, -down),
        (origin + down * face.high, across, face.wide, down),
        (origin, down, face.high, -across),
        (origin + across * face.wide, down, face.high, across),
    )
    wide = name.strong + (SPACE_EM + size_px(px, flat=True) / px * name.weak if sized else 0.0)
    for start, way, length, outward in edges:
        low, high = _visible_part(start, way, length, eye)
        if high <= low:
            continue
        first, last = project(eye, np.stack([start + way * low, start + way * high]))[0]
        if last[0] < first[0]:
            start, way, low, high = start + way * length, -way, length - high, length - low
        middle = start + way * (low + high) / 2
        em = px * float((middle - eye.position) @ eye.forward) * eye.pixel_angle  # cells
        long = wide * em
        if long > OVERHANG * (high - low):
            continue
        places = (low, high - long, (low + high - long) / 2)
        for at in dict.fromkeys(places):
            flat = _flat(name, start + way * at, way, outward, em, wide, px, eye, sized=sized)
            if flat is not None:
                yield flat


def _visible_part(start: Floats, way: Floats, length: int, eye: Eye) -> tuple[float, float]:
    """The stretch of an edge inside the picture, in cells from its start."""
    share = np.linspace(0.0, length, 33)
    xy, depth = project(eye, start + share[:, None] * way)
    (left, top), (right, bottom) = (RIM, RIM), (eye.width - RIM, eye.height - RIM)
    x, y = xy.T
    inside = (depth > NEAR) & (x >= left) & (x <= right) & (y >= top) & (y <= bottom)
    seen = share[inside]
    return (float(seen[0]), float(seen[-1])) if seen.size else (0.0, 0.0)


def _flat(
    name: Name, foot: Floats, way: Floats, outward: Floats, em: float, wide: float, px: float, eye: Eye, *,
    sized: bool,
) -> Writing | None:  # fmt: skip
    """A text on a plane from a point of an edge on; None where it would be hard to read."""
    gap = EDGE_EM * em + EDGE_CELLS
    end, middle = foot + way * (wide * em), foot + way * (wide * em / 2)
    for up, baseline in ((outward, gap + DESCENT * em), (-outward, gap + ASCENT * em)):
        shift = outward * baseline
        points = np.stack([foot + shift, end + shift, middle + shift, middle + shift + up * em])
        xy, depth = project(eye, points)
        if depth.min() <= NEAR:
            continue
        right = float(xy[1, 0] - xy[0, 0]) / wide, float(xy[1, 1] - xy[0, 1]) / wide  # of an em
        below = float(xy[2, 0] - xy[3, 0]), float(xy[2, 1] - xy[3, 1])
        turn = right[0] * below[1] - right[1] * below[0]
        along, tall = math.hypot(*right), math.hypot(*below)
        if (
            turn <= LEAST_SINE * along * tall or CAP * turn < LEAST_CAP * along
            or along < max(LEAST_EM, LEAST_WIDE * tall)
            or abs(right[1]) > STEEPEST * right[0] or below[1] < 0.3 * tall
        ):  # fmt: skip
            continue
        return Writing(
            name.id,
            (float(xy[0, 0]) - below[0] * ASCENT, float(xy[0, 1]) - below[1] * ASCENT),
            (right[0] / px, right[1] / px),
            (below[0] / px, below[1] / px),
            px,
            (wide * px, (ASCENT + DESCENT) * px),
            sized,
            flat=True,
        )
    return None


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
