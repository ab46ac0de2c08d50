"""Columns beside a result: one number for each of its rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from msgspec.structs import replace as changed

from matcube.layout.bounds import body_of, slab_of, span_of
from matcube.layout.frame import add, grown, scale, volumes
from matcube.layout.separation import Mover, least_push
from matcube.layout.types import Placement
from matcube.wire import Face

LEAST_APART = 2.0


def with_columns(placement: Placement, node: int, columns: Sequence[int]) -> Placement:
    """A placement with columns beside the face of a product's result, in its plane and along its rows.

    Args:
        placement: one that has a box of the product; else nothing is added.
        node: the product, of two dimensions.
        columns: numbers of further matrices, each as high as the product and one cell wide.

    Returns:
        The columns lie after the last cells of the rows, a gap off and from each other, in free space.
    """
    box = next((item for item in placement.boxes if item.node == node), None)
    if box is None:
        return placement
    for column in columns:
        beside = placement.faces[box.result]
        face = _column(placement, beside, column)
        out = beside.down if beside.transposed else beside.across
        still = volumes([*map(slab_of, placement.faces), *map(body_of, placement.boxes)])
        apart = max(LEAST_APART, placement.gap)
        away = least_push(Mover(volumes([slab_of(face)]), out), grown(still, apart / 2), apart)
        face = changed(face, origin=add(face.origin, scale(out, away)))
        placement = replace(placement, faces=(*placement.faces, face))
    return placement


def _column(placement: Placement, beside: Face, node: int) -> Face:
    """A column at the end of the rows of a face; shown as a row where the face lies transposed."""
    turned = beside.transposed
    edge = (
        span_of(beside.down, beside.rows, beside.row_split)
        if turned
        else span_of(beside.across, beside.cols, beside.col_split)
    )
    return changed(
        beside,
        id=len(placement.faces), node=node, chain=(node,), origin=add(beside.origin, edge),
        rows=1 if turned else beside.rows, cols=beside.cols if turned else 1, role="alone", box=None,
        sheet=0, alias_of=None, cover=None,
        row_split=None if turned else beside.row_split, col_split=beside.col_split if turned else None,
    )  # fmt: skip
