"""Text on the plane of a face: drawn upright, then mapped into the picture."""

from __future__ import annotations

import math

import numpy as np
from PIL import Image, ImageDraw

from matcube.outputs.still.text import Run, pieces, rgb
from matcube.playback.outlines import box_of
from matcube.playback.writing import ASCENT, Writing

FINE = 2  # samples per pixel along each side
BOLD = 0.022  # ems: the stroke around the letters of a name


def write_flat(
    image: Image.Image, runs: tuple[tuple[Run, float, float], ...], at: Writing, *,
    opacity: float = 1.0, zoom: float = 1.0,
) -> None:  # fmt: skip
    """Write runs along the line of a writing.

    Args:
        image: the picture; changed.
        runs: pieces, each with its em in pixels and the space before it; the first is bold.
        at: where.
        opacity: of the text.
        zoom: pixels of the picture per pixel.
    """
    scale = FINE * zoom
    box = box_of(at.quad)
    left, top = math.floor(box.x * zoom), math.floor(box.y * zoom)
    wide, high = math.ceil((box.x + box.w) * zoom) - left, math.ceil((box.y + box.h) * zoom) - top
    if wide < 1 or high < 1:
        return
    matrix = np.array([[at.right[0], at.down[0]], [at.right[1], at.down[1]]])
    inverse = np.linalg.inv(matrix)  # pixels of the picture to pixels of text, both at ``scale``
    offset = inverse @ (np.array([left, top]) * FINE - np.array(at.at) * scale)
    data = (*inverse[0].tolist(), float(offset[0]), *inverse[1].tolist(), float(offset[1]))
    size = math.ceil(at.size[0] * scale), math.ceil(at.size[1] * scale)
    x = 0.0
    for bold, (run, px, space) in zip((True, False), runs, strict=False):
        mask = Image.new("L", size)
        draw = ImageDraw.Draw(mask)
        x += space * scale
        stroke = BOLD * px * scale if bold else 0.0
        for piece, font in pieces(run.text, px * scale):
            draw.text(
                (x, ASCENT * at.px * scale), piece, fill=255, font=font, anchor="ls", stroke_width=stroke
            )
            x += font.getlength(piece)
        seen = mask.transform(
            (wide * FINE, high * FINE), Image.Transform.AFFINE, data, Image.Resampling.BICUBIC
        ).resize((wide, high), Image.Resampling.BOX)
        if opacity < 1:
            seen = seen.point(lambda value: round(value * opacity))
        image.paste(rgb(run.colour), (left, top), seen)
