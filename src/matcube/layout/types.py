"""What a layout is made of: arrangements, options, faces and boxes in world coordinates.

World: right-handed, y up, one cell = one unit. Sizes and places only; no values.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, Protocol

from matcube.errors import OptionError

Vec = tuple[float, float, float]


@dataclass(frozen=True)
class Arrangement:
    """Where the three faces of one box lie; one of 16, written like ``-LTF``.

    Args:
        positive: polarity; negative: argument faces look outward, positive: inward.
        left_on_right: the left argument lies on the right side instead of the left.
        right_on_bottom: the right argument lies below instead of above.
        result_at_back: the result lies behind instead of in front.
    """

    positive: bool = False
    left_on_right: bool = False
    right_on_bottom: bool = False
    result_at_back: bool = False

    @classmethod
    def parse(cls, text: str) -> Arrangement:
        """Read ``-LTF`` (polarity, left argument L/R, right argument T/B, result F/B)."""
        code = text.strip().upper()
        pairs = ("+-", "LR", "TB", "FB")
        if len(code) != 4 or any(letter not in pair for letter, pair in zip(code, pairs, strict=True)):
            raise OptionError(
                f'"{text}" is not an arrangement',
                hint='four letters: polarity + or -, L or R, T or B, F or B, for example "-LTF"',
            )
        return cls(code[0] == "+", code[1] == "R", code[2] == "B", code[3] == "B")

    def __str__(self) -> str:
        return (
            ("+" if self.positive else "-")
            + ("R" if self.left_on_right else "L")
            + ("B" if self.right_on_bottom else "T")
            + ("B" if self.result_at_back else "F")
        )


@dataclass(frozen=True)
class LayoutOptions:
    """How a graph is laid out.

    Args:
        scheme: a row of ``layout.SCHEMES``: blocks, zigzag, wheel or custom.
        gap: cells between a face and the box it belongs to (1 to 64); None chooses from the sizes.
        scatter: cells by which child boxes are pushed away from their parent (0 to 128).
        molecule: only children of at least this many contractions are pushed.
        blast: the push is scatter * size**blast with size the child's contractions (-2 to 2); a negative one
            makes it scatter * (all - size)**-blast.
        root: arrangement of the root box.
        custom: arrangement by node id, for the scheme ``custom``.
        sheets: nodes whose faces have their sheets open, or "all"; a repeated picture opens none.
        splits: (node, its dimension, blocks): the dimension is drawn in so many blocks, or fewer.
        use_splits: (user, operand position, dimension of that operand, blocks): the same for one use, which
            goes before ``splits``. What is drawn behind a face is split as the face; transposes that are
            looked through count as uses of their operand 0.
        pull: heads that are taken out of their decks, by their number.
        parts: a box has a sheet of partial results to each block of its summed letter, up to so many; more
            would only hide one another.
        inside: a product, and the product in whose box it lies (backward): the same cube along other axes.
    """

    scheme: str = "blocks"
    gap: float | None = None
    scatter: float = 0.0
    molecule: int = 1
    blast: float = 0.0
    root: Arrangement = field(default_factory=Arrangement)
    custom: tuple[tuple[int, Arrangement], ...] = ()
    sheets: tuple[int, ...] | Literal["all"] = ()
    splits: tuple[tuple[int, int, int], ...] = ()
    use_splits: tuple[tuple[int, int, int, int], ...] = ()
    pull: tuple[int, ...] = ()
    parts: int = 8
    inside: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class Split:
    """Blocks along a letter: cell n stands ``n + gap * (n // length)`` cells from the outer edge.

    Args:
        length: cells of a block; the last one may be shorter.
        gap: empty cells between two blocks.
    """

    length: int
    gap: int

    def place(self, index: int) -> int:
        """Where a cell stands."""
        return index + self.gap * (index // self.length)

    def blocks(self, size: int) -> int:
        """How many blocks ``size`` cells make."""
        return -(-size // self.length)


class Placing(Protocol):
    """Whatever puts cells at places: a split, also as it travels."""

    def place(self, index: int) -> int:
        """Where a cell stands."""
        ...


def extent(size: int, split: Placing | None) -> int:
    """How many places ``size`` cells take, gaps between blocks included.

    Example:
        >>> extent(10, Split(length=4, gap=2)), extent(10, None)
        (14, 10)
    """
    return size if split is None or size == 0 else split.place(size - 1) + 1


Splits = tuple[Split | None, Split | None, Split | None]
FaceRole = Literal["result", "left", "right", "sheet", "alone"]


@dataclass(frozen=True)
class Face:
    """A matrix lying in the world.

    The displayed cell (r, c) covers ``origin + across*(c .. c+1) + down*(r .. r+1)``. With ``transposed``
    the displayed (r, c) is the node's own cell (c, r).

    Args:
        id: its place in ``Placement.faces``.
        node: the graph node whose values it shows (the last of its sheet chain, or one sheet).
        chain: node ids from this face's node down through its maps to the contraction, leaf or re-indexing
            below, the face's own first: ``(softmax, tril, divide, matmul)``; transposes are left out;
            a sheet has only itself.
        transposed: shown transposed; a vector's own form is 1 x n, so a column is a transposed vector.
        origin: world position of the outer corner of displayed cell (0, 0).
        across: unit step from a displayed column to the next.
        down: unit step from a displayed row to the next.
        rows, cols: displayed sizes.
        role: its part in ``box``; "result" wins over "left" and "right", for the face is both.
        box: the box that produces it, else the box it is an argument of, else None.
        row_letter, col_letter: what the displayed rows and columns are in that box: i, j or k.
        sheet: 0 for the face, 1, 2, ... for sheets behind it: down its chain, a map's other operands
            (bias, scale, residual) after the map; on the way to the box, or outwards where there is none.
        alias_of: the face that owns the picture of the same node, when this is a further use.
        row_split, col_split: blocks of the displayed rows and columns, or None; then ``origin + across*c``
            holds with the place of c.
        cover: the face that shows these cells at the same places; this one is not drawn.
        part: of a sheet of partial results: the block of k (counted from k = 0) whose products it sums;
            ``node`` is then the contraction, and the face stands in its box.
    """

    id: int
    node: int
    chain: tuple[int, ...]
    transposed: bool
    origin: Vec
    across: Vec
    down: Vec
    rows: int
    cols: int
    role: FaceRole
    box: int | None
    row_letter: str
    col_letter: str
    sheet: int = 0
    alias_of: int | None = None
    row_split: Split | None = None
    col_split: Split | None = None
    cover: int | None = None
    part: int | None = None

    @property
    def high(self) -> int:
        """Places from top to bottom: rows, and gaps between blocks."""
        return extent(self.rows, self.row_split)

    @property
    def wide(self) -> int:
        """Places from side to side."""
        return extent(self.cols, self.col_split)


@dataclass(frozen=True)
class Box:
    """One contraction as a box: the product of cells (i, k) and (k, j) lies at (i, j, k) inside.

    Product (i, j, k) is centred at ``corner + i_step*(i+.5) + j_step*(j+.5) + k_step*(k+.5)``.

    Args:
        id: its place in ``Placement.boxes``.
        node: the contraction.
        transposed: the operands have changed places: the box shows (A @ B).T as B.T @ A.T, the second operand
            on the left. Left and right are as displayed: left @ right, as displayed, is what the box makes.
        left, right, result: ids of its faces (result: the face of the whole sheet chain).
        corner: world position of the outer corner of product (0, 0, 0).
        i_step, j_step, k_step: unit world steps.
        sizes: (I, J, K) as displayed.
        arrangement: where its faces lie.
        parent: the box that takes its result, or None; a parallel box has the parent of the box before it.
        splits: blocks along i, j and k, each or None; then places count, not indices.
    """

    id: int
    node: int
    transposed: bool
    left: int
    right: int
    result: int
    corner: Vec
    i_step: Vec
    j_step: Vec
    k_step: Vec
    sizes: tuple[int, int, int]
    arrangement: Arrangement
    parent: int | None
    splits: Splits = (None, None, None)

    @property
    def extents(self) -> tuple[int, int, int]:
        """Places along i, j and k."""
        i, j, k = (extent(size, split) for size, split in zip(self.sizes, self.splits, strict=True))
        return i, j, k


@dataclass(frozen=True)
class Link:
    """A line from a product's face to the face of an elementwise or moving node that also takes it.

    The product stands parallel behind that face, or elsewhere when it was used before (a residual).
    """

    from_face: int
    to_face: int


@dataclass(frozen=True)
class Placement:
    """Where everything lies; faces that coincide in the picture are one face.

    Args:
        options: what was asked for.
        gap: cells between a face and the body it belongs to, as chosen.
        faces: a stand's face, then its open sheets; parents before children, left before right.
        boxes: in the same order, so the root's box is the first.
        links: lines between faces.
        root_face: the face of the figure's root.
    """

    options: LayoutOptions
    gap: float
    faces: tuple[Face, ...]
    boxes: tuple[Box, ...]
    links: tuple[Link, ...]
    root_face: int
