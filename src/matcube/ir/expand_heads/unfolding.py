"""Unfolding of a tensor into matrices: dimensions that become copies, rows and columns of a copy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import prod

from matcube.ir.graph import Shape

Dims = tuple[int, ...]


@dataclass(frozen=True)
class Unfolding:
    """How a tensor is unfolded into vectors and matrices.

    Args:
        stack: dimensions that become copies, ascending; copies are counted in their C order.
        groups: dimensions of each side of a copy, outermost first, at most two sides: ``((1,), (0, 2))`` is
            i × (h d) for a node (h, i, d).
    """

    stack: Dims
    groups: tuple[Dims, ...]

    @property
    def dims(self) -> Dims:
        """All dimensions in the order of copies, rows, columns."""
        return (*self.stack, *(dim for group in self.groups for dim in group))

    @property
    def letters(self) -> tuple[str, ...]:
        """The letters of a copy: i and j of a matrix, j of a vector."""
        return ("i", "j")[2 - len(self.groups) :]

    def count(self, shape: Shape) -> int:
        """The number of copies."""
        return prod(shape[dim] for dim in self.stack)

    def sizes(self, shape: Shape) -> Shape:
        """The shape of one copy."""
        return tuple(prod(shape[dim] for dim in group) for group in self.groups)

    def places(self, shape: Shape) -> Iterator[dict[int, int]]:
        """The index along each dimension of the stack, copy by copy."""
        for number in range(self.count(shape)):
            place = {}
            for dim in reversed(self.stack):
                number, place[dim] = divmod(number, shape[dim])
            yield {dim: place[dim] for dim in self.stack}

    def number(self, shape: Shape, at: Mapping[int, int]) -> int:
        """The index of the copy at these indices of the stack."""
        result = 0
        for dim in self.stack:
            result = result * shape[dim] + at[dim]
        return result

    def renamed(self, names: Mapping[int, Dims]) -> Unfolding:
        """The same copies in terms of other dimensions; each dimension becomes those of ``names``."""
        stack = tuple(new for dim in self.stack for new in names[dim])
        return Unfolding(
            stack, tuple(tuple(new for dim in group for new in names[dim]) for group in self.groups)
        )


def plain(rank: int) -> Unfolding:
    """The unfolding of a vector or a matrix as itself."""
    return Unfolding((), tuple((dim,) for dim in range(rank)))


def usual(rank: int) -> Unfolding:
    """The unfolding with all dimensions but the last two as copies."""
    first = max(0, rank - 2)
    return Unfolding(tuple(range(first)), tuple((dim,) for dim in range(first, rank)))


def ordered(form: Unfolding, shape: Shape, copies: Sequence[int]) -> tuple[Unfolding, tuple[int, ...]]:
    """The form with its stack ascending, and the copies in that order.

    Args:
        form: an unfolding.
        shape: the node's shape.
        copies: ids in the order of ``form``.
    """
    sorted_form = Unfolding(tuple(sorted(form.stack)), form.groups)
    if sorted_form == form:
        return form, tuple(copies)
    return sorted_form, tuple(copies[form.number(shape, at)] for at in sorted_form.places(shape))
