"""A graph as program text that parses back to the same graph; used by sources that start from a graph.

Named leaves are free names of the text; ``leaf_inputs`` are their bindings.
"""

from __future__ import annotations

import keyword
from collections import Counter
from zlib import crc32

from matcube.ir.graph import Graph, Leaf, LeafInput, Node
from matcube.ir.render import POWER, UNARY, Rendered, is_by_number, number_text, render

_DEEPEST = 40


def seed_of(key: str) -> int:
    """The seed of a random leaf without one in the program, from its name, or from ``#`` and its index.

    It is the CRC-32 of the UTF-8 text, modulo 10⁶, on every machine.

    Example:
        >>> seed_of("Q"), seed_of("K")
        (352047, 455061)
    """
    return crc32(key.encode("utf-8", "replace")) % 1_000_000


def leaf_inputs(graph: Graph) -> dict[str, LeafInput]:
    """The named leaves of a graph, by the free names of its program text.

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
        graph: any legal graph; names that are not valid in the language are left out.

    Returns:
        One statement a line; ``_3`` names an unnamed value that is used twice. The parsed text has the same
        nodes; where a subexpression needs a statement of its own, the ``text`` of the outer node may differ
        (``-x + 2`` for ``2 - x``).

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
    # A declaration of each leaf in order, and a statement for nearly every node: possible for any order.
    long = _Writer(graph, _inlined(graph, next_only=True), declares_leaves=True)
    long.write()
    return "\n".join(long.lines)


class _Writer:
    """Writes the statements of a graph, and tracks the meaning of each name at each line."""

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
        self.order: list[int] = []  # node ids in the order in which a parser of the text makes them
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
        self._alias_hidden(name, node.id)
        needs_no_name = node is self.statements[-1] or node.id != self.graph.root.id
        if name is None and needs_no_name and not self.graph.uses(node.id):
            self.lines.append(text)
            return
        if name is None:
            name = self.aliases[node.id] = self._alias(node.id)
        self.meaning[name] = node.id
        self.lines.append(f"{name} = {text}")

    def _alias_hidden(self, name: str | None, by: int) -> None:
        """Give a second name to a value that is used later, and whose name is about to be rebound."""
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
        has_own_text = is_by_number(node.kind) or isinstance(node.kind, Leaf)
        if not node.text or "…" in node.text or not has_own_text:
            return rendered
        # Its own text may differ from its operation: S / sqrt(d), 2 + S, a seed left out.
        text: str | None = node.text
        for operand, written in zip(node.inputs, operands, strict=True):
            text = _with(node.text, self.graph[operand].label, written, rendered.precedence)
        return rendered if text is None else Rendered(text, rendered.precedence)


def _with(text: str, label: str, written: Rendered, precedence: int) -> str | None:
    """A text with the operand at its start or end replaced; None if it has no such operand.

    Args:
        text: an operator between a matrix and a number.
        label: the text of the operand in it.
        written: its replacement, in brackets where the operator binds tighter.
        precedence: that of the operator.
    """
    if label == written.text:
        return text
    first = written.inside(precedence + (precedence == POWER))
    last = written.inside(UNARY if precedence == POWER else precedence + 1)
    for operand in (f"({label})", label):
        if text.startswith(operand + " "):
            return first + text[len(operand) :]
        if text.endswith(" " + operand):
            return text[: -len(operand)] + last
    return None


def _inlined(graph: Graph, *, next_only: bool = False) -> set[int]:
    """Nodes written inside their only user, down to a readable depth.

    With ``next_only`` only where that is the next node: then the order of nodes does not change.
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
    """The name of a node, if it is valid in the language."""
    name = node.name
    if name is None or not name.isidentifier() or keyword.iskeyword(name) or name.startswith("_"):
        return None
    return name


def _free_leaves(graph: Graph) -> dict[str, Node]:
    """Leaves that are free names: those without an earlier node of the same name."""
    first: dict[str, Node] = {}
    for node in graph.nodes:
        name = _name(node)
        if name is not None:
            first.setdefault(name, node)
    return {name: node for name, node in first.items() if isinstance(node.kind, Leaf)}
