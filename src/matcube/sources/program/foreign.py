"""Calls spelled as in torch, NumPy, JAX or ``math``: ``F.softmax(S, dim=-1)`` is ``softmax(S)``.

A translation has the same values; a call without one is refused with the spelling that works.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from matcube.errors import ProgramError
from matcube.ir.graph import Shape
from matcube.sources.program.numbers import Number
from matcube.sources.program.source import Source

MODULES = frozenset("torch np numpy jnp jax F nn math cp cupy scipy tf keras mx einops".split())  # noqa: SIM905


class Held(ast.expr):
    """A value that is read already, as a syntax tree.

    Args:
        value: a node's id, or a number.
    """

    def __init__(self, value: int | Number) -> None:
        super().__init__()
        self.value = value


class Values(Protocol):
    """Values of a program, by syntax tree; ``Reader`` is one."""

    source: Source

    def value(self, node: ast.expr) -> int | Number:
        """A matrix or a number."""

    def shape_of(self, value: int) -> Shape:
        """The sizes of a node."""


@dataclass(frozen=True)
class Call:
    """A call with its values.

    Args:
        values: reads operands.
        node: its syntax tree.
        module: ``"torch.nn"``, or empty for a bare function or a method.
        name: the function.
        arguments: its arguments; the matrix of a method is the first.
    """

    values: Values
    node: ast.Call
    module: str
    name: str
    arguments: Sequence[ast.expr]

    @property
    def words(self) -> dict[str, ast.expr]:
        """Keywords."""
        return {str(keyword.arg): keyword.value for keyword in self.node.keywords}

    def named(self, *words: str) -> dict[str, ast.expr]:
        """Arguments by their names, given in order or as keywords; ``None`` counts as not given.

        Raises:
            ProgramError: a keyword that is not among them, or too many arguments.
        """
        for word, value in self.words.items():
            if word not in words:
                raise self.values.source.error(
                    f"{self.name} has no parameter {word} here",
                    value,
                    f"leave {word} out: {without(self.values.source, self.node, word)}",
                )
        if len(self.arguments) > len(words):
            raise self.values.source.error(
                f"{self.name} takes {len(words)} arguments, not {len(self.arguments)}", self.node
            )
        given = {**dict(zip(words, self.arguments, strict=False)), **self.words}
        return {word: node for word, node in given.items() if not is_none(node)}

    def operands(self, count: int) -> list[ast.expr]:
        """Its arguments, of which there are ``count``."""
        if len(self.arguments) != count or self.node.keywords:
            raise self.values.source.error(
                f"{self.name} takes {count} argument{'s' * (count > 1)} and no parameters here", self.node
            )
        return list(self.arguments)

    def held(self, node: ast.expr) -> Held:
        """An operand, read once; it can be used in a template several times."""
        return node if isinstance(node, Held) else ast.copy_location(Held(self.values.value(node)), node)

    def shape(self, held: Held) -> Shape:
        """The sizes of an operand; () for a number."""
        return self.values.shape_of(held.value) if isinstance(held.value, int) else ()

    def wholes(self, nodes: Sequence[ast.expr]) -> list[int]:
        """Whole numbers, also in tuples and lists."""
        return [each for node in nodes for each in self._wholes(node)]

    def text(self, node: ast.expr) -> str:
        """The text of an operand, in brackets where an operator follows it."""
        text = self.values.source.text_of(node)
        return text if text.replace(".", "").isidentifier() or text.endswith(")") else f"({text})"

    def refused(self, remedy: str) -> ProgramError:
        """The error for it, with the spelling that works."""
        return self.refusal(f"the language has no {self.written} of this kind", remedy)

    @property
    def written(self) -> str:
        """The function with its module."""
        return f"{self.module}.{self.name}" if self.module else self.name

    def refusal(self, message: str, remedy: str) -> ProgramError:
        """An error with the call marked."""
        return self.values.source.error(message, self.node, remedy)

    def make(self, template: str, **parts: ast.expr) -> ast.expr:
        """A syntax tree from its text: ``_a`` stands for a part, and all else has the place of the call."""
        return _Filled(self.node, parts).filled(ast.parse(template, mode="eval").body)

    def _wholes(self, node: ast.expr) -> list[int]:
        if isinstance(node, ast.Tuple | ast.List):
            return self.wholes(node.elts)
        value = self.values.value(node)
        if not isinstance(value, Number) or value.whole is None:
            raise self.values.source.error(f"{self.name} takes a whole number here", node)
        return [value.whole]


def without(source: Source, node: ast.Call, word: str) -> str:
    """The text of a call without a keyword.

    Args:
        source: the program.
        node: the call.
        word: the keyword.
    """
    rest = [keyword for keyword in node.keywords if keyword.arg != word]
    inside = ", ".join(source.text_of(each) for each in (*node.args, *rest))
    return f"{source.text_of(node.func)}({inside})"


class _Filled(ast.NodeTransformer):
    """Puts the parts of a template in place, and the place of the call on everything else."""

    def __init__(self, place: ast.AST, parts: Mapping[str, ast.expr]) -> None:
        self.place, self.parts = place, parts

    def filled(self, tree: ast.expr) -> ast.expr:
        """The template with its parts."""
        result = self.visit(tree)
        assert isinstance(result, ast.expr)
        return result

    def visit(self, node: ast.AST) -> ast.AST:
        """A node of the template."""
        if isinstance(node, ast.Name) and node.id in self.parts:
            return self.parts[node.id]
        self.generic_visit(node)
        return ast.copy_location(node, self.place)


def is_none(node: ast.expr) -> bool:
    """Whether a syntax tree is ``None``."""
    return isinstance(node, ast.Constant) and node.value is None
