"""Re-indexings: operations that move values without computation; a mask moves along.

Dimensions are counted from 0, or from the end when negative. Each operation has the shape (``result_shape``)
and the letters (``letters``) of its result, so that a program can be checked before it is evaluated.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from matcube.errors import ShapeError
from matcube.ops.base import Array, Cells, Letters, ReindexOp, Shape
from matcube.ops.parameters import param

Spec = tuple[tuple[Letters, ...], Letters]


@dataclass(frozen=True)
class MoveOp(ReindexOp):
    """A re-indexing of one operand."""

    def __call__(self, *operands: Cells) -> Cells:
        (x,) = operands
        self.result_shape(x.values.shape)
        return Cells(self.move(x.values), None if x.hidden is None else self.move(x.hidden))

    def move(self, values: Array) -> Array:
        """The moved values, perhaps as a view."""
        raise NotImplementedError


@dataclass(frozen=True)
class Permute(MoveOp):
    """Puts dimension ``axes[n]`` of the operand at position n; ``(1, 0)`` is the transpose of a matrix."""

    name = "T"
    help = "rows and columns change places"
    axes: tuple[int, ...] = param((1, 0), help="which dimension comes to each place")

    def result_shape(self, *shapes: Shape) -> Shape:
        (shape,) = shapes
        if sorted(self.axes) != list(range(len(shape))):
            raise ShapeError(f"T: dimensions {self.axes} do not reorder shape {shape}")
        return tuple(shape[axis] for axis in self.axes)

    def letters(self, own: Letters, shapes: Sequence[Shape]) -> Spec:
        return (own,), tuple(own[axis] for axis in self.axes)

    def move(self, values: Array) -> Array:
        return np.transpose(values, self.axes)


@dataclass(frozen=True)
class Split(MoveOp):
    """Cuts dimension ``axis`` of size n into two: ``parts`` and ``n / parts`` (heads come first)."""

    name = "split"
    help = "one dimension becomes two: parts, and places within a part"
    axis: int = param(help="the dimension that is cut")
    parts: int = param(help="into how many equal parts", min=1)

    def result_shape(self, *shapes: Shape) -> Shape:
        (shape,) = shapes
        axis = _axis(self.name, self.axis, shape)
        if shape[axis] % self.parts:
            raise ShapeError(f"split: {shape[axis]} in shape {shape} does not divide into {self.parts} parts")
        return (*shape[:axis], self.parts, shape[axis] // self.parts, *shape[axis + 1 :])

    def letters(self, own: Letters, shapes: Sequence[Shape]) -> Spec:
        axis = self.axis % len(own)
        part = _unused(own, "h")
        whole = _put(own, axis, (f"({part} {own[axis]})",))
        return (whole,), _put(own, axis, (part, own[axis]))

    def move(self, values: Array) -> Array:
        return values.reshape(self.result_shape(values.shape))


@dataclass(frozen=True)
class Merge(MoveOp):
    """Combines dimensions ``axis`` and ``axis + 1``, in their order; the inverse of ``split``."""

    name = "merge"
    help = "two neighbouring dimensions become one"
    axis: int = param(help="the first of the two dimensions")

    def result_shape(self, *shapes: Shape) -> Shape:
        (shape,) = shapes
        axis = _axis(self.name, self.axis, shape)
        if axis + 1 >= len(shape):
            raise ShapeError(f"merge: shape {shape} has no dimension after {self.axis} to merge with")
        return (*shape[:axis], shape[axis] * shape[axis + 1], *shape[axis + 2 :])

    def letters(self, own: Letters, shapes: Sequence[Shape]) -> Spec:
        axis = self.axis % len(own)
        return (own,), (*own[:axis], f"({own[axis]} {own[axis + 1]})", *own[axis + 2 :])

    def move(self, values: Array) -> Array:
        return values.reshape(self.result_shape(values.shape))


@dataclass(frozen=True)
class Repeat(MoveOp):
    """Repeats every entry along ``axis`` ``times`` times: a, b become a, a, b, b (shared key/value heads)."""

    name = "repeat"
    help = "every place along a dimension several times over: a a b b"
    axis: int = param(help="the dimension that grows")
    times: int = param(help="how often each place comes", min=1)

    def result_shape(self, *shapes: Shape) -> Shape:
        (shape,) = shapes
        axis = _axis(self.name, self.axis, shape)
        return (*shape[:axis], shape[axis] * self.times, *shape[axis + 1 :])

    def letters(self, own: Letters, shapes: Sequence[Shape]) -> Spec:
        axis = self.axis % len(own)
        return (own,), _put(own, axis, (f"({own[axis]} {_unused(own, 'r')})",))

    def move(self, values: Array) -> Array:
        return np.repeat(values, self.times, axis=self.axis)


@dataclass(frozen=True)
class Diagonal(MoveOp):
    """The cells with one index along ``first`` and ``second``, which become dimension ``first``."""

    name = "diagonal"
    help = "the cells whose two indices are equal"
    first: int = param(0, help="the dimension that stays")
    second: int = param(1, help="the dimension with the same index")

    def result_shape(self, *shapes: Shape) -> Shape:
        (shape,) = shapes
        first, second = (_axis(self.name, axis, shape) for axis in (self.first, self.second))
        if first >= second:
            hint = (
                f"write first={self.second}, second={self.first}" if first > second else "name two dimensions"
            )
            raise ShapeError(
                f"diagonal: dimension {self.first} does not come before {self.second}", hint=hint
            )
        if shape[first] != shape[second]:
            raise ShapeError(
                f"diagonal: dimensions {first} and {second} of shape {shape} differ in size",
                hint="take a part of equal sizes with slice",
            )
        return (*shape[:second], *shape[second + 1 :])

    def letters(self, own: Letters, shapes: Sequence[Shape]) -> Spec:
        return (own,), _put(own, self.second % len(own), ())

    def move(self, values: Array) -> Array:
        first = self.first % values.ndim
        return np.moveaxis(np.diagonal(values, axis1=self.first, axis2=self.second), -1, first)


@dataclass(frozen=True)
class Amax(MoveOp):
    """The largest value along ``axis``, which is dropped; NaN beside a NaN, a masked cell is 0."""

    name = "amax"
    help = "the largest value along one dimension"
    is_view = False
    is_linear = False
    axis: int = param(-1, help="the dimension that is dropped")

    def result_shape(self, *shapes: Shape) -> Shape:
        (shape,) = shapes
        axis = _axis(self.name, self.axis, shape)
        if not shape[axis]:
            raise ShapeError(f"amax: dimension {self.axis} of shape {shape} has no values")
        return (*shape[:axis], *shape[axis + 1 :])

    def letters(self, own: Letters, shapes: Sequence[Shape]) -> Spec:
        return (own,), _put(own, self.axis % len(own), ())

    def __call__(self, *operands: Cells) -> Cells:
        (x,) = operands
        self.result_shape(x.values.shape)
        with np.errstate(invalid="ignore"):
            return Cells(x.values.max(axis=self.axis))


@dataclass(frozen=True)
class Slice(MoveOp):
    """Selects indices ``start[n] … stop[n] - 1`` of every dimension n."""

    name = "slice"
    help = "a part of each dimension, from start up to stop"
    start: tuple[int, ...] = param(help="the first place of each dimension")
    stop: tuple[int, ...] = param(help="the place after the last of each dimension")

    def result_shape(self, *shapes: Shape) -> Shape:
        (shape,) = shapes
        fits = len(self.start) == len(self.stop) == len(shape) and all(
            0 <= start <= stop <= size for start, stop, size in zip(self.start, self.stop, shape, strict=True)
        )
        if not fits:
            raise ShapeError(f"slice: {self.start} up to {self.stop} does not lie in shape {shape}")
        return tuple(stop - start for start, stop in zip(self.start, self.stop, strict=True))

    def letters(self, own: Letters, shapes: Sequence[Shape]) -> Spec:
        whole = []
        for letter, size, start, stop in zip(own, shapes[0], self.start, self.stop, strict=True):
            pieces = [f"before_{letter}"] * (start > 0) + [letter] + [f"after_{letter}"] * (stop < size)
            whole.append(f"({' + '.join(pieces)})" if len(pieces) > 1 else letter)
        return (tuple(whole),), own

    def move(self, values: Array) -> Array:
        return values[tuple(slice(start, stop) for start, stop in zip(self.start, self.stop, strict=True))]


@dataclass(frozen=True)
class Concat(ReindexOp):
    """Puts its operands one after the other along ``axis``; other sizes must agree."""

    name = "concat"
    help = "one operand after the other along a dimension"
    arity: ClassVar[int] = -1
    is_view = False
    is_linear = False
    axis: int = param(help="the dimension along which they follow")

    def result_shape(self, *shapes: Shape) -> Shape:
        axis = _axis(self.name, self.axis, shapes[0])
        rest = {(*shape[:axis], *shape[axis + 1 :]) for shape in shapes}
        if len(rest) != 1 or len({len(shape) for shape in shapes}) != 1:
            raise ShapeError(f"concat: shapes {', '.join(map(str, shapes))} differ beside dimension {axis}")
        return (*shapes[0][:axis], sum(shape[axis] for shape in shapes), *shapes[0][axis + 1 :])

    def letters(self, own: Letters, shapes: Sequence[Shape]) -> Spec:
        axis = self.axis % len(own)
        if len(shapes) == 1:
            return (own,), own
        pieces = tuple(f"{own[axis]}{place}" for place in range(1, len(shapes) + 1))
        operands = tuple(_put(own, axis, (piece,)) for piece in pieces)
        return operands, _put(own, axis, (f"({' + '.join(pieces)})",))

    def __call__(self, *operands: Cells) -> Cells:
        self.result_shape(*(x.values.shape for x in operands))
        values = np.concatenate([x.values for x in operands], axis=self.axis)
        if all(x.hidden is None for x in operands):
            return Cells(values)
        masks = [np.zeros(x.values.shape, dtype=bool) if x.hidden is None else x.hidden for x in operands]
        return Cells(values, np.concatenate(masks, axis=self.axis))


@dataclass(frozen=True)
class Take(ReindexOp):
    """Selects indices along ``axis`` of the first operand by the whole numbers in the second."""

    name = "take"
    help = "places of a dimension picked by number: an embedding look-up"
    arity: ClassVar[int] = 2
    is_view = False
    is_linear = False
    picks = True
    axis: int = param(0, help="the dimension from which places are picked")

    def result_shape(self, *shapes: Shape) -> Shape:
        shape, index = shapes
        axis = _axis(self.name, self.axis, shape)
        return (*shape[:axis], *index, *shape[axis + 1 :])

    def letters(self, own: Letters, shapes: Sequence[Shape]) -> Spec:
        axis = self.axis % len(own)
        rest = _put(own, axis, ())
        index: Letters = (own[axis],) if len(shapes[1]) == 1 else ()
        for _ in range(len(shapes[1]) - len(index)):
            index += (_unused((*rest, *index), "i", "w", "p", "q"),)
        picked = _unused((*rest, *index), "v")
        return (_put(own, axis, (picked,)), index), (*rest[:axis], *index, *rest[axis:])

    def __call__(self, *operands: Cells) -> Cells:
        x, index = operands
        shape = self.result_shape(x.values.shape, index.values.shape)
        places = _places(index.values, x.values.shape[_axis(self.name, self.axis, x.values.shape)])

        def picked(values: Array) -> Array:
            return np.take(values, places, axis=self.axis).reshape(shape)

        return Cells(picked(x.values), None if x.hidden is None else picked(x.hidden))


def _put(letters: Letters, axis: int, new: Letters) -> Letters:
    return (*letters[:axis], *new, *letters[axis + 1 :])


def _unused(letters: Iterable[str], *wanted: str) -> str:
    used = set(letters)
    more = (f"{wanted[-1]}{count}" for count in range(2, len(used) + 3))
    return next(letter for letter in (*wanted, "g", *more) if letter not in used)


def _axis(name: str, axis: int, shape: Shape) -> int:
    if not -len(shape) <= axis < len(shape):
        raise ShapeError(f"{name}: shape {shape} has no dimension {axis}")
    return axis % len(shape)


def _places(index: Array, size: int) -> Array:
    wrong = ~((index >= 0) & (index < size) & (index == np.floor(index)))  # NaN is wrong too
    if np.any(wrong):
        first = index[wrong].flat[0]
        remedy = f"use whole numbers from 0 to {size - 1}" if size else "an empty dimension has no places"
        raise ShapeError(f"take: {first:g} is not a place among {size}", hint=remedy)
    return index.astype(np.int64)


REINDEXES: dict[str, type[ReindexOp]] = {
    "T": Permute,
    "split": Split,
    "merge": Merge,
    "repeat": Repeat,
    "slice": Slice,
    "concat": Concat,
    "take": Take,
    "diagonal": Diagonal,
    "amax": Amax,
}
