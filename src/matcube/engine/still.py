"""The still picture of a scene as PNG bytes, drawn without a browser."""

from __future__ import annotations

import msgspec
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
    if isinstance(scale, bool) or not (isinstance(scale, int | float) and 0.05 <= scale <= 16):
        raise OptionError(f"scale={scale!r} cannot be used", hint="a number from 0.05 to 16")
    pixels = round(width * scale), round(height * scale)
    look = scene.head.view.style
    larger = msgspec.structs.replace(look, legend_size=min(3.0, max(0.5, look.legend_size * scale)))
    view = msgspec.structs.replace(scene.head.view, style=larger)
    drawn = None if progress is None else lambda share: progress(round(100 * share), 100, "the picture")
    return still.png(still.render(scene.head, scene.buffers, size=pixels, view=view, progress=drawn))


def checked_size(size: object) -> tuple[int, int]:
    """Width and height in pixels.

    Raises:
        OptionError: they are no pair of whole numbers.
    """
    match size:
        case (int() | np.integer() as width, int() | np.integer() as height):
            return int(width), int(height)
    raise OptionError(f"size={size!r} cannot be used", hint="width and height in pixels: (1280, 800)")
