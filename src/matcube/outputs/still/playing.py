"""A film in the still: sheets of what each face shows at its moment, lit lines, and products in the boxes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from matcube.outputs.still.face import Sheet
from matcube.outputs.still.frame_cache import Splits
from matcube.playback.camera import corners_of
from matcube.playback.ink import Look, ink_of
from matcube.playback.interior import Lit, Plane
from matcube.playback.moment import Layer, Moment
from matcube.playback.partial_sums import values_of_part
from matcube.playback.places import block_on, extent, own_splits, place, spread
from matcube.playback.pyramid import Array, Flags, flag_levels_of, levels_of
from matcube.playback.visible import Shown, ink_table_of, scale_of, theme_of
from matcube.wire import Face, Head, Matrix, Split

Buffers = Mapping[str, NDArray[Any]]
Floats = NDArray[np.float64]

DIMMED = 0.22
LEAST_LIT = 3.0


@dataclass(frozen=True)
class Drawn:
    """A face with what is drawn on it.

    Args:
        face: where it lies.
        sheet: its ink.
        lines: its lit lines, as strips that lie on it; the face itself is dimmed where there are any.
        is_whole: whether the sheet is that of the whole matrix, the same in every frame.
    """

    face: Face
    sheet: Sheet
    lines: tuple[Drawn, ...] = ()
    is_whole: bool = False


def look_of(head: Head, shown: Shown) -> Look:
    """What turns magnitudes into ink under the style."""
    style = shown.style
    sizes = tuple(theme_of(head, style).sizes)
    return Look(ink_table_of(head, style), sizes, style.dot_scale, style.contrast)


def inked(ink: Array, flags: Flags | None, look: Look, splits: Splits, *, peak: bool) -> Sheet:
    """A sheet of exact cells, with the gaps between the blocks of its own rows and columns."""
    marks = None if flags is None else flag_levels_of(spread(flags, *splits))
    return Sheet(levels_of(spread(ink, *splits), peak=peak), marks, look.special(), exact=True)


def held_by(sheet: Sheet, face: Face, head: Head, shown: Shown) -> Sheet | None:
    """What the lit device holds of a face, as a sheet of which all else is gone; None: all of it is lit."""
    held = None if shown.device is None else block_on(head, shown.device, face)
    if held is None:
        return None
    ink, sizes = sheet.levels[0], (face.cols, face.rows) if face.transposed else (face.rows, face.cols)
    lit = np.zeros(ink.shape[:2], bool)
    sides = []
    for (start, stop), split, size, texels in zip(held, own_splits(face), sizes, ink.shape, strict=False):
        share = texels / max(1, extent(size, split))
        ends = (place(start, split), place(stop - 1, split) + 1) if stop > start else (0, 0)
        sides.append(slice(round(ends[0] * share), round(ends[1] * share)))
    lit[sides[0], sides[1]] = True
    flags = None if sheet.flags is None else flag_levels_of(np.where(lit, sheet.flags[0], 0).astype(np.uint8))
    left = np.where(lit[..., None], ink, 0).astype(ink.dtype)
    return Sheet(levels_of(left, peak=shown.style.peak), flags, sheet.special, exact=sheet.exact)


def sheet_of_part(head: Head, buffers: Buffers, shown: Shown, face: Face) -> Sheet:
    """The partial results of one block, on the scale of the node; never after its maps."""
    layout = next(item for item in head.layouts if item.key == head.layout)
    values = values_of_part(head, buffers, layout, face)
    assert values is not None  # else the sheet is not drawn
    look = look_of(head, shown)
    scale = scale_of(shown.matrices[face.node], shown.style)
    ink, flags = ink_of(np.ascontiguousarray(values), mask=None, scale=scale, look=look)
    return inked(ink, flags, look, own_splits(face), peak=shown.style.peak)


def layered(head: Head, buffers: Buffers, layers: tuple[Layer, ...], shown: Shown, face: Face) -> Sheet:
    """The ink of a face that shows only some cells, or cells of several nodes."""
    look = look_of(head, shown)
    shape = layers[0].values.shape
    ink, flags = np.zeros((*shape, 4), np.float32), np.zeros(shape, np.uint8)
    for layer in layers:
        matrix = shown.matrices[layer.node]
        mask = _mask(matrix, buffers) if layer.finished else None
        scale = scale_of(matrix, shown.style)
        result, marked = ink_of(np.ascontiguousarray(layer.values), mask=mask, scale=scale, look=look)
        ink[layer.seen] = result[layer.seen]
        if marked is not None:
            flags[layer.seen] = marked[layer.seen]
    marks = flags if flags.any() else None
    return inked(ink, marks, look, own_splits(face), peak=shown.style.peak)


def lit_lines(sheet: Sheet, face: Face, cells: tuple[Lit, ...], pixels: float) -> tuple[Drawn, ...]:
    """The lit cells of a face; a single row or column is at least 3 px wide, a cell spanning so many.

    A matrix that is drawn from averages has none.
    """
    if not sheet.exact:
        return ()
    ink = sheet.levels[0].swapaxes(0, 1) if face.transposed else sheet.levels[0]  # as displayed
    return tuple(_strip(sheet, face, ink, cell, pixels) for cell in cells)


def _strip(sheet: Sheet, face: Face, ink: NDArray[np.float32], lit: Lit, pixels: float) -> Drawn:
    """Some cells as a face of their own; a width of one cell is spread over whole cells until it is seen."""
    wide = max(1, round(LEAST_LIT / max(pixels, 0.05)))
    origin, spread_ink, sizes = np.array(face.origin, np.float64), ink, []
    ways = (lit.rows, face.down, face.row_split), (lit.cols, face.across, face.col_split)
    for axis, (span, step, split) in enumerate(ways):
        first, end = (0, ink.shape[axis]) if span is None else _places(span, split)
        spread_ink = spread_ink.take(range(first, end), axis=axis)
        many = wide if span is not None and end - first == 1 else 1
        spread_ink = spread_ink.repeat(many, axis=axis)
        origin = origin + np.array(step, np.float64) * (first - (many - 1) / 2)
        sizes.append(spread_ink.shape[axis])
    x, y, z = origin.tolist()
    rows, cols = sizes
    strip = replace(
        face, origin=(x, y, z), rows=rows, cols=cols, transposed=False, row_split=None, col_split=None
    )
    levels = levels_of(np.ascontiguousarray(spread_ink))
    return Drawn(strip, Sheet(levels, None, sheet.special, exact=wide == 1))


def _places(span: tuple[int, int], split: Split | None) -> tuple[int, int]:
    """The places of some cells, from the first to after the last."""
    first, end = span
    return place(first, split), place(end - 1, split) + 1


def planes_of(
    head: Head, moment: Moment, shown: Shown, eye: Floats, pixels_per_cell: Callable[[Floats], float]
) -> list[Drawn]:
    """The products of active steps, on the scale of the contraction; a line of them is seen from afar."""
    visible = {node for face in shown.faces for node in (face.node, *face.chain)}
    result = [
        Drawn(plane.face, _products(head, plane, shown))
        for plane in moment.planes
        if plane.values.size and plane.face.node in visible
    ]
    return [_thickened(item, eye, pixels_per_cell(corners_of(item.face).mean(axis=0))) for item in result]


def _thickened(drawn: Drawn, eye: Floats, pixels: float) -> Drawn:
    """A line of products, at least 3 px wide and turned to the eye; a plane as it is."""
    face, sheet, wide = drawn.face, drawn.sheet, max(1, round(LEAST_LIT / max(pixels, 0.05)))
    if wide == 1 or not sheet.exact or min(face.high, face.wide) > 1:
        return drawn
    axis = 0 if face.high == 1 else 1  # the side of one cell
    ways, sizes = [np.array(face.down, np.float64), np.array(face.across, np.float64)], [face.high, face.wide]
    normal = np.cross(ways[0], ways[1])
    middle = np.array(face.origin) + ways[axis] / 2
    if abs(ways[axis] @ (eye - middle)) > abs(normal @ (eye - middle)):
        ways[axis] = normal
    x, y, z = (middle - ways[axis] * (wide / 2)).tolist()
    sizes[axis] = wide
    strip = replace(
        face, origin=(x, y, z), down=tuple(ways[0].tolist()), across=tuple(ways[1].tolist()),
        rows=sizes[0], cols=sizes[1], row_split=None, col_split=None,
    )  # fmt: skip
    spread = np.ascontiguousarray(sheet.levels[0].repeat(wide, axis=axis))
    return Drawn(strip, Sheet(levels_of(spread), None, sheet.special, exact=False))


def _products(head: Head, plane: Plane, shown: Shown) -> Sheet:
    look = look_of(head, shown)
    scale = scale_of(shown.matrices[plane.face.node], shown.style)
    ink, flags = ink_of(plane.values, mask=None, scale=scale, look=look)
    return inked(ink, flags, look, own_splits(plane.face), peak=shown.style.peak)


def _mask(matrix: Matrix, buffers: Buffers) -> NDArray[np.uint8] | None:
    if matrix.mask is None:
        return None
    return np.asarray(buffers[matrix.mask], np.uint8).reshape(matrix.rows, matrix.cols)
