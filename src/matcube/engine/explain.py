"""One cell in words of numbers: the products of its sum, then the steps of its maps."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from matcube.engine.names import find
from matcube.engine.program import Program
from matcube.errors import DataError, OptionError
from matcube.ir import Contraction, Graph, Leaf, Map, Node, Reindex
from matcube.ir.shapes import shape_text
from matcube.ops import Array, Cells
from matcube.ops.base import MapOp
from matcube.ops.rows import TriangleOp
from matcube.values import Values
from matcube.wire import Explained, ExplainedStep, ExplainedTerm

MOST_TERMS = 12  # of a sum in words; of a longer one the largest, and the rest in one number
LARGEST_TERMS = 8
MOST_EXACT = 4096  # terms that are listed one by one
_MOST_WHOLE = 1e9
_MOST_MOVED = 1 << 24  # cells of a re-indexing whose origin is looked up
_ADDRESS = re.compile(r"\s*(?P<name>.*?)\s*(?P<cell>(\[[^\[\]]*\]\s*)+)\Z", re.DOTALL)
_HEAD = re.compile(r"(\w+|\([^()]*\))(\[[\d, ]+\])+")  # a head of a matrix: (x @ w)[1]

Index = tuple[int, ...]


@dataclass(frozen=True)
class Term:
    """One product of a sum.

    Args:
        text: ``5·1``.
        value: the product, in float64.
        cells: addresses of the factors, ``("A[1, 0]", "B[0, 0]")``.
        place: its place in the sum, from 0: k.
    """

    text: str
    value: float
    cells: tuple[str, ...]
    place: int = 0


class Written(NamedTuple):
    """What of a sum is written: terms, how many it has more, and what these come to."""

    terms: tuple[Term, ...]
    more: int
    rest: float


@dataclass(frozen=True)
class Step:
    """One operation on the way to a cell.

    Args:
        address: of the cell: ``C[1, 0]``, or the text of an inner step with its index.
        text: the step in words of numbers: ``5·1 + 6·0 + 7·2 + 8·1 = 27``.
        value: of the cell after this step; NaN and infinities as they are.
        terms: the products of a sum, in its order; of more than 4,096 the largest 8.
        more: the number of products that are not in ``terms``.
        rest: their sum.
        name: what is done to the operand, in short: ``÷ 4``, ``softmax``; "mask" of a masked cell and of one
            that a mask leaves; "" of a sum or a move.
        inner: the numbers between the operand and the value, each with its name.
    """

    address: str
    text: str
    value: float
    terms: tuple[Term, ...] = ()
    more: int = 0
    rest: float = 0.0
    name: str = ""
    inner: tuple[tuple[str, float], ...] = ()

    @property
    def written(self) -> Written:
        """The terms as they are written: of more than 12 the 8 largest, NaN first."""
        if len(self.terms) + self.more <= MOST_TERMS:
            return Written(self.terms, 0, 0.0)
        order = sorted(self.terms, key=lambda term: (not math.isnan(term.value), -abs(term.value)))
        left = order[LARGEST_TERMS:]
        with np.errstate(all="ignore"):
            rest = self.rest + float(np.sum([term.value for term in left]))
        return Written(tuple(order[:LARGEST_TERMS]), self.more + len(left), rest)

    def __str__(self) -> str:
        return f"{self.address}: {self.text}"


@dataclass(frozen=True)
class Explanation:
    """A cell and the steps that make it, the sum first; ``print`` shows a line for each.

    Args:
        address: of the cell: ``C[1, 0]``.
        value: its value.
        steps: the operations on the way to it.
    """

    address: str
    value: float
    steps: tuple[Step, ...]

    def __str__(self) -> str:
        return "\n".join(map(str, self.steps))


def number(value: float) -> str:
    """A whole number below a billion in full, any other in four significant digits: ``1.2e−07``, ``∞``.

    Example:
        >>> number(12345.0), number(-1 / 3), number(float("-inf"))
        ('12345', '−0.3333', '−∞')
    """
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    whole = value.is_integer() and abs(value) < _MOST_WHOLE
    return (str(int(value)) if whole else f"{value:.4g}").replace("-", "−")


def explain(program: Program, address: str) -> Explanation:
    """A cell in words of numbers.

    Args:
        program: with its values.
        address: ``C[3, 7]``, ``attn[2][5, 3]`` (head first), ``[3, 7]`` of the result.

    Raises:
        OptionError: it is no address, or there is no such matrix or cell.
        DataError: the matrix has no values.
    """
    node, index = cell_of(program, address)
    if node.id not in program.values:
        raise DataError(program.values.reason(node.id) or f"{node.label} has no values")
    return explained(program.graph, program.values, node, index)


def explained(graph: Graph, values: Values, node: Node, index: Index) -> Explanation:
    """The steps of one cell.

    Args:
        graph: with the node.
        values: of its nodes.
        node: which has values.
        index: of the cell.
    """
    steps = tuple(_Walk(graph, values).steps(node, index))
    return Explanation(steps[-1].address, steps[-1].value, steps)


def on_wire(explanation: Explanation) -> Explained:
    """An explanation as the viewer has it."""
    steps = [_step_on_wire(step) for step in explanation.steps]
    return Explained(explanation.address, steps[-1].value, steps)


def _step_on_wire(step: Step) -> ExplainedStep:
    terms, more, rest = step.written
    return ExplainedStep(
        address=step.address,
        text=step.text,
        value="masked" if step.text == "masked" else number(step.value),
        name=step.name,
        inner=[f"{name} {number(value)}" for name, value in step.inner],
        terms=[ExplainedTerm(term.text, number(term.value), _size(term.value), term.place) for term in terms],
        more=more,
        rest=number(rest) if more else "",
    )


def _size(value: float) -> float:
    return abs(value) if math.isfinite(value) else 0.0


def cell_of(program: Program, address: str) -> tuple[Node, Index]:
    """The node and the index of an address.

    Args:
        program: with the names.
        address: as for ``explain``.

    Raises:
        OptionError: it is no address, or there is no such matrix or cell.
    """
    match = _ADDRESS.match(address) if isinstance(address, str) else None
    if match is None:
        raise OptionError(f"{address!r} is no address of a cell", hint='write "C[3, 7]" or "attn[2][5, 3]"')
    node = find(program.graph, match["name"]) if match["name"] else program.graph.root
    words = [word.strip() for word in re.findall(r"[^\[\],]+", match["cell"])]
    if not all(re.fullmatch(r"[+-]?\d{1,18}", word, re.ASCII) for word in words):
        raise OptionError(f"{address}: an index is a whole number", hint='write "C[3, 7]"')
    index = tuple(map(int, words))
    if len(index) != len(node.shape) or not all(-n <= i < n for i, n in zip(index, node.shape, strict=True)):
        last = ", ".join(str(size - 1) for size in node.shape)
        raise OptionError(
            f"{node.label} is {shape_text(node.shape)}: it has no cell [{match['cell'].strip(' []')}]",
            hint=f"the last one is {node.label}[{last}]" if math.prod(node.shape) else None,
        )
    return node, tuple(i % n for i, n in zip(index, node.shape, strict=True))


class _Walk:
    """The steps of one cell, from its sum on."""

    def __init__(self, graph: Graph, values: Values) -> None:
        self._graph, self._values = graph, values

    def steps(self, node: Node, index: Index) -> Iterator[Step]:
        if isinstance(node.kind, Map):
            first = self._graph[node.inputs[0]]
            below = _under(node, 0, index, first)
            if not isinstance(first.kind, Leaf):
                yield from self.steps(first, below)
            yield self._map(node, node.kind.op, index)
        elif isinstance(node.kind, Contraction):
            yield self._sum(node, index)
        elif isinstance(node.kind, Reindex):
            origin = self._origin(node, index)
            if origin is not None and not isinstance(origin[0].kind, Leaf):
                yield from self.steps(*origin)
            value = self._value(node, index)
            text = number(value) if origin is None else f"{_address(*origin)} = {number(value)}"
            yield Step(_address(node, index), text, value)
        else:
            value = self._value(node, index)
            yield Step(_address(node, index), number(value), value)

    def _cells(self, node: Node) -> Cells:
        return self._values[node.id].cells

    def _value(self, node: Node, index: Index) -> float:
        return float(self._cells(node).values[index])

    def _sum(self, node: Node, index: Index) -> Step:
        at = dict(zip(node.spec.output, index, strict=True))
        summed = node.spec.summed
        operands = [self._graph[operand] for operand in node.inputs]
        factors = [
            self._along(operand, letters, at, summed)
            for letters, operand in zip(node.spec.inputs, operands, strict=True)
        ]
        with np.errstate(all="ignore"):
            values = np.multiply.reduce(np.broadcast_arrays(*factors)).reshape(-1)
            places, rest = np.arange(values.size), 0.0
            if values.size > MOST_EXACT:
                places = np.argsort(-np.nan_to_num(np.abs(values), nan=np.inf), kind="stable")[:LARGEST_TERMS]
                rest = float(np.delete(values, places).sum())
        shape = np.broadcast_shapes(*(factor.shape for factor in factors))
        terms = []
        for place in places.tolist():
            here = {**at, **dict(zip(summed, map(int, np.unravel_index(place, shape)), strict=True))}
            cells = [tuple(here[letter] for letter in letters) for letters in node.spec.inputs]
            texts = [factor(self._value(*cell)) for cell in zip(operands, cells, strict=True)]
            addresses = tuple(_address(*cell) for cell in zip(operands, cells, strict=True))
            terms.append(Term("·".join(texts), float(values[place]), addresses, place))
        value = self._value(node, index)
        more = values.size - len(terms)
        step = Step(_address(node, index), "", value, tuple(terms), more, rest)
        return replace(step, text=f"{sum_text(step.written)} = {number(value)}")

    def _along(
        self, node: Node, letters: tuple[str, ...], at: dict[str, int], summed: tuple[str, ...]
    ) -> Array:
        """The factors of an operand over the summed letters, in their order; 1 long where it lacks one."""
        own = [letter for letter in letters if letter in summed]
        index = tuple(slice(None) if letter in summed else at[letter] for letter in letters)
        values = self._cells(node).values[index].astype(np.float64)
        values = values.transpose([own.index(letter) for letter in summed if letter in own])
        sizes = dict(zip(letters, node.shape, strict=True))
        return values.reshape([sizes.get(letter, 1) for letter in summed])

    def _map(self, node: Node, op: MapOp, index: Index) -> Step:
        operands = [self._graph[operand] for operand in node.inputs]
        places = [_under(node, n, index, operand) for n, operand in enumerate(operands)]
        values = [self._value(operand, place) for operand, place in zip(operands, places, strict=True)]
        result = self._value(node, index)
        hidden = self._cells(node).hidden
        address = _address(node, index)
        if hidden is not None and bool(hidden[index]):
            return Step(address, "masked", result, name="mask")
        inner = tuple((name, float(value)) for name, value in op.explain(self._cells(operands[0]), places[0]))
        with_steps = ", ".join([*(f"{name} {number(value)}" for name, value in inner), ""])
        text = f"{with_steps}{applied(op, values)} = {number(result)}"
        return Step(address, text, result, name=short_name(op, values), inner=inner)

    def _origin(self, node: Node, index: Index) -> tuple[Node, Index] | None:
        """The operand's cell that a cell of a re-indexing is."""
        assert isinstance(node.kind, Reindex)
        operands = [self._graph[operand] for operand in node.inputs]
        if sum(math.prod(operand.shape) for operand in operands) > _MOST_MOVED or not node.kind.op.is_linear:
            return None
        start, numbered = 0, []
        for operand in operands:
            count = math.prod(operand.shape)
            numbered.append(Cells(np.arange(start, start + count, dtype=np.float64).reshape(operand.shape)))
            start += count
        place = int(node.kind.op(*numbered).values[index])
        for operand in operands:
            if place < math.prod(operand.shape):
                return operand, tuple(int(i) for i in np.unravel_index(place, operand.shape))
            place -= math.prod(operand.shape)
        return None


def _under(node: Node, position: int, index: Index, operand: Node) -> Index:
    """The cell of an operand under a cell of a map; a size of 1 stretches."""
    by_letter = dict(zip(node.spec.output, index, strict=True))
    letters = node.spec.inputs[position]
    return tuple(
        by_letter.get(letter, 0) if size > 1 else 0
        for letter, size in zip(letters, operand.shape, strict=True)
    )


def _address(node: Node, index: Index) -> str:
    plain = node.text.isidentifier() or _HEAD.fullmatch(node.text)
    label = node.name or (node.text if plain else f"({node.text})")
    *heads, row, col = index if len(index) > 1 else (0, 0)
    if len(index) < 2:
        return f"{label}[{', '.join(map(str, index))}]" if index else label
    return label + "".join(f"[{head}]" for head in heads) + f"[{row}, {col}]"


def factor(value: float) -> str:
    """A number as a factor: in brackets where it is negative."""
    text = number(value)
    return f"({text})" if text.startswith("−") else text


def sum_text(written: Written) -> str:
    """A sum in its order; of a long one the largest products first and the others in one number."""
    terms, more, rest = written
    if not terms:
        return "an empty sum"
    shown = " + ".join(term.text for term in terms)
    return f"{shown} + {more:,} more ({number(rest)})" if more else shown


def applied(op: MapOp, values: Sequence[float]) -> str:
    """``13.5 ÷ 2``, ``3 + 4``, ``softmax(13.5)``."""
    texts = [factor(value) for value in values]
    notation = op.notation
    if notation is None:
        return f"{op.name}({', '.join(number(value) for value in values)})"
    symbol, fixed, is_first = notation
    sign = {"*": "·", "/": "÷", "-": "−"}.get(symbol, symbol)
    if fixed is not None:
        texts.insert(0 if is_first else 1, number(float(fixed)))
    return f"{sign}{texts[0]}" if len(texts) == 1 else f" {sign} ".join(texts)


def short_name(op: MapOp, values: Sequence[float]) -> str:
    """What an operation does to its first operand: ``÷ 4``, ``+ 0.5``, ``softmax``, ``mask``.

    Args:
        op: the operation.
        values: of its operands.
    """
    if isinstance(op, TriangleOp):
        return "mask"
    text = applied(op, values)
    first = factor(values[0])
    if op.notation is None or not text.startswith(f"{first} "):
        return op.name if op.notation is None else text
    return text.removeprefix(f"{first} ")
