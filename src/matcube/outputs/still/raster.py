"""Rasterising a face: the pixels inside the convex outline of its slab."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matcube.playback.camera import Eye, slab_corners, to_picture, view_axes
from matcube.wire import Face

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_REACH = 1.5  # pixels beyond the outline that a face may touch
_CLIP = 1e-3
_EDGES = [(a, a | 1 << bit) for bit in range(3) for a in range(8) if not a >> bit & 1]


def outline(face: Face, eye: Eye, pad: float = 0.0) -> Floats:
    """Convex outline (n, 2) of the slab |z| <= 0.5 about a face, with a pad, clipped at the eye's plane.

    Args:
        face: of any size.
        eye: of the picture.
        pad: cells around the face.
    """
    around = slab_corners([face])
    if pad:
        middle = around.mean(axis=0)
        ways = np.array([face.across, face.down], np.float64)
        around = around + pad * (np.sign((around - middle) @ ways.T) @ ways)
    local = view_axes(eye, around)
    depth = local[:, 2]
    points = [local[depth >= _CLIP]]
    for a, b in _EDGES:
        if (depth[a] < _CLIP) != (depth[b] < _CLIP):
            s = (_CLIP - depth[a]) / (depth[b] - depth[a])
            points.append((local[a] + s * (local[b] - local[a]))[None])
    seen = np.concatenate(points)
    return hull(to_picture(eye, seen)) if len(seen) else np.empty((0, 2))


def hull(points: Floats) -> Floats:
    """Convex hull (m, 2) of points (n, 2), in order."""
    ordered = sorted({(float(x), float(y)) for x, y in points})
    if len(ordered) < 3:
        return np.array(ordered).reshape(-1, 2)
    halves = []
    for run in (ordered, ordered[::-1]):
        chain: list[tuple[float, float]] = []
        for p in run:
            while len(chain) > 1 and _turn(chain[-2], chain[-1], p) <= 0:
                chain.pop()
            chain.append(p)
        halves += chain[:-1]
    return np.array(halves)


def _turn(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def pixels_in(polygon: Floats, *, top: int, bottom: int, width: int) -> tuple[Ints, Ints]:
    """Columns and rows of the pixels within reach of a convex polygon.

    Args:
        polygon: (n, 2).
        top: first row of the picture.
        bottom: the row after the last.
        width: of the picture.
    """
    none = np.empty(0, np.int64)
    if not len(polygon):
        return none, none
    first = max(top, int(np.clip(np.floor(polygon[:, 1].min() - _REACH), top, bottom)))
    last = min(bottom, int(np.clip(np.ceil(polygon[:, 1].max() + _REACH), top, bottom)))
    if last <= first:
        return none, none
    rows = np.arange(first, last)
    middles = rows.astype(np.float64) + 0.5
    low, high = _extents(polygon, middles - _REACH, middles + _REACH)
    start = np.clip(np.floor(low - _REACH), 0, width)
    stop = np.clip(np.ceil(high + _REACH), 0, width)
    count = np.maximum(np.where(high >= low, stop - start, 0), 0).astype(np.int64)
    y = np.repeat(rows, count)
    offset = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    return np.repeat(start, count).astype(np.int64) + offset, y


def _extents(polygon: Floats, above: Floats, below: Floats) -> tuple[Floats, Floats]:
    """Least and greatest x of a convex polygon between heights above and below, row by row."""
    low, high = np.full(above.size, np.inf), np.full(above.size, -np.inf)
    for a, b in zip(polygon, np.roll(polygon, -1, axis=0), strict=True):
        y0, y1 = sorted((a[1], b[1]))
        touches = (y1 >= above) & (y0 <= below)
        rise = b[1] - a[1]
        for y in (above, below):
            s = np.clip((y - a[1]) / rise, 0.0, 1.0) if abs(rise) > 1e-12 else np.zeros_like(y)
            x = a[0] + s * (b[0] - a[0])
            low = np.where(touches, np.minimum(low, x), low)
            high = np.where(touches, np.maximum(high, x), high)
        if abs(rise) <= 1e-12:
            low = np.where(touches, np.minimum(low, b[0]), low)
            high = np.where(touches, np.maximum(high, b[0]), high)
    return low, high
