"""Tiles: blocks of exact values of a matrix that the page has only as averages."""

from __future__ import annotations

import msgspec
import numpy as np

from matcube.engine import Program
from matcube.errors import OptionError
from matcube.wire import TileRequest
from matcube.wire.container import Scene, describe


def tile(request: TileRequest, program: Program, scene: Scene) -> bytes:
    """The head of a scene, and of all buffers that block alone.

    Args:
        request: the matrix and its block of cells.
        program: the computed program.
        scene: the scene whose head the answer repeats.

    Raises:
        OptionError: there is no such matrix, or the block does not lie inside it.
    """
    result = program.parts.get(request.node)
    if result is None:
        raise OptionError(f"there is no matrix {request.node} with values in this figure")
    values = np.atleast_2d(result.cells.values)
    rows, cols = values.shape[-2:]
    inside = request.row + request.rows <= rows and request.col + request.cols <= cols
    if values.ndim != 2 or not inside:
        raise OptionError(
            f"rows {request.row} to {request.row + request.rows} and columns {request.col} to "
            f"{request.col + request.cols} do not lie inside {rows} × {cols}"
        )
    block = values[request.row :, request.col :][: request.rows, : request.cols]
    wide = np.float64 if block.dtype == np.float64 else np.float32
    flat = np.ascontiguousarray(block, dtype=np.dtype(wide).newbyteorder("<")).reshape(-1)
    entry = describe(flat)
    others = [buffer for buffer in scene.head.buffers if buffer.sha256 != entry.sha256]
    head = msgspec.structs.replace(scene.head, buffers=[*others, entry])
    return Scene(head, {entry.sha256: flat}, frozenset([entry.sha256])).encode()
