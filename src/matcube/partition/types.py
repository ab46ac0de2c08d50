"""Groups of devices, the keys that they split, and the blocks that follow."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from matcube.ir.axes import Place

Use = tuple[int, int, int]  # user node, operand position, dimension of that operand
MAX_BLOCKS = 64


@dataclass(frozen=True)
class Spread:
    """Where one split reaches.

    Args:
        places: pairs (node, dimension) that are split for every use.
        uses: (user, operand position, dimension of the operand) that are split for that use only.
    """

    places: frozenset[Place]
    uses: frozenset[Use] = frozenset()


@dataclass(frozen=True)
class Key:
    """One split by name.

    Args:
        name: an axis (``x.rows``) or one use of it (``attn.i``).
        size: places along it.
        spread: where it reaches.
    """

    name: str
    size: int
    spread: Spread


@dataclass(frozen=True)
class Group:
    """Devices side by side, one dimension of the mesh; each has one block of what the group splits.

    Args:
        name: what a reader calls it: the key, or the preset.
        blocks: how many devices.
        keys: what is split over them. Where two meet in one product the first keeps its blocks and the other
            one's operand is gathered.
        ring: operands of products are sent round in blocks instead of being gathered.
        stored: pairs (leaf, dimension): blocks in which a leaf lies in memory only.
        returned: pairs (output, dimension): blocks in which an output is wanted.
    """

    name: str
    blocks: int
    keys: tuple[Key, ...]
    ring: bool = False
    stored: tuple[Place, ...] = ()
    returned: tuple[Place, ...] = ()

    @cached_property
    def places(self) -> dict[Place, int]:
        """Every dimension that is split, with the number of the first key that splits it."""
        result = ((place, number) for number, key in enumerate(self.keys) for place in key.spread.places)
        return dict(sorted(result, key=lambda one: -one[1]))

    @cached_property
    def uses(self) -> dict[Use, int]:
        """Every use that is split apart, with the number of the first key that splits it."""
        result = ((use, number) for number, key in enumerate(self.keys) for use in key.spread.uses)
        return dict(sorted(result, key=lambda one: -one[1]))


Lengths = tuple[int, int, int]


@dataclass(frozen=True)
class Partition:
    """The blocks of a graph.

    Args:
        groups: the mesh of devices, one group for each dimension.
        splits: (node, dimension, blocks), as ``layout.LayoutOptions.splits`` wants them.
        use_splits: (user, operand position, dimension, blocks), as ``LayoutOptions.use_splits`` wants them.
        lengths: block lengths along i, j and k by contraction, for those that are split at all.
        summed: contractions whose summed letter is split: their result is a sum of partial results.
    """

    groups: tuple[Group, ...] = ()
    splits: tuple[tuple[int, int, int], ...] = ()
    use_splits: tuple[tuple[int, int, int, int], ...] = ()
    lengths: dict[int, Lengths] = field(default_factory=dict)
    summed: tuple[int, ...] = ()

    @property
    def devices(self) -> int:
        """How many devices there are: the product of the groups' blocks."""
        count = 1
        for group in self.groups:
            count *= group.blocks
        return count


def block_length(size: int, blocks: int) -> int:
    """Cells of a block, the last of which may be shorter or empty: ``ceil(size / blocks)``.

    Example:
        >>> block_length(10, 4), block_length(9, 6)
        (3, 2)
    """
    return max(1, -(-size // blocks))


def block(size: int, blocks: int, number: int) -> slice:
    """The cells of one block.

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
