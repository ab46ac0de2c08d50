"""A graph in the form that figures store: program text, leaf constructors, arrays by name, labels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from matcube.errors import DataError, OptionError
from matcube.errors.words import some_of, suggest
from matcube.ir import Data, Graph, Leaf, Node
from matcube.ir.check import verify
from matcube.ir.program import leaf_inputs, to_program
from matcube.ir.render import leaf_text
from matcube.ir.shapes import shape_text
from matcube.sources.arrays import ReadArray, digest_as, read_array
from matcube.sources.program import check_name


@dataclass(frozen=True)
class Written:
    """A program with the bindings of its names.

    Args:
        program: its text.
        leaves: the constructors of computed leaves, by name: ``"gaussian(64, 16)"``.
        arrays: the arrays of data leaves, by name.
        labels: labels of rows and columns, by ``"Q.rows"`` and ``"Q.cols"``.
    """

    program: str
    leaves: Mapping[str, str]
    arrays: Mapping[str, ReadArray]
    labels: Mapping[str, tuple[str, ...]]


def written(graph: Graph, arrays: Mapping[str, Any]) -> Written:
    """A graph and its arrays as program text with bindings.

    Args:
        graph: any graph. An unnamed data leaf gets the name of its array; if its ``dtype`` or ``sha256`` is
            empty, that of the array is used.
        arrays: arrays by the names in the data leaves.

    Returns:
        A text that parses to the same graph, with the bindings of its names.

    Raises:
        GraphError: the graph is not legal.
        OptionError: an invalid name, two leaves of the same name, or an array that no leaf reads.
        DataError: an array is missing, or does not have the shape or the sha256 of its leaf.

    Example:
        >>> from matcube.sources.lazy import matrix
        >>> result = written(*(matrix([[1, 2]], "A") @ matrix("ones(2, 3)", "B")).to_graph())
        >>> result.program, dict(result.leaves), list(result.arrays)
        ('A @ B', {'B': 'ones(2, 3)'}, ['A'])
    """
    verify(graph)
    read = {node.id: node.data for node in graph.nodes if node.data is not None}
    _check_names(graph, read, arrays)
    given = {source.name: _read(arrays[source.name], source) for source in read.values()}
    nodes = tuple(_bound(node, given) if node.id in read else node for node in graph.nodes)
    graph = replace(graph, nodes=nodes)
    inputs = leaf_inputs(graph)
    leaves = {
        name: leaf_text(bound.leaf, bound.shape, leave_out=("seed",) if bound.unseeded else ()).text
        for name, bound in inputs.items()
        if not isinstance(bound.leaf.source, Data)
    }
    labels = {
        f"{name}.{side}": names
        for name, bound in inputs.items()
        for side, names in zip(("cols", "rows"), reversed(bound.leaf.labels), strict=False)
        if names is not None
    }
    by_name = {
        str(node.name): replace(given[read[node.id].name], titles=node.kind.titles)
        for node in nodes
        if node.id in read and isinstance(node.kind, Leaf)
    }
    return Written(to_program(graph), leaves, by_name, labels)


def _read(array: Any, source: Data) -> ReadArray:
    if isinstance(array, ReadArray):
        return array
    result = read_array(array, source.name)
    if source.dtype == "bfloat16" and result.dtype == "float32":
        return ReadArray(result.array, source.dtype, digest_as(result.array, source.dtype))
    return result


def _bound(node: Node, given: Mapping[str, ReadArray]) -> Node:
    """A data leaf with a name, and the dtype and hash of its array."""
    assert isinstance(node.kind, Leaf) and isinstance(node.kind.source, Data)
    source = node.kind.source
    array = given[source.name]
    if array.array.shape != node.shape:
        raise DataError(
            f"the array {source.name} is {shape_text(array.array.shape)}, and the leaf that reads it"
            f" {shape_text(node.shape)}"
        )
    if source.sha256 not in ("", array.sha256):
        raise DataError(
            f"the array {source.name} has other values than the leaf that reads it was made with",
            hint="give the array that the graph was made with, or a leaf with sha256=''",
        )
    name = node.name or source.name
    bound = replace(source, name=name, dtype=array.dtype, sha256=array.sha256)
    return replace(node, name=name, kind=replace(node.kind, source=bound))


def _check_names(graph: Graph, read: Mapping[int, Data], arrays: Mapping[str, Any]) -> None:
    wanted = [source.name for source in read.values()]
    given, reads = f"given are {some_of(arrays)}", f"its leaves read {some_of(wanted)}"
    for name in wanted:
        if name not in arrays:
            near = suggest(name, [other for other in arrays if other not in wanted])
            raise DataError(f"the graph reads the array {name}, which is not given{near}", hint=given)
    for name in arrays:
        if name not in wanted:
            reads = f"its leaves read {some_of(wanted)}"
            raise OptionError(
                f"no leaf of the graph reads the array {name}{suggest(name, wanted)}", hint=reads
            )
    names = [node.name or read[node.id].name for node in graph.nodes if node.name or node.id in read]
    for node, source in read.items():
        name = graph[node].name or source.name
        check_name(name)
        if names.count(name) > 1:
            raise OptionError(f"two matrices of the graph are named {name}", hint="give one another name")
