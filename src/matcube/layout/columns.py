"""Columns beside a result with a number for each row: the running maximum and sum of streaming attention."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from matcube.layout.bounds import body_of, slab_of, span_of
from matcube.layout.frame import add, grown, scale, volumes
from matcube.layout.separation import Mover, least_push
from matcube.wire import Face, Layout

LEAST_APART = 2.0  # cells


def with_columns(layout: Layout, node: int, columns: Sequence[int]) -> Layout:
    """A layout with columns beside the face of a product's result, in its plane and along its rows.

    Args:
        layout: without a box of the product nothing is added.
        node: the product, of two dimensions.
        columns: ids of further nodes, each as high as the product and one cell wide.

    Returns:
        The columns lie in free space behind the last cells of the rows, a gap apart.
    """
    box = next((item for item in layout.boxes if item.node == node), None)
    if box is None:
        return layout
    for column in columns:
        beside = layout.faces[box.result]
        face = _column(layout, beside, column)
        out = beside.down if beside.transposed else beside.across
        still = volumes([*map(slab_of, layout.faces), *map(body_of, layout.boxes)])
        apart = max(LEAST_APART, layout.gap)
        away = least_push(Mover(volumes([slab_of(face)]), out), grown(still, apart / 2), apart)
        face = replace(face, origin=add(face.origin, scale(out, away)))
        layout = replace(layout, faces=(*layout.faces, face))
    return layout


def _column(layout: Layout, beside: Face, node: int) -> Face:
    """A column at the end of the rows of a face; a row where the face is transposed."""
    turned = beside.transposed
    edge = (
        span_of(beside.down, beside.rows, beside.row_split)
        if turned
        else span_of(beside.across, beside.cols, beside.col_split)
    )
    return replace(
        beside,
        id=len(layout.faces), node=node, chain=(node,), origin=add(beside.origin, edge),
        rows=1 if turned else beside.rows, cols=beside.cols if turned else 1, role="alone", box=None,
        sheet=0, alias_of=None, cover=None,
        row_split=None if turned else beside.row_split, col_split=beside.col_split if turned else None,
    )  # fmt: skip
