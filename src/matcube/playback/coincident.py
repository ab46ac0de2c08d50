"""Covered faces, whose cells another face shows at the same places.

They are not drawn, and exist as operands of boxes; their lit cells are lit on the cover.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import floor

from matcube.playback.interior import Lit
from matcube.playback.places import cell, place
from matcube.wire import Box, Face, Layout, Matrix, Vec3


def shown_by(face: Face) -> int:
    """The id of a face's cover, or its own."""
    return face.id if face.cover is None else face.cover


@dataclass(frozen=True)
class Block:
    """A covered face and the range of its cells on the cover."""

    face: Face
    row: int
    col: int
    rows: int
    cols: int


def blocks_of(matrices: Mapping[int, Matrix], layout: Layout, whole: Matrix) -> list[Block]:
    """The covered faces that make up a matrix of joined heads, side by side; else none.

    Args:
        matrices: by node.
        layout: with the covered faces.
        whole: the matrix of joined heads.
    """
    covers = {face.id for face in layout.faces if face.node == whole.node}
    covered = {face.node: face for face in layout.faces if face.cover in covers}
    if len(whole.inputs) < 2 or not covered.keys() >= set(whole.inputs):
        return []
    heads = [matrices[node] for node in whole.inputs]
    beside = all(head.rows == whole.rows for head in heads) and sum(head.cols for head in heads) == whole.cols
    below = all(head.cols == whole.cols for head in heads) and sum(head.rows for head in heads) == whole.rows
    result, row, col = list[Block](), 0, 0
    for head in heads if beside or below else ():
        result.append(Block(covered[head.node], row, col, head.rows, head.cols))
        row, col = (row, col + head.cols) if beside else (row + head.rows, col)
    return result


def own_bodies(boxes: Sequence[Box]) -> list[Box]:
    """Boxes without those in the body of an earlier one, whose edges, letters and arrow are the same."""
    result: dict[tuple[tuple[float, ...], ...], Box] = {}
    for box in boxes:
        steps = tuple(zip(box.i_step, box.j_step, box.k_step, strict=True))
        edges = [sum(s * n for s, n in zip(along, box.sizes, strict=True)) for along in steps]
        body = tuple(tuple(sorted((at, at + edge))) for at, edge in zip(box.corner, edges, strict=True))
        result.setdefault(body, box)
    return list(result.values())


def uncovered(lit: Mapping[int, tuple[Lit, ...]], faces: Iterable[Face]) -> dict[int, tuple[Lit, ...]]:
    """Lit cells by drawn face: those of a covered face on its cover.

    Args:
        lit: by face id, the displayed cells that are lit.
        faces: all faces of the layout.
    """
    by_id = {face.id: face for face in faces}
    out: dict[int, tuple[Lit, ...]] = {}
    for face_id, cells in lit.items():
        face = by_id[face_id]
        cover = by_id[shown_by(face)]
        moved = cells if cover is face else tuple(_moved(face, cover, lit_cells) for lit_cells in cells)
        out[cover.id] = (*out.get(cover.id, ()), *moved)
    return out


def _moved(face: Face, cover: Face, lit: Lit) -> Lit:
    """Lit cells of a covered face as rows and columns of its cover."""
    rows, cols = lit.rows or (0, 1), lit.cols or (0, 1)
    spots = [_spot(face, rows[0], cols[0], cover), _spot(face, rows[1] - 1, cols[1] - 1, cover)]
    down, across = zip(*spots, strict=True)
    turned = abs(_dot(face.down, cover.across)) > 0.5
    has_rows, has_cols = (lit.cols, lit.rows) if turned else (lit.rows, lit.cols)
    return Lit(
        None if has_rows is None else (min(down), max(down) + 1),
        None if has_cols is None else (min(across), max(across) + 1),
    )


def _spot(face: Face, row: int, col: int, cover: Face) -> tuple[int, int]:
    """The cell of a cover at the place of a cell of a covered face."""
    down, across = place(row, face.row_split) + 0.5, place(col, face.col_split) + 0.5
    spot = [
        at - start + down * d + across * a
        for at, start, d, a in zip(face.origin, cover.origin, face.down, face.across, strict=True)
    ]
    down, across = floor(_dot(spot, cover.down)), floor(_dot(spot, cover.across))
    return cell(down, cover.row_split, cover.rows) or 0, cell(across, cover.col_split, cover.cols) or 0


def _dot(a: Sequence[float], b: Vec3) -> float:
    return sum(x * y for x, y in zip(a, b, strict=True))
