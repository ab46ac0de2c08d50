"""The scene's head: everything a picture needs besides the buffers, as versioned JSON.

Numbers that may be NaN or infinite are in buffers, never in the head.
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

# Fields of the head that a reader caches by their hash, and that are not sent again.
PARTS = ("axes", "matrices", "layouts", "palettes", "themes", "vocabulary", "terms", "cost")


class Buffer(Struct, frozen=True):
    """Bytes addressed by their content.

    ``offset`` counts from the start of the buffer section; -1 for bytes that are left out: the reader has
    them cached, or requests them by ``sha256``.
    """

    sha256: str
    dtype: Literal["f32", "f64", "f16", "u8"]
    length: int
    offset: int


class Axis(Struct, frozen=True):
    """A class of dimensions over the whole graph, with the names along it, if any.

    ``name`` is its address, ``x.rows``; ``title`` what a frame or an array of xarray calls it.
    """

    id: int
    name: str
    size: int
    labels: list[str] | None
    title: str | None = None


class Pooled(Struct, frozen=True):
    """A large matrix as averages of blocks of ``block`` cells (not always whole numbers).

    ``mean`` is f32, or f64 where f32 cannot hold it; ``ink`` has f16 pairs (u+, u-), the averages, and
    ``peaks`` those of the cell of largest magnitude in each block; ``flags`` u8: 1 for a block with a NaN, 2
    with an infinity. ``sensitivity`` is that of ``ink`` and ``peaks``.
    """

    rows: int
    cols: int
    block: tuple[float, float]
    mean: str
    ink: str
    flags: str
    peaks: str
    sensitivity: str


class Copy(Struct, frozen=True):
    """One head of several: matrix ``index`` of the ``count`` matrices of the program's node ``of``."""

    of: int
    index: int
    count: int


class Matrix(Struct, frozen=True):
    """The values and facts of one node of the graph.

    ``values`` names an f32 or f64 buffer of rows x cols in C order; None for a hollow or pooled matrix.
    ``mask`` names a u8 buffer, 1 where a cell is masked out. One-dimensional nodes are 1 x n.
    ``operation`` has a dot for each operand: "softmax(·)", "· / 8", "· @ ·"; "" for a leaf.
    ``copy`` is set for one head of several; all of them have the same scales.
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
    """One node of the program, drawn or not: a row of the panel's tree.

    ``op`` is the name of the operation or initialiser in the vocabulary ("" for a product or an array),
    ``parameters`` its numbers, ``fill`` the text of a leaf, without a seed that comes from its name, ``axes``
    the ids of its dimensions' axes.
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
    """The whole scene without the bytes of its buffers.

    ``view`` is the state it was made from; ``cost`` has a row for every node of the program; ``partition`` is
    None without splits. ``parts`` has the sha256 of the JSON of the fields that a reader caches; such a field
    may be left out of the scene bytes.
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

    def __repr__(self) -> str:
        return f"<Head {self.title!r}, {len(self.matrices)} matrices, version {self.version}>"
