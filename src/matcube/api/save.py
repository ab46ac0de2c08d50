"""Figures as pages, pictures, films and JSON, by the ending of a file's name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import msgspec

from matcube.api.frames import frames_of
from matcube.engine import Engine
from matcube.engine.scene import all_layouts, scene_of, title_of
from matcube.engine.still import SIZE, checked_size, png_of
from matcube.errors import DataError, OptionError
from matcube.values import Progress
from matcube.wire import View

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


def save(view: View, engine: Engine, path: Path, how: How, *, progress: Progress | None = None) -> Path:
    """Save a figure by the ending of the name; see ``Figure.save``."""
    check(path)
    data = WRITERS[path.suffix.lower()](view, engine, how, progress)
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


def png(view: View, engine: Engine, how: How, progress: Progress | None = None) -> bytes:
    """The still picture of a figure."""
    scene = scene_of(view, engine, progress=progress)
    return png_of(scene, size=how.size, scale=how.scale, progress=progress)


def page(view: View, engine: Engine, how: How, progress: Progress | None = None) -> str:
    """The self-contained page, with every scheme, sheets closed and open, over the same buffers.

    Sheets come along when all buffers together are at most 8 MB; else the page has closed sheets only.
    """
    from matcube.outputs.html import page as html

    size = checked_size(how.size)
    layouts = all_layouts(view)
    scene = scene_of(view, engine, layouts=layouts, progress=progress)
    send = frozenset(scene.buffers)
    if sum(buffer.nbytes for buffer in scene.buffers.values()) > MAX_SHEET_BYTES:
        scene = scene_of(view, engine, layouts=[each for each in layouts if each[1] == "closed"])
        send = scene.shown
    still = png(view, engine, How(size), progress)
    return html(title=title_of(view), scene=scene.encode(send=send), still=still)


def json(view: View, engine: Engine, progress: Progress | None = None) -> bytes:
    """The scene's head as readable JSON: everything but the values, which it names by their hashes."""
    head = scene_of(view, engine, progress=progress).head
    return msgspec.json.format(msgspec.json.encode(head, order="deterministic"), indent=1) + b"\n"


def film(
    view: View, engine: Engine, how: How, kind: Literal["gif", "mp4"], progress: Progress | None = None
) -> bytes:
    """The film of a figure, frame by frame; sides are made even, as H.264 wants them."""
    from matcube.outputs import video

    width, height = (max(2, 2 * round(side * how.scale / 2)) for side in checked_size(how.size))
    fps = (GIF_FPS if kind == "gif" else MP4_FPS) if how.fps is None else how.fps
    scene = scene_of(view, engine)
    frames = frames_of(scene, size=(width, height), seconds=how.seconds, fps=fps, progress=progress)
    if kind == "gif":
        return video.gif(frames, fps=fps, loop=view.film.loop)
    return video.mp4(frames, fps=fps)


Writer = Callable[[View, Engine, How, Progress | None], bytes]

WRITERS: dict[str, Writer] = {
    ".html": lambda *figure: page(*figure).encode(),
    ".png": png,
    ".json": lambda view, engine, _, progress: json(view, engine, progress),
    ".gif": lambda view, engine, how, progress: film(view, engine, how, "gif", progress),
    ".mp4": lambda view, engine, how, progress: film(view, engine, how, "mp4", progress),
}
