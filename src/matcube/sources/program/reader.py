"""Syntax tree of a program to graph: names, operators, statements; other syntax is refused with an error."""

from __future__ import annotations

import ast
import unicodedata
from collections.abc import Mapping
from types import MappingProxyType

from matcube.errors import MatcubeError, UnknownNameError
from matcube.errors.words import suggest
from matcube.ir.graph import Graph, LeafInput
from matcube.ir.render import Rendered, number_text
from matcube.ops import MAPS
from matcube.ops.formula import CONSTANTS
from matcube.sources.arithmetic import Arithmetic
from matcube.sources.build import Builder, Where
from matcube.sources.program import foreign, numbers, refusals, spelling
from matcube.sources.program.calls import FUNCTIONS, CallReader, Value
from matcube.sources.program.formulas import BINARY, COMPARE, MAX_DEPTH
from matcube.sources.program.numbers import Number, NumberError
from matcube.sources.program.source import Source

_SYMBOLS = {**BINARY, **COMPARE, ast.MatMult: "@"}


class Reader(CallReader):
    """Reads a program into a builder.

    Args:
        source: the program text.
        leaves: matrices bound to free names.
        constants: numbers bound to free names.
        build: the builder that takes the nodes; None for a new one.
    """

    def __init__(
        self,
        source: Source,
        *,
        leaves: Mapping[str, LeafInput] = MappingProxyType({}),
        constants: Mapping[str, float] = MappingProxyType({}),
        build: Builder | None = None,
    ) -> None:
        super().__init__(source, build or Builder(source.text))
        self.arithmetic = Arithmetic(self.build)
        self.leaves = {unicodedata.normalize("NFKC", name): leaf for name, leaf in leaves.items()}
        self.outside = {unicodedata.normalize("NFKC", name): value for name, value in constants.items()}
        self.names: dict[str, Value] = {}
        self.constants: dict[str, float] = {}
        self.depth = 0

    def graph(self) -> Graph:
        """The graph of the whole program; its last statement is the root."""
        value: Value | None = None
        for statement in self.source.statements():
            value, last = self._statement(statement), statement
        if not isinstance(value, int):
            raise self.source.error(
                "the program ends with a number; its last statement must be a matrix",
                last,
                "end it with A @ B",
            )
        return self.build.graph(value, program=self.source.text, constants=self.constants)

    def value(self, node: ast.expr) -> Value:
        """A matrix or a number."""
        if self.depth >= MAX_DEPTH:
            self.source.too_deep()
        self.depth += 1
        try:
            return self._value(node)
        except NumberError as trouble:
            raise self.source.error(str(trouble), node) from None
        finally:
            self.depth -= 1

    def matrix(self, node: ast.expr, *, what: str) -> int:
        """A matrix; a number is refused."""
        value = self.value(node)
        if isinstance(value, Number):
            raise self.source.error(f"{what} takes a matrix, but {value.rendered.text} is a number", node)
        return value

    def bind(self, name: str, value: Value, node: ast.AST) -> None:
        """Bind a name to a value; a node is shown under its first name that does not start with ``_``.

        Args:
            name: the name.
            value: a node's id, or a number.
            node: the syntax tree of the statement, for errors.
        """
        old = self.names.get(name)
        if isinstance(value, Number):
            self._bind_number(name, value.value, old)
            return
        if isinstance(old, Number):
            taken = f"{name} is the number {number_text(old.value)} already"
            raise self.source.error(taken, node, "give the matrix another name")
        second = value in self.names.values()  # y = x: the node is still named x
        self.names[name] = value
        if not second and not name.startswith("_"):
            self.build.name(value, name)

    def _bind_number(self, name: str, value: float, old: Value | None) -> None:
        fresh = old is None and name not in self.leaves
        if fresh or self.constants.get(name) == value:
            self.constants[name] = value
            self.names[name] = Number(value, Rendered(name))
        else:  # the name is rebound: texts must contain the value, as the name is ambiguous
            self.names[name] = Number.of(value)

    @property
    def numbers(self) -> dict[str, Number]:
        """Numbers by name: those bound from outside, and those of the program."""
        outside = {name: Number.of(value) for name, value in self.outside.items()}
        inside = {name: value for name, value in self.names.items() if isinstance(value, Number)}
        return {**outside, **inside}

    def _statement(self, statement: ast.stmt) -> Value:
        match statement:
            case ast.Expr(value=value):
                return self.value(value)
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                result = self.value(value)
                self.bind(name, result, statement)
                return result
            case ast.Assign(targets=[target, *_]):
                raise self.source.error("only one name can be given at a time", target, "write name = value")
            case ast.AugAssign(target=ast.Name(id=name)):
                raise refusals.in_place(self.source, name, statement)
        raise self.source.error(
            "the language does not have this", statement, "write values such as A @ B, or name = value"
        )

    def _value(self, node: ast.expr) -> Value:
        match node:
            case ast.Constant(value=bool()):
                raise self.source.error("True and False can only be parameters", node)
            case foreign.Held(value=held):
                return held
            case ast.Constant(value=int() | float() as value):
                return Number.of(value)
            case ast.Name(id=name):
                return self._name(node, name)
            case ast.NamedExpr(target=ast.Name(id=name), value=inner):
                result = self.value(inner)
                self.bind(name, result, node)
                return result
            case ast.UnaryOp():
                return self._unary(node)
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _SYMBOLS:
                return self._binary(node, left, _SYMBOLS[type(op)], right)
            case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in COMPARE:
                return self._binary(node, left, COMPARE[type(op)], right)
            case ast.Call():
                return self.call(node)
            case ast.Attribute(value=inner, attr=attribute):
                return self._attribute(node, inner, attribute)
            case ast.Subscript(value=ast.Attribute(value=inner, attr="shape"), slice=place):
                return self.value(ast.copy_location(ast.Call(ast.Name("size"), [inner, place], []), node))
        raise self._refused(node)

    def _name(self, node: ast.expr, name: str) -> Value:
        if name in self.names:
            return self.names[name]
        if name in self.leaves:
            bound = self.leaves[name]
            where = Where(self.source.span(node))
            self.names[name] = self.build.leaf(
                bound.shape, bound.leaf, name=name, unseeded=bound.unseeded, where=where
            )
            return self.names[name]
        if name in self.outside:
            self.bind(name, Number.of(self.outside[name]), node)
            return self.names[name]
        if name in CONSTANTS:
            return Number(CONSTANTS[name], Rendered(name))
        raise self._unknown_name(node, name)

    def _unknown_name(self, node: ast.expr, name: str) -> UnknownNameError:
        remedy = f'bind it: mc.figure(program, {name}="gaussian(64, 16)"), or {name}=array'
        if name in FUNCTIONS:
            message, remedy = f"{name} is a function; write {name}(…)", ""
        else:
            names = [*self.names, *self.leaves, *self.outside]
            message = f'nothing is named "{name}"{suggest(name, names, count=3, cutoff=0.5)}'
        return UnknownNameError(
            message, text=self.source.text, span=self.source.span(node), hint=remedy or None
        )

    def _unary(self, node: ast.UnaryOp) -> Value:
        if not isinstance(node.op, ast.USub | ast.UAdd):
            raise self._refused(node)
        value = self.value(node.operand)
        if isinstance(node.op, ast.UAdd):
            return value
        if isinstance(value, Number):
            return numbers.negative(value)
        return self.arithmetic.negative(value, where=Where(self.source.span(node)))

    def _binary(self, node: ast.expr, left: ast.expr, symbol: str, right: ast.expr) -> Value:
        a, b = self.value(left), self.value(right)
        if isinstance(a, Number) and isinstance(b, Number):
            if symbol == "@":
                raise self.source.error("@ multiplies matrices; between numbers write *", node)
            return numbers.binary(symbol, a, b)
        where = Where(
            self.source.span(node),
            self.source.operator(left, right, symbol),
            (self.source.span(left), self.source.span(right)),
        )
        if symbol == "**" and isinstance(a, int) and spelling.SUPERSCRIPT.match(self.source.text_of(right)):
            shape = self.shape_of(a)
            raise refusals.superscript(
                self.source, left, b, is_square=len(shape) == 2 and len(set(shape)) == 1
            )
        if symbol in COMPARE.values():
            raise refusals.comparison(
                self.source, where.mark, symbol, self.source.text_of(left if isinstance(a, int) else right)
            )
        return self.arithmetic.binary(symbol, a, b, where=where)

    def module_of(self, node: ast.expr) -> str:
        """The text of a module of another library, ``torch.nn``; empty for a value."""
        match node:
            case ast.Attribute(value=inner, attr=attribute):
                module = self.module_of(inner)
                return f"{module}.{attribute}" if module else ""
            case ast.Name(id=name) if name in foreign.MODULES and not self._is_bound(name):
                return name
        return ""

    def _is_bound(self, name: str) -> bool:
        return name in self.names or name in self.leaves or name in self.outside

    def _attribute(self, node: ast.Attribute, inner: ast.expr, attribute: str) -> Value:
        if self.module_of(inner):
            if attribute in CONSTANTS:
                return Number(CONSTANTS[attribute], Rendered(attribute))
            text = self.source.text_of(node)
            hint = "a causal mask is softmax(tril(S))" if attribute in ("inf", "nan") else refusals.BIND
            raise self.source.error(f"the language has no {text}", node, hint)
        base: ast.expr = inner
        while isinstance(base, ast.Attribute):
            base = base.value
        if (
            isinstance(base, ast.Name)
            and not self._is_bound(base.id)
            and attribute not in ("T", "mT", "H", "shape")
        ):
            raise self.source.no_value(self.source.text_of(node), self.source.span(node))
        if attribute in ("T", "mT", "H"):
            span = self.source.span(node)
            value = self.matrix(inner, what="." + attribute)
            return self.arithmetic.transposed(value, attribute, where=Where(span, span))
        text = self.source.text_of(inner)
        hint = f"a matrix has .T, .mT and .H, and every function as a method: {text}.relu()"
        if attribute == "shape":
            raise self.source.error("a shape is no value", node, f"for one size write {text}.shape[-1]")
        if attribute in FUNCTIONS:
            written = f"{text}.{attribute}" + ("()" if attribute in MAPS else "(…)")
            raise self.source.error(f".{attribute} is a function; write {written}", node)
        raise self.source.error(f"the language has no attribute .{attribute}", node, hint)

    def _refused(self, node: ast.expr) -> MatcubeError:
        if isinstance(node, ast.Constant) and not isinstance(node.value, str):
            return self.source.error("the language does not have this", node, _LANGUAGE)
        if isinstance(node, ast.Subscript):
            return self._subscript(node)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitXor):
            return refusals.caret(self.source, node.left, node.right, self._is_square)
        if isinstance(node, ast.Compare):
            return self.source.error("comparisons cannot be chained", node, self.source.unchained(node))
        message, hint = _REFUSED.get(type(node), ("the language does not have this", _LANGUAGE))
        return self.source.error(message, node, hint)

    def _is_square(self, name: str) -> bool:
        leaf, value = self.leaves.get(name), self.names.get(name)
        shape = self.shape_of(value) if isinstance(value, int) else leaf.shape if leaf else ()
        return len(shape) == 2 and shape[0] == shape[1]

    def _subscript(self, node: ast.Subscript) -> MatcubeError:
        value = self.value(node.value)
        shape = self.shape_of(value) if isinstance(value, int) else ()
        return refusals.subscript(self.source, node, shape)


_LANGUAGE = "it has names, numbers, @ + - * / **, .T, calls such as softmax(S), and name = value"

_REFUSED: dict[type[ast.AST], tuple[str, str]] = {
    ast.Constant: ("only einsum takes a text", 'write einsum("i k, k j -> i j", A, B)'),
    ast.JoinedStr: ("only einsum takes a text", 'write einsum("i k, k j -> i j", A, B)'),
    ast.Lambda: ("the language has no lambda", "give the value a name: S = Q @ K.T"),
    ast.ListComp: ("the language has no comprehensions", _LANGUAGE),
    ast.SetComp: ("the language has no comprehensions", _LANGUAGE),
    ast.DictComp: ("the language has no comprehensions", _LANGUAGE),
    ast.GeneratorExp: ("the language has no comprehensions", _LANGUAGE),
    ast.Starred: ("the language has no star arguments", "write every argument out"),
    ast.BoolOp: ("the language has no and, or", "multiply comparisons: (0 < i) * (i < 3)"),
    ast.IfExp: ("the language has no if", "write a single value; tril and triu mask cells"),
    ast.Tuple: ("a tuple can only be a parameter", "separate statements by ; or by a new line"),
    ast.List: (
        "the language has no lists",
        "give it a name and bind it: mc.figure(program, A=[[1, 2], [3, 4]])",
    ),
}
