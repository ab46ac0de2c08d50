"""Texts of legends: names, shapes, edges of boxes and sheets of partial results."""

from __future__ import annotations

import re

from matcube.playback.places import runs
from matcube.playback.visible import Shown
from matcube.wire import Box, Face, Head, Matrix, Split
from matcube.wire.text import shortened

LONGEST = 32
IDENTIFIER = re.compile(r"[^\W\d]\w*(\[[\d, ]+\])?")  # a name, perhaps of one head


def is_told(face: Face, matrix: Matrix, shown: Shown) -> bool:
    """Whether a face has its name beside it: of many heads the ends, the selected, those pulled out."""
    copy = matrix.copy
    if copy is None or matrix.node == shown.selected or copy.index in shown.pulled:
        return True
    return copy.index in (0, copy.count - 1) and face.alias_of is None


def is_first(matrix: Matrix) -> bool:
    """Whether what holds for all heads is written at this one."""
    return matrix.copy is None or matrix.copy.index == 0


def badges_of(head: Head, shown: Shown, face: Face) -> list[str]:
    """What devices exchange of a face's matrix, or of the product behind its closed sheets; what it costs."""
    if face.alias_of is not None or face.part is not None:
        return []
    others = {f.node for f in shown.by_id.values() if f.part is None and f.alias_of is None}
    behind = {node for node in face.chain if node not in others} if face.sheet == 0 else set()
    here = {face.node, *behind}
    result = (
        []
        if head.partition is None
        else [(collective.node, collective.text) for collective in head.partition.collectives]
    )
    if shown.style.costs:
        result += [(item.node, item.text) for item in head.cost if item.text]
    return [text for node, text in result if node in here]


def part_text(face: Face, shown: Shown) -> str:
    """``part 3 of 4``."""
    box = next(box for box in shown.all_boxes if box.id == face.box)
    return f"part {(face.part or 0) + 1} of {len(runs(box.sizes[2], box.splits[2]))}"


def edge_text(head: Head, shown: Shown, box: Box, axis: int) -> tuple[str, str]:
    """What stands at an edge of a box: the letter, or in blocks the name of its axis, and the size."""
    split, size = box.splits[axis], box.sizes[axis]
    if split is None:
        return "ijk"[axis], f"= {size}"
    face = shown.by_id[box.left if axis == 2 else box.result]
    matrix = shown.matrices[face.node]
    is_row = (axis == 0) != face.transposed
    number = matrix.row_axis if is_row else matrix.col_axis
    name = next((item.name for item in head.axes if item.id == number), "ijk"[axis])
    return name, f"= {_blocked_size(size, split)}"


def _blocked_size(size: int, split: Split | None) -> str:
    return str(size) if split is None else f"{size} / {split.blocks(size)}"


def shown_name(face: Face, matrix: Matrix) -> str:
    """The matrix's name, shortened, with ᵀ when the face shows it transposed."""
    name = shortened(matrix.name, LONGEST)
    if not face.transposed:
        return name
    return f"{name}ᵀ" if IDENTIFIER.fullmatch(name) else f"({name})ᵀ"


def shape_text(face: Face, matrix: Matrix) -> str:
    """``  64 × 16``, ``  64 / 4 × 16`` in blocks, and what a cell averages when the matrix came pooled."""
    text = f"  {_blocked_size(face.rows, face.row_split)} × {_blocked_size(face.cols, face.col_split)}"
    if matrix.pooled is not None:
        rows, cols = matrix.pooled.block
        text += f"  averages of {rows:.3g} × {cols:.3g} cells"
    return text
