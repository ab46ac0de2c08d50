"""A sum of products by a spec of letters: the only matrix multiplication in the project.

float32 operands are multiplied in float64 and rounded once at the end, in tiles of bounded memory. A product
of two float32 numbers is exact in float64, so a result is within one rounding of the true sum, however long
the sum is; the float32 sums of a BLAS drift with their length.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from matcube.errors import ShapeError
from matcube.ir import IndexSpec
from matcube.limits import steps
from matcube.ops import Array, working, working_dtype

_TILE = 2048  # rows, columns and summed indices of a tile; three float64 tiles are 100 MB
_WHOLE = 1 << 22  # up to so many cells of operands and result, tiles are not needed

Letters = tuple[str, ...]


def contract(spec: IndexSpec, operands: Sequence[Array]) -> Array:
    """The sum of products ``Σ Π operand`` over the letters that the result lacks.

    Args:
        spec: the letters of operands and result, ``"i k, k j -> i j"``; a letter has one size throughout.
        operands: one array for each operand of the spec.

    Returns:
        The result in working precision: float64 if an operand is float64 or wide integers, else float32. Its
        error is below 1e-6 of the sum of absolute products. Products follow IEEE 754: ``0 · inf`` is NaN.

    Raises:
        ShapeError: the shapes do not fit the letters.

    Example:
        >>> a, b = np.arange(4.0).reshape(2, 2), np.ones((2, 2))
        >>> contract(IndexSpec.parse("i k, k j -> i j"), [a, b]).tolist()
        [[1.0, 1.0], [5.0, 5.0]]
    """
    _check(spec, operands)
    dtype = working_dtype(*(operand.dtype for operand in operands))
    with np.errstate(all="ignore"):
        letters, value = _distinct(spec.inputs[0], working(operands[0]))
        for place, operand in enumerate(operands[1:], start=1):
            later = {letter for rest in spec.inputs[place + 1 :] for letter in rest} | set(spec.output)
            other, right = _distinct(spec.inputs[place], working(operand))
            retained = tuple(letter for letter in dict.fromkeys(letters + other) if letter in later)
            value = _pair(letters, value, other, right, retained)
            letters = retained
        value = _summed(letters, value, tuple(letter for letter in letters if letter in spec.output))
        letters = tuple(letter for letter in letters if letter in spec.output)
        value = value.transpose([letters.index(letter) for letter in spec.output])
        return np.ascontiguousarray(value, dtype=dtype).reshape(value.shape)


def _check(spec: IndexSpec, operands: Sequence[Array]) -> None:
    shapes = [operand.shape for operand in operands]
    if [len(letters) for letters in spec.inputs] != [len(shape) for shape in shapes]:
        raise ShapeError(f'shapes {_listed(shapes)} do not have the dimensions of "{spec}"')
    sizes: dict[str, int] = {}
    for letters, shape in zip(spec.inputs, shapes, strict=True):
        for letter, size in zip(letters, shape, strict=True):
            if sizes.setdefault(letter, size) != size:
                both = f"{sizes[letter]} and {size}"
                raise ShapeError(f'in "{spec}" {letter} is both {both} (shapes {_listed(shapes)})')
    unknown = [letter for letter in spec.output if letter not in sizes]
    if unknown or len(set(spec.output)) != len(spec.output):
        raise ShapeError(f'"{spec}" has a result letter that occurs twice or is in no operand')


def _listed(shapes: Sequence[tuple[int, ...]]) -> str:
    return ", ".join(map(str, shapes))


def _distinct(letters: Letters, value: Array) -> tuple[Letters, Array]:
    """An operand with each letter once: a repeated letter takes the diagonal."""
    distinct = tuple(dict.fromkeys(letters))
    if len(distinct) == len(letters):
        return letters, value
    places = {letter: place for place, letter in enumerate(distinct)}
    axes = [places[letter] for letter in letters]
    return distinct, np.einsum(value, axes, list(range(len(distinct))))


def _summed(letters: Letters, value: Array, retained: Letters) -> Array:
    """``value`` summed in float64 over the letters outside ``retained``."""
    axes = tuple(dim for dim, letter in enumerate(letters) if letter not in retained)
    return np.asarray(value.sum(axis=axes, dtype=np.float64)) if axes else value


def _pair(left: Letters, a: Array, right: Letters, b: Array, retained: Letters) -> Array:
    """The product of two operands with the letters ``retained``, as one batched matrix product."""
    left_retained = tuple(letter for letter in left if letter in right or letter in retained)
    right_retained = tuple(letter for letter in right if letter in left or letter in retained)
    a, b = _summed(left, a, left_retained), _summed(right, b, right_retained)
    batch = tuple(letter for letter in left_retained if letter in right_retained and letter in retained)
    inner = tuple(letter for letter in left_retained if letter in right_retained and letter not in retained)
    rows = tuple(letter for letter in left_retained if letter not in right_retained)
    cols = tuple(letter for letter in right_retained if letter not in left_retained)
    sizes = dict(zip(left_retained + right_retained, a.shape + b.shape, strict=True))

    def size(letters: Letters) -> int:
        return math.prod(sizes[letter] for letter in letters)

    a = _ordered(left_retained, a, batch + rows + inner).reshape(size(batch), size(rows), size(inner))
    b = _ordered(right_retained, b, batch + inner + cols).reshape(size(batch), size(inner), size(cols))
    product = _matmul(a, b)  # (batch, rows, cols)
    letters = batch + rows + cols
    return _ordered(letters, product.reshape([sizes[letter] for letter in letters]), retained)


def _ordered(letters: Letters, value: Array, wanted: Letters) -> Array:
    return value.transpose([letters.index(letter) for letter in wanted])


def _matmul(a: Array, b: Array) -> Array:
    """``a @ b`` over a batch, summed in float64; float32 operands give float32."""
    batch, rows, cols = a.shape[0], a.shape[1], b.shape[2]
    dtype = working_dtype(a.dtype, b.dtype)
    if a.size + b.size + batch * rows * cols <= _WHOLE:
        wide: Array = np.matmul(a.astype(np.float64, copy=False), b.astype(np.float64, copy=False))
        return wide.astype(dtype, copy=False)
    out = np.empty((batch, rows, cols), dtype=dtype)
    for h in steps(range(batch)):
        for top in range(0, rows, _TILE):
            for left in range(0, cols, _TILE):
                i, j = slice(top, top + _TILE), slice(left, left + _TILE)
                out[h, i, j] = _tile(a[h, i], b[h, :, j])
    return out


def _tile(a: Array, b: Array) -> Array:
    """``a @ b`` in float64, a stretch of the summed letter at a time."""
    total = np.zeros((a.shape[0], b.shape[1]))
    for start in steps(range(0, a.shape[1], _TILE)):
        k = slice(start, start + _TILE)
        total += np.matmul(
            np.ascontiguousarray(a[:, k], dtype=np.float64), np.ascontiguousarray(b[k], dtype=np.float64)
        )
    return total
