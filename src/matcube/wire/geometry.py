"""Faces, boxes and links of a layout in world coordinates, as they cross the border."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

Vec3 = tuple[float, float, float]


class Split(Struct, frozen=True):
    """Blocks along a letter: cell n stands ``n + gap * floor(n / length)`` cells from the outer edge."""

    length: int
    gap: int

    def place(self, index: int) -> int:
        """The place of a cell."""
        return index + self.gap * (index // self.length)

    def blocks(self, size: int) -> int:
        """How many blocks ``size`` cells make."""
        return -(-size // self.length)


def extent(size: int, split: Split | None) -> int:
    """How many places ``size`` cells take, gaps between blocks included.

    Example:
        >>> extent(10, Split(length=4, gap=2)), extent(10, None)
        (14, 10)
    """
    return size if split is None or size == 0 else split.place(size - 1) + 1


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
        return extent(self.rows, self.row_split)

    @property
    def wide(self) -> int:
        """Places from side to side."""
        return extent(self.cols, self.col_split)


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
        i, j, k = (extent(size, split) for size, split in zip(self.sizes, self.splits, strict=True))
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
