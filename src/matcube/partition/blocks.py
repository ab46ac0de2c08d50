"""Splits by name to the blocks of every matrix, use and product: the entry point of the package."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Literal

from matcube.errors import OptionError
from matcube.ir import Contraction, Graph, Node
from matcube.ir.axes import axes
from matcube.partition.letters import size_of
from matcube.partition.names import key_of
from matcube.partition.presets import PREFIX, preset_group
from matcube.partition.types import Group, Lengths, Partition, block_length

_Role = Literal["i", "j", "k"]
_ROLES: tuple[_Role, ...] = ("i", "j", "k")


def partition(graph: Graph, splits: Mapping[str, int]) -> Partition:
    """Split axes into blocks, in every matrix that has the axis.

    ``length = ceil(size / blocks)``; the last block holds the rest.

    Args:
        graph: the program.
        splits: number of blocks (1 to 64; 1 splits nothing) by the name of an axis (``x.rows``, ``tokens``),
            by one use (``attn.i``: i, j, k or another letter of that matrix), or by ``preset:NAME``. Each
            entry is one dimension of the mesh of devices.

    Returns:
        The blocks and their groups of devices.

    Raises:
        OptionError: an unknown name, a number out of range, or two splits of one dimension.

    Example:
        >>> from matcube.ir import Contraction, Hollow, IndexSpec, Leaf, Node
        >>> leaf = IndexSpec.parse("-> i j")
        >>> A = Node(0, Leaf(Hollow()), (), leaf, (2, 3), name="A")
        >>> B = Node(1, Leaf(Hollow()), (), leaf, (3, 4), name="B")
        >>> C = Node(2, Contraction(), (0, 1), IndexSpec.parse("i k, k j -> i j"), (2, 4), name="C")
        >>> result = partition(Graph((A, B, C), (2,)), {"B.cols": 2})
        >>> result.splits, result.lengths
        (((1, 1, 2), (2, 1, 2)), {2: (2, 2, 3)})
    """
    table = axes(graph)
    groups = []
    for name, blocks in splits.items():
        if name.startswith(PREFIX):
            group = preset_group(graph, table, name.removeprefix(PREFIX), blocks)
        else:
            key = key_of(graph, table, name, blocks)
            group = Group(key.name, blocks, (key,))
        groups += [group] if blocks > 1 else []
    return _with_blocks(graph, tuple(groups))


def _with_blocks(graph: Graph, groups: tuple[Group, ...]) -> Partition:
    _check_apart(graph, groups)
    places = {place: group.blocks for group in groups for place in group.places}
    uses = {use: group.blocks for group in groups for use in group.uses}
    result = Partition(
        groups=groups,
        splits=tuple((*place, blocks) for place, blocks in sorted(places.items())),
        use_splits=tuple(
            (*use, blocks)
            for use, blocks in sorted(uses.items())
            if places.get((graph[use[0]].inputs[use[1]], use[2])) != blocks
        ),
    )
    return replace(result, lengths=_lengths(graph, groups), summed=_summed(graph, groups))


def _check_apart(graph: Graph, groups: tuple[Group, ...]) -> None:
    """Refuse two splits of one dimension, over different groups of devices."""
    for number, group in enumerate(groups):
        for other in groups[:number]:
            for node in graph.nodes:
                mine, theirs = _all_letters(node, group), _all_letters(node, other)
                both = [letter for letter in mine if letter in theirs]
                if both:
                    both_names = f"{other.name} and {group.name} both split"
                    if other.name == group.name:
                        both_names = f"{group.name} is given twice, under two names: it splits"
                    raise OptionError(f"{both_names} {both[0]} of {node.label}", hint="leave one of them out")


def _all_letters(node: Node, group: Group) -> list[str]:
    """Letters of a node that a group splits, at least in memory."""
    stored = [node.spec.output[dim] for item, dim in (*group.stored, *group.returned) if item == node.id]
    return [*split_letters(node, group), *stored]


def split_letters(node: Node, group: Group) -> dict[str, int]:
    """Letters of a node that a group splits, each with the index of its first key."""
    result: dict[str, int] = {}
    for dim, letter in enumerate(node.spec.output):
        if (node.id, dim) in group.places:
            _note_key(result, letter, group.places[node.id, dim])
    for position, (operand, letters) in enumerate(zip(node.inputs, node.spec.inputs, strict=True)):
        for dim, letter in enumerate(letters):
            if (operand, dim) in group.places:
                _note_key(result, letter, group.places[operand, dim])
            if (node.id, position, dim) in group.uses:
                _note_key(result, letter, group.uses[node.id, position, dim])
    return result


def _note_key(keys: dict[str, int], letter: str, key: int) -> None:
    keys[letter] = min(key, keys.get(letter, key))


def _blocks_of(groups: Iterable[Group], node: Node, letter: str) -> int:
    """Number of blocks of a letter of a node; 1 where it is not split."""
    counts = (group.blocks for group in groups if letter in split_letters(node, group))
    return next(counts, 1)


def _lengths(graph: Graph, groups: tuple[Group, ...]) -> dict[int, Lengths]:
    out: dict[int, Lengths] = {}
    for node in graph.nodes:
        if not isinstance(node.kind, Contraction):
            continue
        letters = [_letter_of(node, role) for role in _ROLES]
        sizes = [1 if letter is None else size_of(graph, node, letter) for letter in letters]
        blocks = [1 if letter is None else _blocks_of(groups, node, letter) for letter in letters]
        if any(count > 1 for count in blocks):
            i, j, k = (block_length(size, count) for size, count in zip(sizes, blocks, strict=True))
            out[node.id] = (i, j, k)
    return out


def _letter_of(node: Node, role: _Role) -> str | None:
    """The letter of a product that is i (from the first operand), j (from the second) or k (summed)."""
    first, second = node.spec.inputs[0], node.spec.inputs[-1]
    if role == "k":
        letters = node.spec.summed
    else:
        own, other = (first, second) if role == "i" else (second, first)
        letters = tuple(letter for letter in own if letter in node.spec.output and letter not in other)
    return letters[-1] if letters else None


def _summed(graph: Graph, groups: tuple[Group, ...]) -> tuple[int, ...]:
    return tuple(
        node.id
        for node in graph.nodes
        if isinstance(node.kind, Contraction)
        and any(_blocks_of(groups, node, letter) > 1 for letter in node.spec.summed)
    )
