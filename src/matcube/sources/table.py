"""Sources of a figure: one row of ``SOURCES`` for each way in.

``api`` looks its argument up here. A source gives a program with what is bound to its names (``Written``);
most make a graph first, and write it out. Files of arrays have a table of their own, ``files.FORMATS``.
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
    """A graph, and the arrays that its leaves of data read, by name."""

    graph: Graph
    arrays: Mapping[str, Any]


@dataclass(frozen=True)
class Source:
    """A row of ``SOURCES``.

    Args:
        takes: what it takes, as an error says it: "a lazy matrix".
        accepts: whether an object is one of that kind; it imports no framework that is not there already.
        read: the program of such an object.
    """

    takes: str
    accepts: Callable[[object], bool]
    read: Callable[[Any], Written]


def read(program: object) -> Written:
    """The program of whatever a source takes.

    Raises:
        OptionError: no source takes it.
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
    return written(graph, {one.name: ReadArray(arrays[one.name], one.dtype, one.sha256) for one in data})


SOURCES: dict[str, Source] = {
    "text": Source("text", lambda program: isinstance(program, str), _typed),
    "matrix": Source("a lazy matrix", lambda program: isinstance(program, Matrix), _lazy),
    "graph": Source(
        "a graph with arrays",
        lambda program: isinstance(program, GraphWithArrays),
        lambda program: written(*program),
    ),
}
