"""The algorithms: which letters of a product advance, outermost first. A new one is one row.

Where k moves it is the innermost: a cell takes up its products in the order of k.
"""

from __future__ import annotations

from dataclasses import dataclass

from matcube.timeline.types import Letter


@dataclass(frozen=True)
class Algorithm:
    """A row of ``ALGORITHMS``.

    Args:
        name: what it is called in options and on the command line.
        help: one line for the reader.
        moving: letters that advance with each step; the others are covered whole in every step.
    """

    name: str
    help: str
    moving: tuple[Letter, ...]


ALGORITHMS: dict[str, Algorithm] = {
    row.name: row
    for row in (
        Algorithm("none", "everything is there from the start", ()),
        Algorithm("dot_row", "dot products, one cell a step, row by row", ("i", "j")),
        Algorithm("dot_col", "dot products, one cell a step, column by column", ("j", "i")),
        Algorithm("vmprod", "vector times matrix, one row a step", ("i",)),
        Algorithm("mvprod", "matrix times vector, one column a step", ("j",)),
        Algorithm("outer", "outer products, one summand of every cell a step", ("k",)),
        Algorithm("axpy", "one summand of one column a step", ("j", "k")),
    )
}
