"""Statistics of what is drawn: of each matrix, and of all heads together for the scale they share."""

from __future__ import annotations

from dataclasses import dataclass

from matcube import values
from matcube.ir import Graph
from matcube.ops import Cells


@dataclass(frozen=True)
class Facts:
    """What was computed of one node and does not depend on layout or looks: kept between scenes.

    ``whole`` is of all heads together: they share one scale.
    """

    stats: values.Stats
    spectrum: values.Spectrum | None
    whole: values.Stats


def facts_of(
    graph: Graph,
    results: values.Values,
    whole: values.Values,
    *,
    progress: values.Progress | None = None,
) -> dict[int, Facts]:
    """Statistics and spectrum of every node that can be shown and has values.

    Args:
        graph: what is drawn.
        results: its values.
        whole: the values of the program, of which a drawn node may show one head.
        progress: told after every node.
    """
    found: dict[int, Facts] = {}
    of_all: dict[int, values.Stats] = {}
    for done, node in enumerate(graph.nodes, start=1):
        result = results.get(node.id) if len(node.shape) <= 2 else None
        if result is not None:
            cells = as_matrix(result.cells)
            stats, copy = values.stats(cells), graph.copies.get(node.id)
            if copy is not None and copy.count > 1 and copy.of not in of_all:
                of_all[copy.of] = values.stats(whole[copy.of].cells)
            every = stats if copy is None or copy.count == 1 else of_all[copy.of]
            found[node.id] = Facts(stats, values.spectrum(cells), every)
        if progress is not None:
            progress(done, len(graph.nodes), node.label)
    return found


def as_matrix(cells: Cells) -> Cells:
    """One-dimensional cells as a row; a matrix as it is."""
    shape = two(cells.values.shape)
    hidden = None if cells.hidden is None else cells.hidden.reshape(shape)
    return Cells(cells.values.reshape(shape), hidden)


def two(shape: tuple[int, ...]) -> tuple[int, int]:
    """Rows and columns of a shape of at most two dimensions."""
    return (1, *shape)[-2:] if shape else (1, 1)  # type: ignore[return-value]
