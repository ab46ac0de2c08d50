"""Scenes in blocks, made from programs: splits by the names of axes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import msgspec

from matcube.api.front import figure
from matcube.ir import Graph
from matcube.ir.axes import axes
from matcube.layout import LayoutOptions, place
from matcube.outputs import still
from matcube.outputs.html import page
from matcube.scene.join import join
from matcube.wire.container import Scene

HALVES = {"A.rows": 2, "A.cols": 2, "B.cols": 2}


def splits_of(graph: Graph, partition: dict[str, int]) -> tuple[tuple[int, int, int], ...]:
    """Every dimension of the named axes."""
    splits = []
    for name, blocks in partition.items():
        axis = axes(graph).named(name)
        assert axis is not None, (name, [axis.name for axis in axes(graph)])
        splits += [(node, dim, blocks) for node, dim in axis.members]
    return tuple(splits)


def split_scene(
    program: str, partition: dict[str, int], *, options: LayoutOptions | None = None, **leaves: object
) -> Scene:
    """The scene of a program whose axes are split."""
    made = figure(program, **leaves)
    graph = made._program.graph
    chosen = replace(options or LayoutOptions(), splits=splits_of(graph, partition))
    view = msgspec.structs.replace(made.state, partition=partition)
    return join(graph, made._program.values, made._program.facts, [place(graph, chosen)], view=view)


def save_page(scene: Scene, path: Path, title: str = "blocks") -> Path:
    """A saved page of a scene."""
    picture = still.png(still.render(scene.head, scene.buffers, size=(640, 400)))
    path.write_text(page(title=title, scene=scene.encode(send=frozenset(scene.buffers)), still=picture))
    return path
