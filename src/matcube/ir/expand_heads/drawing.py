"""Drawn nodes of an expansion: which exist, in which unfolding, and the limits on their number."""

from __future__ import annotations

import re

from matcube.errors import ShapeError
from matcube.ir.copies import Copy
from matcube.ir.expand_heads.unfolding import Unfolding, ordered
from matcube.ir.graph import Graph, Kind, Leaf, Node
from matcube.ir.render import leaf_text
from matcube.ir.spec import IndexSpec

Copies = tuple[int, ...]

MOST_COPIES = 256
_ATOM = re.compile(r"[\w.]+(\((?:[^()]|\([^()]*\))*\))?(\.\w+)*\Z")


class Drawing:
    """The drawn nodes of a program so far.

    Args:
        graph: the program.

    Attributes:
        nodes, copies: the drawn nodes, and the cells that each shows.
        home: the form (unfolding) in which a node was drawn first.
        drawn: ids of drawn nodes, by node of the program and form.
    """

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.nodes: list[Node] = []
        self.copies: list[Copy] = []
        self.home: dict[int, Unfolding] = {}
        self.drawn: dict[tuple[int, Unfolding], Copies] = {}

    def emit(
        self, node: Node, form: Unfolding, at: dict[int, int], kind: Kind, inputs: Copies, spec: IndexSpec
    ) -> int:
        """Add one drawn node; its name is that of the program's node with the head in brackets.

        Args:
            node: the node of the program.
            form: its unfolding.
            at: the index along each stacked dimension: its head.
            kind: the operation that is drawn.
            inputs: ids of drawn operands.
            spec: the letters of this copy.

        Returns:
            The id of the drawn node.

        Raises:
            ShapeError: the node has too many heads, or none.
        """
        self._check(node, form)
        count = form.count(node.shape)
        head = f"[{', '.join(map(str, at.values()))}]" if count > 1 else ""
        text = f"({node.text}){head}" if head and not _ATOM.match(node.text) else node.text + head
        name = None if node.name is None else node.name + head
        own = Node(len(self.nodes), kind, inputs, spec, form.sizes(node.shape), name, text, node.span)
        self.nodes.append(own)
        self.copies.append(Copy(node.id, form.number(node.shape, at), count, tuple(at.items()), form.groups))
        return own.id

    def settle(self, node: Node, form: Unfolding, ids: list[int]) -> None:
        """Record the form in which a node is drawn first.

        Args:
            node: the node of the program.
            form: its unfolding.
            ids: the drawn copies, in the order of the form.
        """
        self._check(node, form)
        home, copies = ordered(form, node.shape, ids)
        self.home[node.id] = home
        self.drawn[node.id, home] = copies

    def _check(self, node: Node, form: Unfolding) -> None:
        count, sizes = form.count(node.shape), " × ".join(map(str, node.shape))
        if count == 0:
            raise ShapeError(
                f'"{node.label}" ({sizes}) has no heads: there is no matrix to draw',
                span=node.span,
                hint="give it at least one head",
            )
        if count > MOST_COPIES:
            raise ShapeError(
                f'"{node.label}" ({sizes}) is {count:,} matrices, and at most {MOST_COPIES} are drawn',
                span=node.span,
                hint=f"{_fewer(node, form)}take the values without a picture: fig.value()",
            )


def _fewer(node: Node, form: Unfolding) -> str:
    """The remedy for a leaf of too many heads: some of them, from the first."""
    if not isinstance(node.kind, Leaf) or not node.shape:
        return ""
    sizes, left = list(node.shape), MOST_COPIES
    for dim in reversed(form.stack):
        sizes[dim] = min(sizes[dim], max(1, left))
        left //= sizes[dim]
    if node.data is not None:
        last = max(form.stack)
        bounds = ", ".join(f":{size}" for size in sizes[: last + 1])
        return f"give some of its heads: {node.label}[{bounds}]; or "
    return f"draw fewer heads: {leaf_text(node.kind, tuple(sizes), leave_out=('seed',)).text}; or "
