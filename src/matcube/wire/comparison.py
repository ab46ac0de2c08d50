"""A comparison: several scenes side by side on one page, and the cells that differ most."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from matcube.wire.geometry import Vec3
from matcube.wire.stats import Scale

ScaleChoice = Literal["one", "own"]


class NodeScales(Struct, frozen=True):
    """The scales of one matrix of a panel."""

    node: int
    scales: dict[str, Scale]


class Rescaled(Struct, frozen=True):
    """What a panel has with the other choice of scales: its note, and the scales that are not the same.

    Averages of a large matrix were made on one scale; it has no other.
    """

    note: str
    scales: list[NodeScales]


class Panel(Struct, frozen=True):
    """One scene of the page; ``letter`` is A, B, … or ``B − A``.

    ``anchor`` is the middle of the compared matrix in the world: cameras are linked about it. ``nodes`` has
    the node of each of the compared matrices, -1 where it is not drawn. ``signs`` says what positive and
    negative mean in a difference: ``("B larger", "A larger")``; empty for a figure.
    """

    letter: str
    title: str
    note: str
    signs: list[str]
    anchor: Vec3
    nodes: list[int]
    other: Rescaled


class Changed(Struct, frozen=True):
    """One cell that differs: its place with the labels there, both values and the difference as text.

    ``share`` is the difference in parts of the largest, with its sign; 0 for NaN.
    """

    row: int
    col: int
    row_label: str
    col_label: str
    a: str
    b: str
    difference: str
    share: float


class Pair(Struct, frozen=True):
    """Two figures, and where a matrix differs: ``cells`` from the largest difference to the smallest."""

    a: str
    b: str
    facts: list[tuple[str, str]]
    cells: list[Changed]


class ComparedMatrix(Struct, frozen=True):
    """A matrix that all figures have, and how it differs between the first and each of the others."""

    name: str
    pairs: list[Pair]


class Comparison(Struct, frozen=True):
    """The page: its panels in reading order, the compared matrices, and which of them is shown first.

    ``scale`` says whether a matrix has one scale in all panels or each its own.
    """

    title: str
    scale: ScaleChoice
    panels: list[Panel]
    matrices: list[ComparedMatrix]
    subject: int
