"""Evaluation of a graph: the values of every node, in the precision of its operands."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from matcube.errors import DataError, ShapeError
from matcube.ir import Contraction, Data, Graph, Hollow, Leaf, Map, Node, Reindex
from matcube.ir.masks import masked_nodes, scores
from matcube.limits import steps
from matcube.ops import Array, Cells, working
from matcube.values.contract import contract

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Result:
    """The values of one node.

    Args:
        cells: float32 or float64 values, with their mask. The value of a masked cell is NumPy's value of the
            formula (0 directly after ``tril``); every operation but softmax reads it. A mask that no softmax
            reads covers cells that are 0; where one of them is not, there is no mask.
        dtype: the dtype as given for a data leaf (``"float16"``, ``"bfloat16"``), else that of ``cells``.
    """

    cells: Cells
    dtype: str


@dataclass(frozen=True)
class Values(Mapping[int, Result]):
    """Results by node id; a node that depends on a leaf without values is absent, with a reason.

    Example:
        >>> values = Values({}, {0: "W has a shape and no values"})
        >>> values.get(0) is None, values.reason(0)
        (True, 'W has a shape and no values')
    """

    results: Mapping[int, Result]
    absent: Mapping[int, str] = field(default_factory=dict)

    def __getitem__(self, node_id: int) -> Result:
        return self.results[node_id]

    def __iter__(self) -> Iterator[int]:
        return iter(self.results)

    def __len__(self) -> int:
        return len(self.results)

    def reason(self, node_id: int) -> str | None:
        """The reason for a node's lack of values; None if it has values."""
        return self.absent.get(node_id)


def evaluate(graph: Graph, arrays: Mapping[str, Array], *, progress: Progress | None = None) -> Values:
    """The values of every node: contractions as sums of products, maps and re-indexings by their operation.

    float64 and integers of 32 bits or more are computed as float64, everything else as float32; a contraction
    sums in float64 (``values.contract``). Infinities and NaN follow IEEE 754 and are never replaced.

    Args:
        graph: the program.
        arrays: the arrays of ``Data`` leaves, by name.
        progress: called after every node with nodes done, nodes in all and the node's label.

    Returns:
        Results by node id; nodes that depend on a hollow leaf are absent, with a reason.

    Raises:
        DataError: an array is missing.
        ShapeError: an array or a result does not have its node's shape.

    Example:
        >>> from matcube.ir import IndexSpec
        >>> from matcube.ops import INITIALISERS
        >>> leaf = Leaf(INITIALISERS["eye"]((2, 2)))
        >>> graph = Graph((Node(0, leaf, (), IndexSpec((), ("i", "j")), (2, 2)),), (0,))
        >>> evaluate(graph, {})[0].cells.values.tolist()
        [[1.0, 0.0], [0.0, 1.0]]
    """
    results: dict[int, Result] = {}
    absent: dict[int, str] = {}
    masked, read = masked_nodes(graph), scores(graph)
    for done, node in enumerate(steps(graph.nodes), start=1):
        reason = _absence(node, absent)
        if reason is not None:
            absent[node.id] = reason
        else:
            result = _result(node, results, arrays)
            if result.cells.hidden is not None and node.id not in read:
                result = _with_zeros_masked(result, has_mask=node.id in masked)
            results[node.id] = result
        if progress is not None:
            progress(done, len(graph.nodes), node.label)
    return Values(results, absent)


def _with_zeros_masked(result: Result, *, has_mask: bool) -> Result:
    """A result without its mask where that covers a cell that is not 0, or has ended."""
    values, hidden = result.cells
    if has_mask and hidden is not None and not values[hidden].any():
        return result
    return Result(Cells(values), result.dtype)


def _absence(node: Node, absent: Mapping[int, str]) -> str | None:
    if isinstance(node.kind, Leaf) and isinstance(node.kind.source, Hollow):
        return f"{node.label or 'a leaf'} has a shape and no values"
    return next((absent[operand] for operand in node.inputs if operand in absent), None)


def _result(node: Node, results: Mapping[int, Result], arrays: Mapping[str, Array]) -> Result:
    if isinstance(node.kind, Leaf):
        return _leaf(node, node.kind, arrays)
    operands = [results[operand].cells for operand in node.inputs]
    match node.kind:
        case Contraction():
            cells = Cells(contract(node.spec, [operand.values for operand in operands]))
        case Map(op=op):
            cells = op(*operands)
        case Reindex(op=move):
            cells = move(*operands)
    return Result(_checked(node, cells), cells.values.dtype.name)


def _leaf(node: Node, leaf: Leaf, arrays: Mapping[str, Array]) -> Result:
    source = leaf.source
    if isinstance(source, Data):
        if source.name not in arrays:
            hint = f"arrays given: {', '.join(arrays) or 'none'}"
            raise DataError(f"{source.name} is a data leaf, and no array of that name was given", hint=hint)
        return Result(_checked(node, Cells(working(arrays[source.name]))), source.dtype)
    if isinstance(source, Hollow):
        raise DataError(f"{node.label} has a shape and no values")
    cells = _checked(node, Cells(working(source())))
    return Result(cells, cells.values.dtype.name)


def _checked(node: Node, cells: Cells) -> Cells:
    """The cells in C order, read-only, of the node's shape."""
    if cells.values.shape != tuple(node.shape):
        raise ShapeError(f"{node.label}: values of shape {cells.values.shape}, expected {tuple(node.shape)}")
    hidden = None if cells.hidden is None else _frozen(cells.hidden)
    return Cells(_frozen(cells.values), hidden)


def _frozen(array: Array) -> Array:
    view = np.ascontiguousarray(array).reshape(array.shape).view()
    view.flags.writeable = False
    return view
