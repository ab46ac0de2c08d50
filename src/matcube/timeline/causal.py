"""Which products a causal mask leaves out, followed along the graph: nobody reads what they would make."""

from __future__ import annotations

from matcube.ir import Contraction, Graph, Map, Node
from matcube.ops.elementwise import Over, Plus, Times
from matcube.ops.rows import Softmax, Tril
from matcube.ops.scalars import Divide, Scale, Shift
from matcube.timeline.needs import is_turned, roles
from matcube.wire import Limit

Offset = int | None


def limits(graph: Graph) -> dict[int, Limit]:
    """By contraction, the products that need not be formed under causal masks.

    Scores whose cells right of a diagonal are read by nobody, for ``tril`` hides them, are limited along j.
    Products with probabilities that are exactly 0 there are limited along k.

    Args:
        graph: the program.
    """
    unread, zero = _unread(graph), _zero(graph)
    found: dict[int, Limit] = {}
    for node in graph.nodes:
        names = roles(node)
        if names is None or is_turned(node):
            continue
        last = unread[node.id]
        letters = [names[letter] for letter in node.spec.inputs[0]]
        if last is not None and len(node.shape) == 2:
            found[node.id] = Limit("i", "j", last)
        elif letters == ["i", "k"] and (bound := zero[node.inputs[0]]) is not None:
            found[node.id] = Limit("i", "k", bound)
    return found


def _unread(graph: Graph) -> dict[int, Offset]:
    """By node, the offset of the diagonal right of which nobody reads a cell; None: cells everywhere are."""
    found: dict[int, Offset] = dict.fromkeys(range(len(graph.nodes)))
    for node in reversed(graph.nodes):
        users = [graph[one] for one in graph.uses(node.id)]
        if not users or node.id in graph.outputs or len(node.shape) != 2:
            continue
        each = [_read_by(user, node, found[user.id]) for user in users]
        known = [one for one in each if one is not None]
        found[node.id] = max(known) if len(known) == len(each) else None
    return found


def _read_by(user: Node, node: Node, beyond: Offset) -> Offset:
    """What a map leaves unread of an operand that has its own letters, ``beyond`` of itself being unread."""
    if not isinstance(user.kind, Map) or user.kind.mixes:
        return None
    mine = [letters for one, letters in zip(user.inputs, user.spec.inputs, strict=True) if one == node.id]
    if any(letters != user.spec.output for letters in mine):
        return None
    own = user.kind.op.offset if isinstance(user.kind.op, Tril) else None
    known = [one for one in (own, beyond) if one is not None]
    return min(known) if known else None


def _zero(graph: Graph) -> dict[int, Offset]:
    """By node, the offset of the diagonal right of which every cell is exactly 0, whatever the operands."""
    masked: dict[int, Offset] = dict.fromkeys(range(len(graph.nodes)))
    zero = dict(masked)
    for node in graph.nodes:
        if isinstance(node.kind, Contraction) or not isinstance(node.kind, Map) or len(node.shape) != 2:
            continue
        op, first = node.kind.op, node.inputs[0]
        if isinstance(op, Tril):
            zero[node.id] = _least(op.offset, zero[first])
            masked[node.id] = _least(op.offset, masked[first])
        elif isinstance(op, Softmax):
            zero[node.id] = masked[node.id] = masked[first]
        elif isinstance(op, Scale | Divide | Shift):
            masked[node.id] = masked[first]
            zero[node.id] = None if isinstance(op, Shift) or not op.by else zero[first]
        elif isinstance(op, Plus | Times | Over):
            others = [masked[one] for one in node.inputs[1:]]
            masked[node.id] = masked[first] if others == [None] else None
    return zero


def _least(one: int, other: Offset) -> int:
    return one if other is None else min(one, other)
