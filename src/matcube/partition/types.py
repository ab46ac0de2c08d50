"""Partition of a graph: groups of devices, the keys that they split, the blocks that result."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from math import prod

from matcube.ir.axes import Place

Use = tuple[int, int, int]  # user node, operand position, dimension of that operand
MAX_BLOCKS = 64


@dataclass(frozen=True)
class Spread:
    """Extent of one split.

    Args:
        places: (node, dimension), split for every use.
        uses: (user, operand position, dimension of the operand), split for this use only.
    """

    places: frozenset[Place]
    uses: frozenset[Use] = frozenset()


@dataclass(frozen=True)
class Key:
    """One split by name.

    Args:
        name: an axis (``x.rows``) or one use of it (``attn.i``).
        size: places along it.
        spread: its extent.
    """

    name: str
    size: int
    spread: Spread


@dataclass(frozen=True)
class Group:
    """Devices along one dimension of the mesh; each has one block of the dimensions that the group splits.

    Args:
        name: of the key or the preset.
        blocks: number of devices.
        keys: splits over the devices. Where two meet in a product, the operand of the second is gathered.
        ring: whether operands of products are passed on in blocks instead of gathered.
        stored: (leaf, dimension), split in memory only.
        returned: (output, dimension), split when the output is returned.
    """

    name: str
    blocks: int
    keys: tuple[Key, ...]
    ring: bool = False
    stored: tuple[Place, ...] = ()
    returned: tuple[Place, ...] = ()

    @cached_property
    def places(self) -> dict[Place, int]:
        """Every dimension that is split for all uses, with the index of its first key."""
        result = ((place, number) for number, key in enumerate(self.keys) for place in key.spread.places)
        return dict(sorted(result, key=lambda pair: -pair[1]))

    @cached_property
    def uses(self) -> dict[Use, int]:
        """Every dimension that is split for one use, with the index of its first key."""
        result = ((use, number) for number, key in enumerate(self.keys) for use in key.spread.uses)
        return dict(sorted(result, key=lambda pair: -pair[1]))


Lengths = tuple[int, int, int]


@dataclass(frozen=True)
class Partition:
    """The blocks of a graph.

    Args:
        groups: the mesh of devices, one group for each dimension.
        splits: (node, dimension, blocks), as in ``LayoutOptions.splits``.
        use_splits: (user, operand position, dimension, blocks), as in ``LayoutOptions.use_splits``.
        lengths: block lengths along i, j and k, by contraction that is split.
        summed: contractions whose summed letter is split; their result is a sum of partial results.
    """

    groups: tuple[Group, ...] = ()
    splits: tuple[tuple[int, int, int], ...] = ()
    use_splits: tuple[tuple[int, int, int, int], ...] = ()
    lengths: dict[int, Lengths] = field(default_factory=dict)
    summed: tuple[int, ...] = ()

    @property
    def devices(self) -> int:
        """Number of devices: the product of the groups' blocks."""
        return prod(group.blocks for group in self.groups)


def block_length(size: int, blocks: int) -> int:
    """Cells of a block, the last of which may be shorter or empty: ``ceil(size / blocks)``.

    Example:
        >>> block_length(10, 4), block_length(9, 6)
        (3, 2)
    """
    return max(1, -(-size // blocks))


def block(size: int, blocks: int, number: int) -> slice:
    """Cells of one block.

    Args:
        size: cells along the dimension.
        blocks: number of blocks.
        number: index of the block, from 0.

    Example:
        >>> block(10, 4, 3), block(9, 6, 5)
        (slice(9, 10, None), slice(9, 9, None))
    """
    length = block_length(size, blocks)
    return slice(min(size, number * length), min(size, (number + 1) * length))


def in_blocks(size: int, blocks: int) -> str:
    """How many blocks of which length.

    Args:
        size: cells along the dimension.
        blocks: number of blocks.

    Example:
        >>> in_blocks(10, 4), in_blocks(12, 8)
        ('3 of 3, one of 1', '6 of 2, 2 empty')
    """
    length = block_length(size, blocks)
    whole, rest = divmod(size, length)
    empty = blocks - whole - bool(rest)
    parts = (f"{whole} of {length}", f"one of {rest}" if rest else "", f"{empty} empty" if empty else "")
    return ", ".join(part for part in parts if part)
