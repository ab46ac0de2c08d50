"""``einsum`` of lazy matrices, and the path that it takes."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from matcube.errors import ProgramError
from matcube.errors.guard import guarded
from matcube.ir.shapes import shape_text
from matcube.sources import equation as equations
from matcube.sources import recipes
from matcube.sources.arrays import shape_of
from matcube.sources.einsum_order import Path, left_to_right, path_of
from matcube.sources.equation import EquationError, LengthError, Letters
from matcube.sources.lazy import Matrix, derived, matrix, number_of
from matcube.wire.text import aligned


def einsum(equation: str, *operands: Any, path: Sequence[Any] | None = None) -> Matrix | float:
    """A sum of products by letters, as in NumPy; three matrices and more are a chain of products of two.

    Args:
        equation: ``"ik,kj->ij"``, without its arrow ``"ik,kj"``, with dots ``"...k,k"``, or with words,
            ``"h i d, h j d -> h i j"``.
        operands: matrices, at least one; a single number has no letters.
        path: pairs that are multiplied, by their places among those that are left; None takes that of
            ``numpy.einsum_path``.

    Returns:
        A lazy matrix; of numbers alone their product, ``einsum(",->", 2, 3)`` is 6.

    Raises:
        ProgramError: the equation cannot be read or does not fit the operands.
        ShapeError: a letter has two sizes.

    Example:
        >>> einsum("h i d, h j d -> h i j", matrix("ones(4, 10, 16)"), matrix("ones(4, 9, 16)")).shape
        (4, 10, 9)
        >>> einsum("ab,bc,cd", matrix("ones(2, 3)"), matrix("ones(3, 4)"), matrix("ones(4, 5)")).shape
        (2, 5)
    """
    _check_text(equation)
    factors = [number_of(operand) for operand in operands]
    rest = equations.without(equation, [n for n, factor in enumerate(factors) if factor is not None])
    matrices = [matrix(item) for item, factor in zip(operands, factors, strict=True) if factor is None]
    numbers = tuple(factor for factor in factors if factor is not None)
    if not matrices:
        try:
            equations.check_of_numbers(equation, len(numbers))
        except EquationError as error:
            raise ProgramError(f'einsum "{equation}" {error}', hint=error.hint) from None
        return math.prod(number.value for number in numbers)
    return derived(recipes.Summed(rest, path, numbers), *matrices)


def _check_text(equation: object) -> None:
    if not isinstance(equation, str):
        raise ProgramError(
            f"einsum takes its letters first, as a text, not {type(equation).__name__}",
            hint='write mc.einsum("ik,kj->ij", A, B)',
        )


class Step(NamedTuple):
    """One product of an einsum.

    Args:
        places: of its operands among those that are left; a single one for a sum over its own letters.
        letters: of its operands and of its result.
        shape: of its result.
        multiplications: the product of the sizes of its letters.
    """

    places: tuple[int, ...]
    letters: str
    shape: tuple[int, ...]
    multiplications: int


@dataclass(frozen=True)
class EinsumPath:
    """The order in which an einsum multiplies its operands, beside the naive ones.

    Args:
        path: pairs of places among the operands that are left; ``einsum(..., path=path)`` takes it.
        steps: the products along the path.
        left_to_right: multiplications from the first operand to the last, in all.
        at_once: the same with all operands in one loop over all letters.
    """

    path: Path
    steps: tuple[Step, ...]
    left_to_right: int
    at_once: int

    @property
    def multiplications(self) -> int:
        """Multiplications along the path, in all."""
        return sum(step.multiplications for step in self.steps)

    def __str__(self) -> str:
        rows = [("step", "operands", "product", "shape", "multiplications")]
        for n, step in enumerate(self.steps, start=1):
            places = ", ".join(map(str, step.places))
            rows.append((str(n), places, step.letters, shape_text(step.shape), f"{step.multiplications:,}"))
        naive = f"from left to right {self.left_to_right:,}, all at once {self.at_once:,}"
        return "\n".join([*aligned(rows, right=(0, 4)), f"{self.multiplications:,} multiplications; {naive}"])


@guarded
def einsum_path(equation: str, *operands: Any, path: Sequence[Any] | None = None) -> EinsumPath:
    """The products that ``einsum`` forms, with their shapes and costs.

    Args:
        equation: as for ``einsum``.
        operands: arrays, matrices or shapes; a shape is a tuple.
        path: as for ``einsum``.

    Returns:
        The path with its costs beside those from left to right and of all operands at once.

    Raises:
        ProgramError: the equation cannot be read or does not fit the operands, or the path is none.

    Example:
        >>> print(einsum_path("ab,bc,cd->ad", (90, 90), (90, 90), (90, 2)))
        step  operands  product           shape   multiplications
           1  1, 2      b c, c d -> b d   90 × 2           16,200
           2  0, 1      a b, b d -> a d   90 × 2           16,200
        32,400 multiplications; from left to right 745,200, all at once 2,916,000
    """
    shapes = [tuple(item) if isinstance(item, tuple) else shape_of(item) for item in operands]
    _check_text(equation)
    try:
        inputs, output = equations.read(equation, shapes)
        named = equations.sized(inputs, shapes)
        sizes = {
            letter: size
            for letters, shape in zip(named, shapes, strict=True)
            for letter, size in zip(letters, shape, strict=True)
        }
        given, sums = _apart(named, output, sizes)
        chosen = path_of(path, [{letter: sizes[letter] for letter in letters} for letters in given], output)
    except LengthError as error:
        sides = (
            f'"{" ".join(error.letters)}" for operand {error.place + 1}, {shape_text(shapes[error.place])}'
        )
        raise ProgramError(f'einsum "{equation}" has {sides}', hint=error.hint) from None
    except EquationError as error:
        raise ProgramError(f'einsum "{equation}" {error}', hint=error.hint) from None
    count = len(shapes)
    naive = (*sums, *_products(given, output, sizes, left_to_right(count)))
    return EinsumPath(
        chosen,
        (*sums, *_products(given, output, sizes, chosen)),
        sum(step.multiplications for step in naive),
        math.prod(sizes.values()) * max(count - 1, 1),
    )


def _apart(
    inputs: Sequence[Letters], output: Letters, sizes: Mapping[str, int]
) -> tuple[list[Letters], list[Step]]:
    """The operands after the sums over letters that nothing else has, and these sums."""
    steps, rest = [], []
    for place, letters in enumerate(inputs):
        others = set(output).union(*(other for n, other in enumerate(inputs) if n != place))
        sums, left = _sums(place, tuple(dict.fromkeys(letters)), others, sizes)
        steps += sums
        rest.append(left)
    return rest, steps


def _sums(
    place: int, letters: Letters, retained: set[str], sizes: Mapping[str, int]
) -> tuple[list[Step], Letters]:
    steps = []
    for letter in reversed(letters):
        if letter not in retained:
            rest = tuple(other for other in letters if other != letter)
            steps.append(_step((place,), (letters,), rest, sizes))
            letters = rest
    return steps, letters


def _products(
    operands: Sequence[Letters], output: Letters, sizes: Mapping[str, int], path: Sequence[tuple[int, int]]
) -> list[Step]:
    given, steps = list(operands), []
    for a, b in path:
        pair = given[a], given[b]
        rest = [letters for n, letters in enumerate(given) if n not in (a, b)]
        wanted = set(output).union(*rest)
        if set(pair[0]) == set(pair[1]) and wanted & set(pair[0]):  # cell by cell, then summed
            sums, result = _sums(len(rest), pair[0], wanted, sizes)
            steps += [_step((a, b), pair, pair[0], sizes), *sums]
        else:
            letters = tuple(dict.fromkeys(pair[0] + pair[1]))
            result = output if not rest else tuple(letter for letter in letters if letter in wanted)
            steps.append(_step((a, b), pair, result, sizes))
        given = [*rest, result]
    return steps


def _step(
    places: tuple[int, ...], operands: Sequence[Letters], result: Letters, sizes: Mapping[str, int]
) -> Step:
    written = [" ".join("1" if ":" in x else x for x in letters) for letters in (*operands, result)]
    text = f"{', '.join(written[:-1])} -> {written[-1]}"
    union = set[str]().union(*operands)
    shape = tuple(sizes[letter] for letter in result)
    return Step(places, text, shape, math.prod(sizes[letter] for letter in union))
