"""Base classes of operations: a frozen dataclass of parameters with a stateless ``__call__``.

Everything other packages need of an operation is a field of its class: notation, cost, effect on a mask. No
other package lists operations by name. Tables in ``maps.py``, ``initialisers.py`` and ``reindex.py`` list
them by their name in the language; a new operation is one dataclass and one row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray

from matcube.errors import OptionError
from matcube.ops.parameters import Parameters

Array = NDArray[Any]
Shape = tuple[int, ...]
Letters = tuple[str, ...]


class Cells(NamedTuple):
    """Values with an optional mask.

    ``hidden`` is True where a cell is masked (above the diagonal of ``tril``): softmax reads such a cell as
    minus infinity, everything else as 0. It has the shape of ``values``, or is None.
    """

    values: Array
    hidden: NDArray[np.bool_] | None = None


class Notation(NamedTuple):
    """An operation written with an operator: ``a + b``, ``x * 2``, ``2 / x``, ``-x``.

    Args:
        symbol: an operator of the language.
        number: the operand that is a number; None where all operands are matrices.
        is_number_first: whether the number is before the operator.
    """

    symbol: str
    number: float | None = None
    is_number_first: bool = False


@dataclass(frozen=True)
class MapOp(Parameters):
    """An operation pointwise in the result's letters, of operands of one (broadcast) shape.

    Defaults are those of a plain function of one cell. Dimensions are those of the first
    operand, counted from the end (-1 = last).

    Attributes:
        arity: its number of matrices.
        mixes: dimensions along which each cell needs its neighbours (softmax: the row).
        reads: dimensions along which a cell's index matters (``tril``: both).
        symbol: the operator between its operands; None: it is written as a call, ``name(a, b)``.
        is_linear: whether it commutes with sums, so that partial sums pass through it.
        row_reductions: the quantities that blocks of a split row exchange, one number per row each; () where
            a row that it mixes must be whole.
        cell_cost: floating-point operations for each cell of the result.
        is_distribution: whether each row of the result holds shares: from 0 to 1, with sum 1, and exactly 0
            in masked cells. Full brightness is 1, and its product with values is attention.
        streams: whether ``values.online`` computes its product with values block by block.
    """

    arity: ClassVar[int] = 1
    mixes: ClassVar[tuple[int, ...]] = ()
    reads: ClassVar[tuple[int, ...]] = ()
    symbol: ClassVar[str | None] = None
    is_linear: ClassVar[bool] = False
    row_reductions: ClassVar[tuple[str, ...]] = ()
    cell_cost: ClassVar[int] = 1
    is_distribution: ClassVar[bool] = False
    streams: ClassVar[bool] = False

    @property
    def notation(self) -> Notation | None:
        """Its operator; None: it is written as a call."""
        return None if self.symbol is None else Notation(self.symbol)

    @property
    def keeps_mask(self) -> bool:
        """Whether a masked cell of the first operand stays masked where no other operand has a mask."""
        return True

    @property
    def keeps_zero(self) -> bool:
        """Whether a cell that is 0 in the first operand is 0 in the result."""
        return False

    @property
    def mask_diagonal(self) -> int | None:
        """The diagonal right of which every cell is masked (``j > i + diagonal``); None: no such diagonal."""
        return None

    def check(self, *shapes: Shape) -> None:
        """Refuse operands that do not fit; the letters are checked already.

        Raises:
            ShapeError: the wrong size, and the remedy.
        """

    def explain(self, x: Cells, at: tuple[int, ...]) -> Sequence[tuple[str, float]]:
        """The numbers between the first operand and one cell of the result, each with its name.

        Args:
            x: the first operand.
            at: the index of the cell in it.
        """
        return ()

    def __call__(self, *operands: Cells) -> Cells:
        """The result, in the precision of the operands."""
        raise NotImplementedError


@dataclass(frozen=True)
class Initialiser(Parameters):
    """Values of a leaf of a given shape; seeded, so that a link shows the same values on every machine.

    Attributes:
        random: whether its values are drawn with a seed.
        is_square: whether one size makes a square matrix (``eye(3)``); of others it makes a vector.
    """

    random: ClassVar[bool] = False
    is_square: ClassVar[bool] = False
    shape: tuple[int, ...]

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.shape or not all(type(size) is int and size >= 0 for size in self.shape):
            hint = f"write whole numbers: {self.name}(64, 16)"
            raise OptionError(f"{self.name}: {self.shape!r} is not a shape", hint=hint)

    @property
    def level(self) -> float | None:
        """The one number in all its cells; None where they may differ."""
        return None

    def __call__(self) -> Array:
        """The values, in float32."""
        raise NotImplementedError


@dataclass(frozen=True)
class ReindexOp(Parameters):
    """A move of values without computation; a mask moves along.

    Attributes:
        arity: its number of matrices; -1: one or more.
        is_view: whether the result is a view of the operand's memory.
        is_linear: whether the move of a sum is the sum of the moves, operand by operand.
        picks: whether it reads only those indices of its first operand that the last operand lists.
    """

    arity: ClassVar[int] = 1
    is_view: ClassVar[bool] = True
    is_linear: ClassVar[bool] = True
    picks: ClassVar[bool] = False

    def result_shape(self, *shapes: Shape) -> Shape:
        """The result's shape.

        Raises:
            ShapeError: the operation does not fit the operands.
        """
        raise NotImplementedError

    def letters(self, own: Letters, shapes: Sequence[Shape]) -> tuple[tuple[Letters, ...], Letters]:
        """The letters of the operands and of the result.

        Args:
            own: letters of a plain matrix of the first operand's dimensions.
            shapes: the operands' shapes, which fit.
        """
        raise NotImplementedError

    def __call__(self, *operands: Cells) -> Cells:
        """The moved values."""
        raise NotImplementedError
