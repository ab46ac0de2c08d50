"""Numbers in a program: computed while parsing, bounded, with their text."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Self

from matcube.ir.render import BINDING, COMPARISON, SUM, UNARY, Rendered, call, infix, number_text
from matcube.sources.arithmetic import Numeral

LARGEST = 2.0**53  # whole numbers are exact up to here


class NumberError(Exception):
    """A number that cannot be computed; ``Reader`` adds the span."""


class Number(Numeral):
    """A number of a program."""

    @classmethod
    def of(cls, value: float) -> Self:
        """A number whose text is its value; refused if not finite or not exact."""
        return super().of(settle(value))

    @property
    def whole(self) -> int | None:
        """Its value as a whole number, or None."""
        return int(self.value) if float(self.value).is_integer() else None


def settle(value: object) -> float:
    """A result as a finite number; whole numbers stay whole while exact."""
    if isinstance(value, bool):
        return int(value)
    if not isinstance(value, int | float):
        raise NumberError("this is no real number")
    if isinstance(value, int) and abs(value) > LARGEST:
        raise NumberError("this number is too large; whole numbers go up to 2**53")
    if not math.isfinite(value):
        raise NumberError("this number is too large" if math.isinf(value) else "this is not a number")
    return value


def binary(symbol: str, left: Number, right: Number) -> Number:
    """``left symbol right`` of two numbers.

    Args:
        symbol: an operator of the language.
        left: the number before it.
        right: the number after it.

    Raises:
        NumberError: a division by zero, or a result that is too large or not real.
    """
    try:
        value = settle(_BINARY[symbol](left.value, right.value))
    except ZeroDivisionError:
        raise NumberError("this divides by zero") from None
    except OverflowError:
        raise NumberError("this number is too large") from None
    if symbol in BINDING:
        return Number(value, infix(symbol, BINDING[symbol], left.rendered, right.rendered))
    text = f"{left.rendered.inside(SUM)} {symbol} {right.rendered.inside(SUM)}"
    return Number(value, Rendered(text, COMPARISON))


def product(factors: Sequence[Number]) -> Number:
    """The product of numbers, as einsum forms it.

    Raises:
        NumberError: it is too large.
    """
    return Number.of(math.prod(number.value for number in factors))


def negative(number: Number) -> Number:
    """``-number``."""
    return Number(settle(-number.value), Rendered("-" + number.rendered.inside(UNARY), UNARY))


def function(name: str, arguments: list[Number]) -> Number:
    """A function of numbers, from ``FUNCTIONS``: ``sqrt(16)``.

    Raises:
        NumberError: the result is undefined, or the number of arguments is wrong.
    """
    least, apply = FUNCTIONS[name]
    if len(arguments) < least or (least == 1 and len(arguments) > 1):
        wanted = "one number" if least == 1 else "two numbers or more"
        raise NumberError(f"{name} takes {wanted}, not {len(arguments)}")
    try:
        value = settle(apply(*(number.value for number in arguments)))
    except (ValueError, OverflowError):
        given = ", ".join(number_text(number.value) for number in arguments)
        raise NumberError(f"{name}({given}) is not a number") from None
    return Number(value, call(name, [number.rendered for number in arguments]))


def _power(base: float, exponent: float) -> float:
    # A float first: 9**9**9 overflows at once, while the power of integers would be computed in full.
    size: float | complex = float(base) ** float(exponent)
    if isinstance(size, complex):
        raise NumberError("a negative number has no such power")
    if abs(size) > LARGEST or not (isinstance(base, int) and isinstance(exponent, int)) or exponent < 0:
        return size
    return int(base**exponent)


_BINARY: dict[str, Callable[[float, float], float]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "//": lambda a, b: a // b,
    "%": lambda a, b: a % b,
    "**": _power,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
}

FUNCTIONS: dict[str, tuple[int, Callable[..., float]]] = {
    "sqrt": (1, math.sqrt),
    "exp": (1, math.exp),
    "log": (1, math.log),
    "floor": (1, math.floor),
    "trunc": (1, math.trunc),
    "round": (1, round),
    "abs": (1, abs),
    "sin": (1, math.sin),
    "cos": (1, math.cos),
    "min": (2, min),
    "max": (2, max),
}
