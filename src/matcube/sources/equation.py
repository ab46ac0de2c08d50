"""Equations of einsum: letters of the operands and of the result, as NumPy reads them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from matcube.ir.graph import Shape

Letters = tuple[str, ...]
DOTS = "..."
_SIDE = re.compile(r"(?:\s|[^\W_]\w*+|\.\.\.)*+\Z")  # possessive: a long side takes linear time


class Equation(NamedTuple):
    """The letters of each operand and of the result; a letter may occur twice in an operand."""

    inputs: tuple[Letters, ...]
    output: Letters


class EquationError(ValueError):
    """An equation that cannot be read: the reason, and a remedy."""

    def __init__(self, what: str, hint: str | None = None) -> None:
        super().__init__(what)
        self.hint = hint


class LengthError(EquationError):
    """An operand with more or fewer dimensions than letters."""

    def __init__(self, letters: Letters, place: int) -> None:
        super().__init__(f'has the letters "{" ".join(letters)}" for an operand of other dimensions')
        self.letters, self.place = letters, place


class SizeError(EquationError):
    """A letter with two sizes, in two operands or in one."""

    def __init__(self, letter: str, sizes: tuple[int, int], places: tuple[int, int]) -> None:
        super().__init__(f"gives {letter} the sizes {sizes[0]} and {sizes[1]}")
        self.letter, self.sizes, self.places = letter, sizes, places


def read(text: str, shapes: Sequence[Shape]) -> Equation:
    """The letters of an equation for operands of the given shapes.

    Letters are single (``"ij,jk->ik"``), or words apart (``"row k, k col -> row col"``) where the operands
    have as many dimensions. Without an arrow the result has the letters that occur once, in alphabetical
    order. Dots stand for the dimensions without a letter, counted from the last.

    Args:
        text: the equation.
        shapes: of the operands.

    Raises:
        EquationError: it is no equation, or does not fit the operands.

    Example:
        >>> read("ab,bc", [(2, 3), (3, 4)])
        Equation(inputs=(('a', 'b'), ('b', 'c')), output=('a', 'c'))
        >>> read("...k,k->...", [(2, 3, 4), (4,)]).output
        ('…0', '…1')
    """
    left, arrow, right = text.partition("->")
    sides = left.split(",")
    if len(sides) != len(shapes):
        raise EquationError(f"has letters for {len(sides)} operands, but {len(shapes)} are given")
    for side in (*sides, right):
        if not _SIDE.fullmatch(side) or side.count(DOTS) > 1:
            raise EquationError(f'cannot be read at "{side.strip()}"', 'write letters like "i k, k j -> i j"')
    has_words = _has_words(sides, right, shapes)
    inputs = [_letters(side, has_words) for side in sides]
    dots = _dots(inputs, shapes)
    named = [_with_dots(letters, len(shape), dots) for letters, shape in zip(inputs, shapes, strict=True)]
    for place, (letters, shape) in enumerate(zip(named, shapes, strict=True)):
        if len(letters) != len(shape):
            raise LengthError(letters, place)
    output = _letters(right, has_words) if arrow else _implied(named, dots)
    if DOTS in output:
        at = output.index(DOTS)
        output = (*output[:at], *_dot_names(dots), *output[at + 1 :])
    _check_output(output, named)
    return Equation(tuple(named), output)


def sized(inputs: Sequence[Letters], shapes: Sequence[Shape]) -> tuple[Letters, ...]:
    """The letters, each of a single size; one of size 1 beside a larger size becomes a letter of its own.

    Args:
        inputs: letters of the operands, one for each dimension.
        shapes: of the operands.

    Raises:
        SizeError: a letter has two sizes other than 1, or two in a single operand.

    Example:
        >>> sized([("i", "k"), ("k", "j")], [(2, 1), (4, 3)])
        (('i', 'k:0'), ('k', 'j'))
    """
    sizes: dict[str, int] = {}
    first: dict[str, int] = {}
    for place, (letters, shape) in enumerate(zip(inputs, shapes, strict=True)):
        own: dict[str, int] = {}
        for letter, size in zip(letters, shape, strict=True):
            if own.setdefault(letter, size) != size:
                raise SizeError(letter, (own[letter], size), (place, place))
            if size != 1 and sizes.setdefault(letter, size) != size:
                raise SizeError(letter, (sizes[letter], size), (first[letter], place))
            if size != 1:
                first.setdefault(letter, place)
    return tuple(
        tuple(
            f"{letter}:{place}" if size == 1 and letter in sizes else letter
            for letter, size in zip(letters, shape, strict=True)
        )
        for place, (letters, shape) in enumerate(zip(inputs, shapes, strict=True))
    )


def without(text: str, places: Sequence[int]) -> str:
    """An equation without some of its operands, those of single numbers; unchanged where one has letters.

    Args:
        text: the equation.
        places: of the numbers among the operands.

    Example:
        >>> without(",ij->ij", [0]), without("ij,jk", [])
        ('ij->ij', 'ij,jk')
    """
    left, arrow, right = text.partition("->")
    sides = left.split(",")
    if not places or any(place >= len(sides) or sides[place].strip() not in ("", DOTS) for place in places):
        return text
    return ",".join(side for n, side in enumerate(sides) if n not in places) + arrow + right


def check_of_numbers(text: str, count: int) -> None:
    """Refuse an equation that gives letters to single numbers: ``",->"`` is their product.

    Args:
        text: the equation.
        count: of numbers.

    Raises:
        EquationError: it has letters, or is for more or fewer operands.

    Example:
        >>> check_of_numbers(",->", 2)
    """
    left, _, right = text.partition("->")
    sides = left.split(",")
    if len(sides) != count:
        raise EquationError(f"has letters for {len(sides)} operands, but {count} are given")
    if any(side.strip() not in ("", DOTS) for side in (*sides, right)):
        raise EquationError(
            "gives a number letters, which only a matrix has", f'write "{"," * (count - 1)}->"'
        )


def _has_words(sides: Sequence[str], right: str, shapes: Sequence[Shape]) -> bool:
    """Whether blanks divide letters of several characters."""
    words = [side.split() for side in (*sides, right)]
    if all(len(word) == 1 or word == DOTS for side in words for word in side):
        return False
    fits = all(
        len(side) == len(shape) or DOTS in side for side, shape in zip(words[:-1], shapes, strict=True)
    )
    return fits and any(len(side) > 1 for side in words)


def _letters(side: str, has_words: bool) -> Letters:
    if has_words:
        return tuple(side.split())
    plain = "".join(side.split())
    before, dots, after = plain.partition(DOTS)
    return (*before, *([DOTS] if dots else []), *after)


def _dots(inputs: Sequence[Letters], shapes: Sequence[Shape]) -> int:
    """The number of dimensions that dots stand for."""
    counts = [
        len(shape) - len(letters) + 1
        for letters, shape in zip(inputs, shapes, strict=True)
        if DOTS in letters
    ]
    if min(counts, default=0) < 0:
        raise EquationError("has more letters than an operand has dimensions")
    return max(counts, default=0)


def _dot_names(count: int) -> Letters:
    return tuple(f"…{n}" for n in range(count))


def _with_dots(letters: Letters, rank: int, dots: int) -> Letters:
    if DOTS not in letters:
        return letters
    at, count = letters.index(DOTS), rank - len(letters) + 1
    return (*letters[:at], *_dot_names(dots)[dots - count :], *letters[at + 1 :])


def _implied(inputs: Sequence[Letters], dots: int) -> Letters:
    counts = Counter(letter for letters in inputs for letter in letters)
    free = _dot_names(dots)
    return (*free, *sorted(letter for letter, count in counts.items() if count == 1 and letter not in free))


def _check_output(output: Letters, inputs: Sequence[Letters]) -> None:
    twice = next((letter for letter, count in Counter(output).items() if count > 1), None)
    if twice is not None:
        raise EquationError(f"has {twice} twice in the result", "name each letter of the result once")
    missing = next((letter for letter in output if not any(letter in letters for letters in inputs)), None)
    if missing is not None:
        raise EquationError(f"gives the result {missing}, which no operand has")
