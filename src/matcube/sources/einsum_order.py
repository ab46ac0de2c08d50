"""The order in which an einsum multiplies its operands: NumPy's own, or a given one."""

from __future__ import annotations

import math
import operator
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from matcube.errors.values import bounded
from matcube.sources.equation import EquationError, Letters

Path = tuple[tuple[int, int], ...]

MAX_LETTERS = 52  # of numpy.einsum
_MAX_CELLS = 2**60  # of an array that NumPy describes


def path_of(path: object, sizes: Sequence[Mapping[str, int]], output: Letters) -> Path:
    """Pairs of places among the operands that are left; after each the product comes last.

    Args:
        path: such pairs, or the list that ``numpy.einsum_path`` returns; None takes NumPy's own.
        sizes: for each operand its letters with their sizes.
        output: the letters of the result.

    Raises:
        EquationError: the path is none for so many operands.

    Example:
        >>> path_of(["einsum_path", (0, 1, 2)], [{"a": 2}, {"a": 2}, {"a": 2}], ("a",))
        ((1, 2), (0, 1))
    """
    if path is None:
        return numpy_path(sizes, output)
    steps: list[Any] = [path]
    if isinstance(path, Iterable) and not isinstance(path, str):
        steps = bounded(path, len(sizes) + 1, "path")
    is_numpys = bool(steps) and isinstance(steps[0], str) and steps[0] == "einsum_path"
    return _in_pairs(steps[1:] if is_numpys else steps, len(sizes))


def left_to_right(count: int) -> Path:
    """The path that multiplies the first operand with the second, the product with the third, and so on.

    Args:
        count: the number of operands.

    Example:
        >>> left_to_right(4)
        ((0, 1), (0, 2), (0, 1))
    """
    return ((0, 1), *((0, left - 1) for left in range(count - 1, 1, -1)))[: count - 1]


def numpy_path(sizes: Sequence[Mapping[str, int]], output: Letters) -> Path:
    """The pairs that ``numpy.einsum_path`` chooses for operands of these letters and sizes.

    Args:
        sizes: for each operand its letters with their sizes.
        output: the letters of the result.

    Raises:
        EquationError: more letters than NumPy takes.

    Example:
        >>> numpy_path([{"a": 2, "b": 90}, {"b": 90, "c": 90}, {"c": 90, "d": 2}], ("a", "d"))
        ((0, 1), (0, 1))
    """
    if len(sizes) <= 2:
        return ((0, 1),) * (len(sizes) - 1)
    places = {
        letter: n for n, letter in enumerate(dict.fromkeys(letter for item in sizes for letter in item))
    }
    if len(places) > MAX_LETTERS:
        raise EquationError(f"has {len(places)} letters to order; the most are {MAX_LETTERS}", "give path=")
    shift = 0  # NumPy describes no array of 2⁶³ cells; proportions decide, so sizes are halved
    while any(math.prod(size >> shift or 1 for size in item.values()) > _MAX_CELLS for item in sizes):
        shift += 1
    arguments: list[Any] = []
    for item in sizes:
        shape = tuple(size >> shift or min(size, 1) for size in item.values())
        arguments += [np.broadcast_to(np.int8(0), shape), [places[letter] for letter in item]]
    whole = math.prod(max(size, 1) for item in sizes for size in item.values())
    steps, _ = np.einsum_path(*arguments, [places[letter] for letter in output], optimize=("greedy", whole))
    return _in_pairs(steps[1:], len(sizes))


def _in_pairs(steps: Sequence[Any], count: int) -> Path:
    """Steps of two operands or more as pairs; more than two at once are multiplied from the last."""
    pairs, hint = [], f"write {left_to_right(count)}"
    for step in steps:
        places = sorted(_places(step, count, hint))
        while len(places) > 1:
            second, first = places.pop(), places.pop()
            pairs.append((first, second))
            count -= 1
            places.append(count - 1)
    if count != 1:
        raise EquationError(f"has a path that leaves {count} operands", hint)
    return tuple(pairs)


def _places(step: Any, count: int, hint: str) -> list[int]:
    try:
        places = [operator.index(place) for place in step if not isinstance(place, bool)]
    except TypeError:
        places = []
    if isinstance(step, str) or not places or len(places) != len(step):
        raise EquationError(f"has a path with {step!r} for a pair of places", hint)
    if len(set(places)) < len(places) or not all(0 <= place < count for place in places):
        raise EquationError(f"has {tuple(places)} in its path, with {count} operands left", hint)
    return places
