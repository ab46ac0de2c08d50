"""Numbers on the cells of a face: tiles with digits in the plane; see docs/drawing.md, "Numbers"."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcube.outputs.still.balls import Frame
from matcube.outputs.still.surface import Inked, Surface
from matcube.playback.digits import (
    ALIKE,
    LONGEST,
    ROOM,
    NumberFormat,
    clarity,
    codes_of,
    number_text,
    reading_way,
)
from matcube.playback.glyphs import CAP, HIGH, SPREAD, TEXELS, TOP, WIDE, advances, fields
from matcube.playback.tiles import HALF, RING, ROUND, digit_grey, tile_colour

Floats = NDArray[np.float64]
Pixels = NDArray[np.float32]


@dataclass(frozen=True)
class Numbers:
    """What the cells of a sheet say.

    Args:
        values: (r, c) as stored, at their places.
        which: (r, c) 0 for a cell without a number, else n for the n-th format.
        formats: of the matrices whose cells these are.
        start: the row and column of the whole face at which this part begins.
        whole: rows and columns of the whole face; those of the values when None.
    """

    values: NDArray[Any]
    which: NDArray[np.uint8]
    formats: tuple[NumberFormat, ...]
    start: tuple[int, int] = (0, 0)
    whole: tuple[int, int] | None = None

    def displayed(self, *, transposed: bool) -> Numbers:
        """The numbers in displayed rows and columns."""
        return replace(self, values=self.values.T, which=self.which.T) if transposed else self

    def part(self, rows: slice, cols: slice) -> Numbers:
        """The numbers of some rows and columns."""
        high, wide = self.values.shape
        return replace(
            self, values=self.values[rows, cols], which=self.which[rows, cols],
            start=(rows.start, cols.start), whole=(high, wide),
        )  # fmt: skip

    def only(self, keep: NDArray[np.bool_]) -> Numbers:
        """The numbers of some cells."""
        return replace(self, which=np.where(keep, self.which, 0).astype(np.uint8))


def clarity_of(numbers: Numbers, frame: Frame, zoom: float) -> Floats | None:
    """How far the number of each displayed cell (rows, cols) has appeared; None if there is none.

    Args:
        numbers: as displayed.
        frame: of the face.
        zoom: samples to a pixel.
    """
    least = min(form.least for form in numbers.formats)
    reach = 1 / (least * frame.pixel_angle * zoom)  # a cell farther off is smaller
    spans = []
    for at, size in ((frame.eye[1], frame.rows), (frame.eye[0], frame.cols)):
        first, end = (int(n) for n in np.clip((at - reach - ALIKE, at + reach + ALIKE), 0, size))
        spans.append(slice(first, end))
    which = numbers.which[spans[0], spans[1]]
    if not which.any():
        return None
    row, col = np.nonzero(which)
    sizes = np.array([form.least for form in numbers.formats])[which[row, col] - 1]
    centre = np.stack([col + spans[1].start + 0.5, row + spans[0].start + 0.5], axis=1)
    out = np.zeros(numbers.which.shape)
    high, wide = numbers.whole or (frame.rows, frame.cols)
    out[row + spans[0].start, col + spans[1].start] = clarity(
        frame.eye, centre, middle=np.array((wide, high)) / 2 - numbers.start[::-1], sizes=(wide, high),
        pixel=frame.pixel_angle * zoom, least=sizes,
    )  # fmt: skip
    return out if out.any() else None


def paint_numbers(
    numbers: Numbers, clear: Floats, sheet: Inked, frame: Frame, rays: Floats, surface: Surface
) -> tuple[NDArray[np.int64], Pixels]:
    """The tiles that rays meet: indices of the rays, and premultiplied RGBA.

    Args:
        numbers: as displayed.
        clear: how far each has appeared (rows, cols).
        sheet: ink and flags of the cells as displayed.
        frame: of the face.
        rays: unit directions (n, 3) in the frame.
        surface: what the tiles lie on.
    """
    dz = np.where(np.abs(rays[:, 2]) < 1e-9, 1e-9, rays[:, 2])
    t = -frame.eye[2] / dz
    spot = frame.eye[:2] + t[:, None] * rays[:, :2]
    inside = (t > 1e-9) & (spot >= 0).all(axis=1) & (spot < (frame.cols, frame.rows)).all(axis=1)
    cell = np.where(inside[:, None], spot, 0).astype(np.int64)
    seen = np.flatnonzero(inside & (clear[cell[:, 1], cell[:, 0]] > 0))
    t, spot, cell = t[seen], spot[seen], cell[seen]
    extent = (t * frame.pixel_angle)[:, None] * np.sqrt(1 + (rays[seen, :2] / dz[seen, None]) ** 2)
    row, col = cell[:, 1], cell[:, 0]
    offset = spot - cell - 0.5
    level = surface.levels(row, col)
    under, empty = _tiles(sheet, row, col, level, surface)
    alpha, inner = (_cover(offset, extent, half)[:, None] for half in (HALF, HALF - RING))
    colour = np.where(empty, surface.ring + (surface.plate - surface.ring) * inner, under)
    grey = digit_grey(under, level)[:, None]
    text = _digits(numbers, frame, row, col, offset, extent)[:, None]
    out = np.concatenate([colour * alpha * (1 - text) + grey * text, alpha + text - alpha * text], axis=1)
    return seen, (out * clear[row, col][:, None]).astype(np.float32)


def _tiles(
    sheet: Inked, row: NDArray[np.int64], col: NDArray[np.int64], level: Floats, surface: Surface
) -> tuple[Floats, NDArray[np.bool_]]:
    """Colours of tiles (n, 3), and whether each is an outline (n, 1): that of a zero."""
    ink, look = sheet.ink[row, col].astype(np.float64), surface.look
    full = look.full[(ink[:, 0] > 0).astype(np.int64)]
    magnitude, empty = ink[:, 1], ink[:, 3:] <= 0
    if sheet.flags is not None:
        flag = sheet.flags[row, col]
        full = np.where(flag[:, None] > 0, look.special[np.maximum(flag, 1) - 1], full)
        magnitude, empty = np.where(flag > 0, 1.0, magnitude), empty & (flag[:, None] == 0)
    under = tile_colour(magnitude, full, surface.plate, level)
    return np.where(empty, surface.plate, under), empty


def _cover(offset: Floats, extent: Floats, half: float) -> Floats:
    """Coverage of a rounded square by pixels.

    Args:
        offset: from the middle of the cell (n, 2), cells.
        extent: of each pixel (n, 2), cells.
        half: half a side of the square.
    """
    out = np.maximum(np.abs(offset) - (half - ROUND), 0.0)
    distance = np.hypot(out[:, 0], out[:, 1])
    way = out / np.maximum(distance, 1e-9)[:, None]
    width = np.maximum(np.hypot(way[:, 0] * extent[:, 0], way[:, 1] * extent[:, 1]), 1e-6)
    return np.asarray(np.clip(0.5 - (distance - ROUND) / width, 0.0, 1.0))


def _digits(
    numbers: Numbers,
    frame: Frame,
    row: NDArray[np.int64],
    col: NDArray[np.int64],
    offset: Floats,
    extent: Floats,
) -> Floats:
    """Coverage of pixels by digits.

    Args:
        numbers: as displayed.
        frame: of the face.
        row: of each pixel (n,).
        col: of each pixel.
        offset: from the middle of the cell (n, 2), cells.
        extent: of each pixel (n, 2), cells.
    """
    cells, at = np.unique(row * frame.cols + col, return_inverse=True)
    codes = np.zeros((cells.size, LONGEST), np.int64)
    ems = np.empty(cells.size)
    wide = np.concatenate([[0.0], advances()])
    for n, (r, c) in enumerate(zip(cells // frame.cols, cells % frame.cols, strict=True)):
        form = numbers.formats[numbers.which[r, c] - 1]
        codes[n] = codes_of(number_text(float(numbers.values[r, c]), form))
        ems[n] = form.em
    width = wide[codes].sum(axis=1)
    ems = np.minimum(ems, ROOM / width)
    em, code = ems[at], codes[at]
    along, down = reading_way(float(frame.eye[2]), float(frame.right[0]))
    x = along * offset[:, 0] / em + width[at] / 2
    y = (down * offset[:, 1] / em + CAP / 200) * TEXELS - TOP * TEXELS / 100 - 0.5
    pixel = np.sqrt(extent[:, 0] * extent[:, 1]) / em * 100
    soft = np.clip(pixel / (2 * SPREAD), 1e-6, 1.0)  # in units of the field
    out, start = np.zeros(row.size), np.zeros(row.size)
    field = fields()
    for n in range(LONGEST):
        sign = code[:, n]
        u = x - start
        on = np.flatnonzero((sign > 0) & (u >= 0) & (u < wide[sign]) & (y >= 0) & (y < HIGH - 1))
        level = _level(field, sign[on] - 1, u[on] * TEXELS - 0.5, y[on])
        out[on] = np.clip((level - 0.5) / soft[on] + 0.5, 0.0, 1.0)
        start = start + wide[sign]
    return out


def _level(field: NDArray[np.uint8], sign: NDArray[np.int64], u: Floats, v: Floats) -> Floats:
    """The field of signs at texels (u, v), linear between."""
    u, v = np.clip(u, 0, WIDE - 1.001), np.clip(v, 0, HIGH - 1.001)
    i, j = u.astype(np.int64), v.astype(np.int64)
    a, b = u - i, v - j
    top = field[sign, j, i] * (1 - a) + field[sign, j, i + 1] * a
    bottom = field[sign, j + 1, i] * (1 - a) + field[sign, j + 1, i + 1] * a
    return np.asarray((top * (1 - b) + bottom * b) / 255)
