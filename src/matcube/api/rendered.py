"""A figure as a scene, a link, a page, a picture, a film and JSON: methods of ``Figure``."""

from __future__ import annotations

from typing import TYPE_CHECKING, overload

from matcube.api import save
from matcube.api.save import SECONDS
from matcube.engine.scene import scene_of, title_of
from matcube.engine.still import SIZE
from matcube.errors import WireError
from matcube.errors.guard import guarded_class
from matcube.errors.values import bounded
from matcube.wire.link import encode_link

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from os import PathLike
    from pathlib import Path
    from typing import Unpack

    from matcube.api.save import SaveOptions, Writable
    from matcube.api.vocabulary import Format
    from matcube.engine import Engine
    from matcube.engine.scene import LayoutChoice
    from matcube.values import Progress
    from matcube.wire import View
    from matcube.wire.container import Scene

MOST_LAYOUTS = 64
NOTEBOOK_SIZE = (640, 400)  # of the still picture: a notebook stores it twice with every display


@guarded_class
class Rendered:
    """Output methods of a figure; the base class of ``Figure``."""

    state: View
    _engine: Engine

    def scene(self, *, layouts: Sequence[LayoutChoice] = (), progress: Progress | None = None) -> Scene:
        """The scene: everything that a picture needs, as structs and buffers.

        Args:
            layouts: further layouts to carry, as pairs of scheme and ``"open"`` or ``"closed"`` sheets.
            progress: called after every matrix with how many are ready, how many there are, and its name.
        """
        more = bounded(layouts, MOST_LAYOUTS, "layouts")
        return scene_of(self.state, self._engine, layouts=more, progress=progress)

    def link(self) -> str:
        """The fragment that restores this figure: ``matcube open '#m1.…'``.

        Arrays do not travel: the link carries their names, shapes and hashes. Labels given apart travel.

        Raises:
            WireError: the figure is too large for a link.
        """
        for key, names in self._engine.bindings.labels.items():
            raise WireError(
                f"{len(names):,} labels for {key} are too much for a link", hint="save a page instead"
            )
        return encode_link(self.state)

    def to_png(self, *, size: tuple[int, int] = SIZE, scale: float = 1) -> bytes:
        """The still picture, drawn without a browser.

        Args:
            size: width and height in pixels.
            scale: pixels per pixel; 2 for print and sharp screens.
        """
        return save.png(self.state, self._engine, save.How(size, scale))

    def to_html(self, *, size: tuple[int, int] = SIZE) -> str:
        """The self-contained page; ``size`` is that of the still picture in it, in pixels."""
        return save.page(self.state, self._engine, save.How(size))

    def to_json(self) -> str:
        """The scene's head as readable JSON: everything but the values, which it names by their hashes."""
        return save.json(self.state, self._engine).decode()

    @overload
    def save(self, file: str | PathLike[str], **options: Unpack[SaveOptions]) -> Path: ...

    @overload
    def save(self, file: Writable, **options: Unpack[SaveOptions]) -> None: ...

    def save(
        self,
        file: str | PathLike[str] | Writable,
        *,
        format: Format | None = None,
        size: tuple[int, int] = SIZE,
        scale: float = 1,
        seconds: float = SECONDS,
        fps: float | None = None,
        width_mm: float | None = None,
        progress: Progress | None = None,
    ) -> Path | None:
        """Save a page, a picture, a film or the scene's head.

        Args:
            file: a path, or a binary stream.
            format: ``"html"``, ``"png"``, ``"svg"``, ``"pdf"``, ``"json"``, ``"gif"`` or ``"mp4"``; None is
                the ending of the path.
            size: of the picture, in pixels.
            scale: pixels per pixel of the picture.
            seconds: length of a film.
            fps: frames per second of a film; 20 for a GIF, 30 for an MP4 when left out.
            width_mm: width on paper of SVG and PDF, which then have the letters of print; ``size`` is the
                proportion. 85 is a column of a journal.
            progress: called after every step with how many are done, how many there are, and its name.

        Returns:
            The path, or None for a stream.

        Raises:
            OptionError: another ending or format, a stream without a format, a size that cannot be drawn, or
                a film where nothing plays.
            DataError: the file cannot be written, or there is no encoder for an MP4.

        Example:
            >>> import io
            >>> import matcube as mc
            >>> stream = io.BytesIO()
            >>> mc.figure("A.T", A="eye(2, 3)").save(stream, format="png", size=(80, 50))
            >>> stream.getvalue()[1:4]
            b'PNG'
        """
        how = save.How(size, scale, seconds, fps, width_mm)
        return save.save(self.state, self._engine, file, format, how, progress=progress)

    def _repr_mimebundle_(
        self, include: Iterable[str] | None = None, exclude: Iterable[str] | None = None
    ) -> dict[str, str]:
        """What a notebook shows: a picture, and the page in a frame that can reach nothing.

        Only the forms that the front end asks for are made; a terminal asks for text.
        """
        from matcube.outputs.notebook import bundle, wanted_forms

        return bundle(
            title=title_of(self.state),
            page=lambda: self.to_html(size=NOTEBOOK_SIZE),
            still=lambda: self.to_png(size=NOTEBOOK_SIZE),
            text=repr(self),
            forms=wanted_forms(include, exclude),
        )
