"""Sharding of every node: the letter along which each group of devices computes it, and placements.

::

    letters that a group splits ──> one letter per node ──> placements of its operands and of its result

Splitting i or j of a product needs nothing more. Splitting k leaves a partial sum on every device; linear
maps pass it on. A softmax or norm along a split letter needs row reductions. Where both dimensions of a
matrix have the split axis, its rows are split.
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
    """Placement of a matrix on a group of devices: whole on each, split along ``dim``, or as summands."""

    how: Literal["replicate", "shard", "partial"] = "replicate"
    dim: int = -1


WHOLE, PARTIAL = Placed(), Placed("partial")
Placements = tuple[Placed, ...]  # one for each group


@dataclass(frozen=True)
class Step:
    """Sharding of one node.

    Args:
        node: its id.
        letters: for each group, the letter that its devices share; None: all compute the same.
        needs: placements of each operand.
        lies: placements of the result.
        reductions: for each group, the reductions along rows inside the node.
    """

    node: int
    letters: tuple[str | None, ...]
    needs: tuple[Placements, ...]
    lies: Placements
    reductions: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class _GroupStep:
    """The sharding of a node in one group."""

    letter: str | None = None
    needs: tuple[Placed, ...] = ()
    lies: Placed = WHOLE
    reductions: tuple[str, ...] = ()


def steps(graph: Graph, partition: Partition) -> tuple[Step, ...]:
    """Sharding of every node, in the order of the program."""
    columns = [_column(graph, group) for group in partition.groups]
    result = []
    for node in graph.nodes:
        row = [column[node.id] for column in columns]
        result.append(
            Step(
                node=node.id,
                letters=tuple(item.letter for item in row),
                needs=tuple(tuple(item.needs[n] for item in row) for n in range(len(node.inputs))),
                lies=tuple(item.lies for item in row),
                reductions=tuple(item.reductions for item in row),
            )
        )
    return tuple(result)


def returned(graph: Graph, partition: Partition, node: int, lies: Placements) -> Placements:
    """Placements in which an output is returned: in its blocks or whole, with partial sums added up.

    Args:
        graph: the program.
        partition: the blocks.
        node: id of the output.
        lies: its placements after the last step.
    """
    result = []
    for group, placed in zip(partition.groups, lies, strict=True):
        returned_dim = dict(group.returned).get(node)
        dims = split_dims(graph[node], group)
        if returned_dim is not None:
            result.append(Placed("shard", returned_dim))
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


def _column(graph: Graph, group: Group) -> list[_GroupStep]:
    result: list[_GroupStep] = []
    for node in graph.nodes:
        below = [result[operand].lies for operand in node.inputs]
        result.append(_GroupStep() if isinstance(node.kind, Leaf) else _group_step(graph, node, group, below))
    uses = uses_of(graph)
    for node in graph.nodes:
        if isinstance(node.kind, Leaf):
            needs = [result[user].needs[position] for user, position in uses[node.id]]
            result[node.id] = _GroupStep(lies=_leaf(node, group, needs, uses[node.id]))
    return result


def _group_step(graph: Graph, node: Node, group: Group, below: list[Placed]) -> _GroupStep:
    if below and all(item == PARTIAL for item in below) and _is_linear(node):
        return _GroupStep(needs=tuple(below), lies=PARTIAL)
    keys = split_letters(node, group)
    order = (*node.spec.output, *node.spec.summed)
    letters = sorted((letter for letter in order if letter in keys), key=lambda letter: keys[letter])
    for letter in letters:
        linked = together(graph, node, letter, group.blocks)
        out = [dim for dim, item in enumerate(node.spec.output) if item in linked]
        mixed = isinstance(node.kind, Map) and letter in node.kind.mixes
        if isinstance(node.kind, Contraction) and not out:
            return _GroupStep(letter, _needs(node, linked), PARTIAL)
        if out and not mixed:
            return _GroupStep(letter, _needs(node, linked), Placed("shard", out[0]))
    reductions = node.kind.op.row_reductions if isinstance(node.kind, Map) else ()
    if letters and reductions:
        placed = Placed("shard", node.spec.output.index(letters[0]))
        return _GroupStep(letters[0], _needs(node, frozenset(letters[:1])), placed, reductions)
    return _GroupStep(needs=(WHOLE,) * len(node.inputs))


def _is_linear(node: Node) -> bool:
    return isinstance(node.kind, Map | Reindex) and node.kind.op.is_linear


def _needs(node: Node, linked: frozenset[str]) -> tuple[Placed, ...]:
    """Each operand in blocks along the letter, or whole where it lacks it."""
    result = []
    for letters in node.spec.inputs:
        dims = [dim for dim, item in enumerate(letters) if item in linked]
        result.append(Placed("shard", dims[0]) if dims else WHOLE)
    return tuple(result)


def _leaf(node: Node, group: Group, needs: list[Placed], uses: list[tuple[int, int]]) -> Placed:
    """The placement of a leaf: the first that a use needs and that is one of its splits."""
    stored = dict(group.stored).get(node.id)
    if stored is not None:
        return Placed("shard", stored)
    dims = split_dims(node, group)
    used = [(user, position, dim) for user, position in uses for dim in range(len(node.shape))]
    dims += sorted(use[-1] for use in used if use in group.uses)
    splits = [Placed("shard", dim) for dim in dims]
    return next((item for item in needs if item in splits), splits[0] if splits else WHOLE)
