"""A film in the still: sheets of what each face shows at its moment, lit lines, and products in the boxes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcube.outputs.still.choice import Shown, ink_table_of, scale_of, theme_of
from matcube.outputs.still.face import Sheet
from matcube.outputs.still.ink import Look, ink_of
from matcube.outputs.still.pyramid import flag_levels_of, levels_of
from matcube.scene.head import Face, Head, Matrix
from matcube.scene.moment import Layer, Moment, Plane

Buffers = Mapping[str, NDArray[Any]]
Lines = tuple[int | None, int | None]

DIMMED = 0.22


@dataclass(frozen=True)
class Drawn:
    """A face with what is drawn on it.

    Args:
        face: where it lies.
        sheet: its ink.
        lit: the ink of its lit lines alone; the rest of the face is dimmed.
    """

    face: Face
    sheet: Sheet
    lit: Sheet | None = None


def look_of(head: Head, shown: Shown) -> Look:
    """What turns magnitudes into ink under the style."""
    style = shown.style
    sizes = tuple(theme_of(head, style).sizes)
    return Look(ink_table_of(head, style), sizes, style.dot_scale, style.contrast)


def layered(head: Head, buffers: Buffers, layers: tuple[Layer, ...], shown: Shown) -> Sheet:
    """The ink of a face that shows only some cells, or cells of several nodes."""
    look = look_of(head, shown)
    shape = layers[0].values.shape
    ink, flags = np.zeros((*shape, 4), np.float32), np.zeros(shape, np.uint8)
    for layer in layers:
        matrix = shown.matrices[layer.node]
        mask = _mask(matrix, buffers) if layer.finished else None
        scale = scale_of(matrix, shown.style)
        found, marked = ink_of(np.ascontiguousarray(layer.values), mask=mask, scale=scale, look=look)
        ink[layer.seen] = found[layer.seen]
        if marked is not None:
            flags[layer.seen] = marked[layer.seen]
    marks = flag_levels_of(flags) if flags.any() else None
    return Sheet(levels_of(ink, peak=shown.style.peak), marks, look.special(), exact=True)


def lit_lines(sheet: Sheet, lines: Lines, shown: Shown, *, transposed: bool) -> Sheet | None:
    """The ink of a displayed row and column alone; None where a matrix is drawn from averages."""
    if not sheet.exact:
        return None
    row, col = reversed(lines) if transposed else lines
    ink = np.zeros_like(sheet.levels[0])
    if row is not None:
        ink[row] = sheet.levels[0][row]
    if col is not None:
        ink[:, col] = sheet.levels[0][:, col]
    return Sheet(levels_of(ink, peak=shown.style.peak), None, sheet.special, exact=True)


def planes_of(head: Head, moment: Moment, shown: Shown) -> list[Drawn]:
    """The products of active steps, on the scale of the contraction."""
    visible = {node for face in shown.faces for node in (face.node, *face.chain)}
    return [
        Drawn(plane.face, _products(head, plane, shown))
        for plane in moment.planes
        if plane.values.size and plane.face.node in visible
    ]


def _products(head: Head, plane: Plane, shown: Shown) -> Sheet:
    look = look_of(head, shown)
    scale = scale_of(shown.matrices[plane.face.node], shown.style)
    ink, flags = ink_of(plane.values, mask=None, scale=scale, look=look)
    marks = None if flags is None else flag_levels_of(flags)
    return Sheet(levels_of(ink, peak=shown.style.peak), marks, look.special(), exact=True)


def _mask(matrix: Matrix, buffers: Buffers) -> NDArray[np.uint8] | None:
    if matrix.mask is None:
        return None
    return np.asarray(buffers[matrix.mask], np.uint8).reshape(matrix.rows, matrix.cols)
