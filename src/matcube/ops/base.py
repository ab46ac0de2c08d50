"""What an operation is: a frozen dataclass of parameters with one stateless ``__call__``.

Tables at the foot of ``maps.py``, ``initialisers.py`` and ``reindex.py`` list them by the name that the
language uses; a new operation is one dataclass and one row.
"""

from __future__ import annotations

from typing import Any, ClassVar, NamedTuple, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


class Cells(NamedTuple):
    """Values with an optional mask.

    ``hidden`` is True where a cell is masked out (above the diagonal of ``tril``): softmax reads such a
    cell as minus infinity, everything else as 0. It has the shape of ``values``, or is None.
    """

    values: Array
    hidden: NDArray[np.bool_] | None = None


@runtime_checkable
class MapOp(Protocol):
    """Pointwise in the result's letters, of one or several operands of one (broadcast) shape.

    ``mixes`` and ``reads`` name dimensions of the first operand by position (-1 = last).
    """

    name: ClassVar[str]
    help: ClassVar[str]
    arity: ClassVar[int]
    mixes: ClassVar[tuple[int, ...]]
    reads: ClassVar[tuple[int, ...]]

    def __call__(self, *operands: Cells) -> Cells:
        """The result, in the precision of the operands."""
        ...


@runtime_checkable
class Initialiser(Protocol):
    """Fills a leaf of a given shape; seeded, so that a link looks the same on every machine."""

    name: ClassVar[str]
    help: ClassVar[str]

    @property
    def shape(self) -> tuple[int, ...]:
        """The sizes of the leaf."""
        ...

    def __call__(self) -> Array:
        """The values, float32 unless the parameters say otherwise."""
        ...


@runtime_checkable
class ReindexOp(Protocol):
    """Moves values without computing."""

    name: ClassVar[str]
    help: ClassVar[str]

    def __call__(self, *operands: Cells) -> Cells:
        """The moved values (a mask moves along)."""
        ...
