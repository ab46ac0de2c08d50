"""A single head: its ancestors, and of every large matrix only its own columns."""

from __future__ import annotations

from dataclasses import replace

from matcube.errors import OptionError
from matcube.ir.copies import Copy
from matcube.ir.expand_heads.expand import Drawn
from matcube.ir.graph import Contraction, Graph, Hollow, Leaf, Map, Node, Reindex
from matcube.ops.reindex import Concat, Slice

Cut = tuple[int, int, int]


def isolate_head(drawn: Drawn, head: int) -> Drawn:
    """The part of a drawn graph that computes one head of the last matrix with heads.

    A head that is a slice of a product becomes the product of slices: ``q[3]`` is ``x @ wQ[3]``.

    Args:
        drawn: an expanded program.
        head: its index among the copies.

    Raises:
        OptionError: there are no heads, or fewer.
    """
    heads = _last_heads(drawn.graph)
    if not heads:
        raise OptionError("nothing in this figure has heads", hint="a product with heads is like q @ k.mT")
    if not 0 <= head < len(heads):
        raise OptionError(f"there is no head {head}", hint=f"there are {len(heads)}: 0 to {len(heads) - 1}")
    isolator = _Isolator(drawn.graph)
    root = isolator.take(heads[head])
    graph = replace(
        drawn.graph, nodes=tuple(isolator.nodes), outputs=(root,), copies=dict(enumerate(isolator.copies))
    )
    shown: dict[int, list[int]] = {}
    for copy, node in zip(isolator.copies, isolator.nodes, strict=True):
        shown.setdefault(copy.of, []).append(node.id)
    return Drawn(graph, {node: tuple(ids) for node, ids in shown.items()})


def _last_heads(graph: Graph) -> tuple[int, ...]:
    """The heads nearest to the root: those of the root itself, or the operands of the last join."""
    root = graph.copies.get(graph.root.id)
    if root is not None and root.count > 1:
        return tuple(node.id for node in graph.nodes if _is_of(graph, node.id, root))
    reached = {graph.root.id}
    for node in reversed(graph.nodes):
        if node.id not in reached:
            continue
        reached |= set(node.inputs)
        if isinstance(node.kind, Reindex) and isinstance(node.kind.op, Concat) and node.id in graph.copies:
            first = graph.copies[node.inputs[0]]
            if first.count > 1 and all(_is_of(graph, operand, first) for operand in node.inputs):
                return node.inputs
    return ()


def _is_of(graph: Graph, node: int, copy: Copy) -> bool:
    own = graph.copies[node]
    return own.of == copy.of and own.count == copy.count


class _Isolator:
    """Copies the ancestors of a head, and cuts those that are larger than the head needs."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.nodes: list[Node] = []
        self.copies: list[Copy] = []
        self.made: dict[tuple[int, Cut | None], int] = {}

    def take(self, root: int) -> int:
        """Copy a node with its ancestors; a stack in place of recursion, as a graph may be deep."""
        waiting: list[tuple[int, Cut | None]] = [(root, None)]
        while waiting:
            wanted = waiting[-1]
            below = [operand for operand in self._below(*wanted) if operand not in self.made]
            if below:
                waiting += below
            else:
                waiting.pop()
                if wanted not in self.made:
                    self.made[wanted] = self._add(*wanted)
        return self.made[root, None]

    def _below(self, node_id: int, cut: Cut | None) -> list[tuple[int, Cut | None]]:
        """The operands of a node with their cuts: a slice becomes a cut operand; a cut follows its letter."""
        node = self.graph[node_id]
        own_cut = self._cut_of(node) if cut is None else None
        if own_cut is not None:
            return [(node.inputs[0], own_cut)]
        if cut is None:
            return [(operand, None) for operand in node.inputs]
        if not isinstance(node.kind, Contraction | Map):
            return []
        letter = node.spec.output[cut[0]]
        return [
            (operand, (letters.index(letter), *cut[1:]) if letter in letters else None)
            for operand, letters in zip(node.inputs, node.spec.inputs, strict=True)
        ]

    def _cut_of(self, node: Node) -> Cut | None:
        """The cut of a slice along one dimension; None for any other node."""
        if not isinstance(node.kind, Reindex) or not isinstance(node.kind.op, Slice):
            return None
        op, whole = node.kind.op, self.graph[node.inputs[0]]
        cut = [dim for dim, size in enumerate(whole.shape) if op.stop[dim] - op.start[dim] != size]
        if (
            len(cut) != 1
            or not node.shape[cut[0]]
            or len(node.shape) != len(whole.shape)
            or self.graph.copies[node.id].count < 2
        ):
            return None
        return cut[0], op.start[cut[0]], op.stop[cut[0]]

    def _add(self, node_id: int, cut: Cut | None) -> int:
        node, copy = self.graph[node_id], self.graph.copies[node_id]
        below = self._below(node_id, cut)
        if cut is None and len(below) == 1 and below[0][1] is not None:
            return self._named(self.made[below[0]], node)
        kind, shape = node.kind, node.shape
        name, text = node.name, node.text
        if cut is not None:
            length = cut[2] - cut[1]
            index, count = cut[1] // length, shape[cut[0]] // length
            shape = tuple(length if dim == cut[0] else size for dim, size in enumerate(shape))
            copy = replace(copy, index=index, count=count, cut=cut)
            kind = kind if isinstance(kind, Contraction | Map) else _cut_leaf(kind, cut)
            name, text = f"{name}[{index}]" if name else None, f"({text})[{index}]"
        inputs = tuple(self.made[operand] for operand in below)
        own = replace(node, id=len(self.nodes), kind=kind, inputs=inputs, shape=shape, name=name, text=text)
        if cut is not None and not isinstance(node.kind, Contraction | Map | Leaf):
            own = replace(own, inputs=(), spec=replace(node.spec, inputs=()))
        self.nodes.append(own)
        self.copies.append(replace(copy, is_alone=True))
        return own.id

    def _named(self, made: int, node: Node) -> int:
        """A product of slices has the name of the slice of the product."""
        if node.name is not None:
            self.nodes[made] = replace(self.nodes[made], name=node.name, text=node.text)
        return made


def _cut_leaf(kind: object, cut: Cut) -> Leaf:
    """A cut leaf or re-indexing, as a leaf without operands."""
    if not isinstance(kind, Leaf):
        return Leaf(Hollow())
    labels = tuple(
        names[cut[1] : cut[2]] if names is not None and dim == cut[0] else names
        for dim, names in enumerate(kind.labels)
    )
    return Leaf(kind.source, labels, kind.titles)
