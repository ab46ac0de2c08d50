"""Formulas: each operator and function against Python, and what is refused."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from matcube.errors import ProgramError
from matcube.ops.formula import (
    CONSTANTS,
    FUNCTIONS,
    BinOp,
    Call,
    Compare,
    Const,
    UnaryOp,
    Var,
    evaluate,
)

I = np.arange(-3.0, 4.0)[:, None]  # noqa: E741
J = np.array([[-2.5, -1.0, 0.5, 2.0]])
OPERATORS = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "//": lambda a, b: a // b,
    "%": lambda a, b: a % b,
    "<": lambda a, b: float(a < b),
    "<=": lambda a, b: float(a <= b),
    ">": lambda a, b: float(a > b),
    ">=": lambda a, b: float(a >= b),
    "==": lambda a, b: float(a == b),
    "!=": lambda a, b: float(a != b),
}
PYTHON: dict[str, Any] = {
    "sqrt": math.sqrt,
    "exp": math.exp,
    "log": math.log,
    "floor": math.floor,
    "trunc": math.trunc,
    "round": round,
    "abs": abs,
    "sin": math.sin,
    "cos": math.cos,
    "min": min,
    "max": max,
}


@pytest.mark.parametrize("op", OPERATORS)
def test_operators(op):
    kind = Compare if op in ("<", "<=", ">", ">=", "==", "!=") else BinOp
    result = evaluate(kind(op, Var("i"), Var("j")), {"i": I, "j": J})
    assert result.dtype == np.float64 and result.shape == (7, 4)
    for row, i in enumerate(I.ravel()):
        for col, j in enumerate(J.ravel()):
            assert result[row, col] == OPERATORS[op](i, j), (op, i, j)


def test_power_and_signs():
    tree = UnaryOp("-", BinOp("**", Var("i"), Const(2)))
    assert evaluate(tree, {"i": np.array([3.0])}).tolist() == [-9.0]
    assert evaluate(UnaryOp("+", Const(4)), {}).item() == 4


def test_every_function_is_tested():
    assert set(PYTHON) == set(FUNCTIONS)
    assert all(function.help for function in FUNCTIONS.values())
    assert {"pi": math.pi, "e": math.e} == CONSTANTS


@pytest.mark.parametrize("name", PYTHON)
@pytest.mark.parametrize("x", [0.5, 1.5, 2.5, 7.9])
def test_functions(name, x):
    arguments = (Const(x), Const(2.0), Const(-1.0)) if FUNCTIONS[name].least == 2 else (Const(x),)
    result = evaluate(Call(name, arguments), {}).item()
    assert result == pytest.approx(
        float(PYTHON[name](*(argument.value for argument in arguments))), rel=1e-15
    )


def test_what_is_undefined_is_nan_or_infinite_and_no_warning():
    assert np.isnan(evaluate(BinOp("/", Const(0), Const(0)), {}))
    assert np.isposinf(evaluate(BinOp("/", Const(1), Const(0)), {}))
    assert np.isnan(evaluate(Call("sqrt", (Const(-1),)), {}))
    assert np.isnan(evaluate(BinOp("%", Const(1), Const(0)), {}))
    tower = BinOp("**", Const(9), BinOp("**", Const(9), Const(9)))
    assert np.isposinf(evaluate(tower, {}))


def test_refusals():
    with pytest.raises(ProgramError, match="a formula has no function system") as caught:
        evaluate(Call("system", (Const(1),)), {})
    assert "sqrt" in (caught.value.hint or "")
    with pytest.raises(ProgramError, match="sqrt takes 1 argument, not 2"):
        evaluate(Call("sqrt", (Const(1), Const(2))), {})
    with pytest.raises(ProgramError, match="min takes at least 2 arguments, not 1"):
        evaluate(Call("min", (Const(1),)), {})
    with pytest.raises(ProgramError, match="a formula has no variable j"):
        evaluate(Var("j"), {"i": I})


def test_text():
    tree = BinOp("*", Const(-2.0), Call("min", (Var("i"), Const(0.1))))
    assert str(tree) == "(-2 * min(i, 0.1))"
    assert str(Compare("<=", UnaryOp("-", Var("h")), Const(1e300))) == "((-h) <= 1e+300)"


def test_trees_are_values():
    assert BinOp("+", Var("i"), Const(1)) == BinOp("+", Var("i"), Const(1))
    assert len({Const(1.0), Const(1.0), Var("i")}) == 2
