"""Parser of formulas, ``formula(32, 24, -2 * (i // 8 % 2) + 1)``: syntax tree to ``ops.formula`` tree."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from math import isfinite
from typing import Any

from matcube.errors.words import suggest
from matcube.ops import formula
from matcube.ops.formula import Expression
from matcube.sources.program.numbers import LARGEST, Number
from matcube.sources.program.source import Source

MAX_DEPTH = 100

VARIABLES = {"i": "row", "j": "column", "h": "rows", "w": "columns"}

BINARY: dict[type[ast.AST], Any] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.Pow: "**",
}
COMPARE: dict[type[ast.AST], Any] = {
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
}


def read_formula(
    node: ast.expr, *, source: Source, numbers: Mapping[str, Number], depth: int = 0
) -> Expression:
    """A formula of ``i``, ``j``, ``h`` and ``w``; named numbers of the program are inserted.

    Args:
        node: its syntax tree.
        source: the program text, for errors.
        numbers: named numbers of the program.
        depth: the depth of nesting so far.

    Raises:
        ProgramError: unsupported syntax, with its span.
    """

    def read(inner: ast.expr) -> Expression:
        return read_formula(inner, source=source, numbers=numbers, depth=depth + 1)

    if depth > MAX_DEPTH:
        source.too_deep()
    match node:
        case ast.Constant(value=int() | float() as value) if type(value) is not bool and _usable(value):
            return formula.Const(float(value))
        case ast.Name(id=name):
            return _variable(node, name, source, numbers)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return formula.UnaryOp("-", read(operand))
        case ast.UnaryOp(op=ast.UAdd(), operand=operand):
            return read(operand)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in BINARY:
            return formula.BinOp(BINARY[type(op)], read(left), read(right))
        case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in COMPARE:
            return formula.Compare(COMPARE[type(op)], read(left), read(right))
        case ast.Compare(ops=[_, _, *_]):
            raise source.error("comparisons cannot be chained", node, source.unchained(node))
        case ast.IfExp():
            raise source.error("a formula has no if", node, "multiply by a comparison: (i < 3) * i")
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]):
            return _call(node, name, [read(argument) for argument in arguments], source)
    raise source.error(
        "a formula does not have this",
        node,
        "it has numbers, i, j, h, w, + - * / // % **, < <= == and " + ", ".join(formula.FUNCTIONS),
    )


def _usable(value: float) -> bool:
    return isfinite(value) if isinstance(value, float) else abs(value) <= LARGEST


def _variable(node: ast.expr, name: str, source: Source, numbers: Mapping[str, Number]) -> Expression:
    if name in VARIABLES:
        return formula.Var(name)  # type: ignore[arg-type]
    if name in numbers:
        return formula.Const(float(numbers[name].value))
    if name in formula.CONSTANTS:
        return formula.Const(formula.CONSTANTS[name])
    hint = "it has i (row), j (column), h (rows), w (columns) and named numbers"
    raise source.error(f"a formula has no {name}", node, hint)


def _call(node: ast.expr, name: str, arguments: list[Expression], source: Source) -> Expression:
    function = formula.FUNCTIONS.get(name)
    if function is None:
        near = suggest(name, formula.FUNCTIONS, cutoff=0.8)
        hint = "it has " + ", ".join(formula.FUNCTIONS)
        raise source.error(f"a formula has no function {name}{near}", node, hint)
    if not function.least <= len(arguments) <= function.most:
        wanted = "one argument" if function.most == 1 else f"{function.least} to {function.most} arguments"
        raise source.error(f"{name} takes {wanted}, not {len(arguments)}", node)
    return formula.Call(name, tuple(arguments))
