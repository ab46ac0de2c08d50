"""Pinned cells: where they are drawn, the row and the column that form each, and the size of its ring."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matcube.playback.interior import Lit
from matcube.playback.places import place
from matcube.wire import Box, Face, Layout, Pin

MOST_LIT = 64  # lit parts of one face
RING_PX = (10.0, 200.0)


class PinnedCell(NamedTuple):
    """A face and the displayed cell of it that a pin names."""

    face: Face
    row: int
    col: int


def cell_of(layout: Layout, pin: Pin) -> PinnedCell | None:
    """The cell of a pin, on its owner before a further use of it; None where the matrix is not drawn."""
    own = [
        face for face in layout.faces if face.node == pin.node and face.cover is None and face.part is None
    ]
    face = next((face for face in own if face.alias_of is None), own[0] if own else None)
    if face is None:
        return None
    row, col = (pin.col, pin.row) if face.transposed else (pin.row, pin.col)
    return PinnedCell(face, row, col) if row < face.rows and col < face.cols else None


class PinnedProduct(NamedTuple):
    """The box that forms a pinned cell, and the cell's displayed place there."""

    box: Box
    i: int
    j: int


def product_of(layout: Layout, cell: PinnedCell) -> PinnedProduct | None:
    """The product of a pinned cell; None where it has none."""
    box = _box_of(layout, cell.face)
    if box is None:
        return None
    swapped = cell.face.transposed != layout.faces[box.result].transposed
    return PinnedProduct(box, *((cell.col, cell.row) if swapped else (cell.row, cell.col)))


def lit_by(layout: Layout, cells: Iterable[PinnedCell]) -> dict[int, tuple[Lit, ...]]:
    """By face id, each pinned product, and the row and the column of its arguments."""
    lit: dict[int, list[Lit]] = {}
    for cell in cells:
        product = product_of(layout, cell)
        if product is None:
            continue
        box, i, j = product
        own = Lit((cell.row, cell.row + 1), (cell.col, cell.col + 1), 1.0)
        lit.setdefault(cell.face.id, []).append(own)
        lit.setdefault(box.left, []).append(Lit((i, i + 1), None))
        lit.setdefault(box.right, []).append(Lit(None, (j, j + 1)))
    return {face: tuple(parts[-MOST_LIT:]) for face, parts in lit.items()}


def lit_by_node(layout: Layout, faces: Iterable[Face], node: int | None) -> dict[int, tuple[Lit, ...]]:
    """By face id, a selected matrix and what it is made of; nothing for the result, which is no choice.

    Args:
        layout: with the boxes and links.
        faces: visible ones.
        node: the selected one, or None.
    """
    own = [face for face in faces if face.node == node and face.part is None]
    if any(face.id == layout.root_face for face in own):
        return {}
    lit: dict[int, tuple[Lit, ...]] = {face.id: (Lit(None, None, 1.0),) for face in own}
    for face in own:
        box = _box_of(layout, face)
        operands = [] if box is None else [box.left, box.right]
        operands += [link.from_face for link in layout.links if link.to_face == face.id]
        for operand in operands:
            lit.setdefault(operand, (Lit(None, None),))
    return lit


def centre(cell: PinnedCell) -> NDArray[np.float64]:
    """The middle of a cell in the world: (3,)."""
    face = cell.face
    down, across = place(cell.row, face.row_split) + 0.5, place(cell.col, face.col_split) + 0.5
    middle: NDArray[np.float64] = (
        np.array(face.origin) + np.array(face.across) * across + np.array(face.down) * down
    )
    return middle


def ring_px(pixel_angle: float, depth: float) -> float:
    """The diameter of a ring: a cell at that depth, within bounds that can be seen."""
    return float(np.clip(1 / (pixel_angle * depth), *RING_PX))


def _box_of(layout: Layout, face: Face) -> Box | None:
    """The box whose result a face shows, itself or after the maps of its chain."""
    owner = face if face.alias_of is None else layout.faces[face.alias_of]
    behind = owner.role == "sheet" and owner.box is not None
    for box in layout.boxes:
        if box.id == owner.box if behind else box.result == owner.id:
            chain = layout.faces[box.result].chain
            chain = chain[chain.index(face.node) :] if face.node in chain else face.chain
            return box if chain[-1] == box.node else None
    return None
