"""Blocks to devices: by which letter each node is computed in blocks, and how its result then lies.

::

    letters that a group splits ──> one letter per node ──> what it needs of its operands, how it lies

Splitting i or j of a product needs nothing more. Splitting k leaves a partial sum on every device; linear
maps pass it on. A softmax or norm along a split letter asks for row reductions. Where both sides of one
matrix carry the split axis its rows keep their blocks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from matcube.ir import Contraction, Graph, Leaf, Map, Node, Reindex
from matcube.partition.blocks import split_letters
from matcube.partition.letters import together, uses_of
from matcube.partition.types import Group, Partition


@dataclass(frozen=True)
class Placed:
    """How a matrix lies on the devices of a group: whole on each, in blocks, or as the sum of all theirs."""

    how: Literal["replicate", "shard", "partial"] = "replicate"
    dim: int = -1


WHOLE, PARTIAL = Placed(), Placed("partial")
Lie = tuple[Placed, ...]  # one for each group


@dataclass(frozen=True)
class Step:
    """One node on the devices.

    Args:
        node: its id.
        letters: the letter that each group computes in blocks; None: every device of it does the same.
        needs: by operand, how it must lie.
        lies: how the result lies.
        reductions: for each group what is reduced along rows inside the node.
    """

    node: int
    letters: tuple[str | None, ...]
    needs: tuple[Lie, ...]
    lies: Lie
    reductions: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class _Part:
    """A step in one group."""

    letter: str | None = None
    needs: tuple[Placed, ...] = ()
    lies: Placed = WHOLE
    reductions: tuple[str, ...] = ()


def steps(graph: Graph, partition: Partition) -> tuple[Step, ...]:
    """How every node is computed, and how what it takes and gives lies."""
    columns = [_column(graph, group) for group in partition.groups]
    result = []
    for node in graph.nodes:
        parts = [column[node.id] for column in columns]
        result.append(
            Step(
                node=node.id,
                letters=tuple(part.letter for part in parts),
                needs=tuple(tuple(part.needs[n] for part in parts) for n in range(len(node.inputs))),
                lies=tuple(part.lies for part in parts),
                reductions=tuple(part.reductions for part in parts),
            )
        )
    return tuple(result)


def returned(graph: Graph, partition: Partition, node: int, lies: Lie) -> Lie:
    """How an output has to lie in the end: in its blocks, or whole; no sum is left open.

    Args:
        graph: the program.
        partition: the blocks.
        node: id of the output.
        lies: its placement after the last step.
    """
    result = []
    for group, placed in zip(partition.groups, lies, strict=True):
        wanted = dict(group.returned).get(node)
        dims = split_dims(graph[node], group)
        if wanted is not None:
            result.append(Placed("shard", wanted))
        elif placed == PARTIAL:
            result.append(Placed("shard", dims[0]) if dims else WHOLE)
        else:
            result.append(placed)
    return tuple(result)


def split_dims(node: Node, group: Group) -> list[int]:
    """Dimensions of a node that a group splits, those of its first key first."""
    letters = split_letters(node, group)
    result = [(letters[item], dim) for dim, item in enumerate(node.spec.output) if item in letters]
    return [dim for _, dim in sorted(result)]


def _column(graph: Graph, group: Group) -> list[_Part]:
    parts: list[_Part] = []
    for node in graph.nodes:
        below = [parts[operand].lies for operand in node.inputs]
        parts.append(_Part() if isinstance(node.kind, Leaf) else _part(graph, node, group, below))
    takers = uses_of(graph)
    for node in graph.nodes:
        if isinstance(node.kind, Leaf):
            asked = [parts[user].needs[position] for user, position in takers[node.id]]
            parts[node.id] = _Part(lies=_leaf(node, group, asked, takers[node.id]))
    return parts


def _part(graph: Graph, node: Node, group: Group, below: list[Placed]) -> _Part:
    if below and all(item == PARTIAL for item in below) and _is_linear(node):
        return _Part(needs=tuple(below), lies=PARTIAL)
    wanted = split_letters(node, group)
    order = (*node.spec.output, *node.spec.summed)
    letters = sorted((one for one in order if one in wanted), key=lambda one: wanted[one])
    for letter in letters:
        linked = together(graph, node, letter, group.blocks)
        out = [dim for dim, one in enumerate(node.spec.output) if one in linked]
        mixed = isinstance(node.kind, Map) and letter in node.kind.mixes
        if isinstance(node.kind, Contraction) and not out:
            return _Part(letter, _needs(node, linked), PARTIAL)
        if out and not mixed:
            return _Part(letter, _needs(node, linked), Placed("shard", out[0]))
    reductions = node.kind.op.row_reductions if isinstance(node.kind, Map) else ()
    if letters and reductions:
        placed = Placed("shard", node.spec.output.index(letters[0]))
        return _Part(letters[0], _needs(node, frozenset(letters[:1])), placed, reductions)
    return _Part(needs=(WHOLE,) * len(node.inputs))


def _is_linear(node: Node) -> bool:
    return isinstance(node.kind, Map | Reindex) and node.kind.op.is_linear


def _needs(node: Node, linked: frozenset[str]) -> tuple[Placed, ...]:
    """Each operand in blocks along the letter, or whole where it does not have it."""
    result = []
    for letters in node.spec.inputs:
        dims = [dim for dim, item in enumerate(letters) if item in linked]
        result.append(Placed("shard", dims[0]) if dims else WHOLE)
    return tuple(result)


def _leaf(node: Node, group: Group, asked: list[Placed], takers: list[tuple[int, int]]) -> Placed:
    """A leaf lies as its first use wants it, as far as it is split at all."""
    stored = dict(group.stored).get(node.id)
    if stored is not None:
        return Placed("shard", stored)
    dims = split_dims(node, group)
    used = [(user, position, dim) for user, position in takers for dim in range(len(node.shape))]
    dims += sorted(one[-1] for one in used if one in group.uses)
    wanted = [Placed("shard", dim) for dim in dims]
    return next((item for item in asked if item in wanted), wanted[0] if wanted else WHOLE)
