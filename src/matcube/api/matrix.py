"""Lazy matrices of ``matcube.matrix``, with ``figure`` and ``show`` as methods."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from typing import TYPE_CHECKING, Any, NoReturn, overload

from matcube.errors.guard import guarded, guarded_class
from matcube.sources import lazy, lazy_einsum
from matcube.sources.lazy_einsum import einsum_path

if TYPE_CHECKING:
    from matcube.api.figure import Figure
    from matcube.outputs.server import Handle

__all__ = ["Matrix", "einsum", "einsum_path", "matrix"]


@guarded_class
class Matrix(lazy.Matrix):
    """A matrix that is not computed yet, and can be shown.

    ``sources`` lies below figures, so the methods that make them are added here. Operators and functions of
    such matrices give such matrices.

    Example:
        >>> (matrix("eye(2, 2)", name="A") @ matrix("ones(2, 3)", name="B")).figure()
        <matcube 'A @ B', 2 × 3>
    """

    if not TYPE_CHECKING:  # a type checker would take a matrix for an array: array @ A gives a matrix

        def __array__(self, *_: object, **__: object) -> NoReturn:
            """A lazy matrix is no array; the values of its figure are."""
            raise TypeError(
                "a lazy matrix is no array yet: A.figure().value() gives its values; "
                "an array beside it must be a matrix too, mc.matrix(a) @ A"
            )

    def figure(self, *, labels: Mapping[str, Iterable[object]] | None = None) -> Figure:
        """The figure of this matrix; nothing opens."""
        from matcube.api.make import make

        return make(self, {}, labels=labels)

    def show(self) -> Handle:
        """Open the figure of this matrix in the browser."""
        return self.figure().show()


@guarded
def matrix(
    source: Any,
    name: str | None = None,
    *,
    rows: Sequence[str] | None = None,
    cols: Sequence[str] | None = None,
) -> Matrix:
    """A lazy matrix from an array, or from the constructor of a leaf.

    Args:
        source: anything that holds numbers (NumPy, torch, JAX, lists), or a text such as
            ``"gaussian(64, 16)"``.
        name: what legends call it; without one it becomes A, B, C, … in its graph.
        rows: names along its rows (tokens).
        cols: names along its columns.

    Returns:
        A matrix of the source's shape.

    Raises:
        DataError: the source cannot be read as numbers.
        ProgramError: a text is no constructor of a leaf.
        OptionError: no program can hold the name; there are more or fewer names than rows or columns.

    Example:
        >>> matrix([[1.0, 0.0], [0.0, 1.0]], name="I", rows=["cat", "dog"])
        <Matrix I 2 × 2: I>
    """
    from matcube.sources.program import check_name

    if name is not None:
        check_name(name)
    result = lazy.matrix(source, name, rows=rows, cols=cols)
    if isinstance(result, Matrix):
        return result
    return Matrix(**{field.name: getattr(result, field.name) for field in fields(result)})


@overload
def einsum(equation: str, *operands: float) -> float: ...


@overload
def einsum(equation: str, *operands: Any, path: Sequence[Any] | None = None) -> Matrix: ...


@guarded
def einsum(equation: str, *operands: Any, path: Sequence[Any] | None = None) -> Matrix | float:
    """A sum of products by letters, as in NumPy; three matrices and more are a chain of products of two.

    Args:
        equation: ``"ik,kj->ij"``, without its arrow ``"ik,kj"``, with dots ``"...k,k"``, or with words,
            ``"h i d, h j d -> h i j"``.
        operands: matrices, arrays or single numbers, which have no letters.
        path: pairs that are multiplied, by their places among those that are left; None takes that of
            ``numpy.einsum_path``. ``einsum_path`` prints shapes and costs.

    Returns:
        A lazy matrix; of numbers alone their product, a number.

    Raises:
        ProgramError: the equation cannot be read or does not fit the operands.
        ShapeError: a letter has two sizes.

    Example:
        >>> einsum("ab,bc,cd->ad", [[1.0, 2.0]], [[1.0], [1.0]], [[3.0]]).figure().value().tolist()
        [[9.0]]
        >>> einsum(",->", 2.0, 3.0)
        6.0
    """
    given = [operand if lazy.number_of(operand) is not None else matrix(operand) for operand in operands]
    result = lazy_einsum.einsum(equation, *given, path=path)
    assert isinstance(result, Matrix | float | int)
    return result
