"""Figures side by side: their scenes on one scale, and the scenes of their differences."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from msgspec.structs import replace

from matcube import layout, values, wire
from matcube.engine.difference import Difference, Differences
from matcube.engine.engine import Engine
from matcube.engine.matching import LETTERS, Matched, matched, subject_of
from matcube.engine.names import find
from matcube.engine.program import Program
from matcube.engine.scene import scene_of
from matcube.errors import DataError, unknown
from matcube.ir import Graph, Map, Node
from matcube.ir.axes import axes
from matcube.ops import Cells
from matcube.scene import scales
from matcube.scene.facts import Facts, as_matrix
from matcube.scene.join import join, own_scales
from matcube.wire import FilmView, Layout, Scale, ScaleChoice, View
from matcube.wire.container import Scene

OWN_BELOW = 0.05  # a difference whose largest is below this share of full brightness has its own scale
MOST_PANELS = 9
NodesScales = Mapping[int, Mapping[str, Scale]]
SHARED = "matrix of this name and one size in all figures"


class _Place(NamedTuple):
    """A node in its graph, with its cells."""

    graph: Graph
    node: Node
    cells: Cells

    def labels(self) -> tuple[tuple[str, ...] | None, ...]:
        """The labels along each dimension."""
        table = axes(self.graph)
        return tuple(table.of(self.node.id, dim).labels for dim in range(len(self.node.shape)))

    @property
    def is_distribution(self) -> bool:
        """Whether its rows sum to 1."""
        return isinstance(self.node.kind, Map) and self.node.kind.op.is_distribution


@dataclass(frozen=True, eq=False)
class Compared:
    """Several figures, matched by the names of their matrices.

    Args:
        views: states of the figures; looks and camera are those of the first.
        engines: their arrays.
        name: of what the comparison is about; None is the result.
        scale: ``one`` for each matrix in all panels, or each figure its ``own``.
    """

    views: tuple[View, ...]
    engines: tuple[Engine, ...]
    name: str | None = None
    scale: ScaleChoice = "one"

    @cached_property
    def programs(self) -> tuple[Program, ...]:
        """The programs, computed once for all that share them."""
        return tuple(engine.program(view) for view, engine in zip(self.views, self.engines, strict=True))

    @cached_property
    def matched(self) -> list[Matched]:
        """The matrices that all programs have."""
        return matched([program.graph for program in self.programs])

    @cached_property
    def subject(self) -> Matched:
        """What the comparison is about; see ``subject_of``."""
        if self.name is None:
            return subject_of(self.matched, [program.graph for program in self.programs])
        named = {pair.name: pair for pair in self.matched}
        if self.name not in named:
            raise unknown(self.name, [pair.name for pair in self.matched if pair.is_named], what=SHARED)
        return named[self.name]

    @cached_property
    def drawn(self) -> list[Matched]:
        """The matched matrices that are drawn, one for each head."""
        graphs = [program.drawn.graph for program in self.programs]
        has_heads = any(graph.copies for graph in graphs)
        pairs = [pair for pair in matched(graphs) if not (has_heads and pair.name == "result")]
        have = [program.parts for program in self.programs]
        return [pair for pair in pairs if all(node in of for node, of in zip(pair.nodes, have, strict=True))]

    # --- numbers ---------------------------------------------------------------------------------

    def differences(
        self, name: str | None, *, top: int, other: int = 1, each_sign: bool = False
    ) -> Differences:
        """The cells of a matrix that differ most between the first figure and another.

        Args:
            name: of the matrix, or of one head of it; None for what the comparison is about.
            top: how many cells; of each sign with ``each_sign``.
            other: number of the other figure.
            each_sign: as many in which the other is larger as in which it is smaller.
        """
        nodes = self._nodes(name)
        first, second = nodes[0], nodes[other]
        whole = Difference(first.cells, second.cells)
        labels = first.labels() if any(first.labels()) else second.labels()
        cells = whole.of_each_sign(top) if each_sign else whole.top(top)
        return Differences(
            [whole.change(cell, labels) for cell in cells],
            name=name or self.subject.name,
            letters=(LETTERS[0], LETTERS[other]),
            whole=whole,
            is_distribution=first.is_distribution and second.is_distribution,
        )

    def _nodes(self, name: str | None) -> list[_Place]:
        """The node of a name in each program with its cells."""
        pair = self.subject if name is None else next((p for p in self.matched if p.name == name), None)
        result = []
        for at, program in enumerate(self.programs):
            head = None if name is None else program.names.head(name)
            if head is not None and head.id in program.parts:
                result.append(_Place(program.drawn.graph, head, program.parts[head.id].cells))
                continue
            if pair is None:
                find(program.graph, name or "")  # a typing error is answered with similar names
                raise unknown(str(name), [p.name for p in self.matched if p.is_named], what=SHARED)
            node = program.graph[pair.nodes[at]]
            values_of = program.values.get(node.id)
            if values_of is None:
                raise DataError(program.values.reason(node.id) or f"{node.label} has no values")
            result.append(_Place(program.graph, node, values_of.cells))
        return result

    # --- scenes ----------------------------------------------------------------------------------

    @cached_property
    def looks(self) -> tuple[View, ...]:
        """The states with the looks of the first, without films and selections."""
        style = self.views[0].style
        plain = {
            "film": FilmView(),
            "stops": (),
            "stop": None,
            "device": None,
            "camera": self.views[0].camera,
        }
        return tuple(replace(view, style=style, **plain) for view in self.views)

    @cached_property
    def layouts(self) -> tuple[Layout, ...]:
        """Where everything is, figure by figure."""
        return tuple(program.place(view) for program, view in zip(self.programs, self.looks, strict=True))

    @property
    def other_scale(self) -> ScaleChoice:
        """The choice of scales that was not made."""
        return "own" if self.scale == "one" else "one"

    def scales(self, choice: ScaleChoice) -> tuple[NodesScales, ...]:
        """Scales by drawn node, figure by figure.

        Args:
            choice: ``one`` for each matrix of all figures, or each figure its ``own``.
        """
        return self._one_scale if choice == "one" else self._own_scales

    @cached_property
    def _own_scales(self) -> tuple[NodesScales, ...]:
        return tuple(
            own_scales(program.drawn.graph, program.facts, [place])
            for program, place in zip(self.programs, self.layouts, strict=True)
        )

    @cached_property
    def _one_scale(self) -> tuple[NodesScales, ...]:
        """The scales with those of matched matrices made one."""
        own = [dict(each) for each in self._own_scales]
        for pair in self.drawn:
            parts = [scales_at.get(node) for scales_at, node in zip(own, pair.nodes, strict=True)]
            joint = _joint([part for part in parts if part])
            for scales_at, node in zip(own, pair.nodes, strict=True):
                if node in scales_at:
                    scales_at[node] = joint
        return tuple(own)

    def scene(self, at: int) -> Scene:
        """The scene of one figure, on the scale of all."""
        view = replace(self.looks[at], selection=self.selection(at))
        return scene_of(view, self.engines[at], scales=self.scales(self.scale)[at])

    def selection(self, at: int, drawn: Container[int] | None = None) -> wire.Selection:
        """What is compared, and the pins of the first figure, by the nodes of another.

        Args:
            at: number of the figure.
            drawn: nodes that can have a pin; None for those of all matched matrices.
        """
        nodes = {pair.nodes[0]: pair.nodes[at] for pair in self.drawn}
        pins = [
            replace(pin, node=nodes[pin.node])
            for pin in self.views[0].selection.pins
            if pin.node in nodes and (drawn is None or nodes[pin.node] in drawn)
        ]
        return wire.Selection(self.drawn_subject.nodes[at], tuple(pins))

    def difference(self, other: int = 1) -> Scene:
        """The scene of the difference between another figure and the first, at the places of the first.

        Matrices that do not differ are left out, unless it is what the comparison is about.

        Args:
            other: number of the other figure.
        """
        cells = dict(self._difference_cells(other))
        place = difference_layout(self.layouts[0], cells)
        drawn = {face.node for face in place.faces}
        graph = self.programs[0].drawn.graph
        view = replace(self.looks[0], selection=self.selection(0, cells))
        alone = view.isolated if view.isolated in drawn else None
        results = {node: values.Result(cells[node], "float64") for node in drawn}
        scene = join(
            graph, values.Values(results), self._difference_facts(other, drawn), [place],
            view=replace(view, isolated=alone, hidden=(), faded=()),
            scales=self.difference_scales(other, drawn, self.scale), title=f"{LETTERS[other]} − {LETTERS[0]}",
        )  # fmt: skip
        matrices = [replace(matrix, operation="", inputs=[]) for matrix in scene.head.matrices]
        return Scene(replace(scene.head, matrices=matrices, terms=[]), scene.buffers, scene.shown)

    def differs(self, other: int = 1) -> bool:
        """Whether what the comparison is about differs in any cell."""
        return Difference(*self._cells(self.drawn_subject, other)).differing() > 0

    def has_own_scale(self, other: int, choice: ScaleChoice) -> bool:
        """Whether the difference of what the comparison is about is on a scale of its own.

        Args:
            other: number of the other figure.
            choice: of the scales.
        """
        node = self.drawn_subject.nodes[0]
        largest = Difference(*self._cells(self.drawn_subject, other)).largest
        shared = self._one_scale[0][node][self.views[0].style.sensitivity]
        return choice == "own" or _is_small(largest, shared)

    @cached_property
    def drawn_subject(self) -> Matched:
        """The drawn matrix that the comparison is about: the first head of one that has heads."""
        faces = self.listed
        own = next((pair for pair in faces if pair.name == self.subject.name), None)
        of_heads = (pair for pair in faces if pair.name.startswith(f"{self.subject.name}["))
        other = faces[-1] if faces and self.name is None else None
        match = own or next(of_heads, None) or other
        if match is None:
            raise DataError(
                f"{self.subject.name} is not drawn in all of these figures",
                hint='open the steps behind the results: fig.layout(sheets="open")',
            )
        return match

    @cached_property
    def listed(self) -> list[Matched]:
        """The named matrices that have a face in every figure."""
        faces = [{face.node for face in place.faces} for place in self.layouts]
        return [
            pair for pair in self.drawn
            if pair.is_named and all(node in shown for node, shown in zip(pair.nodes, faces, strict=True))
        ]  # fmt: skip

    def anchor(self, at: int) -> tuple[float, float, float]:
        """The middle of what the comparison is about, in the world of one figure."""
        node = self.drawn_subject.nodes[at]
        face = next(face for face in self.layouts[at].faces if face.node == node)
        x, y, z = np.mean(layout.face_corners(face), axis=0).tolist()
        return x, y, z

    def _cells(self, pair: Matched, other: int) -> tuple[Cells, Cells]:
        first, second = self.programs[0].parts, self.programs[other].parts
        return first[pair.nodes[0]].cells, second[pair.nodes[other]].cells

    def _difference_cells(self, other: int) -> Iterator[tuple[int, Cells]]:
        """What is drawn of each difference, by node of the first figure."""
        for pair in self.drawn:
            whole = Difference(*self._cells(pair, other))
            if len(whole.values.shape) <= 2 and (pair == self.drawn_subject or whole.differing()):
                yield pair.nodes[0], as_matrix(whole.cells)

    def _difference_facts(self, other: int, drawn: Collection[int]) -> dict[int, Facts]:
        cells = dict(self._difference_cells(other))
        return {node: _facts(cells[node]) for node in drawn}

    def difference_scales(
        self, other: int, drawn: Collection[int], choice: ScaleChoice
    ) -> dict[int, dict[str, Scale]]:
        """The scales of a difference: those of the figures, or its own where it would be too dim on them.

        Args:
            other: number of the other figure.
            drawn: nodes of the first figure.
            choice: with ``own`` always its own.
        """
        result = {}
        for node, fact in self._difference_facts(other, drawn).items():
            own = scales.scales_of(scales.magnitudes_of(fact.whole), graph_max=fact.whole.largest or 0.0)
            shared, largest = self._one_scale[0][node], fact.whole.largest or 0.0
            result[node] = {
                name: own[name] if choice == "own" or _is_small(largest, scale) else scale
                for name, scale in shared.items()
            }
        return result


def difference_layout(place: Layout, cells: Mapping[int, Cells]) -> Layout:
    """The faces of some matrices at their places, each by itself: a difference is no product of the others.

    Args:
        place: of all faces.
        cells: the matrices that are drawn, by node.
    """
    chosen = [
        face for face in place.faces if face.node in cells and face.cover is None and face.part is None
    ]  # fmt: skip
    first = {face.node: at for at, face in reversed(list(enumerate(chosen)))}
    faces = tuple(
        replace(
            face, id=at, chain=(face.node,), role="alone", box=None, sheet=0,
            alias_of=None if first[face.node] == at else first[face.node],
        )
        for at, face in enumerate(chosen)
    )  # fmt: skip
    root = place.faces[place.root_face].node
    return replace(place, faces=faces, boxes=(), links=(), root_face=first.get(root, 0))


def _is_small(largest: float, scale: Scale) -> bool:
    return 0 < largest < OWN_BELOW * scale.hi


def _joint(parts: Sequence[Mapping[str, Scale]]) -> Mapping[str, Scale]:
    """One scale of several: from the smallest lower end to the largest upper end."""
    names = parts[0] if parts else ()
    return {
        name: Scale(min(part[name].lo for part in parts), max(part[name].hi for part in parts))
        for name in names
    }


def _facts(cells: Cells) -> Facts:
    stats = values.stats(cells)
    return Facts(stats, values.spectrum(cells), stats)
