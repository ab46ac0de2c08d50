"""A film in the still: sheets of what each face shows at its moment, lit lines, and products in the boxes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from matcube.outputs.still.camera import Eye
from matcube.outputs.still.choice import Shown, ink_table_of, scale_of, theme_of
from matcube.outputs.still.face import Sheet
from matcube.outputs.still.ink import Look, ink_of
from matcube.outputs.still.legend import Label
from matcube.outputs.still.pyramid import flag_levels_of, levels_of
from matcube.scene.head import Face, Head, Matrix
from matcube.scene.interior import Lit, Plane
from matcube.scene.moment import Layer, Moment

Buffers = Mapping[str, NDArray[Any]]

DIMMED = 0.22
LEAST_LIT = 3.0


Seen = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]


@dataclass
class Kept:
    """What the frames of a film share, under one style: ink by node, and pixels of whole faces.

    Args:
        sheets: the ink of whole matrices.
        seen: columns, rows and ink of a face in a band, by its id and the band's top.
        eye: the eye that has seen it.
        labels: what would be written if there were room.
    """

    sheets: dict[int, Sheet] = field(default_factory=dict)
    seen: dict[tuple[int, int], Seen] = field(default_factory=dict)
    eye: Eye | None = None
    labels: list[Label] | None = None

    def look(self, eye: Eye) -> None:
        """Forget what another eye has seen."""
        if self.eye is None or not same_eye(self.eye, eye):
            self.seen.clear()
            self.labels = None
            self.eye = eye


def same_eye(one: Eye, other: Eye) -> bool:
    """Whether two eyes see the same picture."""
    stands = (one.position == other.position).all() and (one.forward == other.forward).all()
    turned = (one.right == other.right).all() and (one.up == other.up).all()
    return bool(stands and turned) and (one.width, one.height) == (other.width, other.height)


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


def lit_lines(sheet: Sheet, face: Face, cells: tuple[Lit, ...], pixels: float) -> tuple[Drawn, ...]:
    """The lit cells of a face; a single row or column is at least 3 px wide, a cell spanning so many.

    A matrix that is drawn from averages has none.
    """
    if not sheet.exact:
        return ()
    ink = sheet.levels[0].swapaxes(0, 1) if face.transposed else sheet.levels[0]  # as displayed
    return tuple(_strip(sheet, face, ink, one, pixels) for one in cells)


def _strip(sheet: Sheet, face: Face, ink: NDArray[np.float32], lit: Lit, pixels: float) -> Drawn:
    """Some cells as a face of their own; a width of one cell is spread over whole cells until it is seen."""
    wide = max(1, round(LEAST_LIT / max(pixels, 0.05)))
    origin, spread, sizes = np.array(face.origin, np.float64), ink, []
    for axis, (span, step) in enumerate(((lit.rows, face.down), (lit.cols, face.across))):
        first, end = (0, ink.shape[axis]) if span is None else span
        spread = spread.take(range(first, end), axis=axis)
        many = wide if span is not None and end - first == 1 else 1
        spread = spread.repeat(many, axis=axis)
        origin = origin + np.array(step, np.float64) * (first - (many - 1) / 2)
        sizes.append(spread.shape[axis])
    x, y, z = origin.tolist()
    strip = replace(face, origin=(x, y, z), rows=sizes[0], cols=sizes[1], transposed=False)
    levels = levels_of(np.ascontiguousarray(spread))
    return Drawn(strip, Sheet(levels, None, sheet.special, exact=wide == 1))


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
