"""The panels of a comparison in reading order: the figures, then the differences from the first."""

from __future__ import annotations

from typing import NamedTuple

from matcube.engine.comparison import MOST_PANELS, Compared, NodesScales
from matcube.engine.difference import Change, decimals_of, texts
from matcube.engine.matching import LETTERS, Matched
from matcube.ir.shapes import shape_text
from matcube.wire import Changed, ComparedMatrix, Comparison, NodeScales, Pair, Panel, Rescaled, ScaleChoice
from matcube.wire.container import Scene

TOP = 20  # cells of each sign in the list of a page
MOST_LISTED = 24


class Panels(NamedTuple):
    """What a page or a picture of a comparison shows."""

    comparison: Comparison
    scenes: tuple[Scene, ...]


def panels_of(compared: Compared, titles: tuple[str, ...]) -> Panels:
    """The panels of a comparison, with the cells that differ most.

    Args:
        compared: the figures.
        titles: of the figures.
    """
    count = len(compared.views)
    others = range(1, count) if 2 * count - 1 <= MOST_PANELS else range(0)
    subject, listed = compared.drawn_subject, _listed(compared)
    scenes = [compared.scene(at) for at in range(count)]
    now, then = compared.scale, compared.other_scale
    panels = [
        Panel(
            LETTERS[at], titles[at], _title(compared, now), [], compared.anchor(at),
            [pair.nodes[at] for pair in listed],
            _rescaled(_title(compared, then), scenes[at], compared.scales(then)[at]),
        )
        for at in range(count)
    ]  # fmt: skip
    for other in others:
        scene = compared.difference(other)
        drawn = {face.node for face in scene.head.layouts[0].faces}
        nodes = [pair.nodes[0] if pair.nodes[0] in drawn else -1 for pair in listed]
        differs = compared.differs(other)
        signs = [f"{letter} larger" for letter in (LETTERS[other], LETTERS[0])] if differs else []
        letter, note = f"{LETTERS[other]} − {LETTERS[0]}", _note(compared, other, now)
        scales = compared.difference_scales(other, drawn, then)
        rescaled = _rescaled(_note(compared, other, then), scene, scales)
        panels.append(Panel(letter, "", note, signs, compared.anchor(0), nodes, rescaled))
        scenes.append(scene)
    matrices = [
        ComparedMatrix(pair.name, [_pair(compared, pair, other) for other in range(1, count)])
        for pair in listed
    ]
    title = " and ".join(dict.fromkeys(titles))
    return Panels(Comparison(title, now, panels, matrices, listed.index(subject)), tuple(scenes))


def _listed(compared: Compared) -> list[Matched]:
    """What the page lists: at most so many, what the comparison is about among them."""
    listed = compared.listed
    first = [compared.drawn_subject]
    return [pair for pair in listed if pair in (first + [p for p in listed if p not in first])[:MOST_LISTED]]


def _title(compared: Compared, choice: ScaleChoice) -> str:
    """What the panel of a figure says under its title."""
    subject = compared.drawn_subject
    size = shape_text(compared.programs[0].drawn.graph[subject.nodes[0]].shape)
    return f"{subject.name} {size}{' · own scale' if choice == 'own' else ''}"


def _rescaled(note: str, scene: Scene, scales: NodesScales) -> Rescaled:
    """A panel with the other choice of scales: those of its matrices that change."""
    changed = [
        NodeScales(matrix.node, dict(scales[matrix.node]))
        for matrix in scene.head.matrices
        if matrix.pooled is None and dict(scales.get(matrix.node, matrix.scales)) != matrix.scales
    ]
    return Rescaled(note, changed)


def _note(compared: Compared, other: int, choice: ScaleChoice) -> str:
    """What the panel of a difference says beside its colours."""
    if not compared.differs(other):
        return f"no cell of {compared.drawn_subject.name} differs"
    return "own scale" if compared.has_own_scale(other, choice) else ""


def _pair(compared: Compared, pair: Matched, other: int) -> Pair:
    table = compared.differences(pair.name, top=TOP, other=other, each_sign=True)
    decimals = decimals_of(table)
    cells = [_changed(row, table.largest, decimals) for row in table]
    return Pair(*table.letters, facts=table.facts, cells=cells)


def _changed(change: Change, largest: float, decimals: int) -> Changed:
    row, col = (0, 0, *change.cell)[-2:]
    row_label, col_label = ("", "", *(label or "" for label in change.labels))[-2:]
    share = change.difference / largest if largest else 0.0
    share = share if -1 <= share <= 1 else 0.0
    return Changed(row, col, row_label, col_label, *texts(change, decimals), share)
