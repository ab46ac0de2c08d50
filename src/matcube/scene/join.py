"""The join: graph, values and placements become one scene.

Every matrix that a face or one of its sheets shows gets its facts, its scales and its buffer; the
placements follow as small lists over the same buffers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from matcube import layout, ops, values
from matcube.ir import Contraction, Graph, Leaf, Map, Node
from matcube.ir.axes import Axes, axes
from matcube.ir.render import Rendered, render
from matcube.layout import Placement
from matcube.ops import Array, Cells
from matcube.ops.rows import Softmax
from matcube.scene import colour, scales
from matcube.scene import head as wire
from matcube.scene.container import Scene, describe
from matcube.scene.pooling import MAX_EXACT_CELLS, pooled_matrix
from matcube.scene.view import View


@dataclass
class _Buffers:
    """Collects flat arrays under their hashes; equal content is kept once."""

    arrays: dict[str, Array] = field(default_factory=dict)
    entries: list[wire.Buffer] = field(default_factory=list)

    def add(self, array: Array) -> str:
        flat = np.ascontiguousarray(array).reshape(-1)
        entry = describe(flat)
        if entry.sha256 not in self.arrays:
            self.arrays[entry.sha256] = flat
            self.entries.append(entry)
        return entry.sha256


@dataclass(frozen=True)
class Facts:
    """What was computed of one node and does not depend on layout or looks: kept between scenes."""

    stats: values.Stats
    spectrum: values.Spectrum | None


def facts_of(graph: Graph, results: values.Values) -> dict[int, Facts]:
    """Statistics and spectrum of every node that can be shown and has values."""
    shown = [node for node in graph.nodes if len(node.shape) <= 2]
    found: dict[int, Facts] = {}
    for node in shown:
        result = results.get(node.id)
        if result is not None:
            cells = _as_matrix(result.cells)
            found[node.id] = Facts(values.stats(cells), values.spectrum(cells))
    return found


def join(
    graph: Graph,
    results: values.Values,
    facts: Mapping[int, Facts],
    placements: Sequence[tuple[str, Placement]],
    *,
    view: View,
    title: str = "",
) -> Scene:
    """One scene of a graph, its values and one or several placements; the first is the one shown.

    Args:
        graph: the program.
        results: values by node; nodes without values (hollow) are drawn as outlines.
        facts: ``facts_of(graph, results)``.
        placements: key and placement; a saved page carries several.
        view: the state the scene is made from.
        title: what the page and the still call it.

    Raises:
        OptionError: the view names a palette or sensitivity nobody knows.
    """
    buffers = _Buffers()
    table = axes(graph)
    ids = _shown_nodes(placements)
    full = max((facts[n].stats.largest or 0.0 for n in ids if n in facts), default=0.0)
    matrices = [
        _matrix(graph, graph[n], results, facts.get(n), table, full, view=view, buffers=buffers) for n in ids
    ]
    head = wire.Head(
        version=wire.VERSION,
        title=title or view.program,
        view=view,
        axes=[
            wire.Axis(id=axis.id, name=axis.name, size=axis.size, labels=_labels(axis.labels))
            for axis in table
        ],
        matrices=matrices,
        layouts=[_layout(key, placement) for key, placement in placements],
        layout=placements[0][0],
        palettes=colour.palettes(),
        themes=colour.themes(),
        sizes=colour.size_table(),
        vocabulary=_vocabulary(),
        buffers=buffers.entries,
    )
    return Scene(head=head, buffers=buffers.arrays, shown=_needed_first(matrices, placements[0][1]))


def _shown_nodes(placements: Sequence[tuple[str, Placement]]) -> list[int]:
    """Nodes of every face and of every face's chain, in graph order."""
    found = {n for _, placement in placements for face in placement.faces for n in (face.node, *face.chain)}
    return sorted(found)


def _needed_first(matrices: Sequence[wire.Matrix], placement: Placement) -> frozenset[str]:
    drawn = {face.node for face in placement.faces}
    named: set[str | None] = set()
    for matrix in matrices:
        if matrix.node in drawn:
            named |= {matrix.values, matrix.mask}
            if matrix.pooled is not None:
                named |= {matrix.pooled.mean, matrix.pooled.ink}
    return frozenset(name for name in named if name is not None)


def _matrix(
    graph: Graph,
    node: Node,
    results: values.Values,
    facts: Facts | None,
    table: Axes,
    full: float,
    *,
    view: View,
    buffers: _Buffers,
) -> wire.Matrix:
    result = results.get(node.id)
    cells = None if result is None else _as_matrix(result.cells)
    shape = cells.values.shape if cells is not None else _two(node.shape)
    known = {} if facts is None else scales.scales_of(_magnitudes(facts.stats, node), graph_max=full)
    too_big = cells is not None and cells.values.size > MAX_EXACT_CELLS
    pooled = None
    if too_big and cells is not None:
        pooled = pooled_matrix(cells, known[view.style.sensitivity], view.style.sensitivity, buffers.add)
    exact = cells is not None and not too_big
    row_axis, col_axis = _axis_ids(node, table)
    return wire.Matrix(
        node=node.id,
        name=node.label,
        text=node.text,
        operation=_operation(graph, node),
        rows=shape[0],
        cols=shape[1],
        dtype="" if result is None else result.dtype,
        row_axis=row_axis,
        col_axis=col_axis,
        values=buffers.add(_travelling(cells.values)) if exact and cells is not None else None,
        pooled=pooled,
        mask=_mask(cells, buffers) if exact and cells is not None else None,
        hollow=cells is None,
        scales=known,
        stats=None if facts is None else _stats(facts),
        inputs=list(node.inputs),
    )


def _mask(cells: Cells, buffers: _Buffers) -> str | None:
    if cells.hidden is None or not cells.hidden.any():
        return None
    return buffers.add(cells.hidden.astype(np.uint8))


def _magnitudes(stats: values.Stats, node: Node) -> scales.Magnitudes:
    shares = isinstance(node.kind, Map) and isinstance(node.kind.op, Softmax)
    return scales.Magnitudes(
        low=stats.smallest or 0.0, high=stats.largest or 0.0, robust=stats.scale, unit=shares
    )


def _operation(graph: Graph, node: Node) -> str:
    if isinstance(node.kind, Leaf):
        return ""
    if isinstance(node.kind, Contraction) and not node.spec.batch:
        return "· @ ·"
    shapes = [graph[i].shape for i in node.inputs]
    return render(node.kind, node.spec, shapes, node.shape, [Rendered("·")] * len(shapes)).text


def _as_matrix(cells: Cells) -> Cells:
    """One-dimensional cells as a row; a matrix as it is."""
    shape = _two(cells.values.shape)
    hidden = None if cells.hidden is None else cells.hidden.reshape(shape)
    return Cells(cells.values.reshape(shape), hidden)


def _two(shape: tuple[int, ...]) -> tuple[int, int]:
    return (1, *shape)[-2:] if shape else (1, 1)  # type: ignore[return-value]


def _axis_ids(node: Node, table: Axes) -> tuple[int, int]:
    ids = [table.of(node.id, dim).id for dim in range(len(node.shape))]
    return (-1, -1, *ids)[-2], (-1, -1, *ids)[-1]


def _travelling(array: Array) -> Array:
    """Values as they travel: float32, or float64 where float32 would lose something."""
    if array.dtype in (np.float32, np.float64):
        return array.astype(array.dtype.newbyteorder("<"), copy=False)
    narrow = array.astype("<f4")
    if array.dtype.kind in "iu" and not np.array_equal(narrow.astype(array.dtype), array):
        return array.astype("<f8")
    return narrow


def _labels(labels: tuple[str, ...] | None) -> list[str] | None:
    return None if labels is None else list(labels)


def _stats(facts: Facts) -> wire.Stats:
    stats = facts.stats
    return wire.Stats(
        min=stats.min,
        max=stats.max,
        mean=stats.mean,
        std=stats.std,
        zeros=stats.zeros,
        nan=stats.nan,
        pos_inf=stats.posinf,
        neg_inf=stats.neginf,
        masked=stats.masked,
        histogram=None if stats.histogram is None else _histogram(stats.histogram),
        spectrum=None if facts.spectrum is None else _spectrum(facts.spectrum),
    )


def _histogram(found: values.Histogram) -> wire.Histogram:
    return wire.Histogram(low=found.edges[0], high=found.edges[-1], counts=list(found.counts))


def _spectrum(found: values.Spectrum) -> wire.Spectrum:
    return wire.Spectrum(
        singular_values=list(found.singular_values[:64]),
        effective_rank=found.effective_rank,
        rank=found.rank,
    )


def _layout(key: str, placement: Placement) -> wire.Layout:
    return wire.Layout(
        key=key,
        scheme=placement.options.scheme,
        sheets_open=placement.options.sheets != (),
        gap=placement.gap,
        faces=[
            wire.Face(
                **{name: getattr(face, name) for name in wire.Face.__struct_fields__ if name != "chain"},
                chain=list(face.chain),
            )
            for face in placement.faces
        ],
        boxes=[
            wire.Box(
                **{name: getattr(box, name) for name in wire.Box.__struct_fields__ if name != "arrangement"},
                arrangement=str(box.arrangement),
            )
            for box in placement.boxes
        ],
        links=[wire.Link(link.from_face, link.to_face) for link in placement.links],
        root_face=placement.root_face,
    )


def _vocabulary() -> wire.Vocabulary:
    return wire.Vocabulary(
        operations=[
            wire.Operation(
                name=op.name,
                kind=op.kind,
                help=op.help,
                parameters=[
                    wire.Parameter(
                        name=p.name,
                        type=p.type,
                        default=None if isinstance(p.default, tuple) else p.default,
                        min=p.min,
                        max=p.max,
                        help=p.help,
                    )
                    for p in op.parameters
                ],
            )
            for op in ops.vocabulary()
        ],
        schemes=[wire.Choice(name, scheme.help) for name, scheme in layout.SCHEMES.items()],
        sensitivities=scales.sensitivities(),
    )


__all__ = ["MAX_EXACT_CELLS", "Facts", "facts_of", "join"]
