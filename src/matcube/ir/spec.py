"""Index specs: the letter of each dimension of the operands and of the result, ``"i k, k j -> i j"``."""

from __future__ import annotations

import re
from dataclasses import dataclass

from matcube.errors import GraphError

Letters = tuple[str, ...]

_WORD = re.compile(r"[^\W\d]\w*'*\Z")
_PIECE = re.compile(r"\([^()]*\)|[^\s()]+")


@dataclass(frozen=True)
class Group:
    """The letters inside brackets: an ordered composite ``(h d)`` or a sum ``(past + new)``.

    A plain letter is a group of itself. Only re-indexings have brackets.

    Example:
        >>> Group.of("(h d)").parts, Group.of("(past + new)").is_sum
        (('h', 'd'), True)
    """

    parts: tuple[str, ...]
    is_sum: bool = False

    @classmethod
    def of(cls, letter: str) -> Group:
        """The group of a letter, which may be in brackets."""
        if not letter.startswith("("):
            return cls((letter,))
        inner = letter[1:-1]
        if "+" in inner:
            return cls(tuple(part.strip() for part in inner.split("+")), is_sum=True)
        return cls(tuple(inner.split()))

    def __str__(self) -> str:
        if len(self.parts) == 1 and not self.is_sum:
            return self.parts[0]
        return "(" + (" + " if self.is_sum else " ").join(self.parts) + ")"


@dataclass(frozen=True)
class Roles:
    """The letters of a product of two operands by role, each in the order of the spec.

    Args:
        batch: in both operands and in the result (``h``).
        rows: in the left operand and in the result (``i``).
        cols: in the right operand and in the result (``j``).
        summed: in both operands and not in the result (``k``).
        dropped: in one operand alone, and summed there.
    """

    batch: Letters
    rows: Letters
    cols: Letters
    summed: Letters
    dropped: Letters

    @property
    def is_plain(self) -> bool:
        """Whether it is a single product of matrices or vectors: at most one letter each of i, j and k."""
        single = all(len(letters) <= 1 for letters in (self.rows, self.cols, self.summed))
        return single and not self.batch and not self.dropped


@dataclass(frozen=True)
class IndexSpec:
    """The letters of a node's operands and of its result.

    A letter is a role inside one node: ``i`` result row, ``j`` result column, ``k`` summed,
    ``h`` batch. Letters may be words (``"h"``, ``"past"``). In a re-indexing a dimension may be an
    ordered composite ``(h d)`` or a sum ``(past + new)``: one letter in brackets.

    Example:
        >>> spec = IndexSpec.parse("i k, k j -> i j")
        >>> spec.summed
        ('k',)
    """

    inputs: tuple[tuple[str, ...], ...]
    output: tuple[str, ...]

    @classmethod
    def parse(cls, text: str) -> IndexSpec:
        """Parse ``"i k, k j -> i j"``; operands are separated by commas, letters by spaces.

        Nothing before the arrow means no operand (a leaf); ``()`` means an operand without dimensions.

        Raises:
            GraphError: the text has no arrow, or a letter that is not a word.

        Example:
            >>> IndexSpec.parse("i (h d) -> h i d").inputs
            (('i', '(h d)'),)
        """
        left, arrow, right = text.partition("->")
        if not arrow:
            raise GraphError(f'index spec "{text}" has no "->"')
        operands = left.split(",") if left.strip() else []
        return cls(
            inputs=tuple(_letters(operand, text) for operand in operands), output=_letters(right, text)
        )

    def __str__(self) -> str:
        operands = ", ".join(" ".join(letters) or "()" for letters in self.inputs)
        return operands + " -> " + " ".join(self.output)

    @property
    def summed(self) -> tuple[str, ...]:
        """Letters of the operands that the result lacks, in order of appearance."""
        seen = dict.fromkeys(letter for letters in self.inputs for letter in letters)
        return tuple(letter for letter in seen if letter not in self.output)

    @property
    def batch(self) -> tuple[str, ...]:
        """Letters of the result that every operand has (heads)."""
        return tuple(letter for letter in self.output if all(letter in letters for letters in self.inputs))

    @property
    def roles(self) -> Roles | None:
        """The role of each letter in a product of two operands; None for any other spec.

        Example:
            >>> roles = IndexSpec.parse("h i k, h k j -> h i j").roles
            >>> roles.batch, roles.rows, roles.cols, roles.summed
            (('h',), ('i',), ('j',), ('k',))
        """
        if len(self.inputs) != 2 or any(
            len(set(letters)) < len(letters) for letters in (*self.inputs, self.output)
        ):
            return None
        left, right = self.inputs
        return Roles(
            batch=tuple(letter for letter in self.output if letter in left and letter in right),
            rows=tuple(letter for letter in self.output if letter in left and letter not in right),
            cols=tuple(letter for letter in self.output if letter in right and letter not in left),
            summed=tuple(letter for letter in left if letter in right and letter not in self.output),
            dropped=tuple(letter for letter in self.summed if letter not in left or letter not in right),
        )

    def positions(self, letter: str) -> tuple[tuple[int, int], ...]:
        """Places of a letter among the operands: pairs (operand, dimension).

        Example:
            >>> IndexSpec.parse("i k, k j -> i j").positions("k")
            ((0, 1), (1, 0))
        """
        return tuple(
            (operand, dim)
            for operand, letters in enumerate(self.inputs)
            for dim, other in enumerate(letters)
            if other == letter
        )


def _letters(side: str, text: str) -> tuple[str, ...]:
    letters = []
    for piece in _PIECE.findall(side):
        group = Group.of(piece)
        if group.parts and not all(_WORD.match(part) for part in group.parts):
            raise GraphError(f'index spec "{text}": "{piece}" is not a letter')
        if group.parts:
            letters.append(str(group))
    if re.sub(r"[\s\w'+()]", "", side) or side.count("(") != side.count(")"):
        raise GraphError(f'index spec "{text}" cannot be read; write letters like "i k, k j -> i j"')
    return tuple(letters)
