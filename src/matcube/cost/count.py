"""Cost table of a graph: the entry point of the package."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

from matcube.cost.models import MODELS
from matcube.cost.parameters import parameter_leaves
from matcube.cost.traffic import cells_read, cells_written
from matcube.cost.types import Cost, NodeCost, node_cost
from matcube.errors import unknown
from matcube.ir import Graph, Node

DTYPES = {  # bits of a cell
    "float64": 64,
    "float32": 32,
    "bfloat16": 16,
    "float16": 16,
    "float8": 8,
    "int8": 8,
    "int4": 4,
}


@dataclass(frozen=True)
class CostOptions:
    """Counting rules.

    Args:
        parameters: names or patterns of the leaves that are parameters; None takes ``PARAMETERS``.
        model: a row of ``MODELS``.
        dtype: a row of ``DTYPES``, for every cell.
    """

    parameters: tuple[str, ...] | None = None
    model: str = "multiply_add"
    dtype: str = "float32"


def count(graph: Graph, options: CostOptions | None = None) -> Cost:
    """Costs of every node of a graph; leaves need shapes, no values.

    Args:
        graph: a legal graph.
        options: counting rules; None is the default of each.

    Raises:
        OptionError: an unknown model or dtype, or a pattern that fits no leaf.
    """
    options = options or CostOptions()
    if options.model not in MODELS:
        raise unknown(options.model, MODELS, what="cost model")
    if options.dtype not in DTYPES:
        raise unknown(options.dtype, DTYPES, what="dtype")
    model, bits = MODELS[options.model], DTYPES[options.dtype]
    learned = parameter_leaves(graph, options.parameters)

    def row(node: Node) -> NodeCost:
        return node_cost(
            node.id,
            node.label,
            node.shape,
            flops=model.operations(node, tuple(graph[operand].shape for operand in node.inputs)),
            read=_bytes(cells_read(graph, node), bits),
            written=_bytes(cells_written(node), bits),
            parameters=prod(node.shape) if node.id in learned else 0,
        )

    return Cost(tuple(row(node) for node in graph.nodes), options.model, options.dtype)


def _bytes(cells: int, bits: int) -> int:
    return -(-cells * bits // 8)
