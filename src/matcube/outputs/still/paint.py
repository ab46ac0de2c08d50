"""The picture without its texts: marks, then faces from back to front, in bands of rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcube.limits import steps
from matcube.outputs.still.face import frame_of, look_at
from matcube.outputs.still.frame_cache import FrameCache, Seen
from matcube.outputs.still.inside import look_inside
from matcube.outputs.still.marks import Projected, linear_colour, paint, projected
from matcube.outputs.still.raster import outline, pixels_in
from matcube.outputs.still.sheets import (
    Drawn,
    held_by_device,
    layered,
    lit_places,
    mask_of,
    planes_of,
    rods_of,
    sheet_of,
    sheet_of_part,
)
from matcube.outputs.still.surface import Surface
from matcube.playback.camera import Eye, rays
from matcube.playback.colour import srgb_from_linear
from matcube.playback.devices import tints_of
from matcube.playback.mark import Mark
from matcube.playback.marks import marks_of, tile_marks
from matcube.playback.moment import Moment
from matcube.playback.order import back_to_front
from matcube.playback.packets import packets_of
from matcube.playback.places import own_splits
from matcube.playback.plates import OPACITY, cosine_of, grid_of, pad_of, plate_colour, plate_marks
from matcube.playback.shading import REST
from matcube.playback.stairs import stair_marks
from matcube.playback.visible import Shown
from matcube.wire import Face

Pixels = NDArray[np.float32]
Buffers = Mapping[str, NDArray[Any]]
ShareDone = Callable[[float], None]

BAND = 1 << 18  # samples in a band of rows, the bound of the memory


def paint_scene(
    buffers: Buffers,
    shown: Shown,
    eye: Eye,
    *,
    moment: Moment | None = None,
    cache: FrameCache | None = None,
    supersample: int,
    decor: bool,
    progress: ShareDone | None,
    zoom: float = 1.0,
) -> NDArray[np.uint8]:
    """The picture (height, width, 3) in sRGB.

    Args:
        buffers: flat arrays by sha256.
        shown: the visible part of the scene.
        eye: of the samples: its width and height are those of the picture times ``supersample``.
        moment: of the film, or None at rest.
        cache: for the frames of a film, or None.
        supersample: samples per pixel along each side.
        decor: also draw lines and marks.
        progress: called with the finished share, after each band of rows.
        zoom: pixels of the picture per pixel of a line's width.
    """
    moment = moment or Moment()
    memory = FrameCache() if cache is None else cache
    memory.look(eye)
    tiles = tile_marks(moment.tiles, shown.theme)
    ground = _Ground(shown, eye, zoom=supersample * zoom, decor=decor, cache=cache, moving=tiles)
    planes = planes_of(buffers, moment, shown, eye.position, ground.pixels_per_cell)
    rods = rods_of(moment, shown, eye.position, ground.pixels_per_cell)
    faces = _drawable(shown, [plane.face for plane in planes], eye) + [rod.face for rod in rods]
    outlines = [outline(face, eye, pad_of(face)) for face in faces]
    result = {plane.face.id: plane for plane in (*planes, *rods)}
    edges = {
        face.id: ground.edges(face, None if face.id in moment.faces else mask_on(face, shown, buffers))
        for face in faces if face.id not in result
    }  # fmt: skip
    packets = ground.packets(moment)
    bands = []
    for top, rows in steps(_bands(eye, supersample)):
        band = ground.band(top, rows)
        for face, polygon in zip(faces, outlines, strict=True):
            x, y = pixels_in(polygon, top=top, bottom=top + rows, width=eye.width)
            if not x.size:
                continue
            if face.id not in result:
                result[face.id] = drawn_of(buffers, shown, face, moment, memory)
            drawn = result[face.id]
            surface = ground.surface(drawn, focus=bool(moment.lit))
            _composite(band, _seen(drawn, eye, (x, y - top, top), surface, cache))
            for mark in edges.get(face.id, ()):
                paint(mark, band, top=top)
        for mark in packets:
            paint(mark, band, top=top)
        bands.append(_finish(band, supersample))
        if progress is not None:
            progress((top + rows) / eye.height)
    return np.concatenate(bands)


class _Ground:
    """The picture under all faces: ground and marks that are fixed for all frames, and moving marks."""

    def __init__(
        self,
        shown: Shown,
        eye: Eye,
        *,
        zoom: float,
        decor: bool,
        cache: FrameCache | None,
        moving: Sequence[Mark] = (),
    ) -> None:
        self._shown, self._eye, self._zoom, self._decor = shown, eye, zoom, decor
        self._cache = cache
        self._moving = self._projected(moving if decor else ())

    def band(self, top: int, rows: int) -> Pixels:
        """A new band of rows with ground and marks."""
        band = self._fixed_band(top, rows)
        for mark in self._moving:
            paint(mark, band, top=top)
        return band

    def _fixed_band(self, top: int, rows: int) -> Pixels:
        result = None if self._cache is None else self._cache.ground.get((top, self._decor))
        if result is not None:
            return result.copy()
        band = np.empty((rows, self._eye.width, 3), np.float32)
        band[:] = linear_colour(self._shown.theme.ground)
        for mark in self._fixed:
            paint(mark, band, top=top)
        if self._cache is not None:
            self._cache.ground[top, self._decor] = band.copy()
        return band

    def pixels_per_cell(self, point: NDArray[np.float64]) -> float:
        """The size of a cell at a point of the world, in pixels of the finished picture."""
        distance = float(np.linalg.norm(point - self._eye.position))
        return 1 / (distance * self._eye.pixel_angle * self._zoom)

    def surface(self, drawn: Drawn, *, focus: bool) -> Surface:
        """What the cells of a face lie on, and their light."""
        return surface_of(drawn, self._shown, self._eye, self._zoom, focus=focus)

    def edges(self, face: Face, mask: NDArray[np.uint8] | None) -> list[Projected]:
        """The edge of a mask, and sides, frame and light of the plates of a face."""
        pixel = self._eye.pixel_angle * self._zoom
        shown = self._shown
        tints = tints_of(shown.head, face, shown.theme, shown.device)
        stairs = [] if mask is None else stair_marks(face, mask, shown.theme.frame)
        return self._projected([*stairs, *plate_marks(face, shown.theme, self._eye, pixel, tints)])

    def packets(self, moment: Moment) -> list[Projected]:
        """What devices send each other, over all faces."""
        shown = self._shown
        marks = packets_of(shown.head, shown.faces, shown.theme, moment.exchanges) if self._decor else ()
        return self._projected(marks)

    @cached_property
    def _fixed(self) -> list[Projected]:
        return self._projected(
            marks_of(self._shown, self._eye, self._eye.pixel_angle * self._zoom) if self._decor else ()
        )

    def _projected(self, marks: Sequence[Mark]) -> list[Projected]:
        result = (projected(mark, self._eye, zoom=self._zoom) for mark in marks)
        return [mark for mark in result if mark is not None]


def surface_of(drawn: Drawn, shown: Shown, eye: Eye, zoom: float, *, focus: bool) -> Surface:
    """What the cells of a face lie on, and their light.

    Args:
        drawn: the face.
        shown: the visible part of the scene.
        eye: of the samples.
        zoom: samples to a pixel of the finished picture.
        focus: something is lit, and what is not steps back.
    """
    face, theme = drawn.face, shown.theme
    held = held_by_device(face, shown) if shown.device is not None and not drawn.inside else None
    dim = (focus and not drawn.inside) or held is not None or face.node in shown.faded
    plate = plate_colour(theme, cosine_of(face, eye.position))
    masked, ring = (linear_colour(c).astype(np.float64) for c in (theme.masked, theme.frame))
    return Surface(
        plate, OPACITY, pad_of(face), grid_of(face), masked, ring, zoom,
        shown.look if drawn.inside else shown.look_of(face.node),
        REST if dim else 1.0, (*drawn.lit, *(held or ())),
    )  # fmt: skip


def mask_on(face: Face, shown: Shown, buffers: Buffers) -> NDArray[np.uint8] | None:
    """The mask of a face's cells; None without it, for partial results and for averages.

    Args:
        face: with values.
        shown: the visible part of the scene.
        buffers: flat arrays by sha256.
    """
    matrix = shown.matrices[face.node]
    return None if face.part is not None or matrix.values is None else mask_of(matrix, buffers)


def drawn_of(buffers: Buffers, shown: Shown, face: Face, moment: Moment, cache: FrameCache) -> Drawn:
    """A face with its ink at a moment; that of a whole matrix is cached.

    Args:
        buffers: flat arrays by sha256.
        shown: the visible part of the scene.
        face: with values.
        moment: of the film.
        cache: of sheets.
    """
    layers = moment.faces.get(face.id)
    if layers is not None:
        sheet = layered(buffers, shown, face, layers)
    else:
        splits = own_splits(face)
        key = (face.node, None if face.part is None else face.id, splits)
        if key not in cache.sheets:
            cache.sheets[key] = (
                sheet_of(buffers, shown, face.node, splits)
                if face.part is None
                else sheet_of_part(buffers, shown, face)
            )
        sheet = cache.sheets[key]
    return Drawn(face, sheet, lit_places(face, moment.lit.get(face.id, ())), is_whole=layers is None)


def _drawable(shown: Shown, planes: list[Face], eye: Eye) -> list[Face]:
    """Faces with values, and planes of products, from back to front."""
    faces = [f for f in shown.faces if shown.has_values(f)]
    faces += planes
    return [faces[n] for n in back_to_front(faces, eye.position)]


def _bands(eye: Eye, supersample: int) -> Iterator[tuple[int, int]]:
    step = max(1, BAND // (eye.width * supersample)) * supersample
    for top in range(0, eye.height, step):
        yield top, min(step, eye.height - top)


def _seen(
    drawn: Drawn,
    eye: Eye,
    spots: tuple[NDArray[np.int64], NDArray[np.int64], int],
    surface: Surface,
    cache: FrameCache | None,
) -> Seen:
    """The visible pixels of a face among (x, y) of a band that begins at row ``top``, with their ink."""
    x, y, top = spots
    face = drawn.face
    key = face.id, top, surface.rest, surface.lit
    if cache is not None and drawn.is_whole and key in cache.seen:
        return cache.seen[key]
    frame, turn = frame_of(face, eye)
    directions = rays(eye, x.astype(np.float64) + 0.5, y.astype(np.float64) + (top + 0.5)) @ turn.T
    if drawn.inside:
        ink = look_inside(drawn.sheet, frame, directions, surface)
    else:
        ink = look_at(drawn.sheet, frame, directions, transposed=face.transposed, surface=surface)
    hit = np.flatnonzero(ink[:, 3] > 0)
    result = x[hit], y[hit], ink[hit]
    if cache is not None and drawn.is_whole:
        cache.seen[key] = result
    return result


def _composite(band: Pixels, seen: Seen) -> None:
    """Composite the visible pixels of a face over a band."""
    x, y, ink = seen
    band[y, x] = band[y, x] * (1 - ink[:, 3:]) + ink[:, :3]


_STEPS = 4096
_FINE = 32  # times finer below 1 / 32, where sRGB is steep
_LIGHT = (np.arange(_STEPS * _FINE) // _FINE + 0.5) / _STEPS
_LIGHT[:_STEPS] = (np.arange(_STEPS) + 0.5) / (_STEPS * _FINE)
_SRGB = np.rint(srgb_from_linear(_LIGHT) * 255).astype(np.uint8)


def _finish(band: Pixels, supersample: int) -> NDArray[np.uint8]:
    """Average the samples of each pixel in linear light, then to sRGB bytes."""
    if supersample > 1:
        rows, cols = band.shape[0] // supersample, band.shape[1] // supersample
        band = band.reshape(rows, supersample, cols, supersample, 3).mean(axis=(1, 3), dtype=np.float32)
    steps = (np.clip(band, 0.0, 1.0) * np.float32(_STEPS * _FINE)).astype(np.int32)
    return _SRGB.take(np.minimum(steps, _STEPS * _FINE - 1, out=steps))
