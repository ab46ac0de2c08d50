"""Running states of attention whose keys stream past its queries, as buffers and as matrices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from matcube import values
from matcube.ir import Graph
from matcube.ir.attention import Attention
from matcube.limits import steps
from matcube.ops import Array, Cells
from matcube.scene import scales
from matcube.scene.buffers import Buffers, SceneCache, entry_of
from matcube.scene.facts import rounded
from matcube.wire import Matrix
from matcube.wire import States as WireStates

NAMES = ("running max", "running sum")


@dataclass(frozen=True)
class Stream:
    """Streaming attention.

    Args:
        attention: its nodes.
        block: keys of a block.
        columns: ids of the matrices of its running maximum and sum, beyond those of the graph's nodes.
        running: the states after every block.
    """

    attention: Attention
    block: int
    columns: tuple[int, int]
    running: values.Running


def states_of(streams: Sequence[Stream], buffers: Buffers, cache: SceneCache) -> dict[int, WireStates]:
    """The running states by product.

    Args:
        streams: streaming attention.
        buffers: the scene's; those of the states are added.
        cache: the program's.
    """
    result = {}
    for stream in steps(streams):
        product = stream.attention.product

        def sha(what: str, array: Array, node: int = product, block: int = stream.block) -> str:
            return buffers.add(cache.entry(node, f"{what} {block}", lambda: array.astype("<f8")))

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


def columns_of(stream: Stream, graph: Graph, row_axis: int, buffers: Buffers, largest: float) -> list[Matrix]:
    """The running maximum and sum after the last block, as matrices of one column.

    Args:
        stream: streaming attention.
        graph: the drawn graph.
        row_axis: the axis of its queries.
        buffers: the scene's; those of the columns are added.
        largest: the largest magnitude of all matrices.
    """
    scores = graph[stream.attention.masked].label
    operations = ("max(·)", "Σ exp(· - max)")
    out = []
    for node, name, operation, states in zip(
        stream.columns, NAMES, operations, stream.running[:2], strict=True
    ):
        last = np.ascontiguousarray(states[:, -1:]).astype("<f8")
        result = values.stats(Cells(last))
        own_scales = scales.scales_of(scales.magnitudes_of(result), graph_max=largest)
        out.append(
            Matrix(
                node=node, name=name, text=f"{name} of {scores}", operation=operation, rows=len(last), cols=1,
                dtype="float64", row_axis=row_axis, col_axis=-1, values=buffers.add(entry_of(last)),
                pooled=None, mask=None, hollow=False, scales=own_scales, stats=rounded(result),
                inputs=[stream.attention.masked],
            )
        )  # fmt: skip
    return out
