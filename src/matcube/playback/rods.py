"""Rods: the products behind a pinned cell, as a line of balls in their box, on a scale of their own."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcube.playback.interior import Plane
from matcube.playback.pins import PinnedCell, product_of
from matcube.playback.places import place
from matcube.wire import Box, Face, Head, Layout, Matrix

MOST_RODS = 8
_FIRST_ID = -(1 << 24)


def rods_of(
    head: Head,
    buffers: Mapping[str, NDArray[Any]],
    layout: Layout,
    boxes: Collection[int],
    cells: Iterable[PinnedCell],
) -> tuple[Plane, ...]:
    """A line of products for each pinned cell of a product with exact operands; of many, the last eight.

    Args:
        head: the scene.
        buffers: flat arrays by sha256.
        layout: the shown one.
        boxes: ids of the visible boxes.
        cells: pinned cells.
    """
    matrices = {matrix.node: matrix for matrix in head.matrices}
    faces = {face.id: face for face in layout.faces}
    rods: list[Plane] = []
    for cell in cells:
        match = product_of(layout, cell)
        if match is None or match.box.id not in boxes:
            continue
        left, right = faces[match.box.left], faces[match.box.right]
        row = _line(matrices[left.node], buffers, row=match.i, transposed=left.transposed)
        col = _line(matrices[right.node], buffers, row=match.j, transposed=not right.transposed)
        if row is not None and col is not None:
            with np.errstate(all="ignore"):
                rods.append(_rod(match.box, match.i, match.j, row * col, _FIRST_ID - len(rods)))
    return tuple(rods[-MOST_RODS:])


def _line(
    matrix: Matrix, buffers: Mapping[str, NDArray[Any]], *, row: int, transposed: bool
) -> NDArray[np.float64] | None:
    """A row of a matrix, or of its transpose; None without exact values."""
    if matrix.values is None:
        return None
    values = np.asarray(buffers[matrix.values]).reshape(matrix.rows, matrix.cols)
    return (values[:, row] if transposed else values[row]).astype(np.float64)


def _rod(box: Box, i: int, j: int, products: NDArray[np.float64], number: int) -> Plane:
    """One row of products along k, in the plane of i and k through the middle of its cells."""
    along = [np.array(step, np.float64) for step in (box.i_step, box.j_step, box.k_step)]
    origin = np.array(box.corner, np.float64)
    origin = origin + along[0] * place(i, box.splits[0]) + along[1] * (place(j, box.splits[1]) + 0.5)
    x, y, z = origin.tolist()
    finite = np.abs(products[np.isfinite(products)])
    face = Face(
        number, box.node, (box.node,), False, (x, y, z), box.k_step, box.i_step,
        1, len(products), "sheet", box.id, "i", "k", 0, None, None, box.splits[2],
    )  # fmt: skip
    highest = float(finite.max(initial=0.0)) or 1.0
    return Plane(face, products[None], (i, j, 0), highest)
