"""A cell in words of numbers, for the strip under the picture. Numbers are texts: NaN has one, too."""

from __future__ import annotations

from msgspec import Struct


class ExplainedTerm(Struct, frozen=True):
    """One product of a sum.

    Args:
        text: ``5·1``.
        value: the product: ``5``.
        size: its magnitude; 0 where it is not finite.
        place: its place in the sum, from 0: k.
    """

    text: str
    value: str
    size: float
    place: int


class ExplainedStep(Struct, frozen=True):
    """One operation on the way to a cell.

    Args:
        address: of the cell.
        text: the step in words of numbers.
        value: of the cell after it; "masked" where it is.
        name: what is done to the operand, in short; "" of a sum, a move or an array.
        inner: the numbers between the operand and the value: ``max 1.5``.
        terms: the products that are written.
        more: the number of those that are not.
        rest: their sum.
    """

    address: str
    text: str
    value: str
    name: str = ""
    inner: list[str] = []
    terms: list[ExplainedTerm] = []
    more: int = 0
    rest: str = ""


class Explained(Struct, frozen=True):
    """A cell and the steps that make it, the sum first."""

    address: str
    value: str
    steps: list[ExplainedStep]
