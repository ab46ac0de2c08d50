"""Rods: the products behind a pinned cell, as a line of balls in their box, on a scale of their own."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcube.playback.interior import Plane
from matcube.playback.pins import PinnedCell, PinnedProduct, product_of
from matcube.playback.places import place
from matcube.playback.steps import counts, done, formed_at
from matcube.wire import Box, Face, Film, Head, Layout, Matrix

MOST_RODS = 8
_FIRST_ID = -(1 << 24)


def rods_of(
    head: Head,
    buffers: Mapping[str, NDArray[Any]],
    layout: Layout,
    boxes: Collection[int],
    cells: Iterable[PinnedCell],
    *,
    t: float = 0.0,
) -> tuple[Plane, ...]:
    """A line of products for each pinned cell of a product with exact operands; of many, the last eight.

    Args:
        head: the scene.
        buffers: flat arrays by sha256.
        layout: the shown one.
        boxes: ids of the visible boxes.
        cells: pinned cells.
        t: time of the film, if there is one; the products that are summed by then.
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
            is_turned = faces[match.box.result].transposed
            formed = None if head.film is None else summed_by(head.film, match, t, transposed=is_turned)
            values, highest = rod(row, col, formed)
            rods.append(placed(match.box, match.i, match.j, values, highest, _FIRST_ID - len(rods)))
    return tuple(rods[-MOST_RODS:])


def rod(
    row: NDArray[np.float64], col: NDArray[np.float64], formed: int | None
) -> tuple[NDArray[np.float64], float]:
    """The products of a cell that are summed so far, zeros for the others, and the value of full brightness.

    Args:
        row: of the left operand.
        col: of the right one.
        formed: number of products; None for all.

    Example:
        >>> rod(np.array([1.0, -2.0, 3.0]), np.array([4.0, 5.0, 6.0]), 2)
        (array([  4., -10.,   0.]), 10.0)
    """
    with np.errstate(all="ignore"):
        products = row * col
    if formed is not None:
        products[formed:] = 0
    finite = np.abs(products[np.isfinite(products)])
    return products, float(finite.max(initial=0.0)) or 1.0


def summed_by(film: Film, match: PinnedProduct, t: float, *, transposed: bool) -> int | None:
    """The number of products in the sum of a cell at time t; None for all, also where no sweep forms it.

    Args:
        film: of the scene.
        match: the product, at its displayed place.
        t: in steps.
        transposed: whether the result is displayed transposed.
    """
    sweep = next((each for each in film.sweeps if each.node == match.box.node), None)
    if sweep is None:
        return None
    i, j = (match.j, match.i) if transposed != sweep.turned else (match.i, match.j)
    if sweep.states is None:
        return formed_at(sweep, t, i, j)
    # Streaming attention scales its sums again and again: there is no line of products before the row's end.
    keys = int(counts(sweep, done(sweep, t))[i, 0])
    return None if keys >= sweep.sizes[2] else 0


def _line(
    matrix: Matrix, buffers: Mapping[str, NDArray[Any]], *, row: int, transposed: bool
) -> NDArray[np.float64] | None:
    """A row of a matrix, or of its transpose; None without exact values."""
    if matrix.values is None:
        return None
    values = np.asarray(buffers[matrix.values]).reshape(matrix.rows, matrix.cols)
    return (values[:, row] if transposed else values[row]).astype(np.float64)


def placed(box: Box, i: int, j: int, products: NDArray[np.float64], highest: float, number: int) -> Plane:
    """One row of products along k, in the plane of i and k through the middle of its cells.

    Args:
        box: with the places.
        i: row of the cell, as displayed in the box.
        j: its column.
        products: along k.
        highest: the value of full brightness.
        number: id of its face.
    """
    along = [np.array(step, np.float64) for step in (box.i_step, box.j_step, box.k_step)]
    origin = np.array(box.corner, np.float64)
    origin = origin + along[0] * place(i, box.splits[0]) + along[1] * (place(j, box.splits[1]) + 0.5)
    x, y, z = origin.tolist()
    face = Face(
        number, box.node, (box.node,), False, (x, y, z), box.k_step, box.i_step,
        1, len(products), "sheet", box.id, "i", "k", 0, None, None, box.splits[2],
    )  # fmt: skip
    return Plane(face, products[None], (i, j, 0), highest)
