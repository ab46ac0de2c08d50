"""Decks in a plan: branches that begin heads or sections, and their counterparts in head 0."""

from __future__ import annotations

from matcube.ir import Graph
from matcube.layout.decks.sections import NoDeckError, joined, section_of
from matcube.layout.operands import Operand, Show, operand_show
from matcube.layout.ownership import Ownership, ownership
from matcube.layout.splits import Amount, Blocks, Spread
from matcube.layout.tree import Branch, Pending


class Heads:
    """Planning of decks, the base of the planner.

    Args:
        graph: of vectors and matrices; its ``copies`` name nodes that are heads of the same node.
        without: decks that are laid out head by head.
    """

    def __init__(self, graph: Graph, without: frozenset[int]) -> None:
        self.graph = graph
        self.without = without
        self.own: Ownership = ownership(graph)
        self.branches: list[Branch] = []
        self.root_heads: dict[int, list[int]] = {}

    def join_deck(self, branch: Branch, above: Branch | None, pending: Pending) -> None:
        """Set the decks, the place and the counterpart of a new branch.

        Args:
            branch: the new branch.
            above: its parent.
            pending: its description.
        """
        if pending.deck is not None:
            branch.decks = (*(() if above is None else above.decks), pending.deck)
            branch.place = pending.place
            heads = self.root_heads.setdefault(pending.deck, []) if above is None else above.heads
            if above is None:
                heads.append(branch.id)
            first = heads[0] if above is None or above.model < 0 else self.branches[above.model].heads[0]
            branch.model = -1 if first == branch.id else first
        elif pending.where == "whole":
            branch.place = pending.place
        elif above is not None:
            branch.decks, branch.place = above.decks, above.place
            if above.model >= 0:
                branch.model = self._counterpart(branch, self.branches[above.model])
        if pending.where == "whole" and above is not None and above.model >= 0:
            raise NoDeckError(above.decks[-1])
        self._check_section(branch)

    def _counterpart(self, branch: Branch, above: Branch) -> int:
        """The child of ``above``, a branch of head 0, that corresponds to a branch of another head."""
        if branch.where == "behind":
            of = self.graph.copies[branch.face.node].of
            result = [
                item for item in above.behind if self.graph.copies[self.branches[item].face.node].of == of
            ]
        else:
            result = [above.left if branch.where == "left" else above.right]
        model = next(iter(result), -1)
        if model < 0 or (self.branches[model].face.rows, self.branches[model].face.cols) != (
            branch.face.rows,
            branch.face.cols,
        ):
            raise NoDeckError(branch.decks[-1])
        return model

    def _check_section(self, branch: Branch) -> None:
        """Refuse the deck if head 0 is a section of a whole and another head is not that at its place."""
        first = None if branch.model < 0 else self.branches[branch.model]
        if first is None or first.whole < 0:
            return
        own, zero = (section_of(self.graph, self.graph[item.face.node]) for item in (branch, first))
        spread = next(block for block in self.branches[first.whole].face.blocks if isinstance(block, Spread))
        if (
            own is None
            or zero is None
            or own.whole != zero.whole
            or own.place != zero.place + branch.place // spread.every
        ):
            raise NoDeckError(branch.decks[-1])

    def root_deck(self, root: int) -> tuple[int | None, int]:
        """The deck of roots that are heads of one node, and the number of the head."""
        copy = self.graph.copies.get(root)
        if copy is None or copy.count < 2 or -1 - copy.of in self.without:
            return None, 0
        count = sum(self.graph.copies[item].of == copy.of for item in self.own.roots)
        return (-1 - copy.of, copy.index) if count == copy.count else (None, 0)

    def _deck_of(self, node: int, draws: bool) -> tuple[int, int] | None:
        """The deck at the end of a node's chain, and the dimension along which it joins the heads."""
        end = self.own.chain(node)[-1]
        dim = joined(self.graph, self.graph[end])
        if (
            dim is None
            or not draws
            or end in self.without
            or self.own.reach(node) < len(self.own.chain(node))
        ):
            return None
        owned = all(self.own.owns(end, at) for at in range(len(self.own.operands[end])))
        return (end, dim) if owned else None

    def spread(self, node: int, show: Show, blocks: Blocks, draws: bool = True) -> Blocks:
        """Blocks of a face; those of a deck where the face joins heads.

        Args:
            node: on the face.
            show: how it is shown.
            blocks: without decks.
            draws: whether the face draws the node's operands.
        """
        deck = self._deck_of(node, draws)
        if deck is None:
            return blocks
        chain = self.own.chain(node)
        for link in chain[:-1]:
            main = self.own.main[link]
            assert main is not None
            show = self._operand_show(link, main, show)
        end, dim = deck
        shape = self.graph[self.graph[end].inputs[0]].shape
        length = shape[dim] if dim < len(shape) else 1  # a vector is one row of what joins it
        return (Spread(end, length), blocks[1]) if show.row == dim else (blocks[0], Spread(end, length))

    def head(self, branch: Branch, node: int, position: int, shown: Show) -> Pending | None:
        """The branch of a head, if the face joins heads.

        Args:
            branch: with the face.
            node: that joins the heads.
            position: of the head among its operands.
            shown: how the head is shown.
        """
        if self._deck_of(branch.face.node, branch.owner) is None or node != branch.chain[-1]:
            return None
        if not any(isinstance(block, Spread) and block.deck == node for block in branch.face.blocks):
            return None
        rows, cols = (
            1 if isinstance(item, Spread) and item.deck == node else item for item in branch.face.blocks
        )
        operand = self.own.operands[node][position].node
        blocks = self.spread(operand, shown, (rows, cols))
        return Pending(operand, shown, "head", branch.id, True, blocks, node, position)

    def whole(self, branch: Branch, node: int, shown: Show) -> Pending | None:
        """The branch of the whole matrix, if a head begins with a section.

        Args:
            branch: of the section.
            node: the section.
            shown: how the whole is shown.
        """
        section = section_of(self.graph, self.graph[node])
        if section is None or not branch.decks or branch.chain != (node,):
            return None
        deck, operand = branch.decks[-1], self.own.operands[node][0]
        if self._deck_of(operand.node, True) is not None:
            return None
        heads = self.graph[deck].inputs if deck >= 0 else self.own.roots
        count = (
            len(heads)
            if deck >= 0
            else self.graph.copies[self.branches[self.root_heads[deck][0]].face.node].count
        )
        blocks = self.graph[section.whole].shape[section.dim] // section.length
        spread = Spread(deck, section.length, max(1, count // blocks))
        along_rows = shown.row == operand.dims[section.dim]
        rows, cols = branch.face.blocks
        own = (spread, cols) if along_rows else (rows, spread)
        return Pending(operand.node, shown, "whole", branch.id, True, own, place=section.place)

    def _operand_show(self, node: int, position: int, show: Show) -> Show:
        operand: Operand = self.own.operands[node][position]
        return operand_show(self.graph[node], operand, position, show, len(operand.dims))

    def head_counts(self) -> dict[int, int]:
        """Number of heads by deck."""
        result = {
            self.branches[branch.heads[0]].decks[-1]: len(branch.heads)
            for branch in self.branches
            if branch.heads
        }
        return result | {deck: len(heads) for deck, heads in self.root_heads.items()}


def joint_blocks(left: Amount, right: Amount) -> Amount:
    """Blocks of a letter of two operands: those of a deck, else the larger number."""
    spreads = [item for item in (left, right) if isinstance(item, Spread)]
    if len(spreads) == 2 and spreads[0] != spreads[1]:
        raise NoDeckError(spreads[1].deck)
    return spreads[0] if spreads else max(item for item in (left, right) if isinstance(item, int))
