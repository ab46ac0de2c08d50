"""The letters of a re-indexing: ``split(Q, axis=1, parts=4)`` is ``i (h j) -> i h j``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from matcube.ir.graph import Shape
from matcube.ir.shapes import letters_of
from matcube.ir.spec import IndexSpec
from matcube.ops import ReindexOp
from matcube.ops.reindex import Concat, Merge, Permute, Repeat, Slice, Split, Take

Letters = tuple[str, ...]


def plan(op: ReindexOp, shapes: Sequence[Shape]) -> tuple[IndexSpec, Shape]:
    """The letters and the shape of a re-indexing's result.

    Args:
        op: the operation with its parameters.
        shapes: its operands' shapes.

    Raises:
        ShapeError: the operation does not fit the operands.

    Example:
        >>> spec, shape = plan(Split(axis=1, parts=4), [(10, 64)])
        >>> str(spec), shape
        ('i (h j) -> i h j', (10, 4, 16))
    """
    shape = op.result_shape(*shapes)  # type: ignore[attr-defined]
    return _LETTERS[type(op)](op, shapes), shape


def _permute(op: Permute, shapes: Sequence[Shape]) -> IndexSpec:
    letters = letters_of(len(shapes[0]))
    return IndexSpec((letters,), tuple(letters[axis] for axis in op.axes))


def _split(op: Split, shapes: Sequence[Shape]) -> IndexSpec:
    letters = letters_of(len(shapes[0]))
    axis = op.axis % len(letters)
    part = _unused(letters, "h")
    whole = _put(letters, axis, (f"({part} {letters[axis]})",))
    return IndexSpec((whole,), _put(letters, axis, (part, letters[axis])))


def _merge(op: Merge, shapes: Sequence[Shape]) -> IndexSpec:
    letters = letters_of(len(shapes[0]))
    axis = op.axis % len(letters)
    both = f"({letters[axis]} {letters[axis + 1]})"
    return IndexSpec((letters,), (*letters[:axis], both, *letters[axis + 2 :]))


def _repeat(op: Repeat, shapes: Sequence[Shape]) -> IndexSpec:
    letters = letters_of(len(shapes[0]))
    axis = op.axis % len(letters)
    return IndexSpec((letters,), _put(letters, axis, (f"({letters[axis]} {_unused(letters, 'r')})",)))


def _slice(op: Slice, shapes: Sequence[Shape]) -> IndexSpec:
    letters = letters_of(len(shapes[0]))
    whole = []
    for letter, size, start, stop in zip(letters, shapes[0], op.start, op.stop, strict=True):
        pieces = [f"before_{letter}"] * (start > 0) + [letter] + [f"after_{letter}"] * (stop < size)
        whole.append(f"({' + '.join(pieces)})" if len(pieces) > 1 else letter)
    return IndexSpec((tuple(whole),), letters)


def _concat(op: Concat, shapes: Sequence[Shape]) -> IndexSpec:
    letters = letters_of(len(shapes[0]))
    axis = op.axis % len(letters)
    if len(shapes) == 1:
        return IndexSpec((letters,), letters)
    pieces = tuple(f"{letters[axis]}{place}" for place in range(1, len(shapes) + 1))
    operands = tuple(_put(letters, axis, (piece,)) for piece in pieces)
    return IndexSpec(operands, _put(letters, axis, (f"({' + '.join(pieces)})",)))


def _take(op: Take, shapes: Sequence[Shape]) -> IndexSpec:
    letters = letters_of(len(shapes[0]))
    axis = op.axis % len(letters)
    rest = _put(letters, axis, ())
    index: Letters = (letters[axis],) if len(shapes[1]) == 1 else ()
    for _ in range(len(shapes[1]) - len(index)):
        index += (_unused((*rest, *index), "i", "w", "p", "q"),)
    picked = _unused((*rest, *index), "v")
    return IndexSpec((_put(letters, axis, (picked,)), index), (*rest[:axis], *index, *rest[axis:]))


def _put(letters: Letters, axis: int, new: Letters) -> Letters:
    return (*letters[:axis], *new, *letters[axis + 1 :])


def _unused(letters: Iterable[str], *wanted: str) -> str:
    used = set(letters)
    more = (f"{wanted[-1]}{count}" for count in range(2, len(used) + 3))
    return next(letter for letter in (*wanted, "g", *more) if letter not in used)


_LETTERS: dict[type[Any], Callable[[Any, Sequence[Shape]], IndexSpec]] = {
    Permute: _permute,
    Split: _split,
    Merge: _merge,
    Repeat: _repeat,
    Slice: _slice,
    Concat: _concat,
    Take: _take,
}
