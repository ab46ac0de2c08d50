"""A node as program text, from its operands' texts: ``softmax(S) @ V``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import MISSING, fields
from typing import Any, NamedTuple

from matcube.ir.graph import Contraction, Data, Hollow, Kind, Leaf, Map, Reindex, Shape
from matcube.ir.shapes import matmul_spec
from matcube.ir.spec import IndexSpec
from matcube.ops import MapOp, formula
from matcube.ops.formula import Expression
from matcube.ops.initialisers import Formula
from matcube.ops.reindex import Permute

ATOM, POWER, UNARY, PRODUCT, SUM, COMPARISON = 100, 80, 70, 60, 50, 40

BINDING = {
    "+": SUM,
    "-": SUM,
    "*": PRODUCT,
    "/": PRODUCT,
    "@": PRODUCT,
    "//": PRODUCT,
    "%": PRODUCT,
    "**": POWER,
}


class Rendered(NamedTuple):
    """A piece of program text and how tightly its outermost operator binds."""

    text: str
    precedence: int = ATOM

    def inside(self, precedence: int) -> str:
        """The text as an operand of an operator of that precedence, in brackets where needed."""
        return self.text if self.precedence >= precedence else f"({self.text})"


def number_text(value: float) -> str:
    """A number as the program writes it: ``8`` and not ``8.0``.

    Example:
        >>> number_text(8.0), number_text(0.125), number_text(-2)
        ('8', '0.125', '-2')
    """
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)


def render(
    kind: Kind, spec: IndexSpec, shapes: Sequence[Shape], shape: Shape, operands: Sequence[Rendered]
) -> Rendered:
    """The program text of a node.

    Args:
        kind: the node's kind, with its parameters.
        spec: its letters.
        shapes: its operands' shapes.
        shape: its own shape.
        operands: its operands' texts (names, where they have one).

    Example:
        >>> spec = IndexSpec.parse("i k, k j -> i j")
        >>> render(Contraction(), spec, [(2, 3), (3, 4)], (2, 4), [Rendered("A"), Rendered("B")]).text
        'A @ B'
    """
    if isinstance(kind, Contraction):
        if spec == matmul_spec(shapes[0], shapes[1]):
            return infix("@", PRODUCT, *operands)
        return call("einsum", [f'"{spec}"', *operands])
    if isinstance(kind, Map):
        return map_text(kind.op, operands)
    if isinstance(kind, Reindex):
        return move_text(kind.op, operands, rank=len(shape))
    return leaf_text(kind, shape)


def leaf_text(leaf: Leaf, shape: Shape, *, leave_out: Sequence[str] = ()) -> Rendered:
    """A leaf as the program writes it: its constructor, or the name of its data.

    Args:
        leaf: the leaf.
        shape: its sizes.
        leave_out: parameters to omit, such as a seed derived from the name.
    """
    sizes = [str(size) for size in shape]
    if isinstance(leaf.source, Data):
        return Rendered(leaf.source.name)
    if isinstance(leaf.source, Hollow):
        return call("shape", sizes)
    if isinstance(leaf.source, Formula):
        return call("formula", [*sizes, formula_text(leaf.source.tree)])
    options = parameters(leaf.source, leave_out=("shape", *leave_out))
    return call(leaf.source.name, sizes, options)


def formula_text(tree: Expression) -> Rendered:
    """A formula as the program writes it, with as few brackets as possible.

    Example:
        >>> from matcube.ops.formula import BinOp, Const, Var
        >>> formula_text(BinOp("*", Const(2.0), BinOp("+", Var("i"), Var("j")))).text
        '2 * (i + j)'
    """
    match tree:
        case formula.Const(value):
            return _number(value)
        case formula.Var(name):
            return Rendered(name)
        case formula.UnaryOp(op, operand):
            return Rendered(op + formula_text(operand).inside(UNARY), UNARY)
        case formula.BinOp(op, left, right):
            return infix(op, BINDING[op], formula_text(left), formula_text(right))
        case formula.Compare(op, left, right):
            before, after = formula_text(left).inside(SUM), formula_text(right).inside(SUM)
            return Rendered(f"{before} {op} {after}", COMPARISON)
        case formula.Call(function, arguments):
            return call(function, [formula_text(argument) for argument in arguments])


def map_text(op: MapOp, operands: Sequence[Rendered]) -> Rendered:
    """A map as the program writes it: ``a + b``, ``x / 8``, ``-x``, ``softmax(x)``."""
    notation = op.notation
    if notation is None:
        return call(op.name, operands, parameters(op))
    symbol, number, is_number_first = notation
    texts = list(operands)
    if number is not None:
        texts.insert(0 if is_number_first else 1, _number(number))
    if len(texts) == 1:
        return Rendered(symbol + texts[0].inside(UNARY), UNARY)
    return infix(symbol, BINDING[symbol], *texts)


def is_by_number(kind: Kind) -> bool:
    """Whether a node is one matrix under an operator: ``x / 8``, ``2 - x``, ``-x``."""
    return isinstance(kind, Map) and kind.op.arity == 1 and kind.op.notation is not None


def move_text(op: Any, operands: Sequence[Rendered], *, rank: int = 0) -> Rendered:
    """A re-indexing as the program writes it: ``K.T``, ``split(Q, axis=1, parts=4)``.

    Args:
        op: the re-indexing.
        operands: its operands' texts.
        rank: the number of dimensions of the result; 0 if unknown.

    Example:
        >>> move_text(Permute((1, 0)), [Rendered("K")], rank=2).text
        'K.T'
    """
    if not isinstance(op, Permute):
        return call(op.name, operands, parameters(op))
    if rank >= 2 and op.axes == (*range(rank - 2), rank - 1, rank - 2):
        return Rendered(operands[0].inside(ATOM) + (".T" if rank == 2 else ".mT"))
    return call("permute", operands, [f"axes={parameter_text(op.axes)}"])


def _number(value: float) -> Rendered:
    return Rendered(number_text(value), ATOM if value >= 0 else UNARY)


def parameter_text(value: Any) -> str:
    """A parameter of an operation as the program writes it: a number, a tuple, a formula, a text."""
    if isinstance(value, bool) or value is None:
        return str(value)
    if isinstance(value, int | float):
        return number_text(value)
    if isinstance(value, tuple):
        inner = ", ".join(parameter_text(item) for item in value)
        return f"({inner},)" if len(value) == 1 else f"({inner})"
    if isinstance(value, str):
        return f'"{value}"'
    return str(value)


def parameters(op: Any, *, leave_out: Sequence[str] = ()) -> list[str]:
    """The parameters of an operation that differ from their defaults, as ``name=value``."""
    result = []
    for field in fields(op):
        value = getattr(op, field.name)
        default = field.default_factory() if field.default_factory is not MISSING else field.default
        if field.name not in leave_out and value != default:
            result.append(f"{field.name}={parameter_text(value)}")
    return result


def infix(symbol: str, precedence: int, left: Rendered, right: Rendered) -> Rendered:
    """An operator between two operands; ``-``, ``/`` and ``@`` group to the left, ``**`` to the right.

    Args:
        symbol: the operator.
        precedence: its precedence, from ``BINDING``.
        left: the operand before it; in brackets if its precedence is lower.
        right: the operand after it.

    Example:
        >>> infix("*", PRODUCT, Rendered("A + B", SUM), Rendered("C")).text
        '(A + B) * C'
    """
    power = symbol == "**"
    before = left.inside(precedence + power)
    after = right.inside(UNARY if power else precedence + 1)
    return Rendered(f"{before} {symbol} {after}", precedence)


def call(name: str, operands: Sequence[Rendered | str], options: Sequence[str] = ()) -> Rendered:
    """A function call.

    Args:
        name: the function.
        operands: its operands' texts.
        options: its parameters as ``name=value``.
    """
    texts = [operand if isinstance(operand, str) else operand.text for operand in operands]
    return Rendered(f"{name}({', '.join([*texts, *options])})")
