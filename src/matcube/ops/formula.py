"""Formulas of ``formula(…)`` leaves as frozen trees: numbers, variables, arithmetic, comparisons, functions.

``sources.program`` builds a tree from text; only functions of the tables below run. Values are float64, a
comparison is 1 or 0, undefined values are NaN or infinite as in IEEE 754.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any, Literal

import numpy as np

from matcube.errors import ProgramError
from matcube.ops.base import Array


@dataclass(frozen=True)
class Const:
    """A number."""

    value: float

    def __str__(self) -> str:
        whole = math.isfinite(self.value) and self.value == int(self.value) and abs(self.value) < 2**53
        return str(int(self.value)) if whole else repr(float(self.value))


@dataclass(frozen=True)
class Var:
    """A variable: row ``i``, column ``j``, rows ``h``, columns ``w``."""

    name: Literal["i", "j", "h", "w"]

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class UnaryOp:
    """``-x`` or ``+x``."""

    op: Literal["-", "+"]
    operand: Expression

    def __str__(self) -> str:
        return f"({self.op}{self.operand})"


@dataclass(frozen=True)
class BinOp:
    """``left op right``; ``//`` and ``%`` round towards minus infinity, as in Python."""

    op: Literal["+", "-", "*", "/", "//", "%", "**"]
    left: Expression
    right: Expression

    def __str__(self) -> str:
        return f"({self.left} {self.op} {self.right})"


@dataclass(frozen=True)
class Compare:
    """``left op right`` as 1 or 0."""

    op: Literal["<", "<=", ">", ">=", "==", "!="]
    left: Expression
    right: Expression

    def __str__(self) -> str:
        return f"({self.left} {self.op} {self.right})"


@dataclass(frozen=True)
class Call:
    """A function of ``FUNCTIONS`` with its arguments."""

    function: str
    arguments: tuple[Expression, ...]

    def __str__(self) -> str:
        return f"{self.function}({', '.join(map(str, self.arguments))})"


Expression = Const | Var | UnaryOp | BinOp | Compare | Call


@dataclass(frozen=True)
class Function:
    """A function of formulas, with its least and most number of arguments."""

    help: str
    least: int
    most: int
    apply: Callable[..., Any]


def evaluate(tree: Expression, variables: Mapping[str, Any]) -> Array:
    """The value of a formula over arrays of its variables.

    Args:
        tree: the formula.
        variables: float64 arrays or numbers that broadcast together.

    Returns:
        float64, of the broadcast shape of the variables that it uses.

    Raises:
        ProgramError: an unknown variable or function, or a wrong number of arguments.

    Example:
        >>> tree = BinOp("*", Const(2.0), Compare("<", Var("i"), Const(1.0)))
        >>> evaluate(tree, {"i": np.arange(3.0)}).tolist()
        [2.0, 0.0, 0.0]
    """
    with np.errstate(all="ignore"):
        return np.asarray(_value(tree, variables), dtype=np.float64)


def _value(tree: Expression, variables: Mapping[str, Any]) -> Any:
    match tree:
        case Const(value):
            return np.float64(value)
        case Var(name):
            if name not in variables:
                raise ProgramError(f"a formula has no variable {name}", hint="it has i, j, h and w")
            return np.asarray(variables[name], dtype=np.float64)
        case UnaryOp(op, operand):
            return _UNARY[op](_value(operand, variables))
        case BinOp(op, left, right) | Compare(op, left, right):
            return _BINARY[op](_value(left, variables), _value(right, variables))
        case Call(name, arguments):
            function = _function(name, len(arguments))
            return function.apply(*(_value(argument, variables) for argument in arguments))


def _function(name: str, count: int) -> Function:
    function = FUNCTIONS.get(name)
    if function is None:
        raise ProgramError(f"a formula has no function {name}", hint="it has " + ", ".join(FUNCTIONS))
    if not function.least <= count <= function.most:
        raise ProgramError(f"{name} takes {_arguments(function)}, not {count}")
    return function


def _arguments(function: Function) -> str:
    if function.least == function.most:
        return "1 argument" if function.least == 1 else f"{function.least} arguments"
    return f"at least {function.least} arguments"


_UNARY: dict[str, Callable[[Any], Any]] = {"-": np.negative, "+": np.positive}

_BINARY: dict[str, Callable[[Any, Any], Any]] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
    "//": np.floor_divide,
    "%": np.remainder,
    "**": np.power,
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
    "==": np.equal,
    "!=": np.not_equal,
}

CONSTANTS: dict[str, float] = {"pi": math.pi, "e": math.e}

FUNCTIONS: dict[str, Function] = {
    "sqrt": Function("square root", 1, 1, np.sqrt),
    "exp": Function("e to the power x", 1, 1, np.exp),
    "log": Function("natural logarithm", 1, 1, np.log),
    "floor": Function("the whole number at or below x", 1, 1, np.floor),
    "trunc": Function("x without its fraction", 1, 1, np.trunc),
    "round": Function("the nearest whole number, halves to the even one", 1, 1, np.rint),
    "abs": Function("x without its sign", 1, 1, np.abs),
    "sin": Function("sine of x radians", 1, 1, np.sin),
    "cos": Function("cosine of x radians", 1, 1, np.cos),
    "min": Function("the smallest of its arguments", 2, 16, lambda *values: reduce(np.minimum, values)),
    "max": Function("the largest of its arguments", 2, 16, lambda *values: reduce(np.maximum, values)),
}
