"""The join: graph, values and layouts become one scene.

Every matrix on a face, or on one of its sheets, gets its facts, its scales and its buffers. All layouts share
them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np
from msgspec.structs import replace

from matcube import values, wire
from matcube.ir import Contraction, Graph, Leaf, Node
from matcube.ir.axes import Axes, Axis, axes
from matcube.ir.render import Rendered, render
from matcube.limits import steps
from matcube.ops import Array
from matcube.partition import Devices, split_among
from matcube.scene import colour
from matcube.scene.buffers import Buffers, SceneCache
from matcube.scene.expression_tree import expression_tree
from matcube.scene.facts import Facts, as_matrix, rounded, scales_for, two
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
    scales: Mapping[int, Mapping[str, wire.Scale]] | None = None,
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
        devices: what the devices of the view's partition store and send.
        streams: the running states of streaming attention in the film.
        title: the title of the page and the still.
        cache: buffers of earlier scenes of the same values.
        scales: by node, in place of the matrices' own, for figures that share a scale.
        progress: called after every matrix with the number that is ready, their total, and its name.
    """
    cache = SceneCache() if cache is None else cache
    ids = _shown_nodes(graph, layouts)
    scales = own_scales(graph, facts, layouts) | dict(scales or {})
    sensitivity, largest = view.style.sensitivity, _largest(facts, ids)
    source = _Source(graph, results, facts, axes(graph), sensitivity, scales, largest, Buffers(), cache)
    matrices = list(source.matrices(ids, progress))
    states = states_of(streams, source.buffers, cache)
    matrices += source.columns(streams)
    head = wire.Head(
        version=wire.VERSION,
        title=title or view.program,
        view=view,
        axes=[_axis(axis) for axis in source.table],
        matrices=matrices,
        layouts=list(layouts),
        layout=layouts[0].key,
        film=None if film is None else _with_states(film, states),
        palettes=colour.palettes(),
        themes=colour.themes(),
        vocabulary=vocabulary(),
        buffers=source.buffers.entries,
        terms=expression_tree(graph, source.table),
        partition=None if devices is None else split_among(devices),
        cost=list(costs),
    )
    return Scene(head, source.buffers.arrays, _needed_first(matrices, layouts[0], states, view.style.peak))


def own_scales(
    graph: Graph, facts: Mapping[int, Facts], layouts: Sequence[wire.Layout]
) -> dict[int, Mapping[str, wire.Scale]]:
    """The scales of each matrix that is drawn, by node, from its own values and the largest of all.

    Args:
        graph: what is drawn of the program.
        facts: ``facts_of`` of its values.
        layouts: where it is drawn.
    """
    ids = _shown_nodes(graph, layouts)
    largest = _largest(facts, ids)
    return {node: scales_for(facts.get(node), largest) for node in ids}


def _largest(facts: Mapping[int, Facts], ids: Sequence[int]) -> float:
    return max((facts[node].whole.largest or 0.0 for node in ids if node in facts), default=0.0)


class _Stored(NamedTuple):
    """The buffers of a matrix: exact values with their mask, or averages; none for a hollow matrix."""

    values: str | None = None
    pooled: wire.Pooled | None = None
    mask: str | None = None


class _Source(NamedTuple):
    """Everything that the matrices of a scene are made of; ``largest`` is the largest magnitude in them."""

    graph: Graph
    results: values.Values
    facts: Mapping[int, Facts]
    table: Axes
    sensitivity: str
    scales: Mapping[int, Mapping[str, wire.Scale]]
    largest: float
    buffers: Buffers
    cache: SceneCache

    def matrices(self, ids: Sequence[int], progress: values.Progress | None) -> Iterator[wire.Matrix]:
        """The matrices of some nodes."""
        for done, node in enumerate(steps(ids), start=1):
            yield self.matrix(self.graph[node])
            if progress is not None:
                progress(done, len(ids), self.graph[node].label)

    def matrix(self, node: Node) -> wire.Matrix:
        """A matrix of the head; its buffers are added."""
        result, facts = self.results.get(node.id), self.facts.get(node.id)
        scales = dict(self.scales[node.id])
        stored = _Stored() if result is None else self._stored(node, result, scales)
        rows, cols = two(node.shape if result is None else result.cells.values.shape)
        row_axis, col_axis = self._axis_ids(node)
        return wire.Matrix(
            node=node.id,
            name=node.label,
            text=node.text,
            operation=_operation(self.graph, node),
            rows=rows,
            cols=cols,
            dtype="" if result is None else result.dtype,
            row_axis=row_axis,
            col_axis=col_axis,
            values=stored.values,
            pooled=stored.pooled,
            mask=stored.mask,
            hollow=result is None,
            scales=scales,
            stats=None if facts is None else rounded(facts.stats, facts.spectrum),
            inputs=list(node.inputs),
            copy=_copy(self.graph, node),
        )

    def columns(self, streams: Sequence[Stream]) -> Iterator[wire.Matrix]:
        """The running maxima and sums of streams, as matrices."""
        for stream in streams:
            axis = self._axis_ids(self.graph[stream.attention.product])[0]
            yield from columns_of(stream, self.graph, axis, self.buffers, self.largest)

    def _stored(self, node: Node, result: values.Result, scales: Mapping[str, wire.Scale]) -> _Stored:
        cells, hidden = as_matrix(result.cells), result.cells.hidden
        if cells.values.size > MAX_EXACT_CELLS:
            scale = scales[self.sensitivity]
            make = partial(pooled_matrix, cells, scale, self.sensitivity)
            pooled, entries = self.cache.pooled(node.id, (self.sensitivity, scale), make)
            for entry in entries:
                self.buffers.add(entry)
            return _Stored(pooled=pooled)
        exact = self.buffers.add(self.cache.entry(node.id, "values", lambda: _as_float(cells.values)))
        if hidden is None or not hidden.any():
            return _Stored(exact)
        mask = self.cache.entry(node.id, "mask", lambda: hidden.astype(np.uint8))
        return _Stored(exact, mask=self.buffers.add(mask))

    def _axis_ids(self, node: Node) -> tuple[int, int]:
        ids = [self.table.of(node.id, dim).id for dim in range(len(node.shape))]
        return (-1, -1, *ids)[-2], (-1, -1, *ids)[-1]


def _axis(axis: Axis) -> wire.Axis:
    labels = None if axis.labels is None else list(axis.labels)
    return wire.Axis(axis.id, axis.name, axis.size, labels, axis.title)


def _shown_nodes(graph: Graph, layouts: Sequence[wire.Layout]) -> list[int]:
    """Nodes of every face and of every face's chain, in graph order; columns of streams are in no graph."""
    result = {node for layout in layouts for face in layout.faces for node in (face.node, *face.chain)}
    return sorted(node for node in result if node < len(graph.nodes))


def _needed_first(
    matrices: Sequence[wire.Matrix], layout: wire.Layout, states: Mapping[int, wire.States], peak: bool
) -> frozenset[str]:
    """The hashes of the buffers of the first picture."""
    drawn = {face.node for face in layout.faces}
    shas: set[str | None] = set()
    for matrix in matrices:
        if matrix.node in drawn:
            shas |= {matrix.values, matrix.mask}
            if matrix.pooled is not None:
                ink = matrix.pooled.peaks if peak else matrix.pooled.ink
                shas |= {matrix.pooled.mean, ink, matrix.pooled.flags}
    for state in states.values():
        shas |= {state.highest, state.total, state.outputs, state.passed}
    return frozenset(sha for sha in shas if sha is not None)


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


def _as_float(array: Array) -> Array:
    """Values as float32, or as float64 if float32 would change an integer."""
    if array.dtype in (np.float32, np.float64):
        return array.astype(array.dtype.newbyteorder("<"), copy=False)
    narrow = array.astype("<f4")
    if array.dtype.kind in "iu" and not np.array_equal(narrow.astype(array.dtype), array):
        return array.astype("<f8")
    return narrow


def _with_states(film: wire.Film, states: Mapping[int, wire.States]) -> wire.Film:
    """A film with the running states of its streaming sweeps."""
    sweeps = (replace(sweep, states=states.get(sweep.node)) for sweep in film.sweeps)
    return replace(film, sweeps=tuple(sweeps))
