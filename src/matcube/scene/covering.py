"""Covered faces: not drawn, for another face shows their cells at the same places.

They are there so that boxes have operands: what is lit on one is lit on its cover.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import floor

from matcube.scene.head import Box, Face, Split, Vec3

Lines = tuple[int | None, int | None]


def shown_by(face: Face) -> int:
    """The id of the face that shows a face's cells: its own, or that of its cover."""
    return face.id if face.cover is None else face.cover


def own_bodies(boxes: Sequence[Box]) -> list[Box]:
    """Boxes without those that lie in the body of an earlier one: its edges, letters and arrow serve all."""
    found: dict[tuple[tuple[float, ...], ...], Box] = {}
    for box in boxes:
        steps = tuple(zip(box.i_step, box.j_step, box.k_step, strict=True))
        edges = [sum(s * n for s, n in zip(along, box.sizes, strict=True)) for along in steps]
        body = tuple(tuple(sorted((at, at + edge))) for at, edge in zip(box.corner, edges, strict=True))
        found.setdefault(body, box)
    return list(found.values())


def uncovered(lit: Mapping[int, Lines], faces: Iterable[Face]) -> dict[int, Lines]:
    """Lit lines by the faces that are drawn.

    Args:
        lit: by face id, the displayed row and column that are lit, or None.
        faces: all faces of the layout.
    """
    by_id = {face.id: face for face in faces}
    out: dict[int, Lines] = {}
    for face_id, lines in lit.items():
        face = by_id[face_id]
        cover = by_id[shown_by(face)]
        out[cover.id] = lines if cover is face else _moved(face, cover, lines)
    return out


def _moved(face: Face, cover: Face, lines: Lines) -> Lines:
    """The row and column of a cover that lie where those of a covered face do."""
    row, col = lines
    down, across = _place(face.row_split, row or 0) + 0.5, _place(face.col_split, col or 0) + 0.5
    spot = [
        at - start + down * d + across * a
        for at, start, d, a in zip(face.origin, cover.origin, face.down, face.across, strict=True)
    ]
    turned = abs(_dot(face.down, cover.across)) > 0.5
    own_row, own_col = (col, row) if turned else (row, col)
    return (
        None if own_row is None else _index(cover.row_split, _dot(spot, cover.down)),
        None if own_col is None else _index(cover.col_split, _dot(spot, cover.across)),
    )


def _place(split: Split | None, index: int) -> int:
    return index if split is None else index + split.gap * (index // split.length)


def _index(split: Split | None, place: float) -> int:
    """The cell that stands at a place."""
    at = floor(place)
    return at if split is None else at - split.gap * (at // (split.length + split.gap))


def _dot(a: Sequence[float], b: Vec3) -> float:
    return sum(x * y for x, y in zip(a, b, strict=True))
