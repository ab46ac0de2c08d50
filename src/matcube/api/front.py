"""The functions of the front page. Nothing heavy is imported before a figure is made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matcube.api.figure import Figure
    from matcube.api.matrix import Matrix
    from matcube.ir import Graph
    from matcube.outputs.server import Handle


def figure(program: str | Matrix, /, *, labels: Any = None, **bindings: Any) -> Figure:
    """A figure of a program; nothing opens.

    Args:
        program: text such as ``"softmax(tril(Q @ K.T / sqrt(16))) @ V"``, or a lazy matrix.
        labels: names along rows and columns, ``{"Q.rows": tokens, "Q.cols": channels}``.
        bindings: by name: an array (NumPy, torch, JAX, lists), the text of a leaf
            (``"gaussian(64, 16)"``), or a number. Arrays of float64, and integers of 32 bits or more, compute
            in float64, all others in float32.

    Returns:
        An immutable figure: ``save``, ``show``, ``layout``, ``style``, ``view``, ``value``, ``url``.

    Raises:
        ProgramError: the program does not read; the column is marked.
        ShapeError: two shapes do not fit.
        DataError: an array cannot be used.

    Example:
        >>> figure("A @ B", A="gaussian(8, 4)", B="gaussian(4, 6)")
        <matcube 'A @ B', 8 × 6>
    """
    from matcube.api.make import make

    return make(program, bindings, labels=labels)


def from_graph(graph: Graph, arrays: Mapping[str, Any]) -> Figure:
    """A figure of a graph that code has made; it may be longer than a program that is typed.

    Args:
        graph: nodes in order, as ``Matrix.to_graph`` or ``matcube.sources.build.Builder`` makes them.
        arrays: what its leaves of data read, by name: anything that holds numbers.

    Returns:
        The figure; its program is the text that reads as the same graph.

    Raises:
        GraphError: the graph breaks a rule; the node is named.
        DataError: an array is missing, or has another shape or other values than the leaf that reads it.
        OptionError: an array that no leaf reads, or a name that no program can hold.

    Example:
        >>> import matcube as mc
        >>> product = mc.matrix([[1.0, 2.0]], "A") @ mc.matrix([[3.0], [4.0]], "B")
        >>> from_graph(*product.to_graph()).value().tolist()
        [[11.0]]
    """
    from matcube.api.make import make
    from matcube.sources.table import GraphWithArrays

    return make(GraphWithArrays(graph, arrays), {})


def show(program: str | Matrix, /, *, labels: Any = None, **bindings: Any) -> Handle:
    """Make a figure and open it in the browser.

    Args:
        program: text or a lazy matrix; see ``figure``.
        labels: names along rows and columns; see ``figure``.
        bindings: arrays, texts of leaves and numbers by name; see ``figure``.

    Returns:
        A handle with ``url``, ``close()`` and ``wait()``. In a script end with ``wait()``: the page ends
        with the program.
    """
    return figure(program, labels=labels, **bindings).show()


def open_link(link: str, *, data: Mapping[str, Any] | None = None) -> Figure:
    """The figure that a link restores.

    Args:
        link: a fragment (``#m1.…``), or an address that ends in one.
        data: the arrays that the link names, by name; arrays do not travel in links.

    Raises:
        WireError: the link is damaged, or of a version that this matcube does not know.
        DataError: an array is missing, or is not the one that the link was made with.

    Example:
        >>> open_link(figure("A @ B", A="eye(2, 2)", B="ones(2, 2)").url())
        <matcube 'A @ B', 2 × 2>
    """
    from matcube.api.opening import from_link

    return from_link(link, data or {})
