"""Vectors of joined heads: which covered faces are the blocks of which matrix; see ``write_vectors``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec.structs import replace

import matcube as mc
from matcube.playback.coincident import blocks_of
from matcube.wire import Layout, Matrix

_HEADS = "q = split(x @ w, axis=1, parts=3).permute(axes=(1, 0, 2)); z = (q @ q.mT) @ q; "
_PROGRAMS = (
    _HEADS + "merge(z.permute(axes=(1, 0, 2)), axis=1) @ o",
    _HEADS + "merge(z, axis=0) @ p",
    "x @ w",
)


def cases() -> Iterator[dict[str, Any]]:
    """Faces and matrices of a few programs, also with rows for columns, with the blocks of each matrix."""
    leaves = {"x": "gaussian(4, 6)", "w": "gaussian(6, 6)", "o": "gaussian(6, 5)", "p": "gaussian(2, 5)"}
    for program in _PROGRAMS:
        used = {name: text for name, text in leaves.items() if name in program.replace("split", "")}
        head = mc.figure(program, used).scene().head
        yield _case(head.matrices, head.layouts[0])
        turned = [replace(one, rows=one.cols, cols=one.rows) for one in head.matrices]
        yield _case(turned, head.layouts[0])


def _case(matrices: list[Matrix], layout: Layout) -> dict[str, Any]:
    by_node = {one.node: one for one in matrices}
    return {
        "faces": [{"node": face.node, "cover": face.cover} for face in layout.faces],
        "matrices": [
            {"node": one.node, "rows": one.rows, "cols": one.cols, "inputs": one.inputs} for one in matrices
        ],
        "blocks": [
            [one.node, [[block.face.id, block.row, block.col, block.rows, block.cols] for block in found]]
            for one in matrices
            if (found := blocks_of(by_node, layout, one))
        ],
    }
