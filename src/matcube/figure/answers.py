"""What a page asks of a figure while it is served, and what it is answered: bytes, or what is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from threading import RLock
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
import numpy as np

from matcube.errors import DataError, MatcubeError, OptionError, WireError
from matcube.figure.carried import carried
from matcube.figure.gallery import offered, on_demo
from matcube.figure.heads import of_program
from matcube.figure.inputs import check_data
from matcube.figure.rewrite import rewritten
from matcube.wire import (
    BuffersRequest,
    EditRequest,
    Preset,
    Presets,
    PresetsRequest,
    Problem,
    Request,
    RewriteRequest,
    TileRequest,
)
from matcube.wire.container import Scene, describe
from matcube.wire.link import view_from_json, view_to_json

if TYPE_CHECKING:
    from matcube.figure.picture import Figure
    from matcube.wire import View

LATELY = 4  # scenes of different values that are kept for what is asked later


class Session:
    """One served figure: the state that its page is in, and the last few scenes it has shown.

    It is what ``outputs.server`` calls a source. Two tabs of one server may be in different states: what they
    ask for later is looked for in the scenes that were made lately.

    Args:
        figure: the figure that the page opens with.
        presets: the ready-made figures that it offers; those of the gallery when left out.
    """

    def __init__(self, figure: Figure, *, presets: Sequence[Preset] | None = None) -> None:
        self._opened = figure
        self._presets = presets
        self._figure = figure
        self._shown: list[_Shown] = []
        self._lock = RLock()

    @property
    def title(self) -> str:
        """The title of the page."""
        return self._opened.title

    def initial(self) -> bytes:
        """The scene that the page opens with."""
        with self._lock:
            self._figure = self._opened
            return self._show(self._opened).encode()

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
            case RewriteRequest():
                return self._rewrite(request)
            case PresetsRequest():
                return msgspec.json.encode(Presets(list(self._offered())))

    def _edit(self, request: EditRequest) -> bytes:
        """The scene of another view; the present one stays when that view is wrong."""
        return self._turn_to(request.view, request.have)

    def _rewrite(self, request: RewriteRequest) -> bytes:
        """The scene after one node has changed."""
        inputs = self._figure.inputs
        check_data(request.view, inputs)
        own = of_program(request, self._figure.with_state(request.view).program.drawn)
        view = rewritten(own, inputs, lambda one: self._figure.with_state(one).program.graph)
        return self._turn_to(view, request.have)

    def _offered(self) -> Sequence[Preset]:
        return offered() if self._presets is None else self._presets

    def _turn_to(self, wanted: View, have: list[str]) -> bytes:
        view = view_from_json(view_to_json(wanted))
        figure = carried(self._over(view), [shown.figure.state for shown in self._lately()])
        scene = self._show(figure)
        self._figure = figure
        return scene.encode(have=have)

    def _over(self, view: View) -> Figure:
        """The figure of a view over the arrays at hand, those of the first figure, or the demo's.

        Raises:
            DataError: it wants others.
        """
        for figure in (self._figure, self._opened):
            try:
                check_data(view, figure.inputs)
            except DataError as error:
                missing = error
            else:
                return figure.with_state(view)
        found = on_demo(view)
        if found is None:
            raise missing
        return found

    def _buffers(self, request: BuffersRequest) -> bytes:
        for _, scene in self._lately():
            if all(sha in scene.buffers for sha in request.want):
                return scene.encode(send=request.want)
        held = {sha for _, scene in self._lately() for sha in scene.buffers}
        missing = next((sha for sha in request.want if sha not in held), request.want[0])
        raise WireError(
            f"no figure shown here lately has values {missing[:12]}…; the page is of another one",
            hint="reload the page",
        )

    def _tile(self, request: TileRequest) -> bytes:
        """A block of exact values: the head of its scene, and of all buffers that block alone."""
        figure, scene = self._where(request)
        result = figure.program.parts.get(request.node)
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

    def _where(self, request: TileRequest) -> _Shown:
        """The scene that shows the matrix of a tile: by the hash of its averages, else the last one."""
        for shown in self._lately():
            matrices = [one for one in shown.scene.head.matrices if one.node == request.node]
            means = [one.pooled.mean for one in matrices if one.pooled is not None]
            if request.mean is None or request.mean in means:
                return shown
        raise WireError(
            f"no figure shown here lately has matrix {request.node} with these averages",
            hint="reload the page",
        )

    def _show(self, figure: Figure) -> Scene:
        scene = figure.scene()
        others = [one for one in self._shown if one.scene.buffers.keys() != scene.buffers.keys()]
        self._shown = [_Shown(figure, scene), *others][:LATELY]
        return scene

    def _lately(self) -> list[_Shown]:
        """The last few scenes, the last one first; there is always one."""
        if not self._shown:
            self._show(self._figure)
        return self._shown


class _Shown(NamedTuple):
    """A figure with its scene."""

    figure: Figure
    scene: Scene


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
