"""Layout tree, before positions are solved: branches, their sheets and joins."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from matcube.layout.operands import Product, Show
from matcube.layout.splits import Amount, Blocks
from matcube.layout.types import Arrangement

Where = Literal["root", "left", "right", "behind", "head", "whole"]


@dataclass(frozen=True)
class Sheet:
    """A matrix on or behind a face: a node, how it is shown, its blocks of rows and columns."""

    node: int
    show: Show
    rows: int
    cols: int
    blocks: Blocks = (1, 1)


@dataclass
class Branch:
    """A face with its sheets, its box and its child branches.

    Args:
        id: its place in ``Plan.branches``; parents come before children.
        face: the matrix on the face.
        where: a root; left or right argument of the parent's box; behind the parent's face; a head of the
            matrix on the parent's face; or the whole matrix of which the parent's face is a section.
        parent: id of the parent branch, or None.
        arrangement: of the faces of its box.
        box_count: number of boxes drawn with it.
        owner: whether it is its node's own picture; else it repeats another.
        chain: the node of the face and the nodes below it, down to the box, leaf or re-indexing.
        stack: sheets behind the face.
        product: its box, or None.
        made: the result of its box, before any maps.
        k_blocks: blocks of the summed letter of its box.
        left: id of the left child, or -1; likewise ``right``, ``behind``, ``heads`` and ``whole``.
        decks: the decks it is in, the outermost first; each is the node that joins the heads.
        place: number of its head in the innermost deck; of a whole, number of the block of head 0.
        model: id of its counterpart in head 0, from which it is pitches away; -1 in head 0 and outside decks.
    """

    id: int
    face: Sheet
    where: Where
    parent: int | None
    arrangement: Arrangement
    box_count: int
    owner: bool = True
    chain: tuple[int, ...] = ()
    stack: tuple[Sheet, ...] = ()
    product: Product | None = None
    made: Sheet | None = None
    k_blocks: Amount = 1
    left: int = -1
    right: int = -1
    behind: list[int] = field(default_factory=list)
    heads: list[int] = field(default_factory=list)
    whole: int = -1
    decks: tuple[int, ...] = ()
    place: int = 0
    model: int = -1


@dataclass(frozen=True)
class Plan:
    """The layout tree.

    Args:
        branches: parents before children.
        roots: ids of branches without a parent.
        joins: lines between faces, as pairs of branches.
        heads: number of heads by deck.
    """

    branches: tuple[Branch, ...]
    roots: tuple[int, ...]
    joins: tuple[tuple[int, int], ...]
    heads: dict[int, int] = field(default_factory=dict)

    def model(self, branch: Branch) -> Branch:
        """The counterpart of a branch in head 0; the branch itself in head 0 and outside decks."""
        return branch if branch.model < 0 else self.branches[branch.model]


@dataclass(frozen=True)
class Pending:
    """A branch yet to be made, the first of head ``place`` of ``deck`` if that is given."""

    node: int
    show: Show
    where: Where
    parent: int | None
    draws: bool
    blocks: Blocks
    deck: int | None = None
    place: int = 0


def attach(above: Branch, branch: Branch) -> None:
    """Add a branch to its parent."""
    if branch.where == "left":
        above.left = branch.id
    elif branch.where == "right":
        above.right = branch.id
    elif branch.where == "head":
        above.heads.append(branch.id)
    elif branch.where == "whole":
        above.whole = branch.id
    else:
        above.behind.append(branch.id)
