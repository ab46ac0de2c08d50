"""Letters and sizes of results: of products, of broadcasts, and of any index spec."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

from matcube.ir.spec import Group, IndexSpec

Shape = tuple[int, ...]

_LAST_LETTERS = ("b", "h", "i", "j")


@dataclass(frozen=True)
class Conflict:
    """A letter with two sizes: (operand, dimension) of each occurrence, and both sizes."""

    letter: str
    first: tuple[int, int]
    second: tuple[int, int]
    sizes: tuple[int, int]


def shape_text(shape: Shape) -> str:
    """A shape in words.

    Example:
        >>> shape_text((32, 64)), shape_text(()), shape_text((7,))
        ('32 × 64', 'a single number', '7 entries')
    """
    if not shape:
        return "a single number"
    if len(shape) == 1:
        return f"{shape[0]} entries"
    return " × ".join(map(str, shape))


def letters_of(rank: int) -> tuple[str, ...]:
    """The default letters of a matrix of ``rank`` dimensions: a vector is a row ``j``, heads are ``h``.

    Example:
        >>> letters_of(1), letters_of(2), letters_of(3)
        (('j',), ('i', 'j'), ('h', 'i', 'j'))
    """
    extra = tuple(f"b{n}" for n in range(rank - len(_LAST_LETTERS) + 1, 1, -1))
    return extra + _LAST_LETTERS[max(0, len(_LAST_LETTERS) - rank) :]


def leaf_spec(rank: int) -> IndexSpec:
    """The spec of a leaf: no operands, ``" -> i j"``."""
    return IndexSpec(inputs=(), output=letters_of(rank))


def same_spec(rank: int) -> IndexSpec:
    """The spec of a map of one operand: ``"i j -> i j"``."""
    return IndexSpec(inputs=(letters_of(rank),), output=letters_of(rank))


def matmul_spec(left: Shape, right: Shape) -> IndexSpec:
    """The spec of ``left @ right`` by NumPy's rules for vectors, matrices and batches.

    A batch dimension of size 1 opposite a larger one gets a letter of its own (``u``), which the result
    lacks; so every letter has one size.

    Example:
        >>> str(matmul_spec((8, 4, 2), (2, 3)))
        'h i k, k j -> h i j'
    """
    row = ("i",) if len(left) > 1 else ()
    column = ("j",) if len(right) > 1 else ()
    left_batch, right_batch = left[:-2], right[:-2]
    rank = max(len(left_batch), len(right_batch))
    letters = letters_of(rank + 2)[:-2]
    batches = _broadcast_letters((left_batch, right_batch), letters)
    return IndexSpec(
        inputs=(batches[0] + row + ("k",), batches[1] + ("k",) + column), output=letters + row + column
    )


def broadcast_spec(shapes: Sequence[Shape]) -> IndexSpec:
    """The spec of a map of several operands by NumPy's broadcast, aligned at the last dimension.

    Example:
        >>> str(broadcast_spec([(32, 64), (64,)])), str(broadcast_spec([(32, 64), (32, 1)]))
        ('i j, j -> i j', 'i j, i u -> i j')
    """
    letters = letters_of(max(map(len, shapes)))
    return IndexSpec(inputs=_broadcast_letters(shapes, letters), output=letters)


def _broadcast_letters(shapes: Sequence[Shape], letters: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    rank = len(letters)
    whole = [  # 1 stretches to any other size, to 0 too
        next(
            (shape[dim - rank] for shape in shapes if len(shape) >= rank - dim and shape[dim - rank] != 1), 1
        )
        for dim in range(rank)
    ]
    groups, units = [], 0
    for shape in shapes:
        own = []
        for dim, size in enumerate(shape, start=rank - len(shape)):
            if size == 1 and whole[dim] != 1:
                units += 1
                own.append("u" if units == 1 else f"u{units}")
            else:
                own.append(letters[dim])
        groups.append(tuple(own))
    return tuple(groups)


def first_conflict(spec: IndexSpec, shapes: Sequence[Shape]) -> Conflict | None:
    """The first letter that two operands give different sizes, or None.

    Example:
        >>> first_conflict(IndexSpec.parse("i k, k j -> i j"), [(2, 3), (4, 5)]).sizes
        (3, 4)
    """
    seen: dict[str, tuple[int, int, int]] = {}
    for operand, (letters, shape) in enumerate(zip(spec.inputs, shapes, strict=True)):
        for dim, (letter, size) in enumerate(zip(letters, shape, strict=True)):
            first_operand, first_dim, first_size = seen.setdefault(letter, (operand, dim, size))
            if size != first_size:
                return Conflict(letter, (first_operand, first_dim), (operand, dim), (first_size, size))
    return None


def sizes_of(spec: IndexSpec, shapes: Sequence[Shape], output: Shape = ()) -> dict[str, int]:
    """The size of each letter, and of each composite of letters whose sizes follow.

    Args:
        spec: letters of a node.
        shapes: its operands' shapes.
        output: its own shape, if available.

    Example:
        >>> sizes_of(IndexSpec.parse("i (h d) -> h i d"), [(10, 64)], (4, 10, 16))["d"]
        16
    """
    sizes: dict[str, int] = {}
    for letters, shape in [*zip(spec.inputs, shapes, strict=False), (spec.output, output)]:
        sizes.update(zip(letters, shape, strict=False))
    for letter in [letter for letters in (*spec.inputs, spec.output) for letter in letters]:
        group = Group.of(letter)
        if letter not in sizes and all(part in sizes for part in group.parts):
            parts = [sizes[part] for part in group.parts]
            sizes[letter] = sum(parts) if group.is_sum else prod(parts)
    return sizes


def result_shape(spec: IndexSpec, shapes: Sequence[Shape]) -> Shape:
    """The shape of the result; every letter of the result must be in an operand.

    Example:
        >>> result_shape(IndexSpec.parse("i k, k j -> i j"), [(2, 3), (3, 5)])
        (2, 5)
    """
    sizes = sizes_of(spec, shapes)
    return tuple(sizes[letter] for letter in spec.output)
