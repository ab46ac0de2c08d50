"""Parser of program text: ``parse("softmax(Q @ K.T / sqrt(d)) @ V", leaves=…)`` returns a graph.

Python's ``ast`` parses the text, and only listed syntax is accepted; nothing is ever executed.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Mapping
from unicodedata import normalize

from matcube.ir.graph import Graph, LeafInput
from matcube.sources.program.numbers import Number
from matcube.sources.program.reader import Reader
from matcube.sources.program.source import Source, check_length, check_name
from matcube.sources.program.spelling import program_name, words_of
from matcube.wire.view import MAX_TYPED_PROGRAM

__all__ = [
    "check_length",
    "check_name",
    "defined",
    "parse",
    "parse_binding",
    "parse_leaf",
    "program_name",
    "words_of",
]


def parse(
    text: str,
    *,
    leaves: Mapping[str, LeafInput] | None = None,
    constants: Mapping[str, float] | None = None,
    limit: int = MAX_TYPED_PROGRAM,
) -> Graph:
    """Parse a program.

    Args:
        text: statements separated by new lines or ``;``; the last statement is the root.
        leaves: matrices by name, each with its shape and the source of its values.
        constants: numbers by name.
        limit: the most characters; the default is for typed programs and links.

    Returns:
        The graph; outputs are the unused values, the root last.

    Raises:
        ProgramError: the text does not parse, or uses what the language does not have.
        UnknownNameError: a name has no value.
        ShapeError: two shapes do not fit.
        OptionError: a parameter is out of its range.

    Example:
        >>> graph = parse("A = shape(32, 24); B = shape(24, 16); relu(A @ B)")
        >>> graph.root.text, graph.root.shape
        ('relu(A @ B)', (32, 16))
    """
    names = {*(leaves or {}), *(constants or {})}
    source = Source(text, limit=limit, names=names)
    try:
        return Reader(source, leaves=leaves or {}, constants=constants or {}).graph()
    except RecursionError:
        source.too_deep()


def defined(text: str, names: Collection[str]) -> list[str]:
    """The names that a program gives to values of its own before it reads them: a value from outside is lost.

    Args:
        text: a program that parses.
        names: names with a value from outside.

    Example:
        >>> defined("x = x @ W; attn = softmax(x); attn", ["x", "W", "attn"])
        ['attn']
    """
    reading = _Reading()
    for statement in Source(text, limit=len(text), names=names).statements():
        reading.visit(statement)
    given = {normalize("NFKC", name): name for name in names}
    return [given[name] for name in reading.defined if name in given and name not in reading.read]


class _Reading(ast.NodeVisitor):
    """Names that a program reads before it defines them, and those that it defines, in order."""

    def __init__(self) -> None:
        self.read: set[str] = set()
        self.defined: dict[str, None] = {}

    def visit_Assign(self, node: ast.Assign) -> None:  # the name that ast calls
        """A statement: its value is read first."""
        self.visit(node.value)
        self.defined.update((target.id, None) for target in node.targets if isinstance(target, ast.Name))

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        """A name inside an expression."""
        self.visit(node.value)
        self.defined[node.target.id] = None

    def visit_Name(self, node: ast.Name) -> None:
        """A name that is read."""
        if node.id not in self.defined:
            self.read.add(node.id)


def parse_leaf(text: str) -> LeafInput:
    """Parse the constructor of a leaf, as in ``--let 'Q=gaussian(64, 16)'``.

    Args:
        text: a constructor with sizes and parameters.

    Raises:
        ProgramError: the text is not a constructor of a leaf.

    Example:
        >>> parse_leaf("uniform(8, 4, seed=1)").shape
        (8, 4)
    """
    binding = parse_binding(text)
    if isinstance(binding, LeafInput):
        return binding
    raise Source(text).error(
        "this is a number, but a leaf with sizes is needed", None, "write gaussian(64, 16)"
    )


def parse_binding(text: str) -> LeafInput | float:
    """Parse the binding of a name: the constructor of a leaf, or a number.

    Args:
        text: ``gaussian(64, 16)``, ``shape(8192, 28672)``, ``64`` or ``sqrt(2)``.

    Raises:
        ProgramError: the text is neither.

    Example:
        >>> parse_binding("4 * 16")
        64
    """
    source = Source(text)
    reader = Reader(source, leaves={}, constants={})
    match source.statements():
        case [ast.Expr(value=ast.Call() as call)] if (leaf := reader.constructor(call)) is not None:
            return leaf
        case [ast.Expr(value=value)] if isinstance(number := reader.value(value), Number):
            return number.value
    raise source.error(
        "this is neither a leaf nor a number", None, "write gaussian(64, 16), shape(64, 16) or a number"
    )
