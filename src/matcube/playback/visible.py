"""The visible part of a scene under a view: its faces and boxes, and the tables of its style."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from matcube.errors import OptionError
from matcube.playback.coincident import own_bodies, shown_by
from matcube.playback.home import is_softmax, protagonist_of
from matcube.playback.ink import Look
from matcube.wire import Box, Face, Head, Ink, Layout, Link, Matrix, Scale, StyleView, Theme, View


@dataclass(frozen=True)
class Shown:
    """The visible part of the shown layout of a scene.

    Args:
        head: the scene.
        layout: its shown layout.
        faces: visible faces, without covered ones.
        boxes: boxes with three visible faces (or covers of them); the first of several with one body.
        links: links with two visible faces.
        by_id: every face of the layout by its id.
        matrices: by node.
        faded: nodes drawn faint.
        selected: the selected node, or None.
        style: the looks.
        device: the lit device, or None for all.
    """

    head: Head
    layout: Layout
    faces: list[Face]
    boxes: list[Box]
    links: list[Link]
    by_id: dict[int, Face]
    matrices: dict[int, Matrix]
    faded: frozenset[int]
    selected: int | None
    style: StyleView
    device: int | None = None

    @cached_property
    def protagonist(self) -> int | None:
        """The matrix that the figure is about: the last softmax, else the root; None without faces."""
        return protagonist_of(self.head, self.layout, self.faces)

    @cached_property
    def theme(self) -> Theme:
        """The theme of the style; ``auto`` is dark in a still."""
        name = "light" if self.style.theme == "light" else "dark"
        return next((theme for theme in self.head.themes if theme.name == name), self.head.themes[0])

    @cached_property
    def ink(self) -> Ink:
        """The palette's tables for the style's theme.

        Raises:
            OptionError: the style names an unknown palette.
        """
        palettes = {palette.name: palette for palette in self.head.palettes}
        if self.style.palette not in palettes:
            raise OptionError(
                f'there is no palette "{self.style.palette}"', hint=f"one of: {', '.join(palettes)}"
            )
        palette = palettes[self.style.palette]
        return palette.light if self.style.theme == "light" else palette.dark

    @cached_property
    def look(self) -> Look:
        """Magnitude to ink under the style."""
        theme, style = self.theme, self.style
        return Look(self.ink, tuple(theme.sizes), theme.plate_front, style.dot_scale, style.contrast)

    @cached_property
    def _look_of_shares(self) -> Look:
        return replace(self.look, bright=self.theme.text)

    def look_of(self, node: int) -> Look:
        """The look of a matrix: that of a softmax is brighter."""
        return self._look_of_shares if is_softmax(self.matrices[node]) else self.look

    def scale(self, node: int) -> Scale:
        """The scale of a matrix under the style's sensitivity.

        Raises:
            OptionError: the style names an unknown sensitivity.
        """
        scales, name = self.matrices[node].scales, self.style.sensitivity
        if scales and name not in scales:
            raise OptionError(f'there is no sensitivity "{name}"', hint=f"one of: {', '.join(scales)}")
        return scales.get(name, Scale(0.0, 1.0))

    def has_values(self, face: Face) -> bool:
        """Whether a face has cells to draw; a sheet of partial results needs exact operands."""
        if not face.rows * face.cols:
            return False
        if face.part is None:
            matrix = self.matrices[face.node]
            return matrix.values is not None or matrix.pooled is not None
        box = self.layout.box_of(face)
        return all(self.matrices[self.by_id[n].node].values is not None for n in (box.left, box.right))


def shown_of(head: Head, view: View) -> Shown:
    """The visible part of a scene: nodes that are not hidden, or the isolated node alone.

    Raises:
        OptionError: the scene has no layout.
    """
    layout = layout_of(head)
    drawn = [face for face in layout.faces if face.cover is None]
    faces = [face for face in drawn if face.node not in view.hidden]
    if view.isolated is not None:
        own = [face for face in drawn if face.node == view.isolated and face.part is None]
        covers = {face.cover for face in layout.faces if face.node == view.isolated}
        faces = own or [face for face in drawn if view.isolated in face.chain or face.id in covers]
    seen = {face.id for face in faces}
    ids = {face.id for face in layout.faces if shown_by(face) in seen}
    return Shown(
        head=head,
        layout=layout,
        faces=faces,
        boxes=own_bodies([box for box in layout.boxes if {box.left, box.right, box.result} <= ids]),
        links=[link for link in layout.links if {link.from_face, link.to_face} <= ids],
        by_id={face.id: face for face in layout.faces},
        matrices={matrix.node: matrix for matrix in head.matrices},
        faded=frozenset(view.faded),
        selected=view.selection.node,
        style=view.style,
        device=view.device,
    )


def layout_of(head: Head) -> Layout:
    """The shown layout of a scene; the first if the head names none of them.

    Raises:
        OptionError: the scene has no layout.
    """
    if not head.layouts:
        raise OptionError("the scene has no layout", hint="make the scene anew from its program")
    return next((layout for layout in head.layouts if layout.key == head.layout), head.layouts[0])
