"""Where a figure goes: page, picture, JSON; by the ending of the name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import msgspec
import numpy as np

from matcube.errors import DataError, OptionError
from matcube.figure.compute import Program
from matcube.figure.filming import frames_of
from matcube.layout import SCHEMES, Placement
from matcube.values import Progress
from matcube.wire import View

if TYPE_CHECKING:
    from matcube.figure.picture import Figure

LayoutChoice = tuple[str, Literal["closed", "open"]]

SIZE = (1280, 800)
SECONDS = 10.0
GIF_FPS, MP4_FPS = 20.0, 30.0
MAX_SHEET_BYTES = 8_000_000


@dataclass(frozen=True)
class How:
    """How a figure is saved: pixels, pixels per pixel, and of a film its length and frames per second."""

    size: tuple[int, int] = SIZE
    scale: float = 1
    seconds: float = SECONDS
    fps: float | None = None


def save(figure: Figure, path: Path, how: How, *, progress: Progress | None = None) -> Path:
    """Save a figure by the ending of the name; see ``Figure.save``."""
    check(path)
    data = WRITERS[path.suffix.lower()](figure, how, progress)
    try:
        path.write_bytes(data)
    except OSError as error:
        raise DataError(f"{path} cannot be written: {error.strerror or error}") from None
    return path


def check(path: Path) -> None:
    """Refuse a path that cannot be written, before anything is computed.

    Raises:
        OptionError: another ending than those in ``WRITERS``.
        DataError: there is no such folder, there is a folder of that name, or no encoder for a film.
    """
    if path.suffix.lower() not in WRITERS:
        ending = f'"{path.suffix}"' if path.suffix else "no ending"
        raise OptionError(
            f"{path.name} has {ending}, which matcube does not write", hint=f"it writes {', '.join(WRITERS)}"
        )
    if not path.parent.is_dir():
        raise DataError(f"there is no folder {path.parent}", hint="make it first")
    if path.is_dir():
        raise DataError(f"{path} is a folder", hint="give a file name in it")
    if path.suffix.lower() == ".mp4":
        from matcube.outputs.video import check_mp4

        check_mp4()


def png(figure: Figure, *, size: tuple[int, int], scale: float, progress: Progress | None = None) -> bytes:
    """The still picture of a figure; ``scale`` makes everything larger, the lettering too."""
    from matcube.outputs import still

    width, height = _checked_size(size)
    if isinstance(scale, bool) or not (isinstance(scale, int | float) and 0.05 <= scale <= 16):
        raise OptionError(f"scale={scale!r} cannot be used", hint="a number from 0.05 to 16")
    pixels = round(width * scale), round(height * scale)
    scene = figure.scene(progress=progress)
    look = scene.head.view.style
    larger = msgspec.structs.replace(look, legend_size=min(3.0, max(0.5, look.legend_size * scale)))
    view = msgspec.structs.replace(scene.head.view, style=larger)
    drawn = None if progress is None else lambda share: progress(round(100 * share), 100, "the picture")
    return still.png(still.render(scene.head, scene.buffers, size=pixels, view=view, progress=drawn))


def page(figure: Figure, *, size: tuple[int, int], progress: Progress | None = None) -> str:
    """The self-contained page, with every scheme, sheets closed and open, over the same buffers.

    Sheets come along when all buffers together are at most 8 MB; else the page has closed sheets only.
    """
    from matcube.outputs.html import page as html

    size = _checked_size(size)
    scene = figure.scene(layouts=_all_layouts(figure), progress=progress)
    send = frozenset(scene.buffers)
    if sum(buffer.nbytes for buffer in scene.buffers.values()) > MAX_SHEET_BYTES:
        scene = figure.scene(layouts=[one for one in _all_layouts(figure) if one[1] == "closed"])
        send = scene.shown
    still = png(figure, size=size, scale=1, progress=progress)
    return html(title=figure.title, scene=scene.encode(send=send), still=still)


def json(figure: Figure, *, progress: Progress | None = None) -> bytes:
    """The scene's head as readable JSON: everything but the values, which it names by their hashes."""
    text = msgspec.json.encode(figure.scene(progress=progress).head, order="deterministic")
    return msgspec.json.format(text, indent=1) + b"\n"


def film(figure: Figure, how: How, *, kind: Literal["gif", "mp4"], progress: Progress | None = None) -> bytes:
    """The film of a figure, frame by frame; sides are made even, as H.264 wants them."""
    from matcube.outputs import video

    width, height = (max(2, 2 * round(side * how.scale / 2)) for side in _checked_size(how.size))
    fps = (GIF_FPS if kind == "gif" else MP4_FPS) if how.fps is None else how.fps
    frames = frames_of(figure, size=(width, height), seconds=how.seconds, fps=fps, progress=progress)
    if kind == "gif":
        return video.gif(frames, fps=fps, loop=figure.state.film.loop)
    return video.mp4(frames, fps=fps)


def _checked_size(size: object) -> tuple[int, int]:
    """Width and height, whatever was given for them."""
    match size:
        case (int() | np.integer() as width, int() | np.integer() as height):
            return int(width), int(height)
    raise OptionError(f"size={size!r} cannot be used", hint="width and height in pixels: (1280, 800)")


def told(progress: Progress | None, what: str) -> Progress | None:
    """A listener that hears of each step what it is for."""
    return None if progress is None else lambda done, total, name: progress(done, total, what + name)


def placements(program: Program, shown: View, more: Sequence[LayoutChoice]) -> list[tuple[str, Placement]]:
    """The placement that is shown, and further ones that differ from it in scheme and sheets."""
    layouts = {_key(shown.layout.scheme, shown.layout.sheets): shown.layout}
    for scheme, sheets in more:
        other = msgspec.structs.replace(shown.layout, scheme=scheme, sheets=sheets)
        layouts.setdefault(_key(scheme, sheets), other)
    views = {key: msgspec.structs.replace(shown, layout=one) for key, one in layouts.items()}
    return [(key, program.place(view)) for key, view in views.items()]


def _all_layouts(figure: Figure) -> list[LayoutChoice]:
    custom = figure.state.layout.custom
    schemes = [name for name in SCHEMES if name != "custom" or custom]
    return [(name, "closed") for name in schemes] + [(name, "open") for name in schemes]


def _key(scheme: str, sheets: str) -> str:
    return f"{scheme}+sheets" if sheets == "open" else scheme


Writer = Callable[["Figure", How, Progress | None], bytes]

WRITERS: dict[str, Writer] = {
    ".html": lambda figure, how, progress: page(figure, size=how.size, progress=progress).encode(),
    ".png": lambda figure, how, progress: png(figure, size=how.size, scale=how.scale, progress=progress),
    ".json": lambda figure, _, progress: json(figure, progress=progress),
    ".gif": lambda figure, how, progress: film(figure, how, kind="gif", progress=progress),
    ".mp4": lambda figure, how, progress: film(figure, how, kind="mp4", progress=progress),
}
