"""Marks as pixels: lines and filled triangles; see docs/drawing.md."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcube.playback.camera import Eye, to_picture, view_axes
from matcube.playback.colour import linear_from_srgb, split
from matcube.playback.mark import Mark

Floats = NDArray[np.float64]
Pixels = NDArray[np.float32]

_CLIP = 1e-3


def linear_colour(colour: int) -> Pixels:
    """0xRRGGBB as linear light."""
    return linear_from_srgb(split(colour)).astype(np.float32)


@dataclass(frozen=True)
class Projected:
    """A mark in the picture: ``points`` (2 or more, 2), of a filled one in order around it."""

    points: Floats
    colour: Pixels
    opacity: float
    half: float
    filled: bool


def projected(mark: Mark, eye: Eye, *, zoom: float) -> Projected | None:
    """A mark in the picture, clipped at the eye's plane; None if it is behind the eye.

    Args:
        mark: in the world.
        eye: of the picture.
        zoom: samples per pixel.
    """
    local = _ahead(view_axes(eye, mark.points), closed=len(mark.points) > 2)
    if len(local) < 2:
        return None
    colour = linear_colour(mark.colour)
    return Projected(
        to_picture(eye, local), colour, mark.opacity, mark.width * zoom / 2, len(mark.points) > 2
    )


def _ahead(points: Floats, *, closed: bool) -> Floats:
    """The part of a polyline or polygon in front of the eye's plane."""
    out = []
    last = len(points) if closed else len(points) - 1
    for n in range(len(points)):
        a, b = points[n], points[(n + 1) % len(points)]
        if a[2] >= _CLIP:
            out.append(a)
        if n < last and (a[2] < _CLIP) != (b[2] < _CLIP):
            out.append(a + (_CLIP - a[2]) / (b[2] - a[2]) * (b - a))
    ahead: Floats = np.array(out, np.float64).reshape(-1, 3)
    return ahead


def paint(mark: Projected, band: Pixels, *, top: int) -> None:
    """Composite a mark over a band of rows.

    Args:
        mark: in the picture.
        band: (rows, width, 3) in linear light; changed.
        top: first row of the band.
    """
    height, width = band.shape[:2]
    low = mark.points.min(axis=0) - mark.half - 1
    high = mark.points.max(axis=0) + mark.half + 1
    if high[0] < 0 or low[0] > width or high[1] < top or low[1] > top + height:
        return
    x, y = _polygon_pixels(mark, top, band) if mark.filled else _line_pixels(mark, top, band)
    if not x.size:
        return
    distance = _fill_distance(mark.points, x, y) if mark.filled else _segment_distance(mark.points, x, y)
    half = 0.0 if mark.filled else mark.half
    cover = (np.clip(half - distance + 0.5, 0, 1) * mark.opacity).astype(np.float32)[:, None]
    i, j = (y - 0.5).astype(np.int64) - top, (x - 0.5).astype(np.int64)
    band[i, j] += (mark.colour - band[i, j]) * cover


def _polygon_pixels(mark: Projected, top: int, band: Pixels) -> tuple[Floats, Floats]:
    low = np.floor(mark.points.min(axis=0)) - 1
    high = np.ceil(mark.points.max(axis=0)) + 1
    x = np.arange(max(0, low[0]), min(band.shape[1], high[0]))
    y = np.arange(max(top, low[1]), min(top + band.shape[0], high[1]))
    return np.repeat(x[None], y.size, axis=0).ravel() + 0.5, np.repeat(y, x.size) + 0.5


def _line_pixels(mark: Projected, top: int, band: Pixels) -> tuple[Floats, Floats]:
    """Centres of the pixels within reach of a segment, along its longer direction."""
    a, b = mark.points
    swap = abs(b[1] - a[1]) > abs(b[0] - a[0])
    bounds = [(0, band.shape[1]), (top, top + band.shape[0])]
    main, side = (bounds[1], bounds[0]) if swap else (bounds[0], bounds[1])
    (p, q), (r, s) = sorted(((a[::-1], b[::-1]) if swap else (a, b)), key=lambda e: float(e[0]))
    slope = (s - q) / (r - p) if r > p else 0.0
    u = np.arange(max(main[0], np.floor(p - mark.half - 1)), min(main[1], np.ceil(r + mark.half + 1)))
    reach = int(np.ceil((mark.half + 0.5) * np.hypot(1, slope))) + 1
    middle = np.floor(q + slope * (np.clip(u + 0.5, p, r) - p))
    v = (middle[:, None] + np.arange(-reach, reach + 1)).ravel()
    u = np.repeat(u, 2 * reach + 1)
    keep = (v >= side[0]) & (v < side[1])
    u, v = u[keep] + 0.5, v[keep] + 0.5
    return (v, u) if swap else (u, v)


def _segment_distance(points: Floats, x: Floats, y: Floats) -> Floats:
    a, b = points
    along = b - a
    square = max(float(along @ along), 1e-12)
    s = np.clip(((x - a[0]) * along[0] + (y - a[1]) * along[1]) / square, 0.0, 1.0)
    distance: Floats = np.hypot(x - a[0] - s * along[0], y - a[1] - s * along[1])
    return distance


def _fill_distance(points: Floats, x: Floats, y: Floats) -> Floats:
    """Signed distance to the nearest side of a convex polygon, negative inside."""
    ahead = np.roll(points, -1, axis=0)
    area = float((points[:, 0] * ahead[:, 1] - ahead[:, 0] * points[:, 1]).sum())
    out = np.full(x.size, -np.inf)
    for a, b in zip(points, ahead, strict=True):
        side = b - a
        length = max(float(np.hypot(*side)), 1e-12)
        cross = (side[0] * (y - a[1]) - side[1] * (x - a[0])) / length
        out = np.maximum(out, -cross if area > 0 else cross)
    return out
