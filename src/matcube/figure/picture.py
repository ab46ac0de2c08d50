"""The figure: a program, what is bound to its names, and how it is looked at; immutable."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
import numpy as np

from matcube.errors import DataError, OptionError, WireError
from matcube.figure import camera, options, saving
from matcube.figure.answers import Session
from matcube.figure.compute import Memory, Program, find
from matcube.figure.costing import Costed
from matcube.figure.heads import Headed, drawn_devices
from matcube.figure.inputs import Inputs
from matcube.figure.splitting import Parted
from matcube.figure.streaming import streams_of, with_columns
from matcube.figure.viewpoints import Toured
from matcube.ir import Data, Leaf
from matcube.ir.shapes import shape_text
from matcube.ops import Array
from matcube.scene.costs import costs_of
from matcube.scene.join import join
from matcube.wire import View
from matcube.wire.link import encode_link

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Unpack

    from matcube import timeline
    from matcube.outputs.server import Handle
    from matcube.values import Progress
    from matcube.wire import Problem, Request
    from matcube.wire.container import Scene


class NonFinite(NamedTuple):
    """How many NaN and infinities a matrix holds."""

    name: str
    nan: int
    inf: int


@dataclass(frozen=True, eq=False)
class Figure(Parted, Costed, Headed, Toured):
    """A program with its matrices, and the way it is shown; every change gives a new figure.

    Make one with ``matcube.figure``. Nothing is computed before it is needed, and nothing twice.

    Args:
        state: the complete view: what ``url`` carries and ``matcube open`` restores.
        inputs: the arrays and labels bound to names.

    Example:
        >>> import matcube as mc
        >>> fig = mc.figure("relu(A @ B)", A="gaussian(8, 4)", B="gaussian(4, 6)")
        >>> fig.value().shape
        (8, 6)
        >>> fig.layout("zigzag", gap=8) is fig
        False
    """

    state: View
    inputs: Inputs
    _memory: Memory = field(default_factory=Memory, repr=False)
    _sessions: list[Session] = field(default_factory=list, repr=False)

    def __post_init__(self) -> None:
        """Read the program now, so that a typing error shows where it was made."""
        options.check_layout(self.state.layout)
        options.check_style(self.state.style)
        used = self.program.data_names()
        data = {name: self.inputs.known(name).ref for name in used}
        if data != self.state.data:
            object.__setattr__(self, "state", msgspec.structs.replace(self.state, data=data))

    def __repr__(self) -> str:
        return f"<matcube {self.title!r}, {shape_text(self.program.graph.root.shape)}>"

    # --- what it holds ------------------------------------------------------------------------------

    @property
    def title(self) -> str:
        """The program in one line."""
        return " ".join(self.state.program.replace("\n", "; ").split())

    @property
    def program(self) -> Program:
        """The graph and its values, computed once for all figures that share them."""
        return self._memory.program(self.state, self.inputs)

    def value(self, name: str | None = None) -> Array:
        """The values of a named matrix; read-only.

        An array that was brought comes back in the dtype it was brought in (float16, int64, …). What is
        computed is float64 where an operand is float64 or an integer of 32 bits or more (exact up to 2**53),
        else float32: a product of float16 or bfloat16 does not overflow where that dtype would.

        Args:
            name: a name of the program (``"attn"``), a piece of it (``"Q @ K.T"``), one head of it
                (``"attn[3]"``), or None for the result.

        Raises:
            OptionError: nothing is called so; the near names are suggested.
            DataError: the matrix has a shape and no values.

        Example:
            >>> import matcube as mc
            >>> mc.figure("C = A @ B", A=[[1.0, 2.0]], B=[[3.0], [4.0]]).value("C")
            array([[11.]])
        """
        graph = self.program.graph
        one = None if name is None else self.program.one_head(name)
        if one is not None and one.id in self.program.parts:
            return self.program.parts[one.id].cells.values
        node = graph.root if name is None else find(graph, name)
        result = self.program.values.get(node.id)
        if result is None:
            raise DataError(self.program.values.reason(node.id) or f"{node.label} has no values")
        if isinstance(node.kind, Leaf) and isinstance(node.kind.source, Data):
            brought = self.inputs.known(node.kind.source.name).array.view()
            brought.flags.writeable = False
            return brought
        return result.cells.values

    def compute(self, *, progress: Progress | None = None) -> Figure:
        """Compute all values and their statistics now.

        Args:
            progress: called after every step with how many are done, how many there are, and its name: that
                of a matrix, then "statistics of …".

        Returns:
            This figure.
        """
        self.program.compute(progress=progress)
        return self

    def nan_report(self) -> list[NonFinite]:
        """Where NaN and infinities are, in the order of the program: the first row is where they come from.

        Returns:
            One row for every matrix that holds any; masked cells are not counted.
        """
        found = []
        for node_id, result in sorted(self.program.values.items()):
            values, hidden = result.cells
            seen = values if hidden is None else values[~hidden]
            nan, inf = int(np.isnan(seen).sum()), int(np.isinf(seen).sum())
            if nan or inf:
                found.append(NonFinite(self.program.graph[node_id].label, nan, inf))
        return found

    # --- how it is shown ----------------------------------------------------------------------------

    def with_state(self, state: View) -> Figure:
        """The figure of another view over the same arrays."""
        return Figure(state, self.inputs, self._memory)

    def layout(self, scheme: str | None = None, **changes: Unpack[options.LayoutChanges]) -> Figure:
        """A figure laid out differently.

        Args:
            scheme: ``blocks``, ``zigzag``, ``wheel`` or ``custom``.
            changes: ``gap`` in cells (None chooses), ``scatter`` in cells, ``molecule``, ``blast``, ``root``
                and ``custom`` (arrangements such as ``"-LTF"``, by name of the matrix), ``sheets``
                (``"open"`` or ``"closed"``), ``pull`` (heads taken out of the deck, ``[3]``), ``inside``
                (which product's box lies in which other's, by name: ``{"dA": "C"}``; see ``backward``),
                ``parts`` (a summed letter in up to so many blocks shows their partial results, 0 to 64).

        Raises:
            OptionError: an option nobody knows, or a value out of its range.
        """
        named = {} if scheme is None else {"scheme": scheme}
        part = options.changed(self.state.layout, {**named, **changes}, what="layout")
        figure = self.with_state(msgspec.structs.replace(self.state, layout=part))
        for name in (*part.inside, *part.inside.values()) if "inside" in changes else ():
            find(figure.program.graph, name)
        figure.program.place(figure.state)
        return figure

    def style(self, **changes: Unpack[options.StyleChanges]) -> Figure:
        """A figure with other looks.

        Args:
            changes: ``theme`` (``dark``, ``light``, ``auto``), ``palette``, ``sensitivity``, ``dot_scale``,
                ``contrast``, ``legend_size``, and ``peak``, ``legends``, ``letters``, ``guides``, ``arrows``
                (True or False).

        Raises:
            OptionError: an option nobody knows, or a value out of its range.
        """
        part = options.changed(self.state.style, changes, what="style")
        return self.with_state(msgspec.structs.replace(self.state, style=part))

    def view(self, **changes: Unpack[camera.ViewChanges]) -> Figure:
        """A figure seen from elsewhere, or with something selected.

        Args:
            changes: ``yaw`` and ``pitch`` in radians, ``distance`` and ``target`` in cells (what is left out
                is fitted), ``select`` (a name), ``pin`` (``("attn", 3, 7)`` or ``"attn[3, 7]"``, as the page
                copies it, or a list of such), ``hide`` and ``fade`` (names), ``isolate`` (a name), ``device``
                (a number: what it holds alone is lit).

        Raises:
            OptionError: an option or a matrix nobody knows, or a cell outside its matrix.
        """
        return self.with_state(camera.seen(self.state, changes, self.program))

    def backward(self, name: str | None = None, *, grad: object = None, seed: int | None = None) -> Figure:
        """A figure of one product with its gradients, in the same cube.

        ``C = A @ B`` holds the products A[i, k] · B[k, j] at (i, j, k), and with dC the gradient of a loss
        by C also those of ``dA = dC @ B.T``, dC[i, j] · B[k, j], and of ``dB = A.T @ dC``.

        Args:
            name: the product, by name (``"C"``) or text (``"A @ B"``), also with a row of biases added to it;
                None: the result.
            grad: dC, of the size of C: an array, or a leaf text such as ``"gaussian(32, 32, seed=1)"``.
                None: what the figure has under the name ``dC``, else ones.
            seed: of a random dC, ``gaussian`` with this seed, instead of ones.

        Returns:
            A figure whose program is the product with what it comes from, and two products more. Their names
            are d and the name of the operand.

        Raises:
            OptionError: it is no product of matrices or vectors, or ``grad`` and ``seed`` are both given.
            ShapeError: dC is of another size.

        Example:
            >>> import matcube as mc
            >>> fig = mc.figure("C = A @ B", A="gaussian(4, 3)", B="gaussian(3, 2)").backward("C")
            >>> fig.value("dA").shape, fig.title
            ((4, 3), 'C = A @ B; dA = dC @ B.T; dB = A.T @ dC')
        """
        from matcube.figure.backward import backward

        return backward(self, name, grad=grad, seed=seed)

    def animate(
        self, algorithm: str = "vmprod", *, each: Mapping[str, str] | None = None, **changes: Any
    ) -> Figure:
        """A figure that plays: each product is formed step by step.

        Args:
            algorithm: of the result and all below it: ``dot_row``, ``dot_col``, ``vmprod``, ``mvprod``,
                ``outer``, ``axpy``, ``tiled``, or ``none`` for no film.
            each: an algorithm of its own by name or text, for it and what is below it; ``none`` is there from
                the start. A name that is a word can be given as a keyword: ``K="none"``.
            changes: ``fuse`` (``none``, ``sync``, ``async``: whether neighbours run as one; ``decode``: and
                what a causal mask hides is never formed, a token at a time), ``tiles`` of ``tiled`` (sizes
                along i, j and k for up to three levels, the largest first) with their ``order`` (``"ikj"``,
                or one for each level), ``t`` (where the film stands, in steps), ``speed``, ``loop``,
                ``hide_inputs``, ``spin`` (turns of the camera per film).

        Raises:
            OptionError: an algorithm, a matrix or an option nobody knows, or a value out of its range.

        Example:
            >>> import matcube as mc
            >>> fig = mc.figure("A @ B @ C", A="eye(4, 4)", B="eye(4, 4)", C="eye(4, 4)")
            >>> fig.animate("vmprod", fuse="sync").film.duration
            4.0
        """
        part = options.played(self.state.film, algorithm, {**(each or {})}, changes)
        figure = self.with_state(msgspec.structs.replace(self.state, film=part))
        figure.program.film(figure.state)
        return figure

    @property
    def film(self) -> timeline.Film | None:
        """The sweeps of the figure's film, or None when nothing plays."""
        return self.program.film(self.state)

    # --- where it goes ------------------------------------------------------------------------------

    def scene(
        self, *, layouts: Sequence[saving.LayoutChoice] = (), progress: Progress | None = None
    ) -> Scene:
        """The scene: everything that a picture needs, as structs and buffers.

        Args:
            layouts: further layouts to carry, as pairs of scheme and ``"open"`` or ``"closed"`` sheets.
            progress: called after every matrix with how many are ready, how many there are, and its name.
        """
        program = self.program
        film = program.film(self.state)
        streams = streams_of(program, film)
        placed = saving.placements(program, self.state, layouts)
        placements = [(key, with_columns(one, streams)) for key, one in placed]
        return join(
            program.drawn.graph,
            program.parts,
            program.facts,
            placements,
            view=self.state,
            costs=costs_of(program.graph, program.drawn),
            film=film,
            streams=streams,
            devices=drawn_devices(program.drawn, program.devices(self.state.partition)),
            title=self.title,
            kept=program.kept,
            progress=saving.told(progress, "preparing "),
        )

    def url(self) -> str:
        """The fragment that restores this figure: ``matcube open '#m1.…'``.

        Arrays do not travel: the link carries their names, shapes and hashes. Labels given apart travel.

        Raises:
            WireError: the figure is too large for a link.
        """
        for key, names in self.inputs.labels.items():
            raise WireError(
                f"{len(names):,} labels for {key} are too much for a link", hint="save a page instead"
            )
        return encode_link(self.state)

    def png(self, *, size: tuple[int, int] = saving.SIZE, scale: float = 1) -> bytes:
        """The still picture, drawn without a browser.

        Args:
            size: width and height in pixels.
            scale: pixels per pixel; 2 for print and sharp screens.
        """
        return saving.png(self, size=size, scale=scale)

    def page(self, *, size: tuple[int, int] = saving.SIZE) -> str:
        """The self-contained page."""
        return saving.page(self, size=size)

    def save(
        self,
        path: str | Path,
        *,
        size: tuple[int, int] = saving.SIZE,
        scale: float = 1,
        seconds: float = saving.SECONDS,
        fps: float | None = None,
        progress: Progress | None = None,
    ) -> Path:
        """Save a page, a picture, a film or the scene's head, by the ending of the name.

        Args:
            path: ends in ``.html``, ``.png``, ``.json``, ``.gif`` or ``.mp4``.
            size: of the picture, in pixels.
            scale: pixels per pixel of the picture.
            seconds: how long a film lasts.
            fps: frames per second of a film; 20 for a GIF, 30 for an MP4 when left out.
            progress: called after every step with how many are done, how many there are, and its name.

        Returns:
            The path.

        Raises:
            OptionError: another ending, a size that cannot be drawn, or a film where nothing plays.
            DataError: the file cannot be written, or there is no encoder for an MP4.
        """
        if not isinstance(path, str | Path):
            raise OptionError(f"a file has a name, not {path!r}", hint='fig.save("cube.png")')
        return saving.save(self, Path(path), saving.How(size, scale, seconds, fps), progress=progress)

    def answer(self, request: bytes | Request) -> bytes | Problem:
        """Answer one request of a page that shows this figure: scene bytes, or what is wrong."""
        if not self._sessions:
            self._sessions.append(Session(self))
        return self._sessions[0].answer(request)

    def show(self, *, port: int = 0, open_browser: bool = True, block: bool = False) -> Handle:
        """Serve the figure to this machine's browser, and open it.

        Args:
            port: 0 takes a free one.
            open_browser: open the browser, where there is a display.
            block: wait until Ctrl-C; for scripts, which would otherwise end and take the page along.

        Returns:
            A handle with ``url`` and ``close()``.
        """
        from matcube.outputs.server import start

        handle = start(Session(self), port=port, open_browser=open_browser)
        if block:
            handle.wait()
        return handle

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        """What a notebook shows: a picture, and the page in a frame that can reach nothing."""
        from matcube.outputs.notebook import bundle

        return bundle(title=self.title, page=self.page(), still=self.png(), text=repr(self))
