"""Calls in a program: leaves, maps, re-indexings, einsum and functions of numbers."""

from __future__ import annotations

import ast
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import MISSING, Field
from typing import Any

from matcube.errors import OptionError, ProgramError
from matcube.errors.words import suggest
from matcube.ir.graph import Hollow, Leaf, LeafInput, Shape
from matcube.ops import INITIALISERS, MAPS
from matcube.ops.initialisers import Formula
from matcube.ops.parameters import declared
from matcube.sources import einops
from matcube.sources.arithmetic import Arithmetic
from matcube.sources.build import Builder, Where
from matcube.sources.einsum import read_equation
from matcube.sources.equation import EquationError, check_of_numbers, without
from matcube.sources.operations import MOVES, OPERATIONS, arity_of, count_text
from matcube.sources.program import foreign, numbers
from matcube.sources.program.formulas import read_formula
from matcube.sources.program.numbers import Number, NumberError
from matcube.sources.program.options import Flag, names_of, option
from matcube.sources.program.refusals import BIND
from matcube.sources.program.source import Source
from matcube.sources.program.translations import translated

Value = int | Number  # a node's id, or a number

LEAVES = ("shape", *INITIALISERS)
Argument = int | Number | Flag | tuple[int | Number, ...]

FUNCTIONS = tuple(dict.fromkeys((*MAPS, *MOVES, "einsum", *einops.FUNCTIONS, *LEAVES, *numbers.FUNCTIONS)))


class CallReader(ABC):
    """Reads the calls of a program; ``Reader`` adds names, operators and statements.

    Args:
        source: the program text.
        build: the builder that takes the nodes.
    """

    def __init__(self, source: Source, build: Builder) -> None:
        self.source = source
        self.build = build

    @abstractmethod
    def value(self, node: ast.expr) -> Value:
        """A matrix or a number."""

    @abstractmethod
    def matrix(self, node: ast.expr, *, what: str) -> int:
        """A matrix; a number is refused."""

    @abstractmethod
    def module_of(self, node: ast.expr) -> str:
        """The text of a module of another library, ``torch.nn``; empty for a value."""

    def shape_of(self, value: int) -> Shape:
        """The sizes of a node."""
        return self.build[value].shape

    @property
    @abstractmethod
    def numbers(self) -> dict[str, Number]:
        """Numbers by name."""

    def call(self, node: ast.Call) -> Value:
        """The value of a call; the matrix of a method is the first operand."""
        match node.func:
            case ast.Name(id=name):
                module, arguments = "", node.args
            case ast.Attribute(value=inner, attr=name):
                module = self.module_of(inner)
                arguments = node.args if module else [inner, *node.args]
            case _:
                raise self.source.error("only functions of the language can be called", node.func)
        stars = [argument for argument in arguments if isinstance(argument, ast.Starred)]
        for star in [*stars, *(keyword for keyword in node.keywords if keyword.arg is None)]:
            raise self.source.error("the language has no star arguments", star, "write every argument out")
        if (same := translated(foreign.Call(self, node, module, name, arguments))) is not None:
            return self.value(same)
        if name not in FUNCTIONS:
            raise self._unknown_function(node.func, name)
        if name == "einsum":
            return self._einsum(node, arguments)
        words = [*arguments, *(keyword.value for keyword in node.keywords if keyword.arg == "pattern")]
        if name in einops.FUNCTIONS and (name not in OPERATIONS or any(map(_text, words))):
            return self._einops(node, name, arguments)
        if name == "formula":
            return self._place(node, self.formula(node, arguments))
        values = [self._argument(argument) for argument in arguments]
        return self._function_call(node, name, arguments, values)

    def constructor(self, node: ast.Call) -> LeafInput | None:
        """The leaf that a call constructs, or None for another kind of call."""
        match node.func:
            case ast.Name(id="formula"):
                return self.formula(node, node.args)
            case ast.Name(id=name) if name in LEAVES:
                return self.leaf(node, name, node.args, [self._argument(argument) for argument in node.args])
        return None

    def _function_call(
        self, node: ast.Call, name: str, arguments: list[ast.expr], values: list[Argument]
    ) -> Value:
        given = [value for value in values if isinstance(value, Number)]
        alone = len(given) == len(values)
        if name in numbers.FUNCTIONS and alone and not node.keywords:
            return numbers.function(name, given)
        op = OPERATIONS.get(name)
        if name in LEAVES and (alone or op is None):
            return self._place(node, self.leaf(node, name, arguments, values))
        if op is None:
            text = f"{self.source.text_of(arguments[0])}"
            hint = {"max": f"of each row write amax({text})", "min": f"of each row write -amax(-({text}))"}
            raise self.source.error(
                f"{name} is a function of numbers, not of a matrix", node, hint.get(name, BIND)
            )
        return self._operation(node, name, op, arguments, values)

    def leaf(self, node: ast.Call, name: str, arguments: list[ast.expr], values: list[Argument]) -> LeafInput:
        """A constructor of a leaf: ``gaussian(64, 16, seed=1)``, ``shape(8192, 28672)``.

        Args:
            node: the call.
            name: its function, one of ``LEAVES``.
            arguments: its positional arguments.
            values: their values.
        """
        shape = self._sizes(node, name, arguments, values)
        if name == "shape":
            if node.keywords:
                raise self.source.error("shape takes sizes and no parameters", node.keywords[0])
            return LeafInput(shape, Leaf(Hollow()))
        initialiser = INITIALISERS[name]
        if initialiser.is_square and len(shape) == 1:
            shape *= 2
        self._check_triangle(node, name, shape)
        self._check_words(node, name, declared(initialiser))
        options = self._options(node, name, declared(initialiser), {})
        source = self._made(node, initialiser, shape=shape, **options)
        return LeafInput(shape, Leaf(source), initialiser.random and "seed" not in options)

    def formula(self, node: ast.Call, arguments: list[ast.expr]) -> LeafInput:
        """``formula(32, 24, i + j)``: sizes, then a formula."""
        if node.keywords or len(arguments) < 2:
            raise self.source.error(
                "formula takes sizes and then a formula of i and j", node, "formula(32, 24, i + j)"
            )
        sizes = [self.value(argument) for argument in arguments[:-1]]
        shape = self._sizes(node, "formula", arguments, sizes)
        tree = read_formula(arguments[-1], source=self.source, numbers=self.numbers)
        return LeafInput(shape, Leaf(self._made(node, Formula, shape=shape, tree=tree)))

    def _place(self, node: ast.Call, leaf: LeafInput) -> int:
        where = Where(self.source.span(node))
        return self.build.leaf(leaf.shape, leaf.leaf, unseeded=leaf.unseeded, where=where)

    def _sizes(
        self, node: ast.Call, name: str, arguments: list[ast.expr], values: Sequence[Argument]
    ) -> tuple[int, ...]:
        if not values:
            raise self.source.error(f"{name} needs sizes", node, f"write {name}(64, 16)")
        sizes = []
        for argument, value in zip(arguments, values, strict=False):
            if not isinstance(value, Number) or value.whole is None or value.whole < 0:
                raise self.source.error(
                    f"{name} takes sizes, whole numbers from 0", argument, f"write {name}(64, 16)"
                )
            sizes.append(value.whole)
        return tuple(sizes)

    def _operation(
        self, node: ast.Call, name: str, op: type[Any], arguments: list[ast.expr], values: list[Argument]
    ) -> int:
        self._check_words(node, name, declared(op))
        operands = [value for value in values if isinstance(value, int)]
        count = next((place for place, value in enumerate(values) if not isinstance(value, int)), len(values))
        arity = arity_of(name)
        if len(operands) != count:
            rest = zip(arguments[count:], values[count:], strict=True)
            stray = next(argument for argument, value in rest if isinstance(value, int))
            raise self.source.error(f"in {name} matrices come first, then parameters", stray)
        if (arity >= 0 and count != arity) or count == 0:
            raise self.source.error(f"{name} takes {count_text(arity)}, not {count or 'none'}", node)
        fields = declared(op)
        if len(values) - count > len(fields):
            raise self.source.error(f"{name} has {names_of(fields)}", arguments[count + len(fields)])
        given: dict[str, tuple[ast.AST, Argument]] = {
            field.name: (argument, value)
            for field, argument, value in zip(fields, arguments[count:], values[count:], strict=False)
        }
        made = self._made(node, op, **self._options(node, name, fields, given))
        spans = tuple(self.source.span(argument) for argument in arguments)
        where = Where(self.source.span(node), self.source.span(node.func), spans)
        build = self.build
        return (build.map if name in MAPS else build.reindex)(made, operands, where=where)

    def _options(
        self,
        node: ast.Call,
        name: str,
        fields: tuple[Field[Any], ...],
        given: dict[str, tuple[ast.AST, Argument]],
    ) -> dict[str, Any]:
        by_name = {field.name: field for field in fields}
        for keyword in node.keywords:
            word = str(keyword.arg)
            if word in given:
                raise self.source.error(f"{name} is given {word} twice", keyword)
            given[word] = (keyword, self._argument(keyword.value))
        missing = [field.name for field in fields if field.name not in given and field.default is MISSING]
        if missing:
            wanted = ", ".join(f"{word}=…" for word in missing)
            raise self.source.error(
                f"{name} needs {' and '.join(missing)}", node, f"write {name}(…, {wanted})"
            )
        options = {}
        for word, (argument, value) in given.items():
            try:
                options[word] = option(str(by_name[word].type), value)
            except NumberError as wanted:
                raise self.source.error(f"{word} of {name} takes {wanted}", argument) from None
        return options

    def _argument(self, node: ast.expr) -> Argument:
        """A node's id, a Number, a Flag, or a tuple of Numbers."""
        if isinstance(node, ast.Constant) and isinstance(node.value, bool):
            return Flag(node.value)
        if isinstance(node, ast.Tuple):
            return tuple(self.value(item) for item in node.elts)
        return self.value(node)

    def _check_triangle(self, node: ast.Call, name: str, shape: Shape) -> None:
        """Refuse a parameter of the map of a leaf's name: ``triu(3, offset=1)``."""
        words = [field.name for field in declared(MAPS[name])] if name in MAPS else []
        for keyword in node.keywords:
            if keyword.arg in words and isinstance(value := self._argument(keyword.value), Number):
                what = f"{name} of sizes has no parameter {keyword.arg}"
                ones = f"ones({', '.join(map(str, shape))})"
                hint = f"write {name}({ones}, {keyword.arg}={value.rendered.text})"
                raise self.source.error(what, node, hint)

    def _check_words(self, node: ast.Call, name: str, fields: tuple[Field[Any], ...]) -> None:
        names = [field.name for field in fields]
        for keyword in node.keywords:
            if keyword.arg not in names:
                near = suggest(str(keyword.arg), names)
                hint = f"{name} has {names_of(fields)}"
                if keyword.arg in ("dtype", "device", "requires_grad", "out"):
                    hint = f"leave {keyword.arg} out: {foreign.without(self.source, node, keyword.arg)}"
                raise self.source.error(f"{name} has no parameter {keyword.arg}{near}", keyword, hint)

    def _made(self, node: ast.Call, op: Any, **options: Any) -> Any:
        try:
            return op(**options)
        except OptionError as error:
            raise OptionError(
                error.message, text=self.source.text, span=self.source.span(node), hint=error.hint
            ) from None

    def _einsum(self, node: ast.Call, arguments: list[ast.expr]) -> Value:
        keywords = {keyword.arg for keyword in node.keywords}
        match arguments:
            case [ast.Constant(value=str() as equation), *rest] if rest and keywords <= {"path"}:
                operands = [self.value(argument) for argument in rest]
            case _:
                raise self.source.error(
                    "einsum takes its letters as a text, then matrices, and perhaps path=",
                    node,
                    'write einsum("i k, k j -> i j", A, B)',
                )
        path = next((self._pairs(keyword.value) for keyword in node.keywords), None)
        placed = [each for each, value in zip(rest, operands, strict=True) if not isinstance(value, Number)]
        placed += [keyword.value for keyword in node.keywords]
        spans = tuple(map(self.source.span, placed))
        where = Where(self.source.span(node), self.source.span(arguments[0]), spans)
        factors = [value for value in operands if isinstance(value, Number)]
        places = [n for n, value in enumerate(operands) if isinstance(value, Number)]
        matrices = [value for value in operands if not isinstance(value, Number)]
        if not matrices:
            try:
                check_of_numbers(equation, len(factors))
            except EquationError as error:
                raise self.source.error(f'einsum "{equation}" {error}', node, error.hint) from None
            return numbers.product(factors)
        result = read_equation(self.build, without(equation, places), matrices, path=path, where=where)
        for factor in factors:
            result = Arithmetic(self.build).binary("*", result, factor, where=where)
        return result

    def _einops(self, node: ast.Call, name: str, arguments: list[ast.expr]) -> int:
        """``rearrange(x, "t (h d) -> h t d", h=12)``, ``repeat`` and ``reduce``."""
        by_name = {keyword.arg: keyword.value for keyword in node.keywords}
        words = einops.TEXTS[name]
        arguments = [*arguments, *(by_name.pop(word) for word in words if word in by_name)]
        texts = [_text(argument) for argument in arguments]
        if len(texts) != 1 + len(words) or texts[0] is not None or None in texts[1:]:
            first = self.source.text_of(arguments[0]) if arguments and texts[0] is None else "x"
            hint = "write " + einops.EXAMPLES[name].replace("(x,", f"({first},", 1)
            raise self.source.error(f"{name} takes a matrix, then {' and '.join(words)} as text", node, hint)
        sizes = {}
        for word, argument in by_name.items():
            value = None if _text(argument) is not None else self.value(argument)
            if not isinstance(value, Number) or value.whole is None or value.whole < 0:
                raise self.source.error(
                    f"the size of {word} is a whole number from 0", argument, f"write {word}=2"
                )
            sizes[str(word)] = value.whole
        operand = self.matrix(arguments[0], what=name)
        where = Where(self.source.span(node), self.source.span(arguments[1]), ())
        return einops.read_pattern(
            self.build,
            name,
            operand,
            str(texts[1]),
            sizes,
            reduction=(texts[2:] or [""])[0] or "",
            where=where,
        )

    def _pairs(self, node: ast.expr) -> tuple[object, ...]:
        """Tuples or lists of whole numbers, as NumPy prints a path; other things come as None."""
        if not isinstance(node, ast.Tuple | ast.List):
            return ()
        return tuple(
            tuple(item.value if isinstance(item, ast.Constant) else None for item in pair.elts)
            if isinstance(pair, ast.Tuple | ast.List)
            else getattr(pair, "value", None)
            for pair in node.elts
        )

    def _unknown_function(self, node: ast.expr, name: str) -> ProgramError:
        near = suggest(name, FUNCTIONS, cutoff=0.8)
        hint = None if near else "it has " + ", ".join((*MAPS, *MOVES, "einsum", "rearrange", "reduce"))
        return self.source.error(f"the language has no function {name}{near}", node, hint)


def _text(node: ast.expr) -> str | None:
    """The text that an argument is, if it is one."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None
