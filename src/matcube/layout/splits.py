"""Blocks of a drawn dimension: their number and the gap between them."""

from __future__ import annotations

from dataclasses import dataclass, field

from matcube.errors import OptionError
from matcube.ir import Graph
from matcube.layout.operands import Operand, Show, permutation
from matcube.layout.types import LayoutOptions
from matcube.wire import Split


@dataclass(frozen=True)
class Spread:
    """Blocks as far apart as the heads of a deck.

    Args:
        deck: by the node that joins its heads.
        length: cells of a block, those of one head.
        every: heads from one block to the next; more than 1 where heads share a block.
    """

    deck: int
    length: int
    every: int = 1


Amount = int | Spread
Blocks = tuple[Amount, Amount]


def split_of(size: int, blocks: int, gap: float) -> Split | None:
    """``size`` cells in blocks of ``ceil(size / blocks)``; None: one block.

    Blocks are half the gap of the figure apart, but no more than a third of their length.

    Args:
        size: cells.
        blocks: number of blocks requested; there may be fewer.
        gap: cells from a face to its box.

    Example:
        >>> split_of(10, 4, gap=5)
        Split(length=3, gap=1)
    """
    length = -(-size // max(1, blocks))
    if length >= size:
        return None
    return Split(length, max(1, min(int(gap / 2 + 0.5), length // 3)))


@dataclass
class Spacing:
    """Positions of the blocks of split letters.

    Args:
        gap: of the figure.
        pitches: by deck, cells from one head to the next.
    """

    gap: float
    pitches: dict[int, int] = field(default_factory=dict)

    def split(self, size: int, amount: Amount) -> Split | None:
        """Blocks of a letter of ``size`` cells; None: one block."""
        if isinstance(amount, int):
            return split_of(size, amount, self.gap)
        if amount.length >= size:
            return None
        pitch = self.pitches.get(amount.deck, amount.length)
        return Split(amount.length, max(0, amount.every * pitch - amount.length))


class RequestedBlocks:
    """Numbers of blocks from the options, by node and by use."""

    def __init__(self, graph: Graph, options: LayoutOptions) -> None:
        self.graph = graph
        self.own = {(node, dim): blocks for node, dim, blocks in options.splits}
        self.uses = {(user, at, dim): blocks for user, at, dim, blocks in options.use_splits}
        for blocks in (*self.own.values(), *self.uses.values()):
            if blocks < 1:
                raise OptionError(f"an axis cannot be split into {blocks} blocks", hint="1 is whole")

    def of_node(self, node: int, show: Show) -> Blocks:
        """Blocks of the displayed rows and columns of a root."""
        row, col = (1 if dim is None else self.own.get((node, dim), 1) for dim in (show.row, show.col))
        return row, col

    def of_use(self, user: int, position: int, operand: Operand, show: Show) -> Blocks:
        """Blocks of the displayed rows and columns of an operand.

        Args:
            user: the node that uses it.
            position: of the operand.
            operand: below transposes.
            show: how the node below transposes is shown.
        """
        row, col = (
            1 if dim is None else self._along(user, position, operand.dims.index(dim))
            for dim in (show.row, show.col)
        )
        return row, col

    def _along(self, user: int, position: int, dim: int) -> int:
        """The first number given on the way down through transposes: for the use, then for the node."""
        while True:
            node = self.graph[user].inputs[position]
            blocks = self.uses.get((user, position, dim), self.own.get((node, dim)))
            step = permutation(self.graph, self.graph[node])
            if blocks is not None or step is None:
                return 1 if blocks is None else blocks
            user, position, dim = node, 0, step[dim]
