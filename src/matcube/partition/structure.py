"""Roles of axes, derived from the structure of a program: tokens, batch, heads, hidden layers, experts."""

from __future__ import annotations

from collections.abc import Callable

from matcube.ir import Contraction, Graph, Leaf, Map
from matcube.ir.attention import Attention, attention_of, below_maps
from matcube.ir.axes import Axes
from matcube.partition.letters import uses_of


def attentions(graph: Graph) -> list[Attention]:
    """All attentions of a program, in its order."""
    result = (attention_of(graph, node) for node in graph.nodes)
    return [match for match in result if match is not None]


def tokens(graph: Graph, table: Axes) -> tuple[int, ...]:
    """Rows of the result."""
    root = graph.root
    return (table.of(root.id, len(root.shape) - 2).id,) if len(root.shape) >= 2 else ()


def batch(graph: Graph, table: Axes) -> tuple[int, ...]:
    """The first dimension of the result, if no cell depends on other places along it."""
    root = graph.root
    if len(root.shape) < 2:
        return ()
    axis = table.of(root.id, 0).id
    for node in graph.nodes:
        letters = {table.by_place[node.id, dim]: item for dim, item in enumerate(node.spec.output)}
        own = [table.by_place[node.id, dim] for dim in range(len(node.shape))]
        mixed = isinstance(node.kind, Map) and letters.get(axis) in node.kind.mixes
        summed = [
            table.by_place[node.inputs[position], dim]
            for letter in node.spec.summed
            for position, dim in node.spec.positions(letter)
        ]
        if own.count(axis) > 1 or mixed or axis in summed:
            return ()
    return (axis,) if _is_of_leaf(graph, table, axis) else ()


def heads(graph: Graph, table: Axes) -> tuple[int, ...]:
    """Batch letters of products below a softmax, the last of each."""
    result = []
    for node in graph.nodes:
        if not isinstance(node.kind, Map) or not node.kind.op.is_distribution:
            continue
        scores = below_maps(graph, node.inputs[0])
        if isinstance(scores.kind, Contraction) and scores.spec.batch:
            result.append(table.of(scores.id, scores.spec.output.index(scores.spec.batch[-1])).id)
    return tuple(dict.fromkeys(result))


def hidden(graph: Graph, table: Axes) -> tuple[int, ...]:
    """Summed axes between two layers: columns of a matrix of weights and rows of the next.

    A matrix belongs to one pair only, so of four layers in a row these are the first and the third axis.
    """
    result: list[int] = []
    own, paired = weights(graph), set[int]()
    for down in graph.nodes:
        if not isinstance(down.kind, Contraction) or down.inputs[-1] not in own or down.spec.batch:
            continue
        up = below_maps(graph, down.inputs[0])
        if not isinstance(up.kind, Contraction) or up.inputs[-1] not in own or len(down.spec.summed) != 1:
            continue
        pair = {up.inputs[-1], down.inputs[-1]}
        position, dim = down.spec.positions(down.spec.summed[0])[0]
        axis = table.of(down.inputs[position], dim).id
        columns = {table.of(up.inputs[-1], dim).id for dim in range(len(graph[up.inputs[-1]].shape))}
        if axis in columns and not pair & paired:
            result.append(axis)
            paired |= pair
    return tuple(dict.fromkeys(result))


def experts(graph: Graph, table: Axes) -> tuple[int, ...]:
    """Batch letters of products with weights: each expert has a matrix of its own."""
    result = []
    own = weights(graph)
    for node in graph.nodes:
        if isinstance(node.kind, Contraction) and node.spec.batch and node.inputs[-1] in own:
            result.append(table.of(node.id, node.spec.output.index(node.spec.batch[0])).id)
    return tuple(dict.fromkeys(result))


def weights(graph: Graph) -> set[int]:
    """Leaves that are right operands of products only."""
    uses = uses_of(graph)
    return {
        node.id
        for node in graph.nodes
        if isinstance(node.kind, Leaf)
        and uses[node.id]
        and all(isinstance(graph[user].kind, Contraction) and position for user, position in uses[node.id])
    }


def _is_of_leaf(graph: Graph, table: Axes, axis: int) -> bool:
    return any(isinstance(graph[node].kind, Leaf) for node, _ in table.all[axis].members)


Finder = Callable[[Graph, Axes], tuple[int, ...]]

# Names of roles, for programs in which exactly one axis has the role.
WORDS: dict[str, Finder] = {
    "tokens": tokens,
    "batch": batch,
    "heads": heads,
    "hidden": hidden,
    "experts": experts,
}
