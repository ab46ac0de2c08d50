"""The cells of a program's node that one drawn node shows: a head, or a slice of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Copy:
    """One of several vectors or matrices that show one node of the program.

    Args:
        of: the node of the program.
        index: its index among the copies of that node, in C order of ``at``.
        count: the number of copies.
        at: (dimension, index) for each stacked dimension: its head.
        groups: the dimensions of the node along each side, outermost first.
        cut: (side, start, stop) where only some of its rows or columns are shown.
        is_alone: whether no other copy is drawn.

    Example:
        >>> head = Copy(of=7, index=1, count=2, at=((0, 1),), groups=((1,), (2,)))
        >>> head.part(np.arange(12).reshape(2, 2, 3)).tolist()
        [[6, 7, 8], [9, 10, 11]]
    """

    of: int
    index: int
    count: int
    at: tuple[tuple[int, int], ...]
    groups: tuple[tuple[int, ...], ...]
    cut: tuple[int, int, int] | None = None
    is_alone: bool = False

    def part(self, values: NDArray[Any]) -> NDArray[Any]:
        """The copy's cells of the node's array; a view wherever strides allow it."""
        order = [dim for dim, _ in self.at] + [dim for group in self.groups for dim in group]
        head = np.transpose(values, order)[tuple(index for _, index in self.at)]
        sizes = [int(np.prod([values.shape[dim] for dim in group])) for group in self.groups]
        whole: NDArray[Any] = head.reshape(sizes)
        if self.cut is None:
            return whole
        side, start, stop = self.cut
        cut: NDArray[Any] = whole[(slice(None),) * side + (slice(start, stop),)]
        return cut
