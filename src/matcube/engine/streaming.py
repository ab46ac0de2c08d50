"""Streaming attention: its running states, cached by program, and their columns in the layout."""

from __future__ import annotations

import numpy as np

from matcube import layout, timeline, values
from matcube.engine.program import Program
from matcube.errors import OptionError
from matcube.ir.attention import Attention
from matcube.ops import Cells
from matcube.scene.pooling import MAX_EXACT_CELLS
from matcube.scene.streams import Stream
from matcube.wire import Film, Layout


def streams_of(program: Program, film: Film | None) -> tuple[Stream, ...]:
    """The streams of a film, one for each attention that has values.

    Raises:
        OptionError: there are more scores, or running outputs, than are stored.
    """
    streams: list[Stream] = []
    for attention, block in [] if film is None else timeline.streams_in(film, program.drawn.graph):
        if program.parts.get(attention.product) is None:
            continue
        first = len(program.drawn.graph.nodes) + 2 * len(streams)
        key = attention.product, block
        if key not in program.running:
            program.running[key] = _running(program, attention, block)
        streams.append(Stream(attention, block, (first, first + 1), program.running[key]))
    return tuple(streams)


def with_columns(placed: Layout, streams: tuple[Stream, ...]) -> Layout:
    """A layout with the running maximum and sum beside each product that streams."""
    for stream in streams:
        placed = layout.with_columns(placed, stream.attention.product, stream.columns)
    return placed


def _running(program: Program, attention: Attention, block: int) -> values.Running:
    graph, results = program.drawn.graph, program.parts
    node = graph[attention.product]
    scores = results[attention.masked].cells
    if scores.values.size > MAX_EXACT_CELLS:
        raise OptionError(
            f"{graph[attention.shares].label} has {scores.values.size:,} cells, and at most "
            f"{MAX_EXACT_CELLS:,} can stream",
            hint='fewer rows, or "tiled" in place of "online"',
        )
    right = results[node.inputs[1]].cells.values
    is_turned = node.spec.inputs[1][-1] in node.spec.summed
    return values.running_softmax(Cells(*scores), np.asarray(right.T if is_turned else right), block)
