"""Memory and time of a program, estimated from its shapes before anything is computed."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod

from matcube.cost import MODELS
from matcube.errors import ShapeError
from matcube.ir import Graph, Hollow, Leaf, Node
from matcube.ir.masks import masked_nodes
from matcube.ir.shapes import shape_text
from matcube.limits import check_memory, check_time
from matcube.ops import Array, working_dtype

MAX_CELLS = 1 << 28
WORK = 7  # times the largest matrix: temporaries of operations and statistics; a test measures them
SCENE_BYTES = 16  # of each cell that a scene shows: value, average, ink, flag
SCENE_CELLS = 1 << 20


def check_sizes(graph: Graph, arrays: Mapping[str, Array]) -> None:
    """Refuse what no memory holds or takes hours; a link may name any size.

    Args:
        graph: the program.
        arrays: the arrays of its ``Data`` leaves, by name.

    Raises:
        ShapeError: a node has more cells than may be computed.
        LimitError: the whole program needs more memory or time than it may take.
    """
    computed = _computed(graph)
    for node in computed:
        if prod(node.shape) > MAX_CELLS:
            raise ShapeError(
                f"{node.label} is {shape_text(node.shape)}: more than {MAX_CELLS:,} cells",
                text=graph.program or None,
                span=node.span,
                hint=f"for its structure alone write shape({', '.join(map(str, node.shape))})",
            )
    if computed:
        _check_work(graph, computed, arrays)


def peak_bytes(graph: Graph, arrays: Mapping[str, Array]) -> int:
    """An estimate of the memory that values, statistics and a scene of a program take together.

    Args:
        graph: the program.
        arrays: the arrays of its ``Data`` leaves, which are in memory already.
    """
    computed = _computed(graph)
    wide, masked = _wide(graph, arrays), masked_nodes(graph)
    held = largest = 0
    for node in computed:
        cells, itemsize = prod(node.shape), 8 if node.id in wide else 4
        is_there = node.data is not None and arrays[node.data.name].dtype.itemsize == itemsize
        held += cells * ((0 if is_there else itemsize) + (node.id in masked))
        held += min(cells, SCENE_CELLS) * SCENE_BYTES
        largest = max(largest, cells * itemsize)
    return held + WORK * largest


def _check_work(graph: Graph, computed: list[Node], arrays: Mapping[str, Array]) -> None:
    largest = max(computed, key=lambda node: prod(node.shape))
    leaf = max((node for node in computed if not node.inputs), key=lambda node: prod(node.shape))
    structure = f'{leaf.name}="shape({", ".join(map(str, leaf.shape))})"'
    instead = f"for its structure alone, without values, {structure}" if leaf.name else ""
    check_memory(
        peak_bytes(graph, arrays),
        "this figure",
        detail=f'the largest of {len(computed)} matrices, "{largest.label}", is {shape_text(largest.shape)}',
        instead=instead,
    )
    operations = {node.id: _operations(graph, node) for node in computed}
    longest = max(computed, key=lambda node: operations[node.id])
    check_time(
        sum(operations.values()),
        "this figure",
        detail=f'"{longest.label}" alone takes {operations[longest.id]:.2g}',
        instead=instead,
    )


def _operations(graph: Graph, node: Node) -> int:
    return MODELS["each_operation"].operations(node, tuple(graph[operand].shape for operand in node.inputs))


def _computed(graph: Graph) -> list[Node]:
    """The nodes that have values: those above no leaf that is a shape alone."""
    hollow: set[int] = set()
    for node in graph.nodes:
        no_values = isinstance(node.kind, Leaf) and isinstance(node.kind.source, Hollow)
        if no_values or not hollow.isdisjoint(node.inputs):
            hollow.add(node.id)
    return [node for node in graph.nodes if node.id not in hollow]


def _wide(graph: Graph, arrays: Mapping[str, Array]) -> set[int]:
    """The nodes that are computed in float64."""
    wide: set[int] = set()
    for node in graph.nodes:
        own = node.data is not None and working_dtype(arrays[node.data.name].dtype).itemsize == 8
        if own or not wide.isdisjoint(node.inputs):
            wide.add(node.id)
    return wide
