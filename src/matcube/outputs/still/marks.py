"""Lines and marks: box edges, links, outlines, row guides and flow arrows, as docs/drawing.md lists them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from matcube.outputs.still.camera import Eye, corners_of, to_picture, view_axes
from matcube.outputs.still.choice import Shown
from matcube.scene.interior import Tile
from matcube.scene.places import extent, own_splits, place, runs
from matcube.wire import Box, Face, Split, Theme

Floats = NDArray[np.float64]
Pixels = NDArray[np.float32]

_CLIP = 1e-3
BOX_OPACITY = 0.35
VANE_OPACITY = 0.4
TILE_OPACITY = 0.8
GUIDE_LINES = 16
SPARSE_GUIDE_OPACITY = 0.3
CROWDED_SHARE = 0.12
CROWDED = (3.0, 16.0)
CORNER_CELLS = (0.5, 8.0)
CORNER_SHARE, CORNER_PX = 0.08, 12.0
MOST_BOX_BLOCKS = 16  # of a box that has edges to each block
MOST_BLOCKS = 64  # of a face that has marks to each block


@dataclass(frozen=True)
class Mark:
    """A segment (2 points) or a filled triangle (3 points) in the world.

    Args:
        points: (2 or 3, 3).
        colour: 0xRRGGBB in sRGB.
        opacity: of its full coverage.
        width: of a segment, pixels.
    """

    points: Floats
    colour: int
    opacity: float = 1.0
    width: float = 1.0


def marks_of(shown: Shown, theme: Theme, pixels_per_cell: Callable[[Floats], float]) -> list[Mark]:
    """All marks in the order in which they are drawn; a cell at a point spans so many pixels."""
    out: list[Mark] = []
    style = shown.style
    if style.guides:
        for box in shown.boxes:
            out += _box_edges(box, theme)
    out += _links(shown, theme)
    for face in shown.faces:
        if not shown.has_values(face):
            out += _outline(face, theme)
        elif style.guides and face.node not in shown.faded:
            pixels = pixels_per_cell(corners_of(face).mean(axis=0))
            out += _row_guides(face, theme, pixels)
    if style.arrows:
        for box in shown.boxes:
            out += _flow(shown, box, theme)
    return out


def tile_marks(tiles: Sequence[Tile], theme: Theme) -> list[Mark]:
    """The outlines of tiles in fast memory."""
    return [
        mark
        for tile in tiles
        for mark in _edges(tile.corner, tile.edges, theme.accent, TILE_OPACITY, width=1.5)
    ]


def _box_edges(box: Box, theme: Theme) -> Iterator[Mark]:
    """The twelve edges of a box; of each of its blocks, while they are few."""
    steps = [np.array(step, np.float64) for step in (box.i_step, box.j_step, box.k_step)]
    stretches = [
        _stretches(size, split, parted=_blocks(box) <= MOST_BOX_BLOCKS)
        for size, split in zip(box.sizes, box.splits, strict=True)
    ]
    for lows_highs in product(*stretches):
        corner = np.array(box.corner) + sum(s * low for s, (low, _) in zip(steps, lows_highs, strict=True))
        edges = [s * (high - low) for s, (low, high) in zip(steps, lows_highs, strict=True)]
        yield from _edges(corner, np.stack(edges), theme.guide, BOX_OPACITY)


def _blocks(box: Box) -> int:
    """How many blocks a box has."""
    return math.prod(len(runs(size, split)) for size, split in zip(box.sizes, box.splits, strict=True))


def _stretches(size: int, split: Split | None, *, parted: bool = True) -> list[tuple[int, int]]:
    """The first place of each block and the one after its last; of all together when not ``parted``."""
    if not parted or not size:
        return [(0, extent(size, split))]
    return [(place(start, split), place(stop - 1, split) + 1) for start, stop in runs(size, split)]


def _edges(
    corner: Floats, edges: Floats, colour: int, opacity: float, *, width: float = 1.0
) -> Iterator[Mark]:
    """The twelve edges of a box; of a flat one, whose last edge is 0, the four."""
    is_flat = not edges[2].any()
    for axis in range(2 if is_flat else 3):
        one, two = (edges[n] for n in range(3) if n != axis)
        starts = [corner, corner + one] + ([] if is_flat else [corner + two, corner + one + two])
        for start in starts:
            yield Mark(np.stack([start, start + edges[axis]]), colour, opacity, width)


def _links(shown: Shown, theme: Theme) -> Iterator[Mark]:
    for link in shown.links:
        ends = [corners_of(shown.by_id[n]).mean(axis=0) for n in (link.from_face, link.to_face)]
        yield Mark(np.stack(ends), theme.muted)


def _outline(face: Face, theme: Theme) -> Iterator[Mark]:
    corners = corners_of(face)
    for n in range(4):
        yield Mark(np.stack([corners[n], corners[(n + 1) % 4]]), theme.muted, width=1.5)


def _row_guides(face: Face, theme: Theme, pixels: float) -> Iterator[Mark]:
    """Lines along own rows, fainter where they crowd, and a mark at the first cell of each block."""
    origin, across, down = (np.array(v, np.float64) for v in (face.origin, face.across, face.down))
    rows, cols = (face.cols, face.rows) if face.transposed else (face.rows, face.cols)
    along, over = (down, across) if face.transposed else (across, down)
    row_split, col_split = own_splits(face)
    lines = min(GUIDE_LINES, rows)
    apart = pixels * rows / lines
    opacity = float(np.clip((apart - CROWDED[0]) / (CROWDED[1] - CROWDED[0]), CROWDED_SHARE, 1))
    opacity *= 1.0 if lines == rows else SPARSE_GUIDE_OPACITY
    parted = len(runs(rows, row_split)) * len(runs(cols, col_split)) <= MOST_BLOCKS
    tall = _stretches(rows, row_split, parted=parted)
    long = _stretches(cols, col_split, parted=parted)
    for q in range(lines if face.part is None else 0):
        whole, rest = divmod((q + 0.5) * rows / lines, 1)
        start = origin + over * (place(int(whole), row_split) + rest)
        for low, high in long:
            ends = start + along * (low - 0.5), start + along * (high + 0.5)
            yield Mark(np.stack(ends), theme.guide, opacity)
    shorter = min(
        rows if row_split is None else row_split.length, cols if col_split is None else col_split.length
    )
    leg = min(float(np.clip(shorter * CORNER_SHARE, *CORNER_CELLS)), CORNER_PX / pixels)
    for top, _ in tall:
        for left, _ in long:
            tip = origin + over * top + along * left - (across + down) * (leg / 2)
            yield Mark(np.stack([tip, tip + across * leg, tip + down * leg]), theme.muted)


def _flow(shown: Shown, box: Box, theme: Theme) -> Iterator[Mark]:
    """An arrow toward the result, with a vane from either argument."""
    rows, cols, depth = box.extents
    if min(box.sizes) < 2:
        return
    steps = [np.array(s, np.float64) for s in (box.i_step, box.j_step, box.k_step)]
    middle = np.array(box.corner) + sum(
        step * (size / 2) for step, size in zip(steps, box.extents, strict=True)
    )
    length = max(1.0, min(0.22 * depth, 0.44 * min(rows, cols)))
    toward = [
        step * np.sign((np.array(shown.by_id[n].origin) - middle) @ step)
        for n, step in ((box.result, steps[2]), (box.left, steps[1]), (box.right, steps[0]))
    ]
    tip = middle + toward[0] * length
    for vane, colour in ((toward[1], theme.left), (toward[2], theme.right)):
        yield Mark(np.stack([middle, tip, middle + vane * (length / 2)]), colour, VANE_OPACITY)
    yield Mark(np.stack([middle, tip]), theme.muted, width=1.5)


@dataclass(frozen=True)
class Drawn:
    """A mark in the picture: ``points`` (2 or more, 2), of a filled one in order around it."""

    points: Floats
    colour: Pixels
    opacity: float
    half: float
    filled: bool


def drawn(mark: Mark, eye: Eye, colour: Pixels, *, zoom: float) -> Drawn | None:
    """A mark clipped at the eye's plane and projected; ``zoom`` is samples per pixel."""
    local = _ahead(view_axes(eye, mark.points), closed=len(mark.points) > 2)
    if len(local) < 2:
        return None
    return Drawn(to_picture(eye, local), colour, mark.opacity, mark.width * zoom / 2, len(mark.points) > 2)


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


def paint(mark: Drawn, band: Pixels, *, top: int) -> None:
    """Composite a mark over rows ``top`` and on of the picture, band (rows, width, 3) in linear light."""
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


def _polygon_pixels(mark: Drawn, top: int, band: Pixels) -> tuple[Floats, Floats]:
    low = np.floor(mark.points.min(axis=0)) - 1
    high = np.ceil(mark.points.max(axis=0)) + 1
    x = np.arange(max(0, low[0]), min(band.shape[1], high[0]))
    y = np.arange(max(top, low[1]), min(top + band.shape[0], high[1]))
    return np.repeat(x[None], y.size, axis=0).ravel() + 0.5, np.repeat(y, x.size) + 0.5


def _line_pixels(mark: Drawn, top: int, band: Pixels) -> tuple[Floats, Floats]:
    """Centres of the pixels within reach of a segment, found along its longer direction."""
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
