"""Pinned cells in a still: a ring around each, and beside it its place, value and labels."""

from __future__ import annotations

import math

import numpy as np
from PIL import Image, ImageDraw

from matcube.outputs.still.overlay import SMALL_PX
from matcube.outputs.still.paint import Buffers
from matcube.outputs.still.text import Run, readable, rgb, shortened, width_of, write
from matcube.playback.camera import NEAR, Eye, project
from matcube.playback.labels import Rect
from matcube.playback.pins import PinnedCell, centre, ring_px
from matcube.playback.visible import Shown
from matcube.wire import Matrix

FINE = 4  # samples per pixel of a ring
MOST_TEXT_PX = 320


def draw_pins(
    image: Image.Image, shown: Shown, buffers: Buffers, eye: Eye, cells: list[PinnedCell], *,
    values: bool, zoom: float = 1.0,
) -> list[Rect]:  # fmt: skip
    """Draw a ring and a line of text for each pinned cell.

    Args:
        image: the picture; changed.
        shown: the visible part of the scene.
        buffers: flat arrays by sha256.
        eye: of the picture before the zoom.
        cells: pinned cells.
        values: also write the values; a film has not formed all of them yet.
        zoom: pixels of the picture per pixel.

    Returns:
        The rectangles that the texts cover, before the zoom.
    """
    drawn = {face.id for face in shown.faces}
    size = max(1.0, shown.style.legend_size)
    px, theme = SMALL_PX * size, shown.theme
    taken: list[Rect] = []
    for cell in cells:
        spots, depths = project(eye, centre(cell)[None])
        x, y = spots[0].tolist()
        inside = 0 <= x <= eye.width and 0 <= y <= eye.height
        if cell.face.id not in drawn or depths[0] <= NEAR or not inside:
            continue
        radius = ring_px(eye.pixel_angle, float(depths[0])) / 2
        _ring(image, x * zoom, y * zoom, radius * zoom, width=2 * size * zoom, colour=theme.accent)
        text = shortened(reading(shown, buffers, cell, values=values), MOST_TEXT_PX * size, px)
        wide = width_of(readable(text), px)
        right = x + radius + 4
        left = right if right + wide <= eye.width else max(4.0, x - radius - 4 - wide)
        write(image, (Run(text, theme.accent),), left=left, middle=y, px=px, ground=theme.ground, zoom=zoom)
        taken.append(Rect(left, y - px, wide, 2 * px))
    return taken


def reading(shown: Shown, buffers: Buffers, cell: PinnedCell, *, values: bool) -> str:
    """``attn[3, 7] = 0.061 · the · cow``, in the node's own indices.

    Args:
        shown: the frame.
        buffers: the scene's buffers by address.
        cell: the pinned cell.
        values: whether its value is written.
    """
    matrix = shown.matrices[cell.face.node]
    row, col = (cell.col, cell.row) if cell.face.transposed else (cell.row, cell.col)
    value = _value(matrix, buffers, row * matrix.cols + col) if values else None
    text = f"{matrix.name}[{row}, {col}]" + (f" = {value}" if value else "")
    labels = {axis.id: axis.labels for axis in shown.head.axes}
    named = [(labels.get(matrix.row_axis), row), (labels.get(matrix.col_axis), col)]
    return " · ".join([text, *(of[at] for of, at in named if of and at < len(of))])


def _value(matrix: Matrix, buffers: Buffers, at: int) -> str | None:
    """The exact value of a cell; None where the scene has averages, or nothing."""
    if matrix.values is None:
        return None
    if matrix.mask is not None and buffers[matrix.mask][at]:
        return "masked"
    value = float(buffers[matrix.values][at])
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else "∞" if value > 0 else "−∞"
    return f"{value:.6g}".replace("-", "−")


def _ring(image: Image.Image, x: float, y: float, radius: float, *, width: float, colour: int) -> None:
    """A smooth circle: drawn larger as a mask, then composed."""
    reach = math.ceil(radius + width) + 1
    left, top = math.floor(x) - reach, math.floor(y) - reach
    side = 2 * reach + 1
    offset = np.array([x - left, y - top])
    mask = Image.new("L", (side * FINE, side * FINE))
    low, high = ((offset - radius) * FINE).tolist(), ((offset + radius) * FINE).tolist()
    ImageDraw.Draw(mask).ellipse((low[0], low[1], high[0], high[1]), outline=255, width=round(width * FINE))
    image.paste(rgb(colour), (left, top), mask.resize((side, side), Image.Resampling.BOX))
