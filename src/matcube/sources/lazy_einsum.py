"""``einsum`` of lazy matrices, and the path that it takes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from matcube.errors import ProgramError
from matcube.ir.shapes import shape_text
from matcube.sources import equation as equations
from matcube.sources import recipes
from matcube.sources.einsum import Path, numpy_path
from matcube.sources.equation import Equation, EquationError, Letters
from matcube.sources.lazy import Matrix, derived, matrix, number_of
from matcube.wire.text import aligned


def einsum(equation: str, *operands: Any, path: Sequence[Any] | None = None) -> Matrix:
    """A sum of products by letters, as in NumPy; three matrices and more are a chain of products of two.

    Args:
        equation: ``"ik,kj->ij"``, without its arrow ``"ik,kj"``, with dots ``"...k,k"``, or with words,
            ``"h i d, h j d -> h i j"``.
        operands: matrices, at least one; a single number has no letters.
        path: pairs that are multiplied, by their places among those that are left; None takes that of
            ``numpy.einsum_path``.

    Returns:
        A lazy matrix.

    Raises:
        ProgramError: the equation cannot be read or does not fit the operands.
        ShapeError: a letter has two sizes.

    Example:
        >>> einsum("h i d, h j d -> h i j", matrix("ones(4, 10, 16)"), matrix("ones(4, 9, 16)")).shape
        (4, 10, 9)
        >>> einsum("ab,bc,cd", matrix("ones(2, 3)"), matrix("ones(3, 4)"), matrix("ones(4, 5)")).shape
        (2, 5)
    """
    factors = [number_of(operand) for operand in operands]
    rest = equations.without(equation, [n for n, factor in enumerate(factors) if factor is not None])
    matrices = [matrix(item) for item, factor in zip(operands, factors, strict=True) if factor is None]
    numbers = tuple(factor for factor in factors if factor is not None)
    return derived(recipes.Summed(rest, path, numbers), *matrices)


@dataclass(frozen=True)
class EinsumPath:
    """The order in which an einsum multiplies its operands, beside the naive ones.

    Args:
        path: pairs of places among the operands that are left; ``einsum(..., path=path)`` takes it.
        steps: of each product its letters and its shape.
        products: numbers that are multiplied along the path, of each step.
        left_to_right: the same from the first operand to the last, in all.
        at_once: the same with all operands in one loop over all letters, in all.
    """

    path: Path
    steps: tuple[tuple[str, tuple[int, ...]], ...]
    products: tuple[int, ...]
    left_to_right: int
    at_once: int

    def __str__(self) -> str:
        rows = [("step", "pair", "product", "shape", "multiplications")]
        for n, (pair, (letters, shape), count) in enumerate(
            zip(self.path, self.steps, self.products, strict=True), start=1
        ):
            rows.append((str(n), f"{pair[0]}, {pair[1]}", letters, shape_text(shape), f"{count:,}"))
        total = sum(self.products)
        lines = aligned(rows, right=(0, 4))
        naive = f"from left to right {self.left_to_right:,}, all at once {self.at_once:,}"
        return "\n".join([*lines, f"{total:,} multiplications; {naive}"])


def einsum_path(equation: str, *operands: Any, path: Sequence[Any] | None = None) -> EinsumPath:
    """The products of two operands that ``einsum`` forms, with their shapes and costs.

    Args:
        equation: as for ``einsum``.
        operands: arrays or shapes.
        path: pairs as for ``einsum``; None takes that of ``numpy.einsum_path``.

    Returns:
        The path with its costs beside those from left to right and of all operands at once.

    Raises:
        ProgramError: the equation cannot be read or does not fit the operands.

    Example:
        >>> print(einsum_path("ab,bc,cd->ad", (2, 90), (90, 90), (90, 2)))
        step  pair  product             shape   multiplications
           1  0, 1  a b, b c -> a c     2 × 90           16,200
           2  0, 1  c d, a c -> a d     2 × 2               360
        16,560 multiplications; from left to right 16,560, all at once 64,800
    """
    shapes = [tuple(item) if isinstance(item, tuple) else tuple(np.shape(item)) for item in operands]
    try:
        read = equations.read(equation, shapes)
    except EquationError as error:
        raise ProgramError(f'einsum "{equation}" {error}', hint=error.hint) from None
    sizes = {
        letter: size
        for letters, shape in zip(read.inputs, shapes, strict=True)
        for letter, size in zip(letters, shape, strict=True)
    }
    each = [{letter: sizes[letter] for letter in letters} for letters in read.inputs]
    chosen = numpy_path(each, read.output) if path is None else tuple((int(a), int(b)) for a, b in path)
    steps, products = _steps(read, sizes, chosen)
    count = len(shapes)
    # A product comes last, so after the first pair it meets the first of the others.
    forward = [(0, 1), *((0, left - 1) for left in range(count - 1, 1, -1))][: count - 1]
    naive = sum(_steps(read, sizes, forward)[1])
    return EinsumPath(chosen, steps, products, naive, math.prod(sizes.values()) * max(count - 1, 1))


def _steps(
    read: Equation, sizes: dict[str, int], path: Sequence[tuple[int, int]]
) -> tuple[tuple[tuple[str, tuple[int, ...]], ...], tuple[int, ...]]:
    given: list[Letters] = [tuple(dict.fromkeys(letters)) for letters in read.inputs]
    steps, products = [], []
    for a, b in path:
        pair = given[a], given[b]
        rest = [letters for n, letters in enumerate(given) if n not in (a, b)]
        wanted = set(read.output).union(*rest)
        union = tuple(dict.fromkeys(pair[0] + pair[1]))
        letters = tuple(letter for letter in (read.output if not rest else union) if letter in wanted)
        text = f"{' '.join(pair[0])}, {' '.join(pair[1])} -> {' '.join(letters)}"
        steps.append((text, tuple(sizes[letter] for letter in letters)))
        products.append(math.prod(sizes[letter] for letter in union))
        given = [*rest, letters]
    return tuple(steps), tuple(products)
