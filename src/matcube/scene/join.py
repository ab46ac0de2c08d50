"""The join: graph, values and layouts become one scene.

Every matrix that a face or one of its sheets shows gets its facts, its scales and its buffer; the
layouts follow as small lists over the same buffers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np
from msgspec.structs import replace

from matcube import values, wire
from matcube.ir import Contraction, Graph, Leaf, Node
from matcube.ir.axes import Axes, axes
from matcube.ir.render import Rendered, render
from matcube.ops import Array
from matcube.partition import Devices, split_among
from matcube.scene import colour
from matcube.scene.buffers import Buffers
from matcube.scene.cache import SceneCache
from matcube.scene.expression_tree import expression_tree
from matcube.scene.facts import Facts, as_matrix, scales_for, travelling_stats, two
from matcube.scene.pooling import MAX_EXACT_CELLS, pooled_matrix
from matcube.scene.streams import Stream, columns_of, states_of
from matcube.scene.vocabulary import vocabulary
from matcube.wire import View
from matcube.wire.container import Scene


def join(
    graph: Graph,
    results: values.Values,
    facts: Mapping[int, Facts],
    layouts: Sequence[wire.Layout],
    *,
    view: View,
    costs: Sequence[wire.NodeCost] = (),
    film: wire.Film | None = None,
    devices: Devices | None = None,
    streams: Sequence[Stream] = (),
    title: str = "",
    cache: SceneCache | None = None,
    progress: values.Progress | None = None,
) -> Scene:
    """One scene of a graph, its values and one or several layouts; the first is the one shown.

    Args:
        graph: what is drawn of the program.
        results: values by node; nodes without values (hollow) are drawn as outlines.
        facts: ``facts_of`` of the same.
        layouts: positions of all faces and boxes; a saved page has several.
        view: the state the scene is made from.
        costs: of the nodes of the program.
        film: the film of the view's options.
        devices: what the devices of the view's partition hold and send.
        streams: the running states of the attention that streams in it.
        title: what the page and the still call it.
        cache: what earlier scenes of the same values have made.
        progress: called after every matrix with how many are ready, how many there are, and its name.

    Raises:
        OptionError: the view names a palette or sensitivity nobody knows.
    """
    buffers, cache, table = Buffers(), cache or SceneCache(), axes(graph)
    ids = [item for item in _shown_nodes(layouts) if item < len(graph.nodes)]
    sources = _Sources(graph, results, facts, table, view, _largest(ids, facts))
    matrices = list(sources.matrices(ids, cache, buffers, progress))
    states = states_of(streams, buffers, cache)
    matrices += _columns(streams, graph, table, buffers, sources.full)
    head = wire.Head(
        wire.VERSION,
        title or view.program,
        view,
        [wire.Axis(one.id, one.name, one.size, _labels(one.labels)) for one in table],
        matrices=matrices,
        layouts=list(layouts),
        layout=layouts[0].key,
        film=None if film is None else _film(film, states),
        palettes=colour.palettes(),
        themes=colour.themes(),
        vocabulary=vocabulary(),
        buffers=buffers.entries,
        terms=expression_tree(graph, table),
        partition=None if devices is None else split_among(devices),
        cost=list(costs),
    )
    return Scene(head, buffers.arrays, shown=_needed_first(matrices, layouts[0]) | _named(states))


class _Sources(NamedTuple):
    """What the matrices of a scene are made of; ``full`` is the largest magnitude of all."""

    graph: Graph
    results: values.Values
    facts: Mapping[int, Facts]
    table: Axes
    view: View
    full: float

    def matrices(
        self, ids: Sequence[int], cache: SceneCache, buffers: Buffers, progress: values.Progress | None
    ) -> Iterator[wire.Matrix]:
        """Those of some nodes, their values among the buffers; ``progress`` is told after each."""
        for done, n in enumerate(ids, start=1):
            yield self.matrix(n, cache, buffers)
            if progress is not None:
                progress(done, len(ids), self.graph[n].label)

    def matrix(self, n: int, cache: SceneCache, buffers: Buffers) -> wire.Matrix:
        """One of them, its values among the buffers."""
        node, result, facts = self.graph[n], self.results.get(n), self.facts.get(n)
        known = scales_for(node, facts, self.full)
        travelling = _travelling(node, result, known, self.view, cache, buffers)
        return _matrix(self.graph, node, result, facts, self.table, known, travelling)


def _largest(ids: Sequence[int], facts: Mapping[int, Facts]) -> float:
    return max((facts[n].whole.largest or 0.0 for n in ids if n in facts), default=0.0)


def _columns(
    streams: Sequence[Stream], graph: Graph, table: Axes, buffers: Buffers, full: float
) -> Iterator[wire.Matrix]:
    """The running maxima and sums of streams, as matrices."""
    for stream in streams:
        axis = _axis_ids(graph[stream.attention.product], table)[0]
        yield from columns_of(stream, graph, axis, buffers, full)


def _shown_nodes(layouts: Sequence[wire.Layout]) -> list[int]:
    """Nodes of every face and of every face's chain, in graph order."""
    result = {n for layout in layouts for face in layout.faces for n in (face.node, *face.chain)}
    return sorted(result)


def _needed_first(matrices: Sequence[wire.Matrix], layout: wire.Layout) -> frozenset[str]:
    drawn = {face.node for face in layout.faces}
    named: set[str | None] = set()
    for matrix in matrices:
        if matrix.node in drawn:
            named |= {matrix.values, matrix.mask}
            if matrix.pooled is not None:
                named |= {matrix.pooled.mean, matrix.pooled.ink, matrix.pooled.flags}
    return frozenset(name for name in named if name is not None)


def _named(states: Mapping[int, wire.States]) -> frozenset[str]:
    """The buffers of running states."""
    return frozenset(
        name for item in states.values() for name in (item.highest, item.total, item.outputs, item.passed)
    )


class _Travelling(NamedTuple):
    """The buffers of a matrix: exact values with their mask, or averages; none where there are no values."""

    values: str | None = None
    pooled: wire.Pooled | None = None
    mask: str | None = None


def _travelling(
    node: Node,
    result: values.Result | None,
    known: Mapping[str, wire.Scale],
    view: View,
    cache: SceneCache,
    buffers: Buffers,
) -> _Travelling:
    if result is None:
        return _Travelling()
    cells, hidden = as_matrix(result.cells), result.cells.hidden
    if cells.values.size > MAX_EXACT_CELLS:
        sensitivity = view.style.sensitivity
        scale = known[sensitivity]
        make = partial(pooled_matrix, cells, scale, sensitivity, buffers.add)
        return _Travelling(pooled=cache.pooled(node.id, (sensitivity, scale), buffers, make))
    exact = buffers.take(cache.entry(node.id, "values", lambda: _on_the_wire(cells.values)))
    if hidden is None or not hidden.any():
        return _Travelling(exact)
    return _Travelling(
        exact, mask=buffers.take(cache.entry(node.id, "mask", lambda: hidden.astype(np.uint8)))
    )


def _matrix(
    graph: Graph,
    node: Node,
    result: values.Result | None,
    facts: Facts | None,
    table: Axes,
    known: dict[str, wire.Scale],
    travelling: _Travelling,
) -> wire.Matrix:
    rows, cols = two(node.shape if result is None else result.cells.values.shape)
    row_axis, col_axis = _axis_ids(node, table)
    return wire.Matrix(
        node=node.id,
        name=node.label,
        text=node.text,
        operation=_operation(graph, node),
        rows=rows,
        cols=cols,
        dtype="" if result is None else result.dtype,
        row_axis=row_axis,
        col_axis=col_axis,
        values=travelling.values,
        pooled=travelling.pooled,
        mask=travelling.mask,
        hollow=result is None,
        scales=known,
        stats=None if facts is None else travelling_stats(facts.stats, facts.spectrum),
        inputs=list(node.inputs),
        copy=_copy(graph, node),
    )


def _copy(graph: Graph, node: Node) -> wire.Copy | None:
    copy = graph.copies.get(node.id)
    if copy is None or copy.count == 1 or copy.is_alone:
        return None
    return wire.Copy(copy.of, copy.index, copy.count)


def _operation(graph: Graph, node: Node) -> str:
    if isinstance(node.kind, Leaf):
        return ""
    if isinstance(node.kind, Contraction) and not node.spec.batch:
        return "· @ ·"
    shapes = [graph[i].shape for i in node.inputs]
    return render(node.kind, node.spec, shapes, node.shape, [Rendered("·")] * len(shapes)).text


def _axis_ids(node: Node, table: Axes) -> tuple[int, int]:
    ids = [table.of(node.id, dim).id for dim in range(len(node.shape))]
    return (-1, -1, *ids)[-2], (-1, -1, *ids)[-1]


def _on_the_wire(array: Array) -> Array:
    """Values as they travel: float32, or float64 where float32 would lose something."""
    if array.dtype in (np.float32, np.float64):
        return array.astype(array.dtype.newbyteorder("<"), copy=False)
    narrow = array.astype("<f4")
    if array.dtype.kind in "iu" and not np.array_equal(narrow.astype(array.dtype), array):
        return array.astype("<f8")
    return narrow


def _labels(labels: tuple[str, ...] | None) -> list[str] | None:
    return None if labels is None else list(labels)


def _film(film: wire.Film, states: Mapping[int, wire.States]) -> wire.Film:
    """A film with the running states of the sweeps that stream."""
    sweeps = (replace(sweep, states=states.get(sweep.node)) for sweep in film.sweeps)
    return replace(film, sweeps=tuple(sweeps))


__all__ = ["MAX_EXACT_CELLS", "join"]
