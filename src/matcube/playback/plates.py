"""Plates: what the cells of a face lie on, with its frame, its sides and its edge of light.

See docs/drawing.md, "Plates". Lengths in pixels are those of the finished picture.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matcube.playback.camera import Eye
from matcube.playback.colour import linear_from_srgb, split
from matcube.playback.mark import Mark
from matcube.playback.marks import MOST_BLOCKS, stretches
from matcube.playback.places import runs
from matcube.wire import Face, Split, Theme

Floats = NDArray[np.float64]

OPACITY = 0.95
PAD = (0.18, 2.2)
PAD_SHARE = 0.01  # of the shorter side
GAP_SHARE = 0.3  # of a gap between blocks, at most
THICK_PX = 3.2
EDGE_PX = 1.6
FRAME_PX = 1.0
TINTED = 1.5  # times wider are frame and edge in the tint of a device

Tints = Sequence[Sequence["Tint | None"]]


class Tint(NamedTuple):
    """The colour of a plate's edges, and its opacity."""

    colour: int
    opacity: float


def pad_of(face: Face) -> float:
    """How far a plate reaches beyond its cells, cells."""
    pad = float(np.clip(PAD_SHARE * min(face.high, face.wide), *PAD))
    gaps = [GAP_SHARE * part.gap for part in (face.row_split, face.col_split) if part is not None]
    return min(pad, *gaps) if gaps else pad


def grid_of(face: Face) -> tuple[tuple[int, int], tuple[int, int]]:
    """Period and length, places, of the blocks of a plate along x and y.

    Many blocks are one, but where a gap is as wide as they are.
    """
    many = len(runs(face.rows, face.row_split)) * len(runs(face.cols, face.col_split)) > MOST_BLOCKS

    def of(split: Split | None, size: int) -> tuple[int, int]:
        if split is None or (many and split.gap < split.length):
            return size, size
        return split.length + split.gap, split.length

    return of(face.col_split, face.wide), of(face.row_split, face.high)


def plate_colour(theme: Theme, cosine: float) -> Floats:
    """The colour of a plate in linear light, between edge-on and frontal.

    Args:
        theme: with both.
        cosine: of the view on the middle of the plate.
    """
    edge, front = (linear_from_srgb(split(colour)) for colour in (theme.plate, theme.plate_front))
    return edge + (front - edge) * min(1.0, abs(cosine))


def cosine_of(face: Face, eye: Floats) -> float:
    """The cosine of the view from a point on the middle of a face."""
    across, down = np.array(face.across, np.float64), np.array(face.down, np.float64)
    middle = np.array(face.origin) + across * (face.wide / 2) + down * (face.high / 2)
    way = middle - eye
    return float(abs(np.cross(across, down) @ way) / max(float(np.linalg.norm(way)), 1e-9))


def plate_marks(face: Face, theme: Theme, eye: Eye, pixel: float, tints: Tints | None = None) -> list[Mark]:
    """Sides, frame and edge of light of the plates of a face, in the order in which they lie on it.

    Args:
        face: with the blocks.
        theme: with the colours.
        eye: of the picture.
        pixel: the angle of a pixel of the finished picture.
        tints: of the devices that hold the blocks, by rows and columns of blocks.
    """
    many = len(runs(face.rows, face.row_split)) * len(runs(face.cols, face.col_split)) > MOST_BLOCKS
    tall = stretches(face.rows, face.row_split, parted=not many)
    long = stretches(face.cols, face.col_split, parted=not many)
    pad = pad_of(face)
    return [
        mark
        for row, (top, bottom) in enumerate(tall)
        for col, (left, right) in enumerate(long)
        for mark in _slab(
            face, _colours(theme, None if tints is None else tints[row][col]), eye, pixel,
            (left - pad, top - pad, right + pad, bottom + pad),
        )
    ]  # fmt: skip


class Colours(NamedTuple):
    """Colours of a plate's side, frame and edge of light, their opacity, and how much wider they are."""

    side: int
    frame: int
    edge: int
    opacity: float
    wider: float


def _colours(theme: Theme, tint: Tint | None) -> Colours:
    if tint is None:
        return Colours(theme.side, theme.frame, theme.edge, 1.0, 1.0)
    return Colours(tint.colour, tint.colour, tint.colour, tint.opacity, TINTED)


def _slab(
    face: Face, colours: Colours, eye: Eye, pixel: float, rect: tuple[float, float, float, float]
) -> Iterator[Mark]:
    across, down = np.array(face.across, np.float64), np.array(face.down, np.float64)
    normal = np.cross(across, down)
    origin = np.array(face.origin, np.float64)
    x, y, z = (float((eye.position - origin) @ way) for way in (across, down, normal))
    left, top, right, bottom = rect

    def at(u: float, v: float) -> Floats:
        point: Floats = origin + across * u + down * v
        return point

    corners = [at(left, top), at(right, top), at(right, bottom), at(left, bottom)]
    edges = [np.stack([corners[n], corners[(n + 1) % 4]]) for n in range(4)]
    back = -np.sign(z) * normal
    for edge, seen in zip(edges, (y < top, x > right, y > bottom, x < left), strict=True):
        if not seen:
            continue
        middle = edge.mean(axis=0)
        thick = back * (THICK_PX * float(np.linalg.norm(middle - eye.position)) * pixel)
        width = min(_breadth(edge, middle, thick, eye) * (eye.pixel_angle / pixel), THICK_PX)
        if width > 0:
            yield Mark(edge + thick / 2, colours.side, colours.opacity, width)
    for edge in edges:
        yield Mark(edge, colours.frame, colours.opacity, FRAME_PX * colours.wider)
    nearest = min(edges, key=lambda edge: float(np.linalg.norm(edge.mean(axis=0) - eye.position)))
    yield Mark(nearest, colours.edge, colours.opacity, EDGE_PX * colours.wider)


def _breadth(edge: Floats, middle: Floats, thick: Floats, eye: Eye) -> float:
    """How wide the side at an edge is in the picture, pixels of the eye."""
    base = np.stack([eye.right, eye.up])
    way = middle - eye.position
    depth = float(way @ eye.forward)
    if depth <= 1e-6:
        return 0.0

    def moved(step: Floats) -> Floats:
        flat: Floats = base @ step - (base @ way) * (float(step @ eye.forward) / depth)
        return flat / (depth * eye.pixel_angle)

    along, side = moved(edge[1] - edge[0]), moved(thick)
    long = max(float(np.hypot(*along)), 1e-9)
    return abs(float(along[0] * side[1] - along[1] * side[0])) / long
