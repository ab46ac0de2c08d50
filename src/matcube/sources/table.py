"""Sources of a figure's program: one row of ``SOURCES`` for each kind of object.

``api`` reads the program of ``mc.figure`` and ``mc.save`` with it. A source returns a program with the
bindings of its names (``Written``); most build a graph first, and write it as text. Files of arrays have a
table of their own, ``files.FORMATS``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from matcube.errors import OptionError
from matcube.ir import Graph
from matcube.sources.arrays import ReadArray
from matcube.sources.lazy import Matrix
from matcube.sources.program import check_length
from matcube.sources.written import Written, written


class GraphWithArrays(NamedTuple):
    """A graph, and the arrays of its data leaves, by name."""

    graph: Graph
    arrays: Mapping[str, Any]


@dataclass(frozen=True)
class Source:
    """A row of ``SOURCES``.

    Args:
        takes: the kind of object, in the words of an error: "a lazy matrix".
        accepts: whether an object is of that kind; it must not import a framework.
        read: the program of such an object.
    """

    takes: str
    accepts: Callable[[object], bool]
    read: Callable[[Any], Written]


def read(program: object) -> Written:
    """The program of any object that a source accepts.

    Raises:
        OptionError: no source accepts it.
        MatcubeError: the source cannot read it.

    Example:
        >>> read("A @ B").program
        'A @ B'
    """
    row = next((row for row in SOURCES.values() if row.accepts(program)), None)
    if row is None:
        *most, last = (row.takes for row in SOURCES.values())
        takes = f"{', '.join(most)} or {last}"
        raise OptionError(
            f"a program is {takes}, not {type(program).__name__}",
            hint='mc.figure("A @ B", A=a, B=b), or (mc.matrix(a) @ mc.matrix(b)).figure()',
        )
    return row.read(program)


def _typed(text: str) -> Written:
    check_length(text)
    return Written(text, {}, {}, {})


def _lazy(matrix: Matrix) -> Written:
    graph, arrays = matrix.to_graph()
    data = [node.data for node in graph.nodes if node.data is not None]
    return written(graph, {leaf.name: ReadArray(arrays[leaf.name], leaf.dtype, leaf.sha256) for leaf in data})


SOURCES: dict[str, Source] = {
    "text": Source("text", lambda program: isinstance(program, str), _typed),
    "matrix": Source("a lazy matrix", lambda program: isinstance(program, Matrix), _lazy),
    "graph": Source(
        "a graph with arrays",
        lambda program: isinstance(program, GraphWithArrays),
        lambda program: written(*program),
    ),
}
