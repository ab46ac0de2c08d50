"""Running states of attention whose keys stream past its queries, as buffers and as matrices."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcube import values
from matcube.ir import Graph
from matcube.ir.attention import Attention
from matcube.ops import Array, Cells
from matcube.scene import scales
from matcube.scene.buffers import Buffers
from matcube.scene.cache import SceneCache
from matcube.scene.facts import travelling_stats
from matcube.wire import Matrix, Scale
from matcube.wire import States as WireStates

Seen = NDArray[np.bool_]
Ints = NDArray[np.int64]
Find = Callable[[str], Array]

NAMES = ("running max", "running sum")


@dataclass(frozen=True)
class Stream:
    """One attention that streams, as the figure hands it to the join.

    Args:
        attention: its nodes.
        block: keys of a block.
        columns: numbers of the matrices of its running maximum and sum; none of the graph's nodes has them.
        running: the states after every block.
    """

    attention: Attention
    block: int
    columns: tuple[int, int]
    running: values.Running


def states_of(streams: Sequence[Stream], buffers: Buffers, cache: SceneCache) -> dict[int, WireStates]:
    """The states by product, their buffers cache under their hashes."""
    result = {}
    for stream in streams:
        product = stream.attention.product

        def sha(what: str, array: Array, node: int = product, block: int = stream.block) -> str:
            return buffers.take(cache.entry(node, f"{what} {block}", lambda: array.astype("<f8")))

        highest, total, output, passed = stream.running
        result[product] = WireStates(
            block=stream.block,
            shares=stream.attention.shares,
            scores=stream.attention.scores,
            columns=stream.columns,
            highest=sha("highest", highest),
            total=sha("total", total),
            outputs=sha("outputs", output),
            passed=sha("passed", passed),
        )
    return result


def columns_of(
    stream: Stream,
    graph: Graph,
    row_axis: int,
    buffers: Buffers,
    full: float,
) -> list[Matrix]:
    """The running maximum and sum as matrices of one column; their values are those after the last block."""
    scores = graph[stream.attention.masked].label
    operations = ("max(·)", "Σ exp(· - max)")
    out = []
    for node, name, operation, states in zip(
        stream.columns, NAMES, operations, stream.running[:2], strict=True
    ):
        last = np.ascontiguousarray(states[:, -1:])
        result = values.stats(Cells(last))
        known: dict[str, Scale] = scales.scales_of(scales.magnitudes_of(result, unit=False), graph_max=full)
        out.append(
            Matrix(
                node=node, name=name, text=f"{name} of {scores}", operation=operation, rows=len(last), cols=1,
                dtype="float64", row_axis=row_axis, col_axis=-1, values=buffers.add(last.astype("<f8")),
                pooled=None, mask=None, hollow=False, scales=known, stats=travelling_stats(result),
                inputs=[stream.attention.masked],
            )
        )  # fmt: skip
    return out
