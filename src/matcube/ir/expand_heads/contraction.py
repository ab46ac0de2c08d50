"""Roles of the letters of a product with heads: copies, rows, columns and the sum of the box of one head."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from matcube.ir.expand_heads.unfolding import Unfolding
from matcube.ir.graph import Shape
from matcube.ir.spec import IndexSpec, Letters, Roles


@dataclass(frozen=True)
class BoxRoles(Roles):
    """The roles of a product with a box for each head; ``dropped`` letters have size 1."""

    def in_order(self, spec: IndexSpec, homes: Sequence[Unfolding | None]) -> BoxRoles:
        """The same roles, with row and column letters in the order of an operand that is drawn already."""

        def sorted_as(side: Letters, letters: Letters, home: Unfolding | None) -> Letters:
            for group in () if home is None else home.groups:
                own = tuple(letters[dim] for dim in group)
                if sorted(own) == sorted(side):
                    return own
            return side

        left, right = zip(spec.inputs, homes, strict=True)
        return replace(self, rows=sorted_as(self.rows, *left), cols=sorted_as(self.cols, *right))

    def operand(self, letters: Letters) -> Unfolding:
        """The unfolding an operand needs: a copy for each batch index, and its letters as two sides."""
        stack = tuple(dim for dim, letter in enumerate(letters) if letter in (*self.batch, *self.dropped))
        sides = (
            tuple(letters.index(letter) for letter in side if letter in letters)
            for side in (self.rows, self.cols, self.summed)
        )
        return Unfolding(stack, tuple(sorted(side for side in sides if side)))

    def result(self, output: Letters) -> Unfolding:
        """The unfolding of the result."""
        stack = tuple(dim for dim, letter in enumerate(output) if letter in self.batch)
        sides = (tuple(output.index(letter) for letter in side) for side in (self.rows, self.cols))
        return Unfolding(stack, _by_place(tuple(side for side in sides if side)))

    def spec(self, whole: IndexSpec, result: Unfolding, operands: Sequence[Unfolding]) -> IndexSpec:
        """The letters of one copy: those of the program if each side is one letter, else i, j and k.

        Args:
            whole: the spec of the program's node.
            result: the unfolding of the result.
            operands: the unfoldings of the operands.
        """
        sides = {"i": self.rows, "j": self.cols, "k": self.summed}

        def named(letters: Letters, form: Unfolding) -> Letters:
            names = []
            for group in form.groups:
                first = letters[group[0]]
                role = next(role for role, side in sides.items() if first in side)
                names.append(first if all(len(side) <= 1 for side in sides.values()) else role)
            return tuple(names)

        inputs = tuple(named(*pair) for pair in zip(whole.inputs, operands, strict=True))
        return IndexSpec(inputs, named(whole.output, result))


def roles_of(spec: IndexSpec, shapes: Sequence[Shape]) -> BoxRoles | None:
    """The role of each letter of a product, or None where its heads are no boxes."""
    roles = spec.roles
    if roles is None:
        return None
    pairs = [zip(letters, shape, strict=True) for letters, shape in zip(spec.inputs, shapes, strict=True)]
    if any(size != 1 for pair in pairs for letter, size in pair if letter in roles.dropped):
        return None
    is_box = roles.rows or roles.cols or roles.summed or not roles.batch
    return BoxRoles(**vars(roles)) if is_box else None


def _by_place(sides: tuple[tuple[int, ...], ...]) -> tuple[tuple[int, ...], ...]:
    """The sides in the order of the node's dimensions, if each is one letter."""
    return tuple(sorted(sides)) if all(len(side) == 1 for side in sides) else sides
