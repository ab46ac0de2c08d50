"""Legends over the picture: names, shapes, edge letters and tokens, placed by ``playback``."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product

import numpy as np

from matcube.outputs.still import words
from matcube.outputs.still.lettering import Label, Legend
from matcube.outputs.still.text import Run, shortened, width_of
from matcube.playback.camera import Eye, Floats, corners_of, project
from matcube.playback.devices import NUMBER_HIGH, NUMBER_PX, NUMBER_SIDES, numbers_on
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
from matcube.playback.names import place_names
from matcube.playback.outlines import Outline, Polygon, apart, corners_of_rect, middle_of, outlines_of
from matcube.playback.places import place as place_of
from matcube.playback.visible import Shown
from matcube.playback.writing import PAD, SPACE_EM, Name, Writing, em_px, size_px
from matcube.wire import Box, Theme, extent

LETTER, LETTER_PX, TOKEN_PX = 0.86, 10.2, 10.5  # a letter: of the em of an upright name, and at least
TOKEN_APART = 11.0
TOKEN_MOST = 90.0
MOST_TOKENS = 300
GAPS, LETTER_GAPS, TOKEN_GAP = (10.0, 36.0, 64.0), (8.0, 24.0, 48.0, 80.0), 4.0
LEAST_FADE = 0.2  # fainter texts are left out,
LEAST_OPACITY = 0.6  # others are at least this opaque
LEAST_NAMED = 3.0  # pixels of the longer side of a face with a name
ROOM = 6.0  # pixels between a text and an outline, with the balls over its edge

Blocked = tuple[Polygon, float]  # an outline that no letter covers, and the distance from it


def legends_of(shown: Shown, eye: Eye, *, taken: Sequence[Rect] = ()) -> list[Legend]:
    """All legends of a picture at their places: names first, then badges, edge letters and tokens.

    Args:
        shown: the visible part of the scene.
        eye: of the picture before a zoom.
        taken: occupied rectangles.
    """
    outlines = outlines_of(shown.faces, eye)
    whole = [outline for outline in outlines if outline.whole]
    sides = [side for outline in whole for side in _tokens(shown, outline, whole, eye)]
    strips: list[Blocked] = [(strip, ROOM) for _, strip in sides]
    named = names_of(shown, outlines) if shown.style.legends else []
    runs = {name.id: of for name, of in named}
    written = place_names(
        [name for name, _ in named], outlines, eye, size=shown.style.legend_size, taken=taken,
        soft=[strip for strip, _ in strips],
    )  # fmt: skip
    legends = [_named(shown, outlines, writing, runs[writing.id]) for writing in written]
    blocked = [(o.seen, ROOM + o.room) for o in outlines if o.seen] + strips
    names: list[Blocked] = [(polygon, 2.0) for writing in written for polygon in _covered_by(writing)]
    labels = _others(shown, outlines, blocked + names, eye)
    labels += [label for some, _ in sides for label in some] if shown.style.legends else []
    return legends + _placed(labels, eye, taken, [quad for quad, _ in names])


def _covered_by(writing: Writing) -> list[Polygon]:
    """The box of a name, and its line."""
    if writing.lead is None:
        return [writing.quad]
    (ax, ay), (bx, by) = writing.lead
    return [writing.quad, ((ax, ay), (bx, by), ((ax + bx) / 2, (ay + by) / 2))]


def _others(shown: Shown, outlines: list[Outline], blocked: list[Blocked], eye: Eye) -> list[Label]:
    """Badges, partial results and letters."""
    out: list[Label] = []
    px = _letter_px(shown, eye)
    parts = {outline.seen for outline in outlines if outline.face.part is not None}
    beside_parts = [(polygon, room) for polygon, room in blocked if polygon not in parts]
    for outline in outlines if shown.style.legends else ():
        if outline.face.part is None:
            out += _badges(shown, outline, blocked, px)
        else:
            out += _part(shown, outline, blocked, beside_parts, px)
        out += _numbers(shown, outline, blocked, eye)
    for box in shown.boxes if shown.style.letters else ():
        out += _letters(shown, box, blocked, eye)
    return out


def _placed(labels: list[Label], eye: Eye, taken: Sequence[Rect], quads: list[Polygon]) -> list[Legend]:
    """Labels at their free places, and not on names."""
    by_id = {label.wish.id: label for label in labels}
    area = Rect(4, 4, eye.width - 8, eye.height - 8)
    wishes = [replace(label.wish, spots=tuple(_clear(label.wish, quads))) for label in labels]
    out = []
    for text in place(wishes, area=area, taken=taken):
        label, rect = by_id[text.id], text.rect
        at = Writing(text.id, (rect.x, rect.y), (1.0, 0.0), (0.0, 1.0), label.px, (rect.w, rect.h), False,
                     lead=text.lead)  # fmt: skip
        out.append(Legend(at, _runs_of(label), label.opacity, label.ground))
    return out


def _runs_of(label: Label) -> tuple[tuple[Run, float, float], ...]:
    """The runs of an upright text, in the middle of a badge that is wider than it."""
    if label.ground is None:
        return tuple((run, label.px, 0.0) for run in label.runs)
    (run,) = label.runs
    return ((run, label.px, (label.wish.w - width_of(run.text, label.px)) / 2 - PAD),)


def _clear(wish: Wish, quads: list[Polygon]) -> Iterator[Spot]:
    """Spots of a text off all names."""
    for spot in wish.spots:
        rect = corners_of_rect(rect_at(spot, (wish.w, wish.h)))
        if all(apart(rect, quad, 2.0) for quad in quads):
            yield spot


def names_of(shown: Shown, outlines: Sequence[Outline]) -> list[tuple[Name, tuple[Run, Run]]]:
    """The names to write, with their runs: of the root, of matrices with a name, of expressions."""
    out = []
    protagonist = shown.protagonist
    for n, outline in enumerate(outlines):
        face, matrix = outline.face, shown.matrices[outline.face.node]
        if face.part is not None or not words.is_named(face, shown) or not outline.seen:
            continue
        own = face.id == shown.layout.root_face or bool(words.IDENTIFIER.fullmatch(matrix.name))
        longest = max(math.dist(a, b) for a, b in zip(outline.seen, outline.seen[1:], strict=False))
        enough = longest >= LEAST_NAMED if own else fading(outline.extent) >= LEAST_FADE
        if not enough and face.rows * face.cols:
            continue
        rank = 3 if face.node == protagonist else 2 if face.id == shown.layout.root_face else int(own)
        first = face.alias_of is None
        priority = rank * 1e6 + first * 1e5 + (face.sheet == 0) * 5e4 + min(outline.extent, 4e4)
        colour = shown.theme.accent if face.node == shown.selected else shown.theme.text
        runs = (
            Run(words.shown_name(face, matrix), colour),
            Run(words.shape_text(face, matrix), shown.theme.muted),
        )
        strong, weak = (width_of(run.text, 100.0) / 100 for run in runs)
        always = own or face.sheet > 0
        out.append((Name(f"n{face.id}", n, strong, weak, priority, always, beside=not first), runs))
    return out


def _named(shown: Shown, outlines: list[Outline], writing: Writing, runs: tuple[Run, Run]) -> Legend:
    """A name at its place."""
    face = next(o.face for o in outlines if f"n{o.face.id}" == writing.id)
    strong, weak = runs
    small = size_px(writing.px, flat=writing.flat)
    parts = [(strong, writing.px, 0.0)] + [(weak, small, SPACE_EM * writing.px)] * writing.sized
    return Legend(writing, tuple(parts), 0.6 if face.node in shown.faded else 1.0)


def _badges(shown: Shown, outline: Outline, blocked: list[Blocked], px: float) -> Iterator[Label]:
    """``all-reduce 64 kB`` beside the face of an exchanged matrix; costs of a node."""
    if fading(outline.extent) < LEAST_FADE:
        return
    for n, text in enumerate(words.badges_of(shown, outline.face)):
        runs = (Run(text, shown.theme.accent),)
        size = _size(runs, px)
        spots = tuple(_badge_spots(outline, size, blocked))
        yield Label(Wish(f"c{outline.face.id} {n}", 9e5 - n, *size, spots, outline.home), runs, px, 1.0)


def _part(
    shown: Shown, outline: Outline, blocked: list[Blocked], others: list[Blocked], px: float
) -> Iterator[Label]:
    """``part 3 of 4`` beside a sheet of partial results; free of all sheets, else of the ``others``."""
    face = outline.face
    if fading(outline.extent) < LEAST_FADE:
        return
    runs = (Run(words.part_text(face, shown), shown.theme.muted),)
    size = _size(runs, px)
    beside = around(outline.polygon, centre=middle_of(outline.polygon), size=size, gap=GAPS[0])
    spots = tuple(spot for free in (blocked, others) for spot in beside if _free(spot, size, free))
    yield Label(Wish(f"p{face.id}", 10.0 - (face.part or 0) / 64, *size, spots), runs, px, LEAST_OPACITY)


def _numbers(shown: Shown, outline: Outline, blocked: list[Blocked], eye: Eye) -> Iterator[Label]:
    """``2`` on the block of the second device, ``all`` on a matrix that all devices hold."""
    size = shown.style.legend_size
    others = [(polygon, 0.0) for polygon, _ in blocked if polygon != outline.seen]
    for number in numbers_on(shown.head, outline.face, eye, shown.theme, shown.device):
        runs = (Run(number.text, number.ink),)
        px, high = NUMBER_PX * size, NUMBER_HIGH * size
        box = (max(high, width_of(number.text, px) + 2 * NUMBER_SIDES * size), high)
        free = [spot for spot in number.spots if _free(spot, box, others)]
        spots = (*free, *(spot for spot in number.spots if spot not in free))
        key = f"d{outline.face.id} {number.row} {number.col}"
        yield Label(Wish(key, 8e5 + number.extent / 1e3, *box, spots), runs, px, 1.0, number.ground)


def _badge_spots(outline: Outline, size: Size, blocked: list[Blocked]) -> Iterator[Spot]:
    """Free places beside a face, then farther off, then on it."""
    if not outline.seen:
        return
    centre = middle_of(outline.seen)
    for gap in GAPS:
        beside = around(outline.seen, centre=centre, size=size, gap=gap + outline.room)
        yield from (spot for spot in beside if _free(spot, size, blocked))
    yield centre


def _free(spot: Spot, size: Size, blocked: list[Blocked]) -> bool:
    """Whether a text at a spot covers no blocked outline."""
    return not any(covers(o, rect_at(spot, (size[0] + room, size[1] + room))) for o, room in blocked)


def _letter_px(shown: Shown, eye: Eye) -> float:
    size = shown.style.legend_size
    return max(LETTER * em_px(eye, flat=False, size=size), LETTER_PX * size)


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
    px = _letter_px(shown, eye)
    for axis, letter in enumerate("ijk"):
        edges = _edges(box, corner, steps, axis, eye)
        longest = max((_length(a, b) for a, b in edges), default=0.0)
        if fading(longest * 0.8) < LEAST_FADE:
            continue
        strong, weak = words.edge_text(shown, box, axis)
        runs = (Run(strong, shown.theme.text), Run(f" {weak}", shown.theme.muted))
        size = _size(runs, px)
        edges.sort(key=lambda edge: -_length(middle_of(edge), centre))
        spots = [
            spot
            for gap in LETTER_GAPS
            for a, b in edges
            for spot in spots_beside(a, b, inside=centre, size=size, gap=gap)
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
    centre = middle_of(c)
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
    centre = middle_of(outline.polygon)
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
