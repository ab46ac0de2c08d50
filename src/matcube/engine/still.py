"""The still picture of a scene as PNG bytes, drawn without a browser."""

from __future__ import annotations

from typing import Literal

import numpy as np

from matcube.errors import OptionError
from matcube.values import Progress
from matcube.wire.container import Scene

SIZE = (1280, 800)


def png_of(
    scene: Scene, *, size: tuple[int, int] = SIZE, scale: float = 1, progress: Progress | None = None
) -> bytes:
    """The picture of a scene.

    Args:
        scene: from ``engine.scene``.
        size: width and height in pixels.
        scale: pixels per pixel; makes everything larger, the lettering too.
        progress: called with the percentage that is drawn.

    Raises:
        OptionError: a size or scale that cannot be drawn.
    """
    from matcube.outputs import still

    width, height = checked_size(size)
    scale = checked_scale(scale)
    drawn = None if progress is None else lambda share: progress(round(100 * share), 100, "the picture")
    return still.png(
        still.render(scene.head, scene.buffers, size=(width, height), zoom=scale, progress=drawn)
    )


PX_PER_MM = 96 / 25.4 * 1.25  # so that a name of 14 pixels is 8.4 points high


def paper_of(
    scene: Scene,
    form: Literal["svg", "pdf"],
    *,
    size: tuple[int, int] = SIZE,
    width_mm: float | None = None,
    title: str = "",
) -> bytes:
    """A scene on paper, as vectors and text.

    Args:
        scene: from ``engine.scene``.
        form: ``"svg"`` or ``"pdf"``.
        size: width and height in pixels, or with ``width_mm`` their proportion.
        width_mm: width on paper; letters and lines are then those of print.
        title: of the document.

    Raises:
        OptionError: a size or width that cannot be drawn.
        DataError: a PDF without ``fpdf2``.
    """
    from matcube.outputs.still import paper

    drawing = paper.drawing_of(scene.head, scene.buffers, size=checked_paper(size, width_mm))
    if form == "pdf":
        return paper.pdf(drawing, width_mm=width_mm, title=title)
    return paper.svg(drawing, width_mm=width_mm, title=title).encode()


def checked_size(size: object) -> tuple[int, int]:
    """Width and height in pixels.

    Raises:
        OptionError: they are no pair of whole numbers.
    """
    match size:
        case (int() | np.integer() as width, int() | np.integer() as height):
            return int(width), int(height)
    raise OptionError(f"size={size!r} cannot be used", hint="width and height in pixels: (1280, 800)")


def checked_scale(scale: object) -> float:
    """Pixels per pixel.

    Raises:
        OptionError: it is no number, or out of its range.
    """
    if isinstance(scale, bool) or not (isinstance(scale, int | float) and 0.05 <= scale <= 16):
        raise OptionError(f"scale={scale!r} cannot be used", hint="a number from 0.05 to 16")
    return scale


def checked_paper(size: object, width_mm: object) -> tuple[int, int]:
    """Width and height in pixels of a drawing that is so wide on paper.

    Args:
        size: width and height in pixels, or with ``width_mm`` their proportion.
        width_mm: width on paper, or None.

    Raises:
        OptionError: they cannot be used.
    """
    width, height = checked_size(size)
    if width_mm is None:
        return width, height
    if isinstance(width_mm, bool) or not (isinstance(width_mm, int | float) and 10 <= width_mm <= 2000):
        raise OptionError(f"width_mm={width_mm!r} cannot be used", hint="a number from 10 to 2000")
    high = max(1, round(height / max(width, 1) * width_mm * PX_PER_MM))
    return round(width_mm * PX_PER_MM), high
