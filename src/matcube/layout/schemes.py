"""Schemes: the arrangement of a child box, given its parent. A new scheme is one function and one row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from matcube.layout.types import Arrangement


@dataclass(frozen=True)
class Scheme:
    """A row of ``SCHEMES``.

    Args:
        name: the option's value.
        help: one line for the reader.
        child: arrangement of the left (True) or right (False) child of a box with a given arrangement.
    """

    name: str
    help: str
    child: Callable[[Arrangement, bool], Arrangement]


def blocks(parent: Arrangement, is_left: bool) -> Arrangement:
    """Convex and concave boxes alternate.

    Example:
        >>> str(blocks(Arrangement(), True)), str(blocks(Arrangement(), False))
        ('+LBB', '+RTB')
    """
    follows = parent.positive != parent.result_at_back
    if is_left:
        return _outside(parent, is_left, left=follows, right=not parent.right_on_bottom)
    return _outside(parent, is_left, left=not parent.left_on_right, right=follows)


def zigzag(parent: Arrangement, is_left: bool) -> Arrangement:
    """As blocks, but the side that does not follow the parent's depth is that of the parent, not flipped.

    Example:
        >>> str(zigzag(Arrangement(), True)), str(zigzag(Arrangement(), False))
        ('+LTB', '+LTB')
    """
    follows = parent.positive != parent.result_at_back
    if is_left:
        return _outside(parent, is_left, left=follows, right=parent.right_on_bottom)
    return _outside(parent, is_left, left=parent.left_on_right, right=follows)


def wheel(parent: Arrangement, is_left: bool) -> Arrangement:
    """The child copies its parent, so that each step turns by 90 degrees.

    Only the result's side differs where a copy would put the child inside its parent.

    Example:
        >>> str(wheel(Arrangement.parse("-LTB"), True)), str(wheel(Arrangement.parse("-LTF"), True))
        ('-LTB', '-LTB')
    """
    child = _outside(parent, is_left, left=parent.left_on_right, right=parent.right_on_bottom)
    return replace(child, positive=parent.positive)


def _outside(parent: Arrangement, is_left: bool, *, left: bool, right: bool) -> Arrangement:
    """Of the other polarity, with the body on the far side of the face shared with the parent."""
    side = parent.left_on_right if is_left else parent.right_on_bottom
    return Arrangement(
        positive=not parent.positive,
        left_on_right=left,
        right_on_bottom=right,
        result_at_back=parent.positive == side,
    )


SCHEMES: dict[str, Scheme] = {
    "blocks": Scheme("blocks", "convex and concave boxes alternate (compact; the default)", blocks),
    "zigzag": Scheme("zigzag", "boxes go on to one side, as a staircase", zigzag),
    "wheel": Scheme("wheel", "every box copies its parent, turned by 90 degrees: circular pictures", wheel),
    "custom": Scheme("custom", "every box may choose for itself; the others follow blocks", blocks),
}
