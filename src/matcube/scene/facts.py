"""Facts of a matrix that depend on its values only: statistics, spectrum, scales."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
from msgspec.structs import replace

from matcube import values, wire
from matcube.ir import Graph
from matcube.limits import steps
from matcube.ops import Cells
from matcube.scene import scales

MOST_SINGULAR = 64


@dataclass(frozen=True)
class Facts:
    """Statistics and spectrum of one node, for all scenes of its values.

    ``whole`` has the statistics of all its heads together, which have one scale.
    """

    stats: values.Summary
    spectrum: wire.Spectrum | None
    whole: values.Summary


def facts_of(
    graph: Graph,
    results: values.Values,
    whole: values.Values,
    *,
    progress: values.Progress | None = None,
) -> dict[int, Facts]:
    """Statistics and spectrum of every node of at most two dimensions with values.

    Args:
        graph: the drawn graph.
        results: its values.
        whole: the values of the program, all heads together.
        progress: called after every node.
    """
    facts: dict[int, Facts] = {}
    of_all: dict[int, values.Summary] = {}
    for done, node in enumerate(steps(graph.nodes), start=1):
        result = results.get(node.id) if len(node.shape) <= 2 else None
        if result is not None:
            cells = as_matrix(result.cells)
            stats, copy = values.stats(cells), graph.copies.get(node.id)
            if copy is not None and copy.count > 1 and copy.of not in of_all:
                of_all[copy.of] = values.stats(whole[copy.of].cells)
            every = stats if copy is None or copy.count == 1 else of_all[copy.of]
            facts[node.id] = Facts(stats, values.spectrum(cells), every)
        if progress is not None:
            progress(done, len(graph.nodes), node.label)
    return facts


def scales_for(facts: Facts | None, largest: float) -> dict[str, wire.Scale]:
    """The scales of a matrix by sensitivity; none without values.

    Args:
        facts: of the matrix, or None.
        largest: the largest finite magnitude of all matrices.
    """
    if facts is None:
        return {}
    return scales.scales_of(scales.magnitudes_of(facts.whole), graph_max=largest)


def as_matrix(cells: Cells) -> Cells:
    """One-dimensional cells as a row; a matrix as it is."""
    shape = two(cells.values.shape)
    hidden = None if cells.hidden is None else cells.hidden.reshape(shape)
    return Cells(cells.values.reshape(shape), hidden)


def two(shape: tuple[int, ...]) -> tuple[int, int]:
    """Rows and columns; a vector is one row."""
    return (1, *shape)[-2:] if shape else (1, 1)  # type: ignore[return-value]


def rounded(stats: wire.Stats, spectrum: wire.Spectrum | None = None) -> wire.Stats:
    """Statistics for the head: nine digits of each number, and the first 64 singular values."""
    result = msgspec.convert(stats, wire.Stats, from_attributes=True)
    bins = result.histogram
    return replace(
        result,
        **{name: _digits(getattr(result, name)) for name in ("min", "max", "mean", "std")},
        histogram=bins and replace(bins, low=_digits(bins.low), high=_digits(bins.high)),
        spectrum=spectrum and _shortened(spectrum),
    )


def _shortened(spectrum: wire.Spectrum) -> wire.Spectrum:
    return replace(
        spectrum,
        singular_values=tuple(float(f"{value:.6g}") for value in spectrum.singular_values[:MOST_SINGULAR]),
        effective_rank=_digits(spectrum.effective_rank),
    )


def _digits(value: float | None) -> float | None:
    """Nine significant digits, which a float32 needs."""
    return None if value is None else float(f"{value:.9g}")
