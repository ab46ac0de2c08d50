"""A cell of a matrix in words of numbers, for a page that has not all that it is made of."""

from __future__ import annotations

import msgspec
import numpy as np

from matcube.engine import Program
from matcube.engine.explain import explained, on_wire
from matcube.errors import OptionError
from matcube.wire import ExplainRequest


def explanation(request: ExplainRequest, program: Program) -> bytes:
    """The words as JSON: those of ``Figure.explain`` for the program's own cell.

    Args:
        request: the matrix as it is drawn, and its cell.
        program: the computed program.

    Raises:
        OptionError: there is no such matrix or cell.
    """
    result = program.parts.get(request.node)
    if result is None:
        raise OptionError(f"there is no matrix {request.node} with values in this figure")
    rows, cols = np.atleast_2d(result.cells.values).shape[-2:]
    if request.row >= rows or request.col >= cols:
        raise OptionError(f"cell [{request.row}, {request.col}] does not lie inside {rows} × {cols}")
    copy = program.drawn.graph.copies.get(request.node)
    node = program.graph[request.node if copy is None else copy.of]
    index = []
    for dim, size in enumerate(node.shape):
        lengths = [size if at == dim else 1 for at in range(len(node.shape))]
        places = np.broadcast_to(np.arange(size, dtype=np.int32).reshape(lengths), node.shape)
        drawn = np.atleast_2d(places if copy is None else copy.part(places))
        index.append(int(drawn[request.row, request.col]))
    return msgspec.json.encode(on_wire(explained(program.graph, program.values, node, tuple(index))))
