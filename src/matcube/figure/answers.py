"""What a page asks of a figure while it is served, and what it is answered: bytes, or what is wrong."""

from __future__ import annotations

from threading import RLock
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from matcube.errors import MatcubeError, OptionError, WireError
from matcube.figure.inputs import check_data
from matcube.scene.container import Scene, describe
from matcube.scene.link import view_from_json, view_to_json
from matcube.scene.request import BuffersRequest, EditRequest, Problem, Request, TileRequest

if TYPE_CHECKING:
    from matcube.figure.picture import Figure


class Session:
    """One served figure: the state that its page is in.

    It is what ``outputs.server`` calls a source.

    Args:
        figure: the figure that the page opens with.
    """

    def __init__(self, figure: Figure) -> None:
        self._opened = figure
        self._figure = figure
        self._scene: Scene | None = None
        self._lock = RLock()

    @property
    def title(self) -> str:
        """The title of the page."""
        return self._opened.title

    def initial(self) -> bytes:
        """The scene that the page opens with."""
        with self._lock:
            self._figure = self._opened
            self._scene = self._opened.scene()
            return self._scene.encode()

    def still(self) -> bytes:
        """The picture that the page opens with."""
        return self._opened.png()

    def answer(self, request: bytes | Request) -> bytes | Problem:
        """Answer one request; whatever the reader can put right comes back as a problem.

        Args:
            request: JSON, or the struct itself.
        """
        with self._lock:
            try:
                return self._answer(_read(request) if isinstance(request, bytes) else request)
            except MatcubeError as error:
                return problem_of(error)
            except MemoryError:
                return Problem(kind="MemoryError", message="there is not enough memory for this figure")

    def _answer(self, request: Request) -> bytes:
        match request:
            case EditRequest():
                return self._edit(request)
            case BuffersRequest():
                return self._buffers(request)
            case TileRequest():
                return self._tile(request)

    def _edit(self, request: EditRequest) -> bytes:
        """The scene of another view; the present one stays when that view is wrong."""
        view = view_from_json(view_to_json(request.view))
        check_data(view, self._figure.inputs)
        figure = self._figure.with_state(view)
        scene = figure.scene()
        self._figure, self._scene = figure, scene
        return scene.encode(have=request.have)

    def _buffers(self, request: BuffersRequest) -> bytes:
        scene = self._present()
        missing = [sha for sha in request.want if sha not in scene.buffers]
        if missing:
            raise WireError(
                f"the present figure has no values {missing[0][:12]}…; the page is of another one",
                hint="reload the page",
            )
        return scene.encode(send=request.want)

    def _tile(self, request: TileRequest) -> bytes:
        """A block of exact values: the present scene's head, and of all buffers that block alone."""
        scene = self._present()
        result = self._figure.program.values.get(request.node)
        if result is None:
            raise OptionError(f"there is no matrix {request.node} with values in this figure")
        values = np.atleast_2d(result.cells.values)
        rows, cols = values.shape[-2:]
        inside = request.row + request.rows <= rows and request.col + request.cols <= cols
        if values.ndim != 2 or not inside:
            raise OptionError(
                f"rows {request.row} to {request.row + request.rows} and columns {request.col} to "
                f"{request.col + request.cols} do not lie inside {rows} × {cols}"
            )
        block = values[request.row :, request.col :][: request.rows, : request.cols]
        wide = np.float64 if block.dtype == np.float64 else np.float32
        flat = np.ascontiguousarray(block, dtype=np.dtype(wide).newbyteorder("<")).reshape(-1)
        entry = describe(flat)
        others = [one for one in scene.head.buffers if one.sha256 != entry.sha256]
        head = msgspec.structs.replace(scene.head, buffers=[*others, entry])
        return Scene(head, {entry.sha256: flat}, frozenset([entry.sha256])).encode()

    def _present(self) -> Scene:
        if self._scene is None:
            self._scene = self._figure.scene()
        return self._scene


_DECODER: msgspec.json.Decoder[Any] = msgspec.json.Decoder(Request)


def problem_of(error: MatcubeError) -> Problem:
    """An error as it travels to the page."""
    span = None if error.span is None else (error.span.start, error.span.end)
    return Problem(kind=error.kind, message=error.message, text=error.text, span=span, hint=error.hint)


def _read(request: bytes) -> Request:
    try:
        found: Request = _DECODER.decode(request)
        return found
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise WireError(f"this request cannot be read: {error}") from None
