"""Notes in a corner of a picture: what is uneven in its partition."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PIL import Image

from matcube.outputs.still.overlay import LEAST_SIZE, LINE, PAD, SMALL_PX, veil
from matcube.outputs.still.text import Run, width_of, wrapped, write
from matcube.playback.labels import Rect, Spot, covers, overlap
from matcube.playback.visible import Shown
from matcube.wire import Theme

MOST = 6  # lines


class Note(NamedTuple):
    """A line of text and its rectangle."""

    text: str
    rect: Rect


def notes_of(
    shown: Shown, size: tuple[int, int], *, taken: Sequence[Rect] = (), faces: Sequence[Sequence[Spot]] = ()
) -> list[Note]:
    """The sentences on uneven splits, at the left: where they cover the fewest faces.

    Args:
        shown: the visible part of the scene.
        size: of the picture, pixels.
        taken: rectangles of the colour bar and the program, which they never cover.
        faces: outlines of the faces.
    """
    (width, height), partition = size, shown.head.partition
    texts = () if partition is None else partition.uneven
    if not texts or width < LEAST_SIZE[0] or height < LEAST_SIZE[1]:
        return []
    lines = [line for text in texts for line in wrapped(text, width - 2 * PAD, SMALL_PX)]
    lines = lines if len(lines) <= MOST else [*lines[: MOST - 1], "…"]
    wide, high = max(width_of(line, SMALL_PX) for line in lines), LINE * len(lines)
    tops: list[float] = [top for n in (0, 1, 2) for top in (height - PAD - high - LINE * n, PAD + LINE * n)]
    # In a narrow picture the colour bar reaches across both corners.
    tops += [rect.y - high for rect in taken if rect.y > height / 2] + [rect.y + rect.h for rect in taken]
    blocks = [Rect(PAD, top, wide, high) for top in tops]
    free = [block for block in blocks if not any(overlap(block, rect) for rect in taken)]
    best = min(free or blocks, key=lambda block: sum(covers(face, block) for face in faces))
    return [Note(text, Rect(PAD, best.y + LINE * n, wide, LINE)) for n, text in enumerate(lines)]


def draw_notes(image: Image.Image, notes: Sequence[Note], theme: Theme, *, zoom: float = 1.0) -> None:
    """Write notes.

    Args:
        image: the picture; changed.
        notes: from ``notes_of``.
        theme: its colours.
        zoom: pixels of the picture per pixel.
    """
    for text, rect in notes:
        veil(image, rect, theme, zoom)
        run = (Run(text, theme.text),)
        middle = rect.y + rect.h / 2
        write(image, run, left=round(rect.x), middle=middle, px=SMALL_PX, ground=theme.ground, zoom=zoom)
