"""A graph built again with some of its nodes changed; used by ``rewrite``."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from matcube.ir import Contraction, Graph, Leaf, LeafInput, Map, Node, Reindex
from matcube.ir.render import BINDING, Rendered
from matcube.ir.shapes import matmul_spec
from matcube.ops import MapOp
from matcube.sources.build import Builder


@dataclass(frozen=True)
class Changes:
    """Changes of nodes, by node id.

    Args:
        names: new names; None removes the name.
        leaves: other leaves.
        ops: other operations in place of those that are there.
        wraps: operations put around a node, whose name and users they take over.
        removed: operations of one matrix that are left out: their users take their operands.
    """

    names: dict[int, str | None] = field(default_factory=dict)
    leaves: dict[int, LeafInput] = field(default_factory=dict)
    ops: dict[int, MapOp] = field(default_factory=dict)
    wraps: dict[int, MapOp] = field(default_factory=dict)
    removed: frozenset[int] = frozenset()


def replay(graph: Graph, changes: Changes, *, keep_texts: bool = True) -> tuple[Graph, dict[int, int]]:
    """Build a graph again with changes.

    Args:
        graph: any legal graph.
        changes: changes of its nodes.
        keep_texts: operations by numbers keep how they were written (``S / sqrt(d)``).

    Returns:
        The graph, and the new id of every old node (of a wrapped node: its wrap; of a removed
        one: its operand).

    Raises:
        ShapeError: the changed operations or sizes do not fit.

    Example:
        >>> from matcube.ops import MAPS
        >>> from matcube.sources.program import parse
        >>> graph = parse("S = shape(4, 3) @ shape(3, 5)")
        >>> new, _ = replay(graph, Changes(wraps={2: MAPS["relu"]()}))
        >>> new.root.text, new.root.name
        ('relu(shape(4, 3) @ shape(3, 5))', 'S')
    """
    build = Builder()
    moved: dict[int, int] = {}
    for node in graph.nodes:
        inputs = [moved[operand] for operand in node.inputs]
        if node.id in changes.removed:
            moved[node.id] = inputs[0]
            _name(build, inputs[0], changes.names.get(node.id, node.name))
            continue
        made = _made(build, graph, node, inputs, changes, keep_texts=keep_texts)
        name = changes.names.get(node.id, node.name)
        wrap = changes.wraps.get(node.id)
        if wrap is not None and isinstance(node.kind, Leaf):  # a leaf is bound by its name
            _name(build, made, name)
            name = None
        if wrap is not None:
            made = build.map(wrap, [made])
        _name(build, made, name)
        moved[node.id] = made
    return build.graph(moved[graph.root.id], constants=graph.constants), moved


def _name(build: Builder, node: int, name: str | None) -> None:
    if name is not None:
        build.name(node, name)


def _made(
    build: Builder, graph: Graph, node: Node, inputs: list[int], changes: Changes, *, keep_texts: bool
) -> int:
    kind: Any = node.kind
    match kind:
        case Leaf():
            bound = changes.leaves.get(node.id, LeafInput(node.shape, kind))
            return build.leaf(bound.shape, bound.leaf, unseeded=bound.unseeded)
        case Contraction():
            if node.spec == matmul_spec(graph[node.inputs[0]].shape, graph[node.inputs[1]].shape):
                return build.matmul(inputs[0], inputs[1])
            return build.contract(node.spec, inputs)
        case Map():
            op = changes.ops.get(node.id)
            text = _text(build, graph, node, inputs) if keep_texts and op is None else None
            return build.map(op or kind.op, inputs, text=text)
    assert isinstance(kind, Reindex)
    return build.reindex(kind.op, inputs)


def _text(build: Builder, graph: Graph, node: Node, inputs: list[int]) -> Rendered | None:
    """The notation of an operation by a number, with its new operand; None where it cannot be derived."""
    notation = node.kind.op.notation if isinstance(node.kind, Map) and len(inputs) == 1 else None
    if notation is None or notation.number is None or notation.is_number_first or "…" in node.text:
        return None
    precedence = BINDING[notation.symbol]
    label = graph[node.inputs[0]].label
    now = build.rendered(inputs[0]).inside(precedence)
    for prefix in (f"({label}) ", f"{label} "):
        if node.text.startswith(prefix):
            return Rendered(f"{now} {node.text[len(prefix) :]}", precedence)
    return None
