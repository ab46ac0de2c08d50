"""Products that need not be formed under a causal mask, propagated through the graph."""

from __future__ import annotations

from matcube.ir import Graph, Map, Node
from matcube.ir.masks import masked_nodes
from matcube.timeline.dependencies import is_turned, roles
from matcube.wire import Limit

Offset = int | None


def limits(graph: Graph) -> dict[int, Limit]:
    """Limits of contractions under causal masks, by node.

    Scores are limited along j where ``tril`` hides all cells right of a diagonal. Products with probabilities
    that are exactly 0 there are limited along k.

    Args:
        graph: the program.
    """
    unread, zero = _unread(graph), _zero(graph)
    result: dict[int, Limit] = {}
    for node in graph.nodes:
        names = roles(node)
        if names is None or is_turned(node):
            continue
        last = unread[node.id]
        letters = [names[letter] for letter in node.spec.inputs[0]]
        if last is not None and len(node.shape) == 2:
            result[node.id] = Limit("i", "j", last)
        elif letters == ["i", "k"] and (bound := zero[node.inputs[0]]) is not None:
            result[node.id] = Limit("i", "k", bound)
    return result


def _unread(graph: Graph) -> dict[int, Offset]:
    """By node, the offset of the diagonal right of which no cell is read; None: none is known."""
    result: dict[int, Offset] = dict.fromkeys(range(len(graph.nodes)))
    for node in reversed(graph.nodes):
        users = [graph[use] for use in graph.uses(node.id)]
        if not users or node.id in graph.outputs or len(node.shape) != 2:
            continue
        each = [_read_by(user, node, result[user.id]) for user in users]
        offsets = [offset for offset in each if offset is not None]
        result[node.id] = max(offsets) if len(offsets) == len(each) else None
    return result


def _read_by(user: Node, node: Node, beyond: Offset) -> Offset:
    """The same for an operand with the letters of a map of which cells right of ``beyond`` are unread."""
    if not isinstance(user.kind, Map) or user.kind.mixes:
        return None
    mine = [
        letters for source, letters in zip(user.inputs, user.spec.inputs, strict=True) if source == node.id
    ]
    if any(letters != user.spec.output for letters in mine):
        return None
    return _least(user.kind.op.mask_diagonal, beyond)


def _zero(graph: Graph) -> dict[int, Offset]:
    """By node, the offset of the diagonal right of which every cell is exactly 0 for any operands."""
    masked: dict[int, Offset] = dict.fromkeys(range(len(graph.nodes)))
    zero, have_mask = dict(masked), masked_nodes(graph)
    for node in graph.nodes:
        if not isinstance(node.kind, Map):
            continue
        op, (first, *others) = node.kind.op, node.inputs
        if len(node.shape) != 2 or node.spec.inputs[0] != node.spec.output:
            continue
        if node.id in have_mask and not have_mask.intersection(others):
            masked[node.id] = _least(op.mask_diagonal, masked[first])
        if op.is_distribution:
            zero[node.id] = masked[node.id]
        elif op.keeps_zero:
            zero[node.id] = _least(op.mask_diagonal, zero[first])
    return zero


def _least(*offsets: Offset) -> Offset:
    return min((item for item in offsets if item is not None), default=None)
