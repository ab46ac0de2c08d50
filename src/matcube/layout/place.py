"""Graph to layout: the entry point of the package.

::

    Graph --plan--> branches (a tree) --solve--> positions --write--> Layout --attach--> boxes in others
"""

from __future__ import annotations

from math import exp, log, sqrt

from matcube.errors import OptionError
from matcube.ir import Graph
from matcube.layout.decks.sections import NoDeckError
from matcube.layout.nested import attach, outside
from matcube.layout.plan import plan
from matcube.layout.solve import solve
from matcube.layout.tree import Plan
from matcube.layout.types import LayoutOptions
from matcube.layout.write import write
from matcube.wire import Layout

_GAPS = (1.0, 64.0)
_AUTO_GAPS = (1.0, 24.0)
_AUTO_GAP_AT_32 = 5.0


def place(graph: Graph, options: LayoutOptions = LayoutOptions()) -> Layout:  # noqa: B008  frozen
    """Lay a graph out.

    The root's result face lies in the plane z = 0 with the outer corner of its cell (0, 0) at the origin,
    columns along x, rows along -y, and is seen from +z. A product (i, j, k) lies where lines through result
    cell (i, j), left cell (i, k) and right cell (k, j), each along its face's normal, meet.

    Args:
        graph: drawn nodes have at most two dimensions.
        options: scheme, distances, arrangements, open sheets.

    Returns:
        Faces and boxes in reading order: parents before children, left before right.

    Raises:
        ShapeError: a drawn node has batch axes.
        OptionError: an option out of range, or a box that does not fit into its host.

    Example:
        >>> from matcube.ir import Contraction, Graph, Hollow, IndexSpec, Leaf, Node
        >>> leaf, spec = Leaf(Hollow()), IndexSpec.parse
        >>> a, b = (Node(n, leaf, (), spec("-> i j"), (2, 2), name) for n, name in enumerate("AB"))
        >>> product = Node(2, Contraction(), (0, 1), spec("i k, k j -> i j"), (2, 2), text="A @ B")
        >>> layout = place(Graph((a, b, product), (2,)))
        >>> [(face.role, face.origin) for face in layout.faces]
        [('result', (0.0, 0.0, 0.0)), ('left', (-1.0, 0.0, -3.0)), ('right', (0.0, 1.0, -3.0))]
    """
    _check(options)
    drawn, without = outside(graph, options.inside), set[int]()
    while True:
        try:
            planned = plan(drawn, options, frozenset(without))
            _check_custom(planned, options)
            gap = _automatic_gap(planned) if options.gap is None else float(options.gap)
            solved, spacing = solve(planned, options, gap)
            return attach(write(planned, solved, options, spacing), graph, options.inside)
        except NoDeckError as error:
            without.add(error.deck)


def _check(options: LayoutOptions) -> None:
    ranges = [
        ("gap", options.gap, *_GAPS),
        ("scatter", options.scatter, 0.0, 128.0),
        ("molecule", options.molecule, 1, float("inf")),
        ("blast", options.blast, -2.0, 2.0),
        ("parts", options.parts, 0, 64),
    ]
    for name, value, low, high in ranges:
        if value is not None and not low <= value <= high:
            limit = f"from {low:g} to {high:g}" if high < float("inf") else f"at least {low:g}"
            raise OptionError(f"{name} is {value:g}; it must be {limit}")


def _check_custom(planned: Plan, options: LayoutOptions) -> None:
    """Refuse an arrangement for a node without a box."""
    boxes = {branch.product.node for branch in planned.branches if branch.product is not None}
    for node, _ in options.custom:
        if node not in boxes:
            raise OptionError(
                f"there is no box of node {node} to arrange",
                hint=f"boxes: {', '.join(map(str, sorted(boxes))) or 'none'}",
            )


def _automatic_gap(planned: Plan) -> float:
    """A gap that grows with the square root of the typical edge: 1 at 2, 5 at 32, 14 at 256.

    The typical edge is the geometric mean over all edges of all boxes, or of the faces if there are none.
    """
    sizes = [branch.product.sizes for branch in planned.branches if branch.product is not None]
    edges = [edge for box in sizes for edge in box]
    edges = edges or [edge for branch in planned.branches for edge in (branch.face.rows, branch.face.cols)]
    typical = exp(sum(log(max(1, edge)) for edge in edges) / len(edges))
    low, high = _AUTO_GAPS
    return float(min(high, max(low, round(_AUTO_GAP_AT_32 * sqrt(typical / 32)))))
