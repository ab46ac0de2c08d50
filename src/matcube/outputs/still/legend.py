"""Legends over the picture: names, shapes, edge letters and tokens, placed by ``playback.labels``."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np
from PIL import Image, ImageDraw

from matcube.outputs.still import words
from matcube.outputs.still.text import Run, rgb, shortened, width_of, write
from matcube.playback.camera import TAN_HALF, Eye, Floats, corners_of, project
from matcube.playback.labels import (
    Rect,
    Size,
    Spot,
    Wish,
    around,
    covers,
    fading,
    place,
    rect_at,
    spots_beside,
)
from matcube.playback.places import place as place_of
from matcube.playback.visible import Shown
from matcube.wire import Box, Face, Theme, extent

NAME_PX, LETTER_PX, TOKEN_PX = 14.0, 12.0, 10.5
TOKEN_APART = 11.0
TOKEN_MOST = 90.0
MOST_TOKENS = 300
PAD = 5.0
NAME_GAPS, LETTER_GAPS, TOKEN_GAP = (10.0, 36.0, 64.0, 100.0, 150.0, 220.0), (8.0, 24.0, 48.0), 4.0
FAR_SHARE = 0.25  # of the picture's shorter side: the greatest distance of a name from its face
LEAST_FADE = 0.2  # fainter texts are left out,
LEAST_OPACITY = 0.6  # others are at least this opaque
LEAST_NAMED = 8.0  # pixels from which a face with a name of its own is named
ROOM = 6.0  # pixels between a text and an outline, with the balls over its edge
MOST_ROOM = 60.0

Blocked = tuple[tuple[Spot, ...], float]  # an outline that no name or letter covers, and the distance from it


@dataclass(frozen=True)
class Label:
    """A text to place, with its runs, size and opacity."""

    wish: Wish
    runs: tuple[Run, ...]
    px: float
    opacity: float


@dataclass(frozen=True)
class Outline:
    """A face's four corners in the picture, all in front of the eye.

    Its balls extend ``room`` pixels beyond them; ``home`` is the outline with the balls.
    """

    face: Face
    polygon: tuple[Spot, ...]
    room: float
    home: tuple[Spot, ...]

    @property
    def extent(self) -> float:
        """Square root of its area, pixels."""
        return math.sqrt(_area(self.polygon))


def draw_legends(
    image: Image.Image, labels: list[Label], eye: Eye, theme: Theme, *, taken: list[Rect], zoom: float = 1.0
) -> None:
    """Write the labels that have a free spot.

    Args:
        image: the picture; changed.
        labels: candidates, from ``labels_of``.
        eye: of the picture before the zoom.
        theme: its colours.
        taken: occupied rectangles.
        zoom: pixels of the picture per pixel.
    """
    by_id = {label.wish.id: label for label in labels}
    area = Rect(4, 4, eye.width - 8, eye.height - 8)
    placed = place([label.wish for label in labels], area=area, taken=taken)
    draw = ImageDraw.Draw(image)
    for start, end in (label.lead for label in placed if label.lead is not None):
        (x, y), (tip_x, tip_y) = ((px * zoom, py * zoom) for px, py in (start, end))
        draw.line([x, y, tip_x, tip_y], fill=rgb(theme.muted), width=max(1, round(zoom)))
        dot = 2 * zoom
        draw.ellipse([tip_x - dot, tip_y - dot, tip_x + dot, tip_y + dot], fill=rgb(theme.muted))
    for label, rect in ((by_id[text.id], text.rect) for text in placed):
        write(
            image, label.runs, left=round(rect.x + PAD), middle=round(rect.y + rect.h / 2),
            px=label.px, ground=theme.ground, opacity=label.opacity, zoom=zoom,
        )  # fmt: skip


def labels_of(shown: Shown, eye: Eye) -> list[Label]:
    """All candidates for legends: names and badges of faces, letters of boxes, tokens."""
    outlines = outlines_of(shown, eye)
    tokens: list[Label] = []
    strips: list[Blocked] = []
    names: list[Label] = []
    letters: list[Label] = []
    for outline in outlines if shown.style.legends else ():
        for labels, strip in _tokens(shown, outline, outlines, eye):
            tokens += labels
            strips.append((strip, ROOM))
    blocked = [(o.polygon, ROOM + o.room) for o in outlines] + strips
    beside_parts = [(o.polygon, ROOM + o.room) for o in outlines if o.face.part is None] + strips
    for outline in outlines if shown.style.legends else ():
        if outline.face.part is None:
            names += _name(shown, outline, blocked, eye)
            names += _badges(shown, outline, blocked, eye)
        else:
            names += _part(shown, outline, blocked, beside_parts)
    for box in shown.boxes if shown.style.letters else ():
        letters += _letters(shown, box, blocked, eye)
    return names + letters + tokens


def outlines_of(shown: Shown, eye: Eye) -> list[Outline]:
    """The outlines of the visible faces with all corners in front of the eye."""
    return [outline for face in shown.faces if (outline := _outline(face, eye)) is not None]


def _outline(face: Face, eye: Eye) -> Outline | None:
    xy, depth = project(eye, corners_of(face))
    if depth.min() <= 1e-6:
        return None
    polygon = tuple((float(x), float(y)) for x, y in xy)
    half = eye.height / (4 * TAN_HALF * float(depth.mean()))  # half a cell, pixels
    low = min(_across(polygon, 0) / max(face.high, 1), _across(polygon, 1) / max(face.wide, 1))
    room = min(max(half - low, 0.0), MOST_ROOM)
    sides = _across(polygon, 0), _across(polygon, 1)
    more = 1 + min(room / max(*sides, 1e-9), 2.0)
    x, y = _middle(polygon)
    return Outline(face, polygon, room, tuple((x + (a - x) * more, y + (b - y) * more) for a, b in polygon))


def _across(polygon: tuple[Spot, ...], side: int) -> float:
    """Distance from a face's middle to the line of its upper (0) or right (1) side, pixels."""
    (ax, ay), (bx, by) = polygon[side], polygon[side + 1]
    x, y = _middle(polygon)
    return abs((bx - ax) * (y - ay) - (by - ay) * (x - ax)) / max(math.hypot(bx - ax, by - ay), 1e-9)


def _name(shown: Shown, outline: Outline, blocked: list[Blocked], eye: Eye) -> Iterator[Label]:
    """Name and shape of a face; the root and nodes with a name of their own have the highest priority."""
    face, matrix, theme = outline.face, shown.matrices[outline.face.node], shown.theme
    if not words.is_named(face, shown):
        return
    own = 2 if face.id == shown.layout.root_face else 1 if words.IDENTIFIER.fullmatch(matrix.name) else 0
    enough = outline.extent >= LEAST_NAMED if own else fading(outline.extent) >= LEAST_FADE
    if not enough and face.rows * face.cols:
        return
    fade = fading(outline.extent) * (0.5 if face.node in shown.faded else 1.0)
    px = NAME_PX * shown.style.legend_size
    colour = theme.accent if face.node == shown.selected else theme.text
    runs = (Run(words.shown_name(face, matrix), colour), Run(words.shape_text(face, matrix), theme.muted))
    size = _size(runs, px)
    priority = (1 + own) * 1e6 + (face.alias_of is None) * 1e5 + (face.sheet == 0) * 5e4
    priority += min(outline.extent, 4e4)
    spots = _name_spots(outline, size, blocked, eye, anywhere=own > 0 or face.sheet > 0)
    wish = Wish(f"n{face.id}", priority, *size, tuple(spots), outline.home)
    yield Label(wish, runs, px, max(fade, LEAST_OPACITY))


def _badges(shown: Shown, outline: Outline, blocked: list[Blocked], eye: Eye) -> Iterator[Label]:
    """``all-reduce 64 kB`` beside the face of an exchanged matrix; costs of a node."""
    px = LETTER_PX * shown.style.legend_size
    if fading(outline.extent) < LEAST_FADE:
        return
    for n, text in enumerate(words.badges_of(shown, outline.face)):
        runs = (Run(text, shown.theme.accent),)
        size = _size(runs, px)
        spots = tuple(_name_spots(outline, size, blocked, eye, anywhere=True))
        yield Label(Wish(f"c{outline.face.id} {n}", 9e5 - n, *size, spots, outline.home), runs, px, 1.0)


def _part(shown: Shown, outline: Outline, blocked: list[Blocked], others: list[Blocked]) -> Iterator[Label]:
    """``part 3 of 4`` beside a sheet of partial results; free of all sheets, else of the ``others``."""
    face = outline.face
    if fading(outline.extent) < LEAST_FADE:
        return
    px = LETTER_PX * shown.style.legend_size
    runs = (Run(words.part_text(face, shown), shown.theme.muted),)
    size = _size(runs, px)
    beside = around(outline.polygon, centre=_middle(outline.polygon), size=size, gap=NAME_GAPS[0])
    spots = tuple(spot for free in (blocked, others) for spot in beside if _free(spot, size, free))
    yield Label(Wish(f"p{face.id}", 10.0 - (face.part or 0) / 64, *size, spots), runs, px, LEAST_OPACITY)


def _name_spots(
    outline: Outline, size: Size, blocked: list[Blocked], eye: Eye, *, anywhere: bool
) -> Iterator[Spot]:
    """Free spots beside the face, then farther off, then on the face; with ``anywhere`` also blocked ones.

    A face that the picture cuts is named on itself before far off, and never on another face: its name would
    be read as that of the other.
    """
    centre = _middle(outline.polygon)
    seen = _clipped(outline.polygon, eye)
    inside = [_middle(seen)] if _area(seen) > size[0] * size[1] * 0.6 else []
    cut = any(not (0 <= x <= eye.width and 0 <= y <= eye.height) for x, y in outline.polygon)
    beside = around(outline.polygon, centre=centre, size=size, gap=NAME_GAPS[0] + outline.room)
    yield from (spot for spot in beside if _free(spot, size, blocked))
    if cut:
        yield from inside
    reach = max(_length(corner, centre) for corner in outline.polygon)
    most = max(NAME_GAPS[2], FAR_SHARE * min(eye.width, eye.height))
    for gap in (gap + outline.room for gap in NAME_GAPS[1:] if gap <= most):
        away = around(outline.polygon, centre=centre, size=size, gap=gap)
        away += _ring(centre, reach + gap, size)
        yield from (spot for spot in away if _free(spot, size, blocked))
    yield from inside
    if anywhere and not cut:
        yield from beside


def _ring(centre: Spot, radius: float, size: Size) -> list[Spot]:
    """Twelve centres for a text around a circle, outside it."""
    turns = [n * math.pi / 6 for n in range(12)]
    return [
        (centre[0] + math.cos(t) * (radius + size[0] / 2), centre[1] + math.sin(t) * (radius + size[1] / 2))
        for t in turns
    ]


def _free(spot: Spot, size: Size, blocked: list[Blocked]) -> bool:
    """Whether a text at a spot covers no blocked outline."""
    return not any(covers(o, rect_at(spot, (size[0] + room, size[1] + room))) for o, room in blocked)


def _clipped(polygon: tuple[Spot, ...], eye: Eye) -> tuple[Spot, ...]:
    """The part of a convex polygon that lies in the picture."""
    points = list(polygon)
    for axis, sign, limit in ((0, 1, 0.0), (0, -1, eye.width), (1, 1, 0.0), (1, -1, eye.height)):
        out: list[Spot] = []
        for a, b in zip(points, points[1:] + points[:1], strict=True):
            p, q = sign * (a[axis] - limit), sign * (b[axis] - limit)
            if p >= 0:
                out.append(a)
            if (p < 0) != (q < 0):
                t = p / (p - q)
                out.append((a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t))
        points = out
    return tuple(points)


def _area(points: tuple[Spot, ...]) -> float:
    """The area of a polygon, square pixels."""
    twice = sum(p[0] * q[1] - q[0] * p[1] for p, q in zip(points, points[1:] + points[:1], strict=True))
    return abs(twice) / 2


def _letters(shown: Shown, box: Box, blocked: list[Blocked], eye: Eye) -> Iterator[Label]:
    """``i = 64`` beside the outer edges of a box, a text for each letter; ``tokens = 256 / 8`` in blocks."""
    if not words.is_first(shown.matrices[box.node]):
        return
    steps = [np.array(s, np.float64) for s in (box.i_step, box.j_step, box.k_step)]
    corner = np.array(box.corner, np.float64)
    middle = corner + sum(s * n for s, n in zip(steps, box.extents, strict=True)) / 2
    whole, depth = project(eye, middle[None])
    if depth[0] <= 1e-6:
        return
    centre = (float(whole[0, 0]), float(whole[0, 1]))
    px = LETTER_PX * shown.style.legend_size
    for axis, letter in enumerate("ijk"):
        edges = _edges(box, corner, steps, axis, eye)
        longest = max((_length(a, b) for a, b in edges), default=0.0)
        if fading(longest * 0.8) < LEAST_FADE:
            continue
        strong, weak = words.edge_text(shown, box, axis)
        runs = (Run(strong, shown.theme.text), Run(f" {weak}", shown.theme.muted))
        size = _size(runs, px)
        edges.sort(key=lambda edge: -_length(_middle(edge), centre))
        spots = [
            spot
            for gap in LETTER_GAPS
            for a, b in edges
            for spot in spots_beside(a, b, inside=centre, size=size, gap=gap)[:3]
        ]
        best = [spot for spot in spots if _free(spot, size, blocked)]
        priority = min(longest, 4e4) + (box.parent is None) * 1e5
        yield Label(Wish(f"l{box.id}{letter}", priority, *size, tuple(best)), runs, px, 1.0)


def _edges(box: Box, corner: Floats, steps: list[Floats], axis: int, eye: Eye) -> list[tuple[Spot, Spot]]:
    """The four edges of a box along one of its letters, in the picture."""
    edges = [step * extent for step, extent in zip(steps, box.extents, strict=True)]
    first, second = (edge for n, edge in enumerate(edges) if n != axis)
    out = []
    for p, q in product((0, 1), repeat=2):
        start = corner + first * p + second * q
        xy, depth = project(eye, np.stack([start, start + edges[axis]]))
        if depth.min() > 1e-6:
            out.append(((float(xy[0, 0]), float(xy[0, 1])), (float(xy[1, 0]), float(xy[1, 1]))))
    return out


def _tokens(
    shown: Shown, outline: Outline, outlines: list[Outline], eye: Eye
) -> Iterator[tuple[list[Label], tuple[Spot, ...]]]:
    """The names along a face's rows and along its columns, with the strip of the picture that they cover."""
    face, matrix = outline.face, shown.matrices[outline.face.node]
    if face.part is not None or not words.is_first(matrix):
        return
    axes = (matrix.col_axis, matrix.row_axis) if face.transposed else (matrix.row_axis, matrix.col_axis)
    labels = {axis.id: axis.labels for axis in shown.head.axes}
    c = outline.polygon
    centre = _middle(c)
    others = [o.polygon for o in outlines if o.face is not face]
    sides = (((c[0], c[3]), (c[1], c[2])), ((c[0], c[1]), (c[3], c[2])))
    for which, (count, axis) in enumerate(zip((face.rows, face.cols), axes, strict=True)):
        texts = labels.get(axis)
        if not texts or len(texts) != count or count > MOST_TOKENS * 40:
            continue
        a, b = min(sides[which], key=lambda side: _covered(side, centre, others))
        if _length(a, b) < TOKEN_APART * count:
            continue
        result = _row_of_tokens(f"t{face.id}{'rc'[which]}", texts, outline, which, (a, b), eye, shown.theme)
        if result:
            widest = max(label.wish.w for label in result)
            strip = spots_beside(a, b, inside=centre, size=(2 * widest, 28), gap=outline.room)[0]
            shift = (strip[0] - (a[0] + b[0]) / 2, strip[1] - (a[1] + b[1]) / 2)
            yield result, (a, b, (b[0] + shift[0], b[1] + shift[1]), (a[0] + shift[0], a[1] + shift[1]))


def _row_of_tokens(
    prefix: str,
    texts: list[str],
    outline: Outline,
    which: int,
    side: tuple[Spot, Spot],
    eye: Eye,
    theme: Theme,
) -> list[Label]:
    """A label for each row (which = 0) or column (1), beside one side of the face."""
    face = outline.face
    centre = _middle(outline.polygon)
    world = corners_of(face)
    first, last = (world[0], world[3]) if which == 0 else (world[0], world[1])
    if side[0] != outline.polygon[0]:
        first, last = (world[1], world[2]) if which == 0 else (world[3], world[2])
    split = face.row_split if which == 0 else face.col_split
    middles = np.array([place_of(n, split) + 0.5 for n in range(len(texts))]) / extent(len(texts), split)
    xy, _ = project(eye, first + middles[:, None] * (last - first))
    visible = [
        n
        for n in range(len(texts))
        if -20 <= xy[n, 0] <= eye.width + 20 and -20 <= xy[n, 1] <= eye.height + 20
    ][:MOST_TOKENS]
    out = []
    for n in visible:
        text = shortened(texts[n].strip(" ") or "␣", TOKEN_MOST, TOKEN_PX).replace("␣", "·")
        runs = (Run(text, theme.muted),)
        size = (width_of(text, TOKEN_PX) + 2 * PAD, TOKEN_PX)
        spots = spots_beside(side[0], side[1], inside=centre, size=size, gap=TOKEN_GAP + outline.room)[:1]
        mx, my = (side[0][0] + side[1][0]) / 2, (side[0][1] + side[1][1]) / 2
        at = tuple((float(xy[n, 0]) + s[0] - mx, float(xy[n, 1]) + s[1] - my) for s in spots)
        out.append(Label(Wish(f"{prefix}{n:06d}", 1.0, *size, at), runs, TOKEN_PX, 1.0))
    return out


def _covered(side: tuple[Spot, Spot], centre: Spot, others: list[tuple[Spot, ...]]) -> int:
    """The number of other faces under labels beside a side."""
    size = (40.0, 12.0)
    return sum(
        covers(polygon, rect_at(spot, size))
        for spot in spots_beside(*side, inside=centre, size=size, gap=2)
        for polygon in others
    )


def _size(runs: tuple[Run, ...], px: float) -> Size:
    return sum(width_of(run.text, px) for run in runs) + 2 * PAD, round(px * 1.5)


def _length(a: Spot, b: Spot) -> float:
    return float(np.hypot(b[0] - a[0], b[1] - a[1]))


def _middle(points: tuple[Spot, ...]) -> Spot:
    return sum(p[0] for p in points) / len(points), sum(p[1] for p in points) / len(points)
