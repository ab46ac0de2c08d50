"""Queries of computed values: the values of a name, and the places of NaN and infinities."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from matcube.engine.names import find
from matcube.engine.program import Program
from matcube.errors import DataError
from matcube.ops import Array
from matcube.wire.text import aligned, html_table

NOTHING = "all values are finite"


class NonFinite(NamedTuple):
    """How many NaN and infinities a matrix holds."""

    name: str
    nan: int
    inf: int


class NonFiniteTable(list[NonFinite]):
    """Rows of matrices with NaN or infinities; ``print`` and notebooks show a table."""

    def __str__(self) -> str:
        return "\n".join(aligned(self._table(), right=(1, 2))) if self else NOTHING

    __repr__ = __str__

    def _repr_html_(self) -> str:
        """The table as a notebook shows it."""
        return html_table(self._table(), right=(1, 2)) if self else NOTHING

    def _table(self) -> list[tuple[str, ...]]:
        return [("", "NaN", "infinities"), *((row.name, f"{row.nan:,}", f"{row.inf:,}") for row in self)]


def value_of(program: Program, name: str | None) -> Array:
    """The values of a named matrix, read-only: of bound arrays in their own dtype.

    Raises:
        OptionError: there is no such name; similar names are suggested.
        DataError: the matrix has a shape and no values.
    """
    graph = program.graph
    head = None if name is None else program.names.head(name)
    if head is not None and head.id in program.parts:
        return program.parts[head.id].cells.values
    node = graph.root if name is None else find(graph, name)
    result = program.values.get(node.id)
    if result is None:
        raise DataError(program.values.reason(node.id) or f"{node.label} has no values")
    if node.data is not None:
        array = program.bindings.read(node.data.name).array.view()
        array.flags.writeable = False
        return array
    return result.cells.values


def nonfinite_rows(program: Program) -> NonFiniteTable:
    """Places of NaN and infinities, in program order; masked cells are not counted."""
    rows = NonFiniteTable()
    for node, result in sorted(program.values.items()):
        values, hidden = result.cells
        seen = values if hidden is None else values[~hidden]
        nan, inf = int(np.isnan(seen).sum()), int(np.isinf(seen).sum())
        if nan or inf:
            rows.append(NonFinite(program.graph[node].label, nan, inf))
    return rows
