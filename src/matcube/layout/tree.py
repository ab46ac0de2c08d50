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
    """A matrix behind a face: a node, how it is shown, and in how many blocks of rows and columns."""

    node: int
    show: Show
    rows: int
    cols: int
    blocks: Blocks = (1, 1)


@dataclass
class Branch:
    """A face and all that hangs on it.

    Args:
        id: its place in ``Plan.branches``; parents come before children.
        face: what the face shows.
        where: the root of a figure, left or right argument of the parent's box, or behind the parent's face;
            a head of the matrix that the parent shows, or the whole that the parent is a part of.
        parent: the branch it belongs to, or None.
        arrangement: where the faces of its box lie.
        held: boxes drawn with it.
        owner: whether this is its node's own picture; else it repeats one.
        made: what its box makes, before any maps.
        k_blocks: blocks of the summed letter of its box.
        decks: the decks it is in, the outermost first; by the node that joins the heads.
        place: which head it is of the innermost deck; of a whole, which of its blocks head 0 has.
        model: the branch of head 0 whose place it has, pitches further; -1 of head 0 itself, and of no head.
    """

    id: int
    face: Sheet
    where: Where
    parent: int | None
    arrangement: Arrangement
    held: int
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
    """All branches, the roots among them, and joins from a face that shows a node to a branch's face.

    ``heads`` says how many heads each deck has.
    """

    branches: tuple[Branch, ...]
    roots: tuple[int, ...]
    joins: tuple[tuple[int, int], ...]
    heads: dict[int, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Wanted:
    """A branch still to be made; ``deck`` and ``place`` say which head of which deck begins with it."""

    node: int
    show: Show
    where: Where
    parent: int | None
    draws: bool
    blocks: Blocks
    deck: int | None = None
    place: int = 0


def attach(above: Branch, branch: Branch) -> None:
    """Note a branch at the one that it hangs on."""
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
