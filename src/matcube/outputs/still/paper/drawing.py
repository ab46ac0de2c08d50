"""The still as a list of polygons, lines, pictures and words; ``svg`` and ``pdf`` write it down.

Geometry, order, colours and the places of texts are those of the still. Every length is in pixels of the
picture, so that a drawing of another size or scale is the same drawing. There is no ground, no arrow and no
program.
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterator, Sequence

import msgspec
import numpy as np
from PIL import Image

from matcube.outputs.still.frame_cache import FrameCache
from matcube.outputs.still.legend import legends_of
from matcube.outputs.still.lettering import ROUND, Legend
from matcube.outputs.still.marks import projected
from matcube.outputs.still.notes import notes_of
from matcube.outputs.still.overlay import BALLS, LINE, SMALL_PX, Bar, bar_of, bar_texts, placed_bar, tick_of
from matcube.outputs.still.paint import Buffers, drawn_of, mask_on, paint_scene, surface_of
from matcube.outputs.still.paper.cells import Cells, balls_on
from matcube.outputs.still.paper.items import Disc, Drawing, Item, Line, Picture, Point, Polygon, Words
from matcube.outputs.still.pins import reading
from matcube.outputs.still.render import Prepared, prepared
from matcube.outputs.still.sheets import rods_of
from matcube.outputs.still.text import font, readable, width_of
from matcube.playback.camera import NEAR, Eye, eye_of, project
from matcube.playback.colour import pack, split, srgb_from_linear
from matcube.playback.devices import tints_of
from matcube.playback.labels import Rect
from matcube.playback.mark import Mark
from matcube.playback.marks import marks_of, tile_marks
from matcube.playback.order import back_to_front
from matcube.playback.outlines import apart, outlines_of
from matcube.playback.packets import packets_of
from matcube.playback.pins import centre as centre_of
from matcube.playback.pins import ring_px
from matcube.playback.plates import plate_marks
from matcube.playback.stairs import stair_marks
from matcube.playback.writing import ASCENT, PAD
from matcube.wire import Head, View

WHITE = 0xFFFFFF
MOST_CELLS = 20_000  # of all faces together; beyond, their cells are one embedded picture
LARGE = 100.0  # pixels of a cell: its ball is as large as it is
PICTURE_SIDE = 3000  # pixels of the longer side of an embedded picture, at most


def drawing_of(
    head: Head,
    buffers: Buffers,
    *,
    size: tuple[int, int],
    view: View | None = None,
    resolution: float = 2.0,
    clear: bool = False,
) -> Drawing:
    """A scene as vectors and text.

    Args:
        head: the scene.
        buffers: flat arrays by sha256.
        size: width and height in pixels: the unit of all lengths.
        view: the view; the scene's own when None. Its theme is the light one on white.
        resolution: samples per pixel of an embedded picture.
        clear: leave out a colour bar that would lie on a face.

    Raises:
        OptionError: the size or a name in the style is out of range.
    """
    head = on_white(head)
    scene = prepared(head, buffers, size=size, view=_on_paper(head.view if view is None else view))
    eye = eye_of(scene.camera, width=size[0], height=size[1])
    items = [*_marks(scene, eye)]
    cells = _cells(scene, buffers, eye)
    items += _picture(scene, buffers, size, resolution) if cells is None else cells
    sent = packets_of(scene.shown.head, scene.shown.faces, scene.shown.theme, scene.moment.exchanges)
    items += [*_lines(sent, eye), *_legends(scene, buffers, eye, clear=clear)]
    return Drawing(*size, tuple(items))


def on_white(head: Head) -> Head:
    """A scene whose light theme has a white ground."""
    themes = [
        msgspec.structs.replace(theme, ground=WHITE) if theme.name == "light" else theme
        for theme in head.themes
    ]
    return msgspec.structs.replace(head, themes=themes)


def _on_paper(view: View) -> View:
    style = msgspec.structs.replace(view.style, theme="light", arrows=False)
    return msgspec.structs.replace(view, style=style)


def _marks(scene: Prepared, eye: Eye) -> Iterator[Item]:
    """Edges of boxes, links and the tiles of a step."""
    marks = marks_of(scene.shown, eye, eye.pixel_angle)
    yield from _lines((*marks, *tile_marks(scene.moment.tiles, scene.shown.theme)), eye)


def _lines(marks: Sequence[Mark], eye: Eye) -> Iterator[Item]:
    for mark in marks:
        seen = projected(mark, eye, zoom=1.0)
        if seen is None:
            continue
        points = [(float(x), float(y)) for x, y in seen.points]
        if seen.filled:
            yield Polygon(tuple(points), mark.colour, mark.opacity)
        else:
            yield Line(points[0], points[1], mark.width, mark.colour, mark.opacity)


def _cells(scene: Prepared, buffers: Buffers, eye: Eye) -> list[Item] | None:
    """Plates with their cells; None where these are too many, averages, or a step of a film is shown."""
    shown, moment = scene.shown, scene.moment
    faces = [face for face in shown.faces if shown.has_values(face)]
    cells = sum(face.rows * face.cols for face in faces)
    if cells > MOST_CELLS or moment.faces or any(plane.highest is None for plane in moment.planes):
        return None
    result: list[Item] = []
    cache = FrameCache()
    for face in (faces[n] for n in back_to_front(faces, eye.position)):
        drawn = drawn_of(buffers, shown, face, moment, cache)
        if not drawn.sheet.exact:
            return None
        surface = surface_of(drawn, shown, eye, 1.0, focus=bool(moment.lit))
        result += Cells(drawn, surface, eye).items()
        tints = tints_of(shown.head, face, shown.theme, shown.device)
        mask = mask_on(face, shown, buffers)
        stairs = [] if mask is None else stair_marks(face, mask, shown.theme.frame)
        result += _lines(stairs, eye)
        result += _lines(plate_marks(face, shown.theme, eye, eye.pixel_angle, tints), eye)
    for rod in rods_of(moment, shown, eye.position, lambda _: LARGE):
        result += balls_on(rod, shown.look, eye)
    return result


def _picture(scene: Prepared, buffers: Buffers, size: tuple[int, int], resolution: float) -> list[Item]:
    """The faces as one transparent picture that looks on white as the still does."""
    zoom = max(1.0, min(resolution, PICTURE_SIDE / max(size)))
    width, height = (round(side * zoom) for side in size)
    eye = eye_of(scene.camera, width=width, height=height)
    pixels = paint_scene(
        buffers, scene.shown, eye, moment=scene.moment, supersample=1, decor=False, progress=None
    )
    colours = pixels.astype(np.float64) / 255
    alpha = 1 - colours.min(axis=2, keepdims=True)
    plain = np.where(alpha > 0, (colours - (1 - alpha)) / np.maximum(alpha, 1e-9), 1.0)
    rgba = np.rint(np.concatenate([plain, alpha], axis=2) * 255).astype(np.uint8)
    out = io.BytesIO()
    Image.fromarray(rgba, "RGBA").save(out, format="PNG", compress_level=6)
    return [Picture(out.getvalue())]


def _legends(scene: Prepared, buffers: Buffers, eye: Eye, *, clear: bool) -> Iterator[Item]:
    shown, theme = scene.shown, scene.shown.theme
    bar = bar_of(shown, (eye.width, eye.height), scene.moment)
    outlines = outlines_of(shown.faces, eye)
    bar = bar and placed_bar(bar, outlines, shown.layout.root_face, eye.width, clear=clear)
    if bar is not None:
        yield from _bar(scene, bar)
    taken = [] if bar is None else [bar.rect]
    around = [outline.polygon for outline in outlines]
    for note in notes_of(shown, (eye.width, eye.height), taken=taken, faces=around):
        yield _veil(note.rect)
        yield words(note.text, note.rect.x, note.rect.y + note.rect.h / 2, SMALL_PX, theme.text)
        taken.append(note.rect)
    for item, rect in _pins(scene, buffers, eye):
        taken += [] if rect is None else [rect]
        yield item
    legends = legends_of(shown, eye, taken=taken)
    for lead in (legend.writing.lead for legend in legends):
        if lead is not None:
            yield Line(lead[0], lead[1], 1.0, theme.muted)
            yield _disc(lead[1], 2.0, theme.muted)
    faces = [outline.seen for outline in outlines_of(shown.faces, eye)]
    for legend in legends:
        if legend.ground is not None:
            yield _badge(legend)
        elif not legend.writing.flat and any(not apart(face, legend.writing.quad) for face in faces):
            yield _veil(Rect(*legend.writing.at, *legend.writing.size))
        yield from _written(legend)


def _written(legend: Legend) -> Iterator[Words]:
    """The runs of a legend in their line."""
    at = legend.writing
    left = 0.0 if at.flat else PAD
    for run, px, space in legend.runs:
        left += space
        if at.flat:
            colour, (x, y) = faded(run.colour, legend.opacity), at.spot(left, ASCENT * at.px)
            yield Words(x, y, readable(run.text), px, colour, right=at.right, down=at.down)
        else:
            x, y = at.spot(left, at.size[1] / 2)
            yield words(run.text, x, y, px, run.colour, legend.opacity)
        left += width_of(run.text, px)


def _pins(scene: Prepared, buffers: Buffers, eye: Eye) -> Iterator[tuple[Item, Rect | None]]:
    """A ring around each pinned cell, and beside it its place and value."""
    drawn, theme = {face.id for face in scene.shown.faces}, scene.shown.theme
    for cell in scene.cells:
        spots, depths = project(eye, centre_of(cell)[None])
        if cell.face.id not in drawn or depths[0] <= NEAR:
            continue
        x, y = spots[0].tolist()
        radius = ring_px(eye.pixel_angle, float(depths[0])) / 2
        turns = np.linspace(0, 2 * np.pi, 49)[:-1]
        around = tuple((x + radius * float(np.cos(t)), y + radius * float(np.sin(t))) for t in turns)
        yield Polygon(around, theme.accent, 1.0, 2.0), None
        text = reading(scene.shown, buffers, cell, values=scene.shown.head.film is None)
        wide = width_of(text, SMALL_PX)
        left = x + radius + 4 if x + radius + 4 + wide <= eye.width else max(4.0, x - radius - 4 - wide)
        rect = Rect(left, y - SMALL_PX, wide, 2 * SMALL_PX)
        yield _veil(rect), rect
        yield words(text, left, y, SMALL_PX, theme.accent), None


def _disc(centre: Point, radius: float, colour: int) -> Disc:
    return Disc(centre, (radius, radius), 0.0, colour)


def _veil(rect: Rect) -> Polygon:
    """White behind a text that lies on a face."""
    x, y, right, bottom = rect.x + 2, rect.y, rect.x + rect.w - 2, rect.y + rect.h
    return Polygon(((x, y), (right, y), (right, bottom), (x, bottom)), WHITE, 0.8)


def _badge(legend: Legend) -> Polygon:
    """The rounded ground of a badge."""
    (x, y), (wide, high) = legend.writing.at, legend.writing.size
    radius = ROUND * high
    corners = (
        (wide - radius, high - radius),
        (radius, high - radius),
        (radius, radius),
        (wide - radius, radius),
    )
    points = [
        (x + dx + radius * math.cos(turn), y + dy + radius * math.sin(turn))
        for n, (dx, dy) in enumerate(corners)
        for turn in np.linspace(n * math.pi / 2, (n + 1) * math.pi / 2, 6).tolist()
    ]
    assert legend.ground is not None
    return Polygon(tuple(points), faded(legend.ground, legend.opacity))


def _bar(scene: Prepared, bar: Bar) -> Iterator[Item]:
    """The colour bar: a dot for each step, its ends and its first line."""
    shown, rect = scene.shown, bar.rect
    left = rect.x + rect.w - BALLS * bar.ball_px
    for n in range(BALLS):
        value = 2 * n / (BALLS - 1) - 1
        size = np.array([abs(value)])
        if value:
            colour = pack(srgb_from_linear(np.clip(bar.look.dot(size, positive=value > 0)[0], 0, 1)))
            radius = float(bar.look.radius(size)[0]) * bar.ball_px
            yield _disc((left + (n + 0.5) * bar.ball_px, rect.y + bar.ball_px / 2), radius, colour)
    middle = rect.y + bar.ball_px + LINE / 2
    if (tick := tick_of(bar)) is not None:
        yield Line((tick, rect.y), (tick, rect.y + bar.ball_px), 1.0, shown.theme.text)
    for text, at in bar_texts(bar):
        yield words(text, at, middle, SMALL_PX, shown.theme.muted)
    at = rect.x + rect.w - sum(width_of(run.text, SMALL_PX) for run in bar.lines[0])
    for run in bar.lines[0]:
        yield words(run.text, at, middle + LINE, SMALL_PX, run.colour)
        at += width_of(run.text, SMALL_PX)


def words(text: str, left: float, middle: float, px: float, colour: int, opacity: float = 1.0) -> Words:
    """A line of text about a middle height, as the still writes it.

    Args:
        text: one line.
        left: its left end, pixels.
        middle: of its ascenders and descenders, pixels.
        px: font size.
        colour: 0xRRGGBB.
        opacity: of the text; on white it is a lighter colour.
    """
    up, down = font(px).getmetrics()
    return Words(left, middle + (up - down) / 2, readable(text), px, faded(colour, opacity), 1.0)


def faded(colour: int, opacity: float) -> int:
    """A colour of some opacity on white.

    Example:
        >>> hex(faded(0x000000, 0.5))
        '0x808080'
    """
    return pack(1 + (split(colour) - 1) * opacity)


def hexadecimal(colour: int) -> str:
    """0xRRGGBB as ``#rrggbb``."""
    return f"#{colour:06x}"


def texts_of(items: Sequence[Item]) -> str:
    """All characters of a drawing's texts, each once, in order: what an embedded font has to hold."""
    return "".join(sorted({sign for item in items if isinstance(item, Words) for sign in item.text}))
