"""One face seen by many pixels: its plate, near by dots, far away ink; see docs/drawing.md."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcube.outputs.still.balls import Frame
from matcube.outputs.still.digits import Numbers, clarity_of, paint_numbers
from matcube.outputs.still.surface import Inked, LitCells, Surface
from matcube.playback.camera import Eye
from matcube.playback.digits import reading_way
from matcube.playback.dither import noise, texels
from matcube.playback.ink import mix
from matcube.playback.pyramid import Array, Flags
from matcube.playback.signs import HALO, LEAST_PX, outside
from matcube.wire import Face

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Pixels = NDArray[np.float32]

LEAST_COSINE = 0.06
FADE = (0.30, 0.62)
LIT_PX = 3.0


@dataclass(frozen=True)
class Sheet:
    """The ink of a face: its levels, its flags, and whether dots may be drawn.

    Args:
        levels: ink (r, c, 4) as stored, the finest first.
        flags: levels of flags, or None.
        exact: level 0 holds every cell; False for a pooled matrix.
        numbers: what the cells say, or None.
    """

    levels: list[Array]
    flags: list[Flags] | None
    exact: bool
    numbers: Numbers | None = None


def smoothstep(low: float, high: float, x: Floats) -> Floats:
    """0 below low, 1 above high, smooth between.

    Args:
        low: the lower edge.
        high: the upper edge.
        x: (n,).
    """
    s = np.clip((x - low) / (high - low), 0.0, 1.0)
    return s * s * (3 - 2 * s)


def frame_of(face: Face, eye: Eye) -> tuple[Frame, Floats]:
    """The frame of a face for an eye, and the rotation (3, 3) of world directions into it."""
    across, down = np.array(face.across, np.float64), np.array(face.down, np.float64)
    turn = np.stack([across, down, np.cross(across, down)])
    local_eye = turn @ (eye.position - np.array(face.origin))
    return Frame(local_eye, turn @ eye.right, turn @ eye.up, eye.pixel_angle, face.high, face.wide), turn


def look_at(sheet: Sheet, frame: Frame, rays: Floats, *, transposed: bool, surface: Surface) -> Pixels:
    """Premultiplied RGBA (n, 4), in linear light, of a face along rays.

    Args:
        sheet: its ink.
        frame: its coordinates.
        rays: unit directions (n, 3) in the frame.
        transposed: of the face.
        surface: what its cells lie on.
    """
    hits = _hits(frame, rays, surface)
    out = np.zeros((rays.shape[0], 4), np.float32)
    seen = np.flatnonzero(hits.share > 0)
    if not seen.size:
        return out
    hits = hits.part(seen)
    colour = np.repeat(surface.plate[None], seen.size, axis=0)
    cells = np.flatnonzero((hits.x >= 0) & (hits.x < frame.cols) & (hits.y >= 0) & (hits.y < frame.rows))
    tiles: tuple[Ints, Pixels] | None = None
    if cells.size:
        view = _View(sheet, frame, surface, transposed)
        colour[cells], tiles = view.colours(hits.part(cells), rays[seen[cells]])
    alpha = (hits.share * surface.opacity)[:, None]
    painted = np.concatenate([colour * alpha, alpha], axis=1).astype(np.float32)
    if tiles is not None:
        at = cells[tiles[0]]
        painted[at] = tiles[1] + painted[at] * (1 - tiles[1][:, 3:])
    out[seen] = painted
    return out


@dataclass(frozen=True)
class _Hits:
    """Points of rays on the plane of a face.

    Args:
        x, y: in cells of the face.
        wide, high: extents of the pixel along x and y, cells.
        width: of a pixel at the point, cells.
        cosine: |ray·normal|, at least LEAST_COSINE.
        share: the share of the pixel on the plate.
    """

    x: Floats
    y: Floats
    wide: Floats
    high: Floats
    width: Floats
    cosine: Floats
    share: Floats

    def part(self, index: Ints) -> _Hits:
        return _Hits(
            self.x[index], self.y[index], self.wide[index], self.high[index], self.width[index],
            self.cosine[index], self.share[index],
        )  # fmt: skip


def _hits(frame: Frame, rays: Floats, surface: Surface) -> _Hits:
    steep = np.abs(rays[:, 2])
    dz = np.where(steep < 1e-9, 1e-9, rays[:, 2])
    t = -frame.eye[2] / dz
    ahead = t > 1e-9
    t = np.where(ahead, t, 0.0)
    x, y = frame.eye[0] + t * rays[:, 0], frame.eye[1] + t * rays[:, 1]
    width = np.maximum(t * frame.pixel_angle, 1e-9)
    wide, high = (width * np.sqrt(1 + (rays[:, axis] / dz) ** 2) for axis in (0, 1))
    share = ahead * _inside(x, wide, frame.cols, surface.grid[0], surface.pad)
    share *= _inside(y, high, frame.rows, surface.grid[1], surface.pad)
    return _Hits(x, y, wide, high, width, np.maximum(steep, LEAST_COSINE), share)


def _inside(x: Floats, extent: Floats, size: int, grid: tuple[int, int], pad: float) -> Floats:
    """Share of a pixel's extent about x that lies on the nearest block of a plate."""
    period, length = grid
    last = max(0, -(-size // max(period, 1)) - 1)
    first = np.clip(np.floor((x + (period - length) / 2) / max(period, 1)), 0, last) * period
    end = np.minimum(first + length, size) + pad
    reach = np.minimum(x + extent / 2, end) - np.maximum(x - extent / 2, first - pad)
    return np.asarray(np.maximum(reach, 0.0) / extent)


class _View:
    """The cells of a face as pixels see them."""

    def __init__(self, sheet: Sheet, frame: Frame, surface: Surface, transposed: bool) -> None:
        self._sheet, self._frame, self._surface = sheet, frame, surface
        self._transposed = transposed

    def colours(self, hits: _Hits, rays: Floats) -> tuple[Floats, tuple[Ints, Pixels] | None]:
        """Colours of pixels over cells, and the tiles of numbers over them."""
        if self._sheet.exact:
            m = smoothstep(*FADE, hits.width / hits.cosine**0.25)
        else:
            m = np.ones(hits.x.size)
        out = np.zeros((hits.x.size, 3))
        far = np.flatnonzero(m > 0)
        if far.size:
            out[far] = self._far(hits.part(far)) * m[far, None]
        near = np.flatnonzero(m < 1)
        tiles, left = None, None
        if near.size:
            tiles, left = self._numbers(rays)
            out[near] += self._near(hits.part(near), left) * (1 - m[near, None])
        if self._sheet.flags is not None:
            self._flag(hits, left, out)
        return out, tiles

    @property
    def _shown(self) -> Inked:
        """Ink and flags as displayed."""
        ink = self._sheet.levels[0]
        flags = None if self._sheet.flags is None else self._sheet.flags[0]
        if not self._transposed:
            return Inked(ink, flags)
        return Inked(ink.swapaxes(0, 1), None if flags is None else flags.T)

    def _numbers(self, rays: Floats) -> tuple[tuple[Ints, Pixels] | None, Floats | None]:
        """The tiles of numbers, and what is left of the dot of each displayed cell."""
        if self._sheet.numbers is None:
            return None, None
        numbers = self._sheet.numbers.displayed(transposed=self._transposed)
        clear = clarity_of(numbers, self._frame, self._surface.zoom)
        if clear is None:
            return None, None
        tiles = paint_numbers(numbers, clear, self._shown, self._frame, rays, self._surface)
        return tiles, np.maximum(0, 1 - 2 * clear) ** 2

    def _near(self, hits: _Hits, left: Floats | None) -> Floats:
        """Dots on the plate."""
        surface = self._surface
        col, row = hits.x.astype(np.int64), hits.y.astype(np.int64)
        ink = self._shown.ink[row, col].astype(np.float64)
        out = mix(surface.plate, surface.masked, ink[:, 2:3])
        some = np.flatnonzero(ink[:, 3] > 0)
        if not some.size:
            return out
        ink, col, row, hits = ink[some], col[some], row[some], hits.part(some)
        colour = _dots(surface, ink, surface.levels(row, col))
        cover = _disc(surface.look.radius(ink[:, 1]), hits.x - col - 0.5, hits.y - row - 0.5, hits)
        if left is not None:
            cover = cover * left[row, col]
        out[some] += (colour - out[some]) * cover[:, None]
        return out

    def _far(self, hits: _Hits) -> Floats:
        """Texels of the pyramid on the plate."""
        surface = self._surface
        level = np.full(hits.x.size, surface.rest)
        x, y, wide, high = hits.x, hits.y, hits.wide, hits.high
        for cells in surface.lit:
            level, x, y, wide, high = _along(cells, level, (x, y, wide, high), hits, surface.zoom)
        rows, cols = self._sheet.levels[0].shape[:2]
        if self._transposed:
            x, y, wide, high = y, x, high, wide
            fx, fy = cols / self._frame.rows, rows / self._frame.cols
        else:
            fx, fy = cols / self._frame.cols, rows / self._frame.rows
        ink, column, row = texels(self._sheet.levels, x * fx, y * fy, wide * fx, high * fy)
        ink = ink.astype(np.float64)
        if self._transposed:
            column, row = row, column
        positive = ink[:, 0] > noise(column, row) * ink[:, 3]
        full = surface.look.full[positive.astype(np.int64)]
        plate = mix(surface.plate, surface.masked, ink[:, 2:3])
        return mix(plate, full, (np.minimum(ink[:, 3], 1.0) * level)[:, None])

    def _flag(self, hits: _Hits, left: Floats | None, out: Floats) -> None:
        """Shapes over NaN and infinities, from every distance."""
        assert self._sheet.flags is not None
        rows, cols = self._sheet.flags[0].shape
        high, wide = self._frame.rows, self._frame.cols
        if self._transposed:
            rows, cols = cols, rows
        fx, fy = cols / wide, rows / high
        pixel = np.sqrt(hits.wide * fx * hits.high * fy)  # texels
        zoom = self._surface.zoom
        level = np.ceil(np.log2(np.maximum(LEAST_PX * zoom * pixel, 1.0)) - 1e-4).astype(np.int64)
        level = np.minimum(level, len(self._sheet.flags) - 1)
        for at in np.unique(level):
            flags = self._sheet.flags[at].T if self._transposed else self._sheet.flags[at]
            index = np.flatnonzero(level == at)
            u = hits.x[index] * (flags.shape[1] / wide)
            v = hits.y[index] * (flags.shape[0] / high)
            col = np.minimum(u.astype(np.int64), flags.shape[1] - 1)
            row = np.minimum(v.astype(np.int64), flags.shape[0] - 1)
            flag = flags[row, col]
            some = np.flatnonzero(flag)
            if not some.size:
                continue
            index, col, row, flag = index[some], col[some], row[some], flag[some]
            pen = pixel[index] * np.sqrt(flags.shape[0] * flags.shape[1] / (rows * cols))
            share = np.ones(index.size)
            if left is not None and at == 0:
                share = left[row, col]
            spot = u[some] - col - 0.5, v[some] - row - 0.5
            self._shape(flag, spot, pen, share, index, out)

    def _shape(
        self,
        flag: Flags,
        spot: tuple[Floats, Floats],
        pen: Floats,
        share: Floats,
        index: Ints,
        out: Floats,
    ) -> None:
        along, down = reading_way(float(self._frame.eye[2]), float(self._frame.right[0]))
        away = outside(flag, along * spot[0], down * spot[1])
        for reach, colour in ((HALO, self._surface.plate[None]), (0.0, self._surface.look.special[flag - 1])):
            cover = np.clip(0.5 - (away - reach) / np.maximum(pen, 1e-9), 0.0, 1.0) * share
            out[index] += (colour - out[index]) * cover[:, None]


def _dots(surface: Surface, ink: Floats, level: Floats) -> Floats:
    """Colours (n, 3) of dots."""
    a, look = ink[:, 1], surface.look
    positive = (ink[:, 0] > 0)[:, None]
    colour = np.where(positive, look.dot(a, positive=True), look.dot(a, positive=False))
    return mix(surface.plate, colour, level[:, None])


def _disc(radius: Floats, x: Floats, y: Floats, hits: _Hits) -> Floats:
    """Coverage of pixels by discs about the origin; one smaller than a pixel keeps its area."""
    distance = np.hypot(x, y)
    along = np.maximum(distance, 1e-6)
    pixel = np.hypot(x / along * hits.wide, y / along * hits.high)
    pixel = np.where(distance < 1e-4, np.sqrt(hits.wide * hits.high), np.maximum(pixel, 1e-9))
    drawn = np.maximum(radius, pixel / 2)
    ramp = np.clip((drawn - distance) / pixel + 0.5, 0.0, 1.0)
    return np.asarray(ramp * radius**2 / (drawn**2 + pixel**2 / 12))


def _along(
    cells: LitCells,
    level: Floats,
    spots: tuple[Floats, Floats, Floats, Floats],
    hits: _Hits,
    zoom: float,
) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    """The light of pixels on lit cells, and where they are sampled: along a line alone."""
    on = np.ones(level.size, bool)
    moved: list[tuple[Floats, Floats]] = []
    spans = (
        (cells.cols, hits.x, hits.wide, spots[0], spots[2]),
        (cells.rows, hits.y, hits.high, spots[1], spots[3]),
    )
    for span, place, extent, spot, size in spans:
        if span is None:
            moved.append((spot, size))
            continue
        first, end = span
        reach = np.maximum((end - first) / 2, LIT_PX * zoom / 2 * extent)
        on &= np.abs(place - (first + end) / 2) <= reach
        narrow = np.minimum(size, end - first) if end - first < 2 else size
        moved.append((np.clip(place, first + 0.5, end - 0.5), narrow))
    on &= cells.level > level
    (x, wide), (y, high) = moved
    old_x, old_y, old_wide, old_high = spots
    return (
        np.where(on, cells.level, level),
        np.where(on, x, old_x),
        np.where(on, y, old_y),
        np.where(on, wide, old_wide),
        np.where(on, high, old_high),
    )
