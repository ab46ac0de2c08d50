"""Texts at their places, and how they are drawn on a still."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw

from matcube.outputs.still.flat_text import write_flat
from matcube.outputs.still.text import Run, rgb, width_of, write
from matcube.playback.labels import Wish
from matcube.playback.writing import PAD, Writing
from matcube.wire import Theme

FINE = 4  # samples per pixel of the ground of a badge
ROUND = 0.28  # of its height: the radius of its corners


@dataclass(frozen=True)
class Label:
    """A text to place, with its runs, size and opacity; a badge lies on a ground of its own."""

    wish: Wish
    runs: tuple[Run, ...]
    px: float
    opacity: float
    ground: int | None = None


@dataclass(frozen=True)
class Legend:
    """A text at its place.

    Args:
        writing: its place.
        runs: its pieces, each with its em in pixels, and the space before it.
        opacity: of the text.
        ground: of a badge, which the text lies on.
    """

    writing: Writing
    runs: tuple[tuple[Run, float, float], ...]
    opacity: float
    ground: int | None = None

    @property
    def text(self) -> str:
        """Its words."""
        return "".join(" " * (space > 0) + run.text for run, _, space in self.runs)


def draw_legends(image: Image.Image, legends: Sequence[Legend], theme: Theme, *, zoom: float = 1.0) -> None:
    """Write legends, lines to their faces first.

    Args:
        image: the picture; changed.
        legends: from ``legends_of``.
        theme: its colours.
        zoom: pixels of the picture per pixel.
    """
    draw = ImageDraw.Draw(image)
    for lead in (legend.writing.lead for legend in legends):
        if lead is None:
            continue
        (x, y), (tip_x, tip_y) = ((px * zoom, py * zoom) for px, py in lead)
        draw.line([x, y, tip_x, tip_y], fill=rgb(theme.muted), width=max(1, round(zoom)))
        dot = 2 * zoom
        draw.ellipse([tip_x - dot, tip_y - dot, tip_x + dot, tip_y + dot], fill=rgb(theme.muted))
    for legend in legends:
        at = legend.writing
        ground = theme.ground if legend.ground is None else legend.ground
        if legend.ground is not None:
            _badge(image, legend, zoom)
        if at.flat:
            write_flat(image, legend.runs, at, opacity=legend.opacity, zoom=zoom)
        else:
            left, middle = at.at[0] + PAD, round(at.at[1] + at.size[1] / 2)
            for run, px, space in legend.runs:
                left += space
                write(
                    image, (run,), left=round(left), middle=middle, px=px, ground=ground,
                    opacity=legend.opacity, zoom=zoom,
                )  # fmt: skip
                left += width_of(run.text, px)


def _badge(image: Image.Image, legend: Legend, zoom: float) -> None:
    """The rounded ground of a badge: drawn larger as a mask, then composed."""
    (x, y), (wide, high) = legend.writing.at, legend.writing.size
    left, top = math.floor(x * zoom), math.floor(y * zoom)
    size = math.ceil(wide * zoom) + 1, math.ceil(high * zoom) + 1
    low = (x * zoom - left) * FINE, (y * zoom - top) * FINE
    mask = Image.new("L", (size[0] * FINE, size[1] * FINE))
    ImageDraw.Draw(mask).rounded_rectangle(
        (*low, low[0] + wide * zoom * FINE - 1, low[1] + high * zoom * FINE - 1),
        radius=ROUND * high * zoom * FINE, fill=round(255 * legend.opacity),
    )  # fmt: skip
    assert legend.ground is not None
    image.paste(rgb(legend.ground), (left, top), mask.resize(size, Image.Resampling.BOX))
