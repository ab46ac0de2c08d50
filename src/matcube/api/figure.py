"""The figure: a program, the arrays bound to its names, and how it is shown; immutable."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from matcube.api import analysis, backward, camera, edits, partition, stops
from matcube.api.protocols import Described
from matcube.api.renamed import OLD_METHODS, old_keywords, warn_renamed
from matcube.api.rendered import Rendered
from matcube.engine import Engine, Program
from matcube.engine.scene import title_of
from matcube.errors.guard import guarded_class
from matcube.ir.shapes import shape_text
from matcube.limits import allowed
from matcube.wire import Film
from matcube.wire import View as State

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Unpack

    from matcube.api.animation import AnimateChanges
    from matcube.api.options import LayoutChanges, StyleChanges
    from matcube.api.vocabulary import Algorithm, Preset, Scheme
    from matcube.outputs.server import Handle
    from matcube.session import Session
    from matcube.values import Progress
    from matcube.wire import Problem, Request


@guarded_class
@dataclass(frozen=True, eq=False)
class Figure(Described, Rendered):
    """A program with its matrices, and the way it is shown; every change gives a new figure.

    Make one with ``matcube.figure``. Values are computed on first use, and once.

    Args:
        state: the complete view: what ``link`` carries and ``matcube open`` restores.

    Example:
        >>> import matcube as mc
        >>> fig = mc.figure("relu(A @ B)", A="gaussian(8, 4)", B="gaussian(4, 6)")
        >>> fig.value().shape
        (8, 6)
        >>> fig.layout("zigzag", gap=8) is fig
        False
    """

    state: State
    _engine: Engine = field(repr=False)
    _sessions: list[Session] = field(default_factory=list, repr=False)

    value = analysis.value
    nonfinite = analysis.nonfinite
    explain = analysis.explain
    cost = analysis.cost
    roofline = analysis.roofline
    devices = analysis.devices

    def __post_init__(self) -> None:
        """Read the program now, so that a typing error shows where it was made."""
        object.__setattr__(self, "state", self._engine.complete(self.state))

    if not TYPE_CHECKING:  # type checkers find typing errors, and know new names alone

        def __getattr__(self, name: str) -> Any:
            """Old names of methods, which warn."""
            if name in OLD_METHODS:
                warn_renamed(f"fig.{name}", f"fig.{OLD_METHODS[name]}", stacklevel=2)
                return getattr(self, OLD_METHODS[name])
            raise AttributeError(f"a figure has no {name}", name=name, obj=self)

    def __repr__(self) -> str:
        return f"<matcube {self.title!r}, {shape_text(self._program.graph.root.shape)}>"

    # --- what it holds ------------------------------------------------------------------------------

    @property
    def title(self) -> str:
        """The program in one line."""
        return title_of(self.state)

    @property
    def program(self) -> str:
        """The text of the program."""
        return self.state.program

    @property
    def _program(self) -> Program:
        """The graph and its values, computed once for all figures that share them."""
        return self._engine.program(self.state)

    def compute(self, *, progress: Progress | None = None, memory: str | None = None) -> Figure:
        """Compute all values and their statistics now.

        Args:
            memory: the most that this may take, ``"8GB"`` or ``"80%"`` of what is free; None: what
                ``MATCUBE_MEMORY`` says, else half of what is free.
            progress: called after every step with how many are done, how many there are, and its name: that
                of a matrix, then "statistics of …".

        Returns:
            This figure.

        Raises:
            LimitError: it would take more memory, or hours; nothing was computed.
        """
        with allowed(memory):
            self._program.compute(progress=progress)
        return self

    # --- how it is shown ----------------------------------------------------------------------------

    def with_state(self, state: State) -> Figure:
        """The figure of another view over the same arrays."""
        return Figure(state, self._engine)

    def layout(self, scheme: Scheme | None = None, **changes: Unpack[LayoutChanges]) -> Figure:
        """A figure laid out differently.

        Args:
            scheme: ``blocks``, ``zigzag``, ``wheel`` or ``custom``.
            changes: ``gap`` in cells (None chooses), ``scatter`` in cells, ``molecule``, ``blast``, ``root``
                and ``custom`` (arrangements such as ``"-LTF"``, by name of the matrix), ``sheets``
                (``"open"`` or ``"closed"``), ``pull`` (heads taken out of the deck, ``[3]``), ``inside``
                (which product's box lies in which other's, by name: ``{"dA": "C"}``; see ``backward``),
                ``parts`` (a summed letter in up to so many blocks shows their partial results, 0 to 64).

        Raises:
            OptionError: an unknown option, or a value out of its range.
        """
        return self.with_state(edits.laid_out(self.state, self._engine, scheme, changes))

    def style(self, **changes: Unpack[StyleChanges]) -> Figure:
        """A figure with other looks.

        Args:
            changes: ``theme`` (``dark``, ``light``, ``auto``), ``palette``, ``sensitivity``, ``dot_scale``,
                ``contrast``, ``legend_size``, and ``peak``, ``legends``, ``letters``, ``guides``, ``arrows``
                (True or False), ``numbers`` (``auto``, ``always``, ``never``) and ``digits`` (decimals).

        Raises:
            OptionError: an unknown option, or a value out of its range.
        """
        return self.with_state(edits.styled(self.state, changes))

    def view(self, **changes: Unpack[camera.ViewChanges]) -> Figure:
        """A figure seen from elsewhere, or with something selected.

        Args:
            changes: ``yaw`` and ``pitch`` in degrees, ``distance`` and ``target`` in cells (those left out
                are fitted), ``select`` (a name), ``pin`` (``("attn", 3, 7)`` or ``"attn[3, 7]"``, as the page
                copies it, or a list of such), ``hide`` and ``fade`` (names), ``isolate`` (a name), ``device``
                (a number: what it holds alone is lit).

        Raises:
            OptionError: an unknown option or matrix, or a cell outside its matrix.
        """
        return self.with_state(camera.seen(self.state, changes, self._program))

    def flat(self, name: str | None = None) -> Figure:
        """A figure of one matrix seen face on: a heatmap for a page or a paper.

        Args:
            name: the matrix; None takes the result.

        Raises:
            OptionError: there is no such matrix; similar names are suggested.

        Example:
            >>> import matcube as mc
            >>> fig = mc.figure("softmax(S)", S="gaussian(4, 4)").flat()
            >>> fig.state.isolated
            1
        """
        return self.with_state(camera.face_on(self.state, name, self._program))

    def stop(self, name: str, *, say: str = "") -> Figure:
        """A figure that stores what it shows under a name: a stop of the story in the page (`,` `.`).

        Args:
            name: what the page calls it; one of that name is replaced.
            say: one sentence, which the page shows at this stop.

        Raises:
            OptionError: the name is empty or too long, as is the sentence, or there are too many stops
                for a link.

        Example:
            >>> import matcube as mc
            >>> fig = mc.figure("C = A @ B", A="eye(4, 4)", B="eye(4, 4)").stop("all")
            >>> fig = fig.view(yaw=0, pitch=0, target="C", select="C").stop("C", say="The result.")
            >>> [stop.name for stop in fig.state.stops]
            ['all', 'C']
        """
        return self.with_state(stops.with_stop(self.state, name, say, self._program))

    def at_stop(self, stop: str | int) -> Figure:
        """A figure at one of its stops: a link, a page or a still of it begins there.

        Args:
            stop: its name, or its number from 0.

        Raises:
            OptionError: there is no such stop; a similar name is suggested.

        Example:
            >>> import matcube as mc
            >>> fig = mc.figure("C = A @ B", A="eye(4, 4)", B="eye(4, 4)").stop("all").view(isolate="C")
            >>> fig.at_stop("all").state.isolated is None
            True
        """
        return self.with_state(stops.at_stop(self.state, stop))

    def head(self, number: int | None) -> Figure:
        """A figure of one head alone: what it is made of, with its own columns of every large matrix.

        Args:
            number: which head; None shows all of them again.

        Raises:
            OptionError: nothing has heads, or there are fewer.

        Example:
            >>> import matcube as mc
            >>> program = "q = split(x @ w, axis=1, parts=2).permute(axes=(1, 0, 2)); q @ q.mT"
            >>> fig = mc.figure(program, x="gaussian(4, 6)", w="gaussian(6, 6)")
            >>> len(fig.scene().head.layouts[0].boxes), len(fig.head(1).scene().head.layouts[0].boxes)
            (3, 2)
        """
        return self.with_state(edits.single_head(self.state, self._engine, number))

    def partition(
        self,
        splits: Mapping[str, int] | None = None,
        *,
        preset: Preset | None = None,
        devices: int | None = None,
        **named: int,
    ) -> Figure:
        """A figure in blocks: every matrix that carries a split axis falls into blocks with it.

        Args:
            splits: blocks (1 to 64, the last may be shorter) by axis, ``{"x.rows": 8}``, or by one use of it,
                ``{"attn.i": 8}``. This goes for the whole figure: without any, nothing is split.
            preset: a row of ``matcube.partition.PRESETS``: ``megatron``, ``ring``, …
            devices: over how many devices the preset shares the program.
            named: the same by keyword: ``tokens=8``; ``x_rows=8`` is ``x.rows``.

        Raises:
            OptionError: an unknown name, or a number that does not fit.

        Example:
            >>> import matcube as mc
            >>> fig = mc.figure("A @ B", A="eye(8, 4)", B="eye(4, 6)").partition(A_rows=4)
            >>> fig.state.partition
            {'A.rows': 4}
        """
        wanted = partition.read_splits(splits, preset, devices, named)
        return self.with_state(partition.partitioned(self.state, self._engine, wanted))

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
        state, bindings = backward.backward(self.state, self._engine, name, grad=grad, seed=seed)
        made = Figure(state, Engine(bindings))
        made._program.place(made.state)
        return made

    @old_keywords(t="time")
    def animate(
        self,
        algorithm: Algorithm = "vmprod",
        *,
        each: Mapping[str, str] | None = None,
        **changes: Unpack[AnimateChanges],
    ) -> Figure:
        """A figure that plays: each product is formed step by step.

        Args:
            algorithm: of the result and all below it: ``dot_row``, ``dot_col``, ``vmprod``, ``mvprod``,
                ``outer``, ``axpy``, ``tiled``, ``online``, or ``none`` for no film.
            each: algorithms of single matrices and what is below them, by name or text: ``{"K": "none"}``,
                which is there from the start.
            changes: ``fuse`` (``none``, ``sync``, ``async``: whether neighbours run as one; ``decode``: and
                what a causal mask hides is never formed, a token at a time), ``tiles`` of ``tiled`` (sizes
                along i, j and k for up to three levels, the largest first) with their ``order`` (``"ikj"``,
                or one for each level), ``time`` (where the film is, in steps), ``speed``, ``loop``,
                ``hide_inputs``, ``spin`` (turns of the camera per film).

        Raises:
            OptionError: an unknown algorithm, matrix or option, or a value out of its range.

        Example:
            >>> import matcube as mc
            >>> fig = mc.figure("A @ B @ C", A="eye(4, 4)", B="eye(4, 4)", C="eye(4, 4)")
            >>> fig.animate("vmprod", fuse="sync").film.duration
            4.0
        """
        return self.with_state(edits.animated(self.state, self._engine, algorithm, each, changes))

    @property
    def film(self) -> Film | None:
        """The sweeps of the figure's film, or None when nothing plays."""
        return self._program.film(self.state)

    # --- the page that serves it ------------------------------------------------------------------

    def session(self) -> Session:
        """The state of one page that shows this figure, which answers the page's requests."""
        from matcube.session import Session

        return Session(self.state, self._engine)

    def answer(self, request: bytes | Request) -> bytes | Problem:
        """Answer one request of a page that shows this figure: scene bytes, or a problem."""
        if not self._sessions:
            self._sessions.append(self.session())
        return self._sessions[0].answer(request)

    def show(self, *, port: int = 0, open_browser: bool = True, block: bool | None = None) -> Handle:
        """Serve the figure to this machine's browser, and open it; without a display print its address.

        Args:
            port: 0 takes a free one.
            open_browser: open the browser, where there is a display.
            block: whether to wait here until Ctrl-C. None waits at the end of a script, which would take the
                page along, and neither in an interactive shell nor in a notebook.

        Returns:
            A handle with ``url``, ``close()`` and ``wait()``; in a ``with`` block it closes at the end.
        """
        from matcube.outputs.server import start

        return start(self.session(), port=port, open_browser=open_browser, block=block)
