"""Spellings of torch, NumPy and Python on lazy matrices: ``A.transpose(-2, -1)``, ``A > 0``, ``A[:3]``.

The language reads them as it reads program text: with the same values, or refused with the spelling that
works, here in Python's words.
"""

from __future__ import annotations

import ast
import math
import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Self

from matcube.errors import MatcubeError, OptionError
from matcube.errors.guard import guarded, guarded_class
from matcube.errors.words import suggest
from matcube.ir.graph import Shape
from matcube.ir.render import ATOM
from matcube.ops import INITIALISERS
from matcube.sources import einops
from matcube.sources.build import Builder
from matcube.sources.operations import OPERATIONS
from matcube.sources.program import spelling
from matcube.sources.program.reader import Reader
from matcube.sources.program.refusals import BIND, REMEDIES
from matcube.sources.program.source import Source
from matcube.sources.program.translations import HANDLERS, OPERATORS

_MAX_OPERAND = 60  # characters of an operand in an error; a longer one is x
# Functions of a module, which are no methods of a tensor or an array.
_OF_MODULES = (
    "array", "asarray", "tensor", "as_tensor", "embedding", "ones", "zeros", "eye", "full", "len", "numpy",
    "linear", "cat", "stack", "hstack", "vstack", "concatenate", "layer_norm", "rms_norm",
    "scaled_dot_product_attention",
)  # fmt: skip
NAMES = frozenset({*HANDLERS, *REMEDIES, "max", "min"}.difference(_OF_MODULES))
_VALUES = ("numpy", "item", "tolist", "values", "to_numpy", "data", "dtype", "device", "array", "grad")
_CALL = re.compile(rf"(?<![\w.(\"'])({'|'.join([*OPERATIONS, *INITIALISERS, *einops.FUNCTIONS])})\(")


@dataclass(frozen=True)
class Spelled:
    """An expression of the language with ``_0``, ``_1``, … for its operands.

    Args:
        template: ``"_0.transpose(-2, -1)"``.
    """

    template: str

    def __call__(self, build: Builder, ids: tuple[int, ...]) -> int:
        """Add its nodes.

        Raises:
            MatcubeError: the language refuses it.
        """
        first = len(build)
        reader = Reader(_SpelledSource(self.template, [_operand(build, node) for node in ids]), build=build)
        reader.outside.update(inf=math.inf, nan=math.nan)
        reader.names.update({f"_{place}": node for place, node in enumerate(ids)})
        made = reader.matrix(ast.parse(self.template, mode="eval").body, what="a lazy matrix")
        build.forget_spans(first)
        return made


class Call(NamedTuple):
    """A method call as a template, and its operands after the first."""

    template: str
    operands: tuple[Any, ...]


def method(name: str, arguments: Sequence[Any], parameters: Mapping[str, Any]) -> Call:
    """A call of a method as the language writes it.

    Args:
        name: the method, one of ``NAMES``.
        arguments: numbers, tuples of them, texts, and matrices or arrays.
        parameters: the same by name.

    Raises:
        OptionError: a parameter that cannot be one.

    Example:
        >>> method("transpose", (-2, -1), {}).template
        '_0.transpose(-2, -1)'
    """
    operands: list[Any] = []

    def written(value: Any) -> str:
        text = None if name in OPERATORS and isinstance(value, list | tuple) else _literal(value)
        if text is None:
            operands.append(value)
            text = f"_{len(operands)}"
        return text

    words = [written(value) for value in arguments]
    for word, value in parameters.items():
        if not word.isidentifier():
            raise OptionError(f"{name} has no parameter {word!r}")
        words.append(f"{word}={written(value)}")
    return Call(f"_0.{name}({', '.join(words)})", tuple(operands))


def is_native(name: str, arguments: Sequence[Any], parameters: Mapping[str, Any]) -> bool:
    """Whether a call of a function of the language has its own parameters, and not those of a library.

    Args:
        name: the function.
        arguments: those after the first matrix.
        parameters: by name.
    """
    if name not in NAMES or OPERATIONS[name].arity != 1:
        return True
    from matcube.ops.parameters import declared

    fields = [field.name for field in declared(OPERATIONS[name])]
    are_numbers = all(_literal(value) is not None for value in arguments)
    return are_numbers and len(arguments) <= len(fields) and set(parameters) <= set(fields)


def in_python(error: MatcubeError) -> MatcubeError:
    """An error of the language with its remedies as a lazy matrix takes them.

    Example:
        >>> from matcube.errors import ProgramError
        >>> in_python(ProgramError("no", hint="write softmax(tril(S))")).hint
        'write S.tril().softmax()'
    """
    hint = error.hint.replace(BIND, "compute it in NumPy: mc.matrix(array)") if error.hint else ""
    hint = hint.replace("bind the mask: mc.figure(program, M=array)", "give the mask: mc.matrix(array)")
    hint = hint.replace("bind M of", "with a matrix M of")
    return type(error)(error.message, text=error.text, span=error.span, hint=_with_methods(hint) or None)


def no_attribute(name: str, names: Sequence[str]) -> AttributeError:
    """The error for an attribute that a lazy matrix does not have.

    Args:
        name: the attribute.
        names: those that it has.
    """
    if name in _VALUES:
        return AttributeError(
            f"a Matrix has no {name}: it is not computed yet; A.figure().value() gives its values"
        )
    near = suggest(name, names, cutoff=0.8)
    return AttributeError(
        f"a Matrix has no {name}"
        + (near or "; it has .T, .mT, .shape and the functions of the language: A.relu(), A.softmax()")
    )


@guarded_class
class Spellings(ABC):
    """Operators and methods of arrays that are read as the language reads them."""

    shape: Shape

    @abstractmethod
    def _spelled(self, template: str, *others: Any) -> Self:
        """The value of a template whose first operand is this matrix."""

    def size(self, dim: int | None = None) -> Any:
        """Its shape, or one size of it, as in torch.

        Args:
            dim: a dimension; None for all.
        """
        if dim is None:
            return self.shape
        if not isinstance(dim, int) or not -len(self.shape) <= dim < len(self.shape):
            raise OptionError(f"there is no dimension {dim!r}", hint=f"its shape is {self.shape}")
        return self.shape[dim]

    def dim(self) -> int:
        """The number of dimensions, as in torch."""
        return len(self.shape)

    @guarded
    def _compared(self, symbol: str, other: Any) -> Self:
        number = _literal(other)
        if number is None:
            return self._spelled(f"_0 {symbol} _1", other)
        return self._spelled(f"_0 {symbol} {number}")

    def __abs__(self) -> Self:
        return self._spelled("_0.abs()")

    @guarded
    def __getitem__(self, place: Any) -> Self:
        items = place if isinstance(place, tuple) else (place,)
        return self._spelled(f"_0[{', '.join(map(_subscript, items))}]")

    def __floordiv__(self, other: Any) -> Self:
        return self._compared("//", other)

    def __mod__(self, other: Any) -> Self:
        return self._compared("%", other)

    def __lt__(self, other: Any) -> Self:
        return self._compared("<", other)

    def __le__(self, other: Any) -> Self:
        return self._compared("<=", other)

    def __gt__(self, other: Any) -> Self:
        return self._compared(">", other)

    def __ge__(self, other: Any) -> Self:
        return self._compared(">=", other)


class _SpelledSource(Source):
    """A template as the source of a reader: errors show it with the texts of its operands."""

    def __init__(self, template: str, operands: Sequence[str]) -> None:
        text, origin = "", list[int]()
        for piece in re.split(r"(\b_\d+\b)", template):
            is_operand = re.fullmatch(r"_\d+", piece) is not None
            shown = operands[int(piece[1:])] if is_operand else piece
            last = len(shown) - 1
            origin += [
                len(text) + (min(at, last) if at < len(piece) - 1 else last) for at in range(len(piece))
            ]
            text += shown
        self.text, self.plain, self.names = text, spelling.plain(text), ()
        self._place_lines(template, origin)


def _operand(build: Builder, node: int) -> str:
    text = build.rendered(node).inside(ATOM)
    return text if len(text) <= _MAX_OPERAND else "x"


def _literal(value: Any) -> str | None:
    """A value as the language writes it; None for a matrix or an array."""
    if isinstance(value, tuple | list):
        items = [_literal(item) for item in value]
        if any(
            item is None or isinstance(each, tuple | list) for item, each in zip(items, value, strict=True)
        ):
            return None
        return f"({', '.join(map(str, items))}{',' * (len(items) == 1)})"
    shape = getattr(value, "shape", None)
    if shape == () and hasattr(value, "item"):
        value = value.item()
    elif shape is not None or hasattr(value, "__array__"):
        return None
    if value is None or isinstance(value, bool | int | float | str):
        return repr(value)
    name = str(getattr(value, "__name__", type(value).__name__))
    return name if name.isidentifier() else "x"


def _subscript(item: Any) -> str:
    if isinstance(item, slice):
        bounds = [item.start, item.stop, *([] if item.step is None else [item.step])]
        return ":".join("" if bound is None else str(_literal(bound)) for bound in bounds)
    return "..." if item is ... else _literal(item) or "M"


def _with_methods(text: str) -> str:
    """Calls of the language in a hint as methods: ``softmax(S)`` is ``S.softmax()``."""
    out, place = "", 0
    while call := _CALL.search(text, place):
        end = _closed(text, call.end())
        out += text[place : call.start()]
        place = end
        try:
            tree = ast.parse(text[call.start() : end], mode="eval").body
        except SyntaxError:
            out += text[call.start() : end]
        else:
            out += ast.unparse(_Methods().visit(tree)).replace("'", '"')
    return out + text[place:]


def _closed(text: str, start: int) -> int:
    """The place after the bracket that closes the one before ``start``."""
    depth, place = 1, start
    while depth and place < len(text):
        depth += (text[place] in "([{") - (text[place] in ")]}")
        place += 1
    return place


class _Methods(ast.NodeTransformer):
    """Functions of the language as methods, leaves as ``mc.matrix("ones(8, 1)")``."""

    def visit_Call(self, node: ast.Call) -> ast.AST:  # the name that ast calls
        """A call."""
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        is_leaf = all(isinstance(argument, ast.Constant) for argument in node.args)
        if name in INITIALISERS and is_leaf:
            text = ast.Constant(ast.unparse(node))
            return ast.Call(ast.Attribute(ast.Name("mc"), "matrix"), [text], [])
        self.generic_visit(node)
        if name in ("exp", "log", "sqrt") and isinstance(node.args[0], ast.Constant):
            return ast.Call(ast.Attribute(ast.Name("math"), name), node.args, [])
        if name in (*OPERATIONS, *einops.FUNCTIONS) and node.args:
            return ast.Call(ast.Attribute(node.args[0], name), node.args[1:], node.keywords)
        return node
