"""Program and inputs to graph, values, facts and placements: each computed once and kept.

::

    View.program, leaves ──parse──> Graph ──evaluate──> Values ──> Facts
    View.layout ───────────────────── place ──> Placement

What is kept is found by what it depends on: values by program and leaves, a placement by these and the
layout. So a change of layout or looks computes no value.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, replace
from functools import cached_property
from math import prod
from threading import RLock
from typing import Any, TypeVar

from matcube import layout, timeline
from matcube.errors import OptionError, ShapeError
from matcube.figure.inputs import Inputs, read_binding, words_of
from matcube.figure.options import unknown
from matcube.ir import Contraction, Data, Graph, Hollow, Leaf, LeafInput, Node
from matcube.layout import Arrangement, LayoutOptions, Placement
from matcube.scene.join import Facts, facts_of
from matcube.scene.kept import Kept as KeptBuffers
from matcube.scene.view import FilmView, LayoutView, View
from matcube.sources.program import parse
from matcube.values import Progress, Running, Values, evaluate

MAX_CELLS = 1 << 28
KEPT = 4
KEPT_BYTES = 1 << 30

Kept = TypeVar("Kept")
_PLAIN = LayoutView()


@dataclass(eq=False)
class Program:
    """A program with everything that is bound to its names; values are computed when first asked for."""

    graph: Graph
    inputs: Inputs
    progress: Progress | None = None
    kept: KeptBuffers = field(default_factory=KeptBuffers)
    running: dict[tuple[int, int], Running] = field(default_factory=dict)
    _placements: dict[Hashable, Placement] = field(default_factory=dict)

    @cached_property
    def values(self) -> Values:
        """The values of every node."""
        check_sizes(self.graph)
        return evaluate(self.graph, self.inputs.arrays, progress=self._told(0, ""))

    @cached_property
    def facts(self) -> dict[int, Facts]:
        """Statistics of every node."""
        found = self.values
        return facts_of(self.graph, found, progress=self._told(len(self.graph.nodes), "statistics of "))

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
        total = 2 * len(self.graph.nodes)
        return lambda done, _, name: listener(before + done, total, what + name)

    @property
    def bytes(self) -> int:
        """How much memory the values take, as far as they were computed."""
        computed = self.__dict__.get("values", {})
        return sum(result.cells.values.nbytes for result in computed.values())

    def place(self, view: LayoutView) -> Placement:
        """The placement of a layout."""
        options = layout_options(view, self.graph)
        key = (options.scheme, options.gap, options.scatter, options.molecule, options.blast)
        key += (options.root, options.custom, options.sheets, options.inside)  # type: ignore[assignment]
        if key not in self._placements:
            self._placements[key] = layout.place(self.graph, options)
        return self._placements[key]

    def film(self, view: FilmView, layout: LayoutView = _PLAIN) -> timeline.Film | None:
        """The film of the options, or None when nothing plays; boxes in one body play in turn."""
        options = film_options(view, self.graph)
        after = _in_turn(_inside(layout, self.graph))
        return timeline.film(self.graph, replace(options, after=after))

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
        key = _key(view, inputs)
        with self._lock:
            return self._found(key, lambda: Program(_parse(view, inputs), inputs, progress))

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


def layout_options(view: LayoutView, graph: Graph) -> LayoutOptions:
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
        custom=tuple((_box(name, graph), Arrangement.parse(text)) for name, text in view.custom.items()),
        sheets="all" if view.sheets == "open" else (),
        inside=_inside(view, graph),
    )


def _inside(view: LayoutView, graph: Graph) -> tuple[tuple[int, int], ...]:
    """Which boxes lie in which others; what the program no longer names stands as ever."""

    def is_there(name: str) -> bool:
        try:
            return find(graph, name) is not None
        except OptionError:
            return False

    pairs = [pair for pair in view.inside.items() if all(map(is_there, pair))]
    return tuple((_box(one, graph), _box(host, graph)) for one, host in pairs)


def _in_turn(inside: tuple[tuple[int, int], ...]) -> tuple[tuple[int, int], ...]:
    """Boxes of one body play one after the other, the host first: each with the one that it comes after."""
    last: dict[int, int] = {}
    out = []
    for node, host in inside:
        out.append((node, last.get(host, host)))
        last[host] = node
    return tuple(out)


def film_options(view: FilmView, graph: Graph) -> timeline.FilmOptions:
    """A film as the view names it, as ``timeline.film`` wants it.

    Raises:
        OptionError: an algorithm nobody knows, or one given to a name that is no box.
    """
    for name in (view.algorithm, *view.each.values()):
        if name not in timeline.ALGORITHMS:
            raise unknown(name, timeline.ALGORITHMS, what="algorithm")
    each = [
        (name, algorithm) for name, algorithm in view.each.items() if not _is_there(name, algorithm, graph)
    ]
    boxes = tuple((_box(name, graph), algorithm) for name, algorithm in each)
    tiles = tuple(view.tiles)
    return timeline.FilmOptions(view.algorithm, boxes, view.fuse, tiles, tuple(view.order.split("/")))


def _is_there(name: str, algorithm: str, graph: Graph) -> bool:
    """Whether a leaf is asked to be there from the start, as it is."""
    return algorithm == "none" and isinstance(find(graph, name).kind, Leaf)


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


def _box(name: str, graph: Graph) -> int:
    """The contraction that a name, a text or a number means: ``attn`` is the product under its softmax."""
    node = find(graph, name)
    while not isinstance(node.kind, Contraction) and node.inputs:
        products = [one for one in node.inputs if isinstance(graph[one].kind, Contraction)]
        node = graph[(products or node.inputs)[0]]
    if not isinstance(node.kind, Contraction):
        boxes = [one.label for one in graph.nodes if isinstance(one.kind, Contraction)]
        raise unknown(name, boxes, what="box")
    return node.id


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
