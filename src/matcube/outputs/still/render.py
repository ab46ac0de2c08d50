"""A scene as a picture: camera, moment of the film, painted faces, legends and corners."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import NamedTuple

import msgspec
import numpy as np
from PIL import Image

from matcube.errors import OptionError
from matcube.outputs.still.caption import draw_captions
from matcube.outputs.still.frame_cache import FrameCache
from matcube.outputs.still.legend import legends_of
from matcube.outputs.still.lettering import draw_legends
from matcube.outputs.still.notes import draw_notes, notes_of
from matcube.outputs.still.overlay import draw_corners
from matcube.outputs.still.paint import Buffers, ShareDone, paint_scene
from matcube.outputs.still.pins import draw_pins
from matcube.playback.camera import Eye, eye_of
from matcube.playback.coincident import uncovered
from matcube.playback.devices import captions_of
from matcube.playback.home import home
from matcube.playback.interior import Lit
from matcube.playback.labels import Rect
from matcube.playback.moment import Moment, at
from matcube.playback.outlines import outlines_of
from matcube.playback.packets import sentences_of
from matcube.playback.pins import PinnedCell, cell_of, lit_by, lit_by_node
from matcube.playback.rods import rods_of
from matcube.playback.visible import Shown, shown_of
from matcube.wire import Camera, FilmView, Head, View

DEFAULT_SIZE = (1280, 800)
LARGEST = 8192


def render(
    head: Head,
    buffers: Buffers,
    *,
    size: tuple[int, int] = DEFAULT_SIZE,
    view: View | None = None,
    supersample: int = 1,
    decor: bool = True,
    corners: bool = True,
    clear: bool = False,
    cache: FrameCache | None = None,
    progress: ShareDone | None = None,
    zoom: float = 1.0,
) -> Image.Image:
    """Draw a scene; the same input gives the same bytes.

    Args:
        head: the scene.
        buffers: flat arrays by sha256; those that the picture needs suffice.
        size: width and height in pixels, with the zoom 1 to 8192 each.
        view: the view; the scene's own when None. Its camera None fits the figure.
        supersample: samples per pixel along each side, 1 to 8.
        decor: also draw lines, marks, legends and the colour bar.
        corners: with ``decor``, also draw the program and the colour bar.
        clear: leave out a colour bar that would lie on a face.
        cache: for the frames of a film of one scene under one style.
        progress: called with the finished share, after each band of rows.
        zoom: pixels of the picture per pixel: makes everything larger, lines and lettering too.

    Returns:
        An RGB image.

    Raises:
        OptionError: the size, the supersampling or a name in the style is out of range.
    """
    width, height = (round(side * zoom) for side in size)
    _check(width, height, supersample)
    view = head.view if view is None else view
    film = view.film
    shown, moment, camera, cells = prepared(head, buffers, size=(width, height), view=view)
    eye = eye_of(camera, width=width * supersample, height=height * supersample)
    still_view = msgspec.structs.replace(view, film=msgspec.structs.replace(film, t=0.0))
    look = (still_view, camera, size, supersample, decor, zoom)
    pixels = None if cache is None else cache.pixels(moment, look)
    if pixels is None:
        pixels = paint_scene(
            buffers, shown, eye, moment=moment, cache=cache,
            supersample=supersample, decor=decor, progress=progress, zoom=zoom,
        )  # fmt: skip
    if cache is not None:
        cache.last = moment, look, pixels
    image = Image.fromarray(pixels)
    if decor:
        whole = eye_of(camera, width=size[0], height=size[1])
        seen = Prepared(shown, moment, camera, cells)
        _draw_over(image, head, buffers, seen, view.program if corners else None, whole, cache, zoom, clear)
    return image


class Prepared(NamedTuple):
    """What is drawn: the visible part of a scene at its moment, the camera, and the pinned cells."""

    shown: Shown
    moment: Moment
    camera: Camera
    cells: list[PinnedCell]


def prepared(head: Head, buffers: Buffers, *, size: tuple[int, int], view: View) -> Prepared:
    """The visible part of a scene under a view, its moment and its camera.

    Args:
        head: the scene.
        buffers: flat arrays by sha256.
        size: width and height in pixels, for the camera that fits the figure.
        view: its camera None fits the figure.

    Raises:
        OptionError: a name in the style is out of range.
    """
    film = view.film
    shown = shown_of(head, view)
    moment = at(head, buffers, film.t, hide_inputs=film.hide_inputs)
    cells = [cell for pin in view.selection.pins if (cell := cell_of(shown.layout, pin))]
    moment = replace(moment, lit=uncovered(_lit(moment, shown, cells), shown.layout.faces))
    rods = rods_of(head, buffers, shown.layout, {box.id for box in shown.boxes}, cells, t=film.t)
    moment = replace(moment, planes=(*moment.planes, *rods))
    shown = replace(shown, faces=[face for face in shown.faces if face.id not in moment.hidden])
    camera = view.camera or fitted(shown, width=size[0], height=size[1])
    return Prepared(shown, moment, _spun(camera, head, film), cells)


def _lit(moment: Moment, shown: Shown, cells: list[PinnedCell]) -> dict[int, tuple[Lit, ...]]:
    """What a step of the film reads, and what forms the pinned cells; else the selected matrix."""
    lit = dict(moment.lit)
    for face, parts in lit_by(shown.layout, cells).items():
        lit[face] = (*lit.get(face, ()), *parts)
    if lit or shown.device is not None:
        return lit
    return lit_by_node(shown.layout, shown.faces, shown.selected)


def _draw_over(
    image: Image.Image,
    head: Head,
    buffers: Buffers,
    seen: Prepared,
    program: str | None,
    eye: Eye,
    cache: FrameCache | None,
    zoom: float,
    clear: bool,
) -> None:
    """Corners and notes, unless ``program`` is None, then pins and legends."""
    taken: list[Rect] = []
    if program is not None:
        outlines = outlines_of(seen.shown.faces, eye)
        taken = draw_corners(
            image, seen.shown, program, outlines=outlines, moment=seen.moment, clear=clear, zoom=zoom
        )
        texts = sentences_of(head, seen.moment.exchanges) + captions_of(head, seen.shown.device)
        taken += draw_captions(image, texts, seen.shown.theme, taken, zoom=zoom)
        faces = [outline.polygon for outline in outlines]
        notes = notes_of(seen.shown, (eye.width, eye.height), taken=taken, faces=faces)
        draw_notes(image, notes, seen.shown.theme, zoom=zoom)
        taken += [note.rect for note in notes]
    taken += draw_pins(image, seen.shown, buffers, eye, seen.cells, values=head.film is None, zoom=zoom)
    _draw_legends(image, seen.shown, eye, taken, cache, zoom)


def _draw_legends(
    image: Image.Image, shown: Shown, eye: Eye, taken: list[Rect], cache: FrameCache | None, zoom: float
) -> None:
    """Legends; they are placed once for all frames of a film with the same corners."""
    legends = None if cache is None else cache.legends.get(tuple(taken))
    legends = legends_of(shown, eye, taken=taken) if legends is None else legends
    draw_legends(image, legends, shown.theme, zoom=zoom)
    if cache is not None:
        cache.legends = {tuple(taken): legends}


def _spun(camera: Camera, head: Head, film: FilmView) -> Camera:
    """The camera turned by the film's spin."""
    if head.film is None or not film.spin:
        return camera
    turned = camera.yaw + 2 * np.pi * film.spin * film.t / max(head.film.duration, 1.0)
    return msgspec.structs.replace(camera, yaw=turned)


def _check(width: int, height: int, supersample: int) -> None:
    if not (1 <= width <= LARGEST and 1 <= height <= LARGEST):
        raise OptionError(f"a picture of {width} × {height} pixels", hint=f"1 to {LARGEST} pixels a side")
    if not 1 <= supersample <= 8:
        raise OptionError(f"supersample = {supersample}", hint="1 to 8 samples a side")


def png(image: Image.Image) -> bytes:
    """The bytes of a PNG file, without date or name."""
    out = io.BytesIO()
    image.save(out, format="PNG", compress_level=6)
    return out.getvalue()


def fitted(shown: Shown, *, width: int, height: int) -> Camera:
    """The opening camera: the whole figure, from the side that shows best what it is about.

    Args:
        shown: the visible part of the scene.
        width: of the picture, pixels.
        height: of the picture, pixels.
    """
    root = shown.layout.root_face
    return home(shown.faces, subject=shown.protagonist, root=root, width=width, height=height)
