"""Queries of computed values: the values of a name, and the places of NaN and infinities."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from matcube.engine.names import find
from matcube.engine.program import Program
from matcube.errors import DataError
from matcube.ir.masks import before_softmax
from matcube.ops import Array
from matcube.wire.text import aligned, html_table

NOTHING = "all values are finite"


class NonFinite(NamedTuple):
    """How many NaN and infinities a matrix holds, and where the first is.

    Args:
        name: of the matrix.
        nan: number of NaN.
        inf: number of infinities, without those of ``masks``.
        first: indices of the first of these cells, of a mask where there is no other.
        masks: number of minus infinities in scores that a softmax reads: it makes zeros of them.
    """

    name: str
    nan: int
    inf: int
    first: tuple[int, ...]
    masks: int = 0


class NonFiniteTable(list[NonFinite]):
    """Rows of matrices with NaN or infinities; ``print`` and notebooks show a table."""

    def __str__(self) -> str:
        return "\n".join(aligned(self._table(), right=(1, 2, 3))) if self else NOTHING

    __repr__ = __str__

    def _repr_html_(self) -> str:
        """The table as a notebook shows it."""
        return html_table(self._table(), right=(1, 2, 3)) if self else NOTHING

    def _table(self) -> list[tuple[str, ...]]:
        return [
            ("", "NaN", "infinities", "masks", "first"),
            *(
                (row.name, f"{row.nan:,}", f"{row.inf:,}", f"{row.masks:,}", str(list(row.first)))
                for row in self
            ),
        ]


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
    """Places of NaN and infinities: in program order, producers first, those that are masks alone last.

    Cells that are masked out are not counted.
    """
    scores = before_softmax(program.graph)
    rows = NonFiniteTable()
    for node, result in sorted(program.values.items()):
        values, hidden = result.cells
        odd = ~np.isfinite(values) if hidden is None else ~np.isfinite(values) & ~hidden
        if not odd.any():
            continue
        meant = odd & np.isneginf(values) if node in scores else np.zeros_like(odd)
        fault = odd & ~meant
        nan = int((fault & np.isnan(values)).sum())
        first = np.unravel_index(int((fault if fault.any() else odd).argmax()), odd.shape)
        inf, masks = int(fault.sum()) - nan, int(meant.sum())
        at = tuple(int(index) for index in first)
        rows.append(NonFinite(program.graph[node].label, nan, inf, at, masks))
    rows.sort(key=lambda row: not (row.nan or row.inf))
    return rows
