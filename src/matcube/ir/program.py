"""A graph as program text: reading it again with the same leaves gives the same graph.

Leaves that have a name are free names of the text; ``leaf_inputs`` gives what they are bound to.
"""

from __future__ import annotations

import keyword
from collections import Counter
from zlib import crc32

from matcube.ir.graph import Graph, Leaf, LeafInput, Node
from matcube.ir.render import Rendered, is_by_number, number_text, render

_DEEPEST = 40


def seed_of(key: str) -> int:
    """The seed of a random leaf that the program gives none: from its name, or ``#`` and its order.

    The same on every machine: the CRC-32 of the UTF-8 text, modulo 10⁶.

    Example:
        >>> seed_of("Q"), seed_of("K")
        (352047, 455061)
    """
    return crc32(key.encode("utf-8", "replace")) % 1_000_000


def leaf_inputs(graph: Graph) -> dict[str, LeafInput]:
    """The named leaves of a graph, as they are bound to the free names of its program text.

    Example:
        >>> from matcube.ir import Hollow, IndexSpec
        >>> node = Node(0, Leaf(Hollow()), (), IndexSpec.parse("-> i j"), (2, 3), name="A")
        >>> leaf_inputs(Graph((node,), (0,)))["A"].shape
        (2, 3)
    """
    return {
        name: LeafInput(node.shape, node.kind, getattr(node.kind.source, "seed", None) == seed_of(name))
        for name, node in _free_leaves(graph).items()
        if isinstance(node.kind, Leaf)
    }


def to_program(graph: Graph) -> str:
    """The program text of a graph.

    Args:
        graph: any legal graph; a name that the language cannot write is left out.

    Returns:
        One statement a line; ``_3`` names a value that has no name of its own and is used twice. What is
        read from it has the same nodes; where a value had to be taken out of a longer one, the ``text``
        of that one may be written in another way (``-x + 2`` for ``2 - x``).

    Example:
        >>> from matcube.ir import Contraction, Hollow, IndexSpec
        >>> leaf = IndexSpec.parse("-> i j")
        >>> A = Node(0, Leaf(Hollow()), (), leaf, (2, 3), name="A")
        >>> B = Node(1, Leaf(Hollow()), (), leaf, (3, 4), name="B")
        >>> C = Node(2, Contraction(), (0, 1), IndexSpec.parse("i k, k j -> i j"), (2, 4), name="C")
        >>> to_program(Graph((A, B, C), (2,)))
        'C = A @ B'
    """
    short = _Writer(graph, _inlined(graph), declares_leaves=False)
    short.write()
    if short.order == list(range(len(graph.nodes))):
        return "\n".join(short.lines)
    # A leaf declared at its place, a statement for nearly every node: this keeps any order.
    long = _Writer(graph, _inlined(graph, next_only=True), declares_leaves=True)
    long.write()
    return "\n".join(long.lines)


class _Writer:
    """Writes the statements of a graph, keeping account of what each name means at each line."""

    def __init__(self, graph: Graph, inlined: set[int], *, declares_leaves: bool) -> None:
        self.graph = graph
        self.lines = [f"{name} = {number_text(value)}" for name, value in graph.constants.items()]
        self.free = {node.id for node in _free_leaves(graph).values()}
        self.statements = [
            node
            for node in graph.nodes
            if node.id not in inlined and (node.id not in self.free or declares_leaves)
        ]
        self.statements = self.statements or [graph.root]
        self.order: list[int] = []  # node ids in the order in which reading the text makes them
        self.meaning: dict[str, int] = {}
        self.aliases: dict[int, str] = {}

    def write(self) -> None:
        """All statements; the root comes last."""
        for node in self.statements:
            self._statement(node)
        root = self.graph.root.id
        if self.statements[-1].id != root:
            self.lines.append(self._operand(root).text)

    def _statement(self, node: Node) -> None:
        name = _name(node)
        if node.id in self.free:
            self.lines.append(self._operand(node.id).text)
            return
        text = self._text(node).text
        self.order.append(node.id)
        self._keep_hidden(name, node.id)
        needs_no_name = node is self.statements[-1] or node.id != self.graph.root.id
        if name is None and needs_no_name and not self.graph.uses(node.id):
            self.lines.append(text)
            return
        if name is None:
            name = self.aliases[node.id] = self._alias(node.id)
        self.meaning[name] = node.id
        self.lines.append(f"{name} = {text}")

    def _keep_hidden(self, name: str | None, by: int) -> None:
        """A value whose name is about to mean another, and that is used later, gets a second name."""
        hidden = self.meaning.get(name) if name else None
        if name is None or hidden is None:
            return
        if hidden == self.graph.root.id or any(use > by for use in self.graph.uses(hidden)):
            self.aliases[hidden] = self._alias(hidden)
            self.lines.append(f"{self.aliases[hidden]} = {name}")

    def _alias(self, node_id: int) -> str:
        alias = f"_{node_id}"
        while alias in self.graph.constants:
            alias = "_" + alias
        return alias

    def _operand(self, node_id: int) -> Rendered:
        if node_id in self.aliases:
            return Rendered(self.aliases[node_id])
        node = self.graph[node_id]
        name = _name(node)
        if name is not None and self.meaning.get(name) == node_id:
            return Rendered(name)
        if name is not None and node.id in self.free and name not in self.meaning:
            self.meaning[name] = node_id
            self.order.append(node_id)
            return Rendered(name)
        rendered = self._text(node)
        self.order.append(node_id)
        return rendered

    def _text(self, node: Node) -> Rendered:
        operands = [self._operand(operand) for operand in node.inputs]
        shapes = [self.graph[operand].shape for operand in node.inputs]
        rendered = render(node.kind, node.spec, shapes, node.shape, operands)
        may_say_more = is_by_number(node.kind) or isinstance(node.kind, Leaf)
        if not node.text or "…" in node.text or not may_say_more:
            return rendered
        # Its own text may hold more than its operation does: S / sqrt(d), 2 + S, a seed left out.
        text: str | None = node.text
        for operand, written in zip(node.inputs, operands, strict=True):
            text = _with(node.text, self.graph[operand].label, written.text)
        return rendered if text is None else Rendered(text, rendered.precedence)


def _with(text: str, known: str, written: str) -> str | None:
    """A text whose operand at its start or end is written in another way; None where it is not there."""
    if known == written:
        return text
    for found in (f"({known})", known):
        if text.startswith(found + " "):
            return written + text[len(found) :]
        if text.endswith(" " + found):
            return text[: -len(found)] + written
    return None


def _inlined(graph: Graph, *, next_only: bool = False) -> set[int]:
    """Nodes that are written inside the one node that uses them, as deep as can be read.

    With ``next_only`` only where that is the next node: then every order is kept.
    """
    uses = Counter(operand for node in graph.nodes for operand in node.inputs)
    depth: dict[int, int] = {}
    for node in graph.nodes:
        if next_only and (node.id + 1 == len(graph.nodes) or node.id not in graph[node.id + 1].inputs):
            continue
        if _name(node) is None and uses[node.id] == 1 and node.id not in graph.outputs:
            inner = 1 + max((depth.get(operand, 0) for operand in node.inputs), default=0)
            if inner <= _DEEPEST:
                depth[node.id] = inner
    return set(depth)


def _name(node: Node) -> str | None:
    """The name of a node, if the language can write it."""
    name = node.name
    if name is None or not name.isidentifier() or keyword.iskeyword(name) or name.startswith("_"):
        return None
    return name


def _free_leaves(graph: Graph) -> dict[str, Node]:
    """Leaves that are free names: those that no earlier node shares its name with."""
    first: dict[str, Node] = {}
    for node in graph.nodes:
        name = _name(node)
        if name is not None:
            first.setdefault(name, node)
    return {name: node for name, node in first.items() if isinstance(node.kind, Leaf)}
