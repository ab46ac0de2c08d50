"""The picture without its texts: marks, then faces from back to front, in bands of rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcube.outputs.still.face import Sheet, frame_of, look_at
from matcube.outputs.still.frame_cache import FrameCache, Seen, Splits
from matcube.outputs.still.marks import Drawn as DrawnMark
from matcube.outputs.still.marks import drawn, paint
from matcube.outputs.still.playing import (
    DIMMED,
    Drawn,
    held_by,
    inked,
    layered,
    lit_lines,
    look_of,
    planes_of,
    sheet_of_part,
)
from matcube.outputs.still.raster import outline, pixels_in
from matcube.playback.camera import Eye, corners_of, rays
from matcube.playback.colour import linear_from_srgb, split, srgb_from_linear
from matcube.playback.ink import ink_of, pooled_ink
from matcube.playback.marks import Mark, marks_of, tile_marks
from matcube.playback.moment import Moment
from matcube.playback.order import back_to_front
from matcube.playback.places import own_splits, spread_averages
from matcube.playback.pyramid import flag_levels_of, levels_of
from matcube.playback.visible import Shown, scale_of, theme_of
from matcube.wire import Face, Head, Matrix

Pixels = NDArray[np.float32]
Buffers = Mapping[str, NDArray[Any]]
Progress = Callable[[float], None]

FADED = 0.15
BAND = 1 << 18  # samples in a band of rows: what bounds the memory


def linear_colour(colour: int) -> Pixels:
    """0xRRGGBB as linear light."""
    return linear_from_srgb(split(colour)).astype(np.float32)


def paint_scene(
    head: Head,
    buffers: Buffers,
    shown: Shown,
    eye: Eye,
    *,
    moment: Moment | None = None,
    cache: FrameCache | None = None,
    supersample: int,
    decor: bool,
    progress: Progress | None,
) -> NDArray[np.uint8]:
    """The picture (height, width, 3) in sRGB; ``eye`` looks at height * supersample rows of samples.

    ``cache`` is what frames of a film share; it is added to.
    """
    moment = moment or Moment()
    memory = FrameCache() if cache is None else cache
    memory.look(eye)
    tiles = tile_marks(moment.tiles, theme_of(head, shown.style))
    under = _Under(head, shown, eye, zoom=supersample, decor=decor, cache=cache, passing=tiles)
    planes = {
        plane.face.id: plane for plane in planes_of(head, moment, shown, eye.position, under.pixels_per_cell)
    }
    faces = _drawable(shown, [plane.face for plane in planes.values()], eye)
    outlines = [outline(face, eye) for face in faces]
    result = dict(planes)
    bands = []
    for top, rows in _bands(eye, supersample):
        band = under.band(top, rows)
        for face, polygon in zip(faces, outlines, strict=True):
            x, y = pixels_in(polygon, top=top, bottom=top + rows, width=eye.width)
            if not x.size:
                continue
            if face.id not in result:
                pixels = under.pixels_per_cell(corners_of(face).mean(axis=0))
                result[face.id] = _drawn_of(head, buffers, shown, face, moment, memory, pixels)
            seen = _seen(result[face.id], eye, (x, y - top, top), cache)
            _composite(band, result[face.id], seen, shown.faded)
            for line in result[face.id].lines:
                x, y = pixels_in(outline(line.face, eye), top=top, bottom=top + rows, width=eye.width)
                _composite(band, line, _seen(line, eye, (x, y - top, top), None), shown.faded)
        bands.append(_finish(band, supersample))
        if progress is not None:
            progress((top + rows) / eye.height)
    return np.concatenate(bands)


class _Under:
    """What lies under all faces: ground, lines and marks, the same in every frame, and ``passing`` marks."""

    def __init__(
        self,
        head: Head,
        shown: Shown,
        eye: Eye,
        *,
        zoom: int,
        decor: bool,
        cache: FrameCache | None,
        passing: Sequence[Mark] = (),
    ) -> None:
        self._shown, self._eye, self._zoom, self._decor = shown, eye, zoom, decor
        self._theme = theme_of(head, shown.style)
        self._cache = cache
        self._passing = self._drawn(passing if decor else ())

    def band(self, top: int, rows: int) -> Pixels:
        """A band of rows, to be painted on."""
        band = self._lasting_band(top, rows)
        for mark in self._passing:
            paint(mark, band, top=top)
        return band

    def _lasting_band(self, top: int, rows: int) -> Pixels:
        result = None if self._cache is None else self._cache.under.get((top, self._decor))
        if result is not None:
            return result.copy()
        band = np.empty((rows, self._eye.width, 3), np.float32)
        band[:] = linear_colour(self._theme.ground)
        for mark in self._lasting:
            paint(mark, band, top=top)
        if self._cache is not None:
            self._cache.under[top, self._decor] = band.copy()
        return band

    def pixels_per_cell(self, point: NDArray[np.float64]) -> float:
        """Of the finished picture, at a point of the world."""
        distance = float(np.linalg.norm(point - self._eye.position))
        return 1 / (distance * self._eye.pixel_angle * self._zoom)

    @cached_property
    def _lasting(self) -> list[DrawnMark]:
        return self._drawn(marks_of(self._shown, self._theme, self.pixels_per_cell) if self._decor else ())

    def _drawn(self, marks: Sequence[Mark]) -> list[DrawnMark]:
        result = (drawn(mark, self._eye, linear_colour(mark.colour), zoom=self._zoom) for mark in marks)
        return [item for item in result if item is not None]


def sheet_of(
    head: Head, buffers: Buffers, matrix: Matrix, shown: Shown, splits: Splits = (None, None)
) -> Sheet:
    """Ink and flags of one matrix under the style, with the gaps between blocks of its rows and columns."""
    style = shown.style
    look = look_of(head, shown)
    if matrix.values is None:
        pooled = matrix.pooled
        assert pooled is not None  # hollow matrices are not drawn
        pairs = np.asarray(buffers[pooled.ink]).reshape(pooled.rows, pooled.cols, 2)
        blocks = np.asarray(buffers[pooled.flags], np.uint8).reshape(pooled.rows, pooled.cols)
        pairs, blocks = spread_averages(pairs, blocks, (matrix.rows, matrix.cols), splits)
        marked = flag_levels_of(blocks) if blocks.any() else None
        return Sheet(
            levels_of(pooled_ink(pairs, look=look), peak=style.peak), marked, look.special(), exact=False
        )
    shape = matrix.rows, matrix.cols
    values = np.asarray(buffers[matrix.values]).reshape(shape)
    mask = None if matrix.mask is None else np.asarray(buffers[matrix.mask]).reshape(shape)
    ink, flags = ink_of(values, mask=mask, scale=scale_of(matrix, style), look=look)
    return inked(ink, flags, look, splits, peak=style.peak)


def _drawn_of(
    head: Head,
    buffers: Buffers,
    shown: Shown,
    face: Face,
    moment: Moment,
    cache: FrameCache,
    pixels: float,
) -> Drawn:
    """What a face shows at its moment; a whole matrix is inked once."""
    layers = moment.faces.get(face.id)
    if layers is not None:
        sheet = layered(head, buffers, layers, shown, face)
    else:
        splits = own_splits(face)
        key = (face.node, None if face.part is None else face.id, splits)
        if key not in cache.sheets:
            matrix = shown.matrices[face.node]
            cache.sheets[key] = (
                sheet_of(head, buffers, matrix, shown, splits)
                if face.part is None
                else sheet_of_part(head, buffers, shown, face)
            )
        sheet = cache.sheets[key]
    lines = moment.lit.get(face.id)
    strips = () if lines is None else lit_lines(sheet, face, lines, pixels)
    lit = held_by(sheet, face, head, shown) if layers is None else None
    if lit is not None:
        strips = (*strips, Drawn(face, lit))
    return Drawn(face, sheet, strips, is_whole=layers is None)


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
    drawn: Drawn, eye: Eye, spots: tuple[NDArray[np.int64], NDArray[np.int64], int], cache: FrameCache | None
) -> Seen:
    """What is seen of a face at the pixels (x, y) of a band that begins at row ``top``."""
    x, y, top = spots
    face = drawn.face
    if cache is not None and drawn.is_whole and (face.id, top) in cache.seen:
        return cache.seen[face.id, top]
    frame, turn = frame_of(face, eye)
    directions = rays(eye, x.astype(np.float64) + 0.5, y.astype(np.float64) + (top + 0.5)) @ turn.T
    ink = look_at(drawn.sheet, frame, directions, transposed=face.transposed)
    hit = np.flatnonzero(ink[:, 3] > 0)
    result = x[hit], y[hit], ink[hit]
    if cache is not None and drawn.is_whole:
        cache.seen[face.id, top] = result
    return result


def _composite(band: Pixels, drawn: Drawn, seen: Seen, faded: frozenset[int]) -> None:
    """Lay what is seen of one face over a band."""
    x, y, ink = seen
    if drawn.lines:
        ink = ink * np.float32(DIMMED)
    if drawn.face.node in faded:
        ink = ink * np.float32(FADED)
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
