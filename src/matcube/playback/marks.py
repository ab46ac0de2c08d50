"""Lines and marks: box edges, links, outlines, row guides and flow arrows, as docs/drawing.md lists them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from matcube.playback.camera import corners_of
from matcube.playback.interior import Tile
from matcube.playback.places import own_splits, place, runs
from matcube.playback.visible import Shown
from matcube.wire import Box, Face, Split, Theme, extent

Floats = NDArray[np.float64]

BOX_OPACITY = 0.35
VANE_OPACITY = 0.4
TILE_OPACITY = 0.8
GUIDE_LINES = 16
SPARSE_GUIDE_OPACITY = 0.3
CROWDED_SHARE = 0.12
CROWDED = (3.0, 16.0)
CORNER_CELLS = (0.5, 8.0)
CORNER_SHARE, CORNER_PX = 0.08, 12.0
MOST_BOX_BLOCKS = 16  # of a box with edges for each block
MOST_BLOCKS = 64  # of a face with marks for each block


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


def marks_of(shown: Shown, pixels_per_cell: Callable[[Floats], float]) -> list[Mark]:
    """All marks in drawing order; ``pixels_per_cell`` is the size of a cell at a point of the world."""
    out: list[Mark] = []
    style, theme = shown.style, shown.theme
    if style.guides:
        for box in shown.boxes:
            out += _box_edges(box, theme)
    out += _links(shown)
    for face in shown.faces:
        if not shown.has_values(face):
            out += _outline(face, theme)
        elif style.guides and face.node not in shown.faded:
            pixels = pixels_per_cell(corners_of(face).mean(axis=0))
            out += _row_guides(face, theme, pixels)
    if style.arrows:
        for box in shown.boxes:
            out += _flow(shown, box)
    return out


def tile_marks(tiles: Sequence[Tile], theme: Theme) -> list[Mark]:
    """The outlines of the tiles of a step."""
    return [
        mark
        for tile in tiles
        for mark in _edges(tile.corner, tile.edges, theme.accent, TILE_OPACITY, width=1.5)
    ]


def _box_edges(box: Box, theme: Theme) -> Iterator[Mark]:
    """The twelve edges of a box, or of each of a few blocks."""
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
    """The number of blocks of a box."""
    return math.prod(len(runs(size, split)) for size, split in zip(box.sizes, box.splits, strict=True))


def _stretches(size: int, split: Split | None, *, parted: bool = True) -> list[tuple[int, int]]:
    """The first place of each block and the one after its last; of all blocks together unless ``parted``."""
    if not parted or not size:
        return [(0, extent(size, split))]
    return [(place(start, split), place(stop - 1, split) + 1) for start, stop in runs(size, split)]


def _edges(
    corner: Floats, edges: Floats, colour: int, opacity: float, *, width: float = 1.0
) -> Iterator[Mark]:
    """The twelve edges of a box; the four of a flat one, whose last edge is 0."""
    is_flat = not edges[2].any()
    for axis in range(2 if is_flat else 3):
        across, up = (edges[n] for n in range(3) if n != axis)
        starts = [corner, corner + across] + ([] if is_flat else [corner + up, corner + across + up])
        for start in starts:
            yield Mark(np.stack([start, start + edges[axis]]), colour, opacity, width)


def _links(shown: Shown) -> Iterator[Mark]:
    for link in shown.links:
        ends = [corners_of(shown.by_id[n]).mean(axis=0) for n in (link.from_face, link.to_face)]
        yield Mark(np.stack(ends), shown.theme.muted)


def _outline(face: Face, theme: Theme) -> Iterator[Mark]:
    corners = corners_of(face)
    for n in range(4):
        yield Mark(np.stack([corners[n], corners[(n + 1) % 4]]), theme.muted, width=1.5)


def _row_guides(face: Face, theme: Theme, pixels: float) -> Iterator[Mark]:
    """Lines along the node's rows, fainter if crowded, and a mark at the first cell of each block."""
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


def _flow(shown: Shown, box: Box) -> Iterator[Mark]:
    """An arrow toward the result, with a vane from either argument."""
    rows, cols, depth = box.extents
    theme = shown.theme
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
