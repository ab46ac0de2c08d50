"""The letters of a product with heads: which are copies, which run down, across and along the sum."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from matcube.ir.graph import Shape
from matcube.ir.spec import IndexSpec
from matcube.ir.unstack.forms import Form

Letters = tuple[str, ...]


@dataclass(frozen=True)
class Roles:
    """Letters by what they do in a product of two operands; ``alone`` have size 1 and are in one operand."""

    batch: Letters
    rows: Letters
    cols: Letters
    summed: Letters
    alone: Letters

    def in_order(self, spec: IndexSpec, homes: Sequence[Form | None]) -> Roles:
        """Several rows or columns in the order in which an operand has them already."""

        def sorted_as(side: Letters, letters: Letters, home: Form | None) -> Letters:
            for group in () if home is None else home.groups:
                own = tuple(letters[dim] for dim in group)
                if sorted(own) == sorted(side):
                    return own
            return side

        left, right = zip(spec.inputs, homes, strict=True)
        return replace(self, rows=sorted_as(self.rows, *left), cols=sorted_as(self.cols, *right))

    def operand(self, letters: Letters) -> Form:
        """How an operand is wanted: a copy for each index of the batch, and its letters as two sides."""
        stack = tuple(dim for dim, letter in enumerate(letters) if letter in (*self.batch, *self.alone))
        sides = (
            tuple(letters.index(letter) for letter in side if letter in letters)
            for side in (self.rows, self.cols, self.summed)
        )
        return Form(stack, _by_place(tuple(side for side in sides if side)))

    def result(self, output: Letters) -> Form:
        """How the result is drawn."""
        stack = tuple(dim for dim, letter in enumerate(output) if letter in self.batch)
        sides = (tuple(output.index(letter) for letter in side) for side in (self.rows, self.cols))
        return Form(stack, _by_place(tuple(side for side in sides if side)))

    def spec(self, whole: IndexSpec, result: Form, operands: Sequence[Form]) -> IndexSpec:
        """The letters of one copy: those of the program where each side is one letter."""
        sides = {"i": self.rows, "j": self.cols, "k": self.summed}

        def named(letters: Letters, form: Form) -> Letters:
            found = []
            for group in form.groups:
                first = letters[group[0]]
                role = next(role for role, side in sides.items() if first in side)
                found.append(first if all(len(side) <= 1 for side in sides.values()) else role)
            return tuple(found)

        inputs = tuple(named(*pair) for pair in zip(whole.inputs, operands, strict=True))
        return IndexSpec(inputs, named(whole.output, result))


def roles(spec: IndexSpec, shapes: Sequence[Shape]) -> Roles | None:
    """What each letter of a product does, or None where it is no box for any head."""
    if len(spec.inputs) != 2 or any(len(set(one)) < len(one) for one in (*spec.inputs, spec.output)):
        return None
    left, right = spec.inputs
    sizes = {
        letter: size
        for one, shape in zip(spec.inputs, shapes, strict=True)
        for letter, size in zip(one, shape, strict=True)
    }
    alone = tuple(
        letter
        for letter in dict.fromkeys((*left, *right))
        if letter not in spec.output and not (letter in left and letter in right)
    )
    if any(sizes[letter] != 1 for letter in alone):
        return None
    found = Roles(
        batch=tuple(letter for letter in spec.output if letter in left and letter in right),
        rows=tuple(letter for letter in spec.output if letter in left and letter not in right),
        cols=tuple(letter for letter in spec.output if letter in right and letter not in left),
        summed=tuple(letter for letter in left if letter in right and letter not in spec.output),
        alone=alone,
    )
    return found if found.rows or found.cols or found.summed or not found.batch else None


def _by_place(sides: tuple[tuple[int, ...], ...]) -> tuple[tuple[int, ...], ...]:
    """Sides of one letter each stand as the node has them."""
    return tuple(sorted(sides)) if all(len(side) == 1 for side in sides) else sides
