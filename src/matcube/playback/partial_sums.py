"""Partial results: sums over one block of the summed letter, and running sums."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcube.playback.places import runs
from matcube.wire import Box, Face, Head, Layout, Matrix

Array = NDArray[Any]
Floats = NDArray[np.float64]
Buffers = Mapping[str, Array]


def operands_of(
    matrices: Mapping[int, Matrix], faces: Mapping[int, Face], buffers: Buffers, box: Box
) -> tuple[Floats, Floats] | None:
    """The left (I, K) and right (K, J) operand of a box as displayed; None without exact values.

    Args:
        matrices: by node.
        faces: by id.
        buffers: flat arrays by sha256.
        box: the product.
    """
    result = []
    for face in (faces[box.left], faces[box.right]):
        matrix = matrices[face.node]
        if matrix.values is None:
            return None
        values = np.asarray(buffers[matrix.values]).reshape(matrix.rows, matrix.cols).astype(np.float64)
        result.append(values.T if face.transposed else values)
    return result[0], result[1]


def part_range(face: Face, box: Box) -> tuple[int, int]:
    """The first k of a sheet of partial results, and the one after the last."""
    assert face.part is not None
    return runs(box.sizes[2], box.splits[2])[face.part]


def part_sums(left: Floats, right: Floats, start: int, stop: int) -> Floats:
    """The sums (I, J) of products k = start .. stop - 1, in float64.

    Args:
        left: (I, K).
        right: (K, J).
        start: first k.
        stop: the k after the last.

    Example:
        >>> part_sums(np.array([[1.0, 2.0, 3.0]]), np.array([[1.0], [10.0], [100.0]]), 1, 3).tolist()
        [[320.0]]
    """
    with np.errstate(all="ignore"):
        return left[:, start:stop] @ right[start:stop]


def values_of_part(head: Head, buffers: Buffers, layout: Layout, face: Face) -> Floats | None:
    """The values of a sheet of partial results, in the order of its node's cells; None without the operands.

    Args:
        head: the scene.
        buffers: flat arrays by sha256.
        layout: the shown layout.
        face: the sheet.
    """
    matrices = {matrix.node: matrix for matrix in head.matrices}
    box = layout.box_of(face)
    pair = operands_of(matrices, {other.id: other for other in layout.faces}, buffers, box)
    if pair is None:
        return None
    sums = part_sums(*pair, *part_range(face, box))
    own = matrices[face.node]
    return (sums.T if face.transposed else sums).reshape(own.rows, own.cols)


def running_sums(left: Floats, right: Floats, counts: NDArray[np.int64], *, start: int = 0) -> Floats:
    """The sum (I, J) of c products of each cell from ``start`` on, in float64.

    Args:
        left: (I, K).
        right: (K, J).
        counts: c (I, J).
        start: the first k: 0, or that of a block of k.

    Example:
        >>> running_sums(np.array([[1.0, 2.0]]), np.array([[3.0], [4.0]]), np.array([[1]])).tolist()
        [[3.0]]
    """
    out = np.zeros(counts.shape)
    with np.errstate(all="ignore"):
        for c in np.unique(counts[counts > 0]).tolist():
            rows, cols = (np.flatnonzero((counts == c).any(axis=axis)) for axis in (1, 0))
            sums = left[rows, start : start + c] @ right[start : start + c, cols]
            out[np.ix_(rows, cols)] = np.where(counts[np.ix_(rows, cols)] == c, sums, out[np.ix_(rows, cols)])
    return out
