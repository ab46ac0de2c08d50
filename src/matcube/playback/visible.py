"""The visible part of a scene under a view: layout, faces, and the style's rows of palettes and scales."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matcube.errors import OptionError
from matcube.playback.coincident import own_bodies, shown_by
from matcube.wire import Box, Face, Head, Ink, Layout, Link, Matrix, Scale, StyleView, Theme, View


@dataclass(frozen=True)
class Shown:
    """The visible part of one layout.

    Args:
        faces: visible faces; none is covered.
        boxes: those whose three faces, or their covers, are visible; of several with one body the first.
        all_boxes: every box of the layout.
        links: those whose two faces are visible.
        by_id: every face of the layout by its id.
        matrices: by node.
        faded: nodes drawn faint.
        selected: the selected node, or None.
        pulled: heads that are out of their decks.
        style: the looks.
        device: the one whose cells alone are lit, or None.
    """

    faces: list[Face]
    boxes: list[Box]
    all_boxes: Sequence[Box]
    links: list[Link]
    by_id: dict[int, Face]
    matrices: dict[int, Matrix]
    faded: frozenset[int]
    selected: int | None
    pulled: frozenset[int]
    style: StyleView
    device: int | None = None

    def has_values(self, face: Face) -> bool:
        """Whether there is something to draw on it; a sheet of partial results needs exact operands."""
        if not face.rows * face.cols:
            return False
        if face.part is None:
            return _has_cells(self.matrices[face.node])
        box = next(box for box in self.all_boxes if box.id == face.box)
        return all(self.matrices[self.by_id[n].node].values is not None for n in (box.left, box.right))


def shown_of(head: Head, view: View) -> Shown:
    """The faces that are drawn: not hidden, and when a node is isolated only that node's."""
    layout = _layout(head)
    hidden = frozenset(view.hidden)
    drawn = [f for f in layout.faces if f.cover is None]
    faces = [f for f in drawn if f.node not in hidden]
    if view.isolated is not None:
        own = [f for f in drawn if f.node == view.isolated and f.part is None]
        covers = {f.cover for f in layout.faces if f.node == view.isolated}
        faces = own or [f for f in drawn if view.isolated in f.chain or f.id in covers]
    seen = {f.id for f in faces}
    ids = {f.id for f in layout.faces if shown_by(f) in seen}
    return Shown(
        faces=faces,
        boxes=own_bodies([b for b in layout.boxes if {b.left, b.right, b.result} <= ids]),
        all_boxes=layout.boxes,
        links=[n for n in layout.links if {n.from_face, n.to_face} <= ids],
        by_id={f.id: f for f in layout.faces},
        matrices={m.node: m for m in head.matrices},
        faded=frozenset(view.faded),
        selected=view.selection.node,
        pulled=frozenset(head.view.layout.pull),
        style=view.style,
        device=view.device,
    )


def _has_cells(matrix: Matrix) -> bool:
    return matrix.values is not None or matrix.pooled is not None


def theme_of(head: Head, style: StyleView) -> Theme:
    """The theme of the style; ``auto`` is dark in a still."""
    name = "light" if style.theme == "light" else "dark"
    return next((t for t in head.themes if t.name == name), head.themes[0])


def ink_table_of(head: Head, style: StyleView) -> Ink:
    """The palette's tables for the style's theme."""
    palette = next((p for p in head.palettes if p.name == style.palette), None)
    if palette is None:
        known = ", ".join(p.name for p in head.palettes)
        raise OptionError(f'there is no palette "{style.palette}"', hint=f"one of: {known}")
    return palette.light if style.theme == "light" else palette.dark


def scale_of(matrix: Matrix, style: StyleView) -> Scale:
    """The matrix's scale under the style's sensitivity."""
    scale = matrix.scales.get(style.sensitivity)
    if scale is None and matrix.scales:
        known = ", ".join(matrix.scales)
        raise OptionError(f'there is no sensitivity "{style.sensitivity}"', hint=f"one of: {known}")
    return scale or Scale(0.0, 1.0)


def _layout(head: Head) -> Layout:
    for layout in head.layouts:
        if layout.key == head.layout:
            return layout
    if not head.layouts:
        raise OptionError("the scene has no layout", hint="make the scene anew from its program")
    return head.layouts[0]
