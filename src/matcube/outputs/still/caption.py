"""Captions of a still: what devices hold and send, as on the page."""

from __future__ import annotations

from collections.abc import Sequence

from PIL import Image

from matcube.outputs.still.overlay import LINE, PAD
from matcube.outputs.still.text import Run, width_of, wrapped, write
from matcube.playback.labels import Rect, overlap
from matcube.wire import Theme

PX = 13.0
HIGH = 18
WIDEST = 460.0  # pixels of a line


def draw_captions(
    image: Image.Image, texts: Sequence[str], theme: Theme, taken: Sequence[Rect], *, zoom: float = 1.0
) -> list[Rect]:
    """Write the captions at the lower left, above what is there already.

    Args:
        image: the picture; changed.
        texts: the captions.
        theme: with their colour.
        taken: occupied rectangles.
        zoom: pixels of the picture per pixel.

    Returns:
        The rectangle that they cover, before the zoom.
    """
    width, height = (side / zoom for side in image.size)
    room = min(WIDEST, width - 2 * PAD)
    lines = [line for text in texts for line in wrapped(text, room, PX)]
    if not lines:
        return []
    wide, high = max(width_of(line, PX) for line in lines), HIGH * len(lines)
    rect = Rect(PAD, height - PAD - high, wide, high)
    for other in sorted(taken, key=lambda other: -other.y):
        if overlap(rect, other, margin=4):
            rect = Rect(PAD, other.y - high - LINE / 2, wide, high)
    for n, line in enumerate(lines):
        middle = rect.y + HIGH * (n + 0.5)
        write(image, (Run(line, theme.text),), left=PAD, middle=middle, px=PX, ground=theme.ground, zoom=zoom)
    return [rect]
