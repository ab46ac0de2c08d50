"""Names, shapes, edge letters and tokens over the picture, placed by ``scene.labels``."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

from matcube.outputs.still.camera import Eye, Floats, corners_of, project
from matcube.outputs.still.choice import Shown
from matcube.outputs.still.text import ELLIPSIS, Run, rgb, shortened, width_of, write
from matcube.scene.head import Box, Face, Head, Matrix, Theme
from matcube.scene.labels import (
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

NAME_PX, LETTER_PX, TOKEN_PX = 14.0, 12.0, 10.5
LONGEST = 32
TOKEN_APART = 11.0
TOKEN_MOST = 90.0
MOST_TOKENS = 300
PAD = 5.0
NAME_GAPS, LETTER_GAPS, TOKEN_GAP = (10.0, 30.0, 60.0, 100.0, 160.0), (8.0, 22.0, 36.0), 4.0
LEAD = 20.0  # pixels off its face from which a name has a line to it
LEAST_FADE = 0.2  # the page fades legends of small faces; a still leaves them out
ROOM = 6.0  # balls stand out from a face: a text keeps this far from its outline


@dataclass(frozen=True)
class Label:
    """A wish and what is written where it is granted; ``home`` is the outline that the text is about."""

    wish: Wish
    runs: tuple[Run, ...]
    px: float
    opacity: float
    home: tuple[Spot, ...] = ()


@dataclass(frozen=True)
class Outline:
    """A face's four corners in the picture, all in front of the eye."""

    face: Face
    polygon: tuple[Spot, ...]

    @property
    def extent(self) -> float:
        """Square root of its area, pixels."""
        twice = sum(
            p[0] * q[1] - q[0] * p[1]
            for p, q in zip(self.polygon, self.polygon[1:] + self.polygon[:1], strict=True)
        )
        return math.sqrt(abs(twice) / 2)


def draw_legends(
    image: Image.Image, labels: list[Label], eye: Eye, theme: Theme, *, taken: list[Rect]
) -> None:
    """Write all labels that find a place."""
    by_id = {label.wish.id: label for label in labels}
    area = Rect(4, 4, eye.width - 8, eye.height - 8)
    granted = [(by_id[p.id], p.rect) for p in place([label.wish for label in labels], area=area, taken=taken)]
    for label, rect in granted:
        _lead(image, label, rect, theme)
    for label, rect in granted:
        write(
            image, label.runs, left=round(rect.x + PAD), middle=round(rect.y + rect.h / 2),
            px=label.px, ground=theme.ground, opacity=label.opacity,
        )  # fmt: skip


def labels_of(head: Head, shown: Shown, eye: Eye, theme: Theme) -> list[Label]:
    """Everything that would be written if there were room."""
    outlines = [o for face in shown.faces if (o := outline_of(face, eye)) is not None]
    tokens: list[Label] = []
    strips: list[tuple[Spot, ...]] = []
    if shown.style.legends:
        for outline in outlines:
            for labels, strip in _tokens(head, shown, outline, outlines, eye, theme):
                tokens += labels
                strips.append(strip)
    blocked = [o.polygon for o in outlines] + strips
    names = [n for o in outlines for n in _name(shown, o, blocked, eye, theme)] if shown.style.legends else []
    letters = (
        [n for box in shown.boxes for n in _letters(shown, box, blocked, eye, theme)]
        if shown.style.letters
        else []
    )
    return names + letters + tokens


def outline_of(face: Face, eye: Eye) -> Outline | None:
    """The face's corners in the picture; None when one is behind the eye."""
    xy, depth = project(eye, corners_of(face))
    if depth.min() <= 1e-6:
        return None
    return Outline(face, tuple((float(x), float(y)) for x, y in xy))


def _name(
    shown: Shown, outline: Outline, blocked: list[tuple[Spot, ...]], eye: Eye, theme: Theme
) -> Iterator[Label]:
    """Name and shape of a face: outside its outline, or on it when that is not in the picture."""
    face, matrix = outline.face, shown.matrices[outline.face.node]
    if fading(outline.extent) < LEAST_FADE and face.rows * face.cols:
        return
    opacity = 0.5 if face.node in shown.faded else 1.0
    px = NAME_PX * shown.style.legend_size
    runs = (Run(shown_name(face, matrix), theme.text), Run(shape_text(face, matrix), theme.muted))
    size = _size(runs, px)
    centre = _middle(outline.polygon)
    spots = _free(outline, size, blocked, NAME_GAPS[0])
    kept = (min(max(centre[0], eye.width * 0.2), eye.width * 0.8),
            min(max(centre[1], eye.height * 0.2), eye.height * 0.8))  # fmt: skip
    spots += [at for at in (centre, kept) if _holds(outline.polygon, rect_at(at, size))]
    spots += [at for gap in NAME_GAPS[1:] for at in _free(outline, size, blocked, gap)]
    priority = 1e6 + (face.alias_of is None) * 1e5 + (face.sheet == 0) * 5e4 + min(outline.extent, 4e4)
    wish = Wish(f"n{face.id}", priority, *size, tuple(spots))
    yield Label(wish, runs, px, opacity, outline.polygon)


def _free(outline: Outline, size: Size, blocked: list[tuple[Spot, ...]], gap: float) -> list[Spot]:
    """Spots around a face, ``gap`` pixels off it, that lie on no face."""
    spots = around(outline.polygon, centre=_middle(outline.polygon), size=size, gap=gap)
    return [s for s in spots if not any(covers(o, rect_at(s, _roomy(size))) for o in blocked)]


def _holds(polygon: tuple[Spot, ...], rect: Rect) -> bool:
    """All corners of a rectangle lie inside a convex polygon."""
    turns = [
        (b[0] - a[0]) * (y - a[1]) - (b[1] - a[1]) * (x - a[0])
        for a, b in zip(polygon, polygon[1:] + polygon[:1], strict=True)
        for x in (rect.x, rect.x + rect.w)
        for y in (rect.y, rect.y + rect.h)
    ]
    return min(turns) > 0 or max(turns) < 0


def _lead(image: Image.Image, label: Label, rect: Rect, theme: Theme) -> None:
    """A thin line from a name to its face, when it found a place only away from it."""
    if not label.home:
        return
    centre = (rect.x + rect.w / 2, rect.y + rect.h / 2)
    if covers(label.home, Rect(rect.x - LEAD, rect.y - LEAD, rect.w + 2 * LEAD, rect.h + 2 * LEAD)):
        return
    end = _nearest(label.home, centre)
    inner = _middle(label.home)
    end = (end[0] + 0.2 * (inner[0] - end[0]), end[1] + 0.2 * (inner[1] - end[1]))
    start = (min(max(end[0], rect.x), rect.x + rect.w), min(max(end[1], rect.y), rect.y + rect.h))
    draw = ImageDraw.Draw(image)
    draw.line([start, end], fill=rgb(theme.muted), width=1)
    draw.ellipse([end[0] - 2, end[1] - 2, end[0] + 2, end[1] + 2], fill=rgb(theme.muted))


def _nearest(polygon: tuple[Spot, ...], to: Spot) -> Spot:
    """The point of a polygon's rim nearest to another."""
    best, least = polygon[0], math.inf
    for a, b in zip(polygon, polygon[1:] + polygon[:1], strict=True):
        dx, dy = b[0] - a[0], b[1] - a[1]
        t = ((to[0] - a[0]) * dx + (to[1] - a[1]) * dy) / max(dx * dx + dy * dy, 1e-9)
        t = min(max(t, 0.0), 1.0)
        at = (a[0] + t * dx, a[1] + t * dy)
        if _length(at, to) < least:
            best, least = at, _length(at, to)
    return best


def _letters(
    shown: Shown, box: Box, blocked: list[tuple[Spot, ...]], eye: Eye, theme: Theme
) -> Iterator[Label]:
    """``i = 64`` beside the outer edges of a box, one for each letter."""
    steps = [np.array(s, np.float64) for s in (box.i_step, box.j_step, box.k_step)]
    corner = np.array(box.corner, np.float64)
    middle = corner + sum(s * n for s, n in zip(steps, box.sizes, strict=True)) / 2
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
        runs = (Run(letter, theme.text), Run(f" = {box.sizes[axis]}", theme.muted))
        size = _size(runs, px)
        edges.sort(key=lambda edge: -_length(_middle(edge), centre))
        spots = [
            spot
            for gap in LETTER_GAPS
            for a, b in edges
            for spot in spots_beside(a, b, inside=centre, size=size, gap=gap)
        ]
        best = [s for s in spots if not any(covers(o, rect_at(s, _roomy(size))) for o in blocked)]
        priority = min(longest, 4e4) + (box.parent is None) * 1e5
        yield Label(Wish(f"l{box.id}{letter}", priority, *size, tuple(best)), runs, px, 1.0)


def _edges(box: Box, corner: Floats, steps: list[Floats], axis: int, eye: Eye) -> list[tuple[Spot, Spot]]:
    """The four edges of a box along one of its letters, in the picture."""
    one, two = (n for n in range(3) if n != axis)
    out = []
    for p in (0, 1):
        for q in (0, 1):
            start = corner + steps[one] * (p * box.sizes[one]) + steps[two] * (q * box.sizes[two])
            xy, depth = project(eye, np.stack([start, start + steps[axis] * box.sizes[axis]]))
            if depth.min() > 1e-6:
                out.append(((float(xy[0, 0]), float(xy[0, 1])), (float(xy[1, 0]), float(xy[1, 1]))))
    return out


def _tokens(
    head: Head, shown: Shown, outline: Outline, outlines: list[Outline], eye: Eye, theme: Theme
) -> Iterator[tuple[list[Label], tuple[Spot, ...]]]:
    """The names along a face's rows and columns, each with the strip of the picture they take."""
    face, matrix = outline.face, shown.matrices[outline.face.node]
    axes = (matrix.col_axis, matrix.row_axis) if face.transposed else (matrix.row_axis, matrix.col_axis)
    labels = {a.id: a.labels for a in head.axes}
    corners = outline.polygon
    centre = _middle(corners)
    others = [o.polygon for o in outlines if o.face is not face]
    c = corners
    sides = (((c[0], c[3]), (c[1], c[2])), ((c[0], c[1]), (c[3], c[2])))
    for which, (count, axis) in enumerate(zip((face.rows, face.cols), axes, strict=True)):
        texts = labels.get(axis)
        if not texts or len(texts) != count or count > MOST_TOKENS * 40:
            continue
        a, b = min(sides[which], key=lambda side: _blocked(side, centre, others))
        if _length(a, b) < TOKEN_APART * count:
            continue
        found = _row_of_tokens(f"t{face.id}{'rc'[which]}", texts, outline, which, (a, b), eye, theme)
        if found:
            widest = max(label.wish.w for label in found)
            strip = spots_beside(a, b, inside=centre, size=(2 * widest, 28), gap=0)[0]
            shift = (strip[0] - (a[0] + b[0]) / 2, strip[1] - (a[1] + b[1]) / 2)
            yield found, (a, b, (b[0] + shift[0], b[1] + shift[1]), (a[0] + shift[0], a[1] + shift[1]))


def _row_of_tokens(
    prefix: str,
    texts: list[str],
    outline: Outline,
    which: int,
    side: tuple[Spot, Spot],
    eye: Eye,
    theme: Theme,
) -> list[Label]:
    """One label for each row (which = 0) or column (1), beside one side of the face."""
    face = outline.face
    centre = _middle(outline.polygon)
    world = corners_of(face)
    first, last = (world[0], world[3]) if which == 0 else (world[0], world[1])
    if side[0] != outline.polygon[0]:
        first, last = (world[1], world[2]) if which == 0 else (world[3], world[2])
    middles = (np.arange(len(texts)) + 0.5) / len(texts)
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
        spots = spots_beside(side[0], side[1], inside=centre, size=size, gap=TOKEN_GAP)[:1]
        mx, my = (side[0][0] + side[1][0]) / 2, (side[0][1] + side[1][1]) / 2
        at = tuple((float(xy[n, 0]) + s[0] - mx, float(xy[n, 1]) + s[1] - my) for s in spots)
        out.append(Label(Wish(f"{prefix}{n:06d}", 1.0, *size, at), runs, TOKEN_PX, 1.0))
    return out


def _blocked(side: tuple[Spot, Spot], centre: Spot, others: list[tuple[Spot, ...]]) -> int:
    """How many other faces lie where labels beside this side would go."""
    size = (40.0, 12.0)
    return sum(
        covers(polygon, rect_at(spot, size))
        for spot in spots_beside(*side, inside=centre, size=size, gap=2)
        for polygon in others
    )


def shown_name(face: Face, matrix: Matrix) -> str:
    """The matrix's name, shortened, with ᵀ when the face shows it transposed."""
    name = matrix.name
    if len(name) > LONGEST:
        name = name[: LONGEST - 1] + ELLIPSIS
    if not face.transposed:
        return name
    return f"{name}ᵀ" if re.fullmatch(r"[^\W\d]\w*", name) else f"({name})ᵀ"


def shape_text(face: Face, matrix: Matrix) -> str:
    """``  64 × 16``, and what a cell of the picture averages when the matrix came pooled."""
    text = f"  {face.rows} × {face.cols}"
    if matrix.pooled is not None:
        rows, cols = matrix.pooled.block
        text += f"  averages of {rows:.3g} × {cols:.3g} cells"
    return text


def _size(runs: tuple[Run, ...], px: float) -> Size:
    return sum(width_of(run.text, px) for run in runs) + 2 * PAD, round(px * 1.5)


def _roomy(size: Size) -> Size:
    return size[0] + ROOM, size[1] + ROOM


def _length(a: Spot, b: Spot) -> float:
    return float(np.hypot(b[0] - a[0], b[1] - a[1]))


def _middle(points: tuple[Spot, ...]) -> Spot:
    return sum(p[0] for p in points) / len(points), sum(p[1] for p in points) / len(points)
