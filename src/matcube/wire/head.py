"""The scene's head: everything a picture needs besides the buffers, as versioned JSON.

These structs are the only declaration; the TypeScript types are generated from them.
Numbers that may be NaN or infinite never stand in the head: they live in buffers.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct, field

from matcube.wire.costs import NodeCost
from matcube.wire.devices import Partition
from matcube.wire.film import Film
from matcube.wire.geometry import Layout
from matcube.wire.looks import Palette, Theme
from matcube.wire.stats import Scale, Stats
from matcube.wire.view import View
from matcube.wire.vocabulary import Vocabulary

VERSION = 1

# Fields of the head that travel once: whoever has one by its hash is not sent it again.
PARTS = ("axes", "matrices", "layouts", "palettes", "themes", "vocabulary", "terms", "cost")


class Buffer(Struct, frozen=True):
    """Bytes addressed by their content.

    ``offset`` counts from the start of the buffer section; -1 when the bytes are not in this container
    (the reader has them, or asks for them by ``sha256``).
    """

    sha256: str
    dtype: Literal["f32", "f64", "f16", "u8"]
    length: int
    offset: int


class Axis(Struct, frozen=True):
    """A class of dimensions over the whole graph, with the names along it, if any."""

    id: int
    name: str
    size: int
    labels: list[str] | None


class Pooled(Struct, frozen=True):
    """A large matrix as averages of blocks of ``block`` cells (not always whole numbers).

    ``mean`` is f32, ``ink`` f16 pairs (u+, u-), ``flags`` u8: 1 where a block holds a NaN, 2 an infinity.
    ``ink`` belongs to one sensitivity, the one the scene was made with.
    """

    rows: int
    cols: int
    block: tuple[float, float]
    mean: str
    ink: str
    flags: str
    sensitivity: str


class Copy(Struct, frozen=True):
    """Which of several: matrix ``index`` of the ``count`` that node ``of`` of the program is drawn as."""

    of: int
    index: int
    count: int


class Matrix(Struct, frozen=True):
    """The values and facts of one node of the graph.

    ``values`` names an f32 or f64 buffer of rows x cols in C order; None for a hollow or pooled matrix.
    ``mask`` names a u8 buffer, 1 where a cell is masked out. One-dimensional nodes are 1 x n.
    ``operation`` is what made it, with a dot for each operand: "softmax(·)", "· / 8", "· @ ·"; "" for a leaf.
    ``copy`` is there where it is one head of several, which share their scales.
    """

    node: int
    name: str
    text: str
    operation: str
    rows: int
    cols: int
    dtype: str
    row_axis: int
    col_axis: int
    values: str | None
    pooled: Pooled | None
    mask: str | None
    hollow: bool
    scales: dict[str, Scale]
    stats: Stats | None
    inputs: list[int]
    copy: Copy | None = None


class Term(Struct, frozen=True):
    """One node of the program, drawn or not, as the panel's tree shows it.

    ``op`` is the operation or the initialiser by its name in the vocabulary ("" for a product or an array),
    with its numbers in ``parameters``; ``fill`` is how a leaf is written, without what its name gives it.
    ``axes`` are the ids of its dimensions' axes.
    """

    node: int
    name: str
    text: str
    kind: Literal["leaf", "array", "product", "map", "move"]
    op: str
    parameters: dict[str, float]
    fill: str
    shape: list[int]
    axes: list[int]
    inputs: list[int]


class Head(Struct, frozen=True):
    """The whole scene but for the bytes of its buffers.

    ``view`` is the state the scene was made from; ``cost`` has a row for every node of the program;
    ``partition`` is None when nothing is split. ``parts`` has the sha256 of the JSON of some fields, written
    when the head travels: a field that stands there and is missing is the one that the reader has by it.
    """

    version: int
    title: str
    view: View
    axes: list[Axis]
    matrices: list[Matrix]
    layouts: list[Layout]
    layout: str
    film: Film | None
    palettes: list[Palette]
    themes: list[Theme]
    vocabulary: Vocabulary
    buffers: list[Buffer]
    terms: list[Term] = field(default_factory=list)
    partition: Partition | None = None
    cost: list[NodeCost] = field(default_factory=list)
    parts: dict[str, str] = field(default_factory=dict)
