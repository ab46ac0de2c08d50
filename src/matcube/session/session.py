"""Requests of a served page, answered with scene bytes or a problem."""

from __future__ import annotations

from collections.abc import Sequence
from threading import RLock
from typing import Any, NamedTuple

import msgspec

from matcube.engine import Engine
from matcube.engine.bindings import check_data
from matcube.engine.scene import scene_of, title_of
from matcube.engine.still import png_of
from matcube.errors import DataError, MatcubeError, WireError
from matcube.errors.words import shorten
from matcube.session.demo_head import demo_engine
from matcube.session.explanation import explanation
from matcube.session.presets import offered
from matcube.session.problems import problem_of
from matcube.session.retained import retained
from matcube.session.rewrite import own_request, rewritten
from matcube.session.tiles import tile
from matcube.sources.program import check_length
from matcube.wire import (
    BuffersRequest,
    EditRequest,
    ExplainRequest,
    Preset,
    Presets,
    PresetsRequest,
    Problem,
    Request,
    RewriteRequest,
    TileRequest,
    View,
)
from matcube.wire.container import Scene
from matcube.wire.link import view_from_json, view_to_json

MAX_SCENES = 4  # scenes of different values that are cached for later requests


class Session:
    """One served figure: the state of its page, and the last few scenes.

    It is the source of ``outputs.server``. Two tabs of one server may be in different states: their later
    requests are looked up among the recent scenes.

    Args:
        view: the state that the page opens with, complete.
        engine: the arrays, and what was computed of them.
        presets: the ready-made figures that it offers; those of the gallery when left out.
    """

    def __init__(self, view: View, engine: Engine, *, presets: Sequence[Preset] | None = None) -> None:
        self._opened = self._now = _State(view, engine)
        self._presets = presets
        self._scenes: list[_Shown] = []
        self._programs = {hash(view.program)}  # of all that was shown here
        self._lock = RLock()
        self._doing = ""

    @property
    def title(self) -> str:
        """The title of the page."""
        return title_of(self._opened.view)

    @property
    def doing(self) -> str:
        """The step of the work that is under way: ``"3 of 8: softmax(A)"``; empty between answers."""
        return self._doing

    def _hear(self, done: int, total: int, name: str) -> None:
        self._doing = f"{done} of {total}: {shorten(name)}"

    def initial(self) -> bytes:
        """The scene that the page opens with."""
        with self._lock:
            self._now = self._opened
            return self._show(self._opened).encode()

    def still(self) -> bytes:
        """The picture that the page opens with."""
        return png_of(scene_of(*self._opened))

    def answer(self, request: bytes | Request) -> bytes | Problem:
        """Answer one request; an error that the reader can mend is answered as a problem.

        Args:
            request: JSON, or the struct itself.
        """
        with self._lock:
            try:
                return self._answer(_read(request) if isinstance(request, bytes) else request)
            except (MatcubeError, MemoryError) as error:
                return problem_of(error)

    def _answer(self, request: Request) -> bytes:
        match request:
            case EditRequest():
                self._check_length(request.view)
                return self._turn_to(request.view, request.have)
            case BuffersRequest():
                return self._buffers(request)
            case TileRequest():
                shown = self._shown_with(request)
                return tile(request, shown.state.engine.program(shown.state.view), shown.scene)
            case ExplainRequest():
                shown = self._shown_with(request)
                return explanation(request, shown.state.engine.program(shown.state.view))
            case RewriteRequest():
                return self._rewrite(request)
            case PresetsRequest():
                listed = offered() if self._presets is None else self._presets
                return msgspec.json.encode(Presets(list(listed)))

    def _rewrite(self, request: RewriteRequest) -> bytes:
        """The scene after one node has changed."""
        engine = self._now.engine
        self._check_length(request.view)
        check_data(request.view, engine.bindings)
        own = own_request(request, engine.program(engine.complete(request.view)).drawn)
        view = rewritten(own, engine.bindings, lambda changed: engine.program(engine.complete(changed)).graph)
        return self._turn_to(view, request.have)

    def _check_length(self, view: View) -> None:
        """Refuse a long program, unless code wrote it: that of the figure, or of a change of a node."""
        if hash(view.program) not in self._programs:
            check_length(view.program)

    def _turn_to(self, wanted: View, have: list[str]) -> bytes:
        """The scene of another view; the present one stays when that view is wrong."""
        view = view_from_json(view_to_json(wanted))
        state = self._over(view)
        state = _State(retained(*state, [shown.state.view for shown in self._recent()]), state.engine)
        scene = self._show(state)
        self._now = state
        return scene.encode(have=have)

    def _over(self, view: View) -> _State:
        """A view over the current arrays, those of the first figure, or the demo's.

        Raises:
            DataError: it needs others.
        """
        for engine in (self._now.engine, self._opened.engine):
            try:
                check_data(view, engine.bindings)
            except DataError as error:
                missing = error
            else:
                return _State(engine.complete(view), engine)
        demo = demo_engine(view)
        if demo is None:
            raise missing
        return _State(demo.complete(view), demo)

    def _buffers(self, request: BuffersRequest) -> bytes:
        for shown in self._recent():
            if all(sha in shown.scene.buffers for sha in request.want):
                return shown.scene.encode(send=request.want)
        held = {sha for shown in self._recent() for sha in shown.scene.buffers}
        missing = next((sha for sha in request.want if sha not in held), request.want[0])
        raise WireError(
            f"no figure shown here lately has values {missing[:12]}…; the page is of another one",
            hint="reload the page",
        )

    def _shown_with(self, request: TileRequest | ExplainRequest) -> _Shown:
        """The scene that shows the matrix of a request: by the hash of its averages, else the last one."""
        for shown in self._recent():
            matrices = [matrix for matrix in shown.scene.head.matrices if matrix.node == request.node]
            means = [matrix.pooled.mean for matrix in matrices if matrix.pooled is not None]
            if request.mean is None or request.mean in means:
                return shown
        raise WireError(
            f"no figure shown here lately has matrix {request.node} with these averages",
            hint="reload the page",
        )

    def _show(self, state: _State) -> Scene:
        try:
            state.engine.program(state.view).compute(progress=self._hear)
            scene = scene_of(*state, progress=self._hear)
        finally:
            self._doing = ""
        self._programs.add(hash(state.view.program))
        others = [shown for shown in self._scenes if shown.scene.buffers.keys() != scene.buffers.keys()]
        self._scenes = [_Shown(state, scene), *others][:MAX_SCENES]
        return scene

    def _recent(self) -> list[_Shown]:
        """The last few scenes, the last one first; there is always one."""
        if not self._scenes:
            self._show(self._now)
        return self._scenes


class _State(NamedTuple):
    """A complete view, over its arrays."""

    view: View
    engine: Engine


class _Shown(NamedTuple):
    """A state with its scene."""

    state: _State
    scene: Scene


_DECODER: msgspec.json.Decoder[Any] = msgspec.json.Decoder(Request)


def _read(request: bytes) -> Request:
    try:
        decoded: Request = _DECODER.decode(request)
        return decoded
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise WireError(f"this request cannot be read: {error}") from None
