"""The expression tree of the panel: one row for each node of the program, drawn or not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from matcube.ir import Contraction, Data, Graph, Hollow, Leaf, Map, Node
from matcube.ir.axes import Axes
from matcube.ir.program import leaf_inputs
from matcube.ir.render import leaf_text
from matcube.ops.parameters import declared
from matcube.wire import Term


def expression_tree(graph: Graph, table: Axes) -> list[Term]:
    """The rows of a graph's nodes, in their order; several heads of a node have one row.

    Example:
        >>> from matcube.ir import IndexSpec
        >>> from matcube.ir.axes import axes
        >>> A = Node(0, Leaf(Hollow()), (), IndexSpec.parse("-> i j"), (2, 3), name="A")
        >>> expression_tree(Graph((A,), (0,)), axes(Graph((A,), (0,))))[0].fill
        'shape(2, 3)'
    """
    unseeded = {name for name, bound in leaf_inputs(graph).items() if bound.unseeded}
    first = [node for node in graph.nodes if _is_first(graph, node)]
    return [_term(_of_all(graph, node), table, unseeded=node.name in unseeded) for node in first]


def _is_first(graph: Graph, node: Node) -> bool:
    """Whether a node is the first of its heads, or has none."""
    copy = graph.copies.get(node.id)
    return copy is None or copy.index == 0 or copy.is_alone


def _of_all(graph: Graph, node: Node) -> Node:
    """A node with the name that the program has for all its heads."""
    copy = graph.copies.get(node.id)
    if copy is None or copy.count == 1 or node.name is None:
        return node
    return replace(node, name=node.name.rpartition("[")[0] or node.name)


def _term(node: Node, table: Axes, *, unseeded: bool) -> Term:
    kind, op, fill = _kind(node, unseeded=unseeded)
    return Term(
        node=node.id,
        name=node.name or "",
        text=node.text,
        kind=kind,
        op="" if op is None else op.name,
        parameters={} if op is None else _numbers(op, leave_out="seed" if unseeded else ""),
        fill=fill,
        shape=list(node.shape),
        axes=[table.of(node.id, dim).id for dim in range(len(node.shape))],
        inputs=list(node.inputs),
    )


def _kind(node: Node, *, unseeded: bool) -> tuple[Any, Any, str]:
    """Its kind, its operation or None, and the text of a leaf."""
    kind = node.kind
    if isinstance(kind, Leaf):
        if isinstance(kind.source, Data):
            return "array", None, ""
        fill = leaf_text(kind, node.shape, leave_out=("seed",) if unseeded else ()).text
        return "leaf", None if isinstance(kind.source, Hollow) else kind.source, fill
    if isinstance(kind, Contraction):
        return "product", None, ""
    return ("map" if isinstance(kind, Map) else "move"), kind.op, ""


def _numbers(op: Any, *, leave_out: str) -> dict[str, float]:
    values = {
        parameter.name: getattr(op, parameter.name)
        for parameter in declared(type(op))
        if parameter.name != leave_out
    }
    return {name: value for name, value in values.items() if isinstance(value, int | float)}
