"""One cell in words of numbers: the products of its sum, then the steps of its maps."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from matcube.engine.names import find
from matcube.engine.program import Program
from matcube.errors import DataError, OptionError
from matcube.ir import Contraction, Leaf, Map, Node, Reindex
from matcube.ir.render import number_text
from matcube.ir.shapes import shape_text
from matcube.ops import Array, Cells
from matcube.ops.base import MapOp

MOST_TERMS = 12  # of a sum in words; of a longer one the largest, and the rest in one number
LARGEST_TERMS = 8
MOST_EXACT = 4096  # terms that are listed one by one
_MOST_MOVED = 1 << 24  # cells of a re-indexing whose origin is looked up
_ADDRESS = re.compile(r"\s*(?P<name>.*?)\s*(?P<cell>(\[[^\[\]]*\]\s*)+)\Z", re.DOTALL)

Index = tuple[int, ...]


@dataclass(frozen=True)
class Term:
    """One product of a sum.

    Args:
        text: ``5·1``.
        value: the product, in float64.
        cells: addresses of the factors, ``("A[1, 0]", "B[0, 0]")``.
    """

    text: str
    value: float
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Step:
    """One operation on the way to a cell.

    Args:
        address: of the cell: ``C[1, 0]``, or the text of an inner step with its index.
        text: the step in words of numbers: ``5·1 + 6·0 + 7·2 + 8·1 = 27``.
        value: of the cell after this step; NaN and infinities as they are.
        terms: the products of a sum, in its order; of more than 4,096 the largest 8.
        more: the number of products that are not in ``terms``.
    """

    address: str
    text: str
    value: float
    terms: tuple[Term, ...] = ()
    more: int = 0

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
    """A number in at most four significant digits: ``27``, ``−0.4708``, ``1.2e−07``, ``NaN``, ``∞``.

    Example:
        >>> number(27.0), number(-1 / 3), number(float("-inf"))
        ('27', '−0.3333', '−∞')
    """
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    return f"{value:.4g}".replace("-", "−")


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
    steps = tuple(_Walk(program).steps(node, index))
    return Explanation(steps[-1].address, steps[-1].value, steps)


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

    def __init__(self, program: Program) -> None:
        self._program, self._graph = program, program.graph

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
        return self._program.values[node.id].cells

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
            if values.size > MOST_EXACT:
                places = np.argsort(-np.nan_to_num(np.abs(values), nan=np.inf), kind="stable")[:LARGEST_TERMS]
                rest = values.size - places.size, float(np.delete(values, places).sum())
            else:
                places, rest = np.arange(values.size), (0, 0.0)
        shape = np.broadcast_shapes(*(factor.shape for factor in factors))
        terms = []
        for place in places.tolist():
            here = {**at, **dict(zip(summed, map(int, np.unravel_index(place, shape)), strict=True))}
            cells = [tuple(here[letter] for letter in letters) for letters in node.spec.inputs]
            texts = [_factor(self._value(*cell)) for cell in zip(operands, cells, strict=True)]
            addresses = tuple(_address(*cell) for cell in zip(operands, cells, strict=True))
            terms.append(Term("·".join(texts), float(values[place]), addresses))
        value = self._value(node, index)
        return Step(
            _address(node, index), f"{_written(terms, *rest)} = {number(value)}", value, tuple(terms), rest[0]
        )

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
            return Step(address, "masked", result)
        inner = op.explain(self._cells(operands[0]), places[0])
        with_steps = ", ".join([*(f"{name} {number(value)}" for name, value in inner), ""])
        return Step(address, f"{with_steps}{_applied(op, values)} = {number(result)}", result)

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
    label = node.name or (node.text if node.text.isidentifier() else f"({node.text})")
    *heads, row, col = index if len(index) > 1 else (0, 0)
    if len(index) < 2:
        return f"{label}[{', '.join(map(str, index))}]" if index else label
    return label + "".join(f"[{head}]" for head in heads) + f"[{row}, {col}]"


def _factor(value: float) -> str:
    text = number(value)
    return f"({text})" if text.startswith("−") else text


def _written(terms: list[Term], many: int, rest: float) -> str:
    """A sum in its order; of a long one the largest products first and the others in one number."""
    if not terms:
        return "an empty sum"
    if len(terms) + many <= MOST_TERMS:
        return " + ".join(term.text for term in terms)
    order = sorted(terms, key=lambda term: (not math.isnan(term.value), -abs(term.value)))
    more = order[LARGEST_TERMS:]
    with np.errstate(all="ignore"):
        total = rest + float(np.sum([term.value for term in more]))
    shown = " + ".join(term.text for term in order[:LARGEST_TERMS])
    return f"{shown} + {many + len(more):,} more ({number(total)})"


def _applied(op: MapOp, values: list[float]) -> str:
    """``13.5 ÷ 2``, ``3 + 4``, ``softmax(13.5)``."""
    texts = [_factor(value) for value in values]
    notation = op.notation
    if notation is None:
        return f"{op.name}({', '.join(number(value) for value in values)})"
    symbol, fixed, is_first = notation
    sign = {"*": "·", "/": "÷", "-": "−"}.get(symbol, symbol)
    if fixed is not None:
        texts.insert(0 if is_first else 1, number_text(fixed).replace("-", "−"))
    return f"{sign}{texts[0]}" if len(texts) == 1 else f" {sign} ".join(texts)
