"""Lines and marks: box edges, links, outlines and chevrons, as docs/drawing.md lists them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import product

import numpy as np
from numpy.typing import NDArray

from matcube.playback.camera import Eye, corners_of
from matcube.playback.chevrons import chevrons
from matcube.playback.interior import Tile
from matcube.playback.mark import Mark
from matcube.playback.places import place, runs
from matcube.playback.visible import Shown
from matcube.wire import Box, Face, Split, Theme, extent

Floats = NDArray[np.float64]

BOX_OPACITY = 0.6
TILE_OPACITY = 0.8
MOST_BOX_BLOCKS = 16  # of a box with edges for each block
MOST_BLOCKS = 64  # of a face with a plate for each block


def marks_of(shown: Shown, eye: Eye, pixel: float) -> list[Mark]:
    """All marks in drawing order.

    Args:
        shown: the visible part of the scene.
        eye: of the samples.
        pixel: the angle of a pixel of the finished picture, radians.
    """
    out: list[Mark] = []
    style, theme = shown.style, shown.theme
    if style.guides:
        for box in shown.boxes:
            out += _box_edges(box, theme)
    out += _links(shown)
    for face in shown.faces:
        if not shown.has_values(face):
            out += _outline(face, theme)
    if style.arrows:
        out += chevrons(shown.boxes, shown.faces, shown.by_id, eye=eye, pixel=pixel, colour=theme.muted)
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
    spans = [
        stretches(size, split, parted=_blocks(box) <= MOST_BOX_BLOCKS)
        for size, split in zip(box.sizes, box.splits, strict=True)
    ]
    for lows_highs in product(*spans):
        corner = np.array(box.corner) + sum(s * low for s, (low, _) in zip(steps, lows_highs, strict=True))
        edges = [s * (high - low) for s, (low, high) in zip(steps, lows_highs, strict=True)]
        yield from _edges(corner, np.stack(edges), theme.guide, BOX_OPACITY)


def _blocks(box: Box) -> int:
    """The number of blocks of a box."""
    return math.prod(len(runs(size, split)) for size, split in zip(box.sizes, box.splits, strict=True))


def stretches(size: int, split: Split | None, *, parted: bool = True) -> list[tuple[int, int]]:
    """The first place of each block and the one after its last.

    Args:
        size: cells along the axis.
        split: into blocks, or None.
        parted: False takes all blocks together.
    """
    if not parted or not size:
        return [(0, extent(size, split))]
    return [(place(start, split), place(stop - 1, split) + 1) for start, stop in runs(size, split)]


def blocks_of(face: Face) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Cells (first, end) of the blocks of a face that have plates of their own, down and across."""
    tall, long = runs(face.rows, face.row_split), runs(face.cols, face.col_split)
    if len(tall) * len(long) > MOST_BLOCKS:
        return [(0, face.rows)], [(0, face.cols)]
    return tall or [(0, 0)], long or [(0, 0)]


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
