"""Products inside a box: balls near, ink far, and the fade between them; see docs/drawing.md."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matcube.outputs.still.balls import Frame, walk
from matcube.outputs.still.digits import clarity_of, paint_numbers
from matcube.outputs.still.face import FADE, LEAST_COSINE, Sheet, smoothstep
from matcube.outputs.still.surface import Inked, Surface
from matcube.playback.dither import noise, texels
from matcube.playback.ink import Look

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Pixels = NDArray[np.float32]

EDGE_ON = (0.06, 0.20)
_STEPS = 1023


def look_inside(sheet: Sheet, frame: Frame, rays: Floats, surface: Surface) -> Pixels:
    """Premultiplied RGBA (n, 4), in linear light, of a plane of products along rays.

    Args:
        sheet: its ink.
        frame: its coordinates.
        rays: unit directions (n, 3) in the frame.
        surface: with the look.
    """
    x, y, width, cosine, share = _hits(frame, rays)
    m = smoothstep(*FADE, width / cosine**0.25) if sheet.exact else np.ones(rays.shape[0])
    out = np.zeros((rays.shape[0], 4), np.float32)
    far = np.flatnonzero((m > 0) & (share > 0))
    if far.size:
        ink = _far(sheet, surface.look, (x[far], y[far], width[far] / cosine[far]))
        out[far] = ink * (m[far] * share[far])[:, None].astype(np.float32)
    near = np.flatnonzero(m < 1)
    if near.size:
        flags = None if sheet.flags is None else sheet.flags[0]
        ink = sheet.levels[0]
        clear = None if sheet.numbers is None else clarity_of(sheet.numbers, frame, surface.zoom)
        coloured = balls_of(ink, flags, surface.look)
        if clear is not None:
            coloured = (coloured * np.maximum(0, 1 - 2 * clear)[..., None] ** 2).astype(np.float32)
        balls = walk(coloured, frame, rays[near], transposed=False)
        out[near] += balls * (1 - m[near, None]).astype(np.float32)
        if clear is not None and sheet.numbers is not None:
            inked = Inked(ink, flags)
            seen, tile = paint_numbers(sheet.numbers, clear, inked, frame, rays, surface)
            out[seen] = tile + out[seen] * (1 - tile[:, 3:])
    return out


def balls_of(ink: NDArray[np.floating], flags: NDArray[np.uint8] | None, look: Look) -> Pixels:
    """Premultiplied RGBA (r, c, 4) of the balls of cells: the share of the cell in the colour of its dot.

    Args:
        ink: of the cells, (r, c, 4).
        flags: kinds of cells that are not finite, (r, c), or None.
        look: with the colours.
    """
    grid = np.linspace(0.0, 1.0, _STEPS + 1)
    area = look.area(grid)[:, None]
    tables = [np.concatenate([look.dot(grid, positive=p) * area, area], axis=1) for p in (False, True)]
    step = np.rint(ink[..., 1].astype(np.float32) * _STEPS).astype(np.int64)
    out = np.stack(tables).astype(np.float32)[(ink[..., 0] > 0).astype(np.int64), step]
    out[ink[..., 3] <= 0] = 0.0
    if flags is not None:
        marked = flags > 0
        full = look.special[flags[marked] - 1] * (np.pi / 4)
        out[marked] = np.concatenate([full, np.full((full.shape[0], 1), np.pi / 4)], axis=1)
    return out


def _far(sheet: Sheet, look: Look, spots: tuple[Floats, Floats, Floats]) -> Pixels:
    x, y, wide = spots
    ink, column, row = texels(sheet.levels, x, y, wide, wide)
    ink = ink.astype(np.float64)
    positive = ink[:, 0] > noise(column, row) * ink[:, 3]
    cover = np.minimum(ink[:, 3:], 1.0)
    return np.concatenate([look.full[positive.astype(np.int64)] * cover, cover], axis=1).astype(np.float32)


def _hits(frame: Frame, rays: Floats) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    """Where rays meet the plane or come nearest: x, y, a pixel there, the cosine, the share of the pixel."""
    steep = np.abs(rays[:, 2])
    dz = np.where(steep < 1e-9, 1e-9, rays[:, 2])
    t = -frame.eye[2] / dz
    ahead = t > 1e-9
    t = np.where(ahead, t, 0.0)
    cosine = np.maximum(steep, LEAST_COSINE)
    x, y = frame.eye[0] + t * rays[:, 0], frame.eye[1] + t * rays[:, 1]
    width = t * frame.pixel_angle
    share = ahead * _inside(x, frame.cols, width, rays[:, 0] / dz)
    share *= _inside(y, frame.rows, width, rays[:, 1] / dz)

    start, end = _over(frame, rays)
    over = end > start
    near_t = np.clip(np.where(ahead, t, start), start, np.maximum(start, end))
    near_w = np.maximum(near_t * frame.pixel_angle, 1e-9)
    height = np.abs(frame.eye[2] + near_t * rays[:, 2])
    edge = (1 - smoothstep(*EDGE_ON, steep)) * over
    edge *= np.clip((np.maximum(0.25, near_w / 2) - height) / near_w + 0.5, 0.0, 1.0)
    use = edge > share
    beside = over & (share <= 0) & (height <= 1 + near_w)  # a ball may extend over the rim
    nearest = np.where(use | beside, near_t, t)
    return (
        np.clip(frame.eye[0] + nearest * rays[:, 0], 0.0, frame.cols),
        np.clip(frame.eye[1] + nearest * rays[:, 1], 0.0, frame.rows),
        np.maximum(nearest * frame.pixel_angle, 1e-9),
        cosine,
        np.where(use, edge, share),
    )


def _inside(x: Floats, n: int, width: Floats, slope: Floats) -> Floats:
    """Share of a pixel's extent about x that lies in [0, n]; slope is (ray·axis) / (ray·normal)."""
    extent = np.maximum(width * np.sqrt(1 + slope * slope), 1e-9)
    return np.clip((np.minimum(x + extent / 2, n) - np.maximum(x - extent / 2, 0.0)) / extent, 0.0, 1.0)


def _over(frame: Frame, rays: Floats) -> tuple[Floats, Floats]:
    """The stretch of each ray over the rectangle, at any distance from the plane."""
    start = np.zeros(rays.shape[0])
    end = np.full(rays.shape[0], 1e12)
    for axis, n in enumerate((frame.cols, frame.rows)):
        step = np.where(np.abs(rays[:, axis]) < 1e-12, 1e-12, rays[:, axis])
        near, far = -frame.eye[axis] / step, (n - frame.eye[axis]) / step
        start, end = np.maximum(start, np.minimum(near, far)), np.minimum(end, np.maximum(near, far))
    return start, end
