"""Figures as pages, pictures, films and JSON, into files and streams."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Literal, Protocol, TypedDict

import msgspec

from matcube.api.frames import frames_of
from matcube.api.vocabulary import Format
from matcube.engine import Engine
from matcube.engine.scene import all_layouts, scene_of, title_of
from matcube.engine.still import SIZE, checked_size, paper_of, png_of
from matcube.errors import DataError, OptionError, unknown
from matcube.outputs.files import write_whole
from matcube.sources.paths import there
from matcube.values import Progress
from matcube.wire import View
from matcube.wire.container import Scene

_log = logging.getLogger("matcube")

SECONDS = 10.0
GIF_FPS, MP4_FPS = 20.0, 30.0
MAX_SHEET_BYTES = 8_000_000


@dataclass(frozen=True)
class How:
    """How a figure is saved: pixels, their scale, a film's length and frames per second, a width on paper."""

    size: tuple[int, int] = SIZE
    scale: float = 1
    seconds: float = SECONDS
    fps: float | None = None
    width_mm: float | None = None


class Writable(Protocol):
    """A binary stream: a file opened with ``"wb"``, ``io.BytesIO``, ``sys.stdout.buffer``."""

    def write(self, data: bytes, /) -> object: ...


class SaveOptions(TypedDict, total=False):
    """Keywords of ``Figure.save``."""

    format: Format | None
    size: tuple[int, int]
    scale: float
    seconds: float
    fps: float | None
    width_mm: float | None
    progress: Progress | None


def save(
    view: View,
    engine: Engine,
    file: str | PathLike[str] | Writable,
    form: str | None,
    how: How,
    *,
    progress: Progress | None = None,
) -> Path | None:
    """Save a figure into a file, in the format of its ending, or into a stream; see ``Figure.save``.

    Args:
        view: state of the figure.
        engine: arrays of the figure.
        file: path, or a binary stream.
        form: format; None takes the ending of the path.
        how: sizes, frames and scale of the output.
        progress: called after every step with the numbers of finished and of all steps, and its name.
    """
    if not isinstance(file, str | PathLike):
        form = _stream_format(file, form)
        file.write(WRITERS[form](view, engine, how, progress))
        return None
    path = Path(file)
    data = WRITERS[check(path, form)](view, engine, how, progress)
    write_whole(path, data)
    return path


def check(path: Path, form: str | None = None) -> str:
    """The format of a path; unwritable paths are refused before anything is computed.

    Args:
        path: the file.
        form: a row of ``WRITERS``; None takes the ending of the path.

    Raises:
        OptionError: there is no such format, or no format of that ending.
        DataError: there is no such folder, there is a folder of that name, or no encoder for a film.
    """
    ending = path.suffix.lower()[1:]
    if form is None and ending not in WRITERS:
        wrong = f'"{path.suffix}"' if path.suffix else "no ending"
        hint = f"it writes {', '.join(f'.{name}' for name in WRITERS)}"
        raise OptionError(f"{path.name} has {wrong}, which matcube does not write", hint=hint)
    form = _checked_format(ending if form is None else form)
    if not there(path.parent, Path.is_dir):
        raise DataError(f"there is no folder {path.parent}", hint="make it first")
    if there(path, Path.is_dir):
        raise DataError(f"{path} is a folder", hint="give a file name in it")
    return form


def _stream_format(stream: object, form: str | None) -> str:
    """The format that a stream is written in.

    Raises:
        OptionError: it is no binary stream, or its format is missing.
    """
    if not hasattr(stream, "write"):
        raise OptionError(f"a file is a path or a binary stream, not {stream!r}", hint='fig.save("cube.png")')
    if isinstance(stream, io.TextIOBase):
        raise OptionError("a stream of text takes no bytes", hint='open it with "wb", or give its .buffer')
    if form is None:
        raise OptionError(
            "a stream has no ending that says what to write", hint='fig.save(stream, format="png")'
        )
    return _checked_format(form)


def _checked_format(form: str) -> str:
    if form not in WRITERS:
        raise unknown(str(form), WRITERS, what="format")
    if form == "mp4":
        from matcube.outputs.video import check_mp4

        check_mp4()
    if form == "pdf":
        from matcube.outputs.still.paper import check_pdf

        check_pdf()
    return form


def png(view: View, engine: Engine, how: How, progress: Progress | None = None) -> bytes:
    """The still picture of a figure.

    Args:
        view: state of the figure.
        engine: arrays of the figure.
        how: sizes, frames and scale of the output.
        progress: called after every step with the numbers of finished and of all steps, and its name.
    """
    scene = scene_of(view, engine, progress=progress)
    _say_what_fonts_lack(scene)
    return png_of(scene, size=how.size, scale=how.scale, progress=progress)


def _say_what_fonts_lack(scene: Scene) -> None:
    from matcube.outputs.still.text import notice

    names = [matrix.name for matrix in scene.head.matrices]
    if text := notice([*names, *(label for axis in scene.head.axes for label in axis.labels or ())]):
        _log.warning(text)


def on_paper(
    view: View, engine: Engine, how: How, kind: Literal["svg", "pdf"], progress: Progress | None = None
) -> bytes:
    """A figure as vectors and text.

    Args:
        view: state of the figure.
        engine: arrays of the figure.
        how: sizes of the output; the scale of a picture is left to the paper.
        kind: ``"svg"`` or ``"pdf"``.
        progress: called after every step with the numbers of finished and of all steps, and its name.
    """
    scene = scene_of(view, engine, progress=progress)
    return paper_of(scene, kind, size=how.size, width_mm=how.width_mm, title=title_of(view))


def page(view: View, engine: Engine, how: How, progress: Progress | None = None) -> str:
    """The self-contained page, with every scheme, sheets closed and open, over the same buffers.

    Sheets come along when all buffers together are at most 8 MB; else the page has closed sheets only.

    Args:
        view: state of the figure.
        engine: arrays of the figure.
        how: sizes, frames and scale of the output.
        progress: called after every step with the numbers of finished and of all steps, and its name.
    """
    from matcube.outputs.html import page as html

    size = checked_size(how.size)
    layouts = all_layouts(view)
    scene = scene_of(view, engine, layouts=layouts, progress=progress)
    send = frozenset(scene.buffers)
    if sum(buffer.nbytes for buffer in scene.buffers.values()) > MAX_SHEET_BYTES:
        scene = scene_of(view, engine, layouts=[each for each in layouts if each[1] == "closed"])
        both = {
            sha
            for matrix in scene.head.matrices
            if (pooled := matrix.pooled)
            for sha in (pooled.ink, pooled.peaks)
        }
        send = scene.shown | both  # the page turns "peak" on and off without Python
    still = png(view, engine, How(size), progress)
    return html(title=title_of(view), scene=scene.encode(send=send), still=still)


def json(view: View, engine: Engine, progress: Progress | None = None) -> bytes:
    """The scene's head as readable JSON: everything but the values, which it names by their hashes.

    Args:
        view: state of the figure.
        engine: arrays of the figure.
        progress: called after every step with the numbers of finished and of all steps, and its name.
    """
    head = scene_of(view, engine, progress=progress).head
    return msgspec.json.format(msgspec.json.encode(head, order="deterministic"), indent=1) + b"\n"


def film(
    view: View, engine: Engine, how: How, kind: Literal["gif", "mp4"], progress: Progress | None = None
) -> bytes:
    """The film of a figure, frame by frame; sides are made even, as H.264 wants them.

    Args:
        view: state of the figure.
        engine: arrays of the figure.
        how: sizes, frames and scale of the output.
        kind: ``"gif"`` or ``"mp4"``.
        progress: called after every step with the numbers of finished and of all steps, and its name.
    """
    from matcube.outputs import video

    width, height = (max(2, 2 * round(side * how.scale / 2)) for side in checked_size(how.size))
    fps = (GIF_FPS if kind == "gif" else MP4_FPS) if how.fps is None else how.fps
    scene = scene_of(view, engine)
    _say_what_fonts_lack(scene)
    frames = frames_of(scene, size=(width, height), seconds=how.seconds, fps=fps, progress=progress)
    if kind == "gif":
        return video.gif(frames, fps=fps, loop=view.film.loop)
    return video.mp4(frames, fps=fps)


Writer = Callable[[View, Engine, How, Progress | None], bytes]

WRITERS: dict[str, Writer] = {
    "html": lambda *figure: page(*figure).encode(),
    "png": png,
    "svg": lambda view, engine, how, progress: on_paper(view, engine, how, "svg", progress),
    "pdf": lambda view, engine, how, progress: on_paper(view, engine, how, "pdf", progress),
    "json": lambda view, engine, _, progress: json(view, engine, progress),
    "gif": lambda view, engine, how, progress: film(view, engine, how, "gif", progress),
    "mp4": lambda view, engine, how, progress: film(view, engine, how, "mp4", progress),
}
