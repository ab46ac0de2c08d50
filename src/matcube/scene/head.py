"""The scene's head: everything a picture needs besides the buffers, as versioned JSON.

These structs are the only declaration; the TypeScript types are generated from them.
Numbers that may be NaN or infinite never stand in the head: they live in buffers.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct, field

from matcube import layout
from matcube.scene.motion import Film
from matcube.scene.shares import Partition
from matcube.scene.view import View

VERSION = 1

# Fields of the head that travel once: whoever has one by its hash is not sent it again.
PARTS = ("axes", "matrices", "layouts", "palettes", "themes", "vocabulary", "terms", "cost")

Vec3 = tuple[float, float, float]


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


class Scale(Struct, frozen=True):
    """|v| = lo is the smallest magnitude drawn, |v| = hi is full brightness."""

    lo: float
    hi: float


class Histogram(Struct, frozen=True):
    """Counts of finite values in equal bins from ``low`` to ``high``."""

    low: float
    high: float
    counts: list[int]


class Spectrum(Struct, frozen=True):
    """Singular values, largest first (at most 64 of them), and the effective rank."""

    singular_values: list[float]
    effective_rank: float
    rank: int


class Stats(Struct, frozen=True):
    """What the panel says of a matrix; min, max, mean and std are over finite, unmasked cells."""

    min: float | None
    max: float | None
    mean: float | None
    std: float | None
    zeros: int
    nan: int
    pos_inf: int
    neg_inf: int
    masked: int
    histogram: Histogram | None
    spectrum: Spectrum | None


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


class Split(Struct, frozen=True):
    """Blocks along a letter: cell n stands ``n + gap * floor(n / length)`` cells from the outer edge."""

    length: int
    gap: int

    def place(self, index: int) -> int:
        """Where a cell stands."""
        return layout.Split(self.length, self.gap).place(index)

    def blocks(self, size: int) -> int:
        """How many blocks ``size`` cells make."""
        return layout.Split(self.length, self.gap).blocks(size)


class Face(Struct, frozen=True):
    """A matrix lying in the world; see ``matcube.layout.Face``, whose fields these are."""

    id: int
    node: int
    chain: list[int]
    transposed: bool
    origin: Vec3
    across: Vec3
    down: Vec3
    rows: int
    cols: int
    role: Literal["result", "left", "right", "sheet", "alone"]
    box: int | None
    row_letter: str
    col_letter: str
    sheet: int
    alias_of: int | None
    row_split: Split | None = None
    col_split: Split | None = None
    cover: int | None = None
    part: int | None = None

    @property
    def high(self) -> int:
        """Places from top to bottom: rows, and gaps between blocks."""
        return layout.extent(self.rows, self.row_split)

    @property
    def wide(self) -> int:
        """Places from side to side."""
        return layout.extent(self.cols, self.col_split)


class Box(Struct, frozen=True):
    """One contraction as a box; see ``matcube.layout.Box``, whose fields these are."""

    id: int
    node: int
    transposed: bool
    left: int
    right: int
    result: int
    corner: Vec3
    i_step: Vec3
    j_step: Vec3
    k_step: Vec3
    sizes: tuple[int, int, int]
    arrangement: str
    parent: int | None
    splits: tuple[Split | None, Split | None, Split | None] = (None, None, None)

    @property
    def extents(self) -> tuple[int, int, int]:
        """Places along i, j and k."""
        i, j, k = (layout.extent(size, split) for size, split in zip(self.sizes, self.splits, strict=True))
        return i, j, k


class Link(Struct, frozen=True):
    """A line from face to face that joins the parallel boxes of one elementwise node."""

    from_face: int
    to_face: int


class Layout(Struct, frozen=True):
    """One placement; a saved page carries several over the same buffers."""

    key: str
    scheme: str
    sheets_open: bool
    gap: float
    faces: list[Face]
    boxes: list[Box]
    links: list[Link]
    root_face: int


class Ink(Struct, frozen=True):
    """Colours of one theme; a colour is 0xRRGGBB in sRGB.

    ``negative`` and ``positive`` are tables over |v| from 0 to full brightness (64 entries each).
    """

    negative: list[int]
    positive: list[int]
    nan: int
    pos_inf: int
    neg_inf: int
    masked: int


class Palette(Struct, frozen=True):
    """A colour map: hue by sign; ``safe`` when it is told apart with a colour-vision deficiency."""

    name: str
    help: str
    safe: bool
    dark: Ink
    light: Ink


class Theme(Struct, frozen=True):
    """Ground and line colours, 0xRRGGBB in sRGB, and the sizes of dots on that ground.

    ``sizes`` is the table u(|v|) of dot areas as shares of a cell, 64 entries over |v| up to full brightness.
    """

    name: Literal["dark", "light"]
    ground: int
    text: int
    muted: int
    guide: int
    left: int
    right: int
    accent: int
    sizes: list[float]


class Choice(Struct, frozen=True):
    """A named choice with its one-line help, as the panel shows it."""

    name: str
    help: str


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


class Parameter(Struct, frozen=True):
    """A parameter of an operation; ``default`` is None when it must be written or is no single number."""

    name: str
    type: Literal["int", "float", "bool", "ints"]
    default: float | None
    min: float | None
    max: float | None
    help: str


class Operation(Struct, frozen=True):
    """An operation of the language; ``operands`` is how many matrices it takes, -1 for any number."""

    name: str
    kind: Literal["map", "initialiser", "reindex"]
    help: str
    parameters: list[Parameter]
    operands: int = 1


class Vocabulary(Struct, frozen=True):
    """All that a panel offers; the viewer itself knows none of these names."""

    operations: list[Operation]
    schemes: list[Choice]
    sensitivities: list[Choice]
    algorithms: list[Choice]
    presets: list[Choice] = field(default_factory=list)


class NodeCost(Struct, frozen=True):
    """What a node of the program costs: operations, bytes moved, operations per byte, cells to learn.

    Counted by ``matcube.cost`` as it does by default: multiply_add, cells of float32. ``name`` is the
    program's own; of all heads together where it has heads, and ``node`` is then the first of them that is
    drawn, -1 where none is. ``text`` says it beside the matrix when the style asks for costs; "" where there
    is nothing to say.
    """

    node: int
    name: str
    flops: int
    bytes: int
    intensity: float | None
    parameters: int
    text: str = ""


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
