"""A program with its values, statistics, layouts and films; each is computed on first use, and cached."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from matcube import layout, timeline
from matcube.engine.bindings import Bindings
from matcube.engine.heads import drawn_exchanges, drawn_lengths, drawn_splits, parts_of
from matcube.engine.names import Names
from matcube.engine.sizes import check_sizes
from matcube.engine.view_options import film_options, layout_options
from matcube.ir import Graph
from matcube.ir.expand_heads import Drawn, expand_heads, isolate_head
from matcube.layout import LayoutOptions
from matcube.partition import Devices, Partition, devices
from matcube.partition import partition as split_axes
from matcube.scene.buffers import SceneCache
from matcube.scene.facts import Facts, facts_of
from matcube.values import Progress, Running, Values, evaluate
from matcube.wire import Film, Layout, View


@dataclass(eq=False)
class Program:
    """A program with everything that is bound to its names; values are computed on first use.

    Args:
        graph: the program.
        bindings: what is bound to its names.
        head: the single head that is drawn, or None; then ``whole`` is the same program with all heads.
        progress: called after every step.
        buffers: cache of what scenes are made of.
        running: cache of streams, by product and block.
    """

    graph: Graph
    bindings: Bindings
    head: int | None = None
    whole: Program | None = None
    progress: Progress | None = None
    buffers: SceneCache = field(default_factory=SceneCache)
    running: dict[tuple[int, int], Running] = field(default_factory=dict)
    _layouts: dict[LayoutOptions, Layout] = field(default_factory=dict)
    _partitions: dict[Hashable, Partition] = field(default_factory=dict)
    _devices: dict[Hashable, Devices] = field(default_factory=dict)

    @cached_property
    def values(self) -> Values:
        """The values of every node."""
        if self.whole is not None:
            return self.whole.values
        arrays = self.bindings.arrays
        check_sizes(self.graph, arrays)
        return evaluate(self.graph, arrays, progress=self._step(0, ""))

    @cached_property
    def drawn(self) -> Drawn:
        """The graph that is drawn: with a node for each head."""
        drawn = expand_heads(self.graph)
        return drawn if self.head is None else isolate_head(drawn, self.head)

    @cached_property
    def names(self) -> Names:
        """Look-up of matrices by name."""
        return Names(self.graph, self.drawn)

    @cached_property
    def parts(self) -> Values:
        """The values of every drawn node: the program's own, or a head of them."""
        return parts_of(self.drawn.graph, self.values)

    @cached_property
    def facts(self) -> dict[int, Facts]:
        """Statistics of every drawn node."""
        step = self._step(len(self.graph.nodes), "statistics of ")
        return facts_of(self.drawn.graph, self.parts, self.values, progress=step)

    def compute(self, *, progress: Progress | None = None) -> None:
        """Compute values and statistics now; ``progress`` is called after every step of either."""
        self.progress = progress
        try:
            _ = self.facts
        finally:
            self.progress = None

    def _step(self, before: int, what: str) -> Progress | None:
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

    def place(self, view: View) -> Layout:
        """The layout of a view, in the blocks of its partition."""
        splits, use_splits = drawn_splits(self.drawn.graph, self.partition(view.partition))
        options = replace(layout_options(view.layout, self.names), splits=splits, use_splits=use_splits)
        if options not in self._layouts:
            self._layouts[options] = layout.place(self.drawn.graph, options)
        return self._layouts[options]

    def partition(self, splits: Mapping[str, int]) -> Partition:
        """The blocks of a view's partition."""
        key = tuple(splits.items())
        if key not in self._partitions:
            self._partitions[key] = split_axes(self.graph, splits)
        return self._partitions[key]

    def devices(self, splits: Mapping[str, int], *, itemsize: int = 4) -> Devices:
        """Memory, work and exchanges of the devices of a view's partition."""
        key = (*splits.items(), itemsize)
        if key not in self._devices:
            self._devices[key] = devices(self.graph, self.partition(splits), itemsize=itemsize)
        return self._devices[key]

    def film(self, view: View) -> Film | None:
        """The film of a view's options, in the blocks of its partition; None if nothing plays."""
        lengths = drawn_lengths(self.drawn.graph, self.partition(view.partition).lengths)
        own = film_options(view.film, self.names, view.layout)
        exchanges = drawn_exchanges(self.drawn, self.devices(view.partition))
        return timeline.film(self.drawn.graph, replace(own, blocks=lengths, exchanges=exchanges))

    def data_names(self) -> list[str]:
        """Names of the arrays that the program reads, in order."""
        return [node.data.name for node in self.graph.nodes if node.data is not None]
