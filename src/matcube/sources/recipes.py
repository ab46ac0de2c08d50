"""Nodes of lazy operations: a matrix keeps ``Mapped(op)`` until its graph is made.

They are values and not functions inside functions, so that matrices can be pickled.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matcube.ops import MapOp, ReindexOp
from matcube.sources.arithmetic import Arithmetic, Numeral
from matcube.sources.build import Builder
from matcube.sources.einops import read_pattern
from matcube.sources.einsum import read_equation

Ids = tuple[int, ...]


@dataclass(frozen=True)
class Combined:
    """An operator between two matrices, or between a matrix and a number.

    Args:
        symbol: an operator of the language.
        numbers: for each side its number, or None for a matrix.
    """

    symbol: str
    numbers: tuple[Numeral | None, Numeral | None]

    def __call__(self, build: Builder, ids: Ids) -> int:
        rest = iter(ids)
        left, right = (next(rest) if number is None else number for number in self.numbers)
        return Arithmetic(build).binary(self.symbol, left, right)


@dataclass(frozen=True)
class Transposed:
    """``T`` or ``mT`` of a matrix."""

    attribute: str

    def __call__(self, build: Builder, ids: Ids) -> int:
        return Arithmetic(build).transposed(ids[0], self.attribute)


@dataclass(frozen=True)
class Negated:
    """A matrix with the opposite sign."""

    def __call__(self, build: Builder, ids: Ids) -> int:
        return Arithmetic(build).negative(ids[0])


@dataclass(frozen=True)
class Mapped:
    """A map of matrices."""

    op: MapOp

    def __call__(self, build: Builder, ids: Ids) -> int:
        return build.map(self.op, ids)


@dataclass(frozen=True)
class Reindexed:
    """A re-indexing of matrices."""

    op: ReindexOp

    def __call__(self, build: Builder, ids: Ids) -> int:
        return build.reindex(self.op, ids)


@dataclass(frozen=True)
class Summed:
    """A sum of products by letters, times numbers."""

    equation: str
    path: Sequence[Any] | None
    numbers: tuple[Numeral, ...]

    def __call__(self, build: Builder, ids: Ids) -> int:
        node = read_equation(build, self.equation, ids, path=self.path)
        for number in self.numbers:
            node = Arithmetic(build).binary("*", node, number)
        return node


@dataclass(frozen=True)
class InAxes:
    """A function of einops, its pattern, its reduction if any, and sizes of axes."""

    function: str
    pattern: str
    reduction: str
    sizes: Mapping[str, int]

    def __call__(self, build: Builder, ids: Ids) -> int:
        return read_pattern(build, self.function, ids[0], self.pattern, self.sizes, reduction=self.reduction)
