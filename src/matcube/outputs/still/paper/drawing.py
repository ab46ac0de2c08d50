"""The still as a list of lines, discs, pictures and words; ``svg`` and ``pdf`` write it down.

Geometry, order, colours and the places of texts are those of the still. Every length is in pixels of the
picture, so that a drawing of another size or scale is the same drawing. There is no ground, no arrow and no
program.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import msgspec
import numpy as np
from PIL import Image

from matcube.outputs.still.frame_cache import FrameCache
from matcube.outputs.still.legend import Legend, legends_of
from matcube.outputs.still.marks import projected
from matcube.outputs.still.overlay import BALLS, LINE, SMALL_PX, Bar, bar_of, placed_bar
from matcube.outputs.still.paint import FADED, Buffers, drawn_of, paint_scene
from matcube.outputs.still.pins import reading
from matcube.outputs.still.render import Prepared, prepared
from matcube.outputs.still.sheets import Drawn
from matcube.outputs.still.text import font, readable, width_of
from matcube.playback.camera import NEAR, TAN_HALF, Eye, Floats, corners_of, eye_of, project
from matcube.playback.colour import pack, split, srgb_from_linear
from matcube.playback.labels import Rect
from matcube.playback.marks import marks_of, tile_marks
from matcube.playback.order import back_to_front
from matcube.playback.outlines import apart, outlines_of
from matcube.playback.pins import centre as centre_of
from matcube.playback.pins import ring_px
from matcube.playback.shading import GLOSS_MEAN, SHADE_MEAN
from matcube.playback.writing import ASCENT, PAD
from matcube.wire import Face, Head, View

WHITE = 0xFFFFFF
MOST_DISCS = 20_000  # of all faces together; beyond, their cells are one embedded picture
PICTURE_SIDE = 3000  # pixels of the longer side of an embedded picture, at most
FRAME_PX = 0.75


@dataclass(frozen=True)
class Line:
    """A segment, pixels."""

    start: tuple[float, float]
    end: tuple[float, float]
    width: float
    colour: int
    opacity: float = 1.0


@dataclass(frozen=True)
class Polygon:
    """A filled polygon, or with a ``width`` its outline; pixels."""

    points: tuple[tuple[float, float], ...]
    colour: int
    opacity: float = 1.0
    width: float = 0.0


@dataclass(frozen=True)
class Disc:
    """A filled circle, pixels."""

    centre: tuple[float, float]
    radius: float
    colour: int
    opacity: float = 1.0


@dataclass(frozen=True)
class Words:
    """One line of text: its left end and baseline, and the height of its font, pixels.

    ``right`` and ``down`` are the steps of a pixel of text; on the plane of a face it is not upright.
    """

    left: float
    baseline: float
    text: str
    px: float
    colour: int
    opacity: float = 1.0
    right: tuple[float, float] = (1.0, 0.0)
    down: tuple[float, float] = (0.0, 1.0)


@dataclass(frozen=True)
class Picture:
    """An embedded PNG: over the whole drawing, or in a ``box`` of left, top, width and height, pixels."""

    png: bytes
    box: tuple[float, float, float, float] | None = None


Item = Line | Polygon | Disc | Words | Picture


@dataclass(frozen=True)
class Drawing:
    """A picture of ``width`` × ``height`` pixels, its items from back to front."""

    width: int
    height: int
    items: tuple[Item, ...]


def drawing_of(
    head: Head,
    buffers: Buffers,
    *,
    size: tuple[int, int],
    view: View | None = None,
    resolution: float = 2.0,
) -> Drawing:
    """A scene as vectors and text.

    Args:
        head: the scene.
        buffers: flat arrays by sha256.
        size: width and height in pixels: the unit of all lengths.
        view: the view; the scene's own when None. Its theme is the light one on white.
        resolution: samples per pixel of an embedded picture.

    Raises:
        OptionError: the size or a name in the style is out of range.
    """
    head = on_white(head)
    scene = prepared(head, buffers, size=size, view=_on_paper(head.view if view is None else view))
    eye = eye_of(scene.camera, width=size[0], height=size[1])
    items = [*_marks(scene, eye), *_frames(scene, eye)]
    discs = _discs(scene, buffers, eye)
    items += _picture(scene, buffers, size, resolution) if discs is None else discs
    items += _legends(scene, buffers, eye)
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


def _pixels_per_cell(eye: Eye, point: Floats) -> float:
    return 1 / (float(np.linalg.norm(point - eye.position)) * eye.pixel_angle)


def _marks(scene: Prepared, eye: Eye) -> Iterator[Item]:
    """Edges, guides, links and the tiles of a step."""
    marks = marks_of(scene.shown, lambda point: _pixels_per_cell(eye, point))
    for mark in (*marks, *tile_marks(scene.moment.tiles, scene.shown.theme)):
        seen = projected(mark, eye, zoom=1.0)
        if seen is None:
            continue
        points = [(float(x), float(y)) for x, y in seen.points]
        if seen.filled:
            yield Polygon(tuple(points), mark.colour, mark.opacity)
        else:
            yield Line(points[0], points[1], mark.width, mark.colour, mark.opacity)


def _frames(scene: Prepared, eye: Eye) -> Iterator[Item]:
    """A thin frame around each face with values: the plane that its dots lie on."""
    for face in _faces(scene, eye):
        xy, depth = project(eye, corners_of(face))
        if depth.min() > 1e-6:
            points = tuple((float(x), float(y)) for x, y in xy)
            yield Polygon(points, scene.shown.theme.muted, 1.0, FRAME_PX)


def _faces(scene: Prepared, eye: Eye) -> list[Face]:
    """Faces with values, from back to front."""
    faces = [face for face in scene.shown.faces if scene.shown.has_values(face)]
    return [faces[n] for n in back_to_front(faces, eye.position)]


def _discs(scene: Prepared, buffers: Buffers, eye: Eye) -> list[Disc] | None:
    """A disc for each cell; None where they are too many, averages, or a step of a film is shown."""
    faces = _faces(scene, eye)
    cells = sum(face.rows * face.cols for face in faces)
    if cells > MOST_DISCS or scene.moment.planes or scene.moment.faces:
        return None
    result: list[Disc] = []
    cache = FrameCache()
    for face in faces:
        centre = corners_of(face).mean(axis=0)
        drawn = drawn_of(buffers, scene.shown, face, scene.moment, cache, _pixels_per_cell(eye, centre))
        if not drawn.sheet.exact or drawn.lines:
            return None
        faded = face.node in scene.shown.faded
        result += _of_face(drawn, eye, faded=faded)
    return result


def _of_face(drawn: Drawn, eye: Eye, *, faded: bool) -> Iterator[Disc]:
    face, ink = drawn.face, np.asarray(drawn.sheet.levels[0], np.float64)
    ink = ink.swapaxes(0, 1) if face.transposed else ink
    rows, cols = np.nonzero(ink[..., 3] > 0)
    ink = ink[rows, cols]
    points = (
        np.array(face.origin)
        + (cols + 0.5)[:, None] * np.array(face.across, np.float64)
        + (rows + 0.5)[:, None] * np.array(face.down, np.float64)
    )
    xy, depth = project(eye, points)
    radii = np.sqrt(ink[:, 3] / np.pi) * eye.height / (2 * TAN_HALF * np.maximum(depth, 1e-6))
    light = ink[:, :3] / ink[:, 3:] * SHADE_MEAN + GLOSS_MEAN
    colours = srgb_from_linear(np.clip(light, 0, 1))
    opacity = FADED if faded else 1.0
    for n in np.argsort(-depth, kind="stable").tolist():
        x, y = float(xy[n, 0]), float(xy[n, 1])
        reach = float(radii[n])
        if depth[n] > 1e-6 and -reach < x < eye.width + reach and -reach < y < eye.height + reach:
            yield Disc((x, y), reach, pack(colours[n]), opacity)


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


def _legends(scene: Prepared, buffers: Buffers, eye: Eye) -> Iterator[Item]:
    shown, theme = scene.shown, scene.shown.theme
    bar = bar_of(shown, (eye.width, eye.height), scene.moment)
    bar = bar and placed_bar(bar, outlines_of(shown.faces, eye), shown.layout.root_face, eye.width)
    if bar is not None:
        yield from _bar(scene, bar)
    taken = [] if bar is None else [bar.rect]
    for item, rect in _pins(scene, buffers, eye):
        taken += [] if rect is None else [rect]
        yield item
    legends = legends_of(shown, eye, taken=taken)
    for lead in (legend.writing.lead for legend in legends):
        if lead is not None:
            yield Line(lead[0], lead[1], 1.0, theme.muted)
            yield Disc(lead[1], 2.0, theme.muted)
    faces = [outline.seen for outline in outlines_of(shown.faces, eye)]
    for legend in legends:
        if not legend.writing.flat and any(not apart(face, legend.writing.quad) for face in faces):
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


def _veil(rect: Rect) -> Polygon:
    """White behind a text that lies on a face."""
    x, y, right, bottom = rect.x + 2, rect.y, rect.x + rect.w - 2, rect.y + rect.h
    return Polygon(((x, y), (right, y), (right, bottom), (x, bottom)), WHITE, 0.8)


def _bar(scene: Prepared, bar: Bar) -> Iterator[Item]:
    """The colour bar: a dot for each step, its ends and its first line."""
    shown, rect = scene.shown, bar.rect
    left = rect.x + rect.w - BALLS * bar.ball_px
    for n in range(BALLS):
        value = 2 * n / (BALLS - 1) - 1
        size = np.array([abs(value)])
        area = float(shown.look.area(size)[0])
        if area > 0:
            light = shown.look.colour(size, positive=value > 0)[0] * SHADE_MEAN + GLOSS_MEAN
            colour = pack(srgb_from_linear(np.clip(light, 0, 1)))
            centre = left + (n + 0.5) * bar.ball_px, rect.y + bar.ball_px / 2
            yield Disc(centre, float(np.sqrt(area / np.pi)) * bar.ball_px, colour)
    middle = rect.y + bar.ball_px + LINE / 2
    ends = ((bar.ends[0], 0.5), ("0", BALLS / 2), (bar.ends[1], BALLS - 0.5))
    for text, step in ends:
        wide = width_of(text, SMALL_PX)
        at = min(max(left + step * bar.ball_px - wide / 2, rect.x), rect.x + rect.w - wide)
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
