"""Sheets: the ink of faces, at rest and at a moment of the film, lit lines, and products in boxes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from matcube.outputs.still.digits import Numbers
from matcube.outputs.still.face import Sheet
from matcube.outputs.still.frame_cache import Splits
from matcube.outputs.still.surface import LitCells
from matcube.playback.camera import corners_of
from matcube.playback.digits import NumberFormat, number_format
from matcube.playback.ink import ink_of, pooled_ink
from matcube.playback.interior import Lit
from matcube.playback.moment import Moment
from matcube.playback.online_softmax import Layer
from matcube.playback.partial_sums import values_of_part
from matcube.playback.places import block_on, own_splits, place, spread, spread_averages
from matcube.playback.pyramid import Array, Flags, flag_levels_of, levels_of
from matcube.playback.visible import Shown
from matcube.wire import Face, Matrix, Scale, Split

Buffers = Mapping[str, NDArray[Any]]
Floats = NDArray[np.float64]

LEAST_LINE = 3.0  # pixels across a line of products


@dataclass(frozen=True)
class Drawn:
    """A face with its ink.

    Args:
        face: position and size.
        sheet: its ink.
        lit: its lit cells, by places.
        is_whole: whether the sheet is that of the whole matrix, the same in every frame.
        inside: products inside a box, without a plate.
    """

    face: Face
    sheet: Sheet
    lit: tuple[LitCells, ...] = ()
    is_whole: bool = False
    inside: bool = False


def inked(ink: Array, flags: Flags | None, splits: Splits, shown: Shown, numbers: Numbers | None) -> Sheet:
    """A sheet of exact cells, with the gaps between the blocks of its own rows and columns.

    Args:
        ink: (r, c, 4).
        flags: (r, c), or None.
        splits: blocks of the rows and of the columns.
        shown: with the look.
        numbers: what the cells say, or None.
    """
    marks = None if flags is None else flag_levels_of(spread(flags, *splits))
    levels = levels_of(spread(ink, *splits), peak=shown.style.peak)
    if numbers is not None:
        values, which = spread(numbers.values, *splits), spread(numbers.which, *splits)
        numbers = Numbers(values, which, numbers.formats)
    return Sheet(levels, marks, exact=True, numbers=numbers)


def _exact(
    buffers: Buffers,
    values: NDArray[Any],
    node: int,
    splits: Splits,
    shown: Shown,
    mask: NDArray[np.uint8] | None = None,
) -> Sheet:
    """A sheet of values on the scale of a node."""
    values = np.ascontiguousarray(values)
    form = format_of(buffers, shown, node)
    ink, flags = ink_of(values, mask=mask, scale=shown.scale(node), look=shown.look)
    numbers = None
    if form is not None:
        which = np.ones(values.shape, np.uint8) if mask is None else (mask == 0).astype(np.uint8)
        numbers = Numbers(values, which, (form,))
    return inked(ink, flags, splits, shown, numbers)


def format_of(buffers: Buffers, shown: Shown, node: int) -> NumberFormat | None:
    """How the numbers of a matrix are written; None if the style shows none.

    Args:
        buffers: flat arrays by sha256.
        shown: with the style and the scales.
        node: the matrix.
    """
    matrix, style = shown.matrices[node], shown.style
    if style.numbers == "never":
        return None
    values = np.zeros(0) if matrix.values is None else np.asarray(buffers[matrix.values])
    return number_format(values, hi=shown.scale(node).hi, digits=style.digits, numbers=style.numbers)


def sheet_of(buffers: Buffers, shown: Shown, node: int, splits: Splits = (None, None)) -> Sheet:
    """Ink and flags of a whole matrix, with the gaps between blocks of its rows and columns.

    Args:
        buffers: flat arrays by sha256.
        shown: with the look.
        node: the matrix.
        splits: blocks of its rows and of its columns.
    """
    matrix = shown.matrices[node]
    if matrix.values is not None:
        values = np.asarray(buffers[matrix.values]).reshape(matrix.rows, matrix.cols)
        return _exact(buffers, values, node, splits, shown, mask_of(matrix, buffers))
    pooled = matrix.pooled
    assert pooled is not None  # hollow matrices are not drawn
    peak = shown.style.peak
    pairs = np.asarray(buffers[pooled.peaks if peak else pooled.ink]).reshape(pooled.rows, pooled.cols, 2)
    flags = np.asarray(buffers[pooled.flags], np.uint8).reshape(pooled.rows, pooled.cols)
    pairs, flags = spread_averages(pairs, flags, (matrix.rows, matrix.cols), splits, peak=peak)
    levels = levels_of(pooled_ink(pairs, look=shown.look), peak=peak)
    marks = flag_levels_of(flags) if flags.any() else None
    return Sheet(levels, marks, exact=False)


def sheet_of_part(buffers: Buffers, shown: Shown, face: Face) -> Sheet:
    """The partial results of one block, on the scale of the contraction, before its maps.

    Args:
        buffers: flat arrays by sha256.
        shown: with the look.
        face: the sheet of partial results.
    """
    values = values_of_part(shown.head, buffers, shown.layout, face)
    assert values is not None  # else the sheet is not drawn
    return _exact(buffers, values, face.node, own_splits(face), shown)


def layered(buffers: Buffers, shown: Shown, face: Face, layers: tuple[Layer, ...]) -> Sheet:
    """The ink of a face with only some cells, or with cells of several nodes.

    Args:
        buffers: flat arrays by sha256.
        shown: with the look.
        face: with the layers.
        layers: they do not overlap.
    """
    shape = layers[0].values.shape
    ink, flags = np.zeros((*shape, 4), np.float32), np.zeros(shape, np.uint8)
    written, which = np.zeros(shape), np.zeros(shape, np.uint8)
    forms: list[NumberFormat] = []
    for layer in layers:
        mask = mask_of(shown.matrices[layer.node], buffers) if layer.finished else None
        scale, values = shown.scale(layer.node), np.ascontiguousarray(layer.values)
        result, marked = ink_of(values, mask=mask, scale=scale, look=shown.look)
        ink[layer.seen] = result[layer.seen]
        if marked is not None:
            flags[layer.seen] = marked[layer.seen]
        form = format_of(buffers, shown, layer.node)
        if form is not None:
            forms.append(form)
            written[layer.seen] = values[layer.seen]
            which[layer.seen if mask is None else layer.seen & (mask == 0)] = len(forms)
    numbers = Numbers(written, which, tuple(forms)) if forms else None
    return inked(ink, flags if flags.any() else None, own_splits(face), shown, numbers)


def held_by_device(face: Face, shown: Shown) -> tuple[LitCells, ...] | None:
    """The cells of a face that the lit device stores; None if all are lit.

    Args:
        face: with the cells.
        shown: with the device.
    """
    block = None if shown.device is None else block_on(shown.head, shown.device, face)
    if block is None:
        return None
    rows, cols = block[::-1] if face.transposed else block
    if rows[0] >= rows[1] or cols[0] >= cols[1]:
        return ()
    return (LitCells(_places(rows, face.row_split), _places(cols, face.col_split), 1.0),)


def lit_places(face: Face, cells: tuple[Lit, ...]) -> tuple[LitCells, ...]:
    """The places of lit cells of a face.

    Args:
        face: with the cells.
        cells: displayed rows and columns.
    """
    return tuple(
        LitCells(
            None if lit.rows is None else _places(lit.rows, face.row_split),
            None if lit.cols is None else _places(lit.cols, face.col_split),
            lit.level,
        )
        for lit in cells
    )


def _places(span: tuple[int, int], split: Split | None) -> tuple[int, int]:
    """The places of a range of cells."""
    first, end = span
    return place(first, split), place(end - 1, split) + 1


def planes_of(
    buffers: Buffers,
    moment: Moment,
    shown: Shown,
    eye: Floats,
    pixels_per_cell: Callable[[Floats], float],
) -> list[Drawn]:
    """The products of active steps, on the scale of the contraction; a line of them is thickened.

    Args:
        buffers: flat arrays by sha256.
        moment: with the planes.
        shown: with the look.
        eye: position of the eye.
        pixels_per_cell: the size of a cell at a point of the world.
    """
    visible = {node for face in shown.faces for node in (face.node, *face.chain)}
    result = [
        Drawn(
            plane.face,
            _exact(buffers, plane.values, plane.face.node, own_splits(plane.face), shown),
            inside=True,
        )
        for plane in moment.planes
        if plane.values.size and plane.face.node in visible and plane.highest is None
    ]
    return [_thickened(plane, eye, pixels_per_cell(corners_of(plane.face).mean(axis=0))) for plane in result]


def rods_of(
    moment: Moment, shown: Shown, eye: Floats, pixels_per_cell: Callable[[Floats], float]
) -> list[Drawn]:
    """The products behind pinned cells, each line on a scale of its own, at least 3 px wide.

    Args:
        moment: with the lines.
        shown: with the look.
        eye: position of the eye.
        pixels_per_cell: the size of a cell at a point of the world.
    """
    result = []
    for plane in moment.planes:
        if plane.highest is not None and plane.values.size:
            scale = Scale(0.0, plane.highest)
            ink, flags = ink_of(plane.values, mask=None, scale=scale, look=shown.look)
            sheet = inked(ink, flags, own_splits(plane.face), shown, None)
            result.append(Drawn(plane.face, sheet, inside=True))
    return [_thickened(rod, eye, pixels_per_cell(corners_of(rod.face).mean(axis=0))) for rod in result]


def _thickened(drawn: Drawn, eye: Floats, pixels: float) -> Drawn:
    """A line of products, at least 3 px wide and turned to the eye; a plane as it is."""
    face, sheet, wide = drawn.face, drawn.sheet, max(1, round(LEAST_LINE / max(pixels, 0.05)))
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
    return Drawn(strip, Sheet(levels_of(spread), None, exact=False), inside=True)


def mask_of(matrix: Matrix, buffers: Buffers) -> NDArray[np.uint8] | None:
    """The mask (rows, cols) of a matrix, not 0 where masked; None without it."""
    if matrix.mask is None:
        return None
    return np.asarray(buffers[matrix.mask], np.uint8).reshape(matrix.rows, matrix.cols)
