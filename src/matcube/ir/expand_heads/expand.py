"""Expansion of a program for drawing: a node with heads becomes one drawn node per head.

::

    x @ wQ        i × (h d), one matrix         one box
    split, permute                               no node: the same cells under other letters
    q @ k.mT      h i d, h j d -> h i j          one box per head: q[h] is a slice of the columns of x @ wQ
    repeat        shared heads                   the same drawn node, used several times
    merge         i (h d)                        one matrix again: its blocks are the heads

A letter of only one operand of a product needs no copies: ``h i k, k j -> h i j`` is the single box
(h i) × k @ k × j, and ``h i d, h d c -> i c`` is i × (h d) @ (h d) × c.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from matcube.errors import ShapeError
from matcube.ir.expand_heads.contraction import BoxRoles, roles_of
from matcube.ir.expand_heads.pointwise import pointwise
from matcube.ir.expand_heads.reindexing import HeadReindexing
from matcube.ir.expand_heads.unfolding import plain, usual
from matcube.ir.graph import Contraction, Graph, Leaf, Map, Node, Reindex


@dataclass(frozen=True)
class Drawn:
    """The drawn graph of a program.

    Args:
        graph: vectors and matrices alone; ``copies`` are the cells of the program that each node shows.
        shown: the drawn nodes of each node of the program: a single one, or one per head.
    """

    graph: Graph
    shown: Mapping[int, tuple[int, ...]]


def expand_heads(graph: Graph) -> Drawn:
    """The drawn graph of a program: of vectors and matrices alone.

    Args:
        graph: a legal graph.

    Returns:
        The same graph if nothing in it has heads. Else a new one for drawing; values are computed from
        ``graph``. A root with heads gives several outputs, head 0 last.

    Raises:
        ShapeError: a product that is no box for any head, or more than 256 heads.

    Example:
        >>> from matcube.ir import Hollow, IndexSpec, Leaf, Node
        >>> leaf = IndexSpec.parse("-> h i j")
        >>> q = Node(0, Leaf(Hollow()), (), leaf, (2, 4, 3), "q")
        >>> k = Node(1, Leaf(Hollow()), (), leaf, (2, 4, 3), "k")
        >>> spec = IndexSpec.parse("h i d, h j d -> h i j")
        >>> S = Node(2, Contraction(), (0, 1), spec, (2, 4, 4), "S")
        >>> [node.name for node in expand_heads(Graph((q, k, S), (2,))).graph.nodes]
        ['q[0]', 'q[1]', 'k[0]', 'k[1]', 'S[0]', 'S[1]']
    """
    if _has_heads(graph):
        return _Expander(graph).run()
    return Drawn(graph, {node.id: (node.id,) for node in graph.nodes})


def _has_heads(graph: Graph) -> bool:
    if any(len(node.shape) > 2 for node in graph.nodes):
        return True
    return any(
        (roles := _roles(graph, node)) is not None and bool(roles.batch)
        for node in graph.nodes
        if isinstance(node.kind, Contraction)
    )


def _roles(graph: Graph, node: Node) -> BoxRoles | None:
    return roles_of(node.spec, [graph[operand].shape for operand in node.inputs])


class _Expander(HeadReindexing):
    """Expands a program in one pass; a leaf with heads is drawn when a user first requests an unfolding."""

    def run(self) -> Drawn:
        for node in self.graph.nodes:
            self._settle(node)
        outputs: list[int] = []
        for output in self.graph.outputs:
            if output not in self.home:
                self.request(output, usual(len(self.graph[output].shape)))
            copies = self.drawn[output, self.home[output]]
            first_last = (*copies[1:], copies[0]) if output == self.graph.outputs[-1] else copies
            outputs += [copy for copy in first_last if copy not in outputs]
        drawn = replace(
            self.graph, nodes=tuple(self.nodes), outputs=tuple(outputs), copies=dict(enumerate(self.copies))
        )
        return Drawn(drawn, {node: self.drawn[node, form] for node, form in self.home.items()})

    def _settle(self, node: Node) -> None:
        """Draw a node if its unfolding follows from its operands; others wait for their first use."""
        match node.kind:
            case Contraction():
                self._contraction(node)
            case Map():
                self._map(node, node.kind)
            case Reindex():
                self.move(node)
            case Leaf() if len(node.shape) <= 2:
                self.first(node, plain(len(node.shape)))

    def _map(self, node: Node, kind: Map) -> None:
        homes = [self.home.get(operand) for operand in node.inputs]
        shapes = [self.graph[operand].shape for operand in node.inputs]
        plan = pointwise(node, homes, shapes)
        operands = [
            self.request(operand, form) for operand, form in zip(node.inputs, plan.operands, strict=True)
        ]
        own = Map(kind.op, plan.letters_of(kind.mixes, node), plan.letters_of(kind.reads, node))
        shift = [len(node.shape) - len(shape) for shape in shapes]
        ids = []
        for at in plan.form.places(node.shape):
            inputs = []
            for copies, form, shape, by in zip(operands, plan.operands, shapes, shift, strict=True):
                here = {dim - by: index for dim, index in at.items()}
                place = {dim: here[dim] if shape[dim] > 1 else 0 for dim in form.stack}
                inputs.append(copies[form.number(shape, place)])
            ids.append(self.emit(node, plan.form, at, own, tuple(inputs), plan.spec))
        self.settle(node, plan.form, ids)

    def _contraction(self, node: Node) -> None:
        roles = _roles(self.graph, node)
        if roles is None:
            self._unread(node)
            return
        homes = [self.home.get(operand) for operand in node.inputs]
        roles = roles.in_order(node.spec, homes)
        form = roles.result(node.spec.output)
        operands = [
            self.request_sides(operand, roles.operand(letters))
            for operand, letters in zip(node.inputs, node.spec.inputs, strict=True)
        ]
        spec = roles.spec(node.spec, form, [operand for operand, _ in operands])
        ids = []
        for at in form.places(node.shape):
            index = {node.spec.output[dim]: place for dim, place in at.items()}
            inputs = [
                copies[
                    own.number(
                        self.graph[operand].shape, {dim: index.get(letters[dim], 0) for dim in own.stack}
                    )
                ]
                for operand, letters, (own, copies) in zip(
                    node.inputs, node.spec.inputs, operands, strict=True
                )
            ]
            ids.append(self.emit(node, form, at, node.kind, tuple(inputs), spec))
        self.settle(node, form, ids)

    def _unread(self, node: Node) -> None:
        """A product that is no box; of matrices, the layout reports it."""
        if max(len(self.graph[operand].shape) for operand in (*node.inputs, node.id)) > 2:
            raise ShapeError(
                f'"{node.label}" ({node.spec}) cannot be drawn as boxes: of each head, a box has rows from '
                "one operand, columns from the other and summed letters from both",
                span=node.span,
                hint='a spec with heads is like "h i d, h j d -> h i j"',
            )
        inputs = tuple(
            self.request(operand, plain(len(self.graph[operand].shape)))[0] for operand in node.inputs
        )
        form = plain(len(node.shape))
        self.settle(node, form, [self.emit(node, form, {}, node.kind, inputs, node.spec)])
