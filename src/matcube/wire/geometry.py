"""A layout: faces, boxes and links in world coordinates; one cell is one unit."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

Vec3 = tuple[float, float, float]
FaceRole = Literal["result", "left", "right", "sheet", "alone"]


class Split(Struct, frozen=True):
    """Blocks along a letter: cell n is at place ``n + gap * (n // length)``, counted from the outer edge.

    Args:
        length: cells of a block; the last one may be shorter.
        gap: empty cells between two blocks.
    """

    length: int
    gap: int

    def place(self, index: int) -> int:
        """The place of a cell."""
        return index + self.gap * (index // self.length)

    def blocks(self, size: int) -> int:
        """The number of blocks of ``size`` cells."""
        return -(-size // self.length)


def extent(size: int, split: Split | None) -> int:
    """The number of places of ``size`` cells, gaps between blocks included.

    Example:
        >>> extent(10, Split(length=4, gap=2)), extent(10, None)
        (14, 10)
    """
    return size if split is None or size == 0 else split.place(size - 1) + 1


Splits = tuple[Split | None, Split | None, Split | None]


class Face(Struct, frozen=True):
    """A matrix as a rectangle in the world.

    The displayed cell (r, c) covers ``origin + across*(c .. c+1) + down*(r .. r+1)``. With ``transposed``
    the displayed (r, c) is the node's own cell (c, r).

    Args:
        id: its index in ``Layout.faces``.
        node: the graph node whose values it shows.
        chain: node ids from this face's node through its maps to the contraction, leaf or re-indexing under
            them: ``(softmax, tril, divide, matmul)``; transposes are left out; a sheet has only itself.
        transposed: shown transposed; a vector's own form is 1 x n, so a column is a transposed vector.
        origin: world position of the outer corner of displayed cell (0, 0).
        across: unit step from a displayed column to the next.
        down: unit step from a displayed row to the next.
        rows, cols: displayed sizes.
        role: its role in ``box``; "result" for a face that is also an argument of another box.
        box: the box that produces it, else the box it is an argument of, else None.
        row_letter, col_letter: letters of the displayed rows and columns in that box: i, j or k.
        sheet: 0 for the face, 1, 2, ... for sheets behind it: along its chain, a map's other operands
            (bias, scale, residual) after the map; towards the box, or outwards without a box.
        alias_of: the first face of the same node, on a further use of it; else None.
        row_split, col_split: blocks of the displayed rows and columns, or None; then ``origin + across*c``
            holds with the place of c.
        cover: the face that shows these cells at the same places; this one is not drawn.
        part: of a sheet of partial results: the block of k (counted from k = 0) whose products it sums;
            ``node`` is then the contraction, and ``box`` its box.
    """

    id: int
    node: int
    chain: tuple[int, ...]
    transposed: bool
    origin: Vec3
    across: Vec3
    down: Vec3
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


class Box(Struct, frozen=True):
    """One contraction as a box: the product of cells (i, k) and (k, j) lies at (i, j, k) inside.

    Product (i, j, k) is centred at ``corner + i_step*(i+.5) + j_step*(j+.5) + k_step*(k+.5)``.

    Args:
        id: its index in ``Layout.boxes``.
        node: the contraction.
        transposed: the operands are exchanged: the box shows (A @ B).T as B.T @ A.T, the second operand on
            the left. Left and right are as displayed: left @ right, as displayed, is the result.
        left, right, result: ids of its faces (result: the face of the whole sheet chain).
        corner: world position of the outer corner of product (0, 0, 0).
        i_step, j_step, k_step: unit world steps.
        sizes: (I, J, K) as displayed.
        arrangement: where its faces lie, written like ``-LTF``.
        parent: the box with its result as an argument, or None; a parallel box has the parent of the box in
            front of it.
        splits: blocks along i, j and k, each or None; then places count, not indices.
    """

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
    splits: Splits = (None, None, None)

    @property
    def extents(self) -> tuple[int, int, int]:
        """Places along i, j and k."""
        i, j, k = (extent(size, split) for size, split in zip(self.sizes, self.splits, strict=True))
        return i, j, k


class Link(Struct, frozen=True):
    """A line from a product's face to the face of an elementwise or re-indexing node with it as an operand.

    The product is parallel behind that face, or elsewhere when it has an earlier use (a residual).
    """

    from_face: int
    to_face: int


class Layout(Struct, frozen=True):
    """Positions of all faces and boxes; a saved page has several layouts over the same buffers.

    Args:
        key: its name among the layouts of a scene: the scheme, ``blocks+sheets`` with open sheets.
        scheme: a row of ``layout.SCHEMES``.
        sheets_open: whether faces show their sheets.
        gap: cells between a face and its box.
        faces: a branch's face, then its open sheets; parents before children, left before right.
        boxes: in the same order, so the root's box is the first.
        links: lines between faces.
        root_face: the face of the figure's root.
    """

    key: str
    scheme: str
    sheets_open: bool
    gap: float
    faces: tuple[Face, ...]
    boxes: tuple[Box, ...]
    links: tuple[Link, ...]
    root_face: int

    def box_of(self, face: Face) -> Box:
        """The box of a face that has one."""
        return next(box for box in self.boxes if box.id == face.box)
