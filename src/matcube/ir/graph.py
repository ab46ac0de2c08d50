"""The graph: a frozen DAG of four node kinds, in topological order.

The set of node kinds is closed. A new *operation* is a row in a table of ``ops``, never a node kind:

- ``Leaf``         values from outside: an initialiser, data, or a shape alone;
- ``Contraction``  any einsum of two operands: products, summed over the letters the result lacks;
- ``Map``          pointwise in the result's letters; may mix some letters (softmax mixes j) and
                   read the position along others (RoPE reads i);
- ``Reindex``      moves values without computing: permute, split, merge, repeat, slice, concatenate, take.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from matcube.errors import Span
from matcube.ir.copies import Copy
from matcube.ir.spec import IndexSpec
from matcube.ops import Initialiser, MapOp, ReindexOp

Shape = tuple[int, ...]


@dataclass(frozen=True)
class Data:
    """A leaf whose values are array ``name`` of the figure.

    ``sha256`` is of the little-endian C-order bytes as given, ``dtype`` the dtype as given; ``is_constant``
    tells a mask that is added to scores: all its cells are one number of at most -10 000.
    """

    name: str
    dtype: str
    sha256: str
    is_constant: bool = False


@dataclass(frozen=True)
class Hollow:
    """A leaf that has a shape and no values: it is laid out and costed, and cannot be read."""


@dataclass(frozen=True)
class Leaf:
    """A matrix from outside; for each dimension the ``labels`` along it and its ``titles``, or None."""

    source: Initialiser | Data | Hollow
    labels: tuple[tuple[str, ...] | None, ...] = ()
    titles: tuple[str | None, ...] = ()


@dataclass(frozen=True)
class LeafInput:
    """A leaf with its shape, to be bound to a name: ``--let 'Q=gaussian(64, 16)'``.

    With ``unseeded`` the seed of its random numbers is derived from that name.
    """

    shape: Shape
    leaf: Leaf
    unseeded: bool = False


@dataclass(frozen=True)
class Contraction:
    """A sum of products by the node's spec: ``i k, k j -> i j`` is ``A @ B``."""


@dataclass(frozen=True)
class Map:
    """A pointwise operation; ``op`` is a frozen dataclass of parameters from ``ops``.

    ``mixes`` are the letters along which every cell needs its neighbours (softmax: the last),
    ``reads`` the letters whose position enters the formula (RoPE: the first; tril: both).
    """

    op: MapOp
    mixes: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reindex:
    """A move of values; a transpose is ``Reindex(Permute((1, 0)))`` with spec ``i j -> j i``."""

    op: ReindexOp


Kind = Leaf | Contraction | Map | Reindex


@dataclass(frozen=True)
class Node:
    """One value of the program.

    Args:
        id: its index in ``Graph.nodes``.
        kind: leaf, contraction, map or re-indexing, with its parameters.
        inputs: ids of its operands, all smaller than ``id``.
        spec: letters of operands and result (a leaf: ``" -> i j"`` with no operands).
        shape: its sizes, one per letter of ``spec.output``.
        name: its name in the program (``attn``), or None.
        text: canonical program text of this node, with names for named operands: ``softmax(S) @ V``.
        span: its span in the program text.
    """

    id: int
    kind: Kind
    inputs: tuple[int, ...]
    spec: IndexSpec
    shape: Shape
    name: str | None = None
    text: str = ""
    span: Span | None = None

    @property
    def label(self) -> str:
        """Its name, else its text."""
        return self.name or self.text

    @property
    def data(self) -> Data | None:
        """The array that a leaf reads; None for any other node."""
        source = self.kind.source if isinstance(self.kind, Leaf) else None
        return source if isinstance(source, Data) else None


@dataclass(frozen=True)
class Graph:
    """A program as nodes in topological order; the last output is the figure's root.

    ``constants`` are the named scalars of the program (``d = 64``), for its text form. ``copies``, of a graph
    expanded into heads (``ir.expand_heads``), are the cells that each node shows; else it is empty.
    """

    nodes: tuple[Node, ...]
    outputs: tuple[int, ...]
    program: str = ""
    constants: dict[str, float] = field(default_factory=dict)
    copies: dict[int, Copy] = field(default_factory=dict)

    def __getitem__(self, node_id: int) -> Node:
        return self.nodes[node_id]

    @property
    def root(self) -> Node:
        """The node that the figure is built around."""
        return self.nodes[self.outputs[-1]]

    def named(self, name: str) -> Node | None:
        """The node of that name, or None; a later definition hides an earlier one."""
        return next((node for node in reversed(self.nodes) if node.name == name), None)

    def uses(self, node_id: int) -> tuple[int, ...]:
        """Ids of the nodes that have this node as an operand, in order."""
        return self._uses[node_id]

    @cached_property
    def _uses(self) -> tuple[tuple[int, ...], ...]:
        users: list[dict[int, None]] = [{} for _ in self.nodes]
        for node in self.nodes:
            for operand in node.inputs:
                users[operand][node.id] = None
        return tuple(map(tuple, users))

    def ancestors(self, *node_ids: int) -> tuple[int, ...]:
        """Ids of these nodes and of all their direct and indirect operands, in order.

        Example:
            >>> from matcube.ir import Contraction, Hollow, IndexSpec, Leaf, Node
            >>> A = Node(0, Leaf(Hollow()), (), IndexSpec.parse("-> i j"), (2, 2), name="A")
            >>> B = Node(1, Leaf(Hollow()), (), IndexSpec.parse("-> i j"), (2, 2), name="B")
            >>> C = Node(2, Contraction(), (0, 0), IndexSpec.parse("i k, k j -> i j"), (2, 2))
            >>> Graph((A, B, C), (1, 2)).ancestors(2)
            (0, 2)
        """
        reached = set(node_ids)
        for node in reversed(self.nodes):
            if node.id in reached:
                reached |= set(node.inputs)
        return tuple(sorted(reached))
