"""Program and inputs to graph, values, facts and placements: each computed once and kept.

::

    View.program, leaves ──parse──> Graph ──evaluate──> Values ──> Facts
    View.layout, partition ────────── place ──> Placement

What is kept is found by what it depends on: values by program and leaves, a placement by these and the
layout. So a change of layout or looks computes no value.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from math import prod
from threading import RLock
from typing import Any, TypeVar

from matcube import layout, timeline
from matcube.errors import OptionError, ShapeError
from matcube.figure.heads import drawn_lengths, drawn_splits, parts_of
from matcube.figure.inputs import Inputs, read_binding, words_of
from matcube.figure.options import unknown
from matcube.ir import Contraction, Data, Graph, Hollow, Leaf, LeafInput, Node
from matcube.ir.expand_heads import Drawn, expand_heads, isolate_head
from matcube.layout import Arrangement, LayoutOptions, Placement
from matcube.partition import Devices, Partition, devices
from matcube.partition import partition as split_axes
from matcube.scene.facts import Facts, facts_of
from matcube.scene.kept import Kept as KeptBuffers
from matcube.sources.program import parse
from matcube.values import Progress, Running, Values, evaluate
from matcube.wire import FilmView, LayoutView, View

MAX_CELLS = 1 << 28
KEPT = 4
KEPT_BYTES = 1 << 30

Kept = TypeVar("Kept")


@dataclass(eq=False)
class Program:
    """A program with everything that is bound to its names; values are computed when first asked for.

    Args:
        graph: the program.
        inputs: what is bound to its names.
        progress: who listens.
        kept: what was made for scenes.
        head: the one that is drawn alone, or None; then ``whole`` is the same program with all heads.
    """

    graph: Graph
    inputs: Inputs
    progress: Progress | None = None
    kept: KeptBuffers = field(default_factory=KeptBuffers)
    running: dict[tuple[int, int], Running] = field(default_factory=dict)
    head: int | None = None
    whole: Program | None = None
    _placements: dict[LayoutOptions, Placement] = field(default_factory=dict)
    _partitions: dict[Hashable, Partition] = field(default_factory=dict)
    _devices: dict[Hashable, Devices] = field(default_factory=dict)

    @cached_property
    def values(self) -> Values:
        """The values of every node."""
        if self.whole is not None:
            return self.whole.values
        check_sizes(self.graph)
        return evaluate(self.graph, self.inputs.arrays, progress=self._told(0, ""))

    @cached_property
    def drawn(self) -> Drawn:
        """The graph that is drawn: with a node for each head."""
        found = expand_heads(self.graph)
        return found if self.head is None else isolate_head(found, self.head)

    @cached_property
    def parts(self) -> Values:
        """The values of every drawn node: the program's own, or a head of them."""
        return parts_of(self.drawn.graph, self.values)

    @cached_property
    def facts(self) -> dict[int, Facts]:
        """Statistics of every drawn node."""
        found, told = self.parts, self._told(len(self.graph.nodes), "statistics of ")
        return facts_of(self.drawn.graph, found, self.values, progress=told)

    def compute(self, *, progress: Progress | None = None) -> None:
        """Compute values and statistics now; ``progress`` is told after every step of either."""
        self.progress = progress
        try:
            _ = self.facts
        finally:
            self.progress = None

    def _told(self, before: int, what: str) -> Progress | None:
        """The listener of one phase of two: values, then statistics."""
        listener = self.progress
        if listener is None:
            return None
        total = len(self.graph.nodes) + len(self.drawn.graph.nodes)
        return lambda done, _, name: listener(before + done, total, what + name)

    @property
    def bytes(self) -> int:
        """How much memory the values take, as far as they were computed."""
        computed = self.__dict__.get("values", {})
        return sum(result.cells.values.nbytes for result in computed.values())

    def place(self, view: View) -> Placement:
        """The placement of a view's layout, in the blocks of its partition."""
        found = drawn_splits(self.drawn.graph, self.partition(view.partition))
        options = replace(layout_options(view.layout, self), splits=found[0], use_splits=found[1])
        if options not in self._placements:
            self._placements[options] = layout.place(self.drawn.graph, options)
        return self._placements[options]

    def partition(self, splits: Mapping[str, int]) -> Partition:
        """The blocks of a view's partition."""
        key = tuple(splits.items())
        if key not in self._partitions:
            self._partitions[key] = split_axes(self.graph, splits)
        return self._partitions[key]

    def devices(self, splits: Mapping[str, int], *, itemsize: int = 4) -> Devices:
        """What the devices of a view's partition hold, compute and send."""
        key = (*splits.items(), itemsize)
        if key not in self._devices:
            self._devices[key] = devices(self.graph, self.partition(splits), itemsize=itemsize)
        return self._devices[key]

    def film(self, view: View) -> timeline.Film | None:
        """The film of a view's options, in the blocks of its partition; None if nothing plays."""
        lengths = drawn_lengths(self.drawn.graph, self.partition(view.partition).lengths)
        own = film_options(view.film, self, view.layout)
        return timeline.film(self.drawn.graph, replace(own, blocks=lengths))

    def shown(self, name: str | int) -> list[Node]:
        """The drawn nodes of a name: ``S`` is all heads of S, ``S[3]`` one of them.

        Raises:
            OptionError: nothing is called so; the near names are suggested.
        """
        graph = self.drawn.graph
        if graph is self.graph or not isinstance(name, str) or name.isdigit():
            return [find(graph, name)]
        head = self.one_head(name)
        return [head] if head else [graph[one] for one in self.drawn.shown[find(self.graph, name).id]]

    def one_head(self, name: str) -> Node | None:
        """The drawn node of one head by its name, ``attn[3]``."""
        if not isinstance(name, str) or not name.endswith("]"):
            return None
        graph = self.drawn.graph
        return next((node for node in reversed(graph.nodes) if name in (node.name, node.text)), None)

    def boxes(self, name: str) -> list[int]:
        """The drawn contractions that a name means: ``attn`` is the product under its softmax."""
        graph = self.drawn.graph
        found = []
        for node in self.shown(name):
            while not isinstance(node.kind, Contraction) and node.inputs:
                products = [one for one in node.inputs if isinstance(graph[one].kind, Contraction)]
                node = graph[(products or node.inputs)[0]]
            if not isinstance(node.kind, Contraction):
                labels = [one.label for one in self.graph.nodes if isinstance(one.kind, Contraction)]
                raise unknown(name, labels, what="box")
            found.append(node.id)
        return list(dict.fromkeys(found))

    def data_names(self) -> list[str]:
        """Names of the arrays that the program reads, in order."""
        sources = [node.kind.source for node in self.graph.nodes if isinstance(node.kind, Leaf)]
        return [source.name for source in sources if isinstance(source, Data)]


class Memory:
    """The last few programs, shared by all figures that come from one another."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, Program] = OrderedDict()
        self._lock = RLock()

    def program(self, view: View, inputs: Inputs, *, progress: Progress | None = None) -> Program:
        """The program of a view, as it was computed before, or new.

        Raises:
            MatcubeError: the program or a leaf of it does not read.
        """
        key, head = _key(view, inputs), view.layout.head
        with self._lock:
            whole = self._found(key, lambda: Program(_parse(view, inputs), inputs, progress))
            if head is None:
                return whole
            make = partial(Program, whole.graph, inputs, progress, head=head, whole=whole)
            return self._found((key, head), make)

    def _found(self, key: Hashable, make: Callable[[], Program]) -> Program:
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        self._kept[key] = made = make()
        while len(self._kept) > KEPT or (len(self._kept) > 1 and self._bytes() > KEPT_BYTES):
            self._kept.popitem(last=False)
        return made

    def _bytes(self) -> int:
        return sum(program.bytes for program in self._kept.values())


def layout_options(view: LayoutView, program: Program) -> LayoutOptions:
    """A layout as the view names it, as ``layout.place`` wants it.

    Raises:
        OptionError: an arrangement does not read, or is given to a name that is no box.
    """
    return LayoutOptions(
        scheme=view.scheme,
        gap=view.gap,
        scatter=view.scatter,
        molecule=view.molecule,
        blast=view.blast,
        root=Arrangement.parse(view.root),
        custom=tuple(
            (box, Arrangement.parse(text))
            for name, text in view.custom.items()
            for box in program.boxes(name)
        ),
        sheets="all" if view.sheets == "open" else (),
        pull=tuple(view.pull),
        inside=_inside(view, program),
        parts=view.parts,
    )


def _inside(view: LayoutView, program: Program) -> tuple[tuple[int, int], ...]:
    """Which boxes lie in which others; what the program no longer names stands as ever."""

    def is_there(name: str) -> bool:
        try:
            return bool(program.shown(name))
        except OptionError:
            return False

    found = [pair for pair in view.inside.items() if all(map(is_there, pair))]
    return tuple((program.boxes(one)[0], program.boxes(host)[0]) for one, host in found)


def film_options(view: FilmView, program: Program, layout: LayoutView) -> timeline.FilmOptions:
    """A film as the view names it, as ``timeline.film`` wants it; boxes in one body play in turn.

    Raises:
        OptionError: an algorithm nobody knows, or one given to a name that is no box.
    """
    for name in (view.algorithm, *view.each.values()):
        if name not in timeline.ALGORITHMS:
            raise unknown(name, timeline.ALGORITHMS, what="algorithm")
    each = [
        (name, algorithm) for name, algorithm in view.each.items() if not _is_there(name, algorithm, program)
    ]
    boxes = tuple((box, algorithm) for name, algorithm in each for box in program.boxes(name))
    return timeline.FilmOptions(
        view.algorithm, boxes, view.fuse, tuple(view.tiles), tuple(view.order.split("/")),
        after=_in_turn(_inside(layout, program)),
    )  # fmt: skip


def _in_turn(inside: tuple[tuple[int, int], ...]) -> tuple[tuple[int, int], ...]:
    """Boxes of one body play one after the other, the host first: each with the one that it comes after."""
    last: dict[int, int] = {}
    out = []
    for node, host in inside:
        out.append((node, last.get(host, host)))
        last[host] = node
    return tuple(out)


def _is_there(name: str, algorithm: str, program: Program) -> bool:
    """Whether a leaf is asked to be there from the start, as it is."""
    return algorithm == "none" and isinstance(program.shown(name)[0].kind, Leaf)


def check_sizes(graph: Graph) -> None:
    """Refuse what no memory holds, before anything is made; a link may name any size.

    Raises:
        ShapeError: a node has more cells than may be computed.
    """
    for node in graph.nodes:
        if prod(node.shape) > MAX_CELLS and not _is_hollow(node, graph):
            raise ShapeError(
                f"{node.label} is {' × '.join(map(str, node.shape))}: more than {MAX_CELLS:,} cells",
                text=graph.program or None,
                span=node.span,
                hint=f"for its structure alone write shape({', '.join(map(str, node.shape))})",
            )


def _is_hollow(node: Node, graph: Graph) -> bool:
    """Whether a node has no values because a leaf under it has none."""
    hollow: set[int] = set()
    for one in graph.nodes[: node.id + 1]:
        no_values = isinstance(one.kind, Leaf) and isinstance(one.kind.source, Hollow)
        if no_values or any(operand in hollow for operand in one.inputs):
            hollow.add(one.id)
    return node.id in hollow


def find(graph: Graph, name: str | int) -> Node:
    """The node of a name, of a program text (``"Q @ K.T"``) or of a number.

    Raises:
        OptionError: nothing is called so; the near names are suggested.
    """
    if not isinstance(name, int | str):
        raise unknown(str(name), [node.label for node in graph.nodes], what="matrix")
    if isinstance(name, int) or name.isdigit():
        if int(name) < len(graph.nodes):
            return graph[int(name)]
        raise unknown(str(name), [str(len(graph.nodes) - 1)], what="node")
    found = graph.named(name)
    if found is not None:
        return found
    texts = {_bare(node.text): node for node in graph.nodes}
    for text in (_bare(name), _bare(name).removeprefix("(").removesuffix(")")):  # as the page copies it
        if text in texts:
            return texts[text]
    labels = list(dict.fromkeys(node.name or node.text for node in graph.nodes))
    raise unknown(name, labels, what="matrix")


def _bare(text: str) -> str:
    return "".join(text.split())


def _parse(view: View, inputs: Inputs) -> Graph:
    used = words_of(view.program)
    leaves = {name: inputs.leaf(name, view.labels) if name in used else _UNREAD for name in inputs.names}
    constants: dict[str, float] = dict(view.constants)
    for name in constants:
        leaves.pop(name, None)
    for name, text in view.leaves.items():
        bound = read_binding(name, text)
        if isinstance(bound, LeafInput):
            leaves[name] = replace(bound, leaf=inputs.labelled(name, bound, view.labels))
        else:
            leaves.pop(name, None)
            constants[name] = bound
    return parse(view.program, leaves=leaves, constants=constants)


# Stands for an array that the program does not name, so that a typing error can be answered with its name.
_UNREAD = LeafInput((1, 1), Leaf(Hollow()))


def _key(view: View, inputs: Inputs) -> Hashable:
    bound: Any = (view.leaves, view.constants)
    labels = tuple(sorted((key, tuple(names)) for key, names in view.labels.items()))
    return (view.program, *(tuple(sorted(one.items())) for one in bound), labels, inputs)
