"""The functions of the front page. Nothing heavy is imported before a figure is made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

from matcube.errors.guard import guarded

if TYPE_CHECKING:
    from pathlib import Path

    from matcube.api.comparison import Comparison
    from matcube.api.figure import Figure
    from matcube.api.matrix import Matrix
    from matcube.ir import Graph
    from matcube.outputs.server import Handle


@guarded
def figure(
    program: str | Matrix,
    data: Mapping[str, Any] | None = None,
    /,
    *,
    labels: Any = None,
    held: Any = None,
    **arrays: Any,
) -> Figure:
    """A figure of a program; nothing opens.

    Args:
        program: text such as ``"softmax(tril(Q @ K.T / sqrt(16))) @ V"``, or a lazy matrix.
        data: arrays by names that need not be Python's: ``{"layer.wQ": w}`` is ``layer_wQ`` in the program.
            It may hold more than the program uses, such as all of an ``.npz`` file; the rest is not read.
        labels: names along rows and columns, ``{"Q.rows": tokens, "Q.cols": channels}``.
        held: reserved for values captured from a run.
        arrays: by name: an array (NumPy, torch, JAX, lists), the text of a leaf (``"gaussian(64, 16)"``), or
            a number. Frames of pandas and polars and arrays of xarray bring their labels and the names of
            their axes. Arrays of float64, and integers of 32 bits or more, compute in float64, all others in
            float32.

    Returns:
        An immutable figure: ``save``, ``show``, ``layout``, ``style``, ``view``, ``value``, ``link``.

    Raises:
        ProgramError: the program cannot be read; the column is marked.
        ShapeError: two shapes do not fit.
        DataError: an array cannot be used.
        OptionError: the program does not use a keyword.

    Example:
        >>> figure("A @ B", A="gaussian(8, 4)", B="gaussian(4, 6)")
        <matcube 'A @ B', 8 × 6>
        >>> figure("layer_w.T", {"layer.w": "eye(2, 3)", "layer.b": "ones(3)"})
        <matcube 'layer_w.T', 3 × 2>
    """
    from matcube.api.arguments import figure_of

    return figure_of(program, data, arrays, labels=labels, held=held)


@guarded
def show(
    program: str | Matrix,
    data: Mapping[str, Any] | None = None,
    /,
    *,
    labels: Any = None,
    held: Any = None,
    block: bool | None = None,
    **arrays: Any,
) -> Handle:
    """Make a figure and open it in the browser.

    Args:
        program: as for ``figure``.
        data: as for ``figure``.
        labels: as for ``figure``.
        held: as for ``figure``.
        block: whether to wait until Ctrl-C; None waits at the end of a script, and neither in an interactive
            shell nor in a notebook.
        arrays: as for ``figure``.

    Returns:
        A handle with ``url``, ``close()`` and ``wait()``; in a ``with`` block it closes at the end.
    """
    return figure(program, data, labels=labels, held=held, **arrays).show(block=block)


@guarded
def open_figure(link_or_page: str | Path, *, data: Mapping[str, Any] | None = None) -> Figure:
    """The figure of a link, or of a saved page.

    Args:
        link_or_page: a fragment (``#m1.…``), an address that ends in one, or the path of a saved page
            (``attention.html``).
        data: the arrays that a link names, by name: arrays do not travel in links. A page carries its own.

    Raises:
        WireError: the link or page is damaged, or of a version that this matcube does not know.
        DataError: an array is missing, or is not the one of the link.

    Example:
        >>> open_figure(figure("A @ B", A="eye(2, 2)", B="ones(2, 2)").link())
        <matcube 'A @ B', 2 × 2>
    """
    from matcube.api.opening import from_address

    return from_address(link_or_page, data or {})


@guarded
def compare(
    *figures: Figure,
    titles: Sequence[str] | None = None,
    matrix: str | None = None,
    scale: Literal["one", "own"] = "one",
) -> Comparison:
    """Figures side by side: one scale, one camera, and the cells that differ most.

    Matrices are matched by name; those of one name and one size belong together, and so do results of one
    size. Looks and camera are those of the first figure.

    Args:
        figures: two to nine.
        titles: what the panels are called; None takes the programs.
        matrix: what the comparison is about, by name; None is the result.
        scale: ``"one"`` for each matrix in all panels, or each figure and difference its ``"own"``.

    Returns:
        A comparison: ``save("page.html")``, ``show()``, ``differences("attn")``.

    Raises:
        OptionError: fewer or more figures, something else, or nothing of one name in them.
        ShapeError: what has one name has several sizes.

    Example:
        >>> half = figure("C = A @ B", A="eye(2, 2)", B=[[1.0, 2.0], [3.0, 4.0]])
        >>> whole = figure("C = A @ B", A="eye(2, 2)", B=[[1.0, 2.0], [3.0, 5.0]])
        >>> compare(half, whole, titles=["half", "whole"])
        <matcube comparison of 2 figures, C is 2 × 2 · A: half · B: whole>
    """
    from matcube.api.comparison import compare as compared

    return compared(*figures, titles=titles, matrix=matrix, scale=scale)


@guarded
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
    from matcube.errors import OptionError
    from matcube.sources.table import GraphWithArrays

    if not isinstance(arrays, Mapping):
        raise OptionError(f"arrays is a mapping from names to arrays, not {type(arrays).__name__}")
    return make(GraphWithArrays(graph, arrays), {})
