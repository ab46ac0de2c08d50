"""Texts of legends: names and shapes of faces, edges of boxes, sheets of partial results, badges."""

from __future__ import annotations

import re

from matcube.playback.places import runs
from matcube.playback.visible import Shown
from matcube.wire import Box, Face, Matrix, Split

LONGEST = 32
IDENTIFIER = re.compile(r"[^\W\d]\w*(\[[\d, ]+\])?")  # a name, perhaps of one head


def is_named(face: Face, shown: Shown) -> bool:
    """Whether a face has a legend: of many heads the first, the last, the selected and the pulled ones."""
    copy = shown.matrices[face.node].copy
    if copy is None or face.node == shown.selected or copy.index in shown.head.view.layout.pull:
        return True
    return copy.index in (0, copy.count - 1) and face.alias_of is None


def is_first(matrix: Matrix) -> bool:
    """Whether a matrix is the first of its heads, which has the texts for all of them."""
    return matrix.copy is None or matrix.copy.index == 0


def badges_of(shown: Shown, face: Face) -> list[str]:
    """Badges of a face: collectives and costs of its matrix, and of the nodes under its closed sheets."""
    if face.alias_of is not None or face.part is not None:
        return []
    others = {f.node for f in shown.by_id.values() if f.part is None and f.alias_of is None}
    behind = {node for node in face.chain if node not in others} if face.sheet == 0 else set()
    partition = shown.head.partition
    texts = [] if partition is None else [(row.node, row.text) for row in partition.collectives]
    if shown.style.costs:
        texts += [(row.node, row.text) for row in shown.head.cost if row.text]
    return [text for node, text in texts if node in {face.node, *behind}]


def part_text(face: Face, shown: Shown) -> str:
    """``part 3 of 4``."""
    box = shown.layout.box_of(face)
    return f"part {(face.part or 0) + 1} of {len(runs(box.sizes[2], box.splits[2]))}"


def edge_text(shown: Shown, box: Box, axis: int) -> tuple[str, str]:
    """The text of an edge of a box: the title of its axis, else its letter or (in blocks) name; its size.

    Args:
        shown: the visible part of the scene.
        box: with the edge.
        axis: 0, 1 or 2 for i, j or k.
    """
    split, size = box.splits[axis], box.sizes[axis]
    face = shown.by_id[box.left if axis == 2 else box.result]
    matrix = shown.matrices[face.node]
    is_row = (axis == 0) != face.transposed
    number = matrix.row_axis if is_row else matrix.col_axis
    of = next((each for each in shown.head.axes if each.id == number), None)
    address = None if of is None or split is None else of.name
    title = None if of is None else of.title
    return title or address or "ijk"[axis], f"= {_blocked_size(size, split)}"


def _blocked_size(size: int, split: Split | None) -> str:
    return str(size) if split is None else f"{size} / {split.blocks(size)}"


def shown_name(face: Face, matrix: Matrix) -> str:
    """The matrix's name, shortened, with ᵀ on a transposed face."""
    name = middle_cut(matrix.name, LONGEST)
    if not face.transposed:
        return name
    return f"{name}ᵀ" if IDENTIFIER.fullmatch(name) else f"({name})ᵀ"


def middle_cut(name: str, most: int) -> str:
    """A name of at most ``most`` characters: a longer one loses its middle.

    Example:
        >>> middle_cut("softmax(scores)", 8)
        'soft…es)'
    """
    if len(name) <= most:
        return name
    end = (most - 1) // 2
    return f"{name[: most - 1 - end]}…{name[len(name) - end :]}"


def shape_text(face: Face, matrix: Matrix) -> str:
    """``64 × 16``, ``64 / 4 × 16`` in blocks, and the cells of an average of a pooled matrix."""
    text = f"{_blocked_size(face.rows, face.row_split)} × {_blocked_size(face.cols, face.col_split)}"
    if matrix.pooled is not None:
        rows, cols = matrix.pooled.block
        text += f"  averages of {rows:.3g} × {cols:.3g} cells"
    return text
