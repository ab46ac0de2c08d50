"""Covered faces: not drawn, for another face shows their cells at the same places.

They are there so that boxes have operands: what is lit on one is lit on its cover.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import floor

from matcube.playback.interior import Lit
from matcube.playback.places import cell, place
from matcube.wire import Box, Face, Layout, Matrix, Vec3


def shown_by(face: Face) -> int:
    """The id of the face that shows a face's cells: its own, or that of its cover."""
    return face.id if face.cover is None else face.cover


@dataclass(frozen=True)
class Block:
    """A covered face and the cells of its cover that are its own."""

    face: Face
    row: int
    col: int
    rows: int
    cols: int


def blocks_of(matrices: Mapping[int, Matrix], layout: Layout, whole: Matrix) -> list[Block]:
    """The covered faces whose cells, side by side, are those of a matrix of joined heads; else none."""
    covers = {face.id for face in layout.faces if face.node == whole.node}
    covered = {face.node: face for face in layout.faces if face.cover in covers}
    if len(whole.inputs) < 2 or not covered.keys() >= set(whole.inputs):
        return []
    own = [matrices[node] for node in whole.inputs]
    beside = all(one.rows == whole.rows for one in own) and sum(item.cols for item in own) == whole.cols
    below = all(one.cols == whole.cols for one in own) and sum(one.rows for one in own) == whole.rows
    result, row, col = list[Block](), 0, 0
    for one in own if beside or below else ():
        result.append(Block(covered[one.node], row, col, one.rows, one.cols))
        row, col = (row, col + one.cols) if beside else (row + one.rows, col)
    return result


def own_bodies(boxes: Sequence[Box]) -> list[Box]:
    """Boxes without those that lie in the body of an earlier one: its edges, letters and arrow serve all."""
    result: dict[tuple[tuple[float, ...], ...], Box] = {}
    for box in boxes:
        steps = tuple(zip(box.i_step, box.j_step, box.k_step, strict=True))
        edges = [sum(s * n for s, n in zip(along, box.sizes, strict=True)) for along in steps]
        body = tuple(tuple(sorted((at, at + edge))) for at, edge in zip(box.corner, edges, strict=True))
        result.setdefault(body, box)
    return list(result.values())


def uncovered(lit: Mapping[int, tuple[Lit, ...]], faces: Iterable[Face]) -> dict[int, tuple[Lit, ...]]:
    """Lit cells by the faces that are drawn.

    Args:
        lit: by face id, the displayed cells that are lit.
        faces: all faces of the layout.
    """
    by_id = {face.id: face for face in faces}
    out: dict[int, tuple[Lit, ...]] = {}
    for face_id, cells in lit.items():
        face = by_id[face_id]
        cover = by_id[shown_by(face)]
        moved = cells if cover is face else tuple(_moved(face, cover, item) for item in cells)
        out[cover.id] = (*out.get(cover.id, ()), *moved)
    return out


def _moved(face: Face, cover: Face, lit: Lit) -> Lit:
    """The rows and columns of a cover that lie where those of a covered face do."""
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
    """The cell of a cover where a cell of a covered face lies."""
    down, across = place(row, face.row_split) + 0.5, place(col, face.col_split) + 0.5
    spot = [
        at - start + down * d + across * a
        for at, start, d, a in zip(face.origin, cover.origin, face.down, face.across, strict=True)
    ]
    down, across = floor(_dot(spot, cover.down)), floor(_dot(spot, cover.across))
    return cell(down, cover.row_split, cover.rows) or 0, cell(across, cover.col_split, cover.cols) or 0


def _dot(a: Sequence[float], b: Vec3) -> float:
    return sum(x * y for x, y in zip(a, b, strict=True))
